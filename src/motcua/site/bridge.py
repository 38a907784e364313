"""Carries a request from the event loop to Django in a thread, and the answer back; bodies may be long."""

import asyncio
import io
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from typing import Any

# Any: a WSGI environment holds whatever a server puts into it.
Environ = dict[str, Any]
Wsgi = Callable[[Environ, Callable[..., object]], Iterable[bytes]]

# Read into memory before a thread is taken: a slow sender then holds no thread.
SHORT_BODY = 1_048_576
SHORT_ANSWER = 1_048_576
CHUNK = 262_144
BODY_WITHIN_SECONDS = 60.0
# An upload holds a thread while it comes in: one that is slower than this is given up, and no more than so many
# are taken at once, so that slow senders leave threads to everyone else.
SLOWEST_BYTES_A_SECOND = 16_384
MOST_LONG = 4
LONG_TURN_SECONDS = 30.0
_OWN = frozenset({"content-type", "retry-after", "cache-control", "connection"})
_BUSY = b'{"error": "busy", "message": "Too many requests at this moment; come back in a few seconds."}'


class Bridge:
    """Runs a WSGI application in threads; at most ``most_waiting`` requests wait for one."""

    def __init__(
        self,
        application: Wsgi,
        pool: Executor,
        *,
        most_waiting: int,
        most_long: int = MOST_LONG,
        common: Sequence[tuple[str, str]] = (),
    ) -> None:
        # What Django puts on every answer, for those that never reach it.
        self._common = [(name, value) for name, value in common if name not in _OWN]
        self._application = application
        self._pool = pool
        self._most_waiting = most_waiting
        self._waiting = 0
        self._long = asyncio.Semaphore(most_long)
        self._basic: Environ = {
            "SCRIPT_NAME": "",
            "SERVER_SOFTWARE": "granian",
            "wsgi.errors": sys.stderr,
            "wsgi.version": (1, 0),
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
        }

    # Any: the scope and protocol of granian have no types of their own.
    async def answer(self, scope: Any, protocol: Any, body: bytes | None = None) -> None:
        """Answer by the application; ``body`` is given when it has been read already."""
        if self._waiting >= self._most_waiting:
            self._tell_busy(protocol)
            return
        if body is None and _length(scope) > SHORT_BODY:
            await self._with_long_body(scope, protocol)
            return
        if body is None and _length(scope):
            try:
                async with asyncio.timeout(BODY_WITHIN_SECONDS):
                    body = await protocol()
            except TimeoutError:
                protocol.response_empty(408, [*self._common, ("connection", "close")])
                return
        await self._in_turn(scope, protocol, io.BytesIO(body or b""))

    def _tell_busy(self, protocol: Any) -> None:
        headers = [("content-type", "application/json"), ("retry-after", "3"), ("cache-control", "no-store")]
        protocol.response_bytes(503, [*headers, *self._common], _BUSY)

    async def _with_long_body(self, scope: Any, protocol: Any) -> None:
        try:
            async with asyncio.timeout(LONG_TURN_SECONDS):
                await self._long.acquire()
        except TimeoutError:
            self._tell_busy(protocol)
            return
        try:
            content = io.BufferedReader(LongBody(protocol, asyncio.get_running_loop()), CHUNK)
            await self._in_turn(scope, protocol, content)
        finally:
            self._long.release()

    async def _in_turn(self, scope: Any, protocol: Any, content: object) -> None:
        """Wait for a thread; counted only from here, so that a body that does not come keeps no place from others."""
        if self._waiting >= self._most_waiting:
            self._tell_busy(protocol)
            return
        loop = asyncio.get_running_loop()
        environ = self._environ(scope)
        environ["wsgi.input"] = content
        self._waiting += 1
        try:
            await loop.run_in_executor(self._pool, self._run, environ, protocol, loop)
        finally:
            self._waiting -= 1

    def _environ(self, scope: Any) -> Environ:
        server, _, port = scope.server.rpartition(":")
        client, _, client_port = scope.client.rpartition(":")
        environ = {
            **self._basic,
            "REQUEST_METHOD": scope.method,
            "PATH_INFO": scope.path.encode("utf-8", "surrogateescape").decode("latin-1"),
            "QUERY_STRING": scope.query_string,
            "SERVER_NAME": server,
            "SERVER_PORT": port,
            "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
            "REMOTE_ADDR": client,
            "REMOTE_PORT": client_port,
            "wsgi.url_scheme": scope.scheme,
        }
        for name, value in scope.headers.items():
            key = _NAMES.get(name) or _named(name)
            between = "; " if key == "HTTP_COOKIE" else ","
            environ[key] = f"{environ[key]}{between}{value}" if key in environ else value
        return environ

    def _run(self, environ: Environ, protocol: Any, loop: asyncio.AbstractEventLoop) -> None:
        """Run in a thread: make the answer and hand it out, whole or in parts."""
        noted: list[Any] = []

        def start(status: str, headers: list[tuple[str, str]], _: object = None) -> None:
            noted[:] = [int(status[:3]), headers]

        answer = self._application(environ, start)
        try:
            status, headers = noted
            if not getattr(answer, "streaming", False):
                protocol.response_bytes(status, headers, b"".join(answer))
                return
            length = next((value for name, value in headers if name.lower() == "content-length"), "")
            if length.isdecimal() and int(length) <= SHORT_ANSWER:
                protocol.response_bytes(status, headers, b"".join(answer))
                return
            transport = protocol.response_stream(status, headers)
            for part in _gathered(answer):
                asyncio.run_coroutine_threadsafe(_send(transport, part), loop).result(BODY_WITHIN_SECONDS)
        finally:
            close = getattr(answer, "close", None)
            if close is not None:
                close()


