"""Filing a request beside Django: the same contract as ``exchange.api``, told in the same bytes.

Runs on the event loop. Who a token speaks for and which revision is in force are asked in a thread and kept for
seconds, so a revoked token works for at most ``TOKEN_SECONDS`` longer.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Generic, TypeVar

from django.db import Error, InterfaceError, OperationalError, close_old_connections
from pydantic import ValidationError

from motcua.cases import intake
from motcua.cases.services import Filed, Requested
from motcua.cases.states import Channel
from motcua.identity.people import NoPersonBehind, PersonView, person_of
from motcua.identity.states import Scope
from motcua.identity.tokens import TokenRefused, bearer_of
from motcua.procedures.queries import NoSuchProcedure, ProcedureView, procedure_in_force
from motcua.web.exchange import refusals
from motcua.web.exchange.api import KEY, NOT_READABLE, SubmissionIn, not_readable
from motcua.web.exchange.bodies import BodyNotReadable, read_body
from motcua.web.exchange.refusals import Refused, filing_refusal
from motcua.web.ui.direct import Asked, Told, told_json

log = logging.getLogger(__name__)
TOKEN_SECONDS = 5.0
REVISION_SECONDS = 1.0
MOST_KEPT = 20_000
LOOKING_UP = 2
Value = TypeVar("Value")
Key = TypeVar("Key", bound=Hashable)


class Kept(Generic[Key, Value]):
    """What was looked up, for some seconds; used on the event loop only. A refusal is not kept."""

    def __init__(self, seconds: float, look_up: Callable[[Key], Value]) -> None:
        self._seconds = seconds
        self._look_up = look_up
        self._found: dict[Key, tuple[float, Value]] = {}
        self._asked: dict[Key, asyncio.Future[Value]] = {}

    def known(self, key: Key) -> Value | None:
        """Return what is known and fresh."""
        found = self._found.get(key)
        return found[1] if found is not None and found[0] > time.monotonic() else None

    async def find(self, key: Key, pool: ThreadPoolExecutor) -> Value:
        """Look it up in a thread; those who ask meanwhile share the answer."""
        asked = self._asked.get(key)
        if asked is None:
            asked = asyncio.get_running_loop().run_in_executor(pool, _alone, self._look_up, key)
            self._asked[key] = asked
            asked.add_done_callback(lambda _: self._asked.pop(key, None))
        value = await asyncio.shield(asked)
        if len(self._found) >= MOST_KEPT:
            self._found.clear()
        self._found[key] = (time.monotonic() + self._seconds, value)
        return value


def _alone(look_up: Callable[[Key], Value], key: Key) -> Value:
    close_old_connections()
    return look_up(key)


def _bearer(text: str) -> tuple[int, PersonView | None]:
    bearer = bearer_of(text, scope=Scope.SUBMISSIONS, now=datetime.now(UTC))
    try:
        return bearer.account_id, person_of(bearer.account_id)
    except NoPersonBehind:
        return bearer.account_id, None


class Submissions:
    """Takes ``POST /api/submissions``."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(LOOKING_UP, thread_name_prefix="lookup")
        self._bearers: Kept[str, tuple[int, PersonView | None]] = Kept(TOKEN_SECONDS, _bearer)
        self._procedures: Kept[str, ProcedureView] = Kept(REVISION_SECONDS, procedure_in_force)

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
        account_id, person = await self._speaker(asked.header("authorization"))
        body = _body(asked.body)
        key = asked.header("idempotency-key")
        if not KEY.fullmatch(key):
            raise refusals.key_missing()
        if person is None:
            raise refusals.no_person()
        try:
            procedure = self._procedures.known(body.procedure) or await self._procedures.find(
                body.procedure, self._pool
            )
        except NoSuchProcedure:
            raise refusals.no_such_procedure(body.procedure) from None
        return Requested(procedure, body.data, person, account_id, Channel.API, key)

    async def _speaker(self, header: str) -> tuple[int, PersonView | None]:
        kind, _, token = header.partition(" ")
        if kind.lower() != "bearer":
            raise refusals.not_signed_in()
        try:
            return self._bearers.known(token) or await self._bearers.find(token, self._pool)
        except TokenRefused:
            raise refusals.not_signed_in() from None


def _body(content: bytes) -> SubmissionIn:
    if not content:
        raise _Unreadable(not_readable([((), "Field required")]))
    try:
        found = read_body(content)
    except BodyNotReadable:
        raise _Unreadable(dict(NOT_READABLE)) from None
    try:
        return SubmissionIn.model_validate(found)
    except ValidationError as error:
        faults = [(fault["loc"], fault["msg"]) for fault in error.errors()]
        raise _Unreadable(not_readable(faults)) from None


class _Unreadable(Refused):
    def __init__(self, body: dict[str, object]) -> None:
        super().__init__(422, "not_readable", "", "")
        self.body = body


def _told(filed: Filed) -> Told:
    content = {
        "reference": filed.number,
        "state": filed.state,
        "answer": filed.answer,
        "status_url": f"/api/submissions/{filed.number}",
        "qr": filed.qr,
    }
    return told_json(200 if filed.repeated else 201, content)


def _refused(refusal: Refused) -> Told:
    headers = tuple((name.lower(), value) for name, value in refusal.headers.items())
    return told_json(refusal.status, refusal.body, headers)
