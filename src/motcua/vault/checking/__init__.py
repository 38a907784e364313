"""Checking a paper that comes in: what it is by its content, what it may hold, and what of it is kept."""
