"""Choosing a hall, a group of services, a day and a time: open to everyone; booking asks who one is."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from motcua.agencies.queries import PlaceNotKnown, PlaceView, place_at, places_now
from motcua.appointments.queries import (
    GroupView,
    HallNotKnown,
    HallView,
    TimeView,
    days_with_room,
    hall,
    halls,
    times_with_room,
)
from motcua.appointments.services import KeyReused, SlotFull, TimeNotOffered, TooManyOpen, book
from motcua.procedures.queries import NoSuchProcedure, ProcedureView, procedure_in_force
from motcua.web.portal.access import Citizen, for_citizens
from motcua.web.ui.appointment_words import group_words, hall_words, time_words
from motcua.web.ui.components import Choice, Crumb, FieldError
from motcua.web.ui.words import Bilingual

APPOINTMENTS = Crumb(Bilingual("Hẹn giờ đến làm việc", "Appointments"), "/appointments/")
DANANG = "vn.p48"
FULL = Bilingual(
    "Giờ này vừa hết chỗ. Bạn chưa mất gì; hãy chọn giờ khác còn chỗ dưới đây.",
    "This time has just filled up. Nothing is lost; choose another time below.",
)
GONE = Bilingual(
    "Giờ này không còn nhận hẹn. Hãy chọn giờ khác dưới đây.",
    "This time is no longer offered. Choose another below.",
)
TOO_MANY = Bilingual(
    "Bạn đang có {most} lịch hẹn cho nhóm việc này, là nhiều nhất mà nơi này nhận cho một người. "
    "Hãy đổi giờ hoặc hủy một lịch hẹn trong mục “Lịch hẹn của tôi”.",
    "You hold {most} appointments for this kind of matter, the most that this office takes for one person. "
    "Move or cancel one under “My appointments”.",
)


@dataclass(frozen=True, slots=True)
class Chosen:
    """What has been chosen so far."""

    hall: HallView
    group: GroupView

    @property
    def crumbs(self) -> list[Crumb]:
        """Return the way back."""
        return [APPOINTMENTS]


@require_safe
def where(request: HttpRequest) -> HttpResponse:
    """List the halls, those that serve the reader's ward first; with a service, which group it belongs to."""
    now = timezone.now()
    today = timezone.localdate(now)
    place = _place(request.GET.get("place", ""), today)
    service = _service(request.GET.get("service", ""))
    found = halls(near=_near(place) if place else None)
    page = {
        "halls": [(each, _fit(each, service), place is not None and _serves(each, place)) for each in found],
        "place": place,
        "service": service,
        "places": [Choice(each.code, each.name) for each in places_now(today, within=DANANG)],
        "section": "appointments",
    }
    return render(request, "portal/booking/where.html", page)


@require_safe
def when(request: HttpRequest, code: str, group: str) -> HttpResponse:
    """Show the days with room, and the times of the chosen one."""
    return _times_page(request, _chosen(code, group))


