"""Where a case stands, told to the machine that filed it: one prepared statement for token, person, case and pass."""

import asyncio
import hashlib
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from psycopg import AsyncConnection, Error
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from motcua.identity.states import Scope
from motcua.web.ui.direct import Asked, Told, told_json

MOST_CONNECTIONS = 2
WITHIN_SECONDS = 2.0
_BEARER = re.compile(r"Bearer (mct_[A-Za-z0-9_-]{43})", re.ASCII)
_NUMBER = re.compile(
    r"/api/submissions/([A-Z][0-9A-Z.]{0,15}-([0-9]{4})([0-9]{2})([0-9]{2})-[0-9]{7})", re.ASCII
)
# The day stands in the number, so that one month of the table is looked at; a wrong one finds nothing.
_ASK = """
SELECT c.number, c.state, c.answer, p.text
FROM identity_api_token t
JOIN identity_account a ON a.id = t.account_id AND a.is_active
JOIN cases_case c ON c.applicant_id = a.person_id AND c.number = %(number)s AND c.filed_on = %(filed_on)s
LEFT JOIN credentials_credential p ON p.case_number = c.number AND p.revoked_at IS NULL
WHERE t.digest = %(digest)s AND t.revoked_at IS NULL AND t.expires_at > %(now)s
  AND %(scope)s = ANY (string_to_array(t.scope, ' '))
"""


class CaseStatus:
    """Answers the owner of a case; everything else, every refusal included, is Django's."""

    def __init__(self, database_url: Callable[[], str]) -> None:
        self._database_url = database_url
        self._pool: AsyncConnectionPool[AsyncConnection[Any]] | None = None
        self._opening = asyncio.Lock()

    async def answer(self, asked: Asked) -> Told | None:
        """Tell where the case stands, as ``GET /api/submissions/{reference}`` does."""
        token, number = _BEARER.fullmatch(asked.header("authorization")), _NUMBER.fullmatch(asked.path)
        if token is None or number is None or asked.query:
            return None
        try:
            filed_on = datetime(int(number[2]), int(number[3]), int(number[4]), tzinfo=UTC).date()
            row = await self._row(token[1], number[1], filed_on)
        except (ValueError, Error, PoolTimeout):
            return None
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
        return told_json(200, told, (("cache-control", "private, no-store"),))

    async def _row(
        self, token: str, number: str, filed_on: object
    ) -> "tuple[str, str, str, str | None] | None":
        pool = self._pool or await self._opened()
        wanted = {
            "number": number,
            "filed_on": filed_on,
            "digest": hashlib.sha256(token.encode("ascii")).digest(),
            "now": datetime.now(UTC),
            "scope": Scope.SUBMISSIONS.value,
        }
        async with pool.connection(WITHIN_SECONDS) as connection:
            found = await connection.execute(_ASK, wanted, prepare=True)
            return await found.fetchone()

    async def close(self) -> None:
        """Close the connections."""
        if self._pool is not None:
            await self._pool.close()

    async def _opened(self) -> AsyncConnectionPool[AsyncConnection[Any]]:
        async with self._opening:
            if self._pool is None:
                limits = "-c statement_timeout=2000 -c default_transaction_read_only=on"
                pool = AsyncConnectionPool(
                    self._database_url(),
                    kwargs={"autocommit": True, "options": limits, "connect_timeout": 2},
                    min_size=1,
                    max_size=MOST_CONNECTIONS,
                    open=False,
                )
                await pool.open()
                self._pool = pool
            return self._pool
