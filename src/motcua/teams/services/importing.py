"""Taking over a list of teams and their members: all of it or nothing, with a word for every line that is wrong."""

import csv
import hashlib
import io
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from motcua.agencies.queries import agencies_by_code, place_names_and_paths
from motcua.agencies.services import add_team
from motcua.events.services import publish
from motcua.identity.models import Account, Appointment
from motcua.identity.officers import add_officer, appoint
from motcua.identity.states import AccountKind, Role
from motcua.teams.events import TeamsImported
from motcua.teams.states import LIST_COLUMNS

_CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{2,60}")
_PASSWORD_BYTES = 12


class ListRefused(ValueError):
    """The list cannot be taken over; ``faults`` says what is wrong, line by line. Nothing was changed."""

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        super().__init__(f"{len(self.faults)} faults")


@dataclass(frozen=True, slots=True)
class Line:
    """One member of one team, as a line of the list says."""

    number: int
    team: str
    team_name: str
    place: str
    agency: str
    login: str
    name: str


@dataclass(frozen=True, slots=True)
class WayIn:
    """How a new member signs in the first time; shown once."""

    login: str
    name: str
    password: str
    otpauth_uri: str


@dataclass(frozen=True, slots=True)
class Imported:
    """How many teams and members the list has, and the way in for those who are new."""

    teams: int
    members: int
    fresh: tuple[WayIn, ...]


def read_list(text: str) -> tuple[Line, ...]:
    """Read the list; raises ``ListRefused`` with every line whose form is wrong."""
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    if reader.fieldnames is None or tuple(name.strip() for name in reader.fieldnames) != LIST_COLUMNS:
        raise ListRefused([f"line 1: the columns are {','.join(LIST_COLUMNS)}, in this order"])
    lines, faults = [], []
    for number, row in enumerate(reader, start=2):
        cells = {name: (row.get(name) or "").strip() for name in LIST_COLUMNS}
        wrong = "more cells than columns" if None in row else _amiss(cells)
        if wrong:
            faults.append(f"line {number}: {wrong}")
        else:
            lines.append(Line(number, **cells))
    faults += _disagreeing(lines)
    if not lines and not faults:
        faults.append("line 2: the list has no member")
    if faults:
        raise ListRefused(faults)
    return tuple(lines)


def _amiss(cells: dict[str, str]) -> str:
    empty = [name for name in LIST_COLUMNS if not cells[name]]
    if empty:
        return f"{', '.join(empty)} is empty"
    if not _CODE.fullmatch(cells["team"]):
        return f"team {cells['team'][:40]!r} is no code: small letters, digits and _, a letter first"
    if not _LOGIN.fullmatch(cells["login"]):
        return f"login {cells['login'][:40]!r} is none: 3 or more small letters, digits, dots, hyphens"
    if len(cells["team_name"]) > 120 or len(cells["name"]) > 160:
        return "a name is too long: 120 characters for a team, 160 for a member"
    return ""


def _disagreeing(lines: Sequence[Line]) -> list[str]:
    """Say where two lines tell different things of one team, or the same login stands twice."""
    faults = []
    teams: dict[tuple[str, str], Line] = {}
    logins: dict[str, Line] = {}
    for line in lines:
        first = teams.setdefault((line.agency, line.team), line)
        if (first.team_name, first.place) != (line.team_name, line.place):
            faults.append(
                f"line {line.number}: team {line.team} has another name or place in line {first.number}"
            )
        again = logins.setdefault(line.login, line)
        if again is not line:
            faults.append(f"line {line.number}: login {line.login} stands in line {again.number} already")
    return faults


@transaction.atomic
def import_teams(*, text: str, now: datetime, today: date) -> Imported:
    """Make teams, accounts and appointments that are missing; the same list again changes nothing.

    Who is not on the list any more keeps the appointment: `motcua officers end` takes it. Raises ``ListRefused``.
    Costs some 50 ms for each new member, whose password is made hard to guess backwards.
    """
    lines = read_list(text)
    places = place_names_and_paths(today, {line.place for line in lines})
    _refuse_unknown(lines, places)
    names = dict(
        Account.objects.filter(
            login__in=[line.login for line in lines], kind=AccountKind.OFFICER
        ).values_list("login", "name")
    )
    taken = [line for line in lines if names.get(line.login, line.name) != line.name]
    if taken:
        raise ListRefused([f"line {line.number}: login {line.login} is another officer's" for line in taken])
    team_ids = {
        (line.agency, line.team): add_team(
            agency=line.agency, code=line.team, name=line.team_name, place_path=places[line.place][1]
        )
        for line in {(line.agency, line.team): line for line in lines}.values()
    }
    fresh = [_way_in(line, now) for line in lines if line.login not in names]
    standing = _standing(lines, today)
    for line in lines:
        team_id = team_ids[line.agency, line.team]
        if (line.login, team_id) not in standing:
            appoint(
                login=line.login,
                role=Role.TEAM_MEMBER,
                agency=line.agency,
                place_path=places[line.place][1],
                valid_from=today,
                now=now,
                team_id=team_id,
            )
    digest = hashlib.sha256(text.encode()).hexdigest()
    publish(
        TeamsImported(
            happened_at=now,
            agency_path="",
            subject=digest,
            actor="machine",
            teams=len(team_ids),
            members=len(lines),
            fresh=len(fresh),
        )
    )
    return Imported(len(team_ids), len(lines), tuple(fresh))


def _refuse_unknown(lines: Sequence[Line], places: dict[str, tuple[str, str]]) -> None:
    agencies = agencies_by_code({line.agency for line in lines})
    faults = []
    for line in lines:
        if line.place not in places:
            faults.append(f"line {line.number}: no place has the code {line.place} today")
        if line.agency not in agencies:
            faults.append(f"line {line.number}: no agency has the code {line.agency}; register it first")
    if faults:
        raise ListRefused(faults)


def _way_in(line: Line, now: datetime) -> WayIn:
    password = secrets.token_urlsafe(_PASSWORD_BYTES)
    officer = add_officer(login=line.login, name=line.name, password=password, now=now)
    return WayIn(line.login, line.name, password, officer.otpauth_uri)


def _standing(lines: Sequence[Line], today: date) -> set[tuple[str, int | None]]:
    rows = Appointment.objects.in_force(today).filter(
        role=Role.TEAM_MEMBER, account__login__in=[line.login for line in lines]
    )
    return set(rows.values_list("account__login", "team_id"))
