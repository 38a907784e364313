"""The board counts what is in the database, within place and office, and every figure opens into its rows."""

import re
from collections import Counter
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from motcua.agencies.models import Place
from motcua.agencies.states import PlaceKind, PlaceTier
from motcua.cases.models import Case
from motcua.cases.services import object_to_decision
from motcua.cases.states import Phase
from motcua.identity.states import Role
from motcua.procedures.services import install_revision

from .conftest import CITY, ELSEWHERE, HERE, MEMBER, NOW, OTHER_WARD, STRANGER, UNSURE, WARD, SignIn, garden

pytestmark = pytest.mark.django_db
BOARD = "/operations/"
FILED = (
    (MEMBER, WARD, timedelta(0)),
    (MEMBER, OTHER_WARD, timedelta(hours=30)),
    (STRANGER, WARD, timedelta(0)),
    (STRANGER, WARD, timedelta(hours=2)),
    (STRANGER, OTHER_WARD, timedelta(0)),
    (UNSURE, WARD, timedelta(0)),
    (UNSURE, OTHER_WARD, timedelta(days=4)),
)


@pytest.fixture
def filed(file: "garden.File", citizen: "garden.Cite", clock: object) -> list[str]:
    """File seven cases in two wards; one refusal meets an objection, one deadline has passed."""
    numbers = [file(who, values={"ward": ward}, now=NOW - ago).number for who, ward, ago in FILED]
    object_to_decision(
        number=numbers[2], applicant_id=citizen(STRANGER).person.id, text="Xin xem lại.", now=NOW
    )
    return numbers


def read(client: Client, address: str = BOARD) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def tiles(page: str) -> dict[str, str]:
    found = re.findall(
        r'mc-tile-figure mc-tile-figure--(\w+)[^"]*" href="[^"]*">.*?__value">([^<]*)<', page, flags=re.S
    )
    return dict(found)


def rows_of_table(page: str) -> dict[str, list[str]]:
    table = page.partition('id="places"')[2].partition("</table>")[0]
    return {
        code: re.findall(r'data-number="([^"]*)"', row)
        for code, row in re.findall(r'<tr data-code="(\d*)">(.*?)</tr>', table, flags=re.S)
    }


def test_totals_equal_the_cases_in_the_database(sign_in: SignIn, filed: list[str]) -> None:
    phases = Counter(Case.objects.values_list("phase", flat=True))

    page = read(sign_in(Role.LEADER))

    assert tiles(page) == {
        "requests": str(Case.objects.count()),
        "granted": str(phases[Phase.GRANTED]),
        "held_back": str(phases[Phase.REFUSED]),
        "waiting_for_person": str(phases[Phase.PERSON]),
        "waiting_for_register": str(phases[Phase.SILENT_REGISTER]),
        "overdue": str(Case.objects.overdue(NOW + timedelta(hours=1)).count()),
    }
    assert phases == {Phase.GRANTED: 2, Phase.REFUSED: 2, Phase.PERSON: 3}
    assert tiles(page)["overdue"] == "1"
    assert "29% số đề nghị" in page


def test_wards_with_figures_come_first_and_all_of_them_are_one_click_away(
    sign_in: SignIn, filed: list[str]
) -> None:
    for number in range(6):
        Place.objects.create(
            code=f"9910{number}",
            name=f"Xã Vắng {number}",
            short_name="Vắng",
            name_folded="vang",
            kind=PlaceKind.WARD,
            tier=PlaceTier.COMMUNE,
            path=f"vn.p99.w9910{number}",
            valid_from=date(2025, 7, 1),
        )

    page = read(sign_in(Role.LEADER))

    shown, folded = page.split('id="places-all">')
    shown = shown.partition('id="places-title"')[2]
    assert "Xem cả 8 phường, xã" in folded
    assert (shown.count("<tr data-code="), shown.count("Xã Vắng")) == (2, 0)
    assert len(rows_of_table(page)) == 8


def test_places_in_the_table_add_up_to_the_tiles(sign_in: SignIn, filed: list[str]) -> None:
    page = read(sign_in(Role.LEADER))

    requests = [int(cells[0]) for cells in rows_of_table(page).values()]
    assert sum(requests) == int(tiles(page)["requests"]) == 7
    assert set(rows_of_table(page)) == {WARD, OTHER_WARD}


def test_case_of_an_unknown_place_has_a_row_of_its_own(
    sign_in: SignIn, file: "garden.File", filed: list[str]
) -> None:
    # As when the register does not know where somebody lives: the case stays with the office's own area.
    Case.objects.filter(number=file(UNSURE).number).update(place_code="", place_path=CITY)

    rows = rows_of_table(read(sign_in(Role.LEADER)))

    assert {code: cells[0] for code, cells in rows.items()} == {WARD: "4", OTHER_WARD: "3", "": "1"}


def test_reasons_add_up_to_what_was_held_back(sign_in: SignIn, filed: list[str]) -> None:
    page = read(sign_in(Role.LEADER))

    counts = re.findall(r'mc-bars__count">(\d+)<', page)
    assert sum(map(int, counts)) == int(tiles(page)["held_back"])
    assert "Thẻ hội viên đã hết hạn" in page


def test_hours_add_up_to_the_requests_of_the_week(sign_in: SignIn, filed: list[str]) -> None:
    page = read(sign_in(Role.LEADER))

    table = page.partition('id="hours-table"')[2]
    days = re.findall(
        r"<tr><th scope=\"row\">.*?</th><td>(\d+)</td><td>(\d+)</td><td[^>]*>([\d ]*)</td>", table
    )
    assert len(days) == 7
    assert sum(int(requests) for requests, _, _ in days) == 7
    assert sum(int(granted) for _, granted, _ in days) == 2
    assert all(sum(map(int, hours.split())) == int(requests) for requests, _, hours in days)


