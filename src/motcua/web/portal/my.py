"""A citizen's own cases: the list, one case with its answer, the receipt, the pass, an objection."""

import contextlib
from datetime import date, datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from motcua.cases.allotments import allotted_number
from motcua.cases.bulk.queries import FiledBy, filed_by
from motcua.cases.desk.apologies import APOLOGIZE
from motcua.cases.queries import CaseNotFound, CasePage, case_of_person, cases_of_person, drafts_of
from motcua.cases.services import CaseMovedOn, ObjectionTooLate, object_to_decision, withdraw_case
from motcua.cases.services.act import ReasonMissing
from motcua.cases.states import ActNotOpen, Phase
from motcua.procedures.content import State
from motcua.teams.queries import HelpView, help_with
from motcua.web.portal.access import Citizen, for_citizens
from motcua.web.portal.booking.own import to_mind
from motcua.web.portal.dossier import asked_of, corrections, may_supply, status_code
from motcua.web.portal.fees import LOOK_EVERY_SECONDS, fees_of, waits_for
from motcua.web.portal.letters import letter_name, letter_pdf
from motcua.web.portal.notices import told_to
from motcua.web.portal.passes import file_name, issuer_of, pass_card, pass_pdf
from motcua.web.portal.rating import rating_of
from motcua.web.portal.reasons import gives_less, reasons_of
from motcua.web.portal.withdrawn import told_of_withdrawals
from motcua.web.ui.case_words import COLORS, directive_behind
from motcua.web.ui.components import Crumb, FieldError, Moment
from motcua.web.ui.consult_words import consult_lines, found_lines, paper_cards
from motcua.web.ui.fee_words import dong
from motcua.web.ui.legal_clock import clock_story
from motcua.web.ui.questions import answer_rows
from motcua.web.ui.receipts import receipt_name, receipt_pdf
from motcua.web.ui.words import Bilingual, InTwoLanguages, current_language, short_date, time_in_words
from motcua.web.ui.words import in_words as in_language

MY_CASES = Crumb(Bilingual("Hồ sơ của tôi", "My cases"), "/my/")
LONGEST_OBJECTION = 2000
SILENT = Phase.SILENT_REGISTER.value
KINDS = {Phase.GRANTED: "granted", Phase.REFUSED: "refused", Phase.CLOSED: "closed"}
ACTORS = {
    "machine": Bilingual("Hệ thống", "The system"),
    "citizen": Bilingual("Bạn", "You"),
}
OFFICER = Bilingual("Cán bộ", "An officer")
FIRM = Bilingual("{firm}, nộp thay bạn", "{firm}, on your behalf")
HELPER = Bilingual("{member}, {team}, giúp bạn nộp", "{member}, {team}, helping you")
ANSWER = Bilingual("Có kết quả", "Answer")
ACCEPTANCE = Bilingual("Trả lời có tiếp nhận hay không", "Answer whether it is accepted")
BY_THEN = Bilingual("Chậm nhất {when}", "By {when} at the latest")
HELD = Bilingual(
    "Kết quả đã sẵn sàng và được trao khi bạn nộp đủ {amount}. Cách nộp ở ngay bên dưới; tiền về thì kết quả tự hiện"
    " ở trang này, bạn không phải báo lại.",
    "Your result is ready. You receive it once {amount} is paid; how to pay is shown below. When the money arrives,"
    " the result appears on this page by itself.",
)
TOO_LONG = Bilingual("Viết ngắn lại, nhiều nhất 2.000 ký tự.", "Make it shorter: at most 2,000 characters.")
EMPTY = Bilingual(
    "Viết vì sao bạn cho rằng quyết định chưa đúng.", "Write why you think the decision is not right."
)


@require_GET
@for_citizens
def my_cases(request: HttpRequest, citizen: Citizen) -> HttpResponse:
    """List the citizen's cases, newest first, and what they have begun."""
    cases, now = cases_of_person(citizen.person.id), timezone.now()
    page = {
        "cases": [(case, COLORS[case.phase]) for case in cases],
        "drafts": drafts_of(citizen.account_id),
        "notices": (*told_of_withdrawals(cases, now), *told_to(citizen.person.id, now=now)),
        "appointments": to_mind(citizen.person.id, now),
        "section": "my",
    }
    return render(request, "portal/my_cases.html", page)


@require_GET
@for_citizens
def case(request: HttpRequest, citizen: Citizen, number: str) -> HttpResponse:
    """Show where a case stands, the answer with its reasons, and what can be done now."""
    found = _own(number, citizen)
    now, today = _now()
    # Only a case that goes on can have been completed just now.
    supplied = "supplied" in request.GET and found.case.phase == Phase.PERSON
    page = _case_page(found, citizen, now, today, supplied=supplied)
    done = {"thanked": "rated" in request.GET, "objected": "objected" in request.GET}
    return render(request, "portal/case.html", {**page, **done})


