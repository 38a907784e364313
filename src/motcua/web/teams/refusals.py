"""What a tablet is told when something is refused: which field, why, and what its bearer can do."""

from datetime import datetime
from http import HTTPStatus

from django.http import JsonResponse
from django.utils import timezone

from motcua.cases.intake import IntakeFull
from motcua.cases.services import KeyReused, NothingLeft, SubmissionInFlight
from motcua.cases.services.on_behalf import MayNotFileForOthers
from motcua.identity.numbers import NumberRefused
from motcua.identity.presented import PresentedRefused
from motcua.identity.throttle import TooManyTries
from motcua.procedures.forms import FormRefused
from motcua.procedures.queries import NoSuchProcedure
from motcua.teams.services import (
    AlreadyFiled,
    ConsentNotOurs,
    HelpNotBegun,
    NotAMember,
    NotAPaperField,
    PaperNotCarried,
    SignatureRefused,
)
from motcua.teams.times import ConsentTooOld
from motcua.vault.checking.faults import PaperRefused
from motcua.web.teams.members import refusal
from motcua.web.ui.words import Bilingual

NOT_READABLE = Bilingual(
    "Máy gửi sai khuôn dạng. Cập nhật ứng dụng rồi gửi lại.",
    "The device sent something of the wrong shape. Update the app and send again.",
)
NOT_THERE = Bilingual(
    "Không có hồ sơ nào như vậy trong phần việc của bạn.", "No such dossier is among yours."
)
_BUSY = Bilingual(
    "Máy chủ đang bận. Hồ sơ vẫn ở trong máy và sẽ tự gửi lại.",
    "The server is busy. The dossier stays here and is sent again by itself.",
)
_MANY = Bilingual(
    "Vừa gửi nhiều hồ sơ trong thời gian ngắn. Máy tự gửi tiếp sau {time}.",
    "Many dossiers were sent in a short time. The device goes on by itself after {time}.",
)
_NO_SERVICE = Bilingual(
    "Thủ tục này không còn nhận hồ sơ. Xóa hồ sơ này và cập nhật danh sách thủ tục.",
    "This service takes no requests any more. Delete this dossier and update the list of services.",
)
_ASK_AGAIN = Bilingual(
    "Lời đồng ý đã quá 30 ngày. Đọc lại và xin chữ ký mới.",
    "The consent is older than 30 days. Read it again and ask for a new signature.",
)
_NOT_OURS = Bilingual(
    "Nội dung đã đọc không đúng bản của hệ thống. Cập nhật rồi đọc lại và xin chữ ký mới.",
    "The words that were read are not ours. Update, read them again and ask for a new signature.",
)
_SIGNATURE = Bilingual(
    "Chữ ký chưa dùng được. Xin người dân ký lại.",
    "The signature cannot be used. Ask the person to sign again.",
)
_PAPER = Bilingual("Giấy tờ chưa gửi được. {why}", "The paper could not be taken. {why}")
_SEND_AGAIN = Bilingual(
    "Chụp lại giấy tờ này; ảnh trước chưa tới nơi.",
    "Photograph this paper again; the picture did not arrive.",
)
_NO_FIELD = Bilingual(
    "Mẫu đơn không còn hỏi giấy tờ này. Cập nhật danh sách thủ tục, rồi mở lại hồ sơ.",
    "The form does not ask for this paper any more. Update the list of services and open the dossier again.",
)
_FORM = Bilingual(
    "Có mục cần sửa. Mở hồ sơ, sửa mục được đánh dấu rồi gửi lại.",
    "Some answers need mending. Open the dossier, mend what is marked, and send again.",
)
_FILED = Bilingual("Hồ sơ đã được nộp rồi.", "The dossier is filed already.")
_OTHER_PROVINCE = Bilingual(
    "Tổ của bạn không nhận hồ sơ cho cơ quan này.", "Your team does not file with this agency."
)

REFUSALS = (
    AlreadyFiled,
    ConsentNotOurs,
    ConsentTooOld,
    FormRefused,
    HelpNotBegun,
    IntakeFull,
    KeyReused,
    MayNotFileForOthers,
    NoSuchProcedure,
    NotAMember,
    NotAPaperField,
    NothingLeft,
    NumberRefused,
    PaperNotCarried,
    PaperRefused,
    PresentedRefused,
    SignatureRefused,
    SubmissionInFlight,
    TooManyTries,
)
# Refusals whose words do not depend on what was refused: status, code, words, the place to mend.
_PLAIN: dict[type[Exception], tuple[int, str, Bilingual, str]] = {
    AlreadyFiled: (409, "filed", _FILED, ""),
    ConsentNotOurs: (422, "consent", _NOT_OURS, "consent"),
    ConsentTooOld: (422, "consent", _ASK_AGAIN, "consent"),
    HelpNotBegun: (404, "not_there", NOT_THERE, ""),
    KeyReused: (409, "in_flight", _BUSY, ""),
    MayNotFileForOthers: (422, "other_province", _OTHER_PROVINCE, ""),
    NoSuchProcedure: (422, "no_service", _NO_SERVICE, ""),
    NotAMember: (404, "not_there", NOT_THERE, ""),
    SignatureRefused: (422, "consent", _SIGNATURE, "consent"),
    SubmissionInFlight: (409, "in_flight", _BUSY, ""),
}
# Of a paper: not its fault, and worth another try.
_FOR_NOW = ("busy", "not_scanned")


def told(fault: Exception, now: datetime, *, field: str = "") -> JsonResponse:
    """Put a refusal in the form that the tablet reads: 422 to be mended, 409, 429 and 503 to be sent again."""
    plain = _PLAIN.get(type(fault))
    if plain is not None:
        status, code, words, place = plain
        return refusal(status, code, words, {place: words} if place else None)
    return _about_person(fault, now) or _about_dossier(fault, field)


def _about_person(fault: Exception, now: datetime) -> JsonResponse | None:
    match fault:
        case TooManyTries():
            seconds = max(1, int((fault.until - now).total_seconds()))
            words = _MANY.filled(time=f"{timezone.localtime(fault.until):%H:%M}")
            return refusal(HTTPStatus.TOO_MANY_REQUESTS, "too_many", words, retry=seconds)
        case PresentedRefused():
            words = Bilingual(fault.vi, fault.en)
            return refusal(422, "person", words, {f"person.{fault.field}": words})
        case NumberRefused():
            words = Bilingual(fault.vi, fault.en)
            return refusal(422, "person", words, {"person.number": words})
        case _:
            return None


def _about_dossier(fault: Exception, field: str) -> JsonResponse:
    match fault:
        case FormRefused():
            wrong = {name: Bilingual(text.vi, text.en) for name, text in fault.errors.items()}
            return refusal(422, "form", _FORM, wrong)
        case PaperNotCarried():
            return refusal(422, "form", _FORM, {fault.field: _SEND_AGAIN})
        case NotAPaperField():
            return refusal(422, "form", _NO_FIELD, {field: _NO_FIELD})
        case PaperRefused() if fault.fault in _FOR_NOW:
            return refusal(HTTPStatus.SERVICE_UNAVAILABLE, "busy", _BUSY, retry=10)
        case PaperRefused():
            words = _PAPER.filled(why=fault.said)
            return refusal(422, "form", words, {field or "consent": words})
        case IntakeFull():
            return refusal(HTTPStatus.SERVICE_UNAVAILABLE, "busy", _BUSY, retry=fault.retry_after_seconds)
        case NothingLeft():
            words = Bilingual(fault.told.vi, fault.told.en)
            return refusal(422, "nothing_left", words)
        case _:
            raise fault
