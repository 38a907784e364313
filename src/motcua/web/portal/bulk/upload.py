"""One list: where it stands, what is wrong in it, confirming, stopping, throwing it away."""

import contextlib
import uuid
from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from motcua.cases.bulk.models import BulkUpload
from motcua.cases.bulk.queries import UploadNotFound, UploadView, faults_in, marked_list, upload_of
from motcua.cases.bulk.services import (
    MandateNotGiven,
    PromiseMissing,
    UploadMovedOn,
    cancel_upload,
    confirm_upload,
    discard_upload,
)
from motcua.cases.bulk.states import UploadState
from motcua.cases.bulk.writing import MEDIA_TYPES
from motcua.web.portal.access import Citizen, for_citizens
from motcua.web.portal.bulk.words import MOVED_ON, NO_MANDATE, NOT_PROMISED, OUTCOMES, STATES
from motcua.web.ui.components import Crumb, FieldError
from motcua.web.ui.words import Bilingual

FAULTS_SHOWN = 100
EVERY_SECONDS = 3


def own_upload(citizen: Citizen, upload_id: uuid.UUID) -> UploadView:
    """Return the citizen's list; another's is answered as one that is not there."""
    try:
        return upload_of(citizen.account_id, upload_id)
    except UploadNotFound:
        raise Http404(str(upload_id)) from None


@require_GET
@for_citizens
def show(request: HttpRequest, citizen: Citizen, upload_id: uuid.UUID) -> HttpResponse:
    """Show where a list stands and what can be done now."""
    return upload_page(request, own_upload(citizen, upload_id), ())


@require_GET
@for_citizens
def live(request: HttpRequest, citizen: Citizen, upload_id: uuid.UUID) -> HttpResponse:
    """Return the part of the page that moves; when the work is over, have the page loaded anew."""
    upload = own_upload(citizen, upload_id)
    if request.GET.get("state") != upload.state or not upload.busy:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return render(
        request, "portal/bulk/progress.html", {"upload": upload, "now": timezone.now(), **_pace(upload)}
    )


@require_POST
@for_citizens
def confirm(request: HttpRequest, citizen: Citizen, upload_id: uuid.UUID) -> HttpResponse:
    """File the rows that are ready."""
    upload = own_upload(citizen, upload_id)
    rows = request.POST.get("rows", "")
    try:
        confirm_upload(
            upload_id=upload_id,
            account_id=citizen.account_id,
            promised=request.POST.get("promised") == "yes",
            rows=int(rows) if rows.isdecimal() and len(rows) < 9 else -1,
            now=timezone.now(),
        )
    except PromiseMissing:
        return upload_page(request, upload, (FieldError("promised", NOT_PROMISED),))
    except MandateNotGiven:
        return upload_page(request, upload, (FieldError("mandate", NO_MANDATE),))
    except UploadMovedOn:
        return upload_page(request, own_upload(citizen, upload_id), (FieldError("state", MOVED_ON),))
    return redirect("portal:bulk_upload", upload_id)


@require_POST
@for_citizens
def cancel(request: HttpRequest, citizen: Citizen, upload_id: uuid.UUID) -> HttpResponse:
    """Stop before the next part."""
    own_upload(citizen, upload_id)
    # A list that was finished meanwhile is shown as it is now.
    with contextlib.suppress(UploadMovedOn):
        cancel_upload(upload_id=upload_id, account_id=citizen.account_id)
    return redirect("portal:bulk_upload", upload_id)


@require_POST
@for_citizens
def discard(request: HttpRequest, citizen: Citizen, upload_id: uuid.UUID) -> HttpResponse:
    """Throw a list away of which nothing was filed."""
    upload = own_upload(citizen, upload_id)
    try:
        discard_upload(upload_id=upload_id, account_id=citizen.account_id)
    except (UploadMovedOn, BulkUpload.DoesNotExist):
        return redirect("portal:bulk_upload", upload_id)
    return redirect("portal:bulk", upload.procedure.code)


@require_GET
@for_citizens
def faults_file(request: HttpRequest, citizen: Citizen, upload_id: uuid.UUID) -> HttpResponse:
    """Give the list back with one more column that says what to mend."""
    upload = own_upload(citizen, upload_id)
    content = marked_list(upload_id)
    if content is None:
        raise Http404(str(upload_id))
    kind = "xlsx" if upload.file_format == "xlsx" else "csv"
    response = HttpResponse(content, content_type=MEDIA_TYPES[kind])  # type: ignore[index]  # one of the two
    response.headers["Content-Disposition"] = f'attachment; filename="can-sua.{kind}"'
    return response


def upload_page(request: HttpRequest, upload: UploadView, errors: tuple[FieldError, ...]) -> HttpResponse:
    """Render the page of a list as it stands."""
    manifest = upload.procedure.content.manifest
    promised = manifest.bulk.promised if manifest.bulk else ()
    state, colour = STATES[upload.state]
    page = {
        "upload": upload,
        "title": manifest.title,
        "state": state,
        "colour": colour,
        "faults": faults_in(upload.id, limit=FAULTS_SHOWN) if upload.faulty or upload.failed else (),
        "faults_shown": FAULTS_SHOWN,
        "has_marked_list": upload.faulty > 0 and not upload.emptied,
        "promises": [field.label for field in upload.procedure.content.form.fields if field.name in promised],
        "outcomes": [(name, label, getattr(upload, name)) for name, label in OUTCOMES],
        "mandate_why": Bilingual(upload.mandate_fact.reason("vi"), upload.mandate_fact.reason("en")),
        "mandate_source": Bilingual(upload.mandate_fact.source_title, upload.mandate_fact.source_title_en),
        "finished": upload.state in UploadState.finished(),
        "every_seconds": EVERY_SECONDS,
        "errors": errors,
        "promise_error": next((error.message for error in errors if error.name == "promised"), ""),
        "crumbs": [
            Crumb(manifest.title, f"/services/{upload.procedure.code}/"),
            Crumb(
                Bilingual("Nộp cho nhiều người", "File for many"), f"/services/{upload.procedure.code}/bulk/"
            ),
        ],
        "section": "services",
        "now": timezone.now(),
        **_pace(upload),
    }
    return render(request, "portal/bulk/upload.html", page, status=422 if errors else 200)


def _pace(upload: UploadView) -> dict[str, object]:
    """Return how much of what is under way is behind, for the bar."""
    if upload.state == UploadState.CHECKING:
        return {"behind": upload.rows, "whole": 0}
    if upload.sheets_made < upload.sheets_parts:
        return {"behind": upload.sheets_made, "whole": upload.sheets_parts}
    return {"behind": upload.done, "whole": upload.ready}


def stamp(at: datetime) -> str:
    """Return a moment as the names of files carry it."""
    return f"{timezone.localtime(at):%Y%m%d-%H%M}"
