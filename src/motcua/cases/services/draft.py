"""Keeps what a citizen has filled in so far."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import connection, transaction

from motcua.cases.models import Draft


@transaction.atomic
def save_draft(
    *, account_id: int, procedure_code: str, revision_id: int, values: Mapping[str, object], now: datetime
) -> Draft:
    """Keep the values as the account's one draft of the procedure; the newest revision wins.

    The draft carries the key under which it will be submitted, so that a second click is the same case.
    """
    draft, _ = Draft.objects.update_or_create(
        account_id=account_id,
        procedure_code=procedure_code,
        defaults={"revision_id": revision_id, "values": dict(values), "saved_at": now},
        create_defaults={
            "revision_id": revision_id,
            "values": dict(values),
            "saved_at": now,
            "key": uuid.uuid4(),
        },
    )
    return draft


def discard_draft(*, account_id: int, procedure_code: str) -> bool:
    """Drop the draft and return whether there was one."""
    dropped, _ = Draft.objects.filter(account_id=account_id, procedure_code=procedure_code).delete()
    return dropped > 0


def discard_drafts(drafts: Sequence[tuple[int, str]]) -> None:
    """Drop the drafts of these accounts and procedures, in the caller's transaction; one statement."""
    if not drafts:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM cases_draft USING unnest(%s::bigint[], %s::text[]) AS filed (account_id, procedure_code)"
            " WHERE cases_draft.account_id = filed.account_id"
            " AND cases_draft.procedure_code = filed.procedure_code",
            [[account for account, _ in drafts], [code for _, code in drafts]],
        )
