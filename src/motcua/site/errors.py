"""The answer when a request failed: "our mistake", or "come back in a moment" when the database is away."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse

from motcua.web.ui import errors

RETRY_AFTER_SECONDS = 5


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 503 with ``Retry-After`` when the database could not be reached or cut us short, else 500.

    Machines get JSON. Nothing of the error itself is shown: its text may carry data.
    """
    # Django calls this while it handles the exception and passes no trace of it.
    away = isinstance(sys.exc_info()[1], OperationalError | InterfaceError)
    if request.path.startswith("/api/"):
        return _for_machines(away=away)
    if away:
        return errors.unavailable(request, retry_after_seconds=RETRY_AFTER_SECONDS)
    return errors.server_error(request)


def _for_machines(*, away: bool) -> HttpResponse:
    if not away:
        mistake = {"error": "our_mistake", "message": "The mistake is ours; it has been logged."}
        return JsonResponse({**mistake, "message_vi": "Lỗi ở phía chúng tôi và đã được ghi lại."}, status=500)
    return JsonResponse(
        {
            "error": "unavailable",
            "message": "The database is away for a moment. Send the same request again, with the same key.",
            "message_vi": "Cơ sở dữ liệu tạm thời gián đoạn. Hãy gửi lại đúng yêu cầu này với cùng một khóa.",
        },
        status=503,
        headers={"Retry-After": str(RETRY_AFTER_SECONDS)},
    )
