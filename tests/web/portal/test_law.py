"""What is in force where one lives: as a page that anyone may read, as JSON and as a feed."""

import json
from collections.abc import Iterator
from xml.etree import ElementTree

import pytest
import time_machine
from directing import (
    DRY_RUN,
    NOW,
    OTHER_WARD,
    WARD,
    at,
    directive_text,
    leader,
    open_parameters,
    open_places,
    switch,
)
from django.test import Client

from motcua.directives.services import confirm, install, prepare, schedule, undo

pytestmark = pytest.mark.django_db
MEANS = (
    "means:\n  - {for: {vi: Người đi chợ, en: Shoppers}, text: {vi: Mỗi tuần hai lần., en: Twice a week.}}\n"
)
FIRST = directive_text(
    parameters=f'{{zones.color: {{default: green, places: {{"{WARD}": red}}}}}}', more=MEANS
)
NEXT = directive_text(
    "08/CT-UBND", replaces="[05/CT-UBND]", since="2026-09-18T00:00", parameters="{zones.color: yellow}"
)
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def law(db: None, clock: object) -> int:
    open_places()
    open_parameters(NOW)
    return install(text=FIRST, now=NOW, name="05.yaml")


def read(path: str) -> str:
    answer = Client().get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_page_tells_color_directive_dates_and_what_it_means(law: int) -> None:
    page = read(f"/law/{WARD}/")

    for said in (
        "Vùng đỏ",
        "Chỉ thị 05/CT-UBND",
        "3/9/2026",
        "Ở đâu thì ở yên đó.",
        "Người đi chợ",
        "Mỗi tuần hai lần.",
    ):
        assert said in page
    assert "Vùng xanh" in read(f"/law/{OTHER_WARD}/")


def test_choice_of_a_place_leads_to_its_page(law: int) -> None:
    answer = Client().get("/law/", {"place": WARD})

    assert (answer.status_code, answer.headers["Location"]) == (302, f"/law/{WARD}/")


@pytest.mark.parametrize("code", ["", "99999", "abc", "../x"])
def test_place_that_is_none_is_asked_for_again(law: int, code: str) -> None:
    answer = Client().get("/law/", {"place": code})

    assert answer.status_code == 422
    assert "Chọn một phường hoặc xã" in answer.content.decode()
    assert Client().get("/law/99999/").status_code == 404


def test_page_speaks_english_too(law: int) -> None:
    browser = Client()
    browser.cookies["django_language"] = "en"

    page = browser.get(f"/law/{WARD}/").content.decode()

    assert "Red zone" in page
    assert "Stay where you are." in page


def test_json_tells_the_law_at_a_place_and_moment(law: int) -> None:
    switch(NEXT, by=leader("a"), second=leader("b"), at=at(hours=-1))

    def told(query: str) -> dict[str, object]:
        found: dict[str, object] = json.loads(read(f"/api/law?{query}"))
        return found

    now, before = told(f"place={WARD}"), told(f"place={WARD}&at=2026-09-10T00:00%2B07:00")
    assert now["place"] == {"code": WARD, "name": "Phường Hải Vân"}
    assert now["parameters"]["zones.color"]["value"] == "yellow"  # type: ignore[index]
    assert before["parameters"]["zones.color"]["value"] == "red"  # type: ignore[index]
    assert [each["number"] for each in before["directives"]] == ["05/CT-UBND"]  # type: ignore[attr-defined]
    assert told("")["place"] is None


@pytest.mark.parametrize(("query", "status"), [("place=99999", 404), ("place=x", 404), ("at=tomorrow", 422)])
def test_json_says_what_is_wrong(law: int, query: str, status: int) -> None:
    answer = Client().get(f"/api/law?{query}")

    assert answer.status_code == status
    assert set(answer.json()) >= {"error", "message", "message_vi"}


def test_what_is_confirmed_is_announced_until_its_moment_and_not_after_it_was_stopped(
    law: int, clock: time_machine.Traveller
) -> None:
    waiting = prepare(text=NEXT, account_id=leader("a"), now=NOW)
    schedule(directive_id=waiting, dry_run_id=DRY_RUN, at=at(hours=2), account_id=leader("b"), now=NOW)
    confirm(directive_id=waiting, account_id=leader("c"), now=NOW)

    assert "Sắp thay đổi" in read(f"/law/{WARD}/")
    clock.move_to(at(hours=3))
    assert "Sắp thay đổi" not in read(f"/law/{WARD}/")


def test_feed_tells_beginnings_and_undoings_the_last_first(law: int) -> None:
    first, second = leader("a"), leader("b")
    made = switch(NEXT, by=first, second=second, at=at(hours=-2))
    undo(directive_id=made, account_id=second, now=at(hours=-1))

    feed = ElementTree.fromstring(read("/law/feed.atom"))

    titles = [entry.findtext(f"{ATOM}title") or "" for entry in feed.iter(f"{ATOM}entry")]
    assert len(titles) == 3
    assert "hoàn tác" in titles[0]
    assert "08/CT-UBND" in titles[1]
    assert "05/CT-UBND" in titles[2]


def test_page_without_any_law_says_so(db: None, clock: object) -> None:
    open_places()

    assert "không có chỉ thị nào" in read(f"/law/{WARD}/")
