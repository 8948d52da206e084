"""Pages of awards: rounds, suggestions, candidates."""
