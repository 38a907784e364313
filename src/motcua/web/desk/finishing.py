"""Results that wait for a seal or to be handed over: they have left the queue, and somebody waits for them."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from motcua.agencies.queries import place_names
from motcua.cases.finishing import Finish, results_to_finish
from motcua.identity.states import Purpose
from motcua.web.desk.queue import CITY_WIDE, place_words
from motcua.web.ui.officers import Officer, for_officers
from motcua.web.ui.words import Bilingual, InTwoLanguages

TITLES: dict[Finish, Bilingual] = {
    "seal": Bilingual("Chờ vào số, đóng dấu", "Waiting for the seal"),
    "hand_over": Bilingual("Chờ trả cho người nộp", "Waiting to be handed over"),
}
WHAT_NEXT: dict[Finish, Bilingual] = {
    "seal": Bilingual(
        "Lãnh đạo đã ký; chưa đóng dấu thì người nộp chưa nhận được giấy. Mở từng hồ sơ, đọc giấy rồi đóng dấu.",
        "Signed already; the applicant gets nothing before the seal. Open each case, read the paper and seal it.",
    ),
    "hand_over": Bilingual(
        "Giấy đã đóng dấu. Khi người nộp đến nhận, tìm số hồ sơ ở đây và ghi đã trả.",
        "Sealed already. When the applicant comes for it, find the number here and note that it was handed over.",
    ),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One case of the list in words."""

    number: str
    service: InTwoLanguages
    state: InTwoLanguages
    since: datetime
    place: InTwoLanguages


@dataclass(frozen=True, slots=True)
class Step:
    """What waits for one step."""

    name: str
    title: Bilingual
    what_next: Bilingual
    lines: tuple[Line, ...]
    more: bool


@require_safe
@for_officers(Purpose.READ_CASES)
def results(request: HttpRequest, officer: Officer) -> HttpResponse:
    """List what waits for the officer's seal, and what waits for its applicant to come."""
    found = results_to_finish(officer.rights)
    places = place_names({case.place_path for each in found.values() for case in each.cases})
    steps = [
        Step(
            name=step,
            title=TITLES[step],
            what_next=WHAT_NEXT[step],
            lines=tuple(
                Line(
                    number=case.number,
                    service=case.procedure.content.manifest.title,
                    state=case.state.label,
                    since=case.changed_at,
                    place=place_words(case.place_path, places) if case.place_code else CITY_WIDE,
                )
                for case in found[step].cases
            ),
            more=found[step].more,
        )
        for step in TITLES
        if step in found
    ]
    return render(request, "desk/finishing.html", {"officer": officer, "section": "results", "steps": steps})
