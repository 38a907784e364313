"""The room of a hall, for every test of this folder."""

from hall_room import room

__all__ = ["room"]
