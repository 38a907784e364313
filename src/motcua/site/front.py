"""The door of a web process: a few addresses are answered on the event loop, the rest by Django in threads.

One application in the interface of granian (RSGI). The table ``ROUTES`` names what is answered beside Django;
docs/adr/0017 says why it is so and what was measured.
"""

import asyncio
import atexit
import io
import logging
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

from django.http.request import split_domain_port, validate_host

from motcua.site.balance import EVERY_SECONDS, Balance
from motcua.site.bridge import Bridge, Wsgi
from motcua.site.logs import Lines
from motcua.web.ui.direct import Asked, Handler, Routes

if TYPE_CHECKING:
    from motcua.site.readers.table import Readers

log = logging.getLogger("motcua.requests")
LARGEST_BODY = 1_048_576
BODY_WITHIN_SECONDS = 20.0
# Pages that may wait for a thread; more is told to come back, for whoever waits that long has given up.
MOST_WAITING_PAGES = 256
COUNT_EVERY_SECONDS = 60.0
_TOO_SLOW = "the body comes too slowly"
_CLOSE = ("connection", "close")
_WITHOUT_BODY = frozenset({"GET", "HEAD"})
_OF_ONE_ANSWER = frozenset({"content-type", "content-length", "date", "server", "set-cookie", "vary", "etag"})


Headers = tuple[tuple[str, str], ...]


class BodyTooLong(ValueError):
    """The body is longer than any that is answered here."""


