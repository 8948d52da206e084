"""Difficulties that units meet: raised, passed on, answered, published."""
