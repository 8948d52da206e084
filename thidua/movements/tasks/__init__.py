"""Tasks: accepted or declined, followed with evidence, extended, confirmed, chased."""
