"""Movements and the plans of all levels in them: links, coverage of the higher plan, page of a movement."""
