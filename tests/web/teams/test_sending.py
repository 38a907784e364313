"""The door of the tablet: who is let in, what it is told, and how a filing goes through it."""

import base64
import json
import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from garden import MEMBER, WARD
from garden_team import NAME
from papers import photograph

from motcua.agencies.models import Agency
from motcua.cases.models import Case
from motcua.identity.backends import PATH
from motcua.identity.models import Account, Appointment
from motcua.identity.states import AccountKind, Role
from motcua.procedures.queries import ProcedureView
from motcua.teams.models import Assistance
from motcua.teams.queries import Membership
from motcua.teams.services import Consent
from motcua.vault.models import Paper

pytestmark = pytest.mark.django_db
PHOTO = uuid.UUID(int=5)


@pytest.fixture
def tablet(member: Membership) -> Client:
    client = Client()
    client.force_login(Account.objects.get(pk=member.account_id), backend=PATH)
    return client


def begin(client: Client, key: uuid.UUID, consent: Consent, **changes: object) -> HttpResponse:
    now = timezone.now()
    body = {
        "procedure": "garden_key",
        "number": MEMBER,
        "full_name": NAME,
        "born_on": "1990-09-03",
        "words": consent.words,
        "seal": consent.seal,
        "signature": base64.b64encode(consent.signature).decode(),
        "consented_at": (now - timedelta(hours=1)).isoformat(),
        "sent_at": now.isoformat(),
        **changes,
    }
    return client.post(f"/teams/help/{key}", json.dumps(body), "application/json")


def carry(client: Client, key: uuid.UUID, content: bytes) -> HttpResponse:
    file = SimpleUploadedFile("the.jpg", content, "image/jpeg")
    return client.post(f"/teams/help/{key}/papers/{PHOTO}", {"field": "proof", "file": file})


def file(client: Client, key: uuid.UUID, **values: object) -> HttpResponse:
    body = {"values": {"ward": WARD, "proof": str(PHOTO), **values}}
    return client.post(f"/teams/help/{key}/file", json.dumps(body), "application/json")


def test_consent_papers_and_dossier_go_through_and_repeating_is_harmless(
    tablet: Client, key: uuid.UUID, consent: Consent
) -> None:
    nothing = tablet.get(f"/teams/help/{key}").json()
    for _ in range(2):
        assert begin(tablet, key, consent).status_code == 200
        assert carry(tablet, key, photograph((300, 400))).status_code == 204
    under_way = tablet.get(f"/teams/help/{key}").json()
    numbers = {file(tablet, key).json()["number"] for _ in range(2)}

    (number,) = numbers
    assert nothing == {"begun": False, "papers": [], "number": ""}
    assert under_way == {"begun": True, "papers": [str(PHOTO)], "number": ""}
    assert tablet.get(f"/teams/help/{key}").json()["number"] == number
    assert (Case.objects.count(), Paper.objects.count(), Assistance.objects.count()) == (1, 1, 1)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"number": "12"}, "person.number"),
        ({"born_on": "1991-09-03"}, "person.born_on"),
        ({"full_name": "B"}, "person.full_name"),
        ({"words": "Tôi đồng ý."}, "consent"),
        ({"signature": base64.b64encode(b"x" * 60).decode()}, "consent"),
        ({"consented_at": "2026-01-01T00:00:00Z", "sent_at": "2026-11-20T00:00:00Z"}, "consent"),
        ({"procedure": "no_such"}, None),
        ({"more": 1}, None),
        ({"sent_at": "1800-01-01T00:00:00Z"}, None),
        ({"signature": "no base64"}, None),
    ],
)
def test_a_refusal_names_the_field_and_the_remedy_in_vietnamese(
    tablet: Client, key: uuid.UUID, consent: Consent, changes: dict[str, object], field: str | None
) -> None:
    answer = begin(tablet, key, consent, **changes)

    assert answer.status_code == 422
    told = answer.json()
    assert told["message"]["vi"].endswith(".")
    assert list(told["fields"]) == ([field] if field else [])
    assert MEMBER not in answer.content.decode()
    assert not Assistance.objects.exists()


