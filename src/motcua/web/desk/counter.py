"""The counter: choose a service for whoever has come, and say who they are by their identity card."""

import contextlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from motcua.agencies.queries import AgencyNotKnown, agencies_by_code, agency
from motcua.cases.counter.drafts import begin_draft, drafts_of_officer
from motcua.cases.counter.queries import filed_by
from motcua.cases.services.on_behalf import MayNotFileForOthers, grant_to_receive
from motcua.cases.states import Channel
from motcua.identity.cards import CardNotRead, read_card
from motcua.identity.numbers import NumberRefused, PersonNumber
from motcua.identity.people import PersonView
from motcua.identity.presented import PresentedRefused, SomebodyElses, folded, person_presented
from motcua.identity.states import Purpose
from motcua.identity.throttle import TooManyTries
from motcua.procedures.queries import NoSuchProcedure, ProcedureView, procedure_in_force, search_services
from motcua.web.ui.components import Choice, FieldError, FieldView
from motcua.web.ui.officers import Officer, for_officers
from motcua.web.ui.words import Bilingual, time_in_words

MOST_SHOWN = 30
LONGEST_SEARCH = 100
LIKE_A_CARD = re.compile(r"[0-9]{9}|\|")
PHONE = re.compile(r"\+?[0-9]{9,14}")
DATE_PARTS = ("day", "month", "year")
FROM_THE_CARD = ("number", "full_name", *(f"born_on-{part}" for part in DATE_PARTS))
TYPED = (*FROM_THE_CARD, "phone", "channel", *(f"arrived_on-{part}" for part in DATE_PARTS))
LONGEST_TYPED = 200
CHANNELS = (
    Choice("counter", Bilingual("Người nộp đến quầy", "The applicant has come")),
    Choice("post", Bilingual("Hồ sơ gửi qua bưu chính công ích", "It came by public post")),
)
NO_DATE = Bilingual("Ghi đủ ngày, tháng, năm sinh như trên thẻ.", "Write day, month and year as on the card.")
NO_ARRIVAL = Bilingual(
    "Ghi ngày bưu chính phát đến; ngày này không sau hôm nay.",
    "Write the day on which the post delivered it; it is not after today.",
)
BAD_PHONE = Bilingual(
    "Số điện thoại gồm 9 đến 14 chữ số; để trống nếu không có.",
    "A telephone number has 9 to 14 digits; leave it empty if there is none.",
)
TOO_OFTEN = Bilingual(
    "Bạn đã nhận quá nhiều lượt người trong 15 phút. Thử lại sau {when}.",
    "You took too many people within a quarter of an hour. Try again after {when}.",
)


@dataclass(frozen=True, slots=True)
class Sent:
    """What was typed about the person: the texts, and the values of those that fit."""

    typed: Mapping[str, str]
    errors: tuple[FieldError, ...] = ()
    asks_to_correct: bool = False
    was_read: bool = False


@require_http_methods(["GET", "HEAD", "POST"])
@for_officers(Purpose.RECEIVE_CASES)
def counter(request: HttpRequest, officer: Officer) -> HttpResponse:
    """Show the services to choose from, what the officer has begun, and what was received today."""
    if request.method == "POST":
        return _search(request)
    words = request.GET.get("q", "").replace("\0", "")[:LONGEST_SEARCH]
    found = [each for each in search_services(words) if receives(officer, each)]
    if words.strip() and len(found) == 1:
        return redirect("desk:counter_person", found[0].code)
    # Whose title says it stands first: the other words are its summary's and its law's.
    found.sort(key=lambda each: not _is_in_title(words, each))
    offices = agencies_by_code({each.content.manifest.agency for each in found})
    page = {
        "officer": officer,
        "section": "counter",
        "words": words,
        "scanned_too_early": "scanned" in request.GET,
        "services": [(each, _name_of(offices, each.content.manifest.agency)) for each in found[:MOST_SHOWN]],
        "more": max(0, len(found) - MOST_SHOWN),
        "drafts": drafts_of_officer(officer.account_id),
        "received": filed_by(officer.account_id, now=officer.now),
    }
    return render(request, "desk/counter.html", page)


