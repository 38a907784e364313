"""What an address of the board asks for: one service or all, one place or all that one may see."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone

from motcua.agencies.queries import PlaceNotKnown, PlaceView, place_at
from motcua.procedures.queries import NoSuchProcedure, ProcedureView, procedure_in_force

SERVICE = re.compile(r"[a-z][a-z0-9_]{0,59}")
PLACE = re.compile(r"[0-9]{2,5}")


@dataclass(frozen=True, slots=True)
class Chosen:
    """The service and the place asked for; null is all."""

    service: ProcedureView | None
    place: PlaceView | None

    @property
    def within(self) -> str:
        """Return the branch of places to count; empty for all."""
        return self.place.path if self.place else ""

    @property
    def query(self) -> str:
        """Return the choice as a query string with its question mark, or nothing."""
        given = {
            "service": self.service.code if self.service else "",
            "place": self.place.code if self.place else "",
        }
        kept = {name: value for name, value in given.items() if value}
        return f"?{urlencode(kept)}" if kept else ""

    def figure_url(self, code: str) -> str:
        """Return the address of the receipt of a figure under this choice."""
        return reverse("operations:figure", args=(code,)) + self.query


def chosen_in(request: HttpRequest, now: datetime) -> Chosen:
    """Read service and place from the address; one that is not there is a page that is not there."""
    service, place = (request.GET.get(name, "") for name in ("service", "place"))
    return Chosen(
        _service(service) if service else None, _place(place, timezone.localdate(now)) if place else None
    )


def _service(code: str) -> ProcedureView:
    if SERVICE.fullmatch(code):
        try:
            return procedure_in_force(code)
        except NoSuchProcedure:
            pass
    raise Http404


def _place(code: str, today: date) -> PlaceView:
    if PLACE.fullmatch(code):
        try:
            return place_at(code, today)
        except PlaceNotKnown:
            pass
    raise Http404
