"""How long people wait and are served today, by hall and group of services: median and slow tenth, measured."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from motcua.appointments.lines import HallFigures, figures_of
from motcua.appointments.queries import halls_for
from motcua.identity.states import Purpose
from motcua.web.ui.officers import Officer, for_officers
from motcua.web.ui.words import Bilingual

MINUTES = Bilingual("{minutes} phút", "{minutes} min")
UNDER_A_MINUTE = Bilingual("dưới 1 phút", "under 1 min")
NOTHING = Bilingual("–", "–")


@require_safe
@for_officers(Purpose.READ_CASES, Purpose.OVERSEE)
def halls(request: HttpRequest, officer: Officer) -> HttpResponse:
    """Show each hall of a day within the officer's reach; today unless another day is asked for."""
    today = timezone.localdate(officer.now)
    try:
        day = min(today, date.fromisoformat(request.GET.get("day", "")))
    except ValueError:
        day = today
    found = halls_for(officer.rights, Purpose.READ_CASES, Purpose.OVERSEE)
    page = {
        "officer": officer,
        "section": "halls",
        "day": day,
        "halls": [
            (hall.code, _row(whole), [_row(part) for part in parts])
            for hall, whole, parts in figures_of(found, day)
        ],
    }
    return render(request, "operations/halls.html", page)


def _row(figures: HallFigures) -> dict[str, object]:
    return {
        "label": Bilingual(figures.label_vi, figures.label_en),
        "figures": figures,
        "waited": _minutes(figures.waited.median_seconds),
        "waited_slow": _minutes(figures.waited.p90_seconds),
        "served": _minutes(figures.served.median_seconds),
        "served_slow": _minutes(figures.served.p90_seconds),
    }


def _minutes(seconds: int | None) -> Bilingual:
    if seconds is None:
        return NOTHING
    return MINUTES.filled(minutes=round(seconds / 60)) if seconds >= 60 else UNDER_A_MINUTE
