"""Sponsored and twinned places: who stands by whom, the programme of support, the place's own figures."""
