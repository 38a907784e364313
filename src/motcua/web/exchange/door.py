"""Filing a request beside Django: the same contract as ``exchange.api``, told in the same bytes.

Runs on the event loop. Who a token speaks for and which revision is in force are asked in a thread and kept for
seconds, so a revoked token works for at most ``TOKEN_SECONDS`` longer.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Hashable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from json.encoder import encode_basestring_ascii as quoted
from typing import Any, Generic, TypeVar

from django.db import Error, InterfaceError, OperationalError, connection
from pydantic import ValidationError

from motcua.cases import intake
from motcua.cases.intake import IntakeFull
from motcua.cases.services import Filed, Requested
from motcua.cases.states import Channel
from motcua.identity.speakers import Speaker, speakers_of
from motcua.identity.states import Scope
from motcua.procedures.queries import NoSuchProcedure, ProcedureView, procedure_in_force
from motcua.web.exchange import refusals
from motcua.web.exchange.api import NOT_READABLE, SubmissionIn, not_readable
from motcua.web.exchange.bodies import BodyNotReadable, read_body
from motcua.web.exchange.refusals import KEY, Refused, filing_refusal
from motcua.web.ui.direct import Asked, Told, told_json

log = logging.getLogger(__name__)
TOKEN_SECONDS = 5.0
REVISION_SECONDS = 1.0
MOST_KEPT = 20_000
LOOKING_UP = 2
_PLAIN = frozenset({str, int, bool, type(None)})
Value = TypeVar("Value")
Key = TypeVar("Key", bound=Hashable)


class Kept(Generic[Key, Value]):
    """What was looked up, for some seconds; used on the event loop only. What was not found is not kept.

    Those who ask while a look-up is under way are looked up together by the next.
    """

    def __init__(self, seconds: float, look_up: Callable[[Sequence[Key]], Mapping[Key, Value]]) -> None:
        self._seconds = seconds
        self._look_up = look_up
        self._found: dict[Key, tuple[float, Value]] = {}
        self._waiting: dict[Key, asyncio.Future[Value | None]] = {}
        self._looking: asyncio.Task[None] | None = None

    def known(self, key: Key) -> Value | None:
        """Return what is known and fresh."""
        found = self._found.get(key)
        return found[1] if found is not None and found[0] > time.monotonic() else None

    async def find(self, key: Key, pool: ThreadPoolExecutor) -> Value | None:
        """Look it up in a thread, together with what else is wanted; nothing if there is none."""
        waiting = self._waiting.get(key)
        if waiting is None:
            waiting = self._waiting[key] = asyncio.get_running_loop().create_future()
            if self._looking is None or self._looking.done():
                self._looking = asyncio.ensure_future(self._look(pool))
        # One who goes away must not take the answer from those who share it.
        return await asyncio.shield(waiting)

    async def _look(self, pool: ThreadPoolExecutor) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            together, self._waiting = self._waiting, {}
            try:
                found = await loop.run_in_executor(pool, _alone, self._look_up, list(together))
            # Whoever waits is told; the next look-up is tried again.
            except Exception as fault:  # noqa: BLE001
                for future in together.values():
                    future.set_exception(fault)
                    # Read here too: a fault that nobody waits for any more is no fault of the loop.
                    future.exception()
                continue
            if len(self._found) >= MOST_KEPT:
                self._found.clear()
            until = time.monotonic() + self._seconds
            for key, future in together.items():
                value = found.get(key)
                if value is not None:
                    self._found[key] = (until, value)
                future.set_result(value)


def _alone(
    look_up: Callable[[Sequence[Key]], Mapping[Key, Value]], keys: Sequence[Key]
) -> Mapping[Key, Value]:
    try:
        return look_up(keys)
    except (OperationalError, InterfaceError):
        # The connection may have ended while nobody asked; a new one tells whether the database is there.
        connection.close()
        return look_up(keys)


def _speakers(tokens: Sequence[str]) -> Mapping[str, Speaker]:
    return speakers_of(tokens, scope=Scope.SUBMISSIONS, now=datetime.now(UTC))


def _in_force(codes: Sequence[str]) -> Mapping[str, ProcedureView]:
    found = {}
    for code in codes:
        with suppress(NoSuchProcedure):
            found[code] = procedure_in_force(code)
    return found


class Submissions:
    """Takes ``POST /api/submissions``."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(LOOKING_UP, thread_name_prefix="lookup")
        self._speakers: Kept[str, Speaker] = Kept(TOKEN_SECONDS, _speakers)
        self._procedures: Kept[str, ProcedureView] = Kept(REVISION_SECONDS, _in_force)

    def close(self) -> None:
        """End the threads that look things up."""
        self._pool.shutdown(wait=True)

    async def submit(self, asked: Asked) -> Told:
        """Answer as ``exchange.api.submit`` does."""
        try:
            return _told(await intake.submit_async(await self._requested(asked)))
        except Refused as refusal:
            return _refused(refusal)
        except (OperationalError, InterfaceError) as fault:
            return _refused(refusals.database_refusal(fault))
        except Exception as fault:
            told = filing_refusal(fault)
            if told is None:
                # The text of a database error can carry data; its kind tells enough.
                log.error("a submission failed", exc_info=None if isinstance(fault, Error) else fault)
                told = refusals.our_mistake()
            return _refused(told)

    async def _requested(self, asked: Asked) -> Requested:
        speaker = await self._speaker(asked.header("authorization"))
        if intake.is_at_bound(speaker.account_id):
            # Before the body is read: what a flood sends too much costs next to nothing.
            raise IntakeFull(1)
        code, values = _body(asked.body)
        key = asked.header("idempotency-key")
        if not KEY.fullmatch(key):
            raise refusals.key_missing()
        if speaker.person is None:
            raise refusals.no_person()
        procedure = self._procedures.known(code) or await self._procedures.find(code, self._pool)
        if procedure is None:
            raise refusals.no_such_procedure(code)
        return Requested(procedure, values, speaker.person, speaker.account_id, Channel.API, key)

    async def _speaker(self, header: str) -> Speaker:
        kind, _, token = header.partition(" ")
        if kind.lower() != "bearer":
            raise refusals.not_signed_in()
        speaker = self._speakers.known(token) or await self._speakers.find(token, self._pool)
        if speaker is None:
            raise refusals.not_signed_in()
        return speaker


