"""A law to test with: a few places, what directives may set there, two leaders, and texts of directives."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from motcua.agencies.models import Agency, Place
from motcua.agencies.states import TIERS, AgencyKind, PlaceKind
from motcua.directives.complaints import Words
from motcua.directives.parameters import ParameterSpec
from motcua.directives.services import begin, confirm, declare_parameters, prepare, schedule
from motcua.identity.models import Account, Appointment
from motcua.identity.states import AccountKind, Role

CITY, WARD, OTHER_WARD = "48", "20194", "20195"
NOW = datetime(2026, 9, 20, 3, 0, tzinfo=UTC)
DRY_RUN = UUID("6b1c6a9e-0f5a-4b8e-9d43-111111111111")


def at(**after: float) -> datetime:
    """Return the moment that lies so much after ``NOW``."""
    return NOW + timedelta(**after)


def open_places() -> None:
    """Make the city and two of its wards, with the codes that they have since 1 July 2025."""
    city = _place(CITY, "Thành phố Đà Nẵng", PlaceKind.CITY, "vn.p48", None)
    for code, name in ((WARD, "Phường Hải Vân"), (OTHER_WARD, "Phường Liên Chiểu")):
        _place(code, name, PlaceKind.WARD, f"vn.p48.w{code}", city)


def _place(code: str, name: str, kind: PlaceKind, path: str, parent: Place | None) -> Place:
    return Place.objects.create(
        code=code,
        name=name,
        short_name=name,
        name_folded=name.lower(),
        kind=kind,
        tier=TIERS[kind],
        path=path,
        parent=parent,
        valid_from=date(2025, 7, 1),
    )


def open_parameters(now: datetime) -> None:
    """Declare the color of zones and two limits, as their registers would."""
    zones, limits = Words("Vùng dịch tễ", "Zones"), Words("Giới hạn", "Limits")
    declare_parameters(
        register="zones",
        specs=[
            ParameterSpec("zones.color", "text", Words("Màu", "Color"), zones, ("red", "yellow", "green"))
        ],
        now=now,
    )
    declare_parameters(
        register="limits",
        specs=[
            ParameterSpec(
                "limits.days_green", "integer", Words("Số ngày", "Days"), limits, (), "1", "30", False
            ),
            ParameterSpec(
                "limits.opening",
                "text",
                Words("Mức mở", "Opening"),
                limits,
                ("essential", "production"),
                by_place=False,
            ),
        ],
        now=now,
    )


def leader(login: str, *, place_path: str = "vn.p48", role: Role = Role.LEADER) -> int:
    """Return the id of a new officer with the role for a branch of places since 2020."""
    office, _ = Agency.objects.get_or_create(
        code="dn",
        defaults={
            "name": "Ủy ban nhân dân thành phố",
            "name_en": "City People's Committee",
            "kind": AgencyKind.CITY,
            "path": "dn",
            "place_path": "vn.p48",
        },
    )
    account = Account.objects.create(
        kind=AccountKind.OFFICER, login=login, name=login, created_at=datetime(2020, 1, 1, tzinfo=UTC)
    )
    Appointment.objects.create(
        account=account, role=role, agency=office, place_path=place_path, valid_from=date(2020, 1, 1)
    )
    return account.pk


def directive_text(
    number: str = "05/CT-UBND",
    *,
    since: str = "2026-09-03T00:00",
    until: str = "",
    scope: str = "[]",
    replaces: str = "[]",
    parameters: str = "{zones.color: green}",
    undo_within_hours: str = "24",
    more: str = "",
) -> str:
    """Return a directive as YAML; ``parameters`` and ``replaces`` are YAML in flow style."""
    return f"""\
number: {number}
title: {{vi: Chỉ thị thử, en: A directive to test with}}
issuer: Ủy ban nhân dân thành phố Đà Nẵng
issued_on: 2026-09-02
legal_basis:
  - {{number: "2095", title: {{vi: Quyết định, en: Decision}}, issuer: Ủy ban nhân dân thành phố Đà Nẵng}}
scope: {scope}
in_force:
  from: {since}
  until: {until}
replaces: {replaces}
undo_within_hours: {undo_within_hours}
parameters: {parameters}
meaning: {{vi: Ở đâu thì ở yên đó., en: Stay where you are.}}
{more}"""


def switch(text: str, *, by: int, second: int, at: datetime, written_at: datetime | None = None) -> int:
    """Prepare, schedule, confirm and begin a directive, and return its id."""
    before = written_at or at - timedelta(hours=2)
    directive_id = prepare(text=text, account_id=by, now=before)
    schedule(directive_id=directive_id, dry_run_id=DRY_RUN, at=at, account_id=by, now=before)
    confirm(directive_id=directive_id, account_id=second, now=before)
    begin(directive_id=directive_id, now=at)
    return directive_id
