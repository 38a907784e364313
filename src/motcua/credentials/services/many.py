"""Revoking and restoring many passes at once, by the caller who tells the ledger of all of them together."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from motcua.events.copying import array_cell, rows_of


def revoke_together(ids: Collection[UUID], *, reason: str, now: datetime) -> set[UUID]:
    """Revoke those of the passes that stand, in the caller's transaction, and return them; one statement.

    Tells nobody: the caller appends to the ledger what it did and publishes the status list.
    """
    return _changed(_REVOKE, ids, reason, now)


def restore_together(ids: Collection[UUID], *, reason: str, now: datetime) -> set[UUID]:
    """Let passes stand again that were revoked for this very reason, and return them; one statement.

    The text of the QR is the one that people have. A case that has another standing pass keeps that one, and a
    pass that was revoked for any other reason stays revoked.
    """
    return _changed(_RESTORE, ids, reason, now)


def _changed(statement: str, ids: Collection[UUID], reason: str, now: datetime) -> set[UUID]:
    if not ids:
        return set()
    rows = rows_of(statement, array_cell(map(str, ids)), reason, now.isoformat())
    return {UUID(identity) for (identity,) in rows if identity is not None}


# The rows are locked in the order of their ids, so that two who change the same passes wait instead of clashing.
_REVOKE = """
WITH mine AS (
    SELECT id FROM credentials_credential
    WHERE id = ANY($1::uuid[]) AND revoked_at IS NULL ORDER BY id FOR UPDATE
)
UPDATE credentials_credential AS pass SET revoked_at = $3::timestamptz, revoke_reason = $2::text
FROM mine WHERE pass.id = mine.id RETURNING pass.id
"""
_RESTORE = """
WITH mine AS (
    SELECT id FROM credentials_credential AS old
    WHERE id = ANY($1::uuid[]) AND revoked_at IS NOT NULL AND revoke_reason = $2::text
        AND NOT EXISTS (
            SELECT FROM credentials_credential AS other
            WHERE other.case_number = old.case_number AND other.revoked_at IS NULL
        )
    ORDER BY id FOR UPDATE
)
UPDATE credentials_credential AS pass
SET revoked_at = NULL, revoke_reason = '', restored_at = $3::timestamptz
FROM mine WHERE pass.id = mine.id RETURNING pass.id
"""
