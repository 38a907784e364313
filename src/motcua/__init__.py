"""Một cửa: the platform on which a city runs its public services; docs/architecture.md is the way in."""
