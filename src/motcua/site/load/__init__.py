"""``motcua load``: traffic of a chosen shape against a running site, and what came of it."""