class Front:
    """Answers by the table first and by Django otherwise."""

    def __init__(
        self,
        application: Wsgi,
        routes: Routes,
        *,
        threads: int,
        readers: "Readers | None" = None,
        balance: Balance | None = None,
    ) -> None:
        self._balance = balance
        self._routes = dict(routes)
        self._readers = readers
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="page")
        self._common = common_headers(application)
        self._bridge = Bridge(
            application,
            self._pool,
            most_waiting=MOST_WAITING_PAGES,
            most_long=max(1, threads // 2),
            common=self._common,
        )
        self._hosts: dict[str, bool] = {}
        # The same few sets of headers go out again and again.
        self._headers = lru_cache(maxsize=2048)(self._with_common)
        self._counted = 0
        self._lines = Lines(log.name)
        self._logs = log.isEnabledFor(logging.INFO)
        # Who reads a body, the oldest first, and until when.
        self._reading: dict[asyncio.Task[object], float] = {}

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Begin to keep what many read in memory."""
        if self._readers is not None:
            self._readers.start()
        loop.call_later(COUNT_EVERY_SECONDS, self._tell_count, loop)
        # Whatever ends the process in good order, what was answered is in the log.
        atexit.register(self._lines.write)
        self._look_around(loop)

    def _look_around(self, loop: asyncio.AbstractEventLoop) -> None:
        """Do a few times a second what would cost too much for each request."""
        self._lines.write()
        if self._balance is not None:
            self._balance.look()
        self._give_up_bodies(loop.time())
        loop.call_later(EVERY_SECONDS, self._look_around, loop)

    def _give_up_bodies(self, now: float) -> None:
        for task, until in list(self._reading.items()):
            if until > now:
                return
            del self._reading[task]
            task.cancel(_TOO_SLOW)

    def __rsgi_del__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Let the pages in hand be finished."""
        self._pool.shutdown(wait=True)

    def _tell_count(self, loop: asyncio.AbstractEventLoop) -> None:
        """Say in one line how many answers had none of their own."""
        if self._counted:
            log.info("%d answers from memory in %.0f s", self._counted, COUNT_EVERY_SECONDS)
            self._counted = 0
        loop.call_later(COUNT_EVERY_SECONDS, self._tell_count, loop)

    # Any: the scope and protocol of granian have no types of their own.
    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        """Answer one request."""
        if scope.proto != "http":
            protocol.close(403)
            return
        handler = self._routes.get((scope.method, scope.path))
        if handler is None and self._readers is not None:
            handler = self._readers.handler(scope.method, scope.path)
        if handler is None or not self._is_plain(scope):
            await self._bridge.answer(scope, protocol)
            return
        await self._directly(handler, scope, protocol)

    def _is_plain(self, scope: Any) -> bool:
        """Tell whether host and transport are right; Django refuses or redirects what is not."""
        from django.conf import settings

        headers = scope.headers
        if settings.SECURE_SSL_REDIRECT and (
            not settings.BEHIND_PROXY or headers.get("x-forwarded-proto") != "https"
        ):
            return False
        length = headers.get("content-length")
        if length is not None and not (length.isdecimal() and int(length) <= LARGEST_BODY):
            return False
        host = headers.get("host") or scope.authority or ""
        known = self._hosts.get(host)
        if known is None:
            known = validate_host(split_domain_port(host)[0], settings.ALLOWED_HOSTS)
            if len(self._hosts) < 100:
                self._hosts[host] = known
        return known

    async def _directly(self, handler: Handler, scope: Any, protocol: Any) -> None:
        started = time.perf_counter()
        headers = scope.headers
        body = b""
        if scope.method not in _WITHOUT_BODY:
            try:
                body = await self._body_in_time(scope, protocol)
            except (BodyTooLong, TimeoutError) as fault:
                status = 413 if isinstance(fault, BodyTooLong) else 408
                protocol.response_empty(status, [*self._common, _CLOSE])
                return
        asked = Asked(
            scope.method, scope.path, scope.query_string, lambda name: headers.get(name) or "", body
        )
        try:
            told = await handler(asked)
        except Exception:
            if scope.method not in _WITHOUT_BODY:
                raise
            # To read twice harms nobody: Django answers what stumbled here.
            log.exception("%s %s stumbled beside Django", scope.method, scope.path)
            told = None
        if told is None:
            await self._bridge.answer(scope, protocol, body)
            return
        spent_seconds = time.perf_counter() - started
        common = self._headers(told.headers)
        if self._balance is not None:
            self._balance.note(spent_seconds)
            if self._balance.asks_to_leave():
                common = [*common, _CLOSE]
        protocol.response_bytes(told.status, common, told.body)
        if told.counted:
            self._counted += 1
        elif self._logs:
            spent_ms = spent_seconds * 1000
            self._lines.add(f"{scope.method} {scope.path} {told.status} {spent_ms:.0f} ms", time.time())

    async def _body_in_time(self, scope: Any, protocol: Any) -> bytes:
        """Read the body; raises ``BodyTooLong``, and ``TimeoutError`` if it does not come.

        Looked after a few times a second for all: a timer for each costs more than reading the body.
        """
        task = cast("asyncio.Task[object]", asyncio.current_task())
        self._reading[task] = task.get_loop().time() + BODY_WITHIN_SECONDS
        try:
            return await _body(scope, protocol)
        except asyncio.CancelledError as given_up:
            if given_up.args != (_TOO_SLOW,):
                raise
            task.uncancel()
            raise TimeoutError(_TOO_SLOW) from None
        finally:
            self._reading.pop(task, None)

    def _with_common(self, headers: Headers) -> list[tuple[str, str]]:
        own = {name for name, _ in headers}
        return [*headers, *(pair for pair in self._common if pair[0] not in own)]


async def _body(scope: Any, protocol: Any) -> bytes:
    if scope.headers.get("transfer-encoding") is None:
        if scope.headers.get("content-length") is None:
            return b""
        whole: bytes = await protocol()
        return whole
    # In chunks: counted as it comes, whatever length was announced beside it.
    found = bytearray()
    async for chunk in protocol:
        found += chunk
        if len(found) > LARGEST_BODY:
            raise BodyTooLong
    return bytes(found)


def common_headers(application: Wsgi) -> list[tuple[str, str]]:
    """Ask Django for its sign of life, and return the headers that it puts on every answer."""
    from django.conf import settings

    noted: list[tuple[str, str]] = []

    def start(status: str, headers: list[tuple[str, str]], _: object = None) -> None:
        noted.extend((name.lower(), value) for name, value in headers)

    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": "/healthz",
        "QUERY_STRING": "",
        "SERVER_NAME": settings.ALLOWED_HOSTS[0],
        "SERVER_PORT": "80",
        "HTTP_HOST": settings.ALLOWED_HOSTS[0],
        "HTTP_X_FORWARDED_PROTO": "https" if settings.BEHIND_PROXY else "http",
        "wsgi.url_scheme": "https" if settings.SECURE_SSL_REDIRECT else "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
    }
    b"".join(application(environ, start))
    return [(name, value) for name, value in noted if name not in _OF_ONE_ANSWER]


def routes() -> Routes:
    """Return what is answered beside Django, by method and path."""
    from motcua.web.exchange.door import Submissions

    submissions = Submissions()
    return {("POST", "/api/submissions"): submissions.submit}


def make_front(threads: int, balance: Balance) -> Front:
    """Set the site up and return its door."""
    from motcua.site.wsgi import application  # isort: skip  # sets Django up for what follows

    from motcua.site.readers.table import Readers

    # WSGIHandler is typed more narrowly than the interface it serves.
    wsgi = cast("Wsgi", application)
    return Front(wsgi, routes(), threads=threads, readers=Readers(wsgi), balance=balance)
