"""Surfaces: every page and every door for machines."""
