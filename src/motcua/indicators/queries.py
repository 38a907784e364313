"""Questions about figures: all of a service at this moment, and the receipt of one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from motcua.cases.counts import Listing, case_counts, case_numbers
from motcua.identity.rights import Rights
from motcua.indicators.figures import Figure, Figures
from motcua.indicators.scope import RATING_NAMES
from motcua.indicators.standard import STANDARD, completed
from motcua.procedures.content import IndicatorDefinition
from motcua.procedures.queries import ProcedureView
from motcua.ratings.queries import Ratings, ratings_by_service, together


class NoSuchFigure(LookupError):
    """The service defines no figure of that code."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """A figure with what it came from: the counts it adds up, or the figures that its formula reads.

    ``breakdown`` is (place path, state, reason code, cases), most first; empty for a formula.
    """

    figure: Figure
    reads: tuple[Figure, ...]
    breakdown: tuple[tuple[str, str, str, int], ...]


def figures_of(
    procedure: ProcedureView | None, *, rights: Rights, now: datetime, within: str = ""
) -> Figures:
    """Return the figures of one service, or of all services together, within the asker's rights; three queries.

    All services together have the standard figures only: what a pack defines is about its own cases.
    """
    counts = case_counts(rights=rights, now=now, procedure=procedure.code if procedure else "", within=within)
    rated = _rated(rights, now, within)
    said = rated.get(procedure.code) if procedure else together(rated.values())
    return Figures(definitions_of(procedure), counts, now, ratings=_told(said))


def figures_by_service(
    services: Sequence[ProcedureView], *, rights: Rights, now: datetime, within: str = ""
) -> tuple[Figures, dict[str, Figures]]:
    """Return the figures of all services together and of each by its code, from one count; three queries."""
    counts = case_counts(rights=rights, now=now, within=within)
    rated = _rated(rights, now, within)
    each = {
        service.code: Figures(
            definitions_of(service),
            [one for one in counts if one.procedure_code == service.code],
            now,
            ratings=_told(rated.get(service.code)),
        )
        for service in services
    }
    return Figures(STANDARD, counts, now, ratings=_told(together(rated.values()))), each


def _rated(rights: Rights, now: datetime, within: str) -> Mapping[str, Ratings]:
    # Never of one place: what is left of a sum would tell of the places with few ratings.
    return {} if within else ratings_by_service(rights=rights, now=now)


def _told(ratings: Ratings | None) -> dict[str, Decimal]:
    if ratings is None or ratings.hidden:
        return {}
    values = (ratings.ended, ratings.rated, ratings.satisfied)
    return dict(zip(RATING_NAMES, map(Decimal, values), strict=True))


def definitions_of(procedure: ProcedureView | None) -> tuple[IndicatorDefinition, ...]:
    """Return the definitions in force for the service, the standard ones first."""
    return completed(procedure.content.indicators) if procedure else STANDARD


def receipt_of(figures: Figures, code: str) -> Receipt:
    """Return what a figure came from; raises ``NoSuchFigure``. No query: the counts are those of the figure."""
    if code not in figures:
        raise NoSuchFigure(code)
    figure = figures[code]
    sums: dict[tuple[str, str, str], int] = {}
    for count in figures.counts_of(code):
        key = (count.place_path, count.kind.state, count.kind.reason)
        sums[key] = sums.get(key, 0) + count.count
    breakdown = sorted(((*key, total) for key, total in sums.items()), key=lambda row: (-row[3], row[:3]))
    return Receipt(figure, tuple(figures[name] for name in figure.reads), tuple(breakdown))


def numbers_behind(
    figures: Figures,
    code: str,
    *,
    procedure: ProcedureView | None,
    rights: Rights,
    within: str = "",
    page: int = 1,
    size: int = 100,
) -> Listing:
    """Return the numbers of the cases behind a counting figure that the asker may read; two queries.

    Raises ``NoSuchFigure``; a formula has no rows of its own.
    """
    if code not in figures or figures[code].definition.where is None:
        raise NoSuchFigure(code)
    return case_numbers(
        figures.kinds_of(code),
        rights=rights,
        now=figures.as_of,
        procedure=procedure.code if procedure else "",
        within=within,
        page=page,
        size=size,
    )
