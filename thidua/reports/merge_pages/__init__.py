"""Pages of the merged report: putting it together, piece by piece, and its paper."""
