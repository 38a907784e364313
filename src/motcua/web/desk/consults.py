"""An asked agency answers on the desk: the question, its findings, a look at the whole, and once only."""

from collections.abc import Mapping

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from motcua.agencies.queries import AgencyNotKnown, PlaceNotKnown
from motcua.cases.models import Case
from motcua.cases.plans import LayoutNotUsable
from motcua.cases.queries import CaseNotFound, CasePage, case_for_officer
from motcua.cases.services import CaseMovedOn, ConsultClosed, answer_consult
from motcua.cases.services.act import ReasonMissing
from motcua.identity.states import Purpose
from motcua.procedures.content import Consult
from motcua.procedures.forms import FormRefused
from motcua.web.desk.found import FoundOut, found_views, read_found
from motcua.web.desk.wishes import LONGEST_REASON, SHORTEN
from motcua.web.ui.components import FieldError
from motcua.web.ui.consult_words import ConsultLine, consult_lines, finding_rows
from motcua.web.ui.officers import Officer, for_officers
from motcua.web.ui.words import Bilingual

SAY_SOMETHING = Bilingual("Viết ý kiến của cơ quan bạn.", "Write what your agency says.")
NOT_TAKEN = Bilingual(
    "Hồ sơ không chuyển bước được sau câu trả lời này, nên chưa có gì được gửi. Báo cho người phụ trách dịch vụ.",
    "The case cannot go on with this answer, so nothing was sent. Tell the service's owner.",
)
NOTHING = FoundOut({}, {}, ())


@require_http_methods(["GET", "HEAD", "POST"])
@for_officers(Purpose.READ_CASES)
def consult(request: HttpRequest, officer: Officer, number: str, code: str) -> HttpResponse:
    """Ask for the answer to a question, show it back, and send it; an answered question leads to the case."""
    found = _found(officer, number)
    asked = next((each for each in found.consults if each.consult.code == code and each.mine), None)
    if asked is None:
        # Answered by a colleague, or taken back: the page of the case tells which.
        return redirect("desk:case", number)
    declared, sent = asked.consult.findings, request.POST
    step = sent.get("step", "") if request.method == "POST" else ""
    if not step:
        return _page(request, officer, found, asked.consult, words="", given=NOTHING)
    given, words = read_found(declared, sent), _words(sent)
    errors = (*given.errors, *_about_words(words))
    if step == "mend" or errors:
        shown = () if step == "mend" else errors
        return _page(request, officer, found, asked.consult, words=words, given=given, errors=shown)
    if step != "send":
        return _page(request, officer, found, asked.consult, words=words, given=given, checked=True)
    try:
        answer_consult(
            number=number,
            code=code,
            rights=officer.rights,
            words=words,
            findings=given.values,
            now=officer.now,
        )
    except (ConsultClosed, CaseMovedOn, Case.DoesNotExist):
        return redirect("desk:case", number)
    except (ReasonMissing, FormRefused, LayoutNotUsable, AgencyNotKnown, PlaceNotKnown):
        wrong = (FieldError("words", NOT_TAKEN),)
        return _page(request, officer, found, asked.consult, words=words, given=given, errors=wrong)
    return redirect(f"{reverse('desk:case', args=(number,))}?answered={code}")


def _found(officer: Officer, number: str) -> CasePage:
    try:
        return case_for_officer(number, officer.rights)
    except CaseNotFound:
        raise Http404 from None


def _words(sent: Mapping[str, str]) -> str:
    return sent.get("words", "").replace("\0", "").strip()[: LONGEST_REASON + 500]


def _about_words(words: str) -> tuple[FieldError, ...]:
    if not words:
        return (FieldError("words", SAY_SOMETHING),)
    return (FieldError("words", SHORTEN),) if len(words) > LONGEST_REASON else ()


def _page(
    request: HttpRequest,
    officer: Officer,
    found: CasePage,
    consult: Consult,
    *,
    words: str,
    given: FoundOut,
    errors: tuple[FieldError, ...] = (),
    checked: bool = False,
) -> HttpResponse:
    lines = consult_lines(found, officer.now)
    line: ConsultLine = next(each for each in lines if each.code == consult.code)
    page = {
        "officer": officer,
        "section": "queue",
        "case": found.case,
        "asked": line,
        "fields": found_views(consult.findings, given.typed, errors, timezone.localdate()),
        "rows": finding_rows(found.case.procedure.content, given.values),
        "typed": given.typed,
        "words_given": words,
        "longest": LONGEST_REASON,
        "checked": checked,
        "last": sum(each.open for each in found.consults) == 1,
        "errors": errors,
        "back": reverse("desk:case", args=(found.case.number,)),
    }
    return render(request, "desk/consult.html", page, status=422 if errors else 200)
