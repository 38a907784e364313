"""The small service of tests/support/garden.py; its members get their key at once, so that the case has ended."""

from garden import citizen, file, members, procedure

__all__ = ["citizen", "file", "members", "procedure"]
