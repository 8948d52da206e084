"""How the program runs: its health, its figures for a monitor, and the jobs that failed."""
