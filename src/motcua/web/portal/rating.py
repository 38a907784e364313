"""The applicant says how satisfied they are with how an ended case was handled."""

from dataclasses import dataclass
from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from motcua.cases.queries import CaseNotFound, CasePage, CaseView, case_of_person
from motcua.ratings.queries import RatingView, own_rating
from motcua.ratings.services import NotARating, NotEnded, RatedForGood, rate_case
from motcua.ratings.states import ENDED, LONGEST_WORDS, Reason, Step
from motcua.web.portal.access import Citizen, for_citizens
from motcua.web.ui.components import Choice, Crumb, FieldError, FieldView
from motcua.web.ui.words import Bilingual

STEPS = {
    Step.VERY_SATISFIED: Bilingual("Rất hài lòng", "Very satisfied"),
    Step.SATISFIED: Bilingual("Hài lòng", "Satisfied"),
    Step.NEUTRAL: Bilingual("Bình thường", "Neither"),
    Step.DISSATISFIED: Bilingual("Không hài lòng", "Dissatisfied"),
    Step.VERY_DISSATISFIED: Bilingual("Rất không hài lòng", "Very dissatisfied"),
}
REASONS = {
    Reason.SLOW: Bilingual("Chậm, không đúng hẹn", "Slow, not as promised"),
    Reason.UNCLEAR: Bilingual("Hướng dẫn khó hiểu", "Hard to understand"),
    Reason.PAPERS: Bilingual("Phải nộp nhiều giấy tờ, hoặc nộp lại", "Many papers, or the same twice"),
    Reason.TRIPS: Bilingual("Phải đi lại nhiều lần", "Many trips"),
    Reason.ATTITUDE: Bilingual("Thái độ phục vụ", "How I was treated"),
    Reason.PORTAL: Bilingual("Cổng khó dùng", "This site is hard to use"),
    Reason.COST: Bilingual("Phải trả khoản ngoài quy định", "I had to pay more than the rules say"),
}
CHOOSE = Bilingual("Chọn một mức.", "Choose one.")
TOO_LONG = Bilingual("Viết ngắn lại, nhiều nhất 1.000 ký tự.", "Make it shorter: at most 1,000 characters.")


@dataclass(frozen=True, slots=True)
class Rated:
    """What the page of a case says of its rating; no rating yet where ``own`` is null."""

    own: RatingView | None
    words: Bilingual | None
    may_change: bool


def rating_of(case: CaseView, citizen: Citizen, now: datetime) -> Rated | None:
    """Return how the citizen rated the case, or that they may; nothing for a case that goes on unrated."""
    own = own_rating(number=case.number, applicant_id=citizen.person.id)
    if own is None:
        return Rated(None, None, may_change=True) if case.phase in ENDED else None
    return Rated(own, STEPS[own.step], may_change=now <= own.until)


@require_http_methods(["GET", "HEAD", "POST"])
@for_citizens
def rating(request: HttpRequest, citizen: Citizen, number: str) -> HttpResponse:
    """Ask for one of five steps, and for words and reasons if one likes; the same page changes it for a day."""
    try:
        found = case_of_person(number, citizen.person.id)
    except CaseNotFound:
        raise Http404(number) from None
    rated = rating_of(found.case, citizen, timezone.now())
    if rated is None or not rated.may_change:
        return redirect("portal:case", number)
    if request.method != "POST":
        return _page(request, found, rated.own, _Sent.of(rated.own), ())
    sent = _Sent.read(request)
    errors = sent.errors()
    if errors:
        return _page(request, found, rated.own, sent, errors)
    try:
        rate_case(
            number=number,
            applicant_id=citizen.person.id,
            step=int(sent.step),
            reasons=sent.reasons,
            words=sent.words,
            now=timezone.now(),
        )
    except (NotARating, NotEnded, RatedForGood):
        # Too late by now, or reasons that no page offers: the page of the case tells what stands.
        return redirect("portal:case", number)
    return redirect(f"{reverse('portal:case', args=(number,))}?rated=1")


@dataclass(frozen=True, slots=True)
class _Sent:
    """What was chosen and written so far."""

    step: str = ""
    reasons: frozenset[str] = frozenset()
    words: str = ""

    @classmethod
    def of(cls, own: RatingView | None) -> "_Sent":
        return cls(str(own.step.value), frozenset(own.reasons), own.words) if own else cls()

    @classmethod
    def read(cls, request: HttpRequest) -> "_Sent":
        reasons = frozenset(request.POST.getlist("reasons")) & set(Reason.values)
        words = request.POST.get("words", "").replace("\0", "").replace("\r\n", "\n").strip()
        return cls(request.POST.get("step", ""), reasons, words[: LONGEST_WORDS + 200])

    def errors(self) -> tuple[FieldError, ...]:
        wrong = [FieldError("step", CHOOSE)] if self.step not in map(str, Step.values) else []
        if len(self.words) > LONGEST_WORDS:
            wrong.append(FieldError("words", TOO_LONG))
        return tuple(wrong)


def _page(
    request: HttpRequest,
    found: CasePage,
    own: RatingView | None,
    sent: _Sent,
    errors: tuple[FieldError, ...],
) -> HttpResponse:
    number = found.case.number
    page = {
        "case": found.case,
        "own": own,
        "step": sent.step,
        "steps": [Choice(str(step.value), words) for step, words in STEPS.items()],
        "reasons": FieldView(
            name="reasons",
            label=Bilingual("Điều gì cần tốt hơn?", "What should be better?"),
            widget="checkboxes",
            choices=tuple(Choice(reason.value, words) for reason, words in REASONS.items()),
            chosen=sent.reasons,
            required=False,
        ),
        "said": sent.words,
        "longest": LONGEST_WORDS,
        "errors": errors,
        "crumbs": [Crumb(Bilingual("Hồ sơ của tôi", "My cases"), "/my/"), Crumb(number, f"/my/{number}/")],
        "section": "my",
    }
    return render(request, "portal/rating.html", page, status=422 if errors else 200)
