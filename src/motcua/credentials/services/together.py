"""Issuing many passes at once: sealed first, stored and told of by whoever holds the transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from secrets import randbits
from uuid import UUID

from motcua.credentials.events import CredentialIssued
from motcua.credentials.services.issuing import (
    ISSUED_PER_LIST,
    TRIES,
    NoFreeRevocationId,
    composed,
    seal_fitting,
    standard_claims,
)
from motcua.credentials.services.keys import signing_key_found, signing_key_wanted
from motcua.credentials.states import KeyUse
from motcua.events.copying import array_cell, bytes_cell, cell, json_cell, written_json
from motcua.events.trips import Copy, Rows, copy_together, fetch, rows_of
from motcua.seals.keys import SigningKey
from motcua.seals.status import IDS_PER_LIST, random_revocation_id


@dataclass(frozen=True, slots=True)
class PassDraft:
    """What a pass is to say, for which case, and when it holds; ``id`` is drawn when it is sealed, unless given."""

    case_number: str
    agency_path: str
    kind: str
    claims: Mapping[str, object]
    valid_from: datetime
    valid_to: datetime
    id: UUID | None = None


@dataclass(frozen=True, slots=True)
class SealedPass:
    """A signed pass that is not stored yet, and the event that tells of it."""

    id: UUID
    draft: PassDraft
    revocation_id: int
    claims: Mapping[str, object]
    text: str
    key_id: bytes
    event: CredentialIssued


def seal_together(
    drafts: Sequence[PassDraft], *, now: datetime, along: Sequence[Rows] = ()
) -> list[SealedPass | Exception]:
    """Sign the passes and return them in their order; one that cannot be sealed stands there as its refusal.

    Stores nothing: hand what is to stand to :func:`store_together` and its events to the ledger, in the same
    transaction. Costs one round trip, in which the statements ``along`` are run as well, and one more while too many
    of the ids drawn are taken.
    """
    if not drafts:
        fetch(*along)
        return []
    key_wanted, ids_wanted = signing_key_wanted(KeyUse.PASSES), _ids_wanted(len(drafts))
    fetch(key_wanted, ids_wanted, *along)
    key = signing_key_found(key_wanted, KeyUse.PASSES, now=now)
    ids = _ids_drawn(ids_wanted, len(drafts))
    return [_sealed(draft, ids[place], key, now) for place, draft in enumerate(drafts)]


def _sealed(draft: PassDraft, revocation_id: int, key: SigningKey, now: datetime) -> SealedPass | Exception:
    kept = {name: composed(value) for name, value in draft.claims.items()}
    try:
        standard = standard_claims(
            kind=draft.kind,
            revocation_id=revocation_id,
            valid_from=draft.valid_from,
            valid_to=draft.valid_to,
            now=now,
        )
        text, kept = seal_fitting(standard, kept, key)
    # Whatever the pack's layout gave that no pass can carry is told to the caller, who has a person look at it.
    except (ValueError, TypeError, ArithmeticError) as refusal:
        return refusal
    identity = draft.id or _id_of_its_time(now)
    event = CredentialIssued(
        happened_at=now,
        agency_path=draft.agency_path,
        subject=draft.case_number,
        actor="machine",
        credential=str(identity),
        kind=draft.kind,
        key_id=key.key_id.hex(),
    )
    return SealedPass(identity, draft, revocation_id, kept, text, key.key_id, event)


def _id_of_its_time(now: datetime) -> UUID:
    """Return a random UUID that begins with the time (version 7).

    Those of one day stand side by side in the index, so that it costs no more to add to ten million than to ten.
    """
    milliseconds = int(now.timestamp() * 1000)
    return UUID(int=milliseconds << 80 | 7 << 76 | randbits(12) << 64 | 0b10 << 62 | randbits(62))


_COLUMNS = (
    "id, agency_path, case_number, kind, revocation_id, claims, text, key_id, issued_at, valid_from, valid_to,"
    " revoke_reason"
)


def store_together(passes: Sequence[SealedPass], *, now: datetime) -> None:
    """Store sealed passes in the caller's transaction; one statement.

    Raises ``IntegrityError`` if a case has a standing pass or a pass ends before it begins.
    """
    copy_together([copy_of_passes(passes, now=now)])


def copy_of_passes(passes: Sequence[SealedPass], *, now: datetime) -> Copy:
    """Return the rows that :func:`store_together` writes, to be written with those of other tables."""
    moment = now.isoformat()
    lines = [
        f"{each.id}\t{cell(each.draft.agency_path)}\t{each.draft.case_number}\t{cell(each.draft.kind)}"
        f"\t{each.revocation_id}\t{json_cell(written_json(each.claims))}"
        f"\t{cell(each.text)}\t{bytes_cell(each.key_id)}\t{moment}\t{each.draft.valid_from.isoformat()}"
        f"\t{each.draft.valid_to.isoformat()}\t"
        for each in passes
    ]
    return Copy("credentials_credential", _COLUMNS, lines)


def _ids_wanted(count: int) -> Rows:
    """Return the statement that takes so many places in the lists being filled and looks at random ids there.

    Half as many more are drawn as are needed, so that one statement does while few are taken.
    """
    drawn = [str(random_revocation_id(0)) for _ in range(count + count // 2 + 2)]
    return Rows(_IDS, (array_cell(drawn), str(count), str(ISSUED_PER_LIST), str(IDS_PER_LIST)))


_IDS = """
WITH issued AS MATERIALIZED (
    SELECT place, (nextval('credentials_issued') - 1) / $3::bigint AS list
    FROM generate_series(1, $2::bigint) AS place
)
SELECT issued.list, drawn.id, EXISTS (
    SELECT 1 FROM credentials_credential taken WHERE taken.revocation_id = drawn.id
) FROM unnest($1::bigint[]) WITH ORDINALITY AS random (id, place)
JOIN issued ON issued.place = (random.place - 1) % $2::bigint + 1
CROSS JOIN LATERAL (SELECT issued.list * $4::bigint + random.id AS id) AS drawn
ORDER BY random.place
"""


def _ids_drawn(wanted: Rows, count: int) -> list[int]:
    """Return random ids in the lists that are being filled, none of them taken or drawn twice."""
    free: dict[int, dict[int, None]] = {}
    lists: list[int] = []
    for place, (listed, identity, taken) in enumerate(wanted.found):
        number = int(listed or 0)
        if place < count:
            lists.append(number)
        if taken != "t":
            free.setdefault(number, {})[int(identity or 0)] = None
    drawn, missing = list[int](), list[int]()
    for number in lists:
        if of_list := free.get(number):
            drawn.append(of_list.popitem()[0])
        else:
            missing.append(number)
    return drawn + _draw_again(missing, drawn) if missing else drawn


def _draw_again(lists: Sequence[int], before: Sequence[int]) -> list[int]:
    drawn: list[int] = []
    for _ in range(TRIES):
        fresh = {random_revocation_id(number) for number in lists[len(drawn) :]}.difference(drawn, before)
        found = rows_of(
            "SELECT revocation_id FROM credentials_credential WHERE revocation_id = ANY($1::bigint[])",
            array_cell(map(str, fresh)),
        )
        taken = {int(identity or 0) for (identity,) in found}
        drawn += [identity for identity in fresh if identity not in taken]
        if len(drawn) >= len(lists):
            return drawn
    raise NoFreeRevocationId(f"{TRIES} draws for {len(lists)} passes found too few free ids")
