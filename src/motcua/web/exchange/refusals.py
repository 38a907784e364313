"""Why a request of a machine is refused: a status, a word for the machine, and a sentence in each language."""

import re

from psycopg import errors

from motcua.cases.intake import IntakeFull
from motcua.cases.services import KeyReused, NothingLeft, SubmissionInFlight
from motcua.procedures.forms import FormRefused

# What an Idempotency-Key can be.
KEY = re.compile(r"[\x21-\x7e]{1,200}")
DATABASE_RETRY_SECONDS = 5
DISK_RETRY_SECONDS = 60


class Refused(Exception):
    """A request that cannot be carried out; becomes a JSON answer with the status."""

    def __init__(self, status: int, error: str, message: str, message_vi: str, **more: object) -> None:
        self.status = status
        self.body = {"error": error, "message": message, "message_vi": message_vi, **more}
        self.headers: dict[str, str] = {}
        super().__init__(message)

    def with_header(self, name: str, value: str) -> "Refused":
        """Add a header to the answer."""
        self.headers[name] = value
        return self


def not_signed_in() -> Refused:
    """No usable token came with the request."""
    return Refused(
        401,
        "not_signed_in",
        "Send a bearer token with the scope submissions.",
        "Cần mã truy cập có quyền nộp hồ sơ.",
    ).with_header("WWW-Authenticate", "Bearer")


def no_person() -> Refused:
    """The token belongs to a machine, and only people file requests."""
    return Refused(
        422,
        "no_person",
        "This token belongs to no person; file with the token of a citizen.",
        "Mã truy cập này không gắn với người dân nào.",
    )


def key_missing() -> Refused:
    """Without a key a repeat could not be told from a second request."""
    return Refused(
        422,
        "key_missing",
        "Send an Idempotency-Key of 1 to 200 visible ASCII characters, new for each new request.",
        "Thiếu Idempotency-Key (1 đến 200 ký tự ASCII, mới cho mỗi yêu cầu mới).",
    )


def no_such_procedure(code: str) -> Refused:
    """Nothing of that code is in force."""
    return Refused(404, "no_such_procedure", f"No procedure {code[:60]}.", "Không có thủ tục này.")


def too_large() -> Refused:
    """The body is longer than any request needs."""
    return Refused(413, "too_large", "A body has at most 1 MiB.", "Nội dung gửi lên nhiều nhất 1 MiB.")


def our_mistake() -> Refused:
    """Something failed that should not."""
    return Refused(
        500,
        "our_mistake",
        "The mistake is ours; it has been logged.",
        "Lỗi ở phía chúng tôi và đã được ghi lại.",
    )


def database_refusal(fault: BaseException | None) -> Refused:
    """Tell a full disk from a database that is away; the text of the fault is not shown, for it may carry data."""
    if fault is not None and isinstance(fault.__cause__, errors.DiskFull):
        return Refused(
            507,
            "storage_full",
            "There is no room to store more at the moment; nothing was stored. Send the same request again later.",
            "Hiện không còn chỗ để lưu thêm; chưa có gì được lưu. Hãy gửi lại đúng yêu cầu này sau.",
        ).with_header("Retry-After", str(DISK_RETRY_SECONDS))
    return Refused(
        503,
        "unavailable",
        "The database is away for a moment. Send the same request again, with the same key.",
        "Cơ sở dữ liệu tạm thời gián đoạn. Hãy gửi lại đúng yêu cầu này với cùng một khóa.",
    ).with_header("Retry-After", str(DATABASE_RETRY_SECONDS))


def filing_refusal(fault: Exception) -> Refused | None:
    """Return how a refusal of the filing service is told; None for what is our own mistake."""
    match fault:
        case KeyReused():
            return Refused(
                422,
                "key_reused",
                "This Idempotency-Key was used for another body; take a new key.",
                "Idempotency-Key này đã dùng cho nội dung khác; hãy dùng khoá mới.",
            )
        case SubmissionInFlight():
            return Refused(
                409,
                "in_flight",
                "The same key is being submitted now; ask again in a second.",
                "Yêu cầu cùng khoá đang được xử lý; hãy gửi lại sau một giây.",
            )
        case NothingLeft():
            again = fault.opens_again_at
            return Refused(
                409,
                "nothing_left",
                fault.told.en,
                fault.told.vi,
                opens_again_at=again.isoformat() if again else None,
            )
        case FormRefused():
            fields = {name: {"vi": text.vi, "en": text.en} for name, text in fault.errors.items()}
            return Refused(
                422, "form_refused", "Some fields need mending.", "Một số mục cần sửa.", fields=fields
            )
        case IntakeFull():
            return Refused(
                503,
                "busy",
                "More requests wait than can be filed in time. Send the same request again, with the same key.",
                "Đang có quá nhiều yêu cầu chờ. Hãy gửi lại đúng yêu cầu này với cùng một khóa.",
            ).with_header("Retry-After", str(fault.retry_after_seconds))
    return None
