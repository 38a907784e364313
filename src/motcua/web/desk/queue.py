"""The officer's queue: what waits, by the legal clock, with filters that work without a script."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from motcua.agencies.queries import place_names
from motcua.cases.consults.queries import consult_named
from motcua.cases.desk.absences import absences_around
from motcua.cases.desk.filters import filters_kept
from motcua.cases.queries import CaseView
from motcua.cases.queues import Cursor, Waiting, Why, queue
from motcua.cases.states import Phase
from motcua.identity.states import Purpose
from motcua.web.desk.asked import Asked, asked_for
from motcua.web.desk.choices import WHYS, filters_of
from motcua.web.desk.clock import Clock, clock_of, paused_clock
from motcua.web.ui.officers import Officer, for_officers
from motcua.web.ui.words import Bilingual, InTwoLanguages

PAGE_SIZE = 25
ASKED = Bilingual("Cần bạn trả lời: {label}", "Asks you: {label}")
WHOSE_STEP = {
    "one_stop_officer": Bilingual("việc của cán bộ một cửa", "for the one-stop officer"),
    "specialist": Bilingual("việc của chuyên viên", "for the specialist"),
    "approver": Bilingual("việc của lãnh đạo", "for the leader"),
}
OTHERS = Bilingual("việc của người khác", "for somebody else")
CITY_WIDE = Bilingual("Chưa rõ địa bàn", "Place not known")


@dataclass(frozen=True, slots=True)
class Line:
    """One case of the queue in words."""

    number: str
    state_name: str
    service: InTwoLanguages
    place: InTwoLanguages
    why: Why
    why_words: InTwoLanguages
    reason: Bilingual | None
    clock: Clock
    hand: str
    mine: bool
    theirs: Bilingual | None = None


@require_safe
@for_officers()
def desk(request: HttpRequest, officer: Officer) -> HttpResponse:
    """Show the queue, or lead an officer without one to what is theirs."""
    if officer.reads_cases:
        return _queue_page(request, officer)
    if officer.sees_figures:
        return redirect("operations:board")
    if officer.designs_services:
        return redirect("studio:services")
    if officer.checks_passes:
        return redirect("scanner:page")
    if officer.rights.serves(Purpose.HELP_CITIZENS):
        return redirect("teams:page")
    if officer.keeps_archives or officer.destroys_records:
        return redirect("desk:archive")
    # An account without a page of its own, as of who looks after registers by commands: say so, and let them out.
    return render(request, "desk/no_page.html", {"officer": officer, "section": ""})


def _queue_page(request: HttpRequest, officer: Officer) -> HttpResponse:
    kept = filters_kept(officer.account_id)
    start = next((each for each in kept if each.is_start), None)
    if not request.GET and start is not None and start.query:
        return redirect(f"{reverse('desk:queue')}?{start.query}")
    stands_in, own_absence = absences_around(officer.account_id, now=officer.now)
    asked = asked_for(request.GET)
    mine = (officer.account_id, *(each.account_id for each in stands_in))
    found = queue(
        officer.rights,
        now=officer.now,
        chosen=asked.filter_for(mine),
        after=asked.after,
        before=asked.before,
        size=PAGE_SIZE,
    )
    paths = {each.case.place_path for each in found.waiting}
    paths |= {group.place_path for group in found.groups or ()}
    places = place_names(paths)
    page = {
        "officer": officer,
        "section": "queue",
        "lines": [line_of(waiting, places, officer, mine) for waiting in found.waiting],
        "found": found,
        "asked": asked,
        "kept": kept,
        "here": next((each for each in kept if each.query == asked.query_text), None),
        "stands_in": stands_in,
        "own_absence": own_absence,
        "filters": filters_of(found, places, officer),
        "before": _beside(asked, "before", found.before),
        "after": _beside(asked, "after", found.after),
    }
    return render(request, "desk/queue.html", page)


def _beside(asked: Asked, way: str, cursor: Cursor | None) -> str:
    """Return the address of the page before or after this one, or nothing."""
    return asked.address({way: str(cursor)}) if cursor else ""


def line_of(waiting: Waiting, places: Mapping[str, str], officer: Officer, mine: tuple[int, ...]) -> Line:
    """Return a case of the queue in words."""
    case = waiting.case
    first = waiting.reason and Bilingual(
        waiting.reason.vi.partition("\n")[0], waiting.reason.en.partition("\n")[0]
    )
    return Line(
        number=case.number,
        state_name=case.state_name,
        service=case.procedure.content.manifest.title,
        place=place_words(case.place_path, places) if case.place_code else CITY_WIDE,
        why=waiting.why,
        # On its way through people's hands a case waits for its next step; the state names it.
        why_words=_asked(waiting) or (case.state.label if waiting.why == "step" else WHYS[waiting.why]),
        reason=first or None,
        # Who is asked has the term of the question, not that of the case.
        clock=clock_of(waiting.asked.due_at, officer.now)
        if waiting.asked
        else clock_in_words(case.phase, case.due_at, officer),
        hand=waiting.hand.name if waiting.hand else "",
        mine=waiting.hand is not None and waiting.hand.account_id in mine,
        theirs=None if waiting.asked else _theirs(case, officer),
    )


def _theirs(case: CaseView, officer: Officer) -> Bilingual | None:
    """Return whose step it is, where none of the acts that lead on from the state is for the officer's roles."""
    by = [
        actor
        for act in case.procedure.content.workflow.acts.values()
        if case.state_name in act.source
        for actor in act.by
    ]
    mine = officer.rights.roles_at(agency_path=case.agency_path, place_path=case.place_path)
    if case.phase is not Phase.PERSON or not by or mine.intersection(by):
        return None
    return next((WHOSE_STEP[actor] for actor in by if actor in WHOSE_STEP), OTHERS)


def _asked(waiting: Waiting) -> Bilingual | None:
    """Return what another agency asks this officer, if it does."""
    consult = waiting.asked and consult_named(waiting.case.procedure.content, waiting.asked.code)
    return ASKED.filled(label=consult.label) if consult else None


def clock_in_words(phase: Phase, due_at: datetime, officer: Officer) -> Clock:
    """Return the clock of a case that waits for somebody."""
    return paused_clock(due_at) if phase is Phase.CITIZEN else clock_of(due_at, officer.now)


def place_words(path: str, places: Mapping[str, str]) -> Bilingual:
    """Return the name of a place, the same in both languages."""
    name = places.get(path, path)
    return Bilingual(name, name)
