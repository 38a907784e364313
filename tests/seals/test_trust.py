from datetime import timedelta

import pytest

from motcua.seals.keys import generate_key, trusted
from motcua.seals.trust import BundleRefused, open_keys, public_key_der, seal_keys

from .builders import NOW

ROOT = generate_key(now=NOW, name="root")


def test_a_scanner_with_the_root_reads_keys_periods_and_revocations() -> None:
    old = trusted(generate_key(now=NOW - timedelta(days=300)), revoked_at=NOW)
    new = trusted(generate_key(now=NOW))

    bundle = open_keys(seal_keys([new, old], root=ROOT, issued_at=NOW), trusted(ROOT))

    assert bundle.issued_at == NOW
    assert [key.key_id for key in bundle.keys] == [old.key_id, new.key_id]
    assert [key.revoked_at for key in bundle.keys] == [NOW, None]
    assert [public_key_der(key) for key in bundle.keys] == [public_key_der(old), public_key_der(new)]
    assert bundle.keys[1].not_after == new.not_after


def test_a_bundle_of_another_root_or_with_a_flipped_bit_is_refused() -> None:
    bundle = seal_keys([trusted(ROOT)], root=ROOT, issued_at=NOW)
    changed = bytearray(bundle)
    changed[-80] ^= 1

    for encoded, root in ((bundle, generate_key(now=NOW)), (bytes(changed), ROOT), (b"", ROOT)):
        with pytest.raises(BundleRefused):
            open_keys(encoded, trusted(root))
