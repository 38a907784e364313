"""Pages of a person's papers: kept, uploaded, shared, and opened by whoever holds a link."""
