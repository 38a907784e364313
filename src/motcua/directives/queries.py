"""Questions about directives: which there are, how far they have come, what was law where and when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from uuid import UUID

from motcua.directives.complaints import Words
from motcua.directives.content import DirectiveContent, read_directive
from motcua.directives.law import Enacted, InForce, law_at, specs_by_address
from motcua.directives.models import Directive, DirectiveVersion
from motcua.directives.parameters import ParameterSpec
from motcua.directives.states import DirectiveState

# Reading a text costs some ten milliseconds, and pages that anyone may open read many.
MOST_KEPT_CHARACTERS = 64_000
_read_before = lru_cache(maxsize=64)(read_directive)


class DirectiveNotKnown(LookupError):
    """There is no such directive."""


@dataclass(frozen=True, slots=True)
class DirectiveView:
    """A directive as of a moment; people are ids of accounts, what has not happened is null.

    ``ended_at`` is when another took its place or its own end came; ``undo_until`` the last moment for undoing.
    """

    id: int
    number: str
    title: Words
    issuer: str
    issued_on: date
    state: DirectiveState
    from_at: datetime
    until_at: datetime | None
    replaces: tuple[str, ...]
    undo_within_hours: int
    text: str
    sha256: str
    version: int
    prepared_by: int | None
    prepared_at: datetime
    changed_by: int | None
    changed_at: datetime | None
    scheduled_by: int | None
    scheduled_at: datetime | None
    switch_at: datetime | None
    dry_run_id: UUID | None
    confirmed_by: int | None
    confirmed_at: datetime | None
    begun_at: datetime | None
    ended_at: datetime | None
    undone_by: int | None
    undone_at: datetime | None
    discarded_at: datetime | None

    @property
    def content(self) -> DirectiveContent:
        """The text as types, with the place of every part."""
        small = len(self.text) <= MOST_KEPT_CHARACTERS
        return (_read_before if small else read_directive)(self.text, self.number)

    @property
    def undo_until(self) -> datetime | None:
        """The last moment at which it can be undone, or null if it has not begun."""
        return None if self.begun_at is None else self.begun_at + timedelta(hours=self.undo_within_hours)


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One saving of a directive's text."""

    number: int
    sha256: str
    saved_by: int | None
    saved_at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Spell:
    """A time during which a parameter had one value from one directive; ``until`` is null while it lasts.

    ``found`` is null where no directive set it.
    """

    since: datetime
    until: datetime | None
    found: InForce | None


def directives(now: datetime) -> list[DirectiveView]:
    """Return every directive, those prepared last first; one query."""
    rows = list(Directive.objects.order_by("-prepared_at", "-pk"))
    return [_view(row, rows, now) for row in rows]


def directive(directive_id: int, now: datetime) -> DirectiveView:
    """Return one directive; raises ``DirectiveNotKnown``. Two queries."""
    row = Directive.objects.filter(pk=directive_id).first()
    if row is None:
        raise DirectiveNotKnown(directive_id)
    return _view(row, list(Directive.objects.filter(begun_at__isnull=False)), now)


def directive_of_number(number: str, now: datetime) -> DirectiveView:
    """Return the directive that stands under the number; raises ``DirectiveNotKnown``. Two queries."""
    row = Directive.objects.filter(number=number, discarded_at__isnull=True, undone_at__isnull=True).first()
    if row is None:
        raise DirectiveNotKnown(number)
    return directive(row.pk, now)


def due(now: datetime) -> list[int]:
    """Return the ids of confirmed directives whose moment has come and that have not begun, in its order."""
    rows = Directive.objects.filter(
        confirmed_at__isnull=False, begun_at__isnull=True, discarded_at__isnull=True, switch_at__lte=now
    )
    return list(rows.order_by("switch_at", "pk").values_list("pk", flat=True))


def versions_of(directive_id: int) -> list[VersionLine]:
    """Return every saving of the directive's text, oldest first; one query."""
    rows = DirectiveVersion.objects.filter(directive=directive_id).order_by("number")
    return [VersionLine(row.number, row.sha256, row.saved_by_id, row.saved_at, row.text) for row in rows]


