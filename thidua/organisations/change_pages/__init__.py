"""Pages on which administrators change units: choose what, fill in, preview, carry out, undo."""
