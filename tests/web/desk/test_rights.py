"""Every role against every object of another place or office: no success, and nothing tells that it exists.

The addresses are read from the site's own table, so that a page added tomorrow is tried as well.
"""

import json
import re
import uuid
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from pytest_django import Settings

from motcua.cases.models import Case, CaseEntry
from motcua.credentials.models import Scan
from motcua.credentials.queries import standing_credential
from motcua.events.models import LedgerEntry
from motcua.identity.models import Account
from motcua.identity.states import Role, Scope
from motcua.identity.tokens import issue_token
from motcua.registers.models import RegisterAccess

from .conftest import ELSEWHERE, HERE, MEMBER, NOW, STRANGER, UNSURE, SignIn, garden

pytestmark = pytest.mark.django_db
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
ABSENT = "H17-20261120-9999999"
ABSENT_PAPER = "00000000-0000-4000-8000-000000000000"
FORM = {"act": "grant", "reason": "Đã xem", "seen_state": "desk", "text": "Tôi không đồng ý"}
NAMES_OF_A_CASE = {"number", "reference"}
SECRETS = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"')
# Each pair reaches another place, or another office, or neither.
SCOPES = {"other place": (ELSEWHERE, "garden"), "other office": (HERE, "harbour")}


@pytest.fixture(autouse=True)
def _sessions_in_memory(settings: Settings) -> None:
    """Keep who is signed in out of the database: eighteen thousand requests look it up."""
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.cache"


def addresses_of(number: str) -> Iterator[str]:
    """Yield every address of the site that names a case."""

    def walk(patterns: list[URLPattern | URLResolver], before: str) -> Iterator[str]:
        for pattern in patterns:
            route = before + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                yield from walk(pattern.url_patterns, route)
            elif any(name in route for name in NAMES_OF_A_CASE):
                yield route

    for route in walk(get_resolver().url_patterns, ""):
        plain = re.sub(r"<(?:\w+:)?(?:number|reference)>|\(\?P<number>(?:[^()]|\([^()]*\))*\)", number, route)
        # What stands beside the case in an address is not there for anybody.
        plain = plain.replace("<int:demand>", "1")
        plain = re.sub(r"\(\?P<(?:paper_id|result_id)>[^()]*\)", ABSENT_PAPER, plain)
        plain = re.sub(r"\(\?P<code>\[0-9A-Z\][^()]*\)", "0" * 16, plain)
        plain = re.sub(r"\(\?P<(?:code|page)>[^()]*\)", "1", plain)
        yield "/" + plain.replace("^", "").replace("$", "").replace("\\Z", "").replace("\\.", ".")


def seen(answer: HttpResponse, number: str) -> tuple[int, str, str]:
    """Return what a reader can tell of an answer, the number itself and fresh tokens aside."""
    body = b"".join(answer) if answer.streaming else answer.content
    text = SECRETS.sub("", body.decode("utf-8", "replace")).replace(number, "NUMBER")
    return answer.status_code, answer.headers.get("Location", "").replace(number, "NUMBER"), text


def ask(browser: Client, method: str, address: str, **headers: str) -> HttpResponse:
    if method in {"GET", "HEAD"}:
        return browser.generic(method, address, headers=headers)
    if method == "POST":
        return browser.post(address, FORM, headers=headers)
    return browser.generic(method, address, json.dumps(FORM), "application/json", headers=headers)


def find_nothing(browser: Client, cases: list[str]) -> None:
    """Assert that each case answers, at every address and to every method, as one that is not there."""
    for absent in addresses_of(ABSENT):
        for method in METHODS:
            expected = seen(ask(browser, method, absent), ABSENT)
            assert expected[0] >= 300, (method, absent)
            # Every method on the waiting case; the other two where reading and acting happen.
            for number in cases if method in {"GET", "POST"} else cases[:1]:
                address = absent.replace(ABSENT, number)
                assert seen(ask(browser, method, address), number) == expected, (method, address)


@pytest.fixture
def cases(file: "garden.File", other_office: str, clock: object) -> list[str]:
    """Return one case waiting, one granted and one refused, all in one ward of one office."""
    return [file(who).number for who in (UNSURE, MEMBER, STRANGER)]


