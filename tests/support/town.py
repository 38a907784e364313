"""The garden of garden.py under a law: its wards have colors and its keys a number of days, both set by directives."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import garden
import pytest
from directing import OTHER_WARD, WARD, directive_text, leader, open_places
from garden import words

from motcua.agencies.services import register_agency
from motcua.agencies.states import AgencyKind
from motcua.cases.models import Case
from motcua.cases.services import Filed, file_case
from motcua.cases.states import Channel
from motcua.credentials.services import ensure_keys
from motcua.directives.services import confirm, prepare, schedule
from motcua.identity.models import Account
from motcua.identity.numbers import PersonNumber
from motcua.identity.people import record_person, view_of
from motcua.identity.states import AccountKind, Sex
from motcua.procedures.queries import procedure_in_force
from motcua.procedures.services import install_revision
from motcua.registers.declaration import Declaration
from motcua.registers.services import declare, load_csv
from motcua.switching.dryrun import run, start
from motcua.switching.models import Switch
from motcua.switching.switch import execute, start_due

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
# The law of the beginning, two hours before anybody files; and the switch, an hour after.
FIRST, SWITCH_AT = NOW - timedelta(hours=2), NOW + timedelta(hours=1)
MODEL = (Path(__file__).parent / "town.dmn").read_text(encoding="utf-8")
FACTS = [
    *garden.FACTS,
    {
        "name": "color",
        "label": words("Màu vùng"),
        "register": "zones",
        "match": {"place": "form.ward"},
        "returns": "color",
        "type": "string",
    },
    {
        "name": "cap",
        "label": words("Số ngày"),
        "register": "limits",
        "match": {},
        "returns": "days",
        "type": "number",
    },
]
CREDENTIAL = {
    "kind": "garden_key",
    "title": words("Chìa khoá vườn"),
    "valid_from": "today",
    "valid_until": 'today + duration("P1D") * days',
    "claims": [
        {"key": "n", "name": "holder", "label": words("Tên"), "value": "holder name"},
        {"key": "z", "name": "zone", "label": words("Vùng"), "value": "color"},
    ],
}
MANIFEST = garden.content().manifest.model_dump(by_alias=True)
STANDINGS = ("paid", "lapsed", "")
Make = Callable[..., "Town"]


def _register(name: str, key: list[str], columns: list[dict[str, object]], **more: object) -> Declaration:
    return Declaration.model_validate(
        {
            "name": name,
            "title": words(name),
            "owner": "garden",
            "absence_means": "unknown",
            "purposes": ["garden_key"],
            "key": key,
            "columns": columns,
            **more,
        }
    )


def _column(name: str, kind: str, **more: object) -> dict[str, object]:
    return {"name": name, "type": kind, "label": words(name), **more}


def number_of(place: int) -> str:
    """Return the citizen number of one of the town's people; the last digits tell them apart."""
    return f"0480900{place:05d}"


