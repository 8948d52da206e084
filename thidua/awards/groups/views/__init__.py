"""Pages of group scoring."""
