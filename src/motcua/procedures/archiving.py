"""What a service says of its dossiers after their end: the heading they are filed under, and for how long."""

from typing import Annotated, Final, Literal

from pydantic import BeforeValidator

from motcua.procedures.parts import Bilingual, Strict

PERMANENT: Final = "permanent"
# Law on Archives 33/2024/QH15: records are kept permanently or for a number of years, 70 at most (from memory).
MOST_YEARS = 70


def _term(given: object) -> object:
    if given == PERMANENT or (type(given) is int and 1 <= given <= MOST_YEARS):
        return given
    raise ValueError(
        f"{given!r} is no retention period; write whole years from 1 to {MOST_YEARS}, as 10, or {PERMANENT}"
    )


RetentionYears = Annotated[int | Literal["permanent"], BeforeValidator(_term)]


class ArchiveRule(Strict):
    """Where dossiers go once they have ended: ``keep_years`` after the year of their end, or ``permanent``."""

    heading: Bilingual
    keep_years: RetentionYears
