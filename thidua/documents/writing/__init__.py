"""Official papers going out: one description (`paper`), two faces of it (Word, PDF)."""
