"""Directives that end by their own date: who should know a week before, and what then becomes of what they gave.

Nothing outstanding is decided anew on that day: a pass keeps the end that it names. What only the directive set is
unknown from then on, so that new requests go to a person.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from django.db import connection, transaction

from motcua.directives.law import EVERYWHERE, law_at
from motcua.directives.queries import DirectiveView, directives
from motcua.directives.states import DirectiveState
from motcua.procedures.queries import search_services
from motcua.switching.hiding import rounded
from motcua.switching.parts import allow_long

WARNED_BEFORE = timedelta(days=7)
# The pages that warn are opened often, and a count over a city takes a second.
_COUNTED_ANEW_SECONDS = 300
_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Ending:
    """A directive near its own end, or just past it with nothing in its place.

    ``passes`` are those that it decided and that outlast it, to the nearest ten and null below ten, for anybody;
    ``followed_by`` is the number of a confirmed directive that takes its place in time; ``leaves_law`` tells whether
    any other directive is law then.
    """

    directive_id: int
    number: str
    until: datetime
    has_ended: bool
    passes: int | None
    followed_by: str | None
    leaves_law: bool


def endings(now: datetime) -> tuple[Ending, ...]:
    """Return the directives that end within a week, the first to end first; those that ended stay while none is law.

    One query, and one for each of them that counts passes, at most every five minutes.
    """
    everything = directives(now)
    found = [_ending(each, everything, now) for each in everything if _is_near(each, now)]
    return tuple(sorted(found, key=lambda ending: ending.until))


def _is_near(view: DirectiveView, now: datetime) -> bool:
    if view.until_at is None:
        return False
    if view.state is DirectiveState.IN_FORCE:
        return view.until_at - now <= WARNED_BEFORE
    ended = view.state is DirectiveState.EXPIRED and now - view.until_at <= WARNED_BEFORE
    return ended and not law_at(now).directives()


def _ending(view: DirectiveView, everything: Sequence[DirectiveView], now: datetime) -> Ending:
    assert view.until_at is not None
    next_ones = (
        each.number
        for each in everything
        if each.state is DirectiveState.CONFIRMED
        and view.number in each.replaces
        and each.switch_at is not None
        and each.switch_at <= view.until_at
    )
    return Ending(
        directive_id=view.id,
        number=view.number,
        until=view.until_at,
        has_ended=view.state is DirectiveState.EXPIRED,
        passes=rounded(outlasting(view, now), all_shown=False),
        followed_by=next(next_ones, None),
        leaves_law=bool(law_at(view.until_at).directives()),
    )


def outlasting(view: DirectiveView, now: datetime) -> int:
    """Return how many standing passes of services that ask what the directive sets last beyond its end."""
    assert view.until_at is not None
    codes = sorted(
        service.code
        for service in search_services()
        if any(
            f"{fact.register_name}.{fact.returns}" in view.content.parameters
            for fact in service.content.facts
        )
    )
    enacted = law_at(view.until_at - _MOMENT).enacted
    scope = next((each.scope for each in enacted if each.id == view.id), (EVERYWHERE,))
    window = int(now.timestamp()) // _COUNTED_ANEW_SECONDS
    return _counted(tuple(codes), scope, view.until_at, view.id, window)


_OUTLASTING = """
SELECT count(*) FROM credentials_credential AS pass JOIN cases_case AS filed ON filed.number = pass.case_number
WHERE pass.revoked_at IS NULL AND pass.valid_to > %(until)s AND filed.procedure_code = ANY(%(codes)s)
    AND filed.place_path <@ %(scope)s::ltree[]
"""


@lru_cache(maxsize=32)
def _counted(
    codes: tuple[str, ...], scope: tuple[str, ...], until: datetime, _directive: int, _window: int
) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        allow_long()
        cursor.execute(_OUTLASTING, {"until": until, "codes": list(codes), "scope": list(scope)})
        return int(cursor.fetchone()[0])