def authors_of(directive_id: int) -> frozenset[int]:
    """Return the accounts that saved a text of the directive; one query."""
    saved_by = DirectiveVersion.objects.filter(directive=directive_id).values_list("saved_by", flat=True)
    return frozenset(account for account in saved_by if account is not None)


def parameters() -> dict[str, ParameterSpec]:
    """Return what directives may set, by address; one query."""
    return specs_by_address()


def in_force(place_code: str | None, at: datetime) -> tuple[Enacted, ...]:
    """Return the directives in force at the place, or anywhere; those that began last come first."""
    return law_at(at).directives(place_code)


def values_at(place_code: str, at: datetime) -> dict[str, InForce | None]:
    """Return every parameter at the place: what is in force, or null where no directive sets it. One query."""
    law = law_at(at)
    return {
        address: law.value(address, place_code if spec.by_place else None)
        for address, spec in specs_by_address().items()
    }


def history(parameter: str, place_code: str | None, now: datetime) -> list[Spell]:
    """Return what the parameter was at the place from the first directive until now, oldest first.

    Worked out from the law at each moment at which something began or ended; one query, and one for each day of those.
    """
    rows = Directive.objects.filter(begun_at__isnull=False)
    found: set[datetime] = set()
    for moments in rows.values_list("begun_at", "undone_at", "until_at"):
        found.update(moment for moment in moments if moment is not None and moment <= now)
    spells: list[Spell] = []
    for moment in sorted(found):
        value = law_at(moment).value(parameter, place_code)
        if spells and spells[-1].found == value:
            continue
        if spells:
            spells[-1] = Spell(spells[-1].since, moment, spells[-1].found)
        spells.append(Spell(moment, None, value))
    return spells


def _view(row: Directive, others: Sequence[Directive], now: datetime) -> DirectiveView:
    ended_at = _ended_at(row, others, now)
    return DirectiveView(
        id=row.pk,
        number=row.number,
        title=Words(row.title_vi, row.title_en),
        issuer=row.issuer,
        issued_on=row.issued_on,
        state=_state(row, ended_at, now),
        from_at=row.from_at,
        until_at=row.until_at,
        replaces=tuple(row.replaces),
        undo_within_hours=row.undo_within_hours,
        text=row.text,
        sha256=row.sha256,
        version=row.version,
        prepared_by=row.prepared_by_id,
        prepared_at=row.prepared_at,
        changed_by=row.changed_by_id,
        changed_at=row.changed_at,
        scheduled_by=row.scheduled_by_id,
        scheduled_at=row.scheduled_at,
        switch_at=row.switch_at,
        dry_run_id=row.dry_run_id,
        confirmed_by=row.confirmed_by_id,
        confirmed_at=row.confirmed_at,
        begun_at=row.begun_at,
        ended_at=ended_at,
        undone_by=row.undone_by_id,
        undone_at=row.undone_at,
        discarded_at=row.discarded_at,
    )


def _ended_at(row: Directive, others: Sequence[Directive], now: datetime) -> datetime | None:
    """Return when the directive ceased to be law by its own end or by another, if it did before now."""
    if row.begun_at is None:
        return None
    ends = [
        # One that replaces it ended it when both had begun.
        max(row.begun_at, other.begun_at)
        for other in others
        if other.pk != row.pk
        and other.begun_at is not None
        and row.number in other.replaces
        and other.begun_at <= now
        and (other.undone_at is None or now < other.undone_at)
    ]
    if row.until_at is not None and row.until_at <= now:
        ends.append(row.until_at)
    return min(ends, default=None)


def _state(row: Directive, ended_at: datetime | None, now: datetime) -> DirectiveState:
    if row.discarded_at is not None:
        return DirectiveState.DISCARDED
    if row.undone_at is not None and row.undone_at <= now:
        return DirectiveState.UNDONE
    if row.begun_at is not None and row.begun_at <= now:
        if ended_at is None:
            return DirectiveState.IN_FORCE
        return DirectiveState.EXPIRED if ended_at == row.until_at else DirectiveState.REPLACED
    if row.confirmed_at is not None:
        return DirectiveState.CONFIRMED
    return DirectiveState.DRAFT if row.scheduled_at is None else DirectiveState.SCHEDULED
