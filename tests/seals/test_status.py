from datetime import timedelta

import cbor2
import pytest

from motcua.seals import compression, cose
from motcua.seals.keys import generate_key, trusted
from motcua.seals.status import (
    IDS_PER_LIST,
    StatusRefused,
    open_status,
    random_revocation_id,
    random_revocation_ids,
    seal_status,
)

from .builders import NOW, SECOND

KEY = generate_key(now=NOW)
REVOKED = {0, 7, 8, IDS_PER_LIST - 1, IDS_PER_LIST + 5}


def sealed() -> bytes:
    return seal_status(
        issuer="dn",
        list_numbers=[0, 1],
        revoked=REVOKED,
        issued_at=NOW,
        expires_at=NOW + timedelta(days=1),
        key=KEY,
    )


def test_revoked_ids_and_no_others_are_revoked() -> None:
    status = open_status(sealed(), [trusted(generate_key(now=NOW)), trusted(KEY)])

    assert all(status.answer(each) == "revoked" for each in REVOKED)
    assert status.answer(1) == status.answer(9) == status.answer(IDS_PER_LIST) == "not revoked"
    assert status.answer(2 * IDS_PER_LIST) == "not listed"
    assert (status.issued_at, status.expires_at) == (NOW, NOW + timedelta(days=1))


def test_a_million_ids_with_few_revoked_stay_small() -> None:
    assert len(sealed()) < 700


def test_a_random_id_falls_into_its_list() -> None:
    assert random_revocation_id(3) // IDS_PER_LIST == 3


def test_ids_drawn_at_once_fall_anywhere_in_the_first_list() -> None:
    drawn = random_revocation_ids(2_000)

    assert len(drawn) == 2_000
    assert {each // IDS_PER_LIST for each in drawn} == {0}
    # That all of them miss a sixteenth of the list happens once in 10^55 times; two of them are the same now and then.
    assert {each * 16 // IDS_PER_LIST for each in drawn} == set(range(16))
    assert len(set(drawn)) > 1_980
    assert random_revocation_ids(0) == []


def test_a_list_by_an_unknown_revoked_or_expired_key_is_refused() -> None:
    for keys in ([], [trusted(generate_key(now=NOW))], [trusted(KEY, revoked_at=NOW)]):
        with pytest.raises(StatusRefused, match="no trusted key"):
            open_status(sealed(), keys)


def test_a_flipped_bit_is_refused() -> None:
    changed = bytearray(sealed())
    changed[60] ^= 1

    with pytest.raises(StatusRefused):
        open_status(bytes(changed), [trusted(KEY)])


@pytest.mark.parametrize(
    "content",
    [
        1,
        {4: 1},
        {4: SECOND, 6: True, "lists": {}},
        {4: SECOND, 6: SECOND, "lists": []},
        {4: SECOND, 6: 2**60, "lists": {}},
        {4: SECOND, 6: SECOND, "lists": {0: b"x"}},
        {4: SECOND, 6: SECOND, "lists": {0: "x"}},
        {4: SECOND, 6: SECOND, "lists": {-1: b""}},
        {4: SECOND, 6: SECOND, "lists": {2**12: b""}},
        {4: SECOND, 6: SECOND, "lists": {0: compression.compress(bytes(10))}},
        {4: SECOND, 6: SECOND, "lists": {0: compression.compress(bytes(10**7))}},
    ],
)
def test_signed_nonsense_is_refused(content: object) -> None:
    encoded = cose.seal(cbor2.dumps(content, canonical=True), KEY)

    with pytest.raises(StatusRefused):
        open_status(encoded, [trusted(KEY)])


def test_what_is_no_message_is_refused() -> None:
    with pytest.raises(StatusRefused):
        open_status(b"", [trusted(KEY)])
