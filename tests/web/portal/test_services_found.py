"""Services are found by word, life event and office, and say how often they are on time, never of a few cases."""

from datetime import UTC, datetime, timedelta
from typing import Any  # Any: the town's fixture type lives in conftest, which is not importable

import pytest
from django.test import Client

from motcua.cases.models import Case, CaseEntry
from motcua.cases.timeliness import OnTime, on_time_results
from motcua.procedures.queries import procedure_in_force
from motcua.web.portal.finding import on_time_of

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC)


def test_list_links_to_both_forms_of_the_catalogue(town: Any, db: None) -> None:
    page = Client().get("/services/").content.decode()

    assert '<link rel="alternate" type="text/turtle" href="/services/catalogue.ttl"' in page
    assert 'type="application/ld+json" href="/services/catalogue.jsonld"' in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?event=working", True),
        ("?event=birth", False),
        ("?agency=so_ttt", True),
        ("?agency=dn", False),
        ("?event=epidemic&agency=so_ttt", True),
        ("?q=giay+di+duong&event=working", True),
        ("?event=%27%22%3C", False),
    ],
)
def test_services_are_chosen_by_life_event_and_office(town: Any, db: None, query: str, found: bool) -> None:
    page = Client().get(f"/services/{query}")

    assert page.status_code == 200
    chosen = [service.code for service in page.context["services"]]
    assert ("travel_pass" in chosen) is found


def test_life_events_and_offices_are_listed_with_their_numbers(town: Any, db: None) -> None:
    page = Client().get("/services/").content.decode()

    assert 'href="/services/?event=working">Làm việc</a> (1)' in page
    assert 'href="/services/?agency=so_ttt">Sở Thông tin và Truyền thông</a> (1)' in page


def results(town: Any, filed: Any, *, late: int, on_time: int) -> None:
    """Make so many cases of the travel pass with a result, of which some came too late."""
    number = filed(next(iter(town)))
    model = Case.objects.get(number=number)
    entries = list(CaseEntry.objects.filter(case_number=number))
    for at in range(late + on_time - 1):
        copied = Case.objects.get(number=number)
        copied.number = f"{number[:-7]}{9_000_000 + at:07d}"
        if at < late:
            copied.filed_at = model.filed_at - timedelta(hours=2)
            copied.due_at = model.filed_at - timedelta(hours=1)
        copied.save(force_insert=True)
        for entry in entries:
            entry.pk, entry.case_number = None, copied.number
            entry.save(force_insert=True)
    Case.objects.filter(procedure_code="travel_pass").update(phase="granted", state="granted")
    CaseEntry.objects.exclude(to_state="received").update(to_state="granted")


def test_share_is_that_of_real_cases(town: Any, filed: Any) -> None:
    results(town, filed, late=3, on_time=9)

    counted = on_time_results(procedure_in_force("travel_pass"), now=NOW + timedelta(minutes=5))

    assert (counted.results, counted.on_time, counted.percent) == (12, 9, 75)


def test_few_cases_give_no_share(town: Any, filed: Any) -> None:
    results(town, filed, late=1, on_time=8)
    on_time_of.__globals__["_counted"].cache_clear()

    page = Client().get("/services/travel_pass/").content.decode()

    assert "Chưa đủ hồ sơ để tính" in page
    assert "%</dd>" not in page


@pytest.mark.parametrize(
    ("counted", "percent"), [(OnTime(9, 9), None), (OnTime(10, 10), 100), (OnTime(1000, 999), 99)]
)
def test_percent_is_never_rounded_up(counted: OnTime, percent: int | None) -> None:
    assert counted.percent == percent
