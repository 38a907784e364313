"""Who has an appointment in a hall: came, did not come, affected by a change of plan."""

from dataclasses import dataclass
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from motcua.appointments.models import Booking, ServiceGroup
from motcua.appointments.queries import BookingView, HallView, bookings_on, displaced_in, halls_for
from motcua.appointments.services import (
    BookingNotHere,
    HallClosed,
    NoTicketsLeft,
    TooEarlyToMiss,
    check_in,
    mark_missed,
    mark_told,
    take_ticket,
)
from motcua.appointments.services.arriving import booking_within, who_booked
from motcua.appointments.states import BookingState, Displaced, Priority
from motcua.identity.states import Purpose
from motcua.procedures.queries import NoSuchProcedure, procedure_in_force
from motcua.web.ui.appointment_words import (
    BOOKING_COLORS,
    BOOKING_STATES,
    DISPLACED,
    PRIORITIES,
    group_words,
    hall_words,
    time_words,
)
from motcua.web.ui.components import Choice
from motcua.web.ui.officers import Officer, for_officers
from motcua.web.ui.words import Bilingual, InTwoLanguages

NOT_HERE = Bilingual(
    "Không có lịch hẹn nào như vậy cho hôm nay tại đây.", "No appointment of today is here under that code."
)
TOO_EARLY = Bilingual(
    "Giờ hẹn chưa qua; người dân vẫn có thể đến.", "The time is not over; the person may still come."
)
CLOSED = Bilingual("Ngoài giờ làm việc của nơi này.", "The hall is closed at this hour.")
NONE_LEFT = Bilingual("Hôm nay đã phát hết số.", "All numbers of today are given out.")
MOVED_ON = Bilingual(
    "Lịch hẹn này vừa thay đổi. Danh sách dưới đây là hiện tại.",
    "This appointment changed meanwhile. The list below is as of now.",
)
GIVEN = Bilingual(
    "Số thứ tự: {number}. Mời người dân ngồi chờ gọi số.", "Number {number}. Please ask them to wait."
)


@dataclass(frozen=True, slots=True)
class Said:
    """What the page says on top: what was done, or why it was not; and whose name was asked for."""

    done: Bilingual | None = None
    refused: Bilingual | None = None
    named: int = 0
    name: str = ""


@require_safe
@for_officers(Purpose.HANDLE_CASES, Purpose.DIRECT)
def appointments(request: HttpRequest, officer: Officer) -> HttpResponse:
    """Show a hall's appointments of a day, and those that its plan has no room for."""
    number = request.GET.get("number", "")
    done = GIVEN.filled(number=number) if number.isdecimal() and len(number) < 7 else None
    return _page(request, officer, Said(done=done))


@require_POST
@for_officers(Purpose.HANDLE_CASES)
def arrive(request: HttpRequest, officer: Officer) -> HttpResponse:
    """Give the person of a code, or of a line of the list, their number."""
    hall = _hall(request, officer)
    code = "".join(each for each in request.POST.get("code", "")[:20] if each in "0123456789")
    try:
        ticket = check_in(hall_code=hall.code, code=code, now=officer.now)
    except BookingNotHere:
        return _page(request, officer, Said(refused=NOT_HERE))
    return redirect(f"{reverse('desk:appointments')}?hall={hall.code}&number={ticket.number}")


@require_POST
@for_officers(Purpose.HANDLE_CASES)
def give_number(request: HttpRequest, officer: Officer) -> HttpResponse:
    """Give a number to somebody without an appointment who does not use the machine."""
    hall = _hall(request, officer)
    priority = request.POST.get("priority", "")
    try:
        ticket = take_ticket(
            hall_code=hall.code,
            group_code=request.POST.get("group", "")[:40].replace("\0", ""),
            priority=Priority(priority) if priority in Priority.values else Priority.NONE,
            now=officer.now,
        )
    except ServiceGroup.DoesNotExist:
        raise Http404 from None
    except HallClosed:
        return _page(request, officer, Said(refused=CLOSED))
    except NoTicketsLeft:
        return _page(request, officer, Said(refused=NONE_LEFT))
    return redirect(f"{reverse('desk:appointments')}?hall={hall.code}&number={ticket.number}")