@require_http_methods(["GET", "HEAD", "POST"])
@for_citizens
def confirm(request: HttpRequest, citizen: Citizen, code: str, group: str) -> HttpResponse:
    """Ask once more, then sell the place; the key of the form makes a second press the same booking."""
    chosen = _chosen(code, group)
    sent = request.POST if request.method == "POST" else request.GET
    starts_at = _moment(sent.get("at", ""))
    if starts_at is None:
        raise Http404
    now = timezone.now()
    if request.method != "POST":
        times = times_with_room(chosen.group.id, timezone.localdate(starts_at), now)
        found = next((each for each in times if each.starts_at == starts_at), None)
        if found is None or found.left == 0:
            return _times_page(
                request, chosen, day=timezone.localdate(starts_at), mistake=FULL if found else GONE
            )
        page = {
            "chosen": chosen,
            "group": group_words(chosen.group),
            "hall": hall_words(chosen.hall),
            "time": time_words(found.starts_at, found.ends_at),
            "at": found.starts_at.isoformat(),
            "key": uuid.uuid4(),
            "service": _service(request.GET.get("service", "")),
            "crumbs": chosen.crumbs,
            "section": "appointments",
        }
        return render(request, "portal/booking/confirm.html", page)
    service = _service(request.POST.get("service", ""))
    try:
        booked = book(
            hall_code=code,
            group_code=group,
            starts_at=starts_at,
            person_id=citizen.person.id,
            key=request.POST.get("key", "").replace("\0", "")[:64] or str(uuid.uuid4()),
            procedure=service.code if service else "",
            now=now,
        )
    except (SlotFull, TimeNotOffered, TooManyOpen, KeyReused) as refusal:
        mistake = (
            TOO_MANY.filled(most=refusal.most)
            if isinstance(refusal, TooManyOpen)
            else FULL
            if isinstance(refusal, SlotFull)
            else GONE
        )
        return _times_page(request, chosen, day=timezone.localdate(starts_at), mistake=mistake, status=409)
    return redirect(f"{reverse('portal:appointment', args=[booked.booking.pk])}?booked=1")


def times_page(
    group_id: int, now: datetime, *, wanted: date | None
) -> tuple[list[tuple[date, int]], date | None, Sequence[TimeView]]:
    """Return the days with their places left, the day that is shown (the first with room) and its times."""
    days = days_with_room(group_id, now)
    known = {day for day, _ in days}
    shown = wanted if wanted in known else next((day for day, left in days if left), None)
    return days, shown, times_with_room(group_id, shown, now) if shown else ()


def moment_in(text: str) -> datetime | None:
    """Return the moment that an address names, or nothing."""
    return _moment(text)


def day_in(text: str) -> date | None:
    """Return the day that an address names, or nothing."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _times_page(
    request: HttpRequest,
    chosen: Chosen,
    *,
    day: date | None = None,
    mistake: Bilingual | None = None,
    status: int = 200,
) -> HttpResponse:
    days, shown, times = times_page(
        chosen.group.id, timezone.now(), wanted=day or day_in(request.GET.get("day", ""))
    )
    service = _service((request.POST if request.method == "POST" else request.GET).get("service", ""))
    page = {
        "chosen": chosen,
        "group": group_words(chosen.group),
        "hall": hall_words(chosen.hall),
        "days": days,
        "day": shown,
        "times": times,
        "service": service,
        "errors": (FieldError("times", mistake),) if mistake else (),
        "base": reverse("portal:book_confirm", args=[chosen.hall.code, chosen.group.code]),
        "crumbs": chosen.crumbs,
        "section": "appointments",
    }
    return render(request, "portal/booking/when.html", page, status=status)


def _chosen(code: str, group: str) -> Chosen:
    try:
        found = hall(code)
    except HallNotKnown:
        raise Http404 from None
    part = found.group(group)
    if part is None:
        raise Http404
    return Chosen(found, part)


def _fit(found: HallView, service: ProcedureView | None) -> tuple[tuple[GroupView, Bilingual], ...]:
    """Return the groups to choose from: with a service, the one that names it; all where none does."""
    named = [each for each in found.groups if service and service.code in each.procedures]
    return tuple((each, group_words(each)) for each in (named or found.groups))


def _place(code: str, today: date) -> PlaceView | None:
    if not (code.isdecimal() and len(code) == 5):
        return None
    try:
        return place_at(code, today)
    except PlaceNotKnown:
        return None


def _near(place: PlaceView) -> tuple[str, float | None, float | None]:
    return (
        place.path,
        float(place.latitude) if place.latitude is not None else None,
        float(place.longitude) if place.longitude is not None else None,
    )


def _serves(found: HallView, place: PlaceView) -> bool:
    return place.path == found.place_path or place.path.startswith(f"{found.place_path}.")


def _service(code: str) -> ProcedureView | None:
    try:
        return procedure_in_force(code) if code else None
    except NoSuchProcedure:
        return None


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError:
        return None
    return found if found.tzinfo is not None else None
