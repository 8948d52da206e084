"""Templates of papers: those that come with the program, and those that a body writes itself."""
