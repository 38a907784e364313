"""Sources of facts: declaration, loading, questions for a purpose, access log."""
