"""Units of the administration: places with lineage, agencies, their posts and teams."""
