"""The answer when a request failed: unreadable, nowhere, our mistake, or "come back" when the database is away.

People get a page, machines JSON.
"""

import sys

from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse

from motcua.web.ui import errors

RETRY_AFTER_SECONDS = 5


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 400 for what cannot be read, and 413 for what is too large."""
    too_large = isinstance(exception, RequestDataTooBig)
    status = 413 if too_large else 400
    if not _by_machine(request):
        answer = errors.bad_request(request, exception)
        answer.status_code = status
        return answer
    if too_large:
        return _told("too_large", "A body has at most 1 MiB.", "Nội dung gửi lên nhiều nhất 1 MiB.", status)
    return _told("not_readable", "The request cannot be read.", "Không đọc được yêu cầu này.", status)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 404: nothing is here, or nothing that this reader may know of."""
    if _by_machine(request):
        return _told("no_such_address", "Nothing is at this address.", "Không có gì ở địa chỉ này.", 404)
    return errors.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 503 with ``Retry-After`` when the database could not be reached or cut us short, else 500.

    Machines get JSON. Nothing of the error itself is shown: its text may carry data.
    """
    # Django calls this while it handles the exception and passes no trace of it.
    away = isinstance(sys.exc_info()[1], OperationalError | InterfaceError)
    if _by_machine(request):
        return _for_machines(away=away)
    if away:
        return errors.unavailable(request, retry_after_seconds=RETRY_AFTER_SECONDS)
    return errors.server_error(request)


def _by_machine(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


def _for_machines(*, away: bool) -> HttpResponse:
    if not away:
        return _told(
            "our_mistake",
            "The mistake is ours; it has been logged.",
            "Lỗi ở phía chúng tôi và đã được ghi lại.",
            500,
        )
    answer = _told(
        "unavailable",
        "The database is away for a moment. Send the same request again, with the same key.",
        "Cơ sở dữ liệu tạm thời gián đoạn. Hãy gửi lại đúng yêu cầu này với cùng một khóa.",
        503,
    )
    answer.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return answer


def _told(error: str, message: str, message_vi: str, status: int) -> HttpResponse:
    return JsonResponse({"error": error, "message": message, "message_vi": message_vi}, status=status)
