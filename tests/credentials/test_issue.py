from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from motcua.credentials import keyring
from motcua.credentials.keyring import PrivateKeyMissing
from motcua.credentials.models import Credential, CredentialKey
from motcua.credentials.queries import check_text, pass_of_case, standing_credential, trusted_keys
from motcua.credentials.services import CaseHasPass, issue
from motcua.credentials.states import Answer
from motcua.events.models import LedgerEntry
from motcua.seals.passes import PassTooLong, open_pass

from .conftest import NOW, issued

LONG_NAME = (
    "Công Tằng Tôn Nữ Quỳnh Giao Phạm Đoàn Thục Uyên Lý Bửu Hội Vĩnh Khoát Ưng Bình Thúc Giạ Xuân Diệu "
    "Mộng Tuyết Hằng Phương Ngân Giang Bích Khê Yến Lan"
)


def test_an_issued_pass_opens_with_the_published_keys() -> None:
    credential = issued()

    opened = open_pass(credential.text, trusted_keys(), NOW)
    assert opened.claims["n"] == "Nguyễn Thị Hoa"
    assert opened.kind == "travel_pass"
    assert check_text(credential.text, NOW).answer == Answer.VALID


def test_the_ledger_tells_of_it_without_a_name() -> None:
    issued()

    entry = LedgerEntry.objects.get(name="CredentialIssued")
    assert entry.subject == "DN-1"
    assert "Hoa" not in str(entry.body)


def test_a_decomposed_name_is_sealed_composed() -> None:
    credential = issued(claims={"n": "Ho\u0300a", "a": ["Ha\u0309i"]})

    assert open_pass(credential.text, trusted_keys(), NOW).claims["n"] == "Hòa"
    assert Credential.objects.get(pk=credential.id).claims == {"n": "Hòa", "a": ["Hải"]}


def test_the_longest_text_gives_way_until_the_qr_holds_all() -> None:
    credential = issued(claims={"n": LONG_NAME, "p": "43A1-123.45"})

    claims = open_pass(credential.text, trusted_keys(), NOW).claims
    assert len(credential.text) <= 400
    assert str(claims["n"]).startswith("Công Tằng Tôn Nữ")
    assert str(claims["n"]).endswith("…")
    assert claims["p"] == "43A1-123.45"


def test_claims_that_cannot_be_shortened_issue_nothing() -> None:
    with pytest.raises(PassTooLong):
        issued(claims={"a": list(range(100_000, 100_200))})

    assert not Credential.objects.exists()
    assert not LedgerEntry.objects.filter(name="CredentialIssued").exists()


def test_a_case_has_one_standing_pass() -> None:
    issued()

    with pytest.raises(CaseHasPass), transaction.atomic():
        issued()

    assert Credential.objects.count() == 1


def test_revocation_ids_are_random_and_different() -> None:
    ids = [issued(f"DN-{number}") for number in range(5)]

    numbers = sorted(Credential.objects.values_list("revocation_id", flat=True))
    assert len(set(numbers)) == len(ids)
    assert numbers[-1] - numbers[0] > 5


def test_issuing_costs_few_queries() -> None:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        issued()

    assert len(captured) <= 14


def test_a_key_file_that_is_gone_is_named(settings: Settings, tmp_path: Path) -> None:
    keyring._read.cache_clear()
    settings.SECRETS_DIR = tmp_path / "elsewhere"

    with pytest.raises(PrivateKeyMissing, match=r"rotate-key"), transaction.atomic():
        issued()

    assert not Credential.objects.exists()


def test_the_first_pass_makes_the_keys() -> None:
    CredentialKey.objects.all().delete()

    assert check_text(issued().text, NOW).answer == Answer.VALID


def test_passes_of_a_case_are_found() -> None:
    assert standing_credential("DN-1") is None
    assert pass_of_case("DN-1") is None
    credential = issued()

    standing, last = standing_credential("DN-1"), pass_of_case("DN-1")
    assert standing is not None
    assert standing == last
    assert (standing.id, standing.text, standing.claims["b"]) == (credential.id, credential.text, 1987)


def test_a_pass_that_ends_before_it_begins_is_refused_by_the_database() -> None:
    from django.db import IntegrityError

    with pytest.raises(IntegrityError, match="credential_ends_later"), transaction.atomic():
        issue(
            case_number="DN-9",
            agency_path="dn",
            kind="travel_pass",
            claims={},
            valid_from=NOW,
            valid_to=NOW - timedelta(days=1),
            now=NOW,
        )
