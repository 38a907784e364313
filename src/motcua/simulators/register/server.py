"""The HTTP side of the simulated register, on loopback only; docs/reference/registers.md has the exchange."""

import csv
import json
import time
from collections import defaultdict
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

from pydantic import ValidationError

from motcua.registers.exchange import AnsweredReading, AskedReading, Inquiry, Reply
from motcua.registers.readings import MOST_RECORDS

LARGEST_INQUIRY = 5_000_000


@dataclass(slots=True)
class Behavior:
    """How it misbehaves; may be changed while the server runs."""

    delay_seconds: float = 0.0
    silent: bool = False
    garbage: bool = False
    status: int = 200


class _Records:
    """The file, indexed by every column."""

    def __init__(self, path: Path) -> None:
        with path.open(encoding="utf-8-sig", newline="") as file:
            self._rows = list(csv.DictReader(file))
        self._index: dict[tuple[str, str], list[int]] = defaultdict(list)
        for number, row in enumerate(self._rows):
            for name, cell in row.items():
                self._index[name, cell].append(number)

    def answer(self, asked: AskedReading) -> AnsweredReading:
        """Return the records that equal the match in every column."""
        first, *others = [self._index.get(pair, []) for pair in asked.match.items()] or [[]]
        numbers = sorted(set(first).intersection(*others))[: MOST_RECORDS + 1]
        return AnsweredReading(
            id=asked.id,
            records=[[self._rows[number][name] or None for name in asked.columns] for number in numbers],
        )


def make_server(path: Path, *, as_of: datetime, behavior: Behavior, port: int = 0) -> ThreadingHTTPServer:
    """Return a server on loopback that answers from the file; the caller runs and closes it."""
    records = _Records(path)

    class Handler(_Handler):
        pass

    Handler.records, Handler.as_of, Handler.behavior = records, as_of, behavior
    return ThreadingHTTPServer(("127.0.0.1", port), Handler)


class _Handler(BaseHTTPRequestHandler):
    records: ClassVar[_Records]
    as_of: ClassVar[datetime]
    behavior: ClassVar[Behavior]

    def do_POST(self) -> None:
        """Answer one inquiry."""
        length = int(self.headers.get("Content-Length") or 0)
        if length > LARGEST_INQUIRY:
            self._send(413, {"error": "the inquiry is too large"})
            return
        content = self.rfile.read(length)
        time.sleep(self.behavior.delay_seconds)
        if self.behavior.silent:
            # The connection stays open and nothing comes, as with a hung system behind a firewall.
            time.sleep(60)
            return
        if self.behavior.garbage or self.behavior.status != 200:
            self._send(self.behavior.status, {"as_of": "yesterday", "readings": "many"})
            return
        try:
            inquiry = Inquiry.model_validate_json(content)
            readings = [self.records.answer(asked) for asked in inquiry.readings]
        except (ValidationError, KeyError) as error:
            self._send(422, {"error": type(error).__name__})
            return
        self._send(200, json.loads(Reply(as_of=self.as_of, readings=readings).model_dump_json()))

    def _send(self, status: int, content: Mapping[str, object]) -> None:
        body = json.dumps(content).encode()
        # Whoever asked may have given up by now.
        with suppress(ConnectionError):
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the signature of http.server
        """Say nothing: an inquiry names people."""
