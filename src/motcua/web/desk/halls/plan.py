"""The plan of a hall: how many people fit into a time, closures and extra hours, the machine and the display.

A change is shown with whom it affects before it is made; nobody is dropped by it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time

from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from motcua.appointments.models import Hall, HallHours, ServiceGroup
from motcua.appointments.openings import OwnHours, Plan
from motcua.appointments.queries import (
    BookingView,
    HallView,
    counters_of,
    displaced_in,
    hours_in,
    kiosk_key,
    plans_in,
)
from motcua.appointments.services import lift_hours, new_kiosk_key, set_hours, set_plan
from motcua.appointments.states import HoursKind
from motcua.identity.states import Purpose
from motcua.web.desk.halls.today import halls_of
from motcua.web.ui.appointment_words import HOURS_KINDS, group_words, hall_words, time_words
from motcua.web.ui.components import Choice, FieldError
from motcua.web.ui.officers import Officer, for_officers
from motcua.web.ui.words import Bilingual

DAY = Bilingual("Viết ngày như 24/11/2026.", "Write a day as 24/11/2026.")
ORDER = Bilingual("Ngày cuối phải bằng hoặc sau ngày đầu.", "The last day is the first or later.")
PAST = Bilingual("Chỉ đổi được từ hôm nay trở đi.", "Only days from today on can be changed.")
NUMBER = Bilingual("Viết số người từ 0 đến 500.", "Write a number from 0 to 500.")
MINUTES = Bilingual("Viết số phút từ 5 đến 240.", "Write minutes from 5 to 240.")
HOUR = Bilingual("Viết giờ như 08:00, giờ sau lớn hơn giờ trước.", "Write hours as 08:00, the later second.")
REASON = Bilingual("Viết lý do; người dân đọc được.", "Write the reason; people read it.")
GROUP = Bilingual("Chọn một nhóm việc.", "Choose a group.")


@dataclass(frozen=True, slots=True)
class Change:
    """A change that was asked for: what it is called and how it is made; making it returns who no longer fits."""

    words: Bilingual
    make: Callable[[], int]


class _OnlyTried(Exception):
    """Ends the transaction in which a change was only tried."""


@require_http_methods(["GET", "HEAD", "POST"])
@for_officers(Purpose.HANDLE_CASES, Purpose.DIRECT)
def plan(request: HttpRequest, officer: Officer, code: str) -> HttpResponse:
    """Show the plan, show what a change would do to people, or make it."""
    hall = next((each for each in halls_of(officer) if each.code == code), None)
    if hall is None:
        raise Http404
    if request.method != "POST":
        return _page(request, officer, hall, ())
    read = {"plan": _plan_change, "hours": _hours_change, "lift": _lift_change}.get(
        request.POST.get("change", "")
    )
    if read is None:
        raise Http404
    change = read(request, officer, hall)
    if not isinstance(change, Change):
        return _page(request, officer, hall, change)
    try:
        if request.POST.get("confirmed") == "yes":
            displaced = change.make()
            return redirect(f"{reverse('desk:hall_plan', args=[code])}?displaced={displaced}")
        affected = _tried(change, hall, officer)
    except (Hall.DoesNotExist, HallHours.DoesNotExist, ServiceGroup.DoesNotExist):
        raise Http404 from None
    page = {
        "officer": officer,
        "section": "halls",
        "hall": hall,
        "hall_name": hall_words(hall),
        "words": change.words,
        "affected": [
            (each, time_words(each.starts_at, each.ends_at), group_words(each.group)) for each in affected
        ],
        "sent": [(name, value) for name, value in request.POST.items() if name != "csrfmiddlewaretoken"],
    }
    return render(request, "desk/halls/confirm.html", page)


@require_POST
@for_officers(Purpose.HANDLE_CASES, Purpose.DIRECT)
def renew_key(request: HttpRequest, officer: Officer, code: str) -> HttpResponse:
    """Shut out every machine that gives out numbers of the hall, by a new key."""
    try:
        new_kiosk_key(hall_code=code, rights=officer.rights)
    except Hall.DoesNotExist:
        raise Http404 from None
    return redirect(f"{reverse('desk:hall_plan', args=[code])}#machines")


def _tried(change: Change, hall: HallView, officer: Officer) -> list[BookingView]:
    """Return whom the change leaves without room who had it before; nothing is changed."""
    before = {each.id for each in displaced_in(hall.id, officer.now)}
    affected: list[BookingView] = []
    try:
        with transaction.atomic():
            change.make()
            affected = [each for each in displaced_in(hall.id, officer.now) if each.id not in before]
            raise _OnlyTried
    except _OnlyTried:
        return affected


def _plan_change(request: HttpRequest, officer: Officer, hall: HallView) -> Change | tuple[FieldError, ...]:
    errors: list[FieldError] = []
    group = hall.group(request.POST.get("group", ""))
    if group is None:
        errors.append(FieldError("group", GROUP))
    days = _days(request, officer, "plan", errors)
    capacity = _number(request, "capacity", range(501), NUMBER, errors)
    minutes = _number(request, "slot_minutes", range(5, 241), MINUTES, errors)
    if errors or group is None or days is None:
        return tuple(errors)
    wanted = Plan(days[0], days[1], minutes, capacity)
    words = Bilingual(
        f"{group.label_vi}: {capacity} người mỗi {minutes} phút, từ {_span(days)}",
        f"{group.label_en}: {capacity} people every {minutes} minutes, from {_span(days)}",
    )
    return Change(
        words,
        lambda: set_plan(
            hall_code=hall.code, group_code=group.code, plan=wanted, rights=officer.rights, now=officer.now
        ),
    )


def _hours_change(request: HttpRequest, officer: Officer, hall: HallView) -> Change | tuple[FieldError, ...]:
    errors: list[FieldError] = []
    kind = request.POST.get("kind", "")
    days = _days(request, officer, "hours", errors)
    reason = request.POST.get("reason", "").replace("\0", "").strip()[:200]
    if not reason:
        errors.append(FieldError("reason", REASON))
    opens, closes = _time(request.POST.get("opens", "")), _time(request.POST.get("closes", ""))
    if opens is None or closes is None or opens >= closes:
        errors.append(FieldError("opens", HOUR))
    if errors or days is None or opens is None or closes is None or kind not in HoursKind.values:
        return tuple(errors)
    hours = OwnHours(HoursKind(kind), days[0], days[1] or days[0], opens, closes)
    label = HOURS_KINDS[hours.kind]
    at = f"{opens:%H:%M}–{closes:%H:%M}, {_span((hours.first_day, hours.last_day))}: {reason}"
    return Change(
        Bilingual(f"{label.vi} {at}", f"{label.en} {at}"),
        lambda: set_hours(
            hall_code=hall.code, hours=hours, reason=reason, rights=officer.rights, now=officer.now
        ),
    )


def _lift_change(request: HttpRequest, officer: Officer, hall: HallView) -> Change | tuple[FieldError, ...]:
    sent = request.POST.get("hours", "")
    found = [each for each in hours_in(hall.id, timezone.localdate(officer.now)) if str(each.id) == sent]
    if not found:
        raise Http404
    hours = found[0]
    label = HOURS_KINDS[hours.kind]
    span = _span((hours.first_day, hours.last_day))
    return Change(
        Bilingual(f"Bỏ: {label.vi}, {span}", f"Lift: {label.en}, {span}"),
        lambda: lift_hours(hall_code=hall.code, hours_id=hours.id, rights=officer.rights, now=officer.now),
    )


def _days(
    request: HttpRequest, officer: Officer, form: str, errors: list[FieldError]
) -> tuple[date, date | None] | None:
    first = _day(request.POST.get("first_day", ""))
    written = request.POST.get("last_day", "").strip()
    last = _day(written) if written else None
    fault = None
    if first is None or (written and last is None):
        fault = DAY
    elif last is not None and last < first:
        fault = ORDER
    elif first < timezone.localdate(officer.now):
        fault = PAST
    if fault is not None or first is None:
        errors.append(FieldError(f"{form}-first_day", fault or DAY))
        return None
    return first, last


def _number(
    request: HttpRequest, name: str, bounds: range, fault: Bilingual, errors: list[FieldError]
) -> int:
    written = request.POST.get(name, "").strip()
    number = int(written) if written.isdecimal() and len(written) < 5 else -1
    if number not in bounds:
        errors.append(FieldError(name, fault))
    return number


def _day(text: str) -> date | None:
    """Read a day as people write it, or as a browser sends it."""
    parts = text.strip().replace("-", "/").split("/")
    if len(parts) != 3 or not all(part.isdecimal() and len(part) <= 4 for part in parts):
        return None
    year, month, day = parts if len(parts[0]) == 4 else parts[::-1]
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _time(text: str) -> time | None:
    try:
        return time.fromisoformat(text.strip().zfill(5)).replace(tzinfo=None)
    except ValueError:
        return None


def _span(days: tuple[date, date | None]) -> str:
    first, last = days
    if last is None:
        return f"{first:%d/%m/%Y}"
    return f"{first:%d/%m/%Y}" if first == last else f"{first:%d/%m/%Y}–{last:%d/%m/%Y}"


def _page(
    request: HttpRequest, officer: Officer, hall: HallView, errors: tuple[FieldError, ...]
) -> HttpResponse:
    today = timezone.localdate(officer.now)
    displaced = request.GET.get("displaced", "")
    page = {
        "officer": officer,
        "section": "halls",
        "part": "plan",
        "hall": hall,
        "hall_name": hall_words(hall),
        "halls": [Choice(each.code, hall_words(each)) for each in halls_of(officer)],
        "errors": errors,
        "typed": request.POST if errors else {},
        "changed": int(displaced) if displaced.isdecimal() and len(displaced) < 6 else None,
        "plans": [(each, group_words(each.group)) for each in plans_in(hall, today)],
        "hours": [(each, HOURS_KINDS[each.kind]) for each in hours_in(hall.id, today)],
        "groups": [(each, group_words(each)) for each in hall.groups],
        "kinds": [Choice(each.value, HOURS_KINDS[each]) for each in HoursKind],
        "counters": [
            (each, [group_words(group) for group in hall.groups if group.code in each.groups])
            for each in counters_of(hall.id)
        ],
        "today": today,
        "kiosk_link": f"{settings.SITE_URL}{reverse('portal:kiosk_open', args=[hall.code])}?k={kiosk_key(hall.code)}",
        "display_link": f"{settings.SITE_URL}{reverse('portal:display', args=[hall.code])}",
    }
    return render(request, "desk/halls/plan.html", page, status=422 if errors else 200)
