"""The small service of tests/support/garden.py."""

from garden import citizen, file, members, procedure

__all__ = ["citizen", "file", "members", "procedure"]
