"""Finding a case by number, by name without accents or by citizen number; what is typed stands in no address."""

import re
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from motcua.agencies.queries import place_names
from motcua.cases.finding import NUMBER, FoundCase, Search, TooShort, find_cases
from motcua.cases.queries import CaseNotFound, case_for_officer
from motcua.cases.states import Phase
from motcua.web.desk.clock import Clock, clock_of, paused_clock
from motcua.web.ui.case_words import COLORS
from motcua.web.ui.officers import Officer, for_officers
from motcua.web.ui.words import Bilingual

LONGEST = 80


@dataclass(frozen=True, slots=True)
class FoundLine:
    """A case that was found, in words."""

    found: FoundCase
    place: str
    colour: str
    clock: Clock | None


@require_http_methods(["GET", "HEAD", "POST"])
@for_officers()
def search(request: HttpRequest, officer: Officer) -> HttpResponse:
    """Lead to the case of a number, list what fits a name or a citizen number, or say that nothing does.

    Names and citizen numbers are taken from a form that is posted only: an address is kept by browsers and logs.
    """
    if not officer.reads_cases:
        raise Http404
    posted = request.method == "POST"
    words = (request.POST.get("words", "") if posted else request.GET.get("number", "")).strip()[:LONGEST]
    number = re.sub(r"\s", "", words).upper()
    if NUMBER.fullmatch(number):
        try:
            return redirect("desk:case", case_for_officer(number, officer.rights).case.number)
        except CaseNotFound:
            return _shown(request, officer, words, Search())
    if not posted:
        return _shown(request, officer, words, Search())
    try:
        return _shown(
            request, officer, words, find_cases(words=words, rights=officer.rights, now=officer.now)
        )
    except TooShort:
        return _shown(request, officer, words, Search(), too_short=True)


def _shown(
    request: HttpRequest, officer: Officer, words: str, found: Search, *, too_short: bool = False
) -> HttpResponse:
    places = place_names({each.case.place_path for each in found.found})
    lines = [
        FoundLine(
            each,
            places.get(each.case.place_path, "") if each.case.place_code else "",
            COLORS[each.case.phase],
            _clock(each, officer),
        )
        for each in found.found
    ]
    page = {
        "officer": officer,
        "section": "queue",
        "words": words,
        "lines": lines,
        "more": found.more,
        "too_short": too_short,
        "title": Bilingual("Tìm hồ sơ", "Find a case"),
    }
    return render(request, "desk/search.html", page)


def _clock(each: FoundCase, officer: Officer) -> Clock | None:
    case = each.case
    if case.phase is Phase.CITIZEN:
        return paused_clock(case.due_at)
    return clock_of(case.due_at, officer.now) if case.phase in Phase.open() else None
