"""Leaders write directives: from one that there is, as text with its faults by line, as a form, place by place."""

import re
from collections.abc import Callable, Iterator

import pytest
import time_machine
from directing import NOW, OTHER_WARD, WARD, at, directive_text, leader, open_parameters, open_places, switch
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from motcua.directives.law import law_with
from motcua.directives.models import Directive, OpinionFigure
from motcua.directives.queries import directive, directives
from motcua.directives.services import install
from motcua.identity.models import Account
from motcua.identity.states import Role

pytestmark = pytest.mark.django_db
LIST = "/operations/directives/"
FIRST = directive_text(
    parameters=f'{{zones.color: {{default: green, places: {{"{WARD}": red}}}}, limits.days_green: "14"}}'
)
Browse = Callable[..., Client]


@pytest.fixture
def clock(db: None) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def first(clock: object) -> int:
    open_places()
    open_parameters(NOW)
    return install(text=FIRST, now=NOW, name="05.yaml")


@pytest.fixture
def browse(first: int) -> Browse:
    """Return a browser in which an officer of that name and role is signed in."""

    def signed_in(login: str = "lanhdao", role: Role = Role.LEADER) -> Client:
        found = Account.objects.filter(login=login).first()
        account = found or Account.objects.get(pk=leader(login, role=role))
        browser = Client()
        browser.force_login(account)
        return browser

    return signed_in


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return found[1]


def textarea(page: str) -> str:
    found = re.search(r"<textarea[^>]*name=\"text\"[^>]*>\n?(.*?)</textarea>", page, flags=re.S)
    assert found
    return found[1].replace("&quot;", '"').replace("&#x27;", "'").replace("&amp;", "&")


def drafted(browser: Client, first: int, **changes: str) -> int:
    """Begin from the first directive, fill the form in, and return the id of the draft that was kept."""
    page = browser.post(f"{LIST}begin/", {"from": first}).content.decode()
    sent = {
        "way": "form",
        "text": textarea(page),
        "number": "08/CT-UBND",
        "replaces": "05/CT-UBND",
        "in_force.from": "28/9/2026 06:00",
        "in_force.until": "",
        "undo_within_hours": "12",
        "parameters.limits.days_green": "7",
        **changes,
    }
    answer = browser.post(f"{LIST}new/", sent)
    assert answer.status_code == 302, re.findall(
        r"mc-complaints.*?</ol>|govuk-error-summary.*?</ul>", answer.content.decode(), flags=re.S
    )
    return int(answer.headers["Location"].split("/")[3])


def test_list_shows_what_is_in_force_and_offers_to_write_from_it(browse: Browse) -> None:
    page = browse().get(LIST).content.decode()

    assert "Đang áp dụng" in page
    assert "Soạn từ Chỉ thị 05/CT-UBND" in page


def test_draft_from_another_keeps_its_text_and_takes_what_the_form_says(browse: Browse, first: int) -> None:
    made = drafted(browse(), first)

    found = directive(made, NOW)
    assert (found.number, found.replaces, found.undo_within_hours) == ("08/CT-UBND", ("05/CT-UBND",), 12)
    assert found.content.parameters["limits.days_green"].default == "7"
    assert dict(found.content.parameters["zones.color"].places) == {WARD: "red"}
    assert f"{found.from_at:%Y-%m-%d %H:%M}" == "2026-09-27 23:00"


def test_moment_that_there_is_not_is_told_beside_its_field_and_nothing_is_kept(
    browse: Browse, first: int
) -> None:
    page = browse().post(f"{LIST}begin/", {"from": first}).content.decode()
    sent = {"way": "form", "text": textarea(page), "number": "08", "in_force.from": "31/2/2026 06:00"}

    answer = browse().post(f"{LIST}new/", sent)

    assert answer.status_code == 422
    assert "Ghi ngày và giờ có thật" in answer.content.decode()
    assert Directive.objects.count() == 1


def test_fault_in_the_text_is_told_with_its_line_and_its_remedy(browse: Browse) -> None:
    wrong = (
        FIRST.replace("05/CT-UBND", "08/CT-UBND")
        .replace("replaces: []", "replaces: [05/CT-UBND]")
        .replace(f'"{WARD}": red', f'"{WARD}": purple')
    )
    line = next(at for at, words in enumerate(wrong.split("\n"), start=1) if "purple" in words)

    answer = browse().post(f"{LIST}new/", {"way": "text", "text": wrong})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'href="#line-{line}"' in page
    assert "không thuộc các giá trị cho phép" in page
    assert textarea(page).strip() == wrong.strip()
    assert Directive.objects.count() == 1


def test_colors_chosen_in_the_table_are_what_holds_there(browse: Browse, first: int) -> None:
    browser = browse()
    made = drafted(browser, first)
    address = f"{LIST}{made}/places/zones.color/"
    page = browser.get(address).content.decode()
    sent = {
        "seen": hidden(page, "seen"),
        "default": "yellow",
        f"place-{WARD}": "",
        f"place-{OTHER_WARD}": "green",
    }

    answer = browser.post(address, sent)

    assert answer.status_code == 302
    law = law_with(made, at(days=9))
    assert [law.value("zones.color", code).text for code in (WARD, OTHER_WARD)] == ["yellow", "green"]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"default": "", f"place-{WARD}": ""}, 302),
        ({"default": "green", "place-abc": "red", "place-": "red"}, 302),
        ({"default": "purple"}, 422),
        ({"default": "green", f"place-{WARD}": "x" * 5000}, 422),
        ({"default": "green", f"place-{WARD}": "red\x1b"}, 422),
    ],
)
def test_whatever_is_sent_for_colors_is_saved_or_refused(
    browse: Browse, first: int, sent: dict[str, str], status: int
) -> None:
    browser = browse()
    made = drafted(browser, first)
    address = f"{LIST}{made}/places/zones.color/"
    seen = hidden(browser.get(address).content.decode(), "seen")

    assert browser.post(address, {"seen": seen, **sent}).status_code == status


