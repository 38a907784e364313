"""One case on the desk: everything an officer needs to decide, and the acts open to them."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from motcua.cases.plans import LayoutNotUsable
from motcua.cases.queries import CaseNotFound, CasePage, case_for_officer
from motcua.cases.services import CaseMovedOn, act_on_case
from motcua.cases.services.act import ReasonMissing
from motcua.cases.services.open import open_case
from motcua.cases.states import ActNotOpen
from motcua.identity.states import Purpose
from motcua.procedures.content import Act
from motcua.web.desk.pages import case_page, latest_entry
from motcua.web.ui.components import FieldError
from motcua.web.ui.officers import Officer, for_officers
from motcua.web.ui.words import Bilingual

LONGEST_REASON = 2000
CHOOSE = Bilingual("Chọn việc bạn muốn làm.", "Choose what to do.")
GIVE_REASON = Bilingual(
    "Viết lý do. Người dân sẽ đọc nguyên văn lý do này.",
    "Write the reason. The applicant will read it word for word.",
)
SHORTEN = Bilingual("Viết ngắn lại, nhiều nhất 2.000 ký tự.", "Make it shorter: at most 2,000 characters.")
NO_CREDENTIAL = Bilingual(
    "Không lập được giấy từ dữ liệu của hồ sơ này, nên chưa có gì thay đổi. Báo cho người phụ trách dịch vụ.",
    "No credential can be made from the data of this case, so nothing was changed. Tell the service's owner.",
)


@dataclass(frozen=True, slots=True)
class Wish:
    """What an officer wants to do, as sent: the act, the reason, and the state that they saw."""

    act: str
    reason: str
    seen_state: str

    def errors(self, acts: dict[str, Act]) -> tuple[FieldError, ...]:
        """Return what has to be mended before the act can be confirmed."""
        found = []
        act = acts.get(self.act)
        if act is None:
            found.append(FieldError("act", CHOOSE))
        elif act.needs_reason and not self.reason:
            found.append(FieldError("reason", GIVE_REASON))
        if len(self.reason) > LONGEST_REASON:
            found.append(FieldError("reason", SHORTEN))
        return tuple(found)


NO_WISH = Wish("", "", "")


@require_safe
@for_officers(Purpose.READ_CASES)
def case(request: HttpRequest, officer: Officer, number: str) -> HttpResponse:
    """Show a case; the applicant will see that it was opened, by which office and when."""
    return _shown(request, officer, number, wish=NO_WISH, errors=(), done=request.GET.get("done", ""))


@require_POST
@for_officers(Purpose.READ_CASES)
def check(request: HttpRequest, officer: Officer, number: str) -> HttpResponse:
    """Show what an act will bring about before it is done, or what is missing."""
    found = _found(officer, number)
    wish = _wish(request)
    if wish.seen_state != found.case.state_name:
        return _moved_on(request, officer, number)
    errors = wish.errors(found.acts)
    if errors or request.POST.get("step") == "mend":
        return _shown(request, officer, number, wish=wish, errors=errors)
    act = found.acts[wish.act]
    page = {
        "officer": officer,
        "section": "queue",
        "case": found.case,
        "wish": wish,
        "act": act,
        "target": found.case.procedure.content.workflow.states[act.target],
    }
    return render(request, "desk/confirm.html", page)


@require_POST
@for_officers(Purpose.READ_CASES)
def act(request: HttpRequest, officer: Officer, number: str) -> HttpResponse:
    """Carry out a confirmed act, and show the case with what became of it."""
    found = _found(officer, number)
    wish = _wish(request)
    errors = wish.errors(found.acts) if wish.seen_state == found.case.state_name else ()
    if errors:
        return _shown(request, officer, number, wish=wish, errors=errors)
    try:
        act_on_case(
            number=number,
            act=wish.act,
            rights=officer.rights,
            reason=wish.reason,
            seen_state=wish.seen_state,
            now=officer.now,
        )
    except (CaseMovedOn, ActNotOpen):
        return _moved_on(request, officer, number)
    except ReasonMissing:
        return _shown(request, officer, number, wish=wish, errors=(FieldError("reason", GIVE_REASON),))
    except LayoutNotUsable:
        return _shown(request, officer, number, wish=wish, errors=(FieldError("act", NO_CREDENTIAL),))
    return redirect(f"{reverse('desk:case', args=(number,))}?done={wish.act}")


def _wish(request: HttpRequest) -> Wish:
    act, reason, seen = (request.POST.get(name, "") for name in ("act", "reason", "seen_state"))
    # Kept a little longer than allowed, so that the page can show back what was too long.
    return Wish(act[:60], reason.replace("\0", "").strip()[: LONGEST_REASON + 500], seen[:60])


def _found(officer: Officer, number: str) -> CasePage:
    try:
        return case_for_officer(number, officer.rights)
    except CaseNotFound:
        raise Http404 from None


def _shown(
    request: HttpRequest,
    officer: Officer,
    number: str,
    *,
    wish: Wish,
    errors: tuple[FieldError, ...],
    done: str = "",
) -> HttpResponse:
    try:
        found = open_case(number=number, rights=officer.rights, now=officer.now)
    except CaseNotFound:
        raise Http404 from None
    page = {
        "officer": officer,
        "section": "queue",
        "wish": wish,
        "errors": errors,
        "longest": LONGEST_REASON,
        "done": found.case.procedure.content.workflow.acts.get(done),
        **case_page(found, officer.now),
    }
    return render(request, "desk/case.html", page, status=422 if errors else 200)


def _moved_on(request: HttpRequest, officer: Officer, number: str) -> HttpResponse:
    found = _found(officer, number)
    page = {
        "officer": officer,
        "section": "queue",
        "case": found.case,
        "entry": latest_entry(found),
    }
    return render(request, "desk/moved_on.html", page, status=409)
