"""The garden with a team; see tests/support."""

from garden import citizen, members, procedure
from garden_team import asking, consent, drawn, key, late, member

__all__ = ["asking", "citizen", "consent", "drawn", "key", "late", "member", "members", "procedure"]
