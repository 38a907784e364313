"""A sealed paper on the desk: taken back by a notice, replaced by a corrected one, and the answer to an objection.

One officer draws up, another signs; each reads the papers word for word before.
"""

import uuid
from collections.abc import Callable, Mapping

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from motcua.cases.queries import CaseNotFound
from motcua.cases.result_papers import PaperNotSeen
from motcua.cases.services.act import ReasonMissing
from motcua.cases.services.open import open_case
from motcua.cases.services.withdrawing import (
    NoSuchResult,
    ResultStanding,
    answer,
    give_up,
    matters_for,
    propose,
    propose_another,
    result_standing,
    sign_waiting,
)
from motcua.credentials.queries import standing_credential
from motcua.documents.matters import notice_before, replacement_before
from motcua.documents.results import ResultExists, ResultMovedOn
from motcua.documents.states import Ground, ObjectionAnswer
from motcua.documents.withdrawals import NotInForce, WithdrawalMovedOn
from motcua.identity.states import Purpose
from motcua.web.desk.acting import REFUSALS, mistake
from motcua.web.desk.wishes import LONGEST_REASON
from motcua.web.desk.withdrawal_form import (
    ANSWERING,
    GIVE_WORDS,
    Proposal,
    WordsNotUsable,
    proposal_of,
    words_in,
)
from motcua.web.ui.components import Crumb, FieldError
from motcua.web.ui.consult_words import paper_cards
from motcua.web.ui.officers import Officer, for_officers
from motcua.web.ui.withdrawal_words import ground_in_words
from motcua.web.ui.words import Bilingual

MOVED_ON = Bilingual(
    "Có người vừa làm việc này trước bạn. Giấy đang ở tình trạng như dưới đây.",
    "Somebody was quicker. The paper stands as shown below.",
)
READ_AGAIN = Bilingual(
    "Giấy chờ ký khác với bản bạn đã đọc, nên chưa có gì được ký. Đọc lại rồi xác nhận.",
    "What waits is not what you read, so nothing was signed. Read it again and confirm.",
)
CHOOSE_PASS = Bilingual(
    "Chọn mã QR của hồ sơ hết hiệu lực cùng giấy này, hay vẫn giữ.",
    "Choose whether the QR of the case ends together with this paper, or goes on.",
)
TOO_LONG = Bilingual("Viết ngắn lại, nhiều nhất 2.000 ký tự.", "Make it shorter: at most 2,000 characters.")
Errors = tuple[FieldError, ...]


