"""Dry runs of a draft: begun, followed, stopped, read; the list of who changes for those who may see persons."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from motcua.directives.queries import DirectiveView
from motcua.directives.states import DirectiveState
from motcua.identity.states import Purpose
from motcua.switching.dryrun import MOST_UNDER_WAY, NotADraft, RunsUnderWay, cancel, start
from motcua.switching.run_queries import NoSuchRun, RunView, changed_rows, dry_run, may_download
from motcua.switching.states import RunState
from motcua.switching.switch_queries import use_of_run
from motcua.web.operations.directives.drafting import CLOSED, refused
from motcua.web.operations.directives.pages import READERS, directive_page, found_directive
from motcua.web.operations.directives.run_tables import result_page
from motcua.web.operations.directives.words import SWITCH_STATES as STATES
from motcua.web.operations.directives.words import steps_of
from motcua.web.ui.officers import Officer, for_officers
from motcua.web.ui.words import Bilingual

EVERY_SECONDS = 1
BUSY = (RunState.QUEUED, RunState.RUNNING)
UNDER_WAY = Bilingual(
    f"Bạn đang có {MOST_UNDER_WAY} lần chạy thử chưa xong. Hãy đợi hoặc dừng một lần chạy rồi thử lại.",
    f"You have {MOST_UNDER_WAY} dry runs under way. Wait for one, or stop one, and try again.",
)
STEPS = {
    "": Bilingual("Đang chờ đến lượt.", "Waiting for its turn."),
    "asking": Bilingual(
        "Đang đọc dữ liệu của mọi hồ sơ và giấy.", "Reading what is known of every case and pass."
    ),
    "deciding": Bilingual(
        "Đang xét lại theo luật nay và theo chỉ thị.", "Deciding by the law now and by the directive."
    ),
    "writing": Bilingual("Đang tính hạn của từng giấy.", "Working out until when each pass holds."),
    "comparing": Bilingual("Đang so hai kết quả.", "Comparing the two."),
    "keeping": Bilingual("Đang ghi kết quả.", "Writing the result down."),
}


@require_POST
@for_officers(Purpose.DIRECT)
def begin_run(request: HttpRequest, officer: Officer, directive_id: int) -> HttpResponse:
    """Ask for a dry run, and show its progress."""
    found = found_directive(directive_id, officer)
    try:
        run_id = start(
            directive_id=found.id,
            account_id=officer.account_id,
            everyone=request.POST.get("everyone") == "yes",
            now=officer.now,
        )
    except NotADraft:
        return refused(request, officer, CLOSED, 409)
    except RunsUnderWay:
        return refused(request, officer, UNDER_WAY, 429)
    return redirect("operations:dry_run", found.id, run_id)


@require_safe
@for_officers(*READERS)
def show(request: HttpRequest, officer: Officer, directive_id: int, run_id: str) -> HttpResponse:
    """Show how far a dry run has come, or what it found."""
    found, run = found_run(directive_id, run_id, officer)
    page = {**_run_page(found, run, officer), "busy": run.state in BUSY}
    if run.state == RunState.DONE:
        page |= result_page(run, found, officer)
    return render(request, "operations/directives/dry_run.html", page)


@require_safe
def live(request: HttpRequest, directive_id: int, run_id: str) -> HttpResponseBase:
    """Return how far a run has come; a page whose run or session has ended is told to load again."""
    if not request.user.is_authenticated:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return _live(request, directive_id=directive_id, run_id=run_id)


@for_officers(*READERS)
def _live(request: HttpRequest, officer: Officer, directive_id: int, run_id: str) -> HttpResponse:
    found, run = found_run(directive_id, run_id, officer)
    if run.state not in BUSY:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return render(request, "operations/directives/progress.html", _run_page(found, run, officer))


@require_POST
@for_officers(Purpose.DIRECT)
def stop(request: HttpRequest, officer: Officer, directive_id: int, run_id: str) -> HttpResponse:
    """Stop a run before its next step; one that has ended is shown as it is."""
    _, run = found_run(directive_id, run_id, officer)
    cancel(run_id=run.id, now=officer.now)
    return redirect("operations:dry_run", directive_id, run_id)


@require_safe
@for_officers(Purpose.READ_CASES)
def download(request: HttpRequest, officer: Officer, directive_id: int, run_id: str) -> HttpResponseBase:
    """Give the list of who changes as CSV, within place and office; each person can see that it was read."""
    _, run = found_run(directive_id, run_id, officer)
    if run.state != RunState.DONE or run.effects_dropped_at or not may_download(officer.rights):
        raise Http404(run_id)
    name = f"chay-thu-{timezone.localdate(run.asked_at):%Y%m%d}-{str(run.id)[:8]}.csv"
    return StreamingHttpResponse(
        changed_rows(run_id=run.id, rights=officer.rights, now=officer.now),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def found_run(directive_id: int, run_id: str, officer: Officer) -> tuple[DirectiveView, RunView]:
    """Return the directive with one of its runs; 404 for any other."""
    found = found_directive(directive_id, officer)
    try:
        run = dry_run(uuid.UUID(run_id), officer.rights)
    except NoSuchRun:
        raise Http404(run_id) from None
    if run.directive_id != found.id:
        raise Http404(run_id)
    return found, run


def _run_page(found: DirectiveView, run: RunView, officer: Officer) -> dict[str, object]:
    here = reverse("operations:dry_run", args=(found.id, run.id))
    use = use_of_run(run.id)
    return {
        **directive_page(found, officer),
        "steps_of": steps_of(found, tried=False),
        "run": run,
        "is_current": run.content_sha256 == found.sha256,
        "used": use,
        "stage_draft": found.state is DirectiveState.DRAFT,
        "used_words": STATES[use.state] if use else None,
        "can_schedule": use is None
        and found.state is DirectiveState.DRAFT
        and run.content_sha256 == found.sha256,
        "progress": run.progress,
        "progress_words": STEPS.get(run.step, STEPS[""]),
        "every_seconds": EVERY_SECONDS,
        "live_url": reverse("operations:dry_run_live", args=(found.id, run.id)),
        "here_url": here,
        "now": officer.now,
    }
