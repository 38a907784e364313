"""An officer takes a case, gives it to another who may have it, or gives it back; one officer has it at a time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from motcua.cases.desk.models import Absence, Assignment
from motcua.cases.models import Case
from motcua.identity.rights import Rights, officers_over, rights_of
from motcua.identity.states import PURPOSES, Purpose, Role

# The roles that work on cases.
WORKING = tuple(role for role in Role if PURPOSES[role] & {Purpose.HANDLE_CASES, Purpose.DECIDE_CASES})


class AlreadyInHand(RuntimeError):
    """Somebody else has the case in hand, or took it a moment ago."""


class NotYoursToGive(PermissionError):
    """Only who has the case in hand passes it on, or an approver over it."""


class NotForThatOfficer(ValueError):
    """The officer has no role by which the case could be worked on."""


@dataclass(frozen=True, slots=True)
class Holding:
    """That an officer had a case, for the history; ``until`` is None while it lasts."""

    account_id: int
    name: str
    given_by: int
    given_by_name: str
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Colleague:
    """An officer to whom a case can be given."""

    account_id: int
    name: str
    roles: tuple[Role, ...]
    away: bool


@transaction.atomic
def take_case(*, number: str, rights: Rights, now: datetime) -> None:
    """Take a case that nobody has in hand.

    Raises ``Case.DoesNotExist`` for one that the officer may not handle, and ``AlreadyInHand``.
    """
    case = _handled(number, rights)
    _hold(case, account_id=_account(rights), given_by=_account(rights), now=now)


@transaction.atomic
def give_case(*, number: str, to: int, rights: Rights, now: datetime) -> None:
    """Give the case to another officer, whoever has it.

    Raises ``Case.DoesNotExist``, ``NotYoursToGive`` unless the giver has it, nobody has it, or the giver is an
    approver over it, ``NotForThatOfficer``, and ``AlreadyInHand`` if somebody was quicker.
    """
    case = _handled(number, rights)
    if not _may_have(case, rights_of(to, now)):
        raise NotForThatOfficer(f"{number} is not for account:{to}")
    standing = Assignment.objects.standing().filter(case_number=number).first()
    if standing is not None:
        if standing.account_id == to:
            raise AlreadyInHand(number)
        _end(standing, case, rights, now)
    _hold(case, account_id=to, given_by=_account(rights), now=now)


@transaction.atomic
def give_back(*, number: str, rights: Rights, now: datetime) -> None:
    """Let go of a case, so that it is anybody's again; raises as :func:`give_case` does, or if nobody has it."""
    case = _handled(number, rights)
    standing = Assignment.objects.standing().filter(case_number=number).first()
    if standing is None:
        raise Assignment.DoesNotExist(number)
    _end(standing, case, rights, now)


def _handled(number: str, rights: Rights) -> Case:
    handles = rights.predicate("agency_path", "place_path", purpose=Purpose.HANDLE_CASES)
    decides = rights.predicate("agency_path", "place_path", purpose=Purpose.DECIDE_CASES)
    return Case.objects.filter(handles | decides).get(number=number)


def _account(rights: Rights) -> int:
    if rights.account_id is None:
        raise NotYoursToGive("nobody is signed in")
    return rights.account_id


def _end(standing: Assignment, case: Case, rights: Rights, now: datetime) -> None:
    leads = Role.APPROVER in rights.roles_at(agency_path=case.agency_path, place_path=case.place_path)
    mine = standing.account_id in acts_for_accounts(_account(rights), now)
    if not (mine or leads):
        raise NotYoursToGive(case.number)
    ended = Assignment.objects.standing().filter(pk=standing.pk)
    if ended.update(until=now, ended_by=_account(rights)) != 1:
        raise AlreadyInHand(case.number)


def _hold(case: Case, *, account_id: int, given_by: int, now: datetime) -> None:
    _, made = Assignment.objects.get_or_create(
        case_number=case.number,
        until=None,
        defaults={
            "filed_on": case.filed_on,
            "account_id": account_id,
            "given_by_id": given_by,
            "since": now,
        },
    )
    if not made:
        raise AlreadyInHand(case.number)


def _may_have(case: Case, rights: Rights) -> bool:
    return any(
        rights.may(purpose, agency_path=case.agency_path, place_path=case.place_path)
        for purpose in (Purpose.HANDLE_CASES, Purpose.DECIDE_CASES)
    )


def colleagues_for(*, agency_path: str, place_path: str, now: datetime) -> list[Colleague]:
    """Return the officers who may work on a case of that agency and place, by name; two queries."""
    found = officers_over(agency_path=agency_path, place_path=place_path, roles=WORKING, now=now)
    away = set(Absence.objects.at(now).filter(account__in=list(found)).values_list("account_id", flat=True))
    rows = [
        Colleague(account_id, name, tuple(sorted(roles)), account_id in away)
        for account_id, (name, roles) in found.items()
    ]
    return sorted(rows, key=lambda each: each.name)


def acts_for_accounts(account_id: int, now: datetime) -> tuple[int, ...]:
    """Return the account and those it stands in for at that moment; one query."""
    away = Absence.objects.at(now).filter(stand_in=account_id).order_by("account_id")
    return (account_id, *away.values_list("account_id", flat=True))


def holdings_of(number: str) -> list[Holding]:
    """Return who had the case in hand and when, oldest first; one query."""
    rows = Assignment.objects.filter(case_number=number).select_related("account", "given_by")
    return [
        Holding(row.account_id, row.account.name, row.given_by_id, row.given_by.name, row.since, row.until)
        for row in rows.order_by("since", "pk")
    ]


def acted_for(
    number: str, acts: Iterable[tuple[int, datetime]]
) -> dict[tuple[int, datetime], tuple[int, str]]:
    """Return, by who acted and when, the absent officer for whom it was done; the others are left out.

    That is who had the case in hand at the moment and was away, with the one who acted standing in. Two queries.
    """
    wanted = list(acts)
    holdings = holdings_of(number)
    if not wanted or not holdings:
        return {}
    absences = list(
        Absence.objects.filter(
            account__in={each.account_id for each in holdings}, stand_in__in={who for who, _ in wanted}
        )
    )
    return {
        (who, at): (held.account_id, held.name)
        for who, at in wanted
        for held in holdings
        if held.since <= at
        and (held.until is None or at <= held.until)
        and any(
            away.account_id == held.account_id
            and away.stand_in_id == who
            and away.from_at <= at < away.until_at
            for away in absences
        )
    }
