"""Pages that anyone may read: home, the services, one service, and where a case stands by its number."""

import re
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from motcua.agencies.queries import AgencyNotKnown, agencies_by_code, agency
from motcua.cases.queries import PublicStatus, public_status
from motcua.fees.schedule import fee_lines
from motcua.identity.access import address_behind
from motcua.identity.throttle import TooManyTries, spend_look_up
from motcua.procedures.queries import NoSuchProcedure, ProcedureView, procedure_in_force, search_services
from motcua.ratings.queries import ratings_of_service
from motcua.web.portal.cpsv import catalogue
from motcua.web.portal.finding import events_of, is_chosen, name_of, offices_of, on_time_of, publisher_of
from motcua.web.portal.graph import to_json_ld, to_turtle
from motcua.web.portal.life_events import event_in_words
from motcua.web.ui.components import Crumb, FieldError
from motcua.web.ui.words import Bilingual

HOME = Crumb(Bilingual("Trang chủ", "Home"), "/")
SERVICES = Crumb(Bilingual("Dịch vụ", "Services"), "/services/")
SHOWN_ON_HOME = 6
LONGEST_SEARCH = 100
CASE_NUMBER = re.compile(r"[A-Z0-9]{2,12}-\d{8}-\d{7}")

TOO_MANY = Bilingual(
    "Nơi bạn đang truy cập đã tra cứu quá nhiều lần. Hãy thử lại sau {time}, hoặc đăng nhập để xem hồ sơ của bạn.",
    "Too many look-ups from where you are. Try again after {time}, or sign in to see your own cases.",
)


@dataclass(frozen=True, slots=True)
class Lookup:
    """A number that was looked up: where its case stands, or what is wrong with the number."""

    number: str
    found: PublicStatus | None
    errors: tuple[FieldError, ...]


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show what one can do here."""
    return render(request, "portal/home.html", {"services": search_services()[:SHOWN_ON_HOME]})


@require_safe
def services(request: HttpRequest) -> HttpResponse:
    """List the services that hold every searched word, with or without accents."""
    words = request.GET.get("q", "").strip()[:LONGEST_SEARCH]
    event, office = (request.GET.get(name, "")[:60] for name in ("event", "agency"))
    every = search_services()
    found = [each for each in search_services(words) if is_chosen(each, event, office)]
    offices = agencies_by_code({each.content.manifest.agency for each in every})
    page = {
        "words": words,
        "event": event_in_words(event) if event else None,
        "office": name_of(offices.get(office)) if office else None,
        "services": found,
        "others": [] if found else every,
        "events": events_of(every),
        "offices": offices_of(every, offices),
        "section": "services",
    }
    return render(request, "portal/services.html", page)


@require_safe
def linked_data(request: HttpRequest, form: str) -> HttpResponse:
    """Give the catalogue as linked data by CPSV-AP, as Turtle or JSON-LD."""
    every = search_services()
    offices = agencies_by_code({each.content.manifest.agency for each in every})
    things = catalogue(every, offices, publisher_of(offices), settings.SITE_URL)
    if form == "ttl":
        return HttpResponse(to_turtle(things), content_type="text/turtle; charset=utf-8")
    return HttpResponse(to_json_ld(things), content_type="application/ld+json")


@require_safe
def service(request: HttpRequest, code: str) -> HttpResponse:
    """Show what a service is, for whom, what it takes, and how it is decided."""
    procedure = _in_force(code)
    page = {
        "procedure": procedure,
        "manifest": procedure.content.manifest,
        "agency": _agency_name(procedure),
        "on_time": on_time_of(procedure, timezone.now()),
        "ratings": ratings_of_service(code, now=timezone.now()),
        "fees": fee_lines(procedure.content),
        "events": [(each, event_in_words(each)) for each in procedure.content.manifest.life_events],
        "crumbs": [HOME, SERVICES],
        "section": "services",
    }
    return render(request, "portal/service.html", page)


@require_safe
def status(request: HttpRequest) -> HttpResponse:
    """Tell anyone where a case stands by its number; never whose it is or what it is about."""
    number = request.GET.get("number")
    now = timezone.now()
    try:
        lookup = None if number is None else _look_up(number, address=address_behind(request), now=now)
    except TooManyTries as refusal:
        return _too_many(request, number or "", refusal.until, now)
    return render(request, "portal/status.html", {"lookup": lookup, "section": "status"})


def _too_many(request: HttpRequest, number: str, until: datetime, now: datetime) -> HttpResponse:
    again = f"{timezone.localtime(until):%H:%M}"
    lookup = Lookup(number[:LONGEST_SEARCH], None, (FieldError("number", TOO_MANY.filled(time=again)),))
    answer = render(request, "portal/status.html", {"lookup": lookup, "section": "status"}, status=429)
    answer.headers["Retry-After"] = str(max(1, int((until - now).total_seconds())))
    return answer


def _look_up(typed: str, *, address: str, now: datetime) -> Lookup:
    number = re.sub(r"\s", "", typed).upper()[:LONGEST_SEARCH]
    if not CASE_NUMBER.fullmatch(number):
        wrong = Bilingual(
            "Nhập số hồ sơ như trên giấy hẹn, ví dụ H17-20210903-0000123.",
            "Enter the case number as on the receipt, such as H17-20210903-0000123.",
        )
        return Lookup(number, None, (FieldError("number", wrong),))
    spend_look_up(address=address, now=now)
    found = public_status(number)
    if found is None:
        absent = Bilingual(
            "Không có hồ sơ mang số này. Kiểm tra lại từng chữ số trên giấy hẹn.",
            "No case has this number. Check each digit on the receipt.",
        )
        return Lookup(number, None, (FieldError("number", absent),))
    return Lookup(number, found, ())


def _in_force(code: str) -> ProcedureView:
    try:
        return procedure_in_force(code)
    except NoSuchProcedure:
        raise Http404(code) from None


def _agency_name(procedure: ProcedureView) -> Bilingual | None:
    try:
        office = agency(procedure.content.manifest.agency)
    except AgencyNotKnown:
        return None
    return Bilingual(office.name, office.name_en or office.name)
