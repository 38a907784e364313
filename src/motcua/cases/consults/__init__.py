"""Questions that a case puts to other agencies while it waits, and who else may read it."""
