"""What anyone may fetch or ask: the trusted keys, the status list, and whether a QR text is valid."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from motcua.credentials.published import STABLE_SECONDS, PublishedFile, file_named, newest_files
from motcua.credentials.queries import NothingPublished, PassCheck, check_text
from motcua.credentials.states import Answer
from motcua.procedures.content import CredentialLayout
from motcua.procedures.queries import search_services
from motcua.web.scanner.reasons import REASONS
from motcua.web.ui.claims import answered
from motcua.web.ui.components import FieldError, Row
from motcua.web.ui.resources import Resource, choose, prepare
from motcua.web.ui.words import Bilingual, time_in_words

_LONGEST_TEXT = 4296
EMPTY = FieldError(
    "code",
    Bilingual(
        "Dán nội dung mã QR vào ô, bắt đầu bằng MC1:", "Paste the text of the QR code; it begins with MC1:"
    ),
)
TITLES = {
    Answer.VALID: Bilingual("Hợp lệ", "Valid"),
    Answer.NOT_VALID: Bilingual("Không hợp lệ", "Not valid"),
    Answer.CANNOT_TELL: Bilingual("Không xác định được", "Cannot tell"),
}
LOOKS = {Answer.VALID: "granted", Answer.NOT_VALID: "refused", Answer.CANNOT_TELL: "waiting"}


@dataclass(frozen=True, slots=True)
class Verdict:
    """An answer as the page shows it."""

    title: Bilingual
    look: str
    reason: Bilingual
    kind: object
    rows: tuple[Row, ...]
    checked_at: datetime


@require_safe
def keys_json(request: HttpRequest) -> HttpResponseBase:
    """Give the trusted keys: once signed by the root for scanners, once in plain words for everyone else."""
    return _sent(request, lambda: at_fixed_addresses(newest_files())["keys.json"])


@require_safe
def status_list(request: HttpRequest) -> HttpResponseBase:
    """Give the signed list of revoked passes."""
    return _sent(request, lambda: at_fixed_addresses(newest_files())["status-list"])


@require_safe
def published_file(request: HttpRequest, name: str) -> HttpResponseBase:
    """Give the pointer ``newest.json`` or a file that it names or named a while ago."""
    return _sent(request, lambda: file_named(name), missing=404)


def at_fixed_addresses(files: Iterable[PublishedFile]) -> dict[str, PublishedFile]:
    """Return those of the newest files that have an address which stays, where others may keep them for a minute."""
    kept = f"public, max-age={STABLE_SECONDS}"
    return {
        address: replace(file, cache_control=kept)
        for file in files
        for address, kind, ending in (("keys.json", "keys-", ".json"), ("status-list", "status-", ".cwt"))
        if file.name.startswith(kind) and file.name.endswith(ending)
    }


def _sent(request: HttpRequest, find: Callable[[], PublishedFile], *, missing: int = 503) -> HttpResponseBase:
    try:
        resource = as_resource(find())
    except NothingPublished as refusal:
        return JsonResponse({"error": "nothing_published", "message": str(refusal)}, status=missing)
    chosen = choose(resource, method=str(request.method), header=lambda name: request.headers.get(name) or "")
    answer = HttpResponse(chosen.body, status=chosen.status)
    # Django would name a type of its own for an answer that has none.
    del answer.headers["Content-Type"]
    for name, value in chosen.headers:
        answer.headers[name] = value
    return answer


def as_resource(file: PublishedFile) -> Resource:
    """Prepare a published file to be sent, to any site that asks: it is signed and says nothing of anyone."""
    headers = {
        "Content-Type": file.content_type,
        "Cache-Control": file.cache_control,
        "Access-Control-Allow-Origin": "*",
        "X-Content-Type-Options": "nosniff",
    }
    return prepare(file.content, headers=headers, modified_at=file.made_at.timestamp())


# It changes nothing and knows nobody, so there is nothing to forge; without a token the page is the same for all.
@csrf_exempt
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Check a pasted QR text; it comes by POST, so that it stands in no log and no history."""
    # A text copied from a letter may be broken into lines; a pass holds no line break.
    code = request.POST.get("code", "").replace("\r", "").replace("\n", "")[: _LONGEST_TEXT + 1]
    if request.method != "POST":
        return render(request, "scanner/verify.html", {"errors": (), "verdict": None, "code": ""})
    if not code.strip():
        return render(
            request, "scanner/verify.html", {"errors": (EMPTY,), "verdict": None, "code": ""}, status=400
        )
    now = timezone.now()
    verdict = _verdict(check_text(code, now), now)
    return render(request, "scanner/verify.html", {"errors": (), "verdict": verdict, "code": ""})


def _verdict(check: PassCheck, now: datetime) -> Verdict:
    layout = next(
        (
            service.content.credential
            for service in search_services()
            if service.content.credential is not None and service.content.credential.kind == check.kind
        ),
        None,
    )
    return Verdict(
        title=TITLES[check.answer],
        look=LOOKS[check.answer],
        reason=REASONS[check.reason],
        kind=layout.title if layout else check.kind,
        rows=_rows(check, layout),
        checked_at=now,
    )


def _rows(check: PassCheck, layout: CredentialLayout | None) -> tuple[Row, ...]:
    if check.claims is None or check.valid_from is None or check.valid_to is None:
        return ()
    claims = answered(check.claims)
    labels: Mapping[str, object] = {claim.key: claim.label for claim in layout.claims} if layout else {}
    shown = [
        *[key for key in labels if key in claims],
        *[key for key in claims if key not in labels],
    ]
    rows = [Row(key=_label(labels.get(key), key), value=claims[key]) for key in shown]
    rows.append(Row(key=Bilingual("Có giá trị từ", "Valid from"), value=_moment(check.valid_from)))
    rows.append(Row(key=Bilingual("Có giá trị đến", "Valid until"), value=_moment(check.valid_to)))
    return tuple(rows)


def _label(label: object, key: str) -> Bilingual:
    vi, en = getattr(label, "vi", key), getattr(label, "en", key)
    return Bilingual(vi, en)


def _moment(at: datetime) -> Bilingual:
    return Bilingual(time_in_words(at, "vi"), time_in_words(at, "en"))
