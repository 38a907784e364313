"""What anyone may fetch or ask: the trusted keys, the status list, and whether a QR text is valid."""

import base64
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import etag, require_http_methods, require_safe

from motcua.credentials.queries import (
    KeyView,
    NothingPublished,
    PassCheck,
    Published,
    check_text,
    keys,
    published_keys,
    published_status_list,
)
from motcua.credentials.states import Answer
from motcua.procedures.content import CredentialLayout
from motcua.procedures.queries import search_services
from motcua.web.scanner.reasons import REASONS
from motcua.web.ui.components import FieldError, Row
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


def _tag_of(published: Callable[[], Published]) -> Callable[[HttpRequest], str | None]:
    def tag(_: HttpRequest) -> str | None:
        try:
            return f'"{hashlib.sha256(published().content).hexdigest()[:32]}"'
        except NothingPublished:
            return None

    return tag


@require_safe
@cache_control(max_age=60, public=True)
@etag(_tag_of(published_keys))
def keys_json(request: HttpRequest) -> HttpResponseBase:
    """Give the trusted keys: once signed by the root for scanners, once in plain words for everyone else."""
    try:
        bundle = published_keys()
    except NothingPublished as refusal:
        return JsonResponse({"error": "nothing_published", "message": str(refusal)}, status=503)
    known = keys()
    root = next(key for key in known if key.use == "root" and key.retired_at is None)
    answer = JsonResponse(
        {
            "root": {"key_id": root.key_id, "public_key": _public_key(root), "certificate": _base64(root)},
            "issued_at": bundle.issued_at.isoformat(),
            "bundle": base64.b64encode(bundle.content).decode(),
            "keys": [
                {
                    "key_id": key.key_id,
                    "certificate": _base64(key),
                    "not_before": key.not_before.isoformat(),
                    "not_after": key.not_after.isoformat(),
                    "revoked_at": key.revoked_at.isoformat() if key.revoked_at else None,
                }
                for key in known
                if key.use == "passes"
            ],
        }
    )
    answer["Access-Control-Allow-Origin"] = "*"
    return answer


@require_safe
@cache_control(max_age=60, public=True)
@etag(_tag_of(published_status_list))
def status_list(request: HttpRequest) -> HttpResponseBase:
    """Give the signed list of revoked passes."""
    try:
        newest = published_status_list()
    except NothingPublished as refusal:
        return JsonResponse({"error": "nothing_published", "message": str(refusal)}, status=503)
    answer = HttpResponse(newest.content, content_type="application/cwt")
    answer["Access-Control-Allow-Origin"] = "*"
    return answer


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
    labels: Mapping[str, object] = {claim.key: claim.label for claim in layout.claims} if layout else {}
    shown = [
        *[key for key in labels if key in check.claims],
        *[key for key in check.claims if key not in labels],
    ]
    rows = [Row(key=_label(labels.get(key), key), value=_said(check.claims[key])) for key in shown]
    rows.append(Row(key=Bilingual("Có giá trị từ", "Valid from"), value=_moment(check.valid_from)))
    rows.append(Row(key=Bilingual("Có giá trị đến", "Valid until"), value=_moment(check.valid_to)))
    return tuple(rows)


def _label(label: object, key: str) -> Bilingual:
    vi, en = getattr(label, "vi", key), getattr(label, "en", key)
    return Bilingual(vi, en)


def _said(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _moment(at: datetime) -> Bilingual:
    return Bilingual(time_in_words(at, "vi"), time_in_words(at, "en"))


def _public_key(key: KeyView) -> str:
    public = x509.load_der_x509_certificate(key.certificate_der).public_key()
    return base64.b64encode(public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()


def _base64(key: KeyView) -> str:
    return base64.b64encode(key.certificate_der).decode()
