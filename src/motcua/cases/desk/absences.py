"""An officer is away from a day to a day, and another of the same role and place stands in.

Officers write their own days down; for who is ill and cannot, whoever leads them does.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Q

from motcua.cases.desk.assignments import WORKING
from motcua.cases.desk.models import Absence, AbsenceQuerySet
from motcua.cases.numbers import LOCAL
from motcua.identity.models import Appointment
from motcua.identity.rights import Grant, Rights, officers_over, rights_of
from motcua.identity.states import AccountKind, Role

LONGEST = timedelta(days=366)
# Who leads an office answers for how its work is shared.
LEADING = frozenset({Role.LEADER, Role.APPROVER})


class DaysNotPossible(ValueError):
    """The absence ends before it begins, lies in the past, or takes more than a year."""


class AwayAlready(ValueError):
    """The officer is away on some of these days already."""


class CannotStandIn(ValueError):
    """The other officer does not hold the same roles over the same places, or is away as well."""


class NotYourColleague(PermissionError):
    """The officer is none whom the asker leads in everything that they work on."""


@dataclass(frozen=True, slots=True)
class Away:
    """An absence with names; ``ends_on`` is its last day, ``made_by`` the leader who wrote it down, if one did."""

    id: int
    account_id: int
    name: str
    stand_in_id: int
    stand_in: str
    from_at: datetime
    until_at: datetime
    made_by: str

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
    return _write(rights, stand_in, begins_on, ends_on, made_by=rights.account_id, now=now)


@transaction.atomic
def send_away(*, account_id: int, stand_in: int, ends_on: date, rights: Rights, now: datetime) -> int:
    """Write down that a colleague who cannot do it is away from now to the end of the day, and return the id.

    Raises ``NotYourColleague`` unless the asker leads them in all that they work on, and what :func:`go_away` raises.
    """
    colleague = rights_of(account_id, now)
    if account_id == rights.account_id or not leads_in_all(rights, colleague.grants):
        raise NotYourColleague(f"account:{account_id}")
    today = now.astimezone(LOCAL).date()
    return _write(colleague, stand_in, today, ends_on, made_by=rights.account_id, now=now)


def leads_in_all(rights: Rights, grants: Iterable[Grant]) -> bool:
    """Tell whether the asker leads wherever these grants work on cases, and they do so somewhere."""
    working = [grant for grant in grants if grant.role in WORKING]
    return bool(working) and all(
        LEADING & rights.roles_at(agency_path=grant.agency_path, place_path=grant.place_path)
        for grant in working
    )


def colleagues_led(rights: Rights, *, now: datetime) -> list[tuple[int, str]]:
    """Return the officers for whom the asker may write an absence down, by name; two queries."""
    today = now.astimezone(LOCAL).date()
    active = Appointment.objects.in_force(today).filter(
        role__in=WORKING, account__is_active=True, account__kind=AccountKind.OFFICER
    )
    led = active.filter(rights.predicate("agency__path", "place_path", roles=LEADING))
    found = active.filter(account__in=led.values("account")).exclude(account=rights.account_id)
    grants: dict[tuple[str, int], list[Grant]] = defaultdict(list)
    for name, account, role, agency, place in found.values_list(
        "account__name", "account_id", "role", "agency__path", "place_path"
    ):
        grants[name, account].append(Grant(Role(role), agency, place))
    return [(account, name) for (name, account), held in sorted(grants.items()) if leads_in_all(rights, held)]


def _write(
    rights: Rights, stand_in: int, begins_on: date, ends_on: date, *, made_by: int | None, now: datetime
) -> int:
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
        made_by_id=made_by or account_id,
        made_at=now,
    )
    return made.pk


@transaction.atomic
def come_back(*, absence_id: int, rights: Rights, now: datetime) -> None:
    """End an absence now, or call one off that has not begun: one's own, or one that one wrote down for another.

    Raises ``Absence.DoesNotExist``.
    """
    whose = Q(account=rights.account_id) | Q(made_by=rights.account_id)
    mine = Absence.objects.filter(whose, pk=absence_id, until_at__gt=now)
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


def absences_around(account_id: int, *, now: datetime) -> tuple[list[Away], Away | None]:
    """Return for whom the officer stands in at that moment, and their own absence if one lasts; one query."""
    rows = read_absences(Absence.objects.at(now).filter(Q(stand_in=account_id) | Q(account=account_id)))
    own = next((each for each in rows if each.account_id == account_id), None)
    return [each for each in rows if each.stand_in_id == account_id], own


def absences_written_by(account_id: int, *, now: datetime) -> list[Away]:
    """Return the absences of others that the officer wrote down and that last; one query."""
    rows = Absence.objects.filter(made_by=account_id, until_at__gt=now).exclude(account=account_id)
    return read_absences(rows)


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
            row.made_by.name if row.made_by_id != row.account_id else "",
        )
        for row in rows.select_related("account", "stand_in", "made_by").order_by("from_at")
    ]
