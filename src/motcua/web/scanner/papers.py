"""The public page on which anyone checks a signed paper: by the file, or by the code that its QR leads to."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from motcua.documents.queries import (
    PaperCheck,
    PaperNamed,
    SealedPaper,
    check_paper,
    paper_of_digest,
    sealed_paper,
)
from motcua.documents.signing.apart import TooManyChecks
from motcua.documents.signing.check import MOST_BYTES
from motcua.documents.signing.report import WORDS, Answer, SignatureSeen, Why
from motcua.identity.access import address_behind
from motcua.identity.throttle import TooManyTries, spend_checking
from motcua.web.ui.components import FieldError, Row
from motcua.web.ui.withdrawal_words import ground_in_words
from motcua.web.ui.words import Bilingual, short_date, time_in_words

TITLES = {
    Answer.VALID: Bilingual("Hợp lệ", "Valid"),
    Answer.NOT_VALID: Bilingual("Không hợp lệ", "Not valid"),
    Answer.CANNOT_TELL: Bilingual("Không xác định được", "Cannot tell"),
}
WITHDRAWN_TITLE = Bilingual("Đã thu hồi", "Withdrawn")
_HASH = re.compile(r"[0-9A-Fa-f]{64}", re.ASCII)
LOOKS = {Answer.VALID: "granted", Answer.NOT_VALID: "refused", Answer.CANNOT_TELL: "waiting"}
PARTS: Mapping[str, Bilingual] = {
    "ChuyenVien": Bilingual("Người lập", "Drawn up by"),
    "LanhDao": Bilingual("Người có thẩm quyền", "Decided by"),
    "CoQuan": Bilingual("Cơ quan", "Sealed by"),
}
NO_FILE = FieldError(
    "file", Bilingual("Chọn tệp PDF do cơ quan trả cho bạn.", "Choose the PDF that the agency gave you.")
)
LARGE = FieldError(
    "file",
    Bilingual(
        "Tệp lớn hơn 10 MB. Giấy của hệ thống này nhỏ hơn 1 MB; hãy tải lên tệp do cơ quan trả, không phải bản quét.",
        "The file is larger than 10 MB. Papers of this system are below 1 MB: upload the file itself, not a scan.",
    ),
)
BUSY = FieldError(
    "file",
    Bilingual(
        "Đang có nhiều tệp được kiểm tra. Hãy thử lại sau ít phút.",
        "Many files are being checked. Try again in a few minutes.",
    ),
)
NOT_IN_REGISTER = Bilingual(
    "Chữ ký hợp lệ, nhưng giấy này không có trong sổ văn bản của hệ thống. Hãy hỏi cơ quan ghi trên giấy.",
    "The signatures hold, but the paper is not in the register of this system. Ask the agency named on it.",
)
IN_REGISTER = Bilingual(
    "Giấy do cơ quan ban hành, có trong sổ văn bản và không bị sửa một chữ nào.",
    "The agency issued this paper; it is in the register, and not a letter was changed.",
)
WITHDRAWN = Bilingual(
    "Giấy do cơ quan ban hành và không bị sửa, nhưng cơ quan đã thu hồi {when}. Giấy không còn hiệu lực.",
    "The agency issued this paper and nothing was changed, but it was withdrawn {when}. It is no longer in force.",
)
NOT_OURS = Bilingual(
    "Sổ văn bản của hệ thống không có tệp nào với mã băm này. Tệp không phải của hệ thống, hoặc đã bị sửa.",
    "The register has no file of this hash. The file is not of this system, or it was changed.",
)
STANDS = Bilingual(
    "Sổ văn bản có đúng tệp này, và giấy đang có hiệu lực.",
    "The register has this very file, and the paper is in force.",
)
NO_HASH = FieldError(
    "sha256",
    Bilingual(
        "Mã băm SHA-256 có 64 chữ số và chữ từ a đến f.",
        "A SHA-256 has 64 characters, digits and the letters a to f.",
    ),
)
NAMES_ANOTHER = Bilingual(
    "Tệp bạn tải lên không phải là giấy có mã này.",
    "The file that you uploaded is not the paper of this code.",
)


@dataclass(frozen=True, slots=True)
class SignatureShown:
    """A signature as the page shows it."""

    part: Bilingual
    rows: tuple[Row, ...]
    look: str
    title: Bilingual


@dataclass(frozen=True, slots=True)
class Verdict:
    """An answer as the page shows it."""

    title: Bilingual
    look: str
    reason: Bilingual
    signatures: tuple[SignatureShown, ...]
    checked_at: datetime
    by_hash: bool = False


# It changes nothing and knows nobody, so there is nothing to forge.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def paper(request: HttpRequest, code: str = "") -> HttpResponse:
    """Check an uploaded file, which is not kept; with a code, also show what the register has under it.

    A code or a hash is looked up so many times from an address; both are known only to who holds the paper.
    """
    digest = request.POST.get("sha256", "").strip()
    try:
        if code or digest:
            spend_checking(address=address_behind(request), now=timezone.now())
    except TooManyTries as refusal:
        return _too_many(request, code, refusal)
    known = sealed_paper(code) if code else None
    shown: dict[str, object] = {
        "code": code,
        "known": known,
        "known_rows": _rows_of(known) if known else (),
        "errors": (),
        "verdict": None,
    }
    if request.method != "POST":
        return render(request, "scanner/paper.html", shown, status=404 if code and known is None else 200)
    file = request.FILES.get("file")
    if file is None and digest:
        return _by_hash(request, shown, digest)
    if file is None:
        return render(request, "scanner/paper.html", shown | {"errors": (NO_FILE,)}, status=400)
    if file.size is None or file.size > MOST_BYTES:
        return render(request, "scanner/paper.html", shown | {"errors": (LARGE,)}, status=400)
    now = timezone.now()
    try:
        check = check_paper(file.read(), now=now)
    except TooManyChecks:
        return render(request, "scanner/paper.html", shown | {"errors": (BUSY,)}, status=503)
    verdict = _verdict(check, known, now)
    rows = _rows_of(check.in_register) if check.in_register else shown["known_rows"]
    return render(request, "scanner/paper.html", shown | {"verdict": verdict, "known_rows": rows})


def _by_hash(request: HttpRequest, shown: dict[str, object], digest: str) -> HttpResponse:
    """Answer for a file that stays with who asks: they send its hash alone."""
    if not _HASH.fullmatch(digest):
        return render(request, "scanner/paper.html", shown | {"errors": (NO_HASH,)}, status=400)
    found, now = paper_of_digest(digest), timezone.now()
    if found is None:
        answer, reason = Answer.CANNOT_TELL, NOT_OURS
    elif found.withdrawn is not None:
        answer, reason = Answer.NOT_VALID, _taken_back(found)
    else:
        answer, reason = Answer.VALID, STANDS
    verdict = Verdict(_title(found, answer), LOOKS[answer], reason, (), now, by_hash=True)
    rows = _rows_of(found) if found else ()
    return render(request, "scanner/paper.html", shown | {"verdict": verdict, "known_rows": rows})


def _too_many(request: HttpRequest, code: str, refusal: TooManyTries) -> HttpResponse:
    seconds = max(1, int((refusal.until - timezone.now()).total_seconds()))
    shown = {"code": code, "known": None, "known_rows": (), "verdict": None, "again_at": refusal.until}
    answer = render(request, "scanner/paper.html", shown, status=429)
    answer.headers["Retry-After"] = str(seconds)
    return answer


def _title(found: SealedPaper | None, answer: Answer) -> Bilingual:
    return WITHDRAWN_TITLE if found is not None and found.withdrawn is not None else TITLES[answer]


def _taken_back(found: SealedPaper) -> Bilingual:
    assert found.withdrawn is not None
    return WITHDRAWN.filled(when=_moment(found.withdrawn.at))


def _verdict(check: PaperCheck, known: SealedPaper | None, now: datetime) -> Verdict:
    answer, reason = check.answer, _reason(check)
    if known is not None and check.in_register != known and answer is not Answer.NOT_VALID:
        answer, reason = Answer.NOT_VALID, NAMES_ANOTHER
    return Verdict(
        title=_title(check.in_register, answer) if reason is not NAMES_ANOTHER else TITLES[answer],
        look=LOOKS[answer],
        reason=reason,
        signatures=tuple(_signature(each) for each in check.report.signatures),
        checked_at=now,
    )


def _reason(check: PaperCheck) -> Bilingual:
    if check.in_register is not None and check.in_register.withdrawn is not None:
        return _taken_back(check.in_register)
    if check.answer is Answer.VALID:
        return IN_REGISTER
    if check.report.answer is Answer.VALID:
        return NOT_IN_REGISTER
    return _words(check.report.why)


def _signature(seen: SignatureSeen) -> SignatureShown:
    unknown = Bilingual("Không rõ", "Not known")
    rows = [
        Row(key=Bilingual("Người ký", "Signer"), value=seen.signer or unknown),
        Row(key=Bilingual("Cơ quan", "Agency"), value=seen.agency or unknown),
        Row(
            key=Bilingual("Ký lúc (theo dấu thời gian)", "Signed at (by the time stamp)"),
            value=_moment(seen.signed_at) if seen.signed_at else unknown,
        ),
        Row(key=Bilingual("Kết quả", "Outcome"), value=_words(seen.why)),
    ]
    return SignatureShown(
        part=PARTS.get(seen.field, Bilingual("Chữ ký khác", "Another signature")),
        rows=tuple(rows),
        look=LOOKS[seen.answer],
        title=TITLES[seen.answer],
    )


def _rows_of(known: SealedPaper) -> tuple[Row, ...]:
    rows = [
        Row(key=Bilingual("Số", "Number"), value=known.number),
        Row(key=Bilingual("Tên giấy", "Title"), value=known.title),
        Row(key=Bilingual("Cơ quan ban hành", "Issued by"), value=known.agency),
        Row(key=Bilingual("Ban hành lúc", "Issued at"), value=_moment(known.sealed_at)),
    ]
    done = known.withdrawn
    if done is None:
        rows.append(
            Row(key=Bilingual("Tình trạng", "Standing"), value=Bilingual("Đang có hiệu lực", "In force"))
        )
    else:
        rows.append(Row(key=WITHDRAWN_TITLE, value=_moment(done.at)))
        rows.append(Row(key=Bilingual("Căn cứ thu hồi", "Ground"), value=ground_in_words(done.ground)))
        rows.append(
            Row(key=Bilingual("Quyết định thu hồi", "Notice of withdrawal"), value=_named(done.notice))
        )
        if done.replaced_by is not None:
            rows.append(Row(key=Bilingual("Thay bằng giấy", "Replaced by"), value=_named(done.replaced_by)))
    if known.replaces is not None:
        rows.append(Row(key=Bilingual("Thay thế giấy", "Replaces"), value=_named(known.replaces)))
    if known.withdraws is not None:
        rows.append(Row(key=Bilingual("Thu hồi giấy", "Withdraws"), value=_named(known.withdraws)))
    return tuple(rows)


def _named(paper: PaperNamed) -> Bilingual:
    day = Bilingual(
        short_date(timezone.localdate(paper.sealed_at), "vi"),
        short_date(timezone.localdate(paper.sealed_at), "en"),
    )
    return Bilingual("Số {number} ngày {day}", "Number {number} of {day}").filled(
        number=paper.number, day=day
    )


def _words(why: Why) -> Bilingual:
    return Bilingual(*WORDS[why])


def _moment(at: datetime) -> Bilingual:
    return Bilingual(time_in_words(at, "vi"), time_in_words(at, "en"))
