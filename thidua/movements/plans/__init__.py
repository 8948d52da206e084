"""Plans: from a read document, or from a higher plan, to a version in force with its tasks and dates."""