@require_safe
@for_officers(Purpose.DECIDE_CASES)
def withdrawals(request: HttpRequest, officer: Officer) -> HttpResponse:
    """List the papers about which the officer's office has something to sign or to answer."""
    page = {"officer": officer, "section": "withdrawals", "matters": matters_for(officer.rights)}
    return render(request, "desk/withdrawals.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
@for_officers(Purpose.DECIDE_CASES)
def standing(request: HttpRequest, officer: Officer, number: str, result_id: str) -> HttpResponse:
    """Show how a sealed paper stands and what can be done about it, or take one step of it."""
    found = _found(officer, number, result_id)
    if request.method != "POST":
        return _page(request, officer, number, found)
    step = _STEPS.get(request.POST.get("step", ""))
    if step is None:
        return _page(request, officer, number, found)
    try:
        return step(request, officer, number, found)
    except NoSuchResult:
        raise Http404(number) from None
    except (WithdrawalMovedOn, NotInForce, ResultExists, ResultMovedOn):
        again = _found(officer, number, result_id)
        return _page(request, officer, number, again, errors=(FieldError("", MOVED_ON),), status=409)
    except PaperNotSeen:
        return _page(request, officer, number, found, errors=(FieldError("", READ_AGAIN),), status=409)
    except REFUSALS as refusal:
        error = FieldError("", mistake(refusal).message)
        return _page(request, officer, number, found, errors=(error,), status=422)


def _ask(request: HttpRequest, officer: Officer, number: str, found: ResultStanding) -> HttpResponse:
    """From the first page: what is missing, else the words to correct, else the last look."""
    proposal = proposal_of(request.POST, found)
    if proposal.errors:
        return _page(
            request, officer, number, found, errors=proposal.errors, typed=proposal.typed, status=422
        )
    return (
        _words(request, officer, number, found)
        if proposal.corrects
        else _look(request, officer, number, found, proposal)
    )


def _words(request: HttpRequest, officer: Officer, number: str, found: ResultStanding) -> HttpResponse:
    """Show the words of the paper to be corrected."""
    return _words_page(request, officer, number, found, ())


def _check(request: HttpRequest, officer: Officer, number: str, found: ResultStanding) -> HttpResponse:
    """From the corrected words to the last look."""
    proposal = proposal_of(request.POST, found)
    try:
        return _look(request, officer, number, found, proposal)
    except WordsNotUsable as refusal:
        return _words_page(request, officer, number, found, refusal.errors)


def _propose(request: HttpRequest, officer: Officer, number: str, found: ResultStanding) -> HttpResponse:
    """Draw up and sign what was shown, for the leader."""
    proposal = proposal_of(request.POST, found)
    if proposal.errors:
        return _page(
            request, officer, number, found, errors=proposal.errors, typed=proposal.typed, status=422
        )
    try:
        corrected = words_in(request.POST, found) if proposal.corrects else None
    except WordsNotUsable as refusal:
        return _words_page(request, officer, number, found, refusal.errors)
    if proposal.ground is not None:
        propose(
            number=number,
            result_id=found.result.id,
            rights=officer.rights,
            ground=proposal.ground,
            reason=proposal.reason,
            corrected=corrected,
            now=officer.now,
        )
    elif corrected is not None:
        propose_another(
            number=number,
            result_id=found.result.id,
            rights=officer.rights,
            text=corrected,
            now=officer.now,
        )
    return _done(number, found, "proposed")


def _sign(request: HttpRequest, officer: Officer, number: str, found: ResultStanding) -> HttpResponse:
    """Sign and seal what waits, as it was read; with a withdrawal, say what becomes of the QR of the case."""
    chosen, withdrawal = request.POST.get("pass", ""), found.withdrawal
    takes_effect = found.decides and withdrawal is not None and withdrawal.withdrawn_at is None
    if chosen not in ("revoke", "keep") and takes_effect and standing_credential(number) is not None:
        error = FieldError("pass", CHOOSE_PASS)
        return _page(request, officer, number, found, errors=(error,), status=422)
    sign_waiting(
        number=number,
        result_id=found.result.id,
        rights=officer.rights,
        seen=request.POST.get("seen", "")[:64],
        revoke_pass=chosen == "revoke",
        now=officer.now,
    )
    return _done(number, found, "signed")


def _give_up(request: HttpRequest, officer: Officer, number: str, found: ResultStanding) -> HttpResponse:
    """Leave things as they are."""
    give_up(number=number, result_id=found.result.id, rights=officer.rights, now=officer.now)
    return _done(number, found, "given_up")


def _answer(request: HttpRequest, officer: Officer, number: str, found: ResultStanding) -> HttpResponse:
    """Answer an objection in words."""
    given, words = request.POST.get("answer", ""), request.POST.get("words", "").strip()
    errors: list[FieldError] = []
    if given not in ObjectionAnswer.values:
        errors.append(FieldError("answer", ANSWERING))
    if not words:
        errors.append(FieldError("words", GIVE_WORDS))
    if len(words) > LONGEST_REASON:
        errors.append(FieldError("words", TOO_LONG))
    typed = {"answer": given, "words": words}
    if errors:
        return _page(request, officer, number, found, errors=tuple(errors), typed=typed, status=422)
    try:
        answer(
            number=number,
            result_id=found.result.id,
            rights=officer.rights,
            given=ObjectionAnswer(given),
            words=words,
            now=officer.now,
        )
    except ReasonMissing:
        errors = [FieldError("words", GIVE_WORDS)]
        return _page(request, officer, number, found, errors=tuple(errors), typed=typed, status=422)
    return _done(number, found, "answered")


Step = Callable[[HttpRequest, Officer, str, ResultStanding], HttpResponse]
_STEPS: Mapping[str, Step] = {
    "ask": _ask,
    "words": _words,
    "check": _check,
    "propose": _propose,
    "sign": _sign,
    "give_up": _give_up,
    "answer": _answer,
}


def _found(officer: Officer, number: str, result_id: str) -> ResultStanding:
    try:
        return result_standing(number=number, result_id=uuid.UUID(result_id), rights=officer.rights)
    except (NoSuchResult, ValueError):
        raise Http404(number) from None


def _done(number: str, found: ResultStanding, what: str) -> HttpResponse:
    return redirect(f"{reverse('desk:result_standing', args=(number, found.result.id))}?done={what}")


def _page(
    request: HttpRequest,
    officer: Officer,
    number: str,
    found: ResultStanding,
    *,
    errors: Errors = (),
    typed: Mapping[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    try:
        case = open_case(number=number, rights=officer.rights, now=officer.now)
    except CaseNotFound:
        raise Http404(number) from None
    card = next((each for each in paper_cards(case) if each.result.id == found.result.id), None)
    withdrawal = found.withdrawal
    page = {
        **_around(officer, number, found, errors),
        "card": card,
        "grounds": [(each.value, ground_in_words(each)) for each in Ground],
        "typed": typed or {},
        "done": request.GET.get("done", ""),
        "longest": LONGEST_REASON,
        "may_propose": found.draws_up and withdrawal is None,
        "may_replace": found.draws_up
        and found.result.withdrawn is not None
        and not found.waiting
        and found.replaced_by is None,
        "may_answer": found.decides
        and withdrawal is not None
        and withdrawal.objection is not None
        and withdrawal.objection.answer is None
        and withdrawal.asked_by_id != officer.account_id,
        "has_pass": standing_credential(number) is not None,
    }
    return render(request, "desk/result_standing.html", page, status=status)


def _words_page(
    request: HttpRequest, officer: Officer, number: str, found: ResultStanding, errors: Errors
) -> HttpResponse:
    proposal = proposal_of(request.POST, found)
    page = {
        **_around(officer, number, found, errors),
        "typed": proposal.typed,
        "fields": proposal.fields(found, errors),
    }
    return render(request, "desk/result_words.html", page, status=422 if errors else 200)


def _look(
    request: HttpRequest, officer: Officer, number: str, found: ResultStanding, proposal: Proposal
) -> HttpResponse:
    """Show word for word what will be drawn up. Raises ``WordsNotUsable``."""
    corrected = words_in(request.POST, found) if proposal.corrects else None
    papers = []
    if proposal.ground is not None:
        papers.append(
            notice_before(
                found.result.id,
                ground=proposal.ground,
                reason=proposal.reason,
                replaced=corrected is not None,
            )
        )
    if corrected is not None:
        papers.append(replacement_before(found.result.id, corrected))
    page = {
        **_around(officer, number, found, ()),
        "proposal": proposal,
        "papers": papers,
        "typed": proposal.sent,
        "has_pass": standing_credential(number) is not None,
    }
    return render(request, "desk/result_confirm.html", page)


def _around(officer: Officer, number: str, found: ResultStanding, errors: Errors) -> dict[str, object]:
    return {
        "officer": officer,
        "section": "withdrawals",
        "number": number,
        "standing": found,
        "errors": errors,
        "crumbs": [
            Crumb(Bilingual("Hồ sơ chờ xử lý", "Cases to handle"), reverse("desk:queue")),
            Crumb(number, reverse("desk:case", args=(number,))),
        ],
    }
