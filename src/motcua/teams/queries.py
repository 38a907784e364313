"""Questions about help: who may help, what a member filed and how far it has come, who helped with a case."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from motcua.agencies.queries import place_names
from motcua.cases.models import Case
from motcua.identity.models import Appointment
from motcua.identity.sealing import unseal
from motcua.identity.states import AccountKind, Role
from motcua.procedures.content import Bilingual
from motcua.procedures.queries import revision
from motcua.teams.models import Assistance, HelpObjection
from motcua.teams.states import Clock, Finding

SEALED_FOR = "signature of a consent"
MOST_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Membership:
    """Who helps, as a member of which team, where."""

    account_id: int
    name: str
    team_id: int
    team: str
    agency_path: str
    place_path: str


def membership_of(account_id: int | None, on: date) -> Membership | None:
    """Return the team that the account helps in on that day, or null; the newest if there are several. One query."""
    found = (
        Appointment.objects.in_force(on)
        .filter(
            account=account_id,
            account__is_active=True,
            account__kind=AccountKind.OFFICER,
            role=Role.TEAM_MEMBER,
            team__isnull=False,
        )
        .select_related("account", "team", "agency")
        .order_by("-valid_from", "-pk")
        .first()
    )
    if found is None or found.team is None:
        return None
    return Membership(
        account_id=found.account_id,
        name=found.account.name,
        team_id=found.team.pk,
        team=found.team.name,
        agency_path=found.agency.path,
        place_path=found.team.place_path,
    )


@dataclass(frozen=True, slots=True)
class OwnFiling:
    """A case that a member filed: its service and its state, and nothing of the person."""

    number: str
    title: Bilingual
    state: Bilingual
    filed_at: datetime


def own_filings(account_id: int) -> list[OwnFiling]:
    """Return what the account filed for others last, newest first; two queries."""
    rows = Assistance.objects.filter(account=account_id, filed_at__isnull=False).order_by("-filed_at")
    filed = {
        row.case_number: row.filed_at
        for row in rows.only("case_number", "filed_at")[:MOST_SHOWN]
        if row.filed_at
    }
    cases = Case.objects.filter(number__in=list(filed)).values_list("number", "revision_id", "state")
    found = []
    for number, revision_id, state in cases:
        content = revision(revision_id).content
        found.append(
            OwnFiling(number, content.manifest.title, content.workflow.states[state].label, filed[number])
        )
    return sorted(found, key=lambda each: each.filed_at, reverse=True)


@dataclass(frozen=True, slots=True)
class ObjectionView:
    """What a person said of the help, and what an auditor found; ``finding`` is null while it is open."""

    said_at: datetime
    words: str
    finding: Finding | None
    answer: str
    settled_at: datetime | None


@dataclass(frozen=True, slots=True)
class HelpView:
    """Who helped with a case, and the consent that they had."""

    key: uuid.UUID
    case_number: str
    member: str
    team: str
    place: str
    words: tuple[str, ...]
    consented_at: datetime
    device_said_at: datetime
    clock: Clock
    received_at: datetime
    objection: ObjectionView | None


def help_with(case_number: str) -> HelpView | None:
    """Return who helped to file the case, or null if nobody did; one query, two more if somebody did."""
    row = (
        Assistance.objects.filter(case_number=case_number)
        .select_related("account", "team", "objection")
        .defer("signature_sealed")
        .first()
    )
    return None if row is None else view_of(row, place_names([row.place_path]).get(row.place_path, ""))


def signature_on(case_number: str) -> bytes | None:
    """Return the PNG of what the person drew when they consented, or null."""
    row = Assistance.objects.filter(case_number=case_number).only("signature_sealed").first()
    return None if row is None else unseal(bytes(row.signature_sealed), SEALED_FOR)


def view_of(row: Assistance, place: str) -> HelpView:
    """Return the row, with its account, team and objection, as a value."""
    said: HelpObjection | None = getattr(row, "objection", None)
    return HelpView(
        key=row.pk,
        case_number=row.case_number,
        member=row.account.name,
        team=row.team.name,
        place=place,
        words=tuple(row.consent_words.split("\n")),
        consented_at=row.consented_at,
        device_said_at=row.device_said_at,
        clock=Clock(row.clock),
        received_at=row.received_at,
        objection=None if said is None else objection_view(said),
    )


def objection_view(row: HelpObjection) -> ObjectionView:
    """Return the row as a value."""
    return ObjectionView(
        said_at=row.said_at,
        words=row.words,
        finding=Finding(row.finding) if row.finding else None,
        answer=row.answer,
        settled_at=row.settled_at,
    )
