"""What is done with a draft as a whole: begin it, give it up, and, by a second person, install it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from motcua.identity.states import Purpose
from motcua.packs.drafts import (
    DraftMovedOn,
    DraftNotClean,
    FilesNotKept,
    NothingChanged,
    RevisionMovedOn,
    SecondPersonNeeded,
    ServiceNotYours,
    begin_draft,
    discard_draft,
    install_draft,
)
from motcua.packs.what_if import FEWEST_SHOWN, who_would_change
from motcua.web.studio.draft import Opened, differences, draft_page, opened_draft
from motcua.web.studio.flows import flow_lines, output_lines
from motcua.web.ui.components import FieldError
from motcua.web.ui.officers import Officer, for_officers
from motcua.web.ui.words import Bilingual

MOVED_ON = Bilingual(
    "Bản nháp đã được lưu hoặc đóng sau khi bạn mở trang này. Chưa có gì thay đổi; hãy xem lại.",
    "The draft was saved or closed after you opened this page. Nothing was changed; look again.",
)
OWN_WORK = Bilingual(
    "Bạn đã viết vào bản nháp này, nên một người khác phải kiểm tra lại và áp dụng.",
    "You wrote into this draft, so somebody else has to look again and install it.",
)
NOT_CLEAN = Bilingual(
    "Bản nháp còn lỗi, nên chưa áp dụng được. Sửa hết lỗi rồi thử lại.",
    "The draft still has faults, so it cannot be installed. Mend them, then try again.",
)
SAME = Bilingual("Bản nháp giống hệt quy tắc đang áp dụng.", "The draft is the same as the rules in force.")
BEHIND = Bilingual(
    "Một phiên bản khác đã được áp dụng từ khi bản nháp bắt đầu. Tải tệp về, bỏ bản nháp, bắt đầu lại và tải lên.",
    "Another version came into force since the draft was begun. Download the file, give the draft up, begin again "
    "and upload it.",
)
CONFIRM = Bilingual("Đánh dấu rằng bạn đã đọc các thay đổi.", "Tick that you have read what changes.")
WITHOUT_FILES = Bilingual(
    "Phiên bản đang áp dụng được cài trước khi hệ thống giữ lại tệp gốc. Người vận hành cần cài lại gói dịch vụ.",
    "The version in force was installed before files were kept. The operator has to install the pack again.",
)


@require_POST
@for_officers(Purpose.DESIGN_SERVICES)
def begin(request: HttpRequest, officer: Officer, code: str) -> HttpResponse:
    """Open a draft of what is in force, or the one that is open already."""
    try:
        begin_draft(code=code, rights=officer.rights, now=officer.now)
    except ServiceNotYours:
        raise Http404(code) from None
    except FilesNotKept:
        page = {"officer": officer, "section": "studio", "code": code, "message": WITHOUT_FILES}
        return render(request, "studio/moved_on.html", page, status=409)
    return redirect(f"{reverse('studio:draft', args=(code,))}?begun=1")


@require_http_methods(["GET", "HEAD", "POST"])
@for_officers(Purpose.DESIGN_SERVICES)
def discard(request: HttpRequest, officer: Officer, code: str) -> HttpResponse:
    """Ask before a draft is given up; on POST give it up."""
    opened = opened_draft(code, officer)
    if opened is None:
        return redirect("studio:service", code)
    if request.method != "POST":
        return render(request, "studio/discard.html", draft_page(opened, officer))
    try:
        discard_draft(
            draft_id=opened.draft.id, seen_version=_seen(request), rights=officer.rights, now=officer.now
        )
    except DraftMovedOn:
        page = {"officer": officer, "section": "studio", "code": code, "message": MOVED_ON}
        return render(request, "studio/moved_on.html", page, status=409)
    return redirect(f"{reverse('studio:service', args=(code,))}?done=discarded")


@require_http_methods(["GET", "HEAD", "POST"])
@for_officers(Purpose.DESIGN_SERVICES)
def install(request: HttpRequest, officer: Officer, code: str) -> HttpResponse:
    """Show what an installation would bring and to whom; on POST by a second person, install."""
    opened = opened_draft(code, officer)
    if opened is None:
        return redirect("studio:service", code)
    if request.method != "POST":
        return _install_page(request, opened, officer)
    if request.POST.get("read") != "yes":
        return _install_page(request, opened, officer, FieldError("read", CONFIRM), status=422)
    try:
        install_draft(
            draft_id=opened.draft.id, seen_version=_seen(request), rights=officer.rights, now=officer.now
        )
    except (DraftMovedOn, SecondPersonNeeded, DraftNotClean, NothingChanged, RevisionMovedOn) as refusal:
        error = FieldError("", _reason(refusal))
        return _install_page(request, opened, officer, error, status=409)
    return redirect(f"{reverse('studio:service', args=(code,))}?done=installed")


def _reason(refusal: Exception) -> Bilingual:
    said: dict[type[Exception], Bilingual] = {
        DraftMovedOn: MOVED_ON,
        SecondPersonNeeded: OWN_WORK,
        DraftNotClean: NOT_CLEAN,
        NothingChanged: SAME,
        RevisionMovedOn: BEHIND,
    }
    return said[type(refusal)]


def _seen(request: HttpRequest) -> int:
    seen = request.POST.get("seen_version", "")
    return int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 9 else -1


def _install_page(
    request: HttpRequest,
    opened: Opened,
    officer: Officer,
    error: FieldError | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    what_if = who_would_change(opened.procedure, opened.pack.content) if opened.report.examples else None
    page = {
        **draft_page(opened, officer),
        "differences": differences(opened),
        "what_if": what_if,
        "flows": flow_lines(opened, what_if) if what_if else (),
        "outputs": output_lines(opened, what_if) if what_if else (),
        "fewest": FEWEST_SHOWN,
        "now": officer.now,
        "number": opened.procedure.number + 1,
        "errors": (error,) if error else (),
    }
    return render(request, "studio/install.html", page, status=status)
