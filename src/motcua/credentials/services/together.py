"""Issuing many passes at once: sealed first, stored and told of by whoever holds the transaction."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from motcua.credentials.events import CredentialIssued
from motcua.credentials.services.issuing import (
    TRIES,
    NoFreeRevocationId,
    composed,
    milliseconds,
    seal_fitting,
    standard_claims,
)
from motcua.credentials.services.keys import signing_key_found, signing_key_wanted
from motcua.credentials.states import KeyUse
from motcua.events.appending import HEX, appended
from motcua.events.copying import array_cell, written_json
from motcua.events.trips import Rows, fetch, rows_of
from motcua.events.writing import Teller, Telling
from motcua.seals.keys import SigningKey
from motcua.seals.status import (
    IDS_PER_LIST,
    ISSUED_PER_LIST,
    random_revocation_id,
    random_revocation_ids,
)


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
    """A signed pass that is not stored yet; ``id`` is a UUID as Python writes it."""

    id: str
    draft: PassDraft
    revocation_id: int
    claims: Mapping[str, object]
    text: str
    key_id: bytes

    def event(self, now: datetime) -> CredentialIssued:
        """Return what the ledger is told of it."""
        return CredentialIssued(
            happened_at=now,
            agency_path=self.draft.agency_path,
            subject=self.draft.case_number,
            actor="machine",
            credential=self.id,
            kind=self.draft.kind,
            key_id=self.key_id.hex(),
        )


def told_of_pass(sealed: SealedPass, teller: Teller) -> Telling:
    """Return what the ledger is told of it, in a batch."""
    about = (sealed.draft.agency_path, sealed.draft.case_number, "machine")
    return teller.tell(CredentialIssued, about, sealed.id, sealed.draft.kind, sealed.key_id.hex())


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
    identity = _id_of_its_time(now) if draft.id is None else str(draft.id)
    return SealedPass(identity, draft, revocation_id, kept, text, key.key_id)


def _id_of_its_time(now: datetime) -> str:
    """Return a random UUID that begins with the time (version 7).

    Those of one day stand side by side in the index, so that it costs no more to add to ten million than to ten.
    """
    digits = os.urandom(10).hex()
    begins, variant = f"{milliseconds(now):012x}", "89ab"[int(digits[3], 16) % 4]
    return f"{begins[:8]}-{begins[8:]}-7{digits[:3]}-{variant}{digits[4:7]}-{digits[7:19]}"


def store_together(passes: Sequence[SealedPass], *, now: datetime) -> None:
    """Store sealed passes in the caller's transaction; one statement.

    Raises ``IntegrityError`` if a case has a standing pass or a pass ends before it begins.
    """
    if passes:
        fetch(rows_of_passes(passes, now=now))


def rows_of_passes(passes: Sequence[SealedPass], *, now: datetime) -> Rows:
    """Return the statement of :func:`store_together` for one pass at least, to be run with others."""
    # Many passes begin and end together, and hold the very same moments.
    texts = {id(at): at.isoformat() for each in passes for at in (each.draft.valid_from, each.draft.valid_to)}
    return appended(
        "credentials_credential",
        (
            ("id", "uuid", [each.id for each in passes]),
            ("agency_path", "ltree", [each.draft.agency_path for each in passes]),
            ("case_number", "text", [each.draft.case_number for each in passes]),
            ("kind", "text", [each.draft.kind for each in passes]),
            ("revocation_id", "bigint", [str(each.revocation_id) for each in passes]),
            ("claims", "jsonb", [written_json(each.claims) for each in passes]),
            ("text", "text", [each.text for each in passes]),
            ("key_id", HEX, [each.key_id.hex() for each in passes]),
            ("issued_at", "timestamptz", now.isoformat()),
            ("valid_from", "timestamptz", [texts[id(each.draft.valid_from)] for each in passes]),
            ("valid_to", "timestamptz", [texts[id(each.draft.valid_to)] for each in passes]),
            ("revoke_reason", "text", ""),
        ),
    )


def _ids_wanted(count: int) -> Rows:
    """Return the statement that takes so many places in the lists being filled and looks at random ids there.

    Half as many more are drawn as are needed, so that one statement does while few are taken.
    """
    drawn = [str(identity) for identity in random_revocation_ids(count + count // 2 + 2)]
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
