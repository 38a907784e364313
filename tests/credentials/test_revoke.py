from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction

from motcua.credentials.models import Credential, StatusList
from motcua.credentials.queries import check_text, published_status_list, standing_credential, trusted_keys
from motcua.credentials.services import CredentialNotStanding, publish_if_due, publish_status_list, revoke
from motcua.credentials.states import Answer
from motcua.events.models import LedgerEntry
from motcua.seals.status import open_status

from .conftest import NOW, issued


def test_a_revoked_pass_held_before_and_not_after() -> None:
    credential = issued()

    revoke(credential_id=credential.id, reason="withdrawn", now=NOW + timedelta(hours=2))

    assert check_text(credential.text, NOW + timedelta(hours=1)).answer == Answer.VALID
    after = check_text(credential.text, NOW + timedelta(hours=2))
    assert (after.answer, after.reason) == (Answer.NOT_VALID, "revoked")
    assert standing_credential("DN-1") is None
    assert LedgerEntry.objects.get(name="CredentialRevoked").subject == "DN-1"


def test_a_pass_is_revoked_once() -> None:
    credential = issued()
    revoke(credential_id=credential.id, reason="withdrawn", now=NOW)

    for gone in (credential.id, uuid4()):
        with pytest.raises(CredentialNotStanding), transaction.atomic():
            revoke(credential_id=gone, reason="again", now=NOW)

    assert Credential.objects.get().revoke_reason == "withdrawn"
    assert LedgerEntry.objects.filter(name="CredentialRevoked").count() == 1


def test_a_revoked_case_may_get_another_pass() -> None:
    revoke(credential_id=issued().id, reason="withdrawn", now=NOW)

    assert issued().text != ""


def test_the_next_status_list_names_it_and_no_other() -> None:
    revoked, standing = issued("DN-1"), issued("DN-2")
    revoke(credential_id=revoked.id, reason="withdrawn", now=NOW)

    assert publish_status_list(now=NOW) == 1

    status = open_status(published_status_list().content, trusted_keys())
    ids = {row.pk: row.revocation_id for row in Credential.objects.all()}
    assert status.answer(ids[revoked.id]) == "revoked"
    assert status.answer(ids[standing.id]) == "not revoked"


def test_a_pass_that_has_ended_leaves_the_list() -> None:
    revoke(credential_id=issued().id, reason="withdrawn", now=NOW)

    assert publish_status_list(now=NOW + timedelta(days=8)) == 0


def test_publishing_follows_a_revocation_at_once_and_otherwise_waits_a_quarter() -> None:
    publish_status_list(now=NOW)
    credential = issued()

    assert not publish_if_due(now=NOW + timedelta(minutes=1))
    revoke(credential_id=credential.id, reason="withdrawn", now=NOW + timedelta(minutes=2))
    assert publish_if_due(now=NOW + timedelta(minutes=3))
    assert not publish_if_due(now=NOW + timedelta(minutes=4))
    assert publish_if_due(now=NOW + timedelta(minutes=18))


def test_old_lists_are_dropped() -> None:
    publish_status_list(now=NOW + timedelta(days=30))

    assert StatusList.objects.count() == 1