@pytest.mark.parametrize(("place", "requests"), [(HERE, "4"), (ELSEWHERE, "3"), ("vn.p99", "7")])
@pytest.mark.parametrize("role", [Role.LEADER, Role.AUDITOR, Role.SPECIALIST])
def test_each_counts_within_their_place(
    sign_in: SignIn, filed: list[str], role: Role, place: str, requests: str
) -> None:
    assert tiles(read(sign_in(role, place=place)))["requests"] == requests


@pytest.mark.parametrize("role", [Role.INSPECTOR, Role.DATA_STEWARD, None])
@pytest.mark.parametrize(
    "address", ["", "live/", "wards.geojson", "figures/requests/", "figures/requests/cases/"]
)
def test_board_is_not_there_for_roles_without_oversight(
    sign_in: SignIn, filed: list[str], role: Role | None, address: str
) -> None:
    assert sign_in(role).get(BOARD + address).status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "?service=weather",
        "?service=%27--",
        "?place=99999",
        "?place=x'",
        "figures/weather/",
        "figures/requests/?service=weather",
        "figures/hold_back_share/cases/",
    ],
)
def test_address_of_nothing_is_not_found(sign_in: SignIn, filed: list[str], address: str) -> None:
    assert sign_in(Role.APPROVER).get(BOARD + address).status_code == 404


def test_number_of_queries_does_not_grow_with_the_cases(
    sign_in: SignIn, file: "garden.File", filed: list[str]
) -> None:
    browser = sign_in(Role.LEADER)
    read(browser)
    with CaptureQueriesContext(connection) as few:
        read(browser)
    for _ in range(5):
        file(STRANGER)

    with CaptureQueriesContext(connection) as many:
        read(browser)

    assert len(many) == len(few) <= 9


@pytest.mark.parametrize("code", ["requests", "granted", "held_back", "waiting_for_person", "overdue"])
def test_receipt_and_rows_hold_exactly_the_figure(sign_in: SignIn, filed: list[str], code: str) -> None:
    browser = sign_in(Role.APPROVER)
    value = tiles(read(browser))[code]

    receipt = read(browser, f"{BOARD}figures/{code}/")
    rows = read(browser, f"{BOARD}figures/{code}/cases/")

    assert f'mc-receipt__value">{value}<' in receipt
    counted = re.findall(r'govuk-table__cell--numeric">(\d+)<', receipt)
    assert sum(map(int, counted)) == int(value)
    assert len(re.findall(r'href="/desk/[A-Z0-9-]+/"', rows)) == int(value)


def test_rows_of_a_figure_are_the_cases_it_counts(sign_in: SignIn, filed: list[str]) -> None:
    rows = read(sign_in(Role.APPROVER, place=HERE), f"{BOARD}figures/waiting_for_person/cases/")

    assert set(re.findall(r'href="/desk/([A-Z0-9-]+)/"', rows)) == {filed[2], filed[5]}


def test_leader_sees_counts_and_no_case(sign_in: SignIn, filed: list[str]) -> None:
    browser = sign_in(Role.LEADER)

    receipt = read(browser, f"{BOARD}figures/requests/")

    assert "không xem hồ sơ của từng người" in receipt
    assert not [number for number in filed if number in receipt]
    assert browser.get(f"{BOARD}figures/requests/cases/").status_code == 404


def test_estimate_says_its_method_and_its_receipt_formula_parameter_and_what_it_reads(
    sign_in: SignIn, filed: list[str]
) -> None:
    words = garden.words("Chi phí tiết kiệm")
    saved = {
        "code": "saved",
        "label": words,
        "unit": garden.words("đồng"),
        "method": garden.words("Ước tính."),
        "formula": "granted * saved per pass",
        "parameters": {"saved_per_pass": 51000},
    }
    install_revision(content=garden.content(indicators=[saved]), sha256="b" * 64, now=NOW)
    browser = sign_in(Role.LEADER)

    board, receipt = read(browser), read(browser, f"{BOARD}figures/saved/?service=garden_key")

    assert 'mc-estimate__value">102.000<' in board
    assert "Ước tính." in board
    assert "granted * saved per pass" not in board
    assert "granted * saved per pass" in receipt
    assert "saved per pass = 51.000" in receipt
    assert 'href="/operations/figures/granted/?service=garden_key"' in receipt
    assert "garden_key, bản 2" in receipt


def test_running_page_gets_only_what_changes(sign_in: SignIn, file: "garden.File", filed: list[str]) -> None:
    browser = sign_in(Role.LEADER)
    file(MEMBER)

    part = read(browser, f"{BOARD}live/")

    assert "<html" not in part
    assert tiles(part)["requests"] == "8"


def test_running_page_whose_session_ended_loads_again(filed: list[str]) -> None:
    answer = Client().get(f"{BOARD}live/", headers={"HX-Request": "true"})

    assert (answer.status_code, answer.headers["HX-Refresh"]) == (204, "true")


def test_page_carries_no_style_or_script_of_its_own(sign_in: SignIn, filed: list[str]) -> None:
    page = read(sign_in(Role.LEADER))

    assert "style=" not in page
    assert not re.search(r"<script(?![^>]*src=)", page)
    assert not re.search(r"\son\w+=", page)


def test_outlines_are_the_places_of_the_map(sign_in: SignIn) -> None:
    answer = sign_in(Role.LEADER).get(f"{BOARD}wards.geojson")

    assert answer.headers["Content-Type"] == "application/geo+json"
    assert len(answer.json()["features"]) == 94
