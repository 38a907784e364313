"""Pages of the ui."""
