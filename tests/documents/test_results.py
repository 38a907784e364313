"""The acts on results in the database: order, persons, numbers without a gap, and that what is sealed stays."""

import threading
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.db import DatabaseError, connections, transaction
from django.test import override_settings
from sealing import NOW, WARD, Office, approved, drafted, entered, office, own_keys, sealed, secrets, staffed

from motcua.documents import results
from motcua.documents.models import NumberRegister, Result, ResultSignature
from motcua.documents.provision import retire_key
from motcua.documents.queries import (
    check_paper,
    missing_numbers,
    register_of,
    result_bytes,
    results_of_case,
    sealed_paper,
)
from motcua.documents.results import (
    NoKeyToSignWith,
    ResultExists,
    ResultMovedOn,
    SamePersonTwice,
    abandon_result,
    seal_result,
    sign_result,
)
from motcua.documents.signing.acts import NotItsTurn, TimeStampsSilent
from motcua.documents.signing.report import Answer
from motcua.documents.states import ResultState, Signatory
from motcua.documents.stores import local_authority
from motcua.events.models import LedgerEntry
from motcua.identity.models import Appointment

__all__ = ["office", "own_keys", "secrets"]
pytestmark = pytest.mark.usefixtures("own_keys")


def test_sealed_result_has_the_first_number_and_is_valid(office: Office) -> None:
    result_id = approved(office)

    number = seal_result(result_id=result_id, account=office.clerk, now=NOW)

    assert number == "01/2026/GXN-UBND"
    check = check_paper(result_bytes(result_id), now=NOW + timedelta(minutes=5))
    assert check.answer is Answer.VALID
    assert check.in_register is not None
    assert check.in_register.number == number
    (shown,) = results_of_case("H17-1")
    assert (shown.state, shown.number) == (ResultState.SEALED, number)


def test_each_step_is_told_to_the_ledger_without_a_name(office: Office) -> None:
    sealed(office)

    told = list(LedgerEntry.objects.values())
    assert sorted(each["name"] for each in told) == [
        "ResultDrafted",
        "ResultSealed",
        "ResultSigned",
        "ResultSigned",
    ]
    assert "Hạnh" not in str(told)
    assert ResultSignature.objects.count() == 3


def _sign(result_id: UUID, signatory: Signatory, office: Office) -> None:
    if signatory is Signatory.AGENCY:
        seal_result(result_id=result_id, account=office.clerk, now=NOW)
    else:
        sign_result(result_id=result_id, signatory=signatory, account=office.leader, now=NOW)


@pytest.mark.parametrize("signatory", [Signatory.LEADER, Signatory.AGENCY])
def test_signature_before_its_turn_is_refused_and_nothing_is_written(
    office: Office, signatory: Signatory
) -> None:
    result_id = drafted()
    before = result_bytes(result_id)

    with pytest.raises(NotItsTurn):
        _sign(result_id, signatory, office)

    assert result_bytes(result_id) == before
    assert not ResultSignature.objects.exists()
    assert not NumberRegister.objects.exists()


def test_nobody_signs_with_the_key_of_another(office: Office) -> None:
    result_id = drafted()

    for other in (office.leader, office.clerk, office.stranger):
        with pytest.raises(NoKeyToSignWith):
            sign_result(result_id=result_id, signatory=Signatory.SPECIALIST, account=other, now=NOW)

    assert not ResultSignature.objects.exists()


def test_seal_is_not_for_officers_of_another_agency(office: Office) -> None:
    with pytest.raises(NoKeyToSignWith):
        seal_result(result_id=approved(office), account=office.stranger, now=NOW)

    assert not NumberRegister.objects.exists()


def test_officer_whose_appointment_ended_signs_no_more(office: Office) -> None:
    Appointment.objects.filter(account=office.specialist).update(valid_to=NOW.date() + timedelta(days=3))

    with pytest.raises(NoKeyToSignWith):
        sign_result(
            result_id=drafted(),
            signatory=Signatory.SPECIALIST,
            account=office.specialist,
            now=NOW + timedelta(days=4),
        )


def test_one_person_does_not_sign_for_two(office: Office) -> None:
    entered("both", Signatory.LEADER, office.specialist)
    result_id = drafted()
    sign_result(result_id=result_id, signatory=Signatory.SPECIALIST, account=office.specialist, now=NOW)

    with pytest.raises(SamePersonTwice):
        sign_result(result_id=result_id, signatory=Signatory.LEADER, account=office.specialist, now=NOW)


def test_retired_key_signs_no_more(office: Office) -> None:
    retire_key(name="specialist", now=NOW)

    with pytest.raises(NoKeyToSignWith):
        sign_result(result_id=drafted(), signatory=Signatory.SPECIALIST, account=office.specialist, now=NOW)


def test_case_has_one_result_of_a_kind_until_it_is_given_up(office: Office) -> None:
    first = drafted()
    with pytest.raises(ResultExists):
        drafted()

    abandon_result(result_id=first, reason="Sai tên", account=office.specialist, now=NOW)

    assert drafted() != first


