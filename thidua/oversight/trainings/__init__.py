"""Training classes with attendance, and guidance documents."""
