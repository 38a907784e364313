"""A case that people work on, for its applicant: what its clock says, what is asked of them, and their answer."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

import segno
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_http_methods, require_safe

from motcua.cases.queries import CaseNotFound, CasePage, case_of_person
from motcua.cases.services import CaseMovedOn, NothingAsked, supply_additions
from motcua.cases.services.act import ReasonMissing
from motcua.cases.services.supply import correctable, supply_act
from motcua.documents.queries import result_bytes
from motcua.procedures.content import Bilingual as Words
from motcua.procedures.content import FormStep
from motcua.procedures.forms import FormRefused
from motcua.web.portal.access import Citizen, for_citizens
from motcua.web.ui.asked_papers import Offer, answered, offers
from motcua.web.ui.components import Crumb, FieldError
from motcua.web.ui.consult_words import paper_cards
from motcua.web.ui.questions import Answers, field_views, in_words, read_step
from motcua.web.ui.words import Bilingual

LONGEST_ANSWER = 4000
NOTHING_SUPPLIED = Bilingual(
    "Viết điều bạn bổ sung, hoặc sửa mục cần sửa bên dưới rồi gửi.",
    "Write what you supply, or correct an answer below, and send it.",
)
TOO_LONG = Bilingual("Viết ngắn lại, nhiều nhất 4.000 ký tự.", "Make it shorter: at most 4,000 characters.")
CORRECTED = Words(vi="Điều bạn đã khai", en="What you entered")


@dataclass(frozen=True, slots=True)
class Asked:
    """What an officer asked the applicant to supply, word for word, and since when the clock stands."""

    at: datetime
    text: str


def asked_of(found: CasePage) -> Asked | None:
    """Return the request for additions that waits for an answer, if one does."""
    state = found.case.state
    if state.clock != "additions" or not found.entries:
        return None
    asking = [each for each in found.entries if each.to_state == state and each.from_state != state]
    return Asked(asking[-1].happened_at, asking[-1].reason) if asking else None


def may_supply(found: CasePage) -> bool:
    """Tell whether the applicant can answer a request for additions now."""
    return supply_act(found.acts, found.case.procedure.content, found.case.state_name) is not None


@require_http_methods(["GET", "HEAD", "POST"])
@for_citizens
def supply(request: HttpRequest, citizen: Citizen, number: str) -> HttpResponse:
    """Take what the applicant supplies; the clock of the case runs on from then."""
    try:
        found = case_of_person(number, citizen.person.id)
    except CaseNotFound:
        raise Http404(number) from None
    if not may_supply(found):
        return redirect("portal:case", number)
    step, now = _questions(found), timezone.now()
    content = found.case.procedure.content
    offered = offers(
        found.case.procedure, step.fields, citizen.person, now=now, today=timezone.localdate(now)
    )
    if request.method != "POST":
        return _page(request, found, "", None, (), offered=offered)
    text = request.POST.get("text", "").replace("\0", "").strip()
    sent, wrong_files = answered(request, found.case.procedure, offered, citizen.person, now=now)
    answers = read_step(content.form, step, sent, found.values).with_errors(wrong_files)
    errors = [FieldError("text", TOO_LONG)] if len(text) > LONGEST_ANSWER else []
    errors += answers.errors
    if errors:
        return _page(request, found, text, answers, tuple(errors), offered=offered)
    try:
        supply_additions(
            number=number,
            applicant_id=citizen.person.id,
            text=text,
            corrected={field.name: answers.cleaned.get(field.name) for field in step.fields},
            now=timezone.now(),
        )
    except ReasonMissing:
        return _page(request, found, text, answers, (FieldError("text", NOTHING_SUPPLIED),), offered=offered)
    except FormRefused as refusal:
        wrong = tuple(FieldError(name, message) for name, message in refusal.errors.items())
        return _page(request, found, text, answers, wrong, offered=offered)
    except (NothingAsked, CaseMovedOn):
        # Answered in another window, or stopped meanwhile: the page of the case tells.
        return redirect("portal:case", number)
    return redirect(f"{reverse('portal:case', args=(number,))}?supplied=1")


def _questions(found: CasePage) -> FormStep:
    return FormStep(name="corrected", label=CORRECTED, fields=correctable(found.case.procedure.content))


def _page(
    request: HttpRequest,
    found: CasePage,
    text: str,
    answers: Answers | None,
    errors: tuple[FieldError, ...],
    *,
    offered: Mapping[str, Offer],
) -> HttpResponse:
    number, content = found.case.number, found.case.procedure.content
    page = {
        "case": found.case,
        "asked": asked_of(found),
        "text": text[: LONGEST_ANSWER + 200],
        "longest": LONGEST_ANSWER,
        "fields": field_views(
            content.form,
            _questions(found),
            values=found.values if answers is None else answers.cleaned,
            typed=answers.typed if answers else None,
            errors=errors,
            today=timezone.localdate(),
            offered=offered,
        ),
        "with_files": bool(offered),
        "errors": errors,
        "crumbs": [Crumb(Bilingual("Hồ sơ của tôi", "My cases"), "/my/"), Crumb(number, f"/my/{number}/")],
        "section": "my",
    }
    return render(request, "portal/supply.html", page, status=422 if errors else 200)


@require_safe
@for_citizens
def result_file(request: HttpRequest, citizen: Citizen, number: str, code: str) -> HttpResponse:
    """Give the applicant the sealed paper of their case, byte for byte."""
    try:
        found = case_of_person(number, citizen.person.id)
    except CaseNotFound:
        raise Http404(number) from None
    card = next((each for each in paper_cards(found, sealed_only=True) if each.result.code == code), None)
    if card is None:
        raise Http404(number)
    response = HttpResponse(result_bytes(card.result.id), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="ket-qua-{number}.pdf"'
    return response


def corrections(found: CasePage, today: date) -> dict[datetime, tuple[tuple[Words, object, object], ...]]:
    """Return what the applicant corrected, by the moment: question, answer before, answer after."""
    fields = {field.name: field for field in found.case.procedure.content.form.fields}
    return {
        entry.happened_at: tuple(
            (
                fields[name].label,
                in_words(fields[name], before, today),
                in_words(fields[name], after, today),
            )
            for name, (before, after) in entry.corrected.items()
            if name in fields
        )
        for entry in found.entries
        if entry.corrected
    }


def status_code(number: str) -> SafeString:
    """Draw the QR that leads to the public status of a case; it tells nothing but the number."""
    picture = io.BytesIO()
    address = f"{settings.SITE_URL}{reverse('portal:status')}?number={number}"
    segno.make(address, error="m", micro=False).save(
        picture, kind="svg", xmldecl=False, border=2, scale=4, svgns=True
    )
    return mark_safe(picture.getvalue().decode())  # noqa: S308  drawn here, from an address of ours