def everything() -> list[object]:
    """Return what an act or a look would have changed."""
    return [
        list(Case.objects.order_by("number").values_list("number", "state", "changed_at")),
        CaseEntry.objects.count(),
        LedgerEntry.objects.count(),
        RegisterAccess.objects.count(),
        Scan.objects.count(),
    ]


def test_addresses_are_found() -> None:
    found = set(addresses_of("N"))

    assert {"/desk/N/", "/desk/N/check/", "/desk/N/act/", "/my/N/", "/api/submissions/N"} <= found
    assert not [address for address in found if "<" in address or "(" in address]


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("role", Role)
def test_case_elsewhere_is_as_one_that_is_not_there(
    sign_in: SignIn, cases: list[str], role: Role, scope: str
) -> None:
    place, agency = SCOPES[scope]
    browser = sign_in(role, place=place, agency=agency)
    before = everything()

    find_nothing(browser, cases)

    assert everything() == before


@pytest.mark.parametrize("role", [Role.INSPECTOR, Role.LEADER, Role.DATA_STEWARD, Role.AUDITOR, None])
def test_role_that_reads_no_cases_finds_none_in_its_own_place_either(
    sign_in: SignIn, cases: list[str], role: Role | None
) -> None:
    browser = sign_in(role, place=HERE)
    before = everything()

    find_nothing(browser, cases)

    assert everything() == before


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("role", Role)
def test_no_list_search_or_figure_holds_a_case_from_elsewhere(
    sign_in: SignIn, cases: list[str], role: Role, scope: str
) -> None:
    place, agency = SCOPES[scope]
    browser = sign_in(role, place=place, agency=agency)
    lists = ["/desk/", "/operations/figures/requests/cases/", "/operations/", "/operations/figures/requests/"]

    for address in lists:
        page = browser.get(address).content.decode()
        assert not [number for number in cases if number in page], address
    for number in cases:
        found = browser.get("/desk/search/", {"number": number})
        absent = browser.get("/desk/search/", {"number": ABSENT})
        assert seen(found, number) == seen(absent, ABSENT)
    if role in {Role.LEADER, Role.AUDITOR, Role.SPECIALIST, Role.APPROVER, Role.ONE_STOP_OFFICER}:
        tile = browser.get("/operations/").content.decode()
        assert re.findall(r'mc-tile-figure__value">([^<]*)<', tile) == ["0"] * 6


def test_nobody_learns_more_than_where_to_sign_in(cases: list[str]) -> None:
    browser = Client()

    find_nothing(browser, cases)


def test_another_citizen_finds_nothing(cases: list[str], citizen: "garden.Cite") -> None:
    browser = Client()
    browser.force_login(Account.objects.get(pk=citizen("048201000041").account_id))
    before = everything()

    find_nothing(browser, cases)

    assert everything() == before


def test_token_of_another_citizen_finds_nothing(cases: list[str], citizen: "garden.Cite") -> None:
    other = Account.objects.get(pk=citizen("048201000041").account_id)
    token = issue_token(
        login=other.login, scope=frozenset(Scope), label="test", lifetime=timedelta(days=1), now=NOW
    )
    bearer = {"Authorization": f"Bearer {token.text}"}

    for number in cases:
        for method in METHODS:
            found = ask(Client(), method, f"/api/submissions/{number}", **bearer)
            absent = ask(Client(), method, f"/api/submissions/{ABSENT}", **bearer)
            assert found.status_code >= 400, method
            assert seen(found, number) == seen(absent, ABSENT), method


@pytest.mark.parametrize("role", [role for role in Role if role != Role.INSPECTOR])
def test_only_inspectors_upload_scans_and_others_learn_nothing_of_a_pass(
    sign_in: SignIn, cases: list[str], role: Role
) -> None:
    standing = standing_credential(cases[1])
    assert standing is not None
    browser = sign_in(role)

    answers = [
        browser.post("/scanner/scans", upload(text), "application/json") for text in (standing.text, "MC1:NO")
    ]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert answers[0].content == answers[1].content
    assert Scan.objects.count() == 0


def upload(text: str) -> dict[str, object]:
    scan = {
        "key": str(uuid.uuid4()),
        "text": text,
        "scanned_at": NOW.isoformat(),
        "answer": "valid",
        "reason": "",
        "checkpoint": "Cầu",
    }
    return {"device": str(uuid.uuid4()), "sent_at": NOW.isoformat(), "scans": [scan]}
