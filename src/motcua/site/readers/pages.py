"""Public pages, rendered once by Django and sent many times.

Only for readers whose session is not known here, and only what Django renders without looking at a reader: the
request that makes a page is our own and carries nothing but path and language. A page is as old as the watch at
most, and rendered anew every minute whatever the watch says; while the database is away it serves for ten.
"""

import asyncio
import io
import re
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.utils import timezone

from motcua.site.bridge import Environ, Wsgi
from motcua.site.readers.watch import Shown, Watch
from motcua.web.ui.direct import Asked, Told
from motcua.web.ui.language import LANGUAGES
from motcua.web.ui.resources import Resource, choose, prepare

RENDERED_FOR_SECONDS = 60.0
# While the database is away a page that was right a moment ago serves better than none.
KEPT_BLIND_SECONDS = 600.0
# A CDN may keep it for as long as a second look here would take; browsers ask each time, and get 304.
CACHE_CONTROL = "public, max-age=0, s-maxage=5, must-revalidate"
MOST_PAGES = 2000
FIXED = frozenset({"/", "/services/", "/status/", "/verify/", "/law/"})
_OF_SERVICE = re.compile(r"/services/([a-z][a-z0-9_-]{0,59})/(rules/)?")
# What is in force at a place; a code that is none is not found, and what is not found is not kept.
_OF_PLACE = re.compile(r"/law/[0-9]{5}/")
_NOT_KEPT = frozenset({"content-length", "date", "server", "vary", "etag", "cache-control", "connection"})

InThread = Callable[[Callable[[], "Rendered"]], Awaitable["Rendered"]]


@dataclass(frozen=True, slots=True)
class Rendered:
    """An answer of Django as it came."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


@dataclass(frozen=True, slots=True)
class Kept:
    """A page as kept; without a resource, one that must not be shared: it is Django's each time."""

    resource: Resource | None
    stamp: object
    on: date
    made_at: float


class Pages:
    """The public pages that this process has rendered, by path and language."""

    def __init__(
        self,
        application: Wsgi,
        watch: Watch,
        in_thread: InThread,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._application = application
        self._watch = watch
        self._in_thread = in_thread
        self._clock = clock
        self._kept: dict[tuple[str, str], Kept] = {}
        self._making: dict[tuple[str, str], asyncio.Task[Kept]] = {}

    async def answer(self, asked: Asked) -> Told | None:
        """Answer with the page, or leave it to Django: for a session, a query, a page that is not public."""
        shown, cookies = self._watch.shown, asked.header("cookie")
        if asked.query or shown is None or settings.SESSION_COOKIE_NAME in cookies:
            return None
        if not _is_public(asked.path, shown):
            return None
        name = (asked.path, _language(cookies))
        kept = self._kept.get(name)
        if kept is None or not self._holds(kept, shown):
            kept = await self._made_once(name)
        if kept.resource is None:
            return None
        chosen = choose(kept.resource, method=asked.method, header=asked.header)
        return Told(chosen.status, chosen.body, chosen.headers, counted=True)

    def _holds(self, kept: Kept, shown: Shown) -> bool:
        age = self._clock() - kept.made_at
        if not self._watch.sees():
            return age < KEPT_BLIND_SECONDS
        same = kept.stamp == shown.stamp and kept.on == timezone.localdate()
        return same and age < RENDERED_FOR_SECONDS

    async def _made_once(self, name: tuple[str, str]) -> Kept:
        """Render, once for all who wait for the same page."""
        task = self._making.get(name)
        if task is None:
            task = asyncio.ensure_future(self._make(name))
            self._making[name] = task
            task.add_done_callback(lambda _: self._making.pop(name, None))
        # One reader who gives up must not take the page from the others.
        return await asyncio.shield(task)

    async def _make(self, name: tuple[str, str]) -> Kept:
        # Noted before it is rendered: what changes meanwhile makes the page old at once.
        shown, on, begun = self._watch.shown, timezone.localdate(), self._clock()
        rendered = await self._in_thread(lambda: self._render(*name))
        resource = as_shared(rendered)
        kept = Kept(resource, shown.stamp if shown else None, on, begun)
        if rendered.status == 200 and (name in self._kept or len(self._kept) < MOST_PAGES):
            self._kept[name] = kept
        return kept

    def _render(self, path: str, language: str) -> Rendered:
        noted: list[Any] = []

        def start(status: str, headers: list[tuple[str, str]], _: object = None) -> None:
            noted[:] = [int(status[:3]), headers]

        answer = self._application(own_request(path, language), start)
        try:
            body = b"".join(answer)
        finally:
            close = getattr(answer, "close", None)
            if close is not None:
                close()
        return Rendered(noted[0], tuple((key.lower(), value) for key, value in noted[1]), body)


def own_request(path: str, language: str) -> Environ:
    """Return a request of nobody, for the page at ``path`` in one of our languages."""
    host = settings.ALLOWED_HOSTS[0].lstrip(".")
    scheme = "https" if settings.SECURE_SSL_REDIRECT else "http"
    return {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_NAME": host,
        "SERVER_PORT": "443" if scheme == "https" else "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": host,
        "HTTP_COOKIE": f"{settings.LANGUAGE_COOKIE_NAME}={language}",
        "HTTP_X_FORWARDED_PROTO": scheme,
        "wsgi.url_scheme": scheme,
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.version": (1, 0),
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }


def as_shared(rendered: Rendered) -> Resource | None:
    """Return the answer in a form for everyone; None if anything in it was made for one reader."""
    headers = dict(rendered.headers)
    personal = (
        rendered.status != 200
        or "set-cookie" in headers
        or "'nonce-" in headers.get("content-security-policy", "")
        or b"csrfmiddlewaretoken" in rendered.body
    )
    if personal:
        return None
    shown = {name: value for name, value in headers.items() if name not in _NOT_KEPT}
    return prepare(rendered.body, headers={**shown, "Vary": "Cookie", "cache-control": CACHE_CONTROL})


def _is_public(path: str, shown: Shown) -> bool:
    if path in FIXED or _OF_PLACE.fullmatch(path):
        return True
    named = _OF_SERVICE.fullmatch(path)
    # Only of services that there are, so that nobody fills the memory with names of their own.
    return named is not None and named[1] in shown.services


_CHOSEN = re.compile(
    rf"(?:^|;)\s*{re.escape(settings.LANGUAGE_COOKIE_NAME)}=\"?({'|'.join(LANGUAGES)})\"?\s*(?:;|$)"
)


def _language(cookies: str) -> str:
    chosen = _CHOSEN.search(cookies) if cookies else None
    return chosen[1] if chosen else LANGUAGES[0]
