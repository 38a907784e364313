"""What is late and near, by office and officer: each figure leads to the queue, for who may read the cases."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from motcua.agencies.queries import AgencyView, agencies_within
from motcua.cases.lateness import LateLine, away_under, lateness
from motcua.identity.states import PURPOSES, Purpose
from motcua.web.ui.officers import Officer, for_officers
from motcua.web.ui.words import Bilingual, InTwoLanguages

NOBODY = Bilingual("chưa ai nhận", "in nobody's hands")
OF_OFFICE = Bilingual("cả cơ quan", "the whole office")


@dataclass(frozen=True, slots=True)
class Figure:
    """A number, and where it leads if the reader may read the cases behind it."""

    count: int
    address: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line in words."""

    office: InTwoLanguages
    who: InTwoLanguages
    overdue: Figure
    today: Figure
    soon: Figure
    apologized: int


@require_safe
@for_officers(Purpose.READ_CASES, Purpose.OVERSEE)
def late(request: HttpRequest, officer: Officer) -> HttpResponse:
    """Show who has late and near cases, and who is away."""
    found = lateness(officer.rights, now=officer.now)
    offices = {each.path: each for each in agencies_within("")} if found else {}
    page = {
        "officer": officer,
        "section": "late",
        "lines": [_line(each, offices, officer) for each in found],
        "overdue": sum(each.overdue for each in found),
        "near": sum(each.today + each.soon for each in found),
        "apologized": sum(each.apologized for each in found),
        "away": away_under(officer.rights, now=officer.now),
    }
    return render(request, "operations/late.html", page)


def _line(each: LateLine, offices: Mapping[str, AgencyView], officer: Officer) -> Line:
    office = offices.get(each.agency_path)
    named = Bilingual(each.name, each.name) if each.account_id else NOBODY
    return Line(
        office=Bilingual(office.name, office.name_en) if office else Bilingual("", ""),
        who=named if each.named else OF_OFFICE,
        overdue=_figure(each, "overdue", officer),
        today=_figure(each, "today", officer),
        soon=_figure(each, "soon", officer),
        apologized=each.apologized,
    )


def _figure(each: LateLine, clock: str, officer: Officer) -> Figure:
    count: int = getattr(each, clock)
    if not count or not _reads(officer, each.agency_path):
        return Figure(count, "")
    asked = {"office": each.agency_path, "clock": clock}
    if each.named:
        asked["hand"] = str(each.account_id) if each.account_id else "nobody"
    return Figure(count, f"{reverse('desk:queue')}?{urlencode(asked)}")


def _reads(officer: Officer, agency_path: str) -> bool:
    return any(
        Purpose.READ_CASES in PURPOSES[grant.role]
        and (agency_path == grant.agency_path or agency_path.startswith(f"{grant.agency_path}."))
        for grant in officer.rights.grants
    )
