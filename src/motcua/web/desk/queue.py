"""The officer's queue: what waits, by the legal clock, with filters that work without a script."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from motcua.agencies.queries import place_names
from motcua.cases.queries import CaseNotFound, case_for_officer
from motcua.cases.queues import ClockSays, Queue, QueueFilter, QueueGroup, Waiting, Why, queue
from motcua.cases.states import Phase
from motcua.procedures.queries import search_services
from motcua.web.desk.clock import Clock, clock_of, paused_clock
from motcua.web.ui.components import Choice, Pages
from motcua.web.ui.officers import Officer, for_officers
from motcua.web.ui.words import Bilingual, InTwoLanguages

PAGE_SIZE = 25
CITY_WIDE = Bilingual("Chưa rõ địa bàn", "Place not known")
WHYS: dict[Why, Bilingual] = {
    "unknown_fact": Bilingual("Dữ kiện chưa rõ", "Fact not known"),
    "step": Bilingual("Bước xử lý", "Step of the procedure"),
    "objection": Bilingual("Có ý kiến", "Objection"),
}
CLOCKS: dict[ClockSays, Bilingual] = {
    "overdue": Bilingual("Quá hạn", "Overdue"),
    "today": Bilingual("Đến hạn hôm nay", "Due today"),
    "later": Bilingual("Chưa đến hạn", "Due later"),
    "paused": Bilingual("Tạm dừng, chờ người nộp", "Stands still, waits for the applicant"),
}
NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
PATH = re.compile(r"[A-Za-z0-9_]{1,40}(\.[A-Za-z0-9_]{1,40}){0,7}")
NUMBER = re.compile(r"[A-Z][0-9A-Z.]{0,11}-[0-9]{8}-[0-9]{7}")


@dataclass(frozen=True, slots=True)
class Line:
    """One case of the queue in words."""

    number: str
    service: InTwoLanguages
    place: InTwoLanguages
    why: Why
    why_words: InTwoLanguages
    reason: Bilingual | None
    clock: Clock


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for: the filter, the page, and the filter again as a query string."""

    chosen: QueueFilter
    page: int

    @property
    def query(self) -> dict[str, str]:
        """Return the filter as it stands in the address."""
        given = {
            "why": self.chosen.why or "",
            "service": self.chosen.procedure,
            "place": self.chosen.place_path,
            "clock": self.chosen.clock or "",
        }
        return {name: value for name, value in given.items() if value}

    @property
    def address_of_pages(self) -> str:
        """Return the address of a page of this filter, with ``{page}`` where its number goes."""
        return f"?{urlencode(self.query)}&page={{page}}" if self.query else "?page={page}"


@require_safe
@for_officers()
def desk(request: HttpRequest, officer: Officer) -> HttpResponse:
    """Show the queue, or lead an officer without one to what is theirs."""
    if officer.reads_cases:
        return _queue_page(request, officer, sought="")
    if officer.sees_figures:
        return redirect("operations:board")
    if officer.designs_services:
        return redirect("studio:services")
    if officer.checks_passes:
        return redirect("scanner:page")
    raise Http404


@require_safe
@for_officers()
def search(request: HttpRequest, officer: Officer) -> HttpResponse:
    """Lead to the case of a number, or say that there is none within the officer's place and office."""
    if not officer.reads_cases:
        raise Http404
    sought = re.sub(r"\s", "", request.GET.get("number", ""))[:60].upper()
    if NUMBER.fullmatch(sought):
        try:
            return redirect("desk:case", case_for_officer(sought, officer.rights).case.number)
        except CaseNotFound:
            pass
    return _queue_page(request, officer, sought=sought or "–")


def _queue_page(request: HttpRequest, officer: Officer, *, sought: str) -> HttpResponse:
    asked = asked_for(request.GET)
    found = queue(officer.rights, now=officer.now, chosen=asked.chosen, page=asked.page, size=PAGE_SIZE)
    last = max(1, -(-found.total // PAGE_SIZE))
    places = place_names({group.place_path for group in found.groups})
    page = {
        "officer": officer,
        "section": "queue",
        "sought": sought,
        "lines": [line_of(waiting, places, officer) for waiting in found.waiting],
        "total": found.total,
        "overdue": found.overdue,
        "everything": sum(group.count for group in found.groups if group.clock != "paused"),
        "paused": sum(group.count for group in found.groups if group.clock == "paused"),
        "asked": asked,
        "filters": filters_of(found, places),
        "pages": Pages(min(asked.page, last), last, asked.address_of_pages),
    }
    return render(request, "desk/queue.html", page)


def asked_for(sent: Mapping[str, str]) -> Asked:
    """Read the filter from the address; what is not a possible value asks for nothing."""
    why, service, place, page = (sent.get(name, "") for name in ("why", "service", "place", "page"))
    says = sent.get("clock", "")
    chosen = QueueFilter(
        why=next((each for each in WHYS if each == why), None),
        clock=next((each for each in CLOCKS if each == says), None),
        procedure=service if NAME.fullmatch(service) else "",
        place_path=place if PATH.fullmatch(place) else "",
    )
    return Asked(chosen, int(page) if re.fullmatch(r"[1-9][0-9]{0,5}", page) else 1)


def line_of(waiting: Waiting, places: Mapping[str, str], officer: Officer) -> Line:
    """Return a case of the queue in words."""
    case = waiting.case
    first = waiting.reason and Bilingual(
        waiting.reason.vi.partition("\n")[0], waiting.reason.en.partition("\n")[0]
    )
    return Line(
        number=case.number,
        service=case.procedure.content.manifest.title,
        place=_place(case.place_path, places) if case.place_code else CITY_WIDE,
        why=waiting.why,
        # On its way through people's hands a case waits for its next step; the state names it.
        why_words=case.state.label if waiting.why == "step" else WHYS[waiting.why],
        reason=first or None,
        clock=paused_clock(case.due_at)
        if case.phase is Phase.CITIZEN
        else clock_of(case.due_at, officer.now),
    )


def filters_of(found: Queue, places: Mapping[str, str]) -> dict[str, tuple[Choice, ...]]:
    """Return the choices of each filter with how many cases each has, from what waits at all."""
    titles = {service.code: service.content.manifest.title for service in search_services()}
    whys = {why: _counted(WHYS[why], _sum(found.groups, "why", why)) for why in WHYS}
    services = {
        code: _counted(titles.get(code, Bilingual(code, code)), _sum(found.groups, "procedure", code))
        for code in dict.fromkeys(group.procedure for group in found.groups)
    }
    paths = {
        path: _counted(_place(path, places), _sum(found.groups, "place_path", path))
        for path in sorted(
            {group.place_path for group in found.groups}, key=lambda path: places.get(path, "")
        )
    }
    clocks = {says: _counted(CLOCKS[says], _sum(found.groups, "clock", says)) for says in CLOCKS}
    return {
        name: tuple(Choice(value, label) for value, label in choices.items())
        for name, choices in (("why", whys), ("service", services), ("place", paths), ("clock", clocks))
    }


def _sum(groups: Iterable[QueueGroup], column: str, value: str) -> int:
    return sum(group.count for group in groups if getattr(group, column) == value)


def _counted(label: InTwoLanguages, count: int) -> Bilingual:
    return Bilingual(f"{label.in_language('vi')} ({count})", f"{label.in_language('en')} ({count})")


def _place(path: str, places: Mapping[str, str]) -> Bilingual:
    name = places.get(path, path)
    return Bilingual(name, name)
