import stat
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from motcua.credentials import keyring
from motcua.credentials.models import CredentialKey
from motcua.credentials.queries import check_text, keys, published_keys, trusted_keys
from motcua.credentials.services import KeyNotKnown, ensure_keys, publish_if_due, revoke_key, rotate_key
from motcua.credentials.states import Answer, KeyUse
from motcua.events.models import LedgerEntry
from motcua.seals.keys import trusted
from motcua.seals.trust import open_keys

from .conftest import NOW, issued


def signing() -> bytes:
    return bytes(CredentialKey.objects.get(use=KeyUse.PASSES, retired_at__isnull=True).key_id)


def root() -> bytes:
    return bytes(CredentialKey.objects.get(use=KeyUse.ROOT).key_id)


def test_keys_are_made_once_and_their_files_are_private(tmp_path: Path) -> None:
    before = signing()

    ensure_keys(now=NOW)

    assert signing() == before
    files = list((tmp_path / "credential_keys").iterdir())
    assert len(files) == 2
    assert all(stat.S_IMODE(file.stat().st_mode) == 0o600 for file in files)


def test_after_a_rotation_both_old_and_new_passes_hold() -> None:
    old_key, old = signing(), issued("DN-1")

    new_key = rotate_key(now=NOW + timedelta(hours=1))
    new = issued("DN-2", now=NOW + timedelta(hours=1))

    assert signing().hex() == new_key != old_key.hex()
    for text in (old.text, new.text):
        assert check_text(text, NOW + timedelta(hours=2)).answer == Answer.VALID


def test_a_revoked_key_refuses_what_was_signed_after_its_date_only() -> None:
    key, before = signing(), issued("DN-1")
    after = issued("DN-2", now=NOW + timedelta(hours=2))

    revoke_key(key_id=key, at=NOW + timedelta(hours=1), now=NOW + timedelta(hours=3))

    later = NOW + timedelta(hours=4)
    assert check_text(before.text, later).answer == Answer.VALID
    refused = check_text(after.text, later)
    assert (refused.answer, refused.reason) == (Answer.NOT_VALID, "key_revoked")


def test_a_revoked_signing_key_is_replaced_at_once() -> None:
    key = signing()

    revoke_key(key_id=key, at=NOW, now=NOW)

    assert signing() != key
    credential = issued()
    assert check_text(credential.text, NOW).answer == Answer.VALID
    assert {entry.name for entry in LedgerEntry.objects.all()} >= {"KeyRevoked", "KeyRotated"}


def test_a_later_date_does_not_bring_signatures_back() -> None:
    key = signing()
    revoke_key(key_id=key, at=NOW, now=NOW)

    revoke_key(key_id=key, at=NOW + timedelta(days=1), now=NOW)

    assert CredentialKey.objects.get(pk=key).revoked_at == NOW


def test_an_unknown_key_and_the_root_are_not_revoked() -> None:
    for key_id in (b"12345678", root()):
        with pytest.raises(KeyNotKnown), transaction.atomic():
            revoke_key(key_id=key_id, at=NOW, now=NOW)

    assert not LedgerEntry.objects.filter(name="KeyRevoked").exists()


def test_the_published_bundle_is_signed_by_the_root_and_tells_the_revocation() -> None:
    key = signing()
    revoke_key(key_id=key, at=NOW, now=NOW)

    bundle = open_keys(published_keys().content, trusted(keyring.fetch(root())))

    assert {each.key_id: each.revoked_at for each in bundle.keys} == {key: NOW, signing(): None}
    assert {each.key_id for each in trusted_keys()} == {key, signing()}


def test_two_keys_cannot_sign_at_once() -> None:
    row = CredentialKey.objects.get(use=KeyUse.PASSES)
    row.key_id = b"87654321"

    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


def test_an_empty_installation_gets_its_keys_from_the_first_publishing() -> None:
    from motcua.credentials.models import StatusList

    CredentialKey.objects.all().delete()
    StatusList.objects.all().delete()

    assert publish_if_due(now=NOW)
    assert {key.use for key in keys()} == {"root", "passes"}
