"""Writing a directive: from one that there is, from a file, as text or by its main things; what is wrong by line."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from motcua.directives.complaints import Complaint, DirectiveRefused, Words
from motcua.directives.queries import DirectiveView, parameters
from motcua.directives.reading import LARGEST_BYTES
from motcua.directives.services import (
    DirectiveNotOpen,
    DirectiveNotYours,
    NothingChanged,
    change,
    discard,
    prepare,
)
from motcua.directives.states import DirectiveState
from motcua.identity.states import Purpose
from motcua.web.operations.directives.main_things import (
    drafted_from,
    errors_in,
    fields_of,
    written_into,
)
from motcua.web.operations.directives.pages import common, directive_page, found_directive
from motcua.web.ui.components import FieldError, FieldView
from motcua.web.ui.officers import Officer, for_officers
from motcua.web.ui.words import Bilingual

NO_FILE = Bilingual("Chọn tệp cần mở.", "Choose the file to open.")
NOT_TEXT = Bilingual("Tệp không phải chữ UTF-8, hoặc quá lớn.", "The file is no UTF-8 text, or too large.")
MOVED_ON = Bilingual(
    "Bản soạn đã được lưu hoặc hẹn giờ sau khi bạn mở trang này. Bản của bạn chưa được lưu; hãy chép lại và mở lại.",
    "The draft was saved or scheduled after you opened this page. Yours is not saved; copy it and open the page again.",
)
NOT_YOURS = Bilingual(
    "Chỉ thị này áp dụng ở nơi ngoài phạm vi được giao cho bạn.",
    "This directive concerns places that are not yours.",
)
CLOSED = Bilingual(
    "Chỉ thị này không còn là bản soạn. Muốn đổi, hãy bỏ hẹn giờ hoặc soạn chỉ thị mới thay nó.",
    "This directive is no draft any longer. To change it, take its time back or write one that replaces it.",
)
TO_MEND = Bilingual("Bản soạn chưa được lưu: {what}", "The draft is not saved: {what}")
LINES_AROUND = 3


@dataclass(frozen=True, slots=True)
class Fault:
    """One complaint with the text of its line."""

    line: int
    text: str
    what: Words
    remedy: Words


@require_POST
@for_officers(Purpose.DIRECT)
def begin(request: HttpRequest, officer: Officer) -> HttpResponse:
    """Open a new draft, not saved yet: from a directive that there is, or from a file."""
    origin = request.POST.get("from", "")
    if origin.isascii() and origin.isdigit() and len(origin) < 10:
        found = found_directive(int(origin), officer)
        begun = drafted_from(found.content, officer.now)
        return _text_page(request, officer, text=begun, based_on=found.number)
    uploaded = request.FILES.get("file")
    if uploaded is None:
        return refused(request, officer, NO_FILE, 422)
    content = uploaded.read(LARGEST_BYTES + 1)
    try:
        given = str(content, "utf-8-sig") if len(content) <= LARGEST_BYTES else None
    except UnicodeDecodeError:
        given = None
    if given is None:
        return refused(request, officer, NOT_TEXT, 422)
    return _text_page(request, officer, text=given)


@require_POST
@for_officers(Purpose.DIRECT)
def save_new(request: HttpRequest, officer: Officer) -> HttpResponse:
    """Keep a new draft, or show what is wrong with it."""
    text, fields = _sent(request)
    based_on = request.POST.get("based_on", "")[:40]
    if errors_in(fields):
        return _text_page(request, officer, text=text, fields=fields, based_on=based_on, status=422)
    try:
        made = prepare(text=text, account_id=officer.account_id, now=officer.now)
    except DirectiveRefused as refusal:
        return _text_page(
            request, officer, text=text, complaints=refusal.complaints, based_on=based_on, status=422
        )
    except DirectiveNotYours:
        return refused(request, officer, NOT_YOURS, 403)
    return redirect(f"{reverse('operations:directive_text', args=(made,))}?saved=1")


@require_http_methods(["GET", "HEAD", "POST"])
@for_officers(Purpose.DIRECT)
def text(request: HttpRequest, officer: Officer, directive_id: int) -> HttpResponse:
    """Show the text of a draft with its form; on POST save one or the other."""
    found = draft_to_change(directive_id, officer)
    if found is None:
        return refused(request, officer, CLOSED, 409)
    if request.method != "POST":
        return _text_page(request, officer, text=found.text, found=found)
    written, fields = _sent(request)
    if errors_in(fields):
        return _text_page(request, officer, text=written, found=found, fields=fields, status=422)
    try:
        change(
            directive_id=found.id,
            text=written,
            seen_sha256=request.POST.get("seen", ""),
            account_id=officer.account_id,
            now=officer.now,
        )
    except DirectiveRefused as refusal:
        return _text_page(
            request, officer, text=written, found=found, complaints=refusal.complaints, status=422
        )
    except NothingChanged:
        pass
    except DirectiveNotOpen:
        return _text_page(request, officer, text=written, found=found, wrong=MOVED_ON, status=409)
    except DirectiveNotYours:
        return refused(request, officer, NOT_YOURS, 403)
    return redirect(f"{reverse('operations:directive_text', args=(found.id,))}?saved=1")


@require_http_methods(["GET", "HEAD", "POST"])
@for_officers(Purpose.DIRECT)
def give_up(request: HttpRequest, officer: Officer, directive_id: int) -> HttpResponse:
    """Ask before a draft is given up; on POST give it up."""
    found = draft_to_change(directive_id, officer)
    if found is None:
        return refused(request, officer, CLOSED, 409)
    if request.method != "POST":
        return render(request, "operations/directives/discard.html", directive_page(found, officer))
    try:
        discard(directive_id=found.id, account_id=officer.account_id, now=officer.now)
    except DirectiveNotOpen:
        return refused(request, officer, CLOSED, 409)
    except DirectiveNotYours:
        return refused(request, officer, NOT_YOURS, 403)
    return redirect(f"{reverse('operations:directives')}?done=discarded")


def draft_to_change(directive_id: int, officer: Officer) -> DirectiveView | None:
    """Return the draft, or None if the directive is no draft any longer; 404 if there is none."""
    found = found_directive(directive_id, officer)
    return found if found.state is DirectiveState.DRAFT else None


def refused(request: HttpRequest, officer: Officer, message: Bilingual, status: int) -> HttpResponse:
    """Say why nothing was changed."""
    page = {**common(officer), "message": message}
    return render(request, "operations/directives/refused.html", page, status=status)


def faults_of(complaints: tuple[Complaint, ...], lines: list[str]) -> tuple[Fault, ...]:
    """Return the complaints with the lines that they are about."""

    def words_of(line: int) -> str:
        return lines[line - 1].strip()[:120] if 0 < line <= len(lines) else ""

    return tuple(Fault(each.line, words_of(each.line), each.what, each.remedy) for each in complaints)


def _sent(request: HttpRequest) -> tuple[str, tuple[FieldView, ...]]:
    """Return the text as sent, with the values of the form in it if the form was sent, and the form's fields."""
    sent = request.POST.get("text", "").replace("\r\n", "\n")
    if request.POST.get("way") != "form":
        return sent, ()
    typed = {name: str(value) for name, value in request.POST.items()}
    fields = fields_of(sent, parameters(), typed)
    return (sent if errors_in(fields) else written_into(sent, fields)), fields


