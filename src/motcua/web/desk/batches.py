"""Acting on many cases at once: choose, see what will happen to each, confirm, read what became of each."""

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from motcua.cases.desk.batches import (
    AT_MOST,
    BatchView,
    Chosen,
    LeftOut,
    Outcome,
    Planned,
    SharedAct,
    batch_of,
    carry_out,
    plan,
    shared_acts,
    shared_templates,
)
from motcua.cases.desk.reasons import left_to_fill
from motcua.cases.models import ActBatch
from motcua.identity.states import Purpose
from motcua.procedures.content import Bilingual as Words
from motcua.procedures.content import Letter
from motcua.web.desk.sent import sent_only
from motcua.web.desk.wishes import FILL_PLACES, GIVE_REASON, LONGEST_REASON, SHORTEN
from motcua.web.ui.components import FieldError
from motcua.web.ui.legal_clock import holder_in
from motcua.web.ui.officers import Officer, for_officers
from motcua.web.ui.words import Bilingual, InTwoLanguages

CASE = re.compile(r"([A-Z][0-9A-Z.]{0,11}-[0-9]{8}-[0-9]{7}) ([a-z][a-z0-9_]{0,59})")
LEFT_OUT: dict[LeftOut, Bilingual] = {
    "gone": Bilingual("Không còn trong phạm vi của bạn", "No longer within your rights"),
    "moved_on": Bilingual("Đã có người xử lý sau khi bạn chọn", "Somebody acted on it since you chose it"),
    "not_open": Bilingual(
        "Việc này không mở cho hồ sơ này hoặc vai trò của bạn", "Not open for this case or for your role"
    ),
    "not_paid": Bilingual("Chờ người nộp nộp đủ phí, lệ phí", "Waits until the applicant has paid"),
    "no_paper": Bilingual(
        "Không lập được giấy từ dữ liệu của hồ sơ này: mở hồ sơ để xem",
        "No paper can be made from its data: open the case",
    ),
    "one_by_one": Bilingual("Phải xử lý riêng từng hồ sơ", "Has to be done case by case"),
}
BECAME: dict[Outcome, tuple[Bilingual, str]] = {
    "done": (Bilingual("Đã thực hiện", "Done"), "green"),
    "gone": (Bilingual("Không còn trong phạm vi của bạn", "No longer within your rights"), "grey"),
    "moved_on": (
        Bilingual("Đã có người xử lý trước, không đổi gì", "Somebody was quicker; unchanged"),
        "yellow",
    ),
    "not_open": (Bilingual("Việc này không còn mở, không đổi gì", "No longer open; unchanged"), "yellow"),
    "refused": (
        Bilingual(
            "Không thực hiện được, không đổi gì: mở hồ sơ để xem", "Not possible; unchanged: open the case"
        ),
        "red",
    ),
}
CHOOSE_SOME = Bilingual("Đánh dấu ít nhất một hồ sơ trong danh sách.", "Tick at least one case of the list.")
TOO_MANY = Bilingual("Chọn nhiều nhất 200 hồ sơ mỗi lần.", "Choose at most 200 cases at a time.")
CHOOSE_ACT = Bilingual("Chọn việc cần làm.", "Choose what to do.")
SAME_REASON = Bilingual(
    "Xác nhận rằng lý do này đúng cho mọi hồ sơ, hoặc xử lý riêng từng hồ sơ.",
    "Confirm that this reason is right for every case, or act case by case.",
)


@dataclass(frozen=True, slots=True)
class Line:
    """What would become of a case, in words."""

    planned: Planned
    service: InTwoLanguages | None
    before: InTwoLanguages | None
    after: InTwoLanguages | None
    letter: Words | None
    goes_to: InTwoLanguages | None
    pauses: bool
    left_out: Bilingual | None


@sent_only
@for_officers(Purpose.READ_CASES)
def choose(request: HttpRequest, officer: Officer) -> HttpResponse:
    """Ask what to do with the chosen cases."""
    return _ask(request, officer, ())


@sent_only
@for_officers(Purpose.READ_CASES)
def preview(request: HttpRequest, officer: Officer) -> HttpResponse:
    """Show what the act will bring about for each case, and which are left out and why; nothing is done yet."""
    chosen, act = chosen_in(request), request.POST.get("act", "")
    reason = request.POST.get("reason", "").strip()[: LONGEST_REASON + 1]
    if not 0 < len(chosen) <= AT_MOST or request.POST.get("step") in ("mend", "fill"):
        return _ask(request, officer, ())
    shared = {each.name: each for each in shared_acts(chosen, officer.rights)}
    errors = tuple(_mistakes(request, shared.get(act), reason))
    if errors:
        return _ask(request, officer, errors)
    lines = [line_of(each) for each in plan(chosen, act=act, rights=officer.rights, now=officer.now)]
    page = {
        "officer": officer,
        "section": "queue",
        "act": shared[act],
        "reason": reason,
        "going": [line for line in lines if line.left_out is None],
        "left_out": [line for line in lines if line.left_out is not None],
        "batch_id": uuid.uuid4(),
    }
    return render(request, "desk/batch_preview.html", page)