def test_what_the_form_refuses_comes_back_by_field(tablet: Client, key: uuid.UUID, consent: Consent) -> None:
    begin(tablet, key, consent)

    missing, not_carried = file(tablet, key, proof=None), file(tablet, key)
    damaged = carry(tablet, key, photograph((300, 400))[:2000])

    for answer in (missing, not_carried, damaged):
        assert answer.status_code == 422
        assert list(answer.json()["fields"]) == ["proof"]
    assert not Case.objects.exists()


def test_nobody_else_gets_in(member: Membership, key: uuid.UUID, consent: Consent) -> None:
    specialist = Account.objects.create(
        kind=AccountKind.OFFICER, login="nam", name="Nam", created_at=timezone.now(), password="!"
    )
    Appointment.objects.create(
        account=specialist,
        role=Role.SPECIALIST,
        agency=Agency.objects.get(code="garden"),
        place_path="vn.p99",
        valid_from=timezone.localdate() - timedelta(days=1),
    )
    other = Client()
    other.force_login(specialist, backend=PATH)
    asked: list[Callable[[Client], HttpResponse]] = [
        lambda client: client.get("/teams/services.json"),
        lambda client: client.get("/teams/mine.json"),
        lambda client: client.get(f"/teams/help/{key}"),
        lambda client: begin(client, key, consent),
        lambda client: carry(client, key, photograph((300, 400))),
        lambda client: file(client, key),
    ]

    assert [{ask(Client()).status_code for ask in asked}, {ask(other).status_code for ask in asked}] == [
        {401},
        {403},
    ]
    assert other.get("/teams/session.json").json()["member"] is None
    assert not Assistance.objects.exists()


def test_the_tablet_shows_nothing_of_registers_or_of_the_person(
    tablet: Client, key: uuid.UUID, consent: Consent, asking: ProcedureView
) -> None:
    begin(tablet, key, consent)
    number = file(tablet, key, proof="data").json()["number"]

    services, mine = tablet.get("/teams/services.json"), tablet.get("/teams/mine.json")

    (service,) = services.json()["services"]
    (fields,) = (step["fields"] for step in service["steps"])
    assert [field["name"] for field in fields] == ["ward", "note", "proof"]
    assert (fields[2]["data"], fields[2]["kind"]["vi"]) == ("data", "Giấy tờ khác")
    assert "members" not in services.content.decode()
    assert mine.json()["filed"][0]["number"] == number
    assert set(mine.json()["filed"][0]) == {"number", "title", "state", "filedAt"}
    assert mine.json()["counts"] == {"mineThisWeek": 1, "mine": 1, "teamThisWeek": 1, "team": 1}
    assert NAME not in mine.content.decode()


def test_the_words_are_of_this_member_and_this_service(tablet: Client) -> None:
    (service,) = tablet.get("/teams/services.json").json()["services"]

    words = "\n".join(service["consent"]["vi"])

    for part in (
        "Nguyễn Thị Sen",
        "Tổ số 1",
        "Chìa khoá vườn",
        "Ban quản lý vườn",
        "xét chìa khoá",
        "rút lại",
    ):
        assert part in words


def test_every_file_of_the_page_is_kept_and_no_script_stands_in_it(client: Client) -> None:
    page, script = client.get("/teams/"), client.get("/teams/sw.js")
    known = json.loads(script.content.decode().removeprefix("self.OFFLINE = ").partition(";\n")[0])

    assert known["page"] == "/teams/"
    assert known["cache"] == "motcua-teams-"
    assert any(name.endswith(".wasm") for name in known["files"])
    assert "'unsafe-inline'" not in page["Content-Security-Policy"]
    assert "/desk/sign-in/?next=/teams/" in page.content.decode()
    assert client.get("/teams/manifest.webmanifest").json()["scope"] == "/teams/"


def test_counts_for_everybody_hold_nothing_below_ten(
    client: Client, tablet: Client, key: uuid.UUID, consent: Consent
) -> None:
    begin(tablet, key, consent)
    file(tablet, key, proof="data")

    page = client.get("/teams/counts/").content.decode()

    assert "Chưa có tổ nào" in page
    assert "Tổ số 1" not in page
