"""Places with lineage, agencies, posts and teams."""
