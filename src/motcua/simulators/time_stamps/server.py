"""The HTTP side of the authority: ``application/timestamp-query`` in, ``application/timestamp-reply`` out."""

import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

from motcua.documents.signing.authority import Issued
from motcua.documents.signing.time_stamps import answer

LARGEST_REQUEST = 16_384


@dataclass(slots=True)
class Behavior:
    """How it misbehaves; may be changed while the server runs."""

    silent: bool = False
    clock_off: timedelta = timedelta(0)
    status: int = 200


def make_server(authority: Issued, *, behavior: Behavior, port: int = 0) -> ThreadingHTTPServer:
    """Return a server on loopback that stamps with the key; the caller runs and closes it."""

    class Handler(_Handler):
        pass

    Handler.authority, Handler.behavior = authority, behavior
    return ThreadingHTTPServer(("127.0.0.1", port), Handler)


class _Handler(BaseHTTPRequestHandler):
    authority: ClassVar[Issued]
    behavior: ClassVar[Behavior]

    def do_POST(self) -> None:
        """Stamp one digest."""
        length = int(self.headers.get("Content-Length") or 0)
        if length > LARGEST_REQUEST:
            self._send(413, "text/plain", b"the request is too large\n")
            return
        request = self.rfile.read(length)
        if self.headers.get_content_type() != "application/timestamp-query":
            self._send(415, "text/plain", b"send application/timestamp-query\n")
            return
        if self.behavior.silent:
            # The connection stays open and nothing comes, as with a hung system behind a firewall.
            time.sleep(60)
            return
        now = datetime.now(UTC) + self.behavior.clock_off
        self._send(
            self.behavior.status, "application/timestamp-reply", answer(request, self.authority, now=now)
        )

    def _send(self, status: int, kind: str, body: bytes) -> None:
        # Whoever asked may have given up by now.
        with suppress(ConnectionError):
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the signature of http.server
        """Say nothing."""
