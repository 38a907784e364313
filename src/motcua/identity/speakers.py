"""Who speaks through bearer tokens: many tokens by one statement, with the people behind them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from motcua.events.copying import bytes_array_cell, rows_of
from motcua.identity.models import Person
from motcua.identity.people import PersonView, view_of
from motcua.identity.states import Scope
from motcua.identity.tokens import digest_of

_ASK = """
SELECT encode(asked.digest, 'hex'), bearer.account_id, person.id, encode(person.key, 'hex'),
    encode(person.number_sealed, 'hex'), person.name, person.born_on, person.sex
FROM unnest($1::bytea[]) AS asked (digest)
JOIN identity_api_token bearer ON bearer.digest = asked.digest AND bearer.revoked_at IS NULL
    AND bearer.expires_at > $2::timestamptz AND $3::text = ANY (string_to_array(bearer.scope, ' '))
JOIN identity_account account ON account.id = bearer.account_id AND account.is_active
LEFT JOIN identity_person person ON person.id = account.person_id
"""


@dataclass(frozen=True, slots=True)
class Speaker:
    """The account that a token speaks for; ``person`` is null unless a citizen stands behind it."""

    account_id: int
    person: PersonView | None


def speakers_of(tokens: Collection[str], *, scope: Scope, now: datetime) -> dict[str, Speaker]:
    """Return who speaks through each token, as ``bearer_of`` and ``person_of`` would say one by one.

    A token that is unknown, has ended or does not reach so far is left out. One statement, none when no text
    has the shape of a token.
    """
    by_digest = {digest.hex(): text for text in tokens if (digest := digest_of(text)) is not None}
    if not by_digest:
        return {}
    rows = rows_of(_ASK, bytes_array_cell(by_digest), now.isoformat(), scope.value)
    return {by_digest[str(digest)]: _speaker(*rest) for digest, *rest in rows}


def _speaker(account_id: str | None, *person: str | None) -> Speaker:
    assert account_id is not None
    pk, key, number_sealed, name, born_on, sex = person
    if pk is None:
        return Speaker(int(account_id), None)
    assert key is not None
    assert number_sealed is not None
    row = Person(
        pk=int(pk),
        key=bytes.fromhex(key),
        number_sealed=bytes.fromhex(number_sealed),
        name=name or "",
        born_on=date.fromisoformat(born_on) if born_on else None,
        sex=sex or "",
    )
    return Speaker(int(account_id), view_of(row))
