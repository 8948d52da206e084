"""The dates of movements: one timeline, and a calendar feed for each person."""