def test_leader_of_a_ward_adds_no_figures_to_a_directive_of_the_city(browse: Browse, first: int) -> None:
    browser = Client()
    ward = leader("lanhdao.phuong", place_path=f"vn.p48.w{WARD}")
    browser.force_login(Account.objects.get(pk=ward))
    content = "measured_on,source,source_url,reach,against_percent,favor_percent\n2026-09-20,Báo,,5,,\n"
    file = SimpleUploadedFile("o.csv", content.encode())

    assert browser.post(f"{LIST}{first}/opinions/", {"file": file}).status_code == 403
    assert not OpinionFigure.objects.exists()


def test_colors_are_not_saved_over_what_somebody_else_saved(browse: Browse, first: int) -> None:
    browser = browse()
    made = drafted(browser, first)
    address = f"{LIST}{made}/places/zones.color/"

    answer = browser.post(address, {"seen": "0" * 64, "default": "red"})

    assert answer.status_code == 409
    assert directive(made, NOW).content.parameters["zones.color"].default == "green"


def test_colors_come_from_a_file_all_or_none(browse: Browse, first: int) -> None:
    browser = browse()
    made = drafted(browser, first)
    address = f"{LIST}{made}/places/zones.color/"

    def send(csv: str) -> int:
        seen = directive(made, NOW).sha256
        file = SimpleUploadedFile("colors.csv", csv.encode())
        return browser.post(f"{address}import/", {"seen": seen, "file": file}).status_code

    assert send(f"place,color\n{OTHER_WARD},yellow\n{WARD},violet\n") == 422
    assert dict(directive(made, NOW).content.parameters["zones.color"].places) == {WARD: "red"}
    assert send(f"place,color\n{OTHER_WARD},yellow\n") == 302
    assert dict(directive(made, NOW).content.parameters["zones.color"].places) == {
        WARD: "red",
        OTHER_WARD: "yellow",
    }


def test_page_of_a_draft_counts_places_now_and_then(browse: Browse, first: int) -> None:
    browser = browse()
    made = drafted(browser, first)

    page = browser.get(f"{LIST}{made}/").content.decode()

    assert "Hiện nay" in page
    assert "mc-differs" in page
    assert "Đặt Màu theo nơi" in page


def test_history_of_a_place_tells_each_color_and_its_directive(browse: Browse, first: int) -> None:
    chair, deputy = leader("a"), leader("b")
    text = directive_text(
        "08/CT-UBND", replaces="[05/CT-UBND]", since="2026-09-18T00:00", parameters="{zones.color: yellow}"
    )
    switch(text, by=chair, second=deputy, at=at(hours=-1))

    page = browse().get(f"{LIST}history/zones.color/{WARD}/").content.decode()

    assert page.index("Vàng") < page.index("Đỏ")
    assert page.index("08/CT-UBND") < page.index("05/CT-UBND")


@pytest.mark.parametrize("role", [Role.SPECIALIST, Role.AUDITOR])
def test_only_leaders_write_and_only_they_see_drafts(browse: Browse, first: int, role: Role) -> None:
    made = drafted(browse(), first)
    other = browse("khac", role)

    assert other.get(LIST).status_code == 200
    assert "08/CT-UBND" not in other.get(LIST).content.decode()
    assert other.get(f"{LIST}{made}/").status_code == 404
    assert other.post(f"{LIST}begin/", {"from": first}).status_code == 404
    assert other.post(f"{LIST}new/", {"way": "text", "text": FIRST}).status_code == 404
    assert other.post(f"{LIST}{made}/places/zones.color/", {}).status_code == 404
    assert len(directives(NOW)) == 2


def test_role_without_anything_to_do_here_finds_nothing(browse: Browse) -> None:
    assert browse("chot", Role.INSPECTOR).get(LIST).status_code == 404


def test_opinion_is_imported_with_source_and_date_and_shown_as_it_came(browse: Browse, first: int) -> None:
    browser = browse()
    address = f"{LIST}{first}/opinions/"
    head = "measured_on,source,source_url,reach,against_percent,favor_percent\n"

    def send(rows: str) -> int:
        return browser.post(
            address, {"file": SimpleUploadedFile("o.csv", (head + rows).encode())}
        ).status_code

    assert send("2021-09-08,Cục An toàn thông tin,,17000000,0.3,\n2021-13-01,Báo,,1,,\n") == 422
    assert OpinionFigure.objects.count() == 0
    assert send("2021-09-08,Cục An toàn thông tin,,17000000,0.3,\n") == 302
    page = browser.get(f"{LIST}{first}/").content.decode()
    for said in ("8/9/2021", "Cục An toàn thông tin", "17.000.000", "0,3%", "không nêu"):
        assert said in page


def test_draft_is_given_up_after_a_question(browse: Browse, first: int) -> None:
    browser = browse()
    made = drafted(browser, first)

    assert "Bỏ bản soạn này?" in browser.get(f"{LIST}{made}/discard/").content.decode()
    assert browser.post(f"{LIST}{made}/discard/").status_code == 302
    assert directive(made, NOW).discarded_at is not None
