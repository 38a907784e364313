"""Keys of submissions: each is held by one transaction at a time and becomes one case for good."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from motcua.cases.models import Case
from motcua.cases.numbers import day_of
from motcua.cases.services.filing.members import Member
from motcua.cases.services.filing.requests import Filed, KeyReused, SubmissionInFlight
from motcua.credentials.queries import standing_credentials
from motcua.events.copying import array_cell
from motcua.events.trips import Rows

_HOLD = """
SELECT wanted.key FROM unnest($1::bigint[]) AS wanted (key) WHERE NOT pg_try_advisory_xact_lock(wanted.key)
"""


def lock_of(account_id: int, key: str) -> int:
    """Return the number under which the key is held; two keys that share one would wait, never mix."""
    digest = hashlib.sha256(f"{account_id}/{key}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


@dataclass(frozen=True, slots=True)
class KeysWanted:
    """The two statements that hold keys and look for their earlier use, in this order.

    Trying never waits, so no two batches can wait for each other. The second statement is of its own: its snapshot
    begins after the locks, so it sees what their last holders committed.
    """

    held: Rows
    earlier: Rows


def keys_wanted(members: Sequence[Member]) -> KeysWanted:
    """Return the statements for the keys of these members, to be run with others in one round trip."""
    locks = [str(lock_of(*member.account_and_key)) for member in members]
    accounts = [str(member.wanted.account_id) for member in members]
    keys = [member.wanted.key for member in members]
    return KeysWanted(
        Rows(_HOLD, (array_cell(locks),)), Rows(_EARLIER, (array_cell(accounts), array_cell(keys)))
    )


def hold_keys(members: Sequence[Member], wanted: KeysWanted) -> None:
    """Answer those whose key was used before or is held by another, when the statements were run.

    The keys stay held until the transaction ends. Two more statements for repeats.
    """
    busy = {int(lock) for (lock,) in wanted.held.found if lock}
    for member in members:
        if busy and lock_of(*member.account_and_key) in busy:
            member.refuse(SubmissionInFlight(member.wanted.key))
    earlier = {
        (int(account or 0), key or ""): (bytes.fromhex(sha256 or ""), number or "")
        for account, key, sha256, number in wanted.earlier.found
    }
    held = [member for member in members if member.outcome is None and member.account_and_key in earlier]
    if held:
        _answer_again(held, earlier)


_EARLIER = """
SELECT filed.account_id, filed.key, encode(filed.body_sha256, 'hex'), filed.case_number
FROM unnest($1::bigint[], $2::text[]) AS wanted (account_id, key)
JOIN cases_submission filed USING (account_id, key)
"""


def _answer_again(members: Sequence[Member], earlier: dict[tuple[int, str], tuple[bytes, str]]) -> None:
    numbers = [earlier[member.account_and_key][1] for member in members]
    days = {day_of(number) for number in numbers}
    cases = {case.number: case for case in Case.objects.filter(filed_on__in=days, number__in=numbers)}
    passes = standing_credentials(numbers)
    for member in members:
        sha256, number = earlier[member.account_and_key]
        case, found_pass = cases[number], passes.get(number)
        # An account that files for many has keys for many people: the same content for another is another request.
        if sha256 != member.sha256 or case.applicant_id != member.wanted.applicant.id:
            member.refuse(KeyReused(member.wanted.key))
        else:
            member.outcome = Filed(
                number, case.state, case.answer, repeated=True, qr=found_pass.text if found_pass else None
            )
