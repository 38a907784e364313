"""The files of a draft: to read, change, download and upload; an uploaded text is never sent as a page."""

from pathlib import PurePosixPath

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from motcua.identity.states import Purpose
from motcua.packs.drafts import DraftMovedOn, NothingChanged, ServiceNotYours, save_files
from motcua.packs.findings import Finding, PackRefused
from motcua.packs.folders import LARGEST_FILE_BYTES
from motcua.packs.uploads import is_open_to_change
from motcua.web.studio.draft import Opened, draft_page, opened_draft
from motcua.web.ui.components import FieldError
from motcua.web.ui.officers import Officer, for_officers
from motcua.web.ui.words import Bilingual, in_words

MOST_SHOWN = 12
NO_FILE = Bilingual("Chọn tệp cần tải lên.", "Choose the file to upload.")
UNCHANGED = Bilingual(
    "Tệp này giống hệt bản đang có trong bản nháp, nên chưa có gì để lưu.",
    "This file is the same as the one in the draft, so there is nothing to save.",
)
MOVED_ON = Bilingual(
    "Bản nháp đã được người khác lưu hoặc đóng sau khi bạn mở trang này. Bản của bạn chưa được lưu.",
    "Somebody else saved or closed the draft after you opened this page. Yours is not saved.",
)


@require_safe
@for_officers(Purpose.DESIGN_SERVICES)
def file(request: HttpRequest, officer: Officer, code: str) -> HttpResponse:
    """Show one file of the draft, to change it here or to replace it."""
    opened = opened_draft(code, officer)
    if opened is None:
        return redirect("studio:service", code)
    path = _path(request.GET.get("path", ""), opened)
    return _file_page(request, opened, officer, path)


@require_safe
@for_officers(Purpose.DESIGN_SERVICES)
def download(request: HttpRequest, officer: Officer, code: str) -> HttpResponse:
    """Return one file of the draft, to keep; as an attachment, whatever stands in it."""
    opened = opened_draft(code, officer)
    if opened is None:
        raise Http404(code)
    path = _path(request.GET.get("path", ""), opened)
    name = f"{code}-{opened.draft.version}-{PurePosixPath(path).name}"
    return HttpResponse(
        opened.draft.texts.get(path, "").encode(),
        content_type="application/octet-stream",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "X-Content-Type-Options": "nosniff",
        },
    )


@require_POST
@for_officers(Purpose.DESIGN_SERVICES)
def save(request: HttpRequest, officer: Officer, code: str) -> HttpResponseBase:
    """Save one file into the draft, uploaded or typed; the editor asks for the answer as JSON."""
    opened = opened_draft(code, officer)
    if opened is None:
        if _wants_json(request):
            return _as_json((FieldError("", MOVED_ON),), 409)
        page = {"officer": officer, "section": "studio", "code": code, "message": MOVED_ON}
        return render(request, "studio/moved_on.html", page, status=409)
    path = _path(request.POST.get("path", ""), opened)
    content = _sent(request)
    if content is None:
        return _refused(request, opened, officer, path, FieldError("file", NO_FILE))
    seen = request.POST.get("seen_version", "")
    try:
        save_files(
            draft_id=opened.draft.id,
            seen_version=int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 9 else -1,
            files={path: content},
            rights=officer.rights,
            now=officer.now,
        )
    except PackRefused as refusal:
        errors = tuple(FieldError("file", _said(finding)) for finding in refusal.findings[:MOST_SHOWN])
        return _refused(request, opened, officer, path, *errors)
    except NothingChanged:
        return _refused(request, opened, officer, path, FieldError("file", UNCHANGED))
    except DraftMovedOn:
        return _refused(request, opened, officer, path, FieldError("", MOVED_ON), status=409)
    except ServiceNotYours:
        raise Http404(code) from None
    address = f"{reverse('studio:draft', args=(code,))}?saved=1"
    if _wants_json(request):
        return JsonResponse({"location": address})
    return redirect(address)


def _path(wanted: str, opened: Opened) -> str:
    if not is_open_to_change(wanted, opened.draft.texts):
        raise Http404(wanted[:80])
    return wanted


def _sent(request: HttpRequest) -> bytes | None:
    """Return what was uploaded or typed; one byte too many is enough to know that it is too large."""
    uploaded = request.FILES.get("file")
    if uploaded is not None:
        return bytes(uploaded.read(LARGEST_FILE_BYTES + 1))
    if "text" in request.POST:
        return request.POST["text"].encode("utf-8", "surrogatepass")
    return None


def _said(finding: Finding) -> Bilingual:
    """Return a fault with its line and what to do about it."""
    problem, remedy = finding.problem, finding.remedy
    vi = f"{_in(problem, 'vi')}. {_in(remedy, 'vi')}"
    en = f"{_in(problem, 'en')}. {_in(remedy, 'en')}"
    if finding.line:
        return Bilingual(f"Dòng {finding.line} của tệp: {vi}", f"Line {finding.line} of the file: {en}")
    return Bilingual(vi[:1].upper() + vi[1:], en[:1].upper() + en[1:])


def _in(text: str, language: str) -> str:
    speak = getattr(text, "in_language", None)
    return str(speak(language)) if callable(speak) else text


def _wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")


def _refused(
    request: HttpRequest,
    opened: Opened,
    officer: Officer,
    path: str,
    *errors: FieldError,
    status: int = 422,
) -> HttpResponse:
    if _wants_json(request):
        return _as_json(errors, status)
    return _file_page(request, opened, officer, path, errors=errors, status=status)


def _as_json(errors: tuple[FieldError, ...], status: int) -> HttpResponse:
    return JsonResponse({"errors": [in_words(error.message) for error in errors]}, status=status)


def _file_page(
    request: HttpRequest,
    opened: Opened,
    officer: Officer,
    path: str,
    *,
    errors: tuple[FieldError, ...] = (),
    status: int = 200,
) -> HttpResponse:
    # What was typed is given back, so that nothing is lost by a mistake or by somebody who was faster.
    typed = request.POST.get("text") if request.method == "POST" else None
    page = {
        **draft_page(opened, officer),
        "path": path,
        "text": typed if typed is not None else opened.draft.texts.get(path, ""),
        "is_model": path == opened.pack.model_file,
        "seen_version": opened.draft.version if status != 409 else request.POST.get("seen_version", ""),
        "errors": errors,
    }
    return render(request, "studio/file.html", page, status=status)
