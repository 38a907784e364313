"""A citizen's own appointments: seen, moved, given back, put into a calendar."""

import contextlib
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from motcua.appointments.models import Booking
from motcua.appointments.queries import BookingNotKnown, BookingView, booking_of, bookings_of
from motcua.appointments.services import (
    BookingNotOpen,
    SlotFull,
    TimeNotOffered,
    cancel_booking,
    move_booking,
)
from motcua.appointments.services.arriving import note_seen
from motcua.appointments.states import Displaced
from motcua.procedures.queries import NoSuchProcedure, procedure_in_force
from motcua.web.portal.access import Citizen, for_citizens
from motcua.web.portal.booking.choosing import FULL, GONE, day_in, moment_in, times_page
from motcua.web.portal.booking.reminders import calendar_file, reminder
from motcua.web.portal.passes import qr_picture
from motcua.web.ui.appointment_words import (
    BOOKING_COLORS,
    BOOKING_STATES,
    DISPLACED,
    group_words,
    hall_words,
    time_words,
)
from motcua.web.ui.components import Crumb, FieldError, Row
from motcua.web.ui.words import Bilingual, InTwoLanguages, current_language

MINE = Crumb(Bilingual("Lịch hẹn của tôi", "My appointments"), "/my/appointments/")
SOON = timedelta(hours=24)


@require_safe
@for_citizens
def appointments(request: HttpRequest, citizen: Citizen) -> HttpResponse:
    """List the citizen's appointments; what an office cannot keep stands on top, and is then told."""
    now = timezone.now()
    lines = [_line(each, now) for each in bookings_of(citizen.person.id, now)]
    note_seen(person_id=citizen.person.id, now=now)
    page = {
        "coming": [line for line in lines if line["open"]],
        "past": [line for line in lines if not line["open"]],
        "section": "appointments",
    }
    return render(request, "portal/booking/mine.html", page)


@require_safe
@for_citizens
def appointment(request: HttpRequest, citizen: Citizen, booking_id: int) -> HttpResponse:
    """Show one appointment: when, where, the code to say there, what to do if one cannot come."""
    found = _own(citizen, booking_id)
    now = timezone.now()
    note_seen(person_id=citizen.person.id, now=now)
    rows = [
        Row(Bilingual("Thời gian", "Time"), time_words(found.starts_at, found.ends_at)),
        Row(Bilingual("Nơi đến", "Place"), hall_words(found.hall)),
        Row(Bilingual("Địa chỉ", "Address"), found.hall.address),
        Row(Bilingual("Việc", "For"), _matter(found)),
    ]
    page = {
        "line": _line(found, now),
        "booking": found,
        "rows": rows,
        "qr": qr_picture(found.code),
        "reminder": reminder(found),
        "just_booked": "booked" in request.GET,
        "just_moved": "moved" in request.GET,
        "crumbs": [MINE],
        "section": "appointments",
    }
    return render(request, "portal/booking/appointment.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
@for_citizens
def move(request: HttpRequest, citizen: Citizen, booking_id: int) -> HttpResponse:
    """Show the times that are free, or take one of them; the old one stands until the new one is taken."""
    found = _own(citizen, booking_id)
    now = timezone.now()
    if not found.is_open(now):
        return redirect("portal:appointment", booking_id)
    mistake: Bilingual | None = None
    wanted = day_in(request.GET.get("day", ""))
    if request.method == "POST":
        starts_at = moment_in(request.POST.get("at", ""))
        try:
            if starts_at is None:
                raise TimeNotOffered
            move_booking(booking_id=booking_id, person_id=citizen.person.id, starts_at=starts_at, now=now)
        except BookingNotOpen:
            return redirect("portal:appointment", booking_id)
        except (SlotFull, TimeNotOffered) as refusal:
            mistake = FULL if isinstance(refusal, SlotFull) else GONE
            wanted = timezone.localdate(starts_at) if starts_at else None
        else:
            return redirect(f"{reverse('portal:appointment', args=[booking_id])}?moved=1")
    days, day, times = times_page(found.group.id, now, wanted=wanted)
    page = {
        "line": _line(found, now),
        "booking": found,
        "days": days,
        "day": day,
        "times": [each for each in times if each.starts_at != found.starts_at],
        "errors": (FieldError("times", mistake),) if mistake else (),
        "crumbs": [MINE],
        "section": "appointments",
    }
    return render(request, "portal/booking/move.html", page, status=409 if mistake else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@for_citizens
def cancel(request: HttpRequest, citizen: Citizen, booking_id: int) -> HttpResponse:
    """Ask whether the citizen means it, then give the place back."""
    found = _own(citizen, booking_id)
    now = timezone.now()
    if request.method == "POST":
        with contextlib.suppress(BookingNotOpen, Booking.DoesNotExist):
            cancel_booking(booking_id=booking_id, person_id=citizen.person.id, now=now)
        return redirect("portal:appointment", booking_id)
    if not found.is_open(now):
        return redirect("portal:appointment", booking_id)
    page = {"line": _line(found, now), "booking": found, "crumbs": [MINE], "section": "appointments"}
    return render(request, "portal/booking/cancel.html", page)


@require_safe
@for_citizens
def calendar(request: HttpRequest, citizen: Citizen, booking_id: int) -> HttpResponse:
    """Give the appointment as a file for a calendar."""
    found = _own(citizen, booking_id)
    now = timezone.now()
    if not found.is_open(now):
        raise Http404
    host = urlsplit(settings.SITE_URL).hostname or "motcua"
    response = HttpResponse(
        calendar_file(found, current_language(), host=host, now=now),
        content_type="text/calendar; charset=utf-8",
    )
    response.headers["Content-Disposition"] = 'attachment; filename="lich-hen.ics"'
    return response


def to_mind(person_id: int, now: datetime) -> list[dict[str, object]]:
    """Return the appointments of the next day, and those that an office cannot keep; one query."""
    lines = [_line(each, now) for each in bookings_of(person_id, now) if each.is_open(now)]
    return [line for line in lines if line["soon"] or line["displaced"]]


def _own(citizen: Citizen, booking_id: int) -> BookingView:
    try:
        return booking_of(citizen.person.id, booking_id)
    except BookingNotKnown:
        raise Http404 from None


def _line(found: BookingView, moment: datetime) -> dict[str, object]:
    is_open = found.is_open(moment)
    return {
        "booking": found,
        "open": is_open,
        "soon": is_open and found.starts_at - moment < SOON,
        "time": time_words(found.starts_at, found.ends_at),
        "hall": hall_words(found.hall),
        "matter": _matter(found),
        "state": BOOKING_STATES[found.state],
        "color": BOOKING_COLORS[found.state],
        "displaced": DISPLACED[Displaced(found.displaced)] if is_open and found.displaced else None,
    }


def _matter(found: BookingView) -> InTwoLanguages:
    try:
        if found.procedure:
            return procedure_in_force(found.procedure).content.manifest.title
    except NoSuchProcedure:
        pass
    return group_words(found.group)
