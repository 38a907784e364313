"""One kept-alive HTTP/1.1 connection, as thin as it can be: the client shares the machine with the server."""

import asyncio
from collections.abc import Callable
from typing import cast

_NO_BODY = frozenset({204, 304})
_LENGTH, _CHUNKED = b"\r\ncontent-length:", b"\r\ntransfer-encoding: chunked"
_CLOSES, _RETRY_AFTER = b"\r\nconnection: close", b"\r\nretry-after:"


class Answer:
    """What came back. ``retry_after_seconds`` is 0 when the server did not say."""

    __slots__ = ("body", "retry_after_seconds", "status")

    def __init__(self, status: int, body: bytes, retry_after_seconds: float) -> None:
        self.status = status
        self.body = body
        self.retry_after_seconds = retry_after_seconds


class AnswerNotReadable(ValueError):
    """The other side does not speak HTTP/1.1."""


class AnswerReader:
    """Takes bytes as they come and gives an answer once it is whole; ``closes`` if the server will hang up."""

    __slots__ = ("_begun", "_body_at", "_bytes", "_chunked", "_retry_after", "_status", "_whole", "closes")

    def __init__(self) -> None:
        self._bytes = bytearray()
        self.closes = False
        self._forget()

    def _forget(self) -> None:
        self._begun = False
        self._status = self._body_at = self._whole = 0
        self._chunked = False
        self._retry_after = 0.0

    def feed(self, received: bytes) -> Answer | None:
        """Return the answer that these bytes complete, if they do; raises ``AnswerNotReadable``."""
        self._bytes += received
        while not self._begun:
            end = self._bytes.find(b"\r\n\r\n")
            if end < 0:
                return None
            self._read_head(bytes(self._bytes[: end + 2]), end + 4)
        if self._chunked:
            return self._chunked_answer()
        if len(self._bytes) < self._whole:
            return None
        return self._answer(bytes(self._bytes[self._body_at : self._whole]), self._whole)

    def _read_head(self, head: bytes, body_at: int) -> None:
        if not head.startswith(b"HTTP/1.") or not head[9:12].isdigit():
            raise AnswerNotReadable(f"the answer begins with {head[:40]!r}, which is not HTTP/1.1")
        self._status = int(head[9:12])
        if self._status < 200:
            # "100 Continue" and its like announce the answer proper.
            del self._bytes[:body_at]
            return
        lower = head.lower()
        self._begun, self._body_at = True, body_at
        self.closes = _CLOSES in lower or head.startswith(b"HTTP/1.0")
        self._chunked = _CHUNKED in lower
        wait = _value(lower, _RETRY_AFTER)
        self._retry_after = float(wait) if wait.isdigit() else 0.0
        length = _value(lower, _LENGTH)
        if not self._chunked and self._status not in _NO_BODY and not length.isdigit():
            raise AnswerNotReadable("the answer says neither how long it is nor that it comes in chunks")
        self._whole = body_at + (int(length) if length.isdigit() and self._status not in _NO_BODY else 0)

    def _chunked_answer(self) -> Answer | None:
        at, parts = self._body_at, list[bytes]()
        while True:
            end = self._bytes.find(b"\r\n", at)
            if end < 0:
                return None
            try:
                size = int(bytes(self._bytes[at:end]).partition(b";")[0], 16)
            except ValueError as error:
                raise AnswerNotReadable("a chunk does not begin with its size") from error
            after = end + 2 + size + 2
            if len(self._bytes) < after:
                return None
            if size == 0:
                return self._answer(b"".join(parts), after)
            parts.append(bytes(self._bytes[end + 2 : end + 2 + size]))
            at = after

    def _answer(self, body: bytes, whole: int) -> Answer:
        answer = Answer(self._status, body, self._retry_after)
        del self._bytes[:whole]
        self._forget()
        return answer


def _value(head: bytes, name: bytes) -> bytes:
    at = head.find(name)
    if at < 0:
        return b""
    begin = at + len(name)
    return head[begin : head.index(b"\r\n", begin)].strip()


class Connection(asyncio.Protocol):
    """Sends one request at a time and tells ``answered``; at its end, whoever ends it, ``lost`` once."""

    __slots__ = ("_answered", "_gone", "_lost", "_reader", "_transport", "busy", "sent_at", "told_to_go")

    def __init__(
        self, answered: "Callable[[Connection, Answer], None]", lost: "Callable[[Connection, str], None]"
    ) -> None:
        self._answered, self._lost = answered, lost
        self._reader = AnswerReader()
        self._transport: asyncio.Transport | None = None
        self._gone = self.busy = self.told_to_go = False
        self.sent_at = 0.0

    @property
    def open(self) -> bool:
        """Whether a request can be sent."""
        return self._transport is not None and not self._transport.is_closing()

    def send(self, request: bytes, now: float) -> None:
        """Send the request; only on an open connection that is not busy."""
        if self._transport is None:
            raise ConnectionError("the connection is not open")
        self.busy, self.sent_at = True, now
        self._transport.write(request)

    def hang_up(self, because: str) -> None:
        """Close at once; what was asked on it counts as lost for that reason."""
        if self._transport is not None:
            self._transport.abort()
        if not self._gone:
            self._gone, self.busy = True, False
            self._lost(self, because)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Note the way out."""
        # That of a stream, whichever loop made it.
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Read on, and tell when the answer is whole."""
        try:
            answer = self._reader.feed(data)
        except AnswerNotReadable:
            self.hang_up("not HTTP")
            return
        if answer is None or not self.busy:
            return
        self.busy = False
        if self._reader.closes and self._transport is not None:
            self.told_to_go = True
            self._transport.close()
        self._answered(self, answer)

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell that what was asked will not be answered here."""
        self._transport = None
        self.hang_up("connection lost")
