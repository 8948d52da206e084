"""The public portal: what bodies have published, for everybody, without signing in."""
