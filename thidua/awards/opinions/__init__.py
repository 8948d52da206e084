"""Lists of candidates made public, and what people say about them until the council sits."""
