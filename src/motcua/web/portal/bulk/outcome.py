"""What came of a list: the people and their answers, files to keep, sheets of QR."""

import contextlib
import uuid
import zipfile
from collections.abc import Iterator
from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from motcua.cases.bulk.filing import rows_filed
from motcua.cases.bulk.queries import UploadView, manifest_of, sheet_part
from motcua.cases.bulk.results import all_results, results_of
from motcua.cases.bulk.services import UploadMovedOn, order_sheets
from motcua.cases.bulk.states import UploadState
from motcua.cases.bulk.writing import MEDIA_TYPES, delimited
from motcua.web.portal.access import Citizen, for_citizens
from motcua.web.portal.bulk.upload import own_upload, stamp
from motcua.web.portal.bulk.words import OUTCOMES, RESULT_HEADINGS
from motcua.web.ui.case_words import COLORS
from motcua.web.ui.components import Crumb, Pages
from motcua.web.ui.words import Bilingual, current_language, in_words

LONGEST_SEARCH = 100


@require_http_methods(["GET", "HEAD", "POST"])
@for_citizens
def results(request: HttpRequest, citizen: Citizen, upload_id: uuid.UUID) -> HttpResponse:
    """List the people with their answers; each reading is noted for them."""
    upload = own_upload(citizen, upload_id)
    if not upload.filed:
        return redirect("portal:bulk_upload", upload_id)
    # Words are sent in the body: they may be a citizen number, which belongs in no address and no log.
    words = request.POST.get("q", "").strip()[:LONGEST_SEARCH]
    wanted = request.GET.get("outcome", "")
    outcome = wanted if not words and wanted in dict(OUTCOMES) else ""
    page = request.GET.get("page", "")
    found = results_of(
        upload_id=upload_id,
        account_id=citizen.account_id,
        words=words,
        outcome=outcome,
        page=int(page) if page.isdecimal() and len(page) < 6 else 1,
        now=timezone.now(),
    )
    address = f"?outcome={outcome}&page={{page}}" if outcome else "?page={page}"
    manifest = upload.procedure.content.manifest
    shown = {
        "upload": upload,
        "title": manifest.title,
        "found": found,
        "rows": [(row, COLORS[row.phase]) for row in found.rows],
        "words": words,
        "outcome": outcome,
        "outcomes": [(name, label, getattr(upload, name)) for name, label in OUTCOMES],
        "pages": Pages(found.page, found.pages, address) if not words else Pages(1, 1),
        "crumbs": [
            Crumb(manifest.title, f"/services/{upload.procedure.code}/"),
            Crumb(Bilingual("Danh sách đã nộp", "The list"), f"/bulk/{upload_id}/"),
        ],
        "section": "services",
    }
    return render(request, "portal/bulk/results.html", shown)


@require_GET
@for_citizens
def results_file(request: HttpRequest, citizen: Citizen, upload_id: uuid.UUID) -> HttpResponse:
    """Give the answers of all as CSV, as they are now; each reading is noted."""
    upload = _filed(own_upload(citizen, upload_id))
    now = timezone.now()
    rows = all_results(upload_id=upload_id, account_id=citizen.account_id, now=now)
    content = delimited(
        [
            [in_words(heading) for heading in RESULT_HEADINGS],
            *(
                [
                    str(row.line),
                    row.name,
                    row.masked_number,
                    row.case_number,
                    row.state.label.in_language(current_language()),
                    row.reason.in_language(current_language()) if row.reason else "",
                    _moment(row.valid_from),
                    _moment(row.valid_to),
                ]
                for row in rows
            ),
        ]
    )
    return _download(content, MEDIA_TYPES["csv"], f"ket-qua-{stamp(now)}-{str(upload.id)[:8]}.csv")


@require_GET
@for_citizens
def rows_file(request: HttpRequest, citizen: Citizen, upload_id: uuid.UUID) -> HttpResponse:
    """Give row, case number and answer of all that was filed: the very bytes that the manifest seals."""
    upload = _finished(own_upload(citizen, upload_id))
    return _download(rows_filed(upload_id), MEDIA_TYPES["csv"], f"da-nop-{str(upload.id)[:8]}.csv")


@require_GET
@for_citizens
def manifest_file(request: HttpRequest, citizen: Citizen, upload_id: uuid.UUID) -> HttpResponse:
    """Give the signed manifest."""
    upload = _finished(own_upload(citizen, upload_id))
    content = manifest_of(upload_id)
    if content is None:
        raise Http404(str(upload_id))
    return _download(content, "application/cose", f"xac-nhan-{str(upload.id)[:8]}.cose")


@require_POST
@for_citizens
def sheets(request: HttpRequest, citizen: Citizen, upload_id: uuid.UUID) -> HttpResponse:
    """Have sheets of QR made."""
    own_upload(citizen, upload_id)
    with contextlib.suppress(UploadMovedOn):
        order_sheets(
            upload_id=upload_id, account_id=citizen.account_id, layout=request.POST.get("layout", "one")
        )
    return redirect("portal:bulk_upload", upload_id)


@require_GET
@for_citizens
def sheets_file(request: HttpRequest, citizen: Citizen, upload_id: uuid.UUID) -> StreamingHttpResponse:
    """Give all sheets in one archive, part by part, so that no more than one part is ever in memory."""
    upload = own_upload(citizen, upload_id)
    if not upload.sheets_parts or upload.sheets_made < upload.sheets_parts:
        raise Http404(str(upload_id))
    response = StreamingHttpResponse(_archive(upload), content_type="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="ma-qr-{str(upload.id)[:8]}.zip"'
    return response


class _Outlet:
    """Takes what an archive writes until it is fetched; an archive needs no more to be written forward."""

    def __init__(self) -> None:
        self._waiting = bytearray()

    def write(self, content: bytes) -> int:
        self._waiting += content
        return len(content)

    def flush(self) -> None:
        """Nothing is held back."""

    def fetch(self) -> bytes:
        content = bytes(self._waiting)
        self._waiting.clear()
        return content


def _archive(upload: UploadView) -> Iterator[bytes]:
    outlet = _Outlet()
    # Stored, not deflated: a PDF is compressed already.
    with zipfile.ZipFile(outlet, "w", zipfile.ZIP_STORED) as archive:  # type: ignore[call-overload]  # writes only
        for part in range(1, upload.sheets_parts + 1):
            pdf = sheet_part(upload.id, part)
            if pdf:
                archive.writestr(f"ma-qr-{part:03d}.pdf", pdf)
            yield outlet.fetch()
    yield outlet.fetch()


def _filed(upload: UploadView) -> UploadView:
    if not upload.filed:
        raise Http404(str(upload.id))
    return upload


def _finished(upload: UploadView) -> UploadView:
    if upload.state not in UploadState.finished():
        raise Http404(str(upload.id))
    return upload


def _download(content: bytes, media_type: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _moment(at: datetime | None) -> str:
    return "" if at is None else f"{timezone.localtime(at):%Y-%m-%d %H:%M}"
