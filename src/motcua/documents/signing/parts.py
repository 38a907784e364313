"""Whose signatures a paper has, and in which order; the tables of results know no more of signing than this."""

from enum import StrEnum


class Part(StrEnum):
    """Whose signature a field is for, in the order of signing; the value is the field's name in the file."""

    SPECIALIST = "ChuyenVien"
    LEADER = "LanhDao"
    AGENCY = "CoQuan"


ORDER = (Part.SPECIALIST, Part.LEADER, Part.AGENCY)
