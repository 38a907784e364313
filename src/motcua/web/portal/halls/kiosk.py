"""The ticket machine of a hall: big buttons, a number, a QR to follow it by phone.

Only a machine that was opened with the key of the hall gives out numbers: nobody fills the line from afar.
"""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from motcua.appointments.lines import TicketNotKnown, ticket_of, waiting_by_group
from motcua.appointments.openings import open_at
from motcua.appointments.queries import HallNotKnown, HallView, hall, is_kiosk_key, spans_today
from motcua.appointments.services import BookingNotHere, HallClosed, NoTicketsLeft, check_in, take_ticket
from motcua.appointments.states import Priority
from motcua.web.portal.passes import qr_picture
from motcua.web.ui.appointment_words import PRIORITIES, group_words, hall_words, wait_words
from motcua.web.ui.words import Bilingual

COOKIE, SALT = "kiosk", "motcua.kiosk"
KEPT_SECONDS = 400 * 24 * 3600
# A page that nobody touches goes back to the beginning, for the next person.
BACK_AFTER_SECONDS = {"ticket": 20, "asking": 60}
WRONG_CODE = Bilingual(
    "Không thấy mã hẹn này cho hôm nay tại đây. Kiểm tra lại sáu chữ số, hoặc lấy số tại chỗ.",
    "No appointment of today has this code here. Check the six digits, or take a number.",
)

View = Callable[..., HttpResponse]


def for_kiosks(view: Callable[..., HttpResponse]) -> View:
    """Call the view with the hall if this machine was opened with its key; tell anybody else how to open one."""

    @wraps(view)
    def guarded(request: HttpRequest, code: str, *args: object, **kwargs: object) -> HttpResponse:
        found = _hall(code)
        try:
            kept = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT)
        except signing.BadSignature:
            kept = None
        if not (
            isinstance(kept, list) and len(kept) == 2 and kept[0] == code and is_kiosk_key(code, str(kept[1]))
        ):
            return render(request, "portal/halls/no_kiosk.html", {"hall": hall_words(found)}, status=403)
        return view(request, found, *args, **kwargs)

    return guarded


@require_safe
def open_kiosk(request: HttpRequest, code: str) -> HttpResponse:
    """Make this browser a ticket machine of the hall: the address with the key is opened once on the machine."""
    found = _hall(code)
    key = request.GET.get("k", "")[:40]
    if not is_kiosk_key(code, key):
        return render(request, "portal/halls/no_kiosk.html", {"hall": hall_words(found)}, status=403)
    answer = redirect("portal:kiosk", code)
    answer.set_cookie(
        COOKIE,
        signing.dumps([code, key], salt=SALT),
        max_age=KEPT_SECONDS,
        httponly=True,
        samesite="Strict",
        secure=request.is_secure(),
        path=f"/halls/{code}/",
    )
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


@require_safe
@for_kiosks
def kiosk(request: HttpRequest, found: HallView) -> HttpResponse:
    """Show the groups of services as buttons, or that the hall is closed."""
    now = timezone.now()
    spans = spans_today(found, timezone.localdate(now))
    waiting = waiting_by_group(found.id, now)
    page = {
        "code": found.code,
        "hall": hall_words(found),
        "open": open_at(now, spans) is not None,
        "spans": [span for span in spans if span.closes_at > now],
        "groups": [(each, group_words(each), waiting.get(each.code, 0)) for each in found.groups],
        "told": {"full": "full" in request.GET},
    }
    return render(request, "portal/halls/kiosk.html", page)


@require_safe
@for_kiosks
def ask_priority(request: HttpRequest, found: HallView, group: str) -> HttpResponse:
    """Ask whether the person is called ahead of their number."""
    chosen = found.group(group)
    if chosen is None:
        raise Http404
    page = {
        "code": found.code,
        "hall": hall_words(found),
        "group": chosen,
        "label": group_words(chosen),
        "priorities": [(each.value, PRIORITIES[each]) for each in Priority if each is not Priority.NONE],
    }
    return _goes_back(render(request, "portal/halls/priority.html", page), found.code, "asking")


@require_POST
@for_kiosks
def take(request: HttpRequest, found: HallView) -> HttpResponse:
    """Give out the next number."""
    priority = request.POST.get("priority", Priority.NONE.value)
    group = found.group(request.POST.get("group", ""))
    if group is None or priority not in Priority.values:
        raise Http404
    try:
        ticket = take_ticket(
            hall_code=found.code, group_code=group.code, priority=Priority(priority), now=timezone.now()
        )
    except HallClosed:
        return redirect("portal:kiosk", found.code)
    except NoTicketsLeft:
        return redirect(f"{reverse('portal:kiosk', args=[found.code])}?full=1")
    return redirect("portal:kiosk_ticket", found.code, ticket.secret)


@require_http_methods(["GET", "HEAD", "POST"])
@for_kiosks
def arrive(request: HttpRequest, found: HallView) -> HttpResponse:
    """Take the code of a booking, typed on big keys or read by a scanner, and give its number."""
    wrong = None
    code = "".join(each for each in request.POST.get("code", "")[:20] if each in "0123456789")
    if request.method == "POST":
        try:
            ticket = check_in(hall_code=found.code, code=code, now=timezone.now())
        except BookingNotHere:
            wrong = WRONG_CODE
        else:
            return redirect("portal:kiosk_ticket", found.code, ticket.secret)
    page = {"code": found.code, "hall": hall_words(found), "typed": code, "wrong": wrong}
    answer = render(request, "portal/halls/arrive.html", page, status=422 if wrong else 200)
    return _goes_back(answer, found.code, "asking")


@require_safe
@for_kiosks
def kiosk_ticket(request: HttpRequest, found: HallView, secret: str) -> HttpResponse:
    """Show the number with its QR, to print or to photograph; after a while the machine is free again."""
    try:
        ticket = ticket_of(secret, timezone.now())
    except TicketNotKnown:
        raise Http404 from None
    if ticket.hall_code != found.code:
        raise Http404
    address = f"{settings.SITE_URL}{reverse('portal:ticket', args=[secret])}"
    page = {
        "code": found.code,
        "hall": hall_words(found),
        "ticket": ticket,
        "group": Bilingual(ticket.group_vi, ticket.group_en),
        "priority": PRIORITIES[ticket.priority] if ticket.priority is not Priority.NONE else None,
        "estimate": wait_words(ticket.estimate) if ticket.estimate else None,
        "qr": qr_picture(address),
        "seconds": BACK_AFTER_SECONDS["ticket"],
    }
    return _goes_back(render(request, "portal/halls/kiosk_ticket.html", page), found.code, "ticket")


def _goes_back(answer: HttpResponse, code: str, kind: str) -> HttpResponse:
    """Lead the machine back by itself, without scripts."""
    answer.headers["Refresh"] = f"{BACK_AFTER_SECONDS[kind]}; url={reverse('portal:kiosk', args=[code])}"
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _hall(code: str) -> HallView:
    try:
        return hall(code)
    except HallNotKnown:
        raise Http404 from None
