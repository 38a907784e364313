"""The way to a switch and back: its moment, the second person, how far it has come, and its undoing."""

from datetime import timedelta

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from motcua.directives.complaints import DirectiveRefused
from motcua.directives.queries import DirectiveView, authors_of
from motcua.directives.services import (
    ConfirmedTooLate,
    DirectiveMovedOn,
    DirectiveNotOpen,
    DirectiveNotYours,
    MomentNotPossible,
    ReplacedSince,
    SecondPersonNeeded,
    TooLateToUndo,
    confirm,
    schedule,
    unschedule,
)
from motcua.directives.states import DirectiveState
from motcua.identity.states import Purpose
from motcua.switching.run_queries import RunView, dry_run, runs_of
from motcua.switching.states import RunState
from motcua.switching.steps import SwitchState
from motcua.switching.switch import start_due
from motcua.switching.switch_queries import SwitchView, left_by_switch, switch_of, switched_runs, waits_for
from motcua.switching.undo import SwitchNotDone, undo
from motcua.web.operations.directives.drafting import CLOSED, NOT_YOURS, refused
from motcua.web.operations.directives.effects import CATEGORIES, Part, number_words, sentence, tiles
from motcua.web.operations.directives.moments import NO_MOMENT, NotAMoment, in_both, read_moment, typed_moment
from motcua.web.operations.directives.pages import (
    READERS,
    directive_page,
    found_directive,
    opinion_rows,
    undo_until,
    what_it_says,
)
from motcua.web.operations.directives.words import SWITCH_STATES as STATES
from motcua.web.operations.directives.words import steps_of
from motcua.web.ui.components import FieldError, FieldView
from motcua.web.ui.officers import Officer, for_officers
from motcua.web.ui.words import Bilingual

EVERY_SECONDS = 1
BUSY = (
    SwitchState.SCHEDULED,
    SwitchState.COMPARING,
    SwitchState.PUBLISHING,
    SwitchState.APPLYING,
    SwitchState.TELLING,
    SwitchState.UNDOING,
)
WAITS = Bilingual("Chưa có lần chuyển nào", "No switch yet")
QUEUED = Bilingual(
    "Chờ Chỉ thị {number} chuyển xong; mỗi lúc chỉ chuyển một chỉ thị.",
    "Waits until Directive {number} has been switched; one is switched at a time.",
)
NO_RUN = Bilingual("Hãy chạy thử bản soạn này trước khi hẹn giờ.", "Run this draft before you set its time.")
NOT_POSSIBLE = Bilingual(
    "Giờ chuyển phải sau lúc này và nằm trong thời gian áp dụng của chỉ thị (từ {since}).",
    "The moment lies after now and within the time of the directive (from {since}).",
)
TICK = Bilingual("Đánh dấu rằng bạn đã đọc và đồng ý.", "Tick that you have read it and agree.")
OWN_WORK = Bilingual(
    "Bạn đã soạn hoặc hẹn giờ chỉ thị này. Một lãnh đạo khác phải xác nhận.",
    "You wrote this directive or set its time. Another leader has to confirm.",
)
TOO_LATE = Bilingual("Giờ chuyển đã qua. Hãy hẹn giờ lại.", "Its moment has passed. Set a new time.")
OTHER_RUN = Bilingual(
    "Lần chạy thử đã đổi sau khi bạn mở trang này. Hãy đọc lại.",
    "The dry run is another one since you opened this page. Read it again.",
)
MOVED_ON = Bilingual("Chỉ thị đã đổi trạng thái; hãy xem lại.", "The directive has moved on; look again.")
UNDO_TOO_LATE = Bilingual(
    "Đã hết thời gian hoàn tác. Muốn đổi, hãy soạn chỉ thị mới thay nó.",
    "The time for undoing has passed. To change it, write a directive that replaces it.",
)
REPLACED = Bilingual(
    "Một chỉ thị khác đã thay chỉ thị này; phải hoàn tác chỉ thị ấy trước.",
    "Another directive has replaced this one; that one is undone first.",
)
NOT_DONE = Bilingual(
    "Lần chuyển chưa xong nên chưa hoàn tác được.", "The switch has not ended, so it cannot be undone yet."
)
LEFT = Bilingual(
    "để nguyên vì có người đã xử lý hoặc dữ liệu đã đổi", "left alone: a person acted, or facts changed"
)
ABOUT = Bilingual("khoảng {number}", "about {number}")
SOON = timedelta(hours=1)