@require_POST
@for_officers(Purpose.HANDLE_CASES)
def missed(request: HttpRequest, officer: Officer, booking: int) -> HttpResponse:
    """Note that the person did not come."""
    try:
        row = booking_within(booking, officer.rights)
        mark_missed(booking_id=booking, rights=officer.rights, now=officer.now)
    except Booking.DoesNotExist:
        return _page(request, officer, Said(refused=MOVED_ON))
    except TooEarlyToMiss:
        return _page(request, officer, Said(refused=TOO_EARLY))
    return redirect(f"{reverse('desk:appointments')}?hall={row.hall.code}&day={row.day.isoformat()}")


@require_POST
@for_officers(Purpose.HANDLE_CASES)
def told(request: HttpRequest, officer: Officer, booking: int) -> HttpResponse:
    """Note that somebody told the person of the change."""
    try:
        row = booking_within(booking, officer.rights)
        mark_told(booking_id=booking, rights=officer.rights, now=officer.now)
    except Booking.DoesNotExist:
        raise Http404 from None
    return redirect(f"{reverse('desk:appointments')}?hall={row.hall.code}#displaced")


@require_POST
@for_officers(Purpose.HANDLE_CASES)
def name(request: HttpRequest, officer: Officer, booking: int) -> HttpResponse:
    """Show the name behind an appointment this once; the person sees that it was looked up."""
    try:
        found = who_booked(booking_id=booking, rights=officer.rights, now=officer.now)
    except Booking.DoesNotExist:
        raise Http404 from None
    return _page(request, officer, Said(named=booking, name=found.name))


def halls_of(officer: Officer) -> list[HallView]:
    """Return the halls that the officer works in or answers for; raises ``Http404`` without any."""
    found = halls_for(officer.rights, Purpose.HANDLE_CASES, Purpose.DIRECT)
    if not found:
        raise Http404
    return found


def chosen_hall(found: list[HallView], code: str) -> HallView:
    """Return the hall of that code, or the first."""
    return next((each for each in found if each.code == code), found[0])


def _hall(request: HttpRequest, officer: Officer) -> HallView:
    """Return the hall named in the form, at whose counters the officer works."""
    code = request.POST.get("hall", "")
    found = [each for each in halls_for(officer.rights, Purpose.HANDLE_CASES) if each.code == code]
    if not found:
        raise Http404
    return found[0]


def _page(request: HttpRequest, officer: Officer, said: Said) -> HttpResponse:
    found = halls_of(officer)
    hall = chosen_hall(found, (request.POST or request.GET).get("hall", ""))
    today = timezone.localdate(officer.now)
    day = _day(request.GET.get("day", ""), today)
    bookings = bookings_on(hall.id, day)
    works = officer.rights.may(Purpose.HANDLE_CASES, agency_path=hall.agency_path, place_path=hall.place_path)
    page = {
        "officer": officer,
        "section": "halls",
        "part": "today",
        "hall": hall,
        "hall_name": hall_words(hall),
        "halls": [Choice(each.code, hall_words(each)) for each in found],
        "day": day,
        "is_today": day == today,
        "works": works,
        "said": said,
        "lines": [_line(each, officer) for each in bookings],
        "displaced": [_line(each, officer) for each in displaced_in(hall.id, officer.now)],
        "counts": {
            "booked": len(bookings),
            "came": sum(each.state is BookingState.CAME for each in bookings),
            "missed": sum(each.state is BookingState.MISSED for each in bookings),
        },
        "groups": [Choice(each.code, group_words(each)) for each in hall.groups],
        "priorities": [Choice(each.value, PRIORITIES[each]) for each in Priority],
    }
    return render(request, "desk/halls/today.html", page, status=409 if said.refused else 200)


def _line(found: BookingView, officer: Officer) -> dict[str, object]:
    return {
        "booking": found,
        "time": time_words(found.starts_at, found.ends_at),
        "matter": _matter(found),
        "state": BOOKING_STATES[found.state],
        "color": BOOKING_COLORS[found.state],
        "may_come": found.state in (BookingState.BOOKED, BookingState.MISSED)
        and timezone.localdate(found.starts_at) == timezone.localdate(officer.now),
        "may_miss": found.state is BookingState.BOOKED and found.ends_at <= officer.now,
        "why": DISPLACED[Displaced(found.displaced)] if found.displaced else None,
    }


def _matter(found: BookingView) -> InTwoLanguages:
    try:
        if found.procedure:
            return procedure_in_force(found.procedure).content.manifest.title
    except NoSuchProcedure:
        pass
    return group_words(found.group)


def _day(text: str, today: date) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return today
