"""An officer is away from a day to a day, and another of the same role and place stands in."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Q

from motcua.cases.desk.assignments import WORKING
from motcua.cases.desk.models import Absence, AbsenceQuerySet
from motcua.cases.numbers import LOCAL
from motcua.identity.rights import Rights, officers_over

LONGEST = timedelta(days=366)


class DaysNotPossible(ValueError):
    """The absence ends before it begins, lies in the past, or takes more than a year."""


class AwayAlready(ValueError):
    """The officer is away on some of these days already."""


class CannotStandIn(ValueError):
    """The other officer does not hold the same roles over the same places, or is away as well."""


@dataclass(frozen=True, slots=True)
class Away:
    """An absence with names; ``ends_on`` is its last day."""

    id: int
    account_id: int
    name: str
    stand_in_id: int
    stand_in: str
    from_at: datetime
    until_at: datetime

    @property
    def begins_on(self) -> date:
        """The first day."""
        return self.from_at.astimezone(LOCAL).date()

    @property
    def ends_on(self) -> date:
        """The last day."""
        return (self.until_at - timedelta(microseconds=1)).astimezone(LOCAL).date()


@transaction.atomic
def go_away(*, rights: Rights, stand_in: int, begins_on: date, ends_on: date, now: datetime) -> int:
    """Write down that the officer is away on these days, the last one included, and return the id.

    Raises ``DaysNotPossible``, ``AwayAlready`` and ``CannotStandIn``.
    """
    from_at = max(datetime.combine(begins_on, time(), LOCAL), now)
    until_at = datetime.combine(ends_on, time(), LOCAL) + timedelta(days=1)
    if until_at <= from_at or until_at - from_at > LONGEST:
        raise DaysNotPossible(f"{begins_on} – {ends_on}")
    account_id = rights.account_id
    if account_id is None or stand_in not in {each for each, _ in stand_ins_for(rights, now=now)}:
        raise CannotStandIn(f"account:{stand_in}")
    over = Absence.objects.filter(from_at__lt=until_at, until_at__gt=from_at)
    if over.filter(account=account_id).exists():
        raise AwayAlready(f"{begins_on} – {ends_on}")
    # Work does not wander on: who stands in is there, and who is stood in for by nobody else does not leave.
    if over.filter(Q(account=stand_in) | Q(stand_in=account_id)).exists():
        raise CannotStandIn(f"account:{stand_in}")
    made = Absence.objects.create(
        account_id=account_id,
        stand_in_id=stand_in,
        from_at=from_at,
        until_at=until_at,
        made_by_id=account_id,
        made_at=now,
    )
    return made.pk


@transaction.atomic
def come_back(*, absence_id: int, rights: Rights, now: datetime) -> None:
    """End the officer's own absence now, or call one off that has not begun; raises ``Absence.DoesNotExist``."""
    mine = Absence.objects.filter(pk=absence_id, account=rights.account_id, until_at__gt=now)
    if mine.filter(from_at__lte=now).update(until_at=now) or mine.filter(from_at__gt=now).delete()[0]:
        return
    raise Absence.DoesNotExist(absence_id)


def stand_ins_for(rights: Rights, *, now: datetime) -> list[tuple[int, str]]:
    """Return the officers who hold every role of this one over the same places and agencies, by name.

    One query for each appointment of the officer.
    """
    grants = [grant for grant in rights.grants if grant.role in WORKING]
    if not grants:
        return []
    candidates: dict[int, str] | None = None
    for grant in grants:
        found = officers_over(
            agency_path=grant.agency_path, place_path=grant.place_path, roles=(grant.role,), now=now
        )
        names = {account_id: name for account_id, (name, _) in found.items()}
        candidates = names if candidates is None else {k: v for k, v in candidates.items() if k in names}
    others = {account: name for account, name in (candidates or {}).items() if account != rights.account_id}
    return sorted(others.items(), key=lambda each: each[1])


def absences_of(account_id: int, *, now: datetime) -> list[Away]:
    """Return the officer's absences that last or are to come, the next first; one query."""
    return read_absences(Absence.objects.filter(account=account_id, until_at__gt=now))


def stands_in_for(account_id: int, *, now: datetime) -> list[Away]:
    """Return for whom the officer stands in at that moment; one query."""
    return read_absences(Absence.objects.at(now).filter(stand_in=account_id))


def read_absences(rows: AbsenceQuerySet) -> list[Away]:
    """Return absences with names, those that began first first; one query."""
    return [
        Away(
            row.pk,
            row.account_id,
            row.account.name,
            row.stand_in_id,
            row.stand_in.name,
            row.from_at,
            row.until_at,
        )
        for row in rows.select_related("account", "stand_in").order_by("from_at")
    ]