@require_http_methods(["GET", "HEAD", "POST"])
@for_officers(Purpose.DIRECT)
def set_time(request: HttpRequest, officer: Officer, directive_id: int) -> HttpResponse:
    """Ask for the moment of the switch; on POST set it, for a second person to confirm."""
    found = found_directive(directive_id, officer)
    if found.state is not DirectiveState.DRAFT:
        return refused(request, officer, CLOSED, 409)
    run = current_run(found, officer)
    if run is None:
        return refused(request, officer, NO_RUN, 409)
    if request.method != "POST":
        planned = max(found.from_at, officer.now + SOON).replace(second=0, microsecond=0)
        return _time_page(request, officer, found, run, typed=typed_moment(planned))
    typed = request.POST.get("at", "")
    try:
        at = read_moment(typed)
        schedule(
            directive_id=found.id, dry_run_id=run.id, at=at, account_id=officer.account_id, now=officer.now
        )
    except NotAMoment:
        return _time_page(request, officer, found, run, typed=typed, wrong=NO_MOMENT)
    except MomentNotPossible:
        wrong = NOT_POSSIBLE.filled(since=in_both(found.from_at))
        return _time_page(request, officer, found, run, typed=typed, wrong=wrong)
    except DirectiveRefused as refusal:
        return _time_page(request, officer, found, run, typed=typed, wrong=_first_fault(refusal))
    except (DirectiveNotOpen, DirectiveMovedOn):
        return refused(request, officer, MOVED_ON, 409)
    except DirectiveNotYours:
        return refused(request, officer, NOT_YOURS, 403)
    return redirect(f"{reverse('operations:directive', args=(found.id,))}?done=scheduled")


@require_POST
@for_officers(Purpose.DIRECT)
def take_back(request: HttpRequest, officer: Officer, directive_id: int) -> HttpResponse:
    """Take the time of a directive back: it is a draft again."""
    found = found_directive(directive_id, officer)
    try:
        unschedule(directive_id=found.id, account_id=officer.account_id, now=officer.now)
    except DirectiveMovedOn:
        return refused(request, officer, MOVED_ON, 409)
    except DirectiveNotYours:
        return refused(request, officer, NOT_YOURS, 403)
    return redirect(f"{reverse('operations:directive', args=(found.id,))}?done=unscheduled")


@require_http_methods(["GET", "HEAD", "POST"])
@for_officers(Purpose.DIRECT)
def confirmation(request: HttpRequest, officer: Officer, directive_id: int) -> HttpResponse:
    """Repeat what will happen; on POST by a second person, confirm it."""
    found = found_directive(directive_id, officer)
    if found.state is not DirectiveState.SCHEDULED or found.dry_run_id is None:
        return refused(request, officer, MOVED_ON, 409)
    run = dry_run(found.dry_run_id, officer.rights)
    if request.method != "POST":
        return _confirm_page(request, officer, found, run)
    if request.POST.get("digest") != run.digest:
        return _confirm_page(request, officer, found, run, wrong=FieldError("", OTHER_RUN), status=409)
    if request.POST.get("read") != "yes":
        return _confirm_page(request, officer, found, run, wrong=FieldError("read", TICK), status=422)
    try:
        confirm(directive_id=found.id, account_id=officer.account_id, now=officer.now)
    except DirectiveRefused as refusal:
        wrong = FieldError("", _first_fault(refusal))
        return _confirm_page(request, officer, found, run, wrong=wrong, status=409)
    except SecondPersonNeeded:
        return _confirm_page(request, officer, found, run, wrong=FieldError("", OWN_WORK), status=409)
    except ConfirmedTooLate:
        return _confirm_page(request, officer, found, run, wrong=FieldError("", TOO_LATE), status=409)
    except DirectiveMovedOn:
        return refused(request, officer, MOVED_ON, 409)
    except DirectiveNotYours:
        return refused(request, officer, NOT_YOURS, 403)
    # What is due within a minute is not left to the next look of the worker.
    start_due(now=officer.now)
    return redirect(f"{reverse('operations:directive', args=(found.id,))}?done=confirmed")


@require_safe
@for_officers(*READERS)
def progress(request: HttpRequest, officer: Officer, directive_id: int) -> HttpResponse:
    """Show how far a switch has come, or why it stopped, beside what was tried."""
    found = found_directive(directive_id, officer)
    page = {
        **_switch_page(found, switch_of(found.id, officer.rights), officer),
        "opinions": opinion_rows(found.id),
    }
    return render(request, "operations/directives/switch.html", page)


@require_safe
def live(request: HttpRequest, directive_id: int) -> HttpResponseBase:
    """Return how far a switch has come; a page that is over is told to load again."""
    if not request.user.is_authenticated:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return _live(request, directive_id=directive_id)


