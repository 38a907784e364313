"""The queue shows what waits within the officer's place and office, by the legal clock, and no names."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from motcua.cases.services import object_to_decision
from motcua.identity.states import Role

from .conftest import ELSEWHERE, HERE, MEMBER, NOW, OTHER_WARD, STRANGER, UNSURE, WARD, SignIn, garden

pytestmark = pytest.mark.django_db
QUEUE = "/desk/"


def numbers(page: str) -> list[str]:
    return re.findall(r'href="/desk/([A-Z0-9-]+)/"', page)


def read(client: Client, address: str = QUEUE) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def unknown(file: "garden.File", clock: object) -> str:
    return file(UNSURE).number


@pytest.fixture
def objection(file: "garden.File", citizen: "garden.Cite", clock: object) -> str:
    number = file(STRANGER, values={"ward": OTHER_WARD}).number
    object_to_decision(
        number=number, applicant_id=citizen(STRANGER).person.id, text="Tôi đã đóng phí.", now=NOW
    )
    return number


def test_case_due_first_stands_first(sign_in: SignIn, file: "garden.File", unknown: str) -> None:
    earlier = file(UNSURE, now=NOW - timedelta(days=3)).number

    page = read(sign_in())

    assert numbers(page) == [earlier, unknown]
    assert "quá hạn" in page
    assert re.search(r"còn \d", page)


def test_granted_case_does_not_wait(sign_in: SignIn, file: "garden.File") -> None:
    file(MEMBER)

    assert "Không còn hồ sơ nào chờ bạn." in read(sign_in())


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", {"unknown", "objection"}),
        ("?why=unknown_fact", {"unknown"}),
        ("?why=objection", {"objection"}),
        (f"?place={HERE}", {"unknown"}),
        (f"?place={ELSEWHERE}", {"objection"}),
        ("?service=garden_key", {"unknown", "objection"}),
        ("?service=other", set()),
        ("?why=objection&place=" + HERE, set()),
        # What cannot be a value asks for nothing, and breaks nothing.
        ("?why=weather&place=a..b&service=%27--&page=0x1", {"unknown", "objection"}),
    ],
)
def test_filter_keeps_what_it_names(
    sign_in: SignIn, unknown: str, objection: str, query: str, shown: set[str]
) -> None:
    known = {"unknown": unknown, "objection": objection}

    page = read(sign_in(), QUEUE + query)

    assert set(numbers(page)) == {known[name] for name in shown}


def test_queue_names_no_person(sign_in: SignIn, unknown: str, objection: str) -> None:
    page = read(sign_in())

    assert "Trần Thị Thử" not in page
    assert "Tôi đã đóng phí" not in page
    assert UNSURE not in page


def test_number_of_queries_does_not_grow_with_the_queue(
    sign_in: SignIn, file: "garden.File", unknown: str
) -> None:
    browser = sign_in()
    read(browser)
    with CaptureQueriesContext(
        connection,
    ) as few:
        read(browser)
    for _ in range(4):
        file(UNSURE, values={"ward": WARD})
        file(UNSURE, values={"ward": OTHER_WARD})

    with CaptureQueriesContext(connection) as many:
        read(browser)

    assert len(many) == len(few) <= 15


def test_long_queue_has_pages_and_leaves_none_out(
    sign_in: SignIn, file: "garden.File", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("motcua.web.desk.queue.PAGE_SIZE", 2)
    filed = {file(UNSURE).number for _ in range(5)}
    browser = sign_in()

    pages, address = [], "?why=unknown_fact"
    while address:
        page = unescape(read(browser, QUEUE + address))
        pages.append(numbers(page))
        address = next(iter(re.findall(r'rel="next" href="([^"]+)"', page)), "")

    assert [len(page) for page in pages] == [2, 2, 1]
    assert {number for page in pages for number in page} == filed
    assert re.search(r'rel="prev" href="\?why=unknown_fact&before=', page)
    # What names no place in the queue begins at its first case.
    assert numbers(read(browser, f"{QUEUE}?after=99&before=x")) == pages[0]


def test_more_than_anybody_counts_is_said_to_be_more(
    sign_in: SignIn, file: "garden.File", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("motcua.cases.queues.MOST_COUNTED", 2)
    for _ in range(3):
        file(UNSURE)
    browser = sign_in()
    page = read(browser)
    with CaptureQueriesContext(connection) as few:
        read(browser)
    file(UNSURE)

    with CaptureQueriesContext(connection) as many:
        read(browser)

    assert 'hơn <strong class="mc-number">2</strong> hồ sơ' in " ".join(page.split())
    # The choices are those within the officer's rights, without counts that nobody made.
    assert "Dữ kiện chưa rõ</option>" in page
    assert len(many) == len(few) <= 16


def test_search_leads_to_the_case(sign_in: SignIn, unknown: str) -> None:
    answer = sign_in().get(reverse("desk:search"), {"number": f" {unknown.lower()} "})

    assert answer.headers["Location"] == f"/desk/{unknown}/"


@pytest.mark.parametrize("sought", ["H17-20261120-9999999", "nonsense", "", "<script>", "%27--"])
def test_search_without_find_says_so(sign_in: SignIn, unknown: str, sought: str) -> None:
    page = read(sign_in(), f"{reverse('desk:search')}?number={sought}")

    assert "trong phạm vi của bạn" in page
    assert "<script>" not in page


@pytest.mark.parametrize(
    ("role", "leads_to"),
    [(Role.LEADER, "/operations/"), (Role.AUDITOR, "/operations/"), (Role.INSPECTOR, "/scanner/")],
)
def test_officer_without_a_desk_is_led_to_what_is_theirs(sign_in: SignIn, role: Role, leads_to: str) -> None:
    assert sign_in(role).get(QUEUE).headers["Location"] == leads_to


def test_officer_without_any_appointment_finds_nothing(sign_in: SignIn, unknown: str) -> None:
    page = read(sign_in(None))

    assert numbers(page) == []
    assert unknown not in page
    assert "Chưa có trang cho tài khoản này" in page


def test_nobody_is_asked_to_sign_in(sign_in: SignIn) -> None:
    assert Client().get(QUEUE).headers["Location"] == "/desk/sign-in/?next=%2Fdesk%2F"
