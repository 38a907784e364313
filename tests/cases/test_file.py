"""Filing: once per key, decided on facts, all or nothing."""

import threading
from datetime import UTC, datetime

import pytest
from django.db import connection
from garden import MEMBER, NOW, OTHER_WARD, STRANGER, UNSURE, WARD, Cite, File, content

from motcua.cases.models import Case, CaseEntry, Submission
from motcua.cases.queries import case_of_person, decisions_of
from motcua.cases.services import KeyReused, SubmissionInFlight, file_case
from motcua.cases.states import Channel
from motcua.credentials.queries import standing_credential
from motcua.events.models import LedgerEntry
from motcua.events.queries import verify_ledger
from motcua.identity.models import Person
from motcua.identity.people import person
from motcua.procedures.content import Content
from motcua.procedures.forms import FormRefused
from motcua.procedures.queries import ProcedureView, procedure_in_force
from motcua.procedures.services import install_revision


def stored() -> tuple[int, int, int, int]:
    return (
        Case.objects.count(),
        CaseEntry.objects.count(),
        Submission.objects.count(),
        LedgerEntry.objects.count(),
    )


def test_member_is_granted_at_once_with_a_credential(file: File) -> None:
    filed = file(MEMBER)

    assert (filed.state, filed.answer, filed.repeated) == ("granted", "yes", False)
    credential = standing_credential(filed.number)
    assert credential is not None
    assert credential.text.startswith("MC1:")
    assert verify_ledger() is None


def test_refusal_tells_reason_fact_source_and_what_would_change_it(file: File, citizen: Cite) -> None:
    filed = file(STRANGER)

    page = case_of_person(filed.number, citizen(STRANGER).person.id)
    decision = page.decision
    assert filed.answer == "no"
    assert decision is not None
    assert decision.text.vi == "Thẻ hội viên đã hết hạn (lapsed)."
    assert decision.facts[0].source_title == "Danh sách hội viên"
    assert decision.facts[0].as_of == NOW
    assert decision.explanation["source"] == "Nội quy, điều 2"
    assert decision.explanation["changes"] == [
        {
            "inputs": [{"input": "member", "before": "lapsed", "after": "paid"}],
            "answer": {"answer": "yes", "reason": "member"},
        }
    ]
    assert set(page.acts) == {"object"}
    assert page.object_until == datetime(2026, 11, 30, 16, 59, 59, tzinfo=UTC)
    assert standing_credential(filed.number) is None


def test_unknown_fact_waits_for_a_person_and_is_not_a_refusal(file: File) -> None:
    filed = file(UNSURE)

    case = Case.objects.get(number=filed.number)
    assert (case.phase, case.answer) == ("person", "ask")
    assert decisions_of(filed.number)[0].facts[0].answer == "unknown"


def test_same_key_and_body_is_one_case(file: File) -> None:
    first = file(MEMBER, key="k1")
    before = stored()

    again = file(MEMBER, key="k1")

    assert (again.number, again.state, again.repeated) == (first.number, first.state, True)
    assert stored() == before


def test_same_key_with_another_body_is_refused_and_stores_nothing(file: File) -> None:
    file(MEMBER, key="k1")
    before = stored()

    with pytest.raises(KeyReused):
        file(MEMBER, key="k1", values={"ward": OTHER_WARD})

    assert stored() == before


def test_key_of_another_account_is_another_key(file: File) -> None:
    assert file(MEMBER, key="k1").number != file(STRANGER, key="k1").number


@pytest.mark.django_db(transaction=True)
def test_twin_in_flight_is_told_so(file: File, citizen: Cite) -> None:
    account = citizen(MEMBER).account_id
    held, release = threading.Event(), threading.Event()

    def hold() -> None:
        from django.db import transaction

        from motcua.cases.services.filing.keys import lock_of

        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lock_of(account, "k1")])
            held.set()
            release.wait(60)
        connection.close()

    twin = threading.Thread(target=hold)
    twin.start()
    held.wait(60)
    try:
        with pytest.raises(SubmissionInFlight):
            file(MEMBER, key="k1")
    finally:
        release.set()
        twin.join()

    assert Case.objects.count() == 0


@pytest.mark.parametrize(
    "values", [{}, {"ward": "99001", "colour": "red"}, {"ward": "x" * 500}, {"ward": "12345"}]
)
def test_form_at_fault_stores_nothing(file: File, values: dict[str, object]) -> None:
    before = stored()

    with pytest.raises(FormRefused):
        file(MEMBER, values=values)

    assert stored() == before


def test_failure_at_the_last_step_leaves_nothing_behind(file: File, monkeypatch: pytest.MonkeyPatch) -> None:
    before = stored()

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("the ledger")

    monkeypatch.setattr("motcua.cases.services.filing.writing.publish_together", fail)
    with pytest.raises(RuntimeError, match="the ledger"):
        file(MEMBER)

    assert stored() == before


def test_pass_that_cannot_be_made_sends_the_case_to_a_person(file: File) -> None:
    broken = content().credential
    assert broken is not None
    layout = broken.model_copy(update={"valid_until": "null"})
    install_revision(content=content(credential=layout.model_dump(by_alias=True)), sha256="b" * 64, now=NOW)

    filed = file(MEMBER)

    case = Case.objects.get(number=filed.number)
    assert (case.phase, case.answer, case.reason_code) == ("person", "", "pack_fault")
    assert standing_credential(filed.number) is None
    assert decisions_of(filed.number)[0].facts[0].value == "paid"


def test_running_case_keeps_its_revision(file: File, citizen: Cite) -> None:
    filed = file(UNSURE)
    changed: Content = content()
    newer = changed.model_copy(
        update={"manifest": changed.manifest.model_copy(update={"objection_within_days": 99})}
    )

    install_revision(content=newer, sha256="c" * 64, now=NOW)

    page = case_of_person(filed.number, citizen(UNSURE).person.id)
    assert page.case.procedure.number == 1
    assert procedure_in_force("garden_key").number == 2


def test_case_outside_office_hours_is_due_after_the_next_opening(file: File) -> None:
    friday_evening = NOW.replace(hour=14)

    filed = file(UNSURE, now=friday_evening)

    due = Case.objects.get(number=filed.number).due_at
    assert due.astimezone().isoformat() > "2026-11-23"


def test_holder_without_a_date_of_birth_is_granted_all_the_same(
    procedure: ProcedureView, citizen: Cite
) -> None:
    who = citizen(MEMBER)
    Person.objects.filter(pk=who.person.id).update(born_on=None)

    filed = file_case(
        procedure=procedure,
        values={"ward": WARD},
        applicant=person(who.person.id),
        account_id=who.account_id,
        channel=Channel.ONLINE,
        key="k1",
        now=NOW,
    )

    assert person(who.person.id).birth_year == 1990
    assert filed.answer == "yes"