def test_what_is_sealed_or_given_up_stays_whoever_asks(office: Office) -> None:
    result_id = sealed(office)
    given_up = drafted("H17-2")
    abandon_result(result_id=given_up, reason="Sai tên", account=office.specialist, now=NOW)

    for each in (result_id, given_up):
        with pytest.raises(ResultMovedOn):
            abandon_result(result_id=each, reason="Đổi ý", account=office.specialist, now=NOW)
        found = Result.objects.filter(pk=each)
        with pytest.raises(DatabaseError, match="stays as it is"), transaction.atomic():
            found.update(title="Khác")
        with pytest.raises(DatabaseError, match="stays as it is"), transaction.atomic():
            found._raw_delete("default")


def test_abandoned_draft_and_failed_seal_leave_no_gap(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealed(office, "H17-1")
    abandon_result(result_id=approved(office, "H17-2"), reason="Rút hồ sơ", account=office.leader, now=NOW)
    third = approved(office, "H17-3")
    with override_settings(TIME_STAMPS="http://127.0.0.1:9/"), pytest.raises(TimeStampsSilent):
        seal_result(result_id=third, account=office.clerk, now=NOW)

    number = seal_result(result_id=third, account=office.clerk, now=NOW)

    assert number == "02/2026/GXN-UBND"
    assert missing_numbers(agency_path=WARD, notation="GXN-UBND", year=2026) == []
    listed = register_of(agency_path=WARD, notation="GXN-UBND", year=2026)
    assert [each.number for each in listed] == ["01/2026/GXN-UBND", "02/2026/GXN-UBND"]


def test_year_of_the_number_is_that_of_the_city(office: Office) -> None:
    local_authority().renew(now=datetime(2026, 12, 31, 16, 0, tzinfo=UTC))
    last = approved(office, "H17-1")
    first = approved(office, "H17-2")

    # 16:59 in Greenwich is one minute to midnight here.
    assert (
        seal_result(result_id=last, account=office.clerk, now=datetime(2026, 12, 31, 16, 59, tzinfo=UTC))
        == "01/2026/GXN-UBND"
    )
    assert (
        seal_result(result_id=first, account=office.clerk, now=datetime(2026, 12, 31, 17, 0, tzinfo=UTC))
        == "01/2027/GXN-UBND"
    )


def test_paper_is_found_by_its_code_however_it_is_written(office: Office) -> None:
    code = Result.objects.get(pk=sealed(office)).code

    for written in (code, code.lower(), results.spaced(code)):
        found = sealed_paper(written)
        assert found is not None
        assert found.number == "01/2026/GXN-UBND"
    assert sealed_paper("2222222222222222") is None


def test_draft_is_not_found_by_its_code(office: Office) -> None:
    result_id = approved(office)

    assert sealed_paper(Result.objects.get(pk=result_id).code) is None


def test_good_paper_that_the_register_does_not_have_is_not_called_valid(office: Office) -> None:
    """A stolen key seals, but not into the register."""
    result_id = approved(office)
    try:
        with transaction.atomic():
            seal_result(result_id=result_id, account=office.clerk, now=NOW)
            stolen = result_bytes(result_id)
            raise InterruptedError
    except InterruptedError:
        pass

    check = check_paper(stolen, now=NOW + timedelta(minutes=5))

    assert check.report.answer is Answer.VALID
    assert check.answer is Answer.CANNOT_TELL


@pytest.mark.django_db(transaction=True)
def test_two_who_seal_at_once_get_neighboring_numbers() -> None:
    office = staffed()
    waiting = [approved(office, f"H17-{each}") for each in range(4)]
    gate = threading.Barrier(len(waiting))
    given: list[str] = []

    def seal(result_id: UUID) -> None:
        gate.wait()
        try:
            given.append(seal_result(result_id=result_id, account=office.clerk, now=NOW))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=seal, args=(each,)) for each in waiting]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert sorted(given) == [f"{number:02d}/2026/GXN-UBND" for number in range(1, 5)]
    assert missing_numbers(agency_path=WARD, notation="GXN-UBND", year=2026) == []


@pytest.mark.django_db(transaction=True)
def test_paper_sealed_twice_at_once_has_one_number() -> None:
    office = staffed()
    result_id = approved(office)
    gate = threading.Barrier(2)
    told: list[object] = []

    def seal() -> None:
        gate.wait()
        try:
            told.append(seal_result(result_id=result_id, account=office.clerk, now=NOW))
        except (ResultMovedOn, NotItsTurn) as refusal:
            told.append(type(refusal))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=seal) for _ in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert "01/2026/GXN-UBND" in told
    assert NumberRegister.objects.get().last == 1
    assert ResultSignature.objects.filter(signatory=Signatory.AGENCY).count() == 1