class Town:
    """Some hundreds of people who may ask for a key, two leaders, and the law of the beginning."""

    def __init__(self, folder: Path, people: int = 60) -> None:
        self.folder, self.people = folder, people
        open_places()
        register_agency(
            code="garden",
            name="Ban quản lý vườn",
            name_en="Garden office",
            kind=AgencyKind.DEPARTMENT,
            parent=None,
            place_path="vn.p48",
            now=FIRST,
        )
        self.chair, self.deputy = leader("lanhdao"), leader("lanhdao.hai")
        self._declare()
        self.load({at: STANDINGS[at % 3] for at in range(people)})
        install_revision(
            content=garden.content(
                manifest=MANIFEST, facts=FACTS, credential=CREDENTIAL, decision_model=MODEL
            ),
            sha256="b" * 64,
            now=FIRST,
        )
        ensure_keys(now=FIRST)
        self.decree("05/CT-UBND", "{zones.color: green, limits.days: 7}", at=FIRST)

    def _declare(self) -> None:
        members = _register(
            "members", ["person"], [_column("person", "person", required=True), _column("standing", "text")]
        )
        color = _column("color", "text", allowed=["red", "yellow", "green"])
        zones = _register(
            "zones", ["place"], [_column("place", "place", required=True), color], source="directive"
        )
        days = _column("days", "integer", minimum="1", maximum="30")
        limits = _register("limits", [], [days], source="directive")
        for declaration in (members, zones, limits):
            declare(declaration, now=FIRST)

    def load(self, standings: dict[int, str], now: datetime = FIRST) -> None:
        """Say of each of the people whether they have paid; nothing means that it is not known."""
        path = self.folder / "members.csv"
        rows = [f"{number_of(at)},{standing}" for at, standing in standings.items()]
        path.write_text("person,standing\n" + "\n".join(rows) + "\n")
        load_csv(register="members", path=path, as_of=now, now=now)

    def file(self, at: int, ward: str = WARD, now: datetime = NOW) -> Filed:
        """Let one of the people ask for a key to the garden of a ward."""
        person = record_person(
            number=PersonNumber.parse(number_of(at)),
            name=f"Người thứ {at}",
            born_on=None,
            sex=Sex.FEMALE,
            now=now,
        )
        account, _ = Account.objects.get_or_create(
            login=f"citizen-{person.pk}",
            defaults={
                "kind": AccountKind.CITIZEN,
                "name": person.name,
                "issuer": "https://id.example",
                "subject": str(person.pk),
                "person": person,
                "created_at": now,
            },
        )
        return file_case(
            procedure=procedure_in_force("garden_key"),
            values={"ward": ward},
            applicant=view_of(person),
            account_id=account.pk,
            channel=Channel.ONLINE,
            key=str(uuid4()),
            now=now,
        )

    def file_all(self) -> list[Filed]:
        """Let everybody file, by turns in the one ward and in the other."""
        return [self.file(at, (WARD, OTHER_WARD)[at % 2]) for at in range(self.people)]

    def draft(self, number: str, parameters: str, *, at: datetime, more: str = "[05/CT-UBND]") -> int:
        """Prepare a directive."""
        text = directive_text(number, since=at.isoformat(), parameters=parameters, replaces=more)
        return prepare(text=text, account_id=self.chair, now=at - timedelta(hours=1))

    def decree(self, number: str, parameters: str, *, at: datetime, replaces: str = "[]") -> None:
        """Make law without a switch, as the first law of an installation is."""
        from directing import switch

        switch(
            directive_text(number, since=at.isoformat(), parameters=parameters, replaces=replaces),
            by=self.chair,
            second=self.deputy,
            at=at,
        )

    def try_out(self, directive_id: int, now: datetime = NOW) -> UUID:
        """Make a dry run, as its job does."""
        run_id = start(directive_id=directive_id, account_id=self.chair, now=now)
        assert run(run_id=run_id, now=now) == "done"
        return run_id

    def confirmed(
        self,
        number: str = "08/CT-UBND",
        parameters: str = '{zones.color: {default: green, places: {"20194": red}}, limits.days: 14}',
        *,
        at: datetime = SWITCH_AT,
        more: str = "[05/CT-UBND]",
    ) -> UUID:
        """Prepare, dry-run, schedule and confirm a directive, and return its switch, which is due."""
        directive_id = self.draft(number, parameters, at=at, more=more)
        now = at - timedelta(minutes=50)
        run_id = self.try_out(directive_id, now)
        schedule(directive_id=directive_id, dry_run_id=run_id, at=at, account_id=self.chair, now=now)
        confirm(directive_id=directive_id, account_id=self.deputy, now=now)
        start_due(now=at)
        return Switch.objects.get(directive_id=directive_id).pk

    def switched(self, **changes: object) -> Switch:
        """Carry a directive out and return its switch."""
        switch_id = self.confirmed(**changes)  # type: ignore[arg-type]
        execute(switch_id, SWITCH_AT)
        return Switch.objects.get(pk=switch_id)


def states() -> dict[str, str]:
    """Return the state of every case by its number."""
    return dict(Case.objects.order_by("number").values_list("number", "state"))


@pytest.fixture
def town(db: None, tmp_path: Path, settings: object) -> Town:
    settings.SECRETS_DIR = tmp_path / "secrets"  # type: ignore[attr-defined]
    settings.PUBLISHED_DIR = tmp_path / "published"  # type: ignore[attr-defined]
    return Town(tmp_path)