def _length(scope: Any) -> int:
    """Return the length of the body; a body in chunks has none that could be believed, and is left unread."""
    length = scope.headers.get("content-length")
    if scope.headers.get("transfer-encoding") is not None or length is None or not length.isdecimal():
        return 0
    return int(length)


class LongBody(io.RawIOBase):
    """The body of an upload, read by a thread from the event loop as it comes in."""

    def __init__(self, protocol: Any, loop: asyncio.AbstractEventLoop) -> None:
        self._chunks = aiter(protocol)
        self._loop = loop
        self._rest = b""
        # A minute to begin with, and more for each byte that came.
        self._until = time.monotonic() + BODY_WITHIN_SECONDS

    def readable(self) -> bool:
        """Say that this can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer with what has come; 0 at the end. Raises ``TimeoutError`` for a sender that is too slow."""
        while not self._rest:
            patience = min(BODY_WITHIN_SECONDS, self._until - time.monotonic())
            if patience <= 0:
                raise TimeoutError("the body comes too slowly")
            try:
                self._rest = asyncio.run_coroutine_threadsafe(_next(self._chunks), self._loop).result(
                    patience
                )
            except StopAsyncIteration:
                return 0
            if self._rest is None:
                self._rest = b""
                return 0
            self._until += len(self._rest) / SLOWEST_BYTES_A_SECOND
        taken = self._rest[: len(buffer)]
        buffer[: len(taken)] = taken
        self._rest = self._rest[len(taken) :]
        return len(taken)


async def _next(chunks: Any) -> Any:
    return await anext(chunks, None)


async def _send(transport: Any, part: bytes) -> None:
    await transport.send_bytes(part)


def _gathered(parts: Iterable[bytes]) -> Iterator[bytes]:
    """Join small parts, so that each costs less than the way to the event loop."""
    waiting: list[bytes] = []
    size = 0
    for part in parts:
        waiting.append(part)
        size += len(part)
        if size >= CHUNK:
            yield b"".join(waiting)
            waiting, size = [], 0
    if waiting:
        yield b"".join(waiting)


_NAMES = {"content-type": "CONTENT_TYPE", "content-length": "CONTENT_LENGTH"}


def _named(name: str) -> str:
    key = f"HTTP_{name.upper().replace('-', '_')}"
    # A name with an underscore could pass for one with a hyphen: such headers are not believed.
    if "_" in name:
        return f"HTTP_X_UNDERSCORED_{key}"
    if len(_NAMES) < 200:
        _NAMES[name] = key
    return key
