"""The operations board: what happens now, for those who oversee or handle it, each figure with its receipt."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from motcua.agencies.queries import OUTLINES, places_now
from motcua.cases.counts import requests_by_hour
from motcua.identity.states import Purpose
from motcua.indicators.queries import figures_by_service
from motcua.procedures.queries import search_services
from motcua.switching.ending import endings
from motcua.web.operations.chosen import Chosen, chosen_in
from motcua.web.operations.panels import (
    BY_PLACE,
    estimates,
    first_hour,
    further,
    hours,
    place_rows,
    reasons,
    service_rows,
    tiles,
)
from motcua.web.ui.officers import Officer, for_officers
from motcua.web.ui.reading import as_of, read_as_of

EVERY_SECONDS = 10
WORTH_FOLDING = 5


@require_safe
@for_officers(Purpose.READ_CASES, Purpose.OVERSEE)
def board(request: HttpRequest, officer: Officer) -> HttpResponse:
    """Show the board; a browser that runs the script renews its numbers by itself."""
    page = board_page(officer, chosen_in(request, officer.now))
    # Whoever can do something about it is told.
    warned = {"endings": endings(officer.now) if officer.directs else ()}
    return render(request, "operations/board.html", {**page, **warned})


@require_safe
def live(request: HttpRequest) -> HttpResponseBase:
    """Return the part of the board that changes; tell a page whose session has ended to load again."""
    if not request.user.is_authenticated:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return _live(request)


@for_officers(Purpose.READ_CASES, Purpose.OVERSEE)
def _live(request: HttpRequest, officer: Officer) -> HttpResponse:
    return render(request, "operations/live.html", board_page(officer, chosen_in(request, officer.now)))


@require_safe
@for_officers(Purpose.READ_CASES, Purpose.OVERSEE)
def outlines(request: HttpRequest, officer: Officer) -> HttpResponse:
    """Return the outlines of the places in force, for the map."""
    headers = {"Cache-Control": "private, max-age=86400"}
    return HttpResponse(OUTLINES.read_bytes(), content_type="application/geo+json", headers=headers)


def board_page(officer: Officer, chosen: Chosen) -> dict[str, object]:
    """Return the values of the templates ``operations/board.html`` and ``live.html``; five queries."""
    services = search_services()
    everything, each = figures_by_service(
        services, rights=officer.rights, now=officer.now, within=chosen.within
    )
    figures = each[chosen.service.code] if chosen.service else everything
    places = places_now(timezone.localdate(officer.now), within=chosen.within or "vn")
    by_hour = requests_by_hour(
        rights=officer.rights,
        now=officer.now,
        hours=first_hour(officer.now),
        procedure=chosen.service.code if chosen.service else "",
        within=chosen.within,
    )
    rows = place_rows(figures, places, chosen)
    busy = [row for row in rows if row.has_figures]
    estimated = (service for service in services if chosen.service in (None, service))
    return {
        "officer": officer,
        "section": "operations",
        "chosen": chosen,
        "services": services,
        "tiles": tiles(figures, chosen),
        "reasons": reasons(figures, services, each, chosen.place),
        "place_rows": rows,
        "busy_rows": busy,
        "place_count": len(places),
        # Most wards have nothing most days: they are folded away, and one click shows the map's whole table.
        "folded": len(rows) - len(busy) >= WORTH_FOLDING,
        "columns": [figures[code].definition for code in BY_PLACE],
        "hours": hours(by_hour),
        "service_rows": () if chosen.service else service_rows(services, each, chosen.place),
        "estimates": [
            one for service in estimated for one in estimates(service, each[service.code], chosen.place)
        ],
        "further": further(figures, chosen),
        "as_of": as_of(officer.now),
        "copied": read_as_of.get() is not None,
        "every_seconds": EVERY_SECONDS,
        "live_url": reverse("operations:live") + chosen.query,
    }
