"""Pages of councils, their meetings and the vote."""