def _body(content: bytes) -> tuple[str, Mapping[str, object]]:
    """Return the code of the procedure and the values of its form; raises ``Refused``."""
    if not content:
        raise _Unreadable(not_readable([((), "Field required")]))
    try:
        found = read_body(content)
    except BodyNotReadable:
        raise _Unreadable(dict(NOT_READABLE)) from None
    if _is_plain(found):
        return found["procedure"], found["data"]
    try:
        body = SubmissionIn.model_validate(found)
    except ValidationError as error:
        faults = [(fault["loc"], fault["msg"]) for fault in error.errors()]
        raise _Unreadable(not_readable(faults)) from None
    return body.procedure, body.data


# Any: whatever JSON holds.
def _is_plain(found: Any) -> bool:
    """Tell whether this is all that the schema asks, with texts, whole numbers and yes or no for values.

    Nearly every request is, and this takes a tenth of the time that the schema takes.
    """
    return (
        type(found) is dict
        and len(found) == 2
        and type(found.get("procedure")) is str
        and type(found.get("data")) is dict
        and _PLAIN.issuperset(map(type, found["data"].values()))
    )


class _Unreadable(Refused):
    def __init__(self, body: dict[str, object]) -> None:
        super().__init__(422, "not_readable", "", "")
        self.body = body


def _told(filed: Filed) -> Told:
    # By hand what json.dumps writes of api.SubmissionOut: a test holds the two doors to the same bytes.
    number = quoted(filed.number)
    content = (
        f'{{"reference": {number}, "state": {quoted(filed.state)}, "answer": {quoted(filed.answer)},'
        f' "status_url": "/api/submissions/{number[1:]}, "qr": {quoted(filed.qr) if filed.qr is not None else "null"}}}'
    )
    return Told(200 if filed.repeated else 201, content.encode())


def _refused(refusal: Refused) -> Told:
    headers = tuple((name.lower(), value) for name, value in refusal.headers.items())
    return told_json(refusal.status, refusal.body, headers)
