"""What every answer of the site carries, and the one line that the log keeps of it."""

import logging
import time
from collections.abc import Callable

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse

log = logging.getLogger("motcua.requests")

Answer = Callable[[HttpRequest], HttpResponse]
# The scanner and the public check may ask for the camera; nothing else of the device is ours to use.
PERMISSIONS_POLICY = "camera=(self), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()"


def request_log(get_response: Answer) -> Answer:
    """Log method, path, status and milliseconds: never the query string, where people paste numbers."""

    def answer(request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        response = get_response(request)
        if not request.path.startswith(("/static/", "/healthz")):
            spent_ms = (time.perf_counter() - started) * 1000
            log.info("%s %s %d %.0f ms", request.method, request.path, response.status_code, spent_ms)
        return response

    return answer


def readable_address(get_response: Answer) -> Answer:
    """Refuse a NUL character in an address before any view asks PostgreSQL, which has none, to look for it."""

    def answer(request: HttpRequest) -> HttpResponse:
        if "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            raise SuspiciousOperation("NUL in an address")
        return get_response(request)

    return answer


def privacy_headers(get_response: Answer) -> Answer:
    """Keep pages out of shared caches and sensors out of reach, unless a view said otherwise."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return answer
