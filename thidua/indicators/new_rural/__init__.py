"""New rural development: sets of criteria, what each place met, who was recognised, place classes."""