def _search(request: HttpRequest) -> HttpResponse:
    """Lead to the address of a search: posted, since a card scanned here by mistake must not stand in an address."""
    words = request.POST.get("q", "").replace("\0", "")[:LONGEST_SEARCH]
    if LIKE_A_CARD.search(words):
        return redirect(f"{reverse('desk:counter')}?scanned=1")
    return redirect(f"{reverse('desk:counter')}?{urlencode({'q': words})}")


def _is_in_title(words: str, service: ProcedureView) -> bool:
    title = folded(service.content.manifest.title.vi)
    return all(word in title for word in folded(words).split())


@require_http_methods(["GET", "HEAD", "POST"])
@for_officers(Purpose.RECEIVE_CASES)
def person(request: HttpRequest, officer: Officer, code: str) -> HttpResponse:
    """Ask who has come: the scanner fills the form in, and a form that stands begins a draft."""
    procedure = service_received(officer, code)
    if request.method != "POST":
        return _person_page(request, officer, procedure, Sent({"channel": "counter"}))
    typed = {name: request.POST.get(name, "").replace("\0", "")[:LONGEST_TYPED] for name in TYPED}
    scanned = request.POST.get("card", "").strip()
    if scanned:
        return _person_page(request, officer, procedure, _read(scanned, typed))
    return _begin(request, officer, procedure, typed)


def receives(officer: Officer, procedure: ProcedureView) -> bool:
    """Tell whether the officer may receive requests for the service."""
    try:
        grant_to_receive(officer.rights, agency(procedure.content.manifest.agency).path)
    except (MayNotFileForOthers, AgencyNotKnown):
        return False
    return True


def service_received(officer: Officer, code: str) -> ProcedureView:
    """Return a service in force that the officer may receive; another one looks as if it were not there."""
    try:
        procedure = procedure_in_force(code)
    except NoSuchProcedure:
        raise Http404(code) from None
    if not receives(officer, procedure):
        raise Http404(code)
    return procedure


def _read(scanned: str, typed: dict[str, str]) -> Sent:
    """Return what the card says in place of what was typed about the person."""
    try:
        card = read_card(scanned)
    except CardNotRead as refusal:
        return Sent(typed, (FieldError("card", Bilingual(refusal.vi, refusal.en)),))
    day = card.born_on
    said = (card.number, card.full_name, str(day.day), str(day.month), str(day.year))
    return Sent({**typed, **dict(zip(FROM_THE_CARD, said, strict=True))}, was_read=True)


def _begin(
    request: HttpRequest, officer: Officer, procedure: ProcedureView, typed: dict[str, str]
) -> HttpResponse:
    today = timezone.localdate(officer.now)
    errors: list[FieldError] = []
    channel = Channel.POST if typed["channel"] == "post" else Channel.COUNTER
    arrived_on = _date(typed, "arrived_on") if channel is Channel.POST else None
    if channel is Channel.POST and (arrived_on is None or arrived_on > today):
        errors.append(FieldError("arrived_on", NO_ARRIVAL))
    phone = re.sub(r"[\s.\-()]", "", typed["phone"])
    if phone and not PHONE.fullmatch(phone):
        errors.append(FieldError("phone", BAD_PHONE))
    number = _number(typed, officer.now, errors)
    born_on = _date(typed, "born_on")
    if born_on is None:
        errors.append(FieldError("born_on", NO_DATE))
    if errors or number is None or born_on is None:
        return _person_page(request, officer, procedure, Sent(typed, tuple(errors)))
    corrects = request.POST.get("corrects") == "yes"
    found = _presented(officer, procedure, number, typed["full_name"], born_on, corrects=corrects)
    if isinstance(found, FieldError):
        sent = Sent(typed, (found,), asks_to_correct=found.message == SOMEBODY_ELSES)
        return _person_page(request, officer, procedure, sent)
    draft_id = begin_draft(
        account_id=officer.account_id,
        rights=officer.rights,
        code=procedure.code,
        person_id=found.id,
        channel=channel,
        now=officer.now,
        today=today,
        phone=phone,
        arrived_on=arrived_on,
    )
    first = procedure.content.form.steps[0].fields[0].name
    # The keyboard begins at the first question, without a script.
    return redirect(f"{reverse('desk:counter_draft', args=(draft_id,))}#field-{first}")


