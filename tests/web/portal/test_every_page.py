"""What holds for every page of the portal: nothing inline, both languages, labels, no script needed, few queries."""

import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any  # Any: the town's fixture type lives in conftest, which is not importable

import psycopg
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from motcua.agencies.queries import places_now

pytestmark = pytest.mark.django_db
SignedIn = Callable[[str], Client]
Filed = Callable[[str], str]
INLINE = re.compile(
    r"<style|\sstyle=|\son(click|load|change|submit|error)=|<script(?![^>]*\ssrc=)|javascript:", re.IGNORECASE
)
PUBLIC = (
    "/",
    "/services/",
    "/services/travel_pass/",
    "/services/travel_pass/rules/",
    "/status/",
    "/sign-in/",
)
OWN = (
    "/apply/travel_pass/",
    "/apply/travel_pass/steps/work/",
    "/apply/travel_pass/steps/travel/",
    "/apply/travel_pass/steps/promise/",
    "/my/",
    "/my/access/",
    "/my/papers/",
    "/my/papers/share/",
    "/my/{number}/",
    "/my/{number}/receipt/",
    "/my/{number}/objection/",
)
WHO = "o-vung-do"
# Vietnamese letters that no English page holds, once names and laws are set aside.
ONLY_VIETNAMESE = re.compile(r"[ạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]", re.IGNORECASE)


class Reader(HTMLParser):
    """Collects what accessibility and no-script rules ask about, and the visible text."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.labels: set[str] = set()
        self.controls: list[dict[str, str | None]] = []
        self.headings: list[str] = []
        self.described: list[str] = []
        self.forms: list[dict[str, str | None]] = []
        self.text: list[str] = []
        self._stack: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if tag not in {"input", "meta", "link", "br", "img", "path", "rect", "circle"}:
            self._stack.append((tag, named.get("lang")))
        if named.get("id"):
            self.ids.append(str(named["id"]))
        self.described += str(named.get("aria-describedby") or "").split()
        if tag == "label" and named.get("for"):
            self.labels.add(str(named["for"]))
        if tag in {"input", "select", "textarea"} and named.get("type") != "hidden":
            self.controls.append(named)
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(tag)
        if tag == "form":
            self.forms.append(named)

    def handle_endtag(self, tag: str) -> None:
        while self._stack and self._stack.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not any(tag == "script" or lang == "vi" for tag, lang in self._stack[2:]):
            self.text.append(data)


def pages(signed_in: SignedIn, filed: Filed, language: str) -> list[tuple[str, str]]:
    number, browser, anyone = filed(WHO), signed_in(WHO), Client()
    found = []
    for client, paths in ((anyone, PUBLIC), (browser, OWN)):
        client.cookies["django_language"] = language
        for path in paths:
            response = client.get(path.format(number=number))
            assert response.status_code == 200, path
            found.append((path, response.content.decode()))
    return found


@pytest.mark.parametrize("language", ["vi", "en"])
def test_page_has_nothing_inline_and_is_built_to_be_read_aloud(
    signed_in: SignedIn, filed: Filed, language: str
) -> None:
    for path, html in pages(signed_in, filed, language):
        reader = Reader()
        reader.feed(html)

        assert not INLINE.search(html), path
        assert f'<html lang="{language}"' in html, path
        assert len(reader.ids) == len(set(reader.ids)), path
        assert set(reader.described) <= set(reader.ids), path
        assert reader.headings.count("h1") == 1, path
        assert {str(control.get("id")) for control in reader.controls} <= reader.labels, path
        assert 'href="#main-content"' in html, path
        for form in reader.forms:
            assert form.get("method", "get") in {"get", "post"}, path


def test_english_page_speaks_english(signed_in: SignedIn, filed: Filed, town: Any) -> None:
    # The longer name first: the city's name is part of its committee's.
    names = ("Ủy ban nhân dân thành phố Đà Nẵng", "Đà Nẵng", "Tiếng Việt", "Võ Văn Thành", "một cửa")
    for path, html in pages(signed_in, filed, "en"):
        reader = Reader()
        reader.feed(html)
        text = " ".join(reader.text)
        for name in (*names, "Một cửa", "Công điện", "Quyết định", "Sở Thông tin và Truyền thông"):
            text = text.replace(name, "")
        for place in sorted((each.name for each in places_now(timezone.localdate())), key=len, reverse=True):
            text = text.replace(place, "")
        if "rules" in path:
            # The tables carry the labels of the DMN file.
            continue
        found = ONLY_VIETNAMESE.search(text)
        assert found is None, f"{path}: …{text[max(0, found.start() - 60) : found.end() + 40]}…"


def queries_of(browser: Client, path: str) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(path).status_code == 200
    return [query["sql"][:160] for query in captured]


def test_lists_cost_the_same_however_long_they_are(signed_in: SignedIn, filed: Callable[..., str]) -> None:
    filed(WHO)
    browser = signed_in(WHO)
    paths = ("/my/", "/my/access/")
    short = [queries_of(browser, path) for path in paths]

    for number in range(4):
        filed(WHO, key=str(number))

    long = [queries_of(browser, path) for path in paths]
    assert [len(each) for each in long] == [len(each) for each in short]
    assert all(len(each) <= 9 for each in long), long


def test_page_of_a_case_costs_eleven_queries(signed_in: SignedIn, filed: Filed) -> None:
    # Session, account, person; the case, its applicant, decisions, history; credential; rating; two of places.
    browser, page = signed_in(WHO), f"/my/{filed(WHO)}/"
    # What the facts of a service are called is read once by each process.
    browser.get(page)

    assert len(queries_of(browser, page)) <= 11


def test_second_click_while_the_first_is_under_way_waits_and_files_nothing(
    signed_in: SignedIn, town: Any
) -> None:
    import hashlib

    browser = signed_in(WHO)
    for step in ("work", "travel", "promise"):
        browser.post(f"/apply/travel_pass/steps/{step}/", town[WHO].posted(step, timezone.now()))
    html = browser.get("/apply/travel_pass/check/").content.decode()
    found = re.search(r'name="key" value="([^"]+)"', html)
    assert found is not None
    lock = hashlib.sha256(f"{town[WHO].account.pk}/{found[1]}".encode()).digest()
    settings = connection.settings_dict
    with psycopg.connect(
        host=settings["HOST"],
        port=settings["PORT"] or None,
        user=settings["USER"],
        password=settings["PASSWORD"] or None,
        dbname=settings["NAME"],
    ) as first_click:
        first_click.execute(
            "SELECT pg_advisory_xact_lock(%s)", [int.from_bytes(lock[:8], "big", signed=True)]
        )

        response = browser.post("/apply/travel_pass/check/", {"key": found[1]}, follow=True)

    assert response.status_code == 202
    assert "Hồ sơ đang được nộp" in response.content.decode()
    assert browser.get("/my/").content.decode().count("H17-") == 0
