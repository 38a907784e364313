"""Pages for what went wrong: what happened, and what to do next.

The installation's ``urls`` names them as ``handler400`` and so on. None of them asks the database.
"""

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 400: the request cannot be read."""
    return _error_page(400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 403: signed in, but not allowed here."""
    return _error_page(403)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 404: nothing is here, or nothing that this person may know of."""
    return _error_page(404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500: our mistake."""
    return _error_page(500)


def unavailable(request: HttpRequest, retry_after_seconds: int = 60) -> HttpResponse:
    """Answer 503: a part that is needed does not answer; try again after the given time."""
    response = _error_page(503)
    response.headers["Retry-After"] = str(retry_after_seconds)
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer 403: the form was open too long, or came from elsewhere."""
    return HttpResponse(render_to_string("ui/errors/csrf.html"), status=403)


def _error_page(status: int) -> HttpResponse:
    return HttpResponse(render_to_string(f"ui/errors/{status}.html"), status=status)
