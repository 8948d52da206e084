"""Stories of good examples: written, agreed to, reviewed, published, copied elsewhere, taken down."""
