"""The public page of rules: what holds now, on a day, in one version; every row with its source, no code left."""

import re
from datetime import UTC, datetime

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from motcua.procedures.models import Revision
from motcua.procedures.queries import procedure_in_force
from motcua.procedures.services import install_revision

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]
ADDRESS = "/services/travel_pass/rules/"
FIRST = datetime(2026, 8, 3, 2, 0, tzinfo=UTC)
LAW = "số ngày tối đa giữa hai vùng xanh"
SECOND = datetime(2026, 8, 20, 2, 0, tzinfo=UTC)


@pytest.fixture
def two_versions() -> None:
    """Put version 1 in force on 3 August and version 2, which allows ten days, on 20 August at nine o'clock."""
    Revision.objects.update(installed_at=FIRST)
    standing = procedure_in_force("travel_pass").content
    model = standing.decision_model.replace("days green then days green", "10 then 10")
    shorter = standing.model_copy(update={"decision_model": model})
    install_revision(content=shorter, sha256="b" * 64, now=SECOND)


def seen(client: Client, query: str = "") -> str:
    answer = client.get(ADDRESS + query)
    assert answer.status_code == 200
    return str(answer.content.decode())


def version(page: str) -> tuple[str, str]:
    """Return the number of the version shown and what its longest pass is: a number of days, or what the law says."""
    number = re.search(r"<strong>Phiên bản (\d+)</strong>", page)
    days = re.search(r"Số ngày cần đi, nhiều nhất (10|số ngày tối đa giữa hai vùng xanh)", page)
    assert number is not None
    assert days is not None
    return number[1], days[1]


@pytest.mark.usefixtures("two_versions")
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ("2", "10")),
        ("?on=2026-08-20", ("2", "10")),
        ("?on=2026-08-19", ("1", LAW)),
        ("?on=2026-08-03", ("1", LAW)),
        ("?on-day=19&on-month=8&on-year=2026", ("1", LAW)),
        ("?on=2999-01-01", ("2", "10")),
        ("?revision=1", ("1", LAW)),
        ("?revision=2", ("2", "10")),
    ],
)
def test_tables_are_those_of_the_day(client: Client, query: str, expected: tuple[str, str]) -> None:
    assert version(seen(client, query)) == expected


@pytest.mark.usefixtures("two_versions")
def test_day_before_the_first_version_says_so_and_shows_no_table(client: Client) -> None:
    page = seen(client, "?on=2026-08-02")

    assert "Ngày 2/8/2026 dịch vụ này chưa có quy tắc nào" in page
    assert "Thứ Hai, 3/8/2026, 09:00" in page
    assert "<table" not in page


@pytest.mark.usefixtures("two_versions")
def test_versions_lead_to_each_other(client: Client) -> None:
    old, new = seen(client, "?revision=1"), seen(client)

    assert 'rel="next" href="?revision=2"' in old
    assert "Không còn áp dụng" in old
    assert "Thứ Năm, 20/8/2026, 09:00" in old
    assert 'rel="prev" href="?revision=1"' in new
    assert "Đang áp dụng" in new
    assert 'rel="next"' not in new


@pytest.mark.usefixtures("two_versions")
def test_withdrawn_service_still_tells_its_rules_of_a_day(client: Client) -> None:
    Revision.objects.filter(number=2).update(withdrawn_at=datetime(2026, 8, 25, 2, 0, tzinfo=UTC))

    assert version(seen(client, "?on=2026-08-21")) == ("2", "10")
    assert "Ngày 26/8/2026 không có quy tắc nào của dịch vụ này được áp dụng" in seen(
        client, "?on=2026-08-26"
    )
    assert "Dịch vụ này không còn được áp dụng" in seen(client)


@pytest.mark.parametrize(
    "query",
    ["?on=hôm qua", "?on=2026-02-30", "?on=9999-12-31", "?on-day=31&on-month=2&on-year=2026", "?on-day=<b>"],
)
def test_day_that_is_none_is_told_beside_the_field(client: Client, query: str) -> None:
    answer = client.get(ADDRESS + query)
    page = answer.content.decode()

    assert answer.status_code == 400
    assert "Nhập một ngày có thật" in page
    assert "govuk-error-summary" in page
    assert "<b>" not in page


@pytest.mark.parametrize("query", ["?revision=9", "?revision=999999"])
def test_version_that_is_none_is_not_found(client: Client, query: str) -> None:
    assert client.get(ADDRESS + query).status_code == 404


def test_revision_that_is_no_number_shows_what_holds(client: Client) -> None:
    assert version(seen(client, "?revision=x")) == ("1", LAW)


def test_page_reads_without_codes_and_every_row_has_its_source(client: Client) -> None:
    page = seen(client)
    text = re.sub(r"<[^>]+>", " ", page[page.index("<table") : page.rindex("</table>")])

    for code in ("proven", "essential", "refuse", "null", "today", "moved_away", "employer group", "{"):
        assert code not in text, code
    rows = len(re.findall(r'<th scope="row"', page))
    assert rows > 40
    assert page.count("Căn cứ:") == rows
    assert page.count("<caption") == page.count("<table") == 7
    for word in ("dữ liệu chứng tỏ là có", "thiết yếu", "sau hôm nay + 3 ngày", "[Cần đi từ ngày]"):
        assert word in text, word


def test_english_page_has_the_same_words_in_english(client: Client) -> None:
    client.cookies["django_language"] = "en"

    page = seen(client)

    for word in (
        "shown by the registers",
        "essential",
        "Link with the workplace",
        "at most most days between green zones",
    ):
        assert word in page, word


def test_source_with_an_address_is_a_link(client: Client) -> None:
    standing = procedure_in_force("travel_pass").content
    model = standing.decision_model.replace(
        "Công điện 5689 (9/2021), SOURCES.md mục 1.2", "Công điện 5689, https://vbpl.vn/5689?a=1&amp;b=2"
    )
    basis = tuple(
        each.model_copy(update={"url": "https://vbpl.vn/2095"}) if each.number == "2095" else each
        for each in standing.manifest.legal_basis
    )
    manifest = standing.manifest.model_copy(update={"legal_basis": basis})
    linked = standing.model_copy(update={"decision_model": model, "manifest": manifest})
    install_revision(content=linked, sha256="c" * 64, now=SECOND)

    page = seen(client)

    assert 'href="https://vbpl.vn/5689?a=1&amp;b=2" rel="noopener noreferrer">Công điện 5689</a>' in page
    assert 'href="https://vbpl.vn/2095" rel="noopener noreferrer">Quyết định 2095 (03/9/2021)</a>' in page


def test_page_costs_one_query_once_the_revision_is_known(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    seen(client)

    with django_assert_num_queries(1):
        seen(client)
