"""Pages of the operations."""