SOMEBODY_ELSES = Bilingual(SomebodyElses.vi, SomebodyElses.en)


def _presented(
    officer: Officer,
    procedure: ProcedureView,
    number: PersonNumber,
    full_name: str,
    born_on: date,
    *,
    corrects: bool,
) -> PersonView | FieldError:
    office = agency(procedure.content.manifest.agency).path
    try:
        return person_presented(
            number=number,
            full_name=full_name,
            born_on=born_on,
            account_id=officer.account_id,
            now=officer.now,
            agency_path=grant_to_receive(officer.rights, office).agency_path,
            corrects=corrects,
        )
    except PresentedRefused as refusal:
        return FieldError(refusal.field, Bilingual(refusal.vi, refusal.en))
    except NumberRefused as refusal:
        return FieldError("number", Bilingual(refusal.vi, refusal.en))
    except TooManyTries as refusal:
        when = Bilingual(time_in_words(refusal.until, "vi"), time_in_words(refusal.until, "en"))
        return FieldError("number", TOO_OFTEN.filled(when=when))


def _number(typed: Mapping[str, str], now: datetime, errors: list[FieldError]) -> PersonNumber | None:
    try:
        return PersonNumber.parse(typed["number"], on=now.date())
    except NumberRefused as refusal:
        errors.append(FieldError("number", Bilingual(refusal.vi, refusal.en)))
        return None


def _date(typed: Mapping[str, str], name: str) -> date | None:
    parts = [typed[f"{name}-{part}"].strip() for part in DATE_PARTS]
    with contextlib.suppress(ValueError):
        day, month, year = (int(part) for part in parts)
        return date(year, month, day)
    return None


def _person_page(
    request: HttpRequest, officer: Officer, procedure: ProcedureView, sent: Sent
) -> HttpResponse:
    page = {
        "officer": officer,
        "section": "counter",
        "procedure": procedure,
        "title": procedure.content.manifest.title,
        "fields": _fields(sent),
        "errors": sent.errors,
        "asks_to_correct": sent.asks_to_correct,
        "was_read": sent.was_read,
    }
    return render(request, "desk/counter_person.html", page, status=422 if sent.errors else 200)


def _fields(sent: Sent) -> dict[str, FieldView]:
    messages = {error.name: error.message for error in sent.errors}
    typed = {name: sent.typed.get(name, "") for name in TYPED}

    def view(name: str, vi: str, en: str, **more: object) -> FieldView:
        parts = tuple(typed.get(f"{name}-{part}", "") for part in DATE_PARTS)
        return FieldView(
            name=name,
            label=Bilingual(vi, en),
            value=typed.get(name, ""),
            parts=(parts[0], parts[1], parts[2]),
            error=messages.get(name, ""),
            **more,  # type: ignore[arg-type]  # each is a field of FieldView, written out below
        )

    return {
        "number": view("number", "Số định danh cá nhân", "Citizen number", inputmode="numeric"),
        "full_name": view("full_name", "Họ, chữ đệm và tên", "Full name"),
        "born_on": view("born_on", "Ngày sinh", "Date of birth", widget="date"),
        "phone": view("phone", "Số điện thoại", "Telephone", inputmode="tel", required=False),
        "channel": view("channel", "Cách nộp", "How it comes", widget="radios", choices=CHANNELS),
        "arrived_on": view(
            "arrived_on",
            "Ngày bưu chính phát đến (chỉ khi gửi qua bưu chính)",
            "Day on which the post delivered it (only if by post)",
            widget="date",
            required=False,
        ),
    }


def _name_of(offices: Mapping[str, object], code: str) -> Bilingual:
    office = offices.get(code)
    name = str(getattr(office, "name", code))
    return Bilingual(name, str(getattr(office, "name_en", "") or name))
