"""Many passes revoked and restored at once, and what those who remember revocations make of it."""

from datetime import timedelta
from uuid import UUID, uuid4

from motcua.credentials.models import Credential
from motcua.credentials.queries import check_text, published_status_list, standing_credential, trusted_keys
from motcua.credentials.services import (
    PassDraft,
    publish_status_list,
    restore_together,
    revoke,
    revoke_together,
    seal_together,
    store_together,
)
from motcua.credentials.standing import Standing
from motcua.credentials.states import Answer
from motcua.seals.status import open_status

from .conftest import NOW, issued

LATER = NOW + timedelta(hours=1)


def test_only_what_stands_is_revoked_and_a_second_time_changes_nothing() -> None:
    passes = [issued(f"DN-{number}") for number in range(5)]
    revoke(credential_id=passes[0].id, reason="withdrawn", now=NOW)
    ids = [each.id for each in passes]

    assert revoke_together([*ids[:4], uuid4()], reason="directive:8", now=LATER) == set(ids[1:4])
    assert revoke_together(ids[:4], reason="directive:8", now=LATER + timedelta(hours=1)) == set()

    assert standing_credential("DN-4") is not None
    told = dict(Credential.objects.values_list("case_number", "revoke_reason"))
    assert told == {
        "DN-0": "withdrawn",
        "DN-1": "directive:8",
        "DN-2": "directive:8",
        "DN-3": "directive:8",
        "DN-4": "",
    }
    assert Credential.objects.get(case_number="DN-1").revoked_at == LATER


def test_restored_passes_are_valid_by_the_text_that_people_have() -> None:
    kept, other = issued("DN-1"), issued("DN-2")
    revoke_together([kept.id], reason="directive:8", now=NOW)
    revoke(credential_id=other.id, reason="lost", now=NOW)

    assert restore_together([kept.id, other.id], reason="directive:8", now=LATER) == {kept.id}

    assert check_text(kept.text, LATER).answer == Answer.VALID
    assert check_text(other.text, LATER).answer == Answer.NOT_VALID
    publish_status_list(now=LATER)
    status = open_status(published_status_list().content, trusted_keys())
    ids = dict(Credential.objects.values_list("pk", "revocation_id"))
    assert status.answer(ids[kept.id]) == "not revoked"
    assert status.answer(ids[other.id]) == "revoked"


def test_no_pass_is_restored_beside_another_that_stands() -> None:
    old = issued("DN-1")
    revoke_together([old.id], reason="directive:8", now=NOW)
    new = issued("DN-1")

    assert restore_together([old.id], reason="directive:8", now=LATER) == set()

    standing = standing_credential("DN-1")
    assert standing is not None
    assert standing.id == new.id


def test_a_pass_is_stored_under_the_id_that_it_was_promised() -> None:
    promised = uuid4()
    draft = PassDraft("DN-1", "dn", "travel_pass", {"n": "Hoa"}, NOW, NOW + timedelta(days=1), id=promised)

    (sealed,) = seal_together([draft], now=NOW)
    assert not isinstance(sealed, Exception)
    store_together([sealed], now=NOW)

    assert Credential.objects.get().pk == promised


def test_the_memory_of_a_process_follows_revocation_and_restoration() -> None:
    credential = issued()
    standing = Standing()
    standing.refresh()
    assert standing.check_and_remember(credential.text, NOW).answer == Answer.VALID

    answers = []
    for step, act in enumerate((revoke_together, restore_together, revoke_together, restore_together)):
        moment = NOW + timedelta(minutes=step)
        act([credential.id], reason="directive:8", now=moment)
        standing.refresh()
        found = standing.check(credential.text, NOW + timedelta(hours=1))
        assert found is not None
        answers.append(found.answer)

    assert answers == [Answer.NOT_VALID, Answer.VALID, Answer.NOT_VALID, Answer.VALID]


def test_the_memory_of_a_process_hears_of_a_revocation_that_commits_late() -> None:
    early, late = issued("DN-1"), issued("DN-2")
    standing = Standing()
    standing.refresh()
    standing.check_and_remember(late.text, NOW)
    revoke_together([early.id], reason="directive:8", now=NOW + timedelta(seconds=60))
    standing.refresh()

    revoke_together([late.id], reason="directive:8", now=NOW + timedelta(seconds=30))
    standing.refresh()

    found = standing.check(late.text, LATER)
    assert found is not None
    assert found.answer == Answer.NOT_VALID


def test_ids_begin_with_the_time_and_are_random_beyond_it() -> None:
    draft = PassDraft("DN-1", "dn", "travel_pass", {}, NOW, LATER)

    first = [
        UUID(made.id) for made in seal_together([draft] * 20, now=NOW) if not isinstance(made, Exception)
    ]
    then = [
        UUID(made.id) for made in seal_together([draft] * 20, now=LATER) if not isinstance(made, Exception)
    ]

    assert len({*first, *then}) == 40
    assert max(first) < min(then)
    assert {each.version for each in (*first, *then)} == {7}
    assert len({each.int & (1 << 62) - 1 for each in first}) == 20
