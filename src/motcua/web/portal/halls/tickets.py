"""A ticket on the phone: whoever holds its link sees where it stands, and may leave the line."""

import contextlib

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from motcua.appointments.lines import TicketNotKnown, calls_now, ticket_of
from motcua.appointments.models import Ticket
from motcua.appointments.services import TicketNotWaiting, leave_line
from motcua.appointments.states import Priority, TicketState
from motcua.web.ui.appointment_words import PRIORITIES, TICKET_STATES, wait_words
from motcua.web.ui.words import Bilingual

EVERY_SECONDS = 10


@require_safe
def ticket(request: HttpRequest, secret: str) -> HttpResponse:
    """Show a number, how many are before it, and a range of minutes where enough was measured."""
    return _private(render(request, "portal/halls/ticket.html", _page(secret)))


@require_safe
def ticket_live(request: HttpRequest, secret: str) -> HttpResponse:
    """Return the part that changes."""
    return _private(render(request, "portal/halls/ticket_live.html", _page(secret)))


@require_POST
def leave(request: HttpRequest, secret: str) -> HttpResponse:
    """Take the number out of the line for its holder."""
    try:
        with contextlib.suppress(TicketNotWaiting):
            leave_line(secret=secret, now=timezone.now())
    except Ticket.DoesNotExist:
        raise Http404 from None
    return redirect("portal:ticket", secret)


def _page(secret: str) -> dict[str, object]:
    now = timezone.now()
    try:
        found = ticket_of(secret, now)
    except TicketNotKnown:
        raise Http404 from None
    today = found.day == timezone.localdate(now)
    return {
        "ticket": found,
        "today": today,
        "hall": Bilingual(found.hall_name, found.hall_name_en),
        "group": Bilingual(found.group_vi, found.group_en),
        "state": TICKET_STATES[found.state],
        "waiting": found.state is TicketState.WAITING and today,
        "called": found.state is TicketState.CALLED and today,
        "skipped": found.state is TicketState.SKIPPED and today,
        "priority": PRIORITIES[found.priority] if found.priority is not Priority.NONE else None,
        "estimate": wait_words(found.estimate) if found.estimate else None,
        "booked": found.booked_at,
        "calls": [each for each in calls_now(found.hall_id, now) if each.open],
        "every_seconds": EVERY_SECONDS,
    }


def _private(answer: HttpResponse) -> HttpResponse:
    # Not "no-referrer": with it browsers send the form without saying where it comes from; see papers/shared.py.
    answer.headers["Referrer-Policy"] = "same-origin"
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    answer.headers["Cache-Control"] = "no-store"
    return answer
