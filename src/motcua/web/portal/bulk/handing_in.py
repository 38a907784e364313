"""Handing in a list: what it needs, the empty template, the upload."""

from typing import cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from motcua.agencies.queries import places_now
from motcua.cases.bulk.authority import FirmRefused, NotForThisFirm
from motcua.cases.bulk.columns import NotForMany, columns_of, rule_of
from motcua.cases.bulk.lists import MOST_BYTES, MOST_ROWS, FileRefused, Format
from motcua.cases.bulk.queries import uploads_of
from motcua.cases.bulk.services import TooManyUploads, take_upload
from motcua.cases.bulk.writing import MEDIA_TYPES, template
from motcua.procedures.queries import NoSuchProcedure, ProcedureView, procedure_in_force
from motcua.web.portal.access import Citizen, for_citizens
from motcua.web.portal.bulk.words import (
    FILE_MISSING,
    FIRM_MISSING,
    NOT_REGISTERED,
    NOT_YOURS,
    STATES,
    TOO_LARGE,
    TOO_MANY,
)
from motcua.web.ui.components import Crumb, FieldError
from motcua.web.ui.questions import choices_of
from motcua.web.ui.words import Bilingual, InTwoLanguages, current_language, short_date

LONGEST_FIRM = 40
# A list of places would hide the rest of the page; the template has it.
MOST_CHOICES = 8


@require_http_methods(["GET", "HEAD", "POST"])
@for_citizens
def start(request: HttpRequest, citizen: Citizen, code: str) -> HttpResponse:
    """Explain how to file for many, or take a list."""
    procedure = _procedure(code)
    if request.method != "POST":
        return _page(request, citizen, procedure, "", ())
    firm, file = request.POST.get("firm", "").strip()[:LONGEST_FIRM], request.FILES.get("list")
    errors = [] if firm else [FieldError("firm", FIRM_MISSING)]
    if file is None:
        # A file past the limit of all requests was not even kept.
        large = int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES
        errors.append(FieldError("list", TOO_LARGE if large else FILE_MISSING))
    if errors or file is None:
        return _page(request, citizen, procedure, firm, tuple(errors))
    try:
        upload_id = take_upload(
            procedure=procedure,
            person=citizen.person,
            account_id=citizen.account_id,
            firm=firm,
            file_name=str(file.name or ""),
            content=file.read(MOST_BYTES + 1),
            now=timezone.now(),
        )
    except FirmRefused as refusal:
        return _page(request, citizen, procedure, firm, (FieldError("firm", refusal.words),))
    except NotForThisFirm as refusal:
        return _page(request, citizen, procedure, firm, (FieldError("firm", _not_yours(refusal)),))
    except FileRefused as refusal:
        return _page(request, citizen, procedure, firm, (FieldError("list", refusal.words),))
    except TooManyUploads:
        return _page(request, citizen, procedure, firm, (FieldError("list", TOO_MANY),))
    return redirect("portal:bulk_upload", upload_id)


@require_GET
@for_citizens
def template_file(request: HttpRequest, citizen: Citizen, code: str, kind: str) -> HttpResponse:
    """Give the empty list to fill in."""
    procedure = _procedure(code)
    today = timezone.localdate()
    content = template(
        procedure.content,
        cast("Format", kind),
        places=places_now(today),
        today=today,
        language=current_language(),
    )
    response = HttpResponse(content, content_type=MEDIA_TYPES[cast("Format", kind)])
    response.headers["Content-Disposition"] = f'attachment; filename="{code}-danh-sach.{kind}"'
    return response


def _procedure(code: str) -> ProcedureView:
    try:
        procedure = procedure_in_force(code)
        rule_of(procedure.content)
    except (NoSuchProcedure, NotForMany):
        raise Http404(code) from None
    return procedure


def _not_yours(refusal: NotForThisFirm) -> Bilingual:
    fact = refusal.fact
    as_of = Bilingual("–", "–")
    if fact.as_of is not None:
        as_of = Bilingual(short_date(fact.as_of, "vi"), short_date(fact.as_of, "en"))
    words = NOT_YOURS if refusal.registered else NOT_REGISTERED
    return words.filled(source=Bilingual(fact.source_title, fact.source_title_en), as_of=as_of)


def _page(
    request: HttpRequest,
    citizen: Citizen,
    procedure: ProcedureView,
    firm: str,
    errors: tuple[FieldError, ...],
) -> HttpResponse:
    manifest = procedure.content.manifest
    firm_field = next(
        field for field in procedure.content.form.fields if field.name == rule_of(procedure.content).firm
    )
    page = {
        "procedure": procedure,
        "title": manifest.title,
        "firm_label": firm_field.label,
        "firm_hint": firm_field.help,
        "firm": firm,
        "columns": [
            (column.label, column.required, _what(procedure, column.name))
            for column in columns_of(procedure.content)
        ],
        "most_rows": MOST_ROWS,
        "uploads": [(upload, *STATES[upload.state]) for upload in uploads_of(citizen.account_id, limit=20)],
        "errors": errors,
        "list_error": next((error.message for error in errors if error.name == "list"), ""),
        "crumbs": [
            Crumb(Bilingual("Dịch vụ", "Services"), "/services/"),
            Crumb(manifest.title, f"/services/{procedure.code}/"),
        ],
        "section": "services",
    }
    return render(request, "portal/bulk/start.html", page, status=422 if errors else 200)


def _what(procedure: ProcedureView, name: str) -> InTwoLanguages | None:
    """Return what may stand in a column, where a few words can say it."""
    field = next((each for each in procedure.content.form.fields if each.name == name), None)
    if field is None:
        return None
    if field.widget == "place":
        return Bilingual("Tên hoặc mã phường, xã", "Name or code of a ward or commune")
    choices = choices_of(field, timezone.localdate())
    if 0 < len(choices) <= MOST_CHOICES:
        words = [choice.label for choice in choices]
        return Bilingual(
            "; ".join(_in(label, "vi") for label in words), "; ".join(_in(label, "en") for label in words)
        )
    return field.help


def _in(label: str | InTwoLanguages, language: str) -> str:
    return label if isinstance(label, str) else label.in_language(language)
