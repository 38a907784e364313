"""``result.yaml``: the paper that a case ends with, as a pack words it; Vietnamese, because it is a legal paper."""

import re
from collections.abc import Mapping
from typing import Annotated

from pydantic import StringConstraints, field_validator

from motcua.procedures.parts import Feel, Name, Strict

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
Paragraph = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]
Notation = Annotated[str, StringConstraints(pattern=r"^[0-9A-ZĐ][0-9A-ZĐa-zđ.-]{0,39}$")]
# What a paper may name in braces beside its own ``values``.
RESULT_NAMES = frozenset({"applicant", "birth_year", "number", "service", "agency", "filed_on", "today"})
PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")


class ResultParagraph(Strict):
    """A paragraph, and the condition without which it is left out."""

    text: Paragraph
    when: Feel | None = None


class ResultRow(Strict):
    """A labelled line; ``value`` is FEEL, and a field with options named alone is shown in words."""

    label: Line
    value: Feel
    when: Feel | None = None


class ResultLayout(Strict):
    """The paper: ``notation`` of its numbers, whose paper it is, what it says, over which post the leader signs.

    ``agency`` is the code of the agency that seals it, without it the service's own. ``values`` name expressions that
    paragraphs fill in by ``{name}``.
    """

    notation: Notation
    title: Line
    signing_post: Line
    agency: Name | None = None
    agency_above: Line | None = None
    legal_basis: tuple[Line, ...] = ()
    values: Mapping[Name, Feel] = {}
    opening: tuple[ResultParagraph, ...] = ()
    rows: tuple[ResultRow, ...] = ()
    closing: tuple[ResultParagraph, ...] = ()
    copies: tuple[Line, ...] = ()

    @field_validator("opening", "closing", mode="before")
    @classmethod
    def _words_alone(cls, given: object) -> object:
        """Take a paragraph without a condition as its text."""
        if not isinstance(given, list | tuple):
            return given
        return tuple({"text": each} if isinstance(each, str) else each for each in given)

    @property
    def paragraphs(self) -> tuple[tuple[str, int, ResultParagraph], ...]:
        """Every paragraph with the part and the place in it where it stands."""
        return tuple(
            (part, index, each)
            for part, several in (("opening", self.opening), ("closing", self.closing))
            for index, each in enumerate(several)
        )
