"""Finding a service, reading it, and following a case without signing in."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from motcua.identity.throttle import LOOK_UPS_PER_ADDRESS, WINDOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]


@pytest.mark.parametrize(
    "words", ["giay di duong", "GIẤY ĐI ĐƯỜNG", "giấy đi đường", "travel pass", "vung do"]
)
def test_service_is_found_with_or_without_accents(client: Client, words: str) -> None:
    page = client.get("/services/", {"q": words}).content.decode()

    assert "Giấy đi đường" in page
    assert "1 dịch vụ có" in page


def test_nothing_found_still_offers_the_services(client: Client) -> None:
    page = client.get("/services/", {"q": "<b>xyz</b>"}).content.decode()

    assert "Không có dịch vụ nào khớp với “&lt;b&gt;xyz&lt;/b&gt;”" in page
    assert 'href="/services/travel_pass/"' in page


def test_very_long_search_is_cut_not_refused(client: Client) -> None:
    response = client.get("/services/", {"q": "ă" * 50_000})

    assert response.status_code == 200
    assert "ă" * 101 not in response.content.decode()


def test_service_tells_who_what_how_long_fee_law_and_rules(client: Client) -> None:
    page = client.get("/services/travel_pass/").content.decode()

    for part in (
        "Người lao động",
        "Điều kiện",
        "Trong 8 giờ làm việc",
        "Miễn phí",
        "5689",
        "Sở Thông tin và Truyền thông",
        'href="/services/travel_pass/rules/"',
        'href="/apply/travel_pass/"',
        "90 ngày",
    ):
        assert part in page, part


def test_rules_are_shown_as_they_run(client: Client) -> None:
    page = client.get("/services/travel_pass/rules/").content.decode()

    assert page.count("<table") >= 4
    for part in (
        "Nơi bạn ở đang là vùng đỏ",
        "Màu vùng nơi ở: <strong>Vùng đỏ</strong>",
        "<strong>Không cấp</strong>",
    ):
        assert part in page, part
    assert "SOURCES.md" not in page


@pytest.mark.parametrize("path", ["/services/no_such/", "/services/no_such/rules/", "/services/../etc/"])
def test_unknown_service_is_not_found(client: Client, path: str) -> None:
    response = client.get(path)

    assert response.status_code == 404
    assert "Không tìm thấy trang" in response.content.decode()


def test_anyone_sees_where_a_case_stands_and_nothing_of_whose_it_is(
    client: Client, filed: Callable[[str], str]
) -> None:
    number = filed("o-vung-do")

    page = client.get("/status/", {"number": f" {number.lower()} "}).content.decode()

    assert "Chưa cấp" in page
    for personal in ("Võ Văn Thành", "Giấy đi đường", "vùng đỏ", "travel_pass", "1985"):
        assert personal not in page


@pytest.mark.parametrize("number", ["H17-20210903-0000999", "H17-1", "", "'; DROP TABLE--", "Ⅷ" * 3000])
def test_unknown_or_odd_number_gets_advice(client: Client, number: str) -> None:
    response = client.get("/status/", {"number": number})

    assert response.status_code == 200
    assert 'href="#field-number"' in response.content.decode()


def test_who_walks_through_the_numbers_is_told_to_come_back(
    client: Client, filed: Callable[[str], str]
) -> None:
    number = filed("o-vung-do")
    for turn in range(LOOK_UPS_PER_ADDRESS):
        assert client.get("/status/", {"number": f"H17-20200101-{turn:07d}"}).status_code == 200

    stopped = client.get("/status/", {"number": number})
    forged = client.get("/status/", {"number": number}, headers={"X-Forwarded-For": "198.51.100.9"})
    neighbor = client.get("/status/", {"number": number}, REMOTE_ADDR="203.0.113.8")
    with time_machine.travel(timezone.now() + WINDOW + timedelta(seconds=5)):
        later = client.get("/status/", {"number": number})

    assert (stopped.status_code, forged.status_code) == (429, 429)
    assert 0 < int(stopped["Retry-After"]) <= WINDOW.total_seconds()
    assert "Chưa cấp" not in stopped.content.decode()
    assert (neighbor.status_code, later.status_code) == (200, 200)


def test_home_costs_one_query_and_a_search_two_whatever_the_number_of_services(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.get("/")

    with django_assert_num_queries(1):
        client.get("/")
    # Beside what was found stand the life events and offices of all services.
    with django_assert_num_queries(2):
        client.get("/services/", {"q": "duong"})
