"""The answer when a request failed: unreadable, nowhere, our mistake, or "come back" when the database is away.

People get a page, machines JSON.
"""

import sys

from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse

from motcua.web.exchange import refusals
from motcua.web.exchange.refusals import Refused
from motcua.web.ui import errors


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 400 for what cannot be read, and 413 for what is too large."""
    too_large = isinstance(exception, RequestDataTooBig)
    status = 413 if too_large else 400
    if not _by_machine(request):
        answer = errors.bad_request(request, exception)
        answer.status_code = status
        return answer
    if too_large:
        return _refused(refusals.too_large())
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
    fault = sys.exc_info()[1]
    if _by_machine(request):
        away = isinstance(fault, OperationalError | InterfaceError)
        return _refused(refusals.database_refusal(fault) if away else refusals.our_mistake())
    if isinstance(fault, OperationalError | InterfaceError):
        return errors.unavailable(request, retry_after_seconds=refusals.DATABASE_RETRY_SECONDS)
    return errors.server_error(request)


def _by_machine(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


def _refused(refusal: Refused) -> HttpResponse:
    answer = JsonResponse(refusal.body, status=refusal.status)
    for name, value in refusal.headers.items():
        answer.headers[name] = value
    return answer


def _told(error: str, message: str, message_vi: str, status: int) -> HttpResponse:
    return JsonResponse({"error": error, "message": message, "message_vi": message_vi}, status=status)