def _text_page(
    request: HttpRequest,
    officer: Officer,
    *,
    text: str,
    found: DirectiveView | None = None,
    based_on: str = "",
    fields: tuple[FieldView, ...] = (),
    complaints: tuple[Complaint, ...] = (),
    wrong: Bilingual | None = None,
    status: int = 200,
) -> HttpResponse:
    lines = text.split("\n")
    why: dict[int, list[Words]] = {}
    for each in complaints:
        why.setdefault(each.line, []).append(each.what)
    errors = errors_in(fields) or tuple(
        FieldError("text", TO_MEND.filled(what=each.what)) for each in complaints[:8]
    )
    page = {
        **(directive_page(found, officer) if found else common(officer)),
        "text": text,
        "seen": request.POST.get("seen") or (found.sha256 if found else ""),
        "based_on": based_on,
        "fields": fields or fields_of(text, parameters(), {}),
        "form_url": _form_url(found),
        "complaints": faults_of(complaints, lines),
        "lines": [
            (at, line, why.get(at, []))
            for at, line in enumerate(lines, start=1)
            if any(abs(at - faulty) <= LINES_AROUND for faulty in why)
        ],
        "errors": (FieldError("", wrong),) if wrong else errors,
        "saved": request.method == "GET" and request.GET.get("saved", "") == "1",
    }
    return render(request, "operations/directives/text.html", page, status=status)


def _form_url(found: DirectiveView | None) -> str:
    if found is None:
        return reverse("operations:directive_new")
    return reverse("operations:directive_text", args=(found.id,))
