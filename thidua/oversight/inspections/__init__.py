"""Inspections: who is looked at and why, what was found, what must be put right."""