@for_officers(*READERS)
def _live(request: HttpRequest, officer: Officer, directive_id: int) -> HttpResponse:
    found = found_directive(directive_id, officer)
    page = _switch_page(found, switch_of(found.id, officer.rights), officer)
    if not page["busy"]:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return render(request, "operations/directives/switch_live.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
@for_officers(Purpose.DIRECT)
def undoing(request: HttpRequest, officer: Officer, directive_id: int) -> HttpResponse:
    """Ask before a switch is undone; on POST undo it."""
    found = found_directive(directive_id, officer)
    switch = switch_of(found.id, officer.rights)
    if switch is None:
        raise Http404(str(directive_id))
    until = undo_until(found, officer.now)
    if until is None:
        return refused(request, officer, UNDO_TOO_LATE, 409)
    page = {**directive_page(found, officer), "undo_until": until, "errors": ()}
    if request.method != "POST":
        return render(request, "operations/directives/undo.html", page)
    if request.POST.get("read") != "yes":
        page["errors"] = (FieldError("read", TICK),)
        return render(request, "operations/directives/undo.html", page, status=422)
    said: dict[type[Exception], Bilingual] = {
        TooLateToUndo: UNDO_TOO_LATE,
        ReplacedSince: REPLACED,
        SwitchNotDone: NOT_DONE,
        DirectiveMovedOn: MOVED_ON,
        DirectiveNotYours: NOT_YOURS,
    }
    try:
        undo(switch_id=switch.id, account_id=officer.account_id, now=officer.now)
    except tuple(said) as refusal:
        return refused(request, officer, said[type(refusal)], 409)
    return redirect("operations:directive_switch", found.id)


def _first_fault(refusal: DirectiveRefused) -> Bilingual:
    fault = refusal.complaints[0]
    return Bilingual(f"{fault.what.vi}. {fault.remedy.vi}", f"{fault.what.en}. {fault.remedy.en}")


def current_run(found: DirectiveView, officer: Officer) -> RunView | None:
    """Return the last finished dry run of the draft's present text that no switch was made of yet, or None."""
    spent = switched_runs(found.id)
    done = (
        run
        for run in runs_of(found.id, officer.rights)
        if run.state == RunState.DONE and run.content_sha256 == found.sha256 and run.id not in spent
    )
    return next(done, None)


def _time_page(
    request: HttpRequest,
    officer: Officer,
    found: DirectiveView,
    run: RunView,
    *,
    typed: str,
    wrong: Bilingual | None = None,
) -> HttpResponse:
    page = {
        **directive_page(found, officer),
        "steps_of": steps_of(found, tried=True),
        "run": run,
        "sentence": sentence(run.totals),
        "at_field": FieldView(
            "at",
            Bilingual("Chuyển lúc", "Switch on"),
            value=typed[:40],
            hint=Bilingual("Ngày và giờ, như 28/9/2026 06:00", "Day and time, such as 28/9/2026 06:00"),
            error=wrong or "",
        ),
        "errors": (FieldError("at", wrong),) if wrong else (),
    }
    return render(request, "operations/directives/schedule.html", page, status=422 if wrong else 200)


def _confirm_page(
    request: HttpRequest,
    officer: Officer,
    found: DirectiveView,
    run: RunView,
    *,
    wrong: FieldError | None = None,
    status: int = 200,
) -> HttpResponse:
    page = {
        **directive_page(found, officer),
        **what_it_says(found, officer),
        "run": run,
        "at": found.switch_at,
        "sentence": sentence(run.totals),
        "tiles": tiles(run.totals),
        "may_confirm": officer.account_id not in {*authors_of(found.id), found.scheduled_by},
        "errors": (wrong,) if wrong else (),
    }
    return render(request, "operations/directives/confirm.html", page, status=status)


def _switch_page(found: DirectiveView, switch: SwitchView | None, officer: Officer) -> dict[str, object]:
    state = switch.state if switch else None
    ended = state in {SwitchState.DONE, SwitchState.UNDONE}
    return {
        **directive_page(found, officer),
        "switch": switch,
        "state_words": STATES[state] if state else WAITS,
        "busy": state in BUSY,
        "stopped": switch.why_stopped if switch and state is SwitchState.STOPPED else (),
        "progress": switch.progress if switch else None,
        "progress_words": _progress_words(switch, officer),
        "counts": _counts(switch) if switch and ended else (),
        "is_rounded": switch.is_rounded if switch else False,
        "told": _did_words(switch.told, switch) if switch and ended and switch.has_told else None,
        "left": left_by_switch(switch.id, officer.rights) if switch and ended and officer.reads_cases else (),
        "undo_until": undo_until(found, officer.now) if state is SwitchState.DONE else None,
        "every_seconds": EVERY_SECONDS,
        "live_url": reverse("operations:directive_switch_live", args=(found.id,)),
        "here_url": reverse("operations:directive_switch", args=(found.id,)),
        "now": officer.now,
    }


def _progress_words(switch: SwitchView | None, officer: Officer) -> Bilingual:
    if switch is None:
        return WAITS
    ahead = waits_for(switch.id, officer.now) if switch.state is SwitchState.SCHEDULED else None
    return QUEUED.filled(number=Bilingual(ahead, ahead)) if ahead else STATES[switch.state]


def _did_words(count: int | None, switch: SwitchView) -> Bilingual:
    """Return what was done in words; rounded for who may not see persons."""
    words = number_words(count)
    return ABOUT.filled(number=words) if switch.is_rounded and count else words


def _counts(switch: SwitchView) -> list[tuple[Part, Bilingual]]:
    """Return what was planned and what was done, category by category; what is neither is left out."""
    rows = [
        (Part(CATEGORIES[category][0], number_words(planned)), _did_words(switch.done[category], switch))
        for category, planned in switch.planned.items()
        if planned != 0 or switch.done[category] != 0
    ]
    if switch.left != 0:
        rows.append((Part(LEFT, Bilingual("–", "–")), _did_words(switch.left, switch)))
    return rows
