"""What a check of a paper says: each signature with who, when and why, and one answer for the whole."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple


class Answer(StrEnum):
    """The three answers of a check."""

    VALID = "valid"
    NOT_VALID = "not_valid"
    CANNOT_TELL = "cannot_tell"


class Words(NamedTuple):
    """A sentence in both languages."""

    vi: str
    en: str


class Why(StrEnum):
    """Why a paper or one of its signatures is not valid, or cannot be told."""

    GOOD = ""
    NOT_A_PDF = "not_a_pdf"
    TOO_LARGE = "too_large"
    DAMAGED = "damaged"
    ENCRYPTED = "encrypted"
    TOOK_TOO_LONG = "took_too_long"
    NOT_SIGNED = "not_signed"
    NOT_SEALED = "not_sealed"
    NOT_IN_ORDER = "not_in_order"
    STRANGE_SIGNATURE = "strange_signature"
    CHANGED_AFTER = "changed_after"
    ACTIVE_CONTENT = "active_content"
    RANGE_WRONG = "range_wrong"
    RULES_WRONG = "rules_wrong"
    CONTENT_CHANGED = "content_changed"
    SIGNATURE_BROKEN = "signature_broken"
    FORBIDDEN_CHANGE = "forbidden_change"
    NOT_TRUSTED = "not_trusted"
    WRONG_USE = "wrong_use"
    EXPIRED = "expired"
    REVOKED = "revoked"
    NO_TIME_STAMP = "no_time_stamp"
    TIME_STAMP_WRONG = "time_stamp_wrong"
    TIME_STAMP_NOT_TRUSTED = "time_stamp_not_trusted"
    TIME_STAMP_TOO_OLD = "time_stamp_too_old"
    NOTHING_ON_REVOCATION = "nothing_on_revocation"


UNDECIDED = frozenset(
    {Why.ENCRYPTED, Why.TOOK_TOO_LONG, Why.TOO_LARGE, Why.TIME_STAMP_TOO_OLD, Why.NOTHING_ON_REVOCATION}
)

WORDS: Mapping[Why, Words] = {
    Why.GOOD: Words(
        "Chữ ký hợp lệ và nội dung không thay đổi.", "The signature holds and nothing was changed."
    ),
    Why.NOT_A_PDF: Words("Tệp này không phải là tệp PDF.", "This file is not a PDF."),
    Why.TOO_LARGE: Words(
        "Tệp lớn hơn 10 MB nên không được kiểm tra ở đây.",
        "The file is larger than 10 MB and was not checked here.",
    ),
    Why.DAMAGED: Words(
        "Tệp PDF bị hỏng hoặc được tạo sai quy cách, nên không thể tin chữ ký trong tệp.",
        "The PDF is damaged or malformed, so its signatures cannot be believed.",
    ),
    Why.ENCRYPTED: Words(
        "Tệp được đặt mật khẩu. Hãy tải lên bản không có mật khẩu do cơ quan trả.",
        "The file has a password. Upload the copy without a password, as the agency gave it.",
    ),
    Why.TOOK_TOO_LONG: Words(
        "Việc kiểm tra mất quá nhiều thời gian và đã được dừng lại.",
        "The check took too long and was stopped.",
    ),
    Why.NOT_SIGNED: Words("Tệp không có chữ ký số nào.", "The file has no digital signature."),
    Why.NOT_SEALED: Words(
        "Giấy chưa có đủ chữ ký và dấu của cơ quan, nên chưa có giá trị.",
        "The paper lacks a signature or the seal of the agency; it is not in force.",
    ),
    Why.NOT_IN_ORDER: Words(
        "Các chữ ký không theo thứ tự: người lập, người có thẩm quyền, rồi cơ quan.",
        "The signatures are not in order: who drew it up, who decides, then the agency.",
    ),
    Why.STRANGE_SIGNATURE: Words(
        "Tệp có chữ ký mà giấy của hệ thống này không có.",
        "The file has a signature that papers of this system do not have.",
    ),
    Why.CHANGED_AFTER: Words(
        "Tệp đã bị thêm nội dung mà chữ ký không bao phủ.",
        "Something was added to the file that no signature covers.",
    ),
    Why.ACTIVE_CONTENT: Words(
        "Tệp chứa mã lệnh, tệp đính kèm hoặc ghi chú mà giấy của cơ quan không có.",
        "The file holds scripts, attachments or annotations that papers of an agency do not have.",
    ),
    Why.RANGE_WRONG: Words(
        "Phần tệp mà chữ ký bao phủ bị khai sai.", "What the signature claims to cover is declared wrongly."
    ),
    Why.RULES_WRONG: Words(
        "Chữ ký không khóa nội dung như giấy của cơ quan phải khóa.",
        "The signature does not lock the content as papers of an agency must.",
    ),
    Why.CONTENT_CHANGED: Words(
        "Nội dung đã bị thay đổi sau khi ký.", "The content was changed after it was signed."
    ),
    Why.SIGNATURE_BROKEN: Words("Chữ ký bị sửa hoặc bị hỏng.", "The signature was altered or is damaged."),
    Why.FORBIDDEN_CHANGE: Words(
        "Sau khi ký, tệp có thay đổi mà chữ ký không cho phép.",
        "After signing, a change was made that the signature does not permit.",
    ),
    Why.NOT_TRUSTED: Words(
        "Chứng thư số không do tổ chức được tin cậy cấp.",
        "The certificate was not issued by an authority that is trusted here.",
    ),
    Why.WRONG_USE: Words(
        "Chứng thư số không dùng để ký văn bản.", "The certificate is not one for signing documents."
    ),
    Why.EXPIRED: Words(
        "Chứng thư số chưa có hiệu lực hoặc đã hết hạn khi ký.",
        "The certificate was not yet or no longer in force when it signed.",
    ),
    Why.REVOKED: Words(
        "Chứng thư số đã bị thu hồi trước khi ký.", "The certificate was revoked before it signed."
    ),
    Why.NO_TIME_STAMP: Words(
        "Chữ ký không có dấu thời gian, nên không biết chắc ký lúc nào.",
        "The signature has no time stamp, so it is not certain when it was made.",
    ),
    Why.TIME_STAMP_WRONG: Words(
        "Dấu thời gian bị sửa hoặc bị hỏng.", "The time stamp was altered or is damaged."
    ),
    Why.TIME_STAMP_NOT_TRUSTED: Words(
        "Dấu thời gian không do tổ chức được tin cậy cấp.",
        "The time stamp does not come from an authority that is trusted here.",
    ),
    Why.TIME_STAMP_TOO_OLD: Words(
        "Chứng thư của dấu thời gian đã hết hạn. Hãy đối chiếu với sổ văn bản của cơ quan.",
        "The certificate of the time stamp has expired. Compare with the register of the agency.",
    ),
    Why.NOTHING_ON_REVOCATION: Words(
        "Không có danh sách thu hồi để biết chứng thư còn hiệu lực khi ký hay không.",
        "No revocation list says whether the certificate was in force at the time.",
    ),
}


@dataclass(frozen=True, slots=True)
class SignatureSeen:
    """One signature: who made it, when by the time stamp, and whether it holds."""

    field: str
    signer: str
    agency: str
    signed_at: datetime | None
    answer: Answer
    why: Why
    covers_whole_file: bool


@dataclass(frozen=True, slots=True)
class Report:
    """What is to be said of a file."""

    answer: Answer
    why: Why
    sha256: str
    signatures: tuple[SignatureSeen, ...] = ()


def answer_for(why: Why) -> Answer:
    """Return the answer that a reason leads to."""
    if why is Why.GOOD:
        return Answer.VALID
    return Answer.CANNOT_TELL if why in UNDECIDED else Answer.NOT_VALID
