"""Pages for officers: what of their body is public, and the switch."""
