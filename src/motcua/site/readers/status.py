"""Where a case stands, told to the machine that filed it: one prepared statement for all who ask at that moment."""

import asyncio
import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from psycopg import AsyncConnection, Error
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from motcua.identity.states import Scope
from motcua.web.ui.direct import JSON, Asked, Told

MOST_TOGETHER = 64
MOST_WAITING = 2000
WITHIN_SECONDS = 2.0
_BEARER = re.compile(r"Bearer (mct_[A-Za-z0-9_-]{43})", re.ASCII)
_NUMBER = re.compile(
    r"/api/submissions/([A-Z][0-9A-Z.]{0,15}-([0-9]{4})([0-9]{2})([0-9]{2})-[0-9]{7})", re.ASCII
)
# The day stands in the number, so that one month of the table is looked at; a wrong one finds nothing. Lateral, so
# that each question is a look into indexes, however many come together.
_ASK = """
SELECT asked.place, c.number, c.state, c.answer, p.text
FROM unnest(%(digests)s::bytea[], %(numbers)s::text[], %(days)s::date[])
    WITH ORDINALITY AS asked (digest, number, filed_on, place)
CROSS JOIN LATERAL (
    SELECT a.person_id FROM identity_api_token t JOIN identity_account a ON a.id = t.account_id
    WHERE t.digest = asked.digest AND t.revoked_at IS NULL AND t.expires_at > %(now)s AND a.is_active
      AND %(scope)s = ANY (string_to_array(t.scope, ' '))
    LIMIT 1
) bearer
CROSS JOIN LATERAL (
    SELECT number, state, answer FROM cases_case
    WHERE filed_on = asked.filed_on AND number = asked.number AND applicant_id = bearer.person_id
    LIMIT 1
) c
LEFT JOIN LATERAL (
    SELECT text FROM credentials_credential WHERE case_number = c.number AND revoked_at IS NULL LIMIT 1
) p ON true
"""

_HEADERS = (*JSON, ("cache-control", "private, no-store"))
Row = tuple[str, str, str, str | None]


@dataclass(frozen=True, slots=True)
class Question:
    """Who asks for which case, and where the answer is awaited."""

    digest: bytes
    number: str
    filed_on: date
    answer: "asyncio.Future[Row | None]"


class CaseStatus:
    """Answers the owner of a case; everything else, every refusal included, is Django's."""

    def __init__(self, database_url: Callable[[], str]) -> None:
        self._database_url = database_url
        self._pool: AsyncConnectionPool[AsyncConnection[Any]] | None = None
        self._waiting: list[Question] = []
        self._asking: asyncio.Task[None] | None = None

    async def answer(self, asked: Asked) -> Told | None:
        """Tell where the case stands, as ``GET /api/submissions/{reference}`` does."""
        token, number = _BEARER.fullmatch(asked.header("authorization")), _NUMBER.fullmatch(asked.path)
        if token is None or number is None or asked.query or len(self._waiting) >= MOST_WAITING:
            return None
        try:
            filed_on = date(int(number[2]), int(number[3]), int(number[4]))
        except ValueError:
            return None
        future: asyncio.Future[Row | None] = asyncio.get_running_loop().create_future()
        digest = hashlib.sha256(token[1].encode("ascii")).digest()
        self._waiting.append(Question(digest, number[1], filed_on, future))
        # Those who come while a statement is under way are asked for together by the next.
        if self._asking is None or self._asking.done():
            self._asking = asyncio.ensure_future(self._ask_all())
        row = await future
        if row is None:
            return None
        reference, state, answer, text = row
        told = {
            "reference": reference,
            "state": state,
            "answer": answer,
            "status_url": f"/api/submissions/{reference}",
            "qr": text,
        }
        return Told(200, json.dumps(told).encode(), _HEADERS, counted=True)

    async def close(self) -> None:
        """Close the connections."""
        if self._pool is not None:
            await self._pool.close()

    async def _ask_all(self) -> None:
        """Ask until nobody waits; those whom the database fails are left to Django."""
        while self._waiting:
            together, self._waiting = self._waiting[:MOST_TOGETHER], self._waiting[MOST_TOGETHER:]
            rows: dict[int, Row] = {}
            try:
                rows = await self._rows(together)
            except (Error, PoolTimeout, OSError):
                pass
            finally:
                for place, question in enumerate(together, 1):
                    if not question.answer.done():
                        question.answer.set_result(rows.get(place))

    async def _rows(self, together: list[Question]) -> dict[int, Row]:
        pool = self._pool or await self._opened()
        wanted = {
            "digests": [question.digest for question in together],
            "numbers": [question.number for question in together],
            "days": [question.filed_on for question in together],
            "now": datetime.now(UTC),
            "scope": Scope.SUBMISSIONS.value,
        }
        async with pool.connection(WITHIN_SECONDS) as connection:
            found = await connection.execute(_ASK, wanted, prepare=True)
            return {
                place: (number, state, answer, text)
                for place, number, state, answer, text in await found.fetchall()
            }

    async def _opened(self) -> AsyncConnectionPool[AsyncConnection[Any]]:
        # Planned once: with a part for each month, planning takes longer than a hundred answers.
        limits = (
            "-c statement_timeout=2000 -c default_transaction_read_only=on"
            " -c plan_cache_mode=force_generic_plan -c jit=off"
        )
        pool = AsyncConnectionPool(
            self._database_url(),
            kwargs={"autocommit": True, "options": limits, "connect_timeout": 2},
            min_size=1,
            max_size=1,
            open=False,
        )
        self._pool = pool
        await pool.open()
        return pool
