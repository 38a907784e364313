"""The small town of tests/support/town.py."""

from town import town

__all__ = ["town"]
