"""Issuing many passes at once: sealed first, stored and told of by whoever holds the transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from motcua.credentials.events import CredentialIssued
from motcua.credentials.services.issuing import (
    ISSUED_PER_LIST,
    TRIES,
    NoFreeRevocationId,
    composed,
    seal_fitting,
    standard_claims,
)
from motcua.credentials.services.keys import signing_key
from motcua.credentials.states import KeyUse
from motcua.events.copying import array_cell, bytes_cell, cell, copy_rows, json_cell, rows_of, written_json
from motcua.seals.keys import SigningKey
from motcua.seals.status import random_revocation_id


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


def seal_together(drafts: Sequence[PassDraft], *, now: datetime) -> list[SealedPass | Exception]:
    """Sign the passes and return them in their order; one that cannot be sealed stands there as its refusal.

    Stores nothing: hand what is to stand to :func:`store_together` and its events to the ledger, in the same
    transaction. Costs three statements, and one more while ids drawn are taken.
    """
    if not drafts:
        return []
    key = signing_key(KeyUse.PASSES, now=now)
    ids = _free_revocation_ids(len(drafts))
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
    identity = draft.id or uuid4()
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


_COLUMNS = (
    "id, agency_path, case_number, kind, revocation_id, claims, text, key_id, issued_at, valid_from, valid_to,"
    " revoke_reason"
)


def store_together(passes: Sequence[SealedPass], *, now: datetime) -> None:
    """Store sealed passes in the caller's transaction; one statement.

    Raises ``IntegrityError`` if a case has a standing pass or a pass ends before it begins.
    """
    moment = now.isoformat()
    copy_rows(
        "credentials_credential",
        _COLUMNS,
        [
            f"{each.id}\t{cell(each.draft.agency_path)}\t{each.draft.case_number}\t{cell(each.draft.kind)}"
            f"\t{each.revocation_id}\t{json_cell(written_json(each.claims))}"
            f"\t{cell(each.text)}\t{bytes_cell(each.key_id)}\t{moment}\t{each.draft.valid_from.isoformat()}"
            f"\t{each.draft.valid_to.isoformat()}\t"
            for each in passes
        ],
    )


def _free_revocation_ids(count: int) -> list[int]:
    """Draw random ids in the lists that are being filled, none of them taken or drawn twice."""
    issued = rows_of("SELECT nextval('credentials_issued') FROM generate_series(1, $1::int)", str(count))
    lists = [(int(number or 0) - 1) // ISSUED_PER_LIST for (number,) in issued]
    drawn: list[int] = []
    for _ in range(TRIES):
        fresh = {random_revocation_id(number) for number in lists[len(drawn) :]}.difference(drawn)
        found = rows_of(
            "SELECT revocation_id FROM credentials_credential WHERE revocation_id = ANY($1::bigint[])",
            array_cell(map(str, fresh)),
        )
        taken = {int(identity or 0) for (identity,) in found}
        drawn += [identity for identity in fresh if identity not in taken]
        if len(drawn) >= count:
            return drawn
    raise NoFreeRevocationId(f"{TRIES} draws for {count} passes found too few free ids")
