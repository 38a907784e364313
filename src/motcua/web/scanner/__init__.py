"""Pages of the scanner."""