@require_GET
@for_citizens
def receipt(request: HttpRequest, citizen: Citizen, number: str) -> HttpResponse:
    """Confirm that a request was filed: its number, what happens next, by when."""
    found = _own(number, citizen)
    rule, fees = found.case.procedure.content.manifest.allotment, fees_of(found.case, timezone.now())
    page = {
        "case": found.case,
        "kind": KINDS.get(found.case.phase, "waiting"),
        "allotment": rule,
        "allotted": allotted_number(number) if rule else None,
        "story": clock_story(found, timezone.now()),
        "accepted": found.clock is not None and not found.clock.receiving,
        "asked": asked_of(found),
        "fees": fees,
        "waits": waits_for(found, fees),
        "papers": found.case.procedure.content.manifest.papers,
        "office": issuer_of(found),
        "qr": status_code(number),
        "section": "my",
    }
    return render(request, "portal/receipt.html", page)


@require_GET
@for_citizens
def receipt_file(request: HttpRequest, citizen: Citizen, number: str) -> HttpResponse:
    """Give the receipt as a PDF, in the language of the page: the same that a counter prints."""
    pdf = receipt_pdf(_own(number, citizen), current_language(), made_at=timezone.now())
    response = HttpResponse(pdf, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{receipt_name(number)}"'
    return response


@require_GET
@for_citizens
def pass_file(request: HttpRequest, citizen: Citizen, number: str) -> HttpResponse:
    """Give the pass as a PDF to print."""
    found = _own(number, citizen)
    pdf = pass_pdf(found, made_at=timezone.now())
    if pdf is None:
        raise Http404(number)
    response = HttpResponse(pdf, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{file_name(number)}"'
    return response


@require_GET
@for_citizens
def letter_file(request: HttpRequest, citizen: Citizen, number: str) -> HttpResponse:
    """Give the letter about the case as a PDF, in the language of the page."""
    found = _own(number, citizen)
    pdf = letter_pdf(found, current_language(), made_at=timezone.now())
    if pdf is None:
        raise Http404(number)
    response = HttpResponse(pdf, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{letter_name(number)}"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@for_citizens
def objection(request: HttpRequest, citizen: Citizen, number: str) -> HttpResponse:
    """Take the citizen's objection to a refusal and put the case on the desk."""
    found = _own(number, citizen)
    if request.method != "POST":
        if "object" not in found.acts:
            return redirect("portal:case", number)
        return _objection_page(request, found, "", ())
    text = request.POST.get("text", "").strip()
    if len(text) > LONGEST_OBJECTION:
        return _objection_page(request, found, text, (FieldError("text", TOO_LONG),), status=422)
    try:
        object_to_decision(number=number, applicant_id=citizen.person.id, text=text, now=timezone.now())
    except ReasonMissing:
        return _objection_page(request, found, text, (FieldError("text", EMPTY),), status=422)
    except (ActNotOpen, CaseMovedOn, ObjectionTooLate):
        # The case page tells what is possible now, and by when it was.
        return redirect("portal:case", number)
    return redirect("portal:case", number)


@require_http_methods(["GET", "POST"])
@for_citizens
def withdrawal(request: HttpRequest, citizen: Citizen, number: str) -> HttpResponse:
    """Ask whether the citizen means it, then withdraw the case."""
    found = _own(number, citizen)
    if request.method != "POST" and "withdraw" in found.acts:
        page = {
            "case": found.case,
            "crumbs": [MY_CASES, Crumb(number, f"/my/{number}/")],
            "section": "my",
        }
        return render(request, "portal/withdrawal.html", page)
    if request.method == "POST":
        # A case that moved on meanwhile is shown as it is now.
        with contextlib.suppress(ActNotOpen, CaseMovedOn):
            withdraw_case(number=number, applicant_id=citizen.person.id, now=timezone.now())
    return redirect("portal:case", number)


def _objection_page(
    request: HttpRequest, found: CasePage, text: str, errors: tuple[FieldError, ...], status: int = 200
) -> HttpResponse:
    page = {
        "case": found.case,
        "reasons": reasons_of(found, _now()[1]),
        "until": found.object_until,
        "text": text[: LONGEST_OBJECTION + 200],
        "longest": LONGEST_OBJECTION,
        "errors": errors,
        "crumbs": [MY_CASES, Crumb(found.case.number, f"/my/{found.case.number}/")],
        "section": "my",
    }
    return render(request, "portal/objection.html", page, status=status)


def _own(number: str, citizen: Citizen) -> CasePage:
    try:
        return case_of_person(number, citizen.person.id)
    except CaseNotFound:
        raise Http404(number) from None


def _now() -> tuple[datetime, date]:
    now = timezone.now()
    return now, timezone.localdate(now)


def _case_page(
    found: CasePage, citizen: Citizen, now: datetime, today: date, *, supplied: bool
) -> dict[str, object]:
    content = found.case.procedure.content
    silent = _silent_sources(found)
    reasons = reasons_of(found, today)
    kind = KINDS.get(found.case.phase, "waiting")
    # Who files for themselves is not asked about.
    filed_alone = found.case.account_id == citizen.account_id
    by_firm = None if filed_alone else filed_by(found.case.number)
    helped = None if filed_alone or by_firm else help_with(found.case.number)
    # A state says what it means; a decision says more, unless the case has moved on since.
    limited = gives_less(found, reasons)
    says_why = reasons is not None and (kind == "refused" or limited or found.case.phase == Phase.PERSON)
    fees = fees_of(found.case, now)
    cards = paper_cards(found, sealed_only=True)
    lead: InTwoLanguages = found.case.state.explanation
    if found.held_vnd:
        lead = HELD.filled(amount=dong(found.held_vnd))
    elif reasons and says_why and not found.case.objected:
        lead = reasons.sentence
    return {
        "case": found.case,
        "acts": found.acts,
        "kind": kind,
        "held_vnd": found.held_vnd,
        "lead": lead,
        "reasons": reasons,
        "limited": limited,
        "card": pass_card(found, now),
        "fees": fees,
        "waits": waits_for(found, fees),
        "every_seconds": LOOK_EVERY_SECONDS,
        "silent": silent,
        "story": clock_story(found, now),
        "asked": asked_of(found),
        "cards": cards,
        "lost": next((each for each in cards if each.withdrawal and not each.withdrawal.replaced_by), None),
        "now": now,
        "consults": consult_lines(found, now),
        "found": found_lines(found),
        "may_supply": may_supply(found),
        "decision": found.decision,
        "overdue": found.case.is_overdue(now),
        "until": found.object_until if found.object_until and found.object_until > now else None,
        "groups": answer_rows(content.form, found.values, today=today),
        "moments": timeline_of(found, by_firm, today, helped),
        "filed_by": by_firm,
        "help": helped,
        "supplied": supplied,
        "rated": rating_of(found.case, citizen, now),
        "crumbs": [MY_CASES],
        "section": "my",
    }


def _silent_sources(found: CasePage) -> tuple[str, datetime] | None:
    """Return the registers that a case waits for and since when, or None if it waits for none."""
    if found.case.phase != Phase.SILENT_REGISTER or not found.entries:
        return None
    waits = [entry for entry in found.entries if entry.to_state.phase == SILENT]
    return (waits[-1].reason, waits[0].happened_at) if waits else None


def _who(actor: str) -> Bilingual:
    kind, _, number = actor.partition(":")
    if kind == "directive":
        return Bilingual(f"Chỉ thị {number}", f"Directive {number}")
    return ACTORS.get(actor, OFFICER)


PROMISED_NOW = Bilingual("Hẹn trả kết quả chậm nhất ngày {day}.", "The result is promised by {day}.")


def timeline_of(
    found: CasePage,
    by_firm: FiledBy | None = None,
    today: date | None = None,
    helped: HelpView | None = None,
) -> tuple[Moment, ...]:
    """Return the history in words, repeated waiting told once, and what is still to come.

    ``by_firm`` and ``helped`` tell who filed for the citizen, if somebody did.
    """
    moments: list[Moment] = []
    corrected = corrections(found, today or timezone.localdate())
    before: State | None = None
    for entry in found.entries:
        stays = entry.to_state == before
        silent = entry.to_state.phase == SILENT
        if stays and silent:
            continue
        before = entry.to_state
        # Where the case stays as it is, what was done says more than where it stands.
        own_words = entry.reason if entry.actor != "machine" or silent or stays else ""
        for label, old, new in corrected.get(entry.happened_at, ()):
            line = f"{in_language(label)}: {in_language(old)} → {in_language(new)}"
            own_words = f"{own_words}\n{line}" if own_words else line
        if entry.act == APOLOGIZE and entry.until is not None:
            own_words = f"{own_words}\n{in_language(PROMISED_NOW.filled(day=short_date(entry.until)))}"
        moments.append(
            Moment(
                title=entry.label if entry.act == "file" or stays or entry.until else entry.to_state.label,
                at=entry.happened_at,
                text=own_words,
                by=FIRM.filled(firm=by_firm.firm_name or by_firm.firm)
                if by_firm and entry.act == "file"
                else HELPER.filled(member=helped.member, team=helped.team)
                if helped and entry.act == "file"
                else directive_behind(entry.actor) or ACTORS.get(entry.actor, OFFICER),
            )
        )
    if found.case.phase in Phase.open():
        due = Bilingual(time_in_words(found.case.due_at, "vi"), time_in_words(found.case.due_at, "en"))
        receiving = found.clock is not None and found.clock.receiving
        moments.append(Moment(title=ACCEPTANCE if receiving else ANSWER, text=BY_THEN.filled(when=due)))
    return tuple(moments)