@sent_only
@for_officers(Purpose.READ_CASES)
def confirm(request: HttpRequest, officer: Officer) -> HttpResponse:
    """Carry out what was confirmed; the same page sent twice does nothing twice."""
    try:
        batch_id = uuid.UUID(request.POST.get("batch", ""))
    except ValueError:
        raise Http404 from None
    chosen, reason = chosen_in(request), request.POST.get("reason", "")
    if not 0 < len(chosen) <= AT_MOST or len(reason) > LONGEST_REASON or left_to_fill(reason):
        return _ask(request, officer, ())
    try:
        carry_out(
            batch_id=batch_id,
            chosen=chosen,
            act=request.POST.get("act", "")[:60],
            reason=reason,
            rights=officer.rights,
            now=officer.now,
        )
    except ActBatch.DoesNotExist:
        raise Http404 from None
    return redirect("desk:batch", batch_id)


@require_safe
@for_officers(Purpose.READ_CASES)
def batch(request: HttpRequest, officer: Officer, batch_id: uuid.UUID) -> HttpResponse:
    """Show what became of each case of the officer's own batch."""
    try:
        found = batch_of(batch_id=batch_id, rights=officer.rights)
    except ActBatch.DoesNotExist:
        raise Http404 from None
    page = {
        "officer": officer,
        "section": "queue",
        "done": _done(found),
        "items": [(each.number, *BECAME[each.outcome]) for each in found.items],
    }
    return render(request, "desk/batch.html", page)


def chosen_in(request: HttpRequest) -> list[Chosen]:
    """Return the cases that were ticked, each once, as they were seen; what is no case is left out."""
    found = (CASE.fullmatch(text) for text in request.POST.getlist("case"))
    once = {match[1]: Chosen(match[1], match[2]) for match in found if match}
    return list(once.values())


def line_of(planned: Planned) -> Line:
    """Return what would become of a case in words; a query where the case goes to another agency."""
    case, act = planned.case, planned.act
    content = case.procedure.content if case else None
    target = content.workflow.states[act.target] if content and act else None
    letter: Letter | None = content.letters[act.letter] if content and act and act.letter else None
    moves = bool(case and target and target.worked_on_by != case.state.worked_on_by)
    return Line(
        planned=planned,
        service=content.manifest.title if content else None,
        before=case.state.label if case else None,
        after=target.label if target else None,
        letter=letter.title if letter else None,
        goes_to=holder_in(content, act.target) if content and act and moves else None,
        pauses=bool(case and target and target.paused and not case.state.paused),
        left_out=LEFT_OUT[planned.left_out] if planned.left_out else None,
    )


def _mistakes(request: HttpRequest, act: SharedAct | None, reason: str) -> Sequence[FieldError]:
    if act is None:
        return [FieldError("act", CHOOSE_ACT)]
    errors = []
    if act.needs_reason and not reason:
        errors.append(FieldError("reason", GIVE_REASON))
    if reason and request.POST.get("same_reason") != "yes":
        errors.append(FieldError("same_reason", SAME_REASON))
    if len(reason) > LONGEST_REASON:
        errors.append(FieldError("reason", SHORTEN))
    places = left_to_fill(reason)
    if places:
        errors.append(FieldError("reason", FILL_PLACES.filled(places=", ".join(places))))
    return errors


def _ask(request: HttpRequest, officer: Officer, errors: Sequence[FieldError]) -> HttpResponse:
    chosen = chosen_in(request)
    if not chosen:
        errors = (FieldError("case", CHOOSE_SOME),)
    elif len(chosen) > AT_MOST:
        chosen, errors = [], (FieldError("case", TOO_MANY),)
    acts = shared_acts(chosen, officer.rights)
    templates = shared_templates(chosen, acts, officer.rights)
    wanted = request.POST.get("template", "") if request.POST.get("step") == "fill" else ""
    filled = next((each.text for each in templates if str(each.key) == wanted), "")
    page = {
        "officer": officer,
        "section": "queue",
        "chosen": chosen,
        "acts": acts,
        "templates": templates,
        "act": request.POST.get("act", ""),
        "reason": filled or request.POST.get("reason", ""),
        "same_reason": request.POST.get("same_reason", ""),
        "longest": LONGEST_REASON,
        "errors": errors,
        "wrong": {each.name: each.message for each in errors},
    }
    return render(request, "desk/batch_choose.html", page, status=422 if errors else 200)


def _done(found: BatchView) -> int:
    return sum(each.outcome == "done" for each in found.items)
