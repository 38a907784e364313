"""The check of a pass for machines: by Django, and beside it from memory for those who check very many."""

import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Protocol

from django.db import Error
from ninja import Schema
from pydantic import ConfigDict, JsonValue

from motcua.credentials.queries import PassCheck
from motcua.web.exchange.bodies import BodyNotReadable, read_body
from motcua.web.ui.direct import JSON, Asked, Told

ADDRESS = "/api/verify"
LONGEST_TEXT = 4296
_HEADERS = (*JSON, ("cache-control", "no-store"))


class InThread(Protocol):
    """Runs what may wait for the database in a thread."""

    def __call__(self, act: Callable[[], PassCheck]) -> Awaitable[PassCheck]:
        """Return what the act returns."""
        ...


class Known(Protocol):
    """What a process keeps in mind of passes; see ``credentials.standing``."""

    def check(self, text: str, at: datetime) -> PassCheck | None:
        """Check from memory, or None."""
        ...

    def check_and_remember(self, text: str, at: datetime) -> PassCheck:
        """Check by the database."""
        ...


class CheckIn(Schema):
    """The text of a QR."""

    model_config = ConfigDict(extra="forbid")

    qr: str


class CheckOut(Schema):
    """The answer of three, its reason in a word (empty if valid), and what the pass says of itself if it is ours."""

    answer: str
    reason: str
    kind: str
    claims: dict[str, JsonValue] | None
    valid_from: datetime | None
    valid_to: datetime | None
    checked_at: datetime


def told(check: PassCheck, at: datetime) -> dict[str, object]:
    """Return the answer as it is written."""
    return {
        "answer": check.answer.value,
        "reason": check.reason,
        "kind": check.kind,
        "claims": None if check.claims is None else dict(check.claims),
        "valid_from": check.valid_from.isoformat() if check.valid_from else None,
        "valid_to": check.valid_to.isoformat() if check.valid_to else None,
        "checked_at": at.isoformat(),
    }


class Checking:
    """Answers a check on the event loop; what is not in its form, and what cannot be asked, is Django's."""

    def __init__(self, known: Known, sees: Callable[[], bool], in_thread: InThread) -> None:
        self._known, self._sees, self._in_thread = known, sees, in_thread

    async def answer(self, asked: Asked) -> Told | None:
        """Check the pass, from memory if it was seen before."""
        # A process that has not looked for a while may not know of a revocation.
        if asked.path != ADDRESS or asked.query or not self._sees():
            return None
        try:
            body = read_body(asked.body)
        except BodyNotReadable:
            return None
        # Told by hand what CheckIn says, which takes longer to ask than the signature to check.
        if type(body) is not dict or body.keys() != {"qr"} or type(body["qr"]) is not str:
            return None
        text = body["qr"][: LONGEST_TEXT + 1]
        now = datetime.now(UTC)
        check = self._known.check(text, now)
        if check is None:
            try:
                check = await self._in_thread(lambda: self._known.check_and_remember(text, now))
            except Error:
                return None
        return Told(200, json.dumps(told(check, now)).encode(), _HEADERS, counted=True)
