"""Keys of submissions: each is held by one transaction at a time and becomes one case for good."""

import hashlib
from collections.abc import Sequence

from motcua.cases.models import Case
from motcua.cases.numbers import day_of
from motcua.cases.services.filing.members import Member
from motcua.cases.services.filing.requests import Filed, KeyReused, SubmissionInFlight
from motcua.credentials.queries import standing_credentials
from motcua.events.copying import array_cell, rows_of

_HOLD = """
SELECT wanted.key FROM unnest($1::bigint[]) AS wanted (key) WHERE NOT pg_try_advisory_xact_lock(wanted.key)
"""


def lock_of(account_id: int, key: str) -> int:
    """Return the number under which the key is held; two keys that share one would wait, never mix."""
    digest = hashlib.sha256(f"{account_id}/{key}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


def hold_keys(members: Sequence[Member]) -> None:
    """Hold the keys until the transaction ends; answer those that were used before or are held by another.

    Trying never waits, so no two batches can wait for each other. Two statements, and two more for repeats.
    """
    locks = {lock_of(*member.account_and_key): member for member in members}
    busy = {int(lock) for (lock,) in rows_of(_HOLD, array_cell(map(str, locks))) if lock}
    for member in members:
        if busy and lock_of(*member.account_and_key) in busy:
            member.refuse(SubmissionInFlight(member.wanted.key))
    held = [member for member in members if member.outcome is None]
    # A statement of its own: its snapshot begins after the locks, so it sees what their last holders committed.
    earlier = _earlier(held)
    if earlier:
        _answer_again(held, earlier)


def _earlier(members: Sequence[Member]) -> dict[tuple[int, str], tuple[bytes, str]]:
    accounts = [member.wanted.account_id for member in members]
    keys = [member.wanted.key for member in members]
    found = rows_of(
        "SELECT filed.account_id, filed.key, encode(filed.body_sha256, 'hex'), filed.case_number"
        " FROM unnest($1::bigint[], $2::text[]) AS wanted (account_id, key)"
        " JOIN cases_submission filed USING (account_id, key)",
        array_cell(map(str, accounts)),
        array_cell(keys),
    )
    return {
        (int(account or 0), key or ""): (bytes.fromhex(sha256 or ""), number or "")
        for account, key, sha256, number in found
    }


def _answer_again(members: Sequence[Member], earlier: dict[tuple[int, str], tuple[bytes, str]]) -> None:
    numbers = [number for _, number in earlier.values()]
    days = {day_of(number) for number in numbers}
    cases = {case.number: case for case in Case.objects.filter(filed_on__in=days, number__in=numbers)}
    passes = standing_credentials(numbers)
    for member in members:
        found = earlier.get(member.account_and_key)
        if found is None:
            continue
        sha256, number = found
        case, found_pass = cases[number], passes.get(number)
        # An account that files for many has keys for many people: the same content for another is another request.
        if sha256 != member.sha256 or case.applicant_id != member.wanted.applicant.id:
            member.refuse(KeyReused(member.wanted.key))
        else:
            member.outcome = Filed(
                number, case.state, case.answer, repeated=True, qr=found_pass.text if found_pass else None
            )
