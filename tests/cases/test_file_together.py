"""Filing together: as if each had been filed alone, but in one transaction; one at fault harms no neighbour."""

import threading
import uuid
from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from garden import MEMBER, NOW, OTHER_WARD, STRANGER, UNSURE, WARD, Cite, content

from motcua.cases.models import Case, CaseEntry, Draft, Submission
from motcua.cases.queries import decisions_of
from motcua.cases.services import (
    Filed,
    KeyReused,
    Requested,
    SubmissionInFlight,
    file_case,
    file_together,
    save_draft,
)
from motcua.cases.states import Channel
from motcua.cases.verdicts import decide
from motcua.credentials.queries import standing_credential
from motcua.events.models import LedgerEntry
from motcua.events.queries import verify_ledger
from motcua.procedures.forms import FormRefused
from motcua.procedures.queries import ProcedureView, procedure_in_force
from motcua.procedures.services import install_revision
from motcua.registers.models import RegisterAccess

Want = Callable[..., Requested]


@pytest.fixture
def want(procedure: ProcedureView, citizen: Cite) -> Want:
    def wanted(
        number: str = MEMBER, *, key: str | None = None, values: Mapping[str, object] | None = None
    ) -> Requested:
        who = citizen(number)
        return Requested(
            procedure=procedure_in_force("garden_key"),
            values={"ward": WARD} if values is None else values,
            applicant=who.person,
            account_id=who.account_id,
            channel=Channel.API,
            key=key or str(uuid.uuid4()),
        )

    return wanted


def answers(outcomes: list[Filed | Exception]) -> list[str]:
    return [outcome.answer if isinstance(outcome, Filed) else type(outcome).__name__ for outcome in outcomes]


def test_each_gets_its_own_answer_and_the_ledger_stays_whole(want: Want) -> None:
    outcomes = file_together([want(MEMBER), want(STRANGER), want(UNSURE)], now=NOW)

    assert answers(outcomes) == ["yes", "no", "ask"]
    names = list(LedgerEntry.objects.order_by("lane", "sequence").values_list("name", flat=True))
    assert names.count("CaseFiled") == names.count("CaseDecided") == names.count("CaseActed") == 3
    assert names.count("CredentialIssued") == 1
    assert verify_ledger() is None
    first = outcomes[0]
    assert isinstance(first, Filed)
    standing = standing_credential(first.number)
    assert standing is not None
    assert first.qr == standing.text


def test_together_is_as_alone(want: Want) -> None:
    def shape(number: str) -> list[object]:
        case = Case.objects.get(number=number)
        entries = CaseEntry.objects.filter(case_number=number)
        decision = decisions_of(number)[0]
        noted = RegisterAccess.objects.filter(case_number=number).order_by("fact")
        return [
            (
                case.state,
                case.phase,
                case.answer,
                case.reason_code,
                case.decided_by,
                case.due_at,
                case.place_path,
            ),
            [(entry.act, entry.from_state, entry.to_state, entry.actor) for entry in entries],
            (decision.answer, decision.rule, decision.facts, decision.explanation, decision.text),
            [(row.register, row.fact, row.columns, row.purpose, bytes(row.person_key)) for row in noted],
        ]

    people = (MEMBER, STRANGER, UNSURE)
    alone = [file_together([want(number)], now=NOW)[0] for number in people]
    together = file_together([want(number) for number in people], now=NOW)

    for one, other in zip(alone, together, strict=True):
        assert isinstance(one, Filed)
        assert isinstance(other, Filed)
        assert shape(one.number) == shape(other.number)


@pytest.mark.parametrize("number", [MEMBER, STRANGER, UNSURE])
def test_explanation_read_later_is_the_one_of_the_moment(want: Want, number: str) -> None:
    wanted = want(number)
    (filed,) = file_together([wanted], now=NOW)

    assert isinstance(filed, Filed)
    decision = decisions_of(filed.number)[0]
    scope = {"member": decision.facts[0].value, "ward": WARD, "note": None}
    verdict = decide(wanted.procedure, scope)
    assert decision.explanation == verdict.explanation
    assert (decision.text.vi, decision.text.en) == (verdict.text_vi, verdict.text_en)


def test_a_refused_form_leaves_its_neighbours_filed(want: Want) -> None:
    outcomes = file_together(
        [want(), want(values={}), want(values={"ward": "12345"}), want(STRANGER)], now=NOW
    )

    assert answers(outcomes) == ["yes", "FormRefused", "FormRefused", "no"]
    assert isinstance(outcomes[1], FormRefused)
    assert Case.objects.count() == Submission.objects.count() == 2


@pytest.mark.parametrize("place", [0, 3, 6])
def test_a_row_that_the_database_refuses_fails_alone(want: Want, place: int) -> None:
    wanted = [want(number) for number in (MEMBER, STRANGER, UNSURE, MEMBER, STRANGER, UNSURE, MEMBER)]
    # A key too long for its column: nothing looks at it before the database does.
    poisoned = want(key="k" * 201)
    wanted.insert(place, poisoned)

    outcomes = file_together(wanted, now=NOW)

    assert answers(outcomes)[place] == "DataError"
    others = answers(outcomes[:place] + outcomes[place + 1 :])
    assert others == ["yes", "no", "ask", "yes", "no", "ask", "yes"]
    assert Case.objects.count() == 7
    assert verify_ledger() is None


def test_same_key_twice_in_one_batch_is_one_case(want: Want) -> None:
    outcomes = file_together([want(key="k1"), want(STRANGER, key="k1"), want(key="k1")], now=NOW)

    first, other, again = outcomes
    assert isinstance(first, Filed)
    assert isinstance(other, Filed)
    assert again == Filed(first.number, "granted", "yes", repeated=True, qr=first.qr)
    assert other.number != first.number
    assert Case.objects.count() == 2


def test_same_key_twice_in_one_batch_with_another_body_is_refused(want: Want) -> None:
    outcomes = file_together([want(key="k1"), want(key="k1", values={"ward": OTHER_WARD})], now=NOW)

    assert isinstance(outcomes[1], KeyReused)
    assert Case.objects.count() == 1


def test_second_of_a_key_is_filed_when_its_first_was_refused(want: Want) -> None:
    outcomes = file_together([want(key="k1", values={}), want(key="k1")], now=NOW)

    assert answers(outcomes) == ["FormRefused", "yes"]


def test_draft_goes_with_the_filing(want: Want, citizen: Cite) -> None:
    account = citizen(MEMBER).account_id
    revision = procedure_in_force("garden_key").revision_id
    save_draft(
        account_id=account,
        procedure_code="garden_key",
        revision_id=revision,
        values={"ward": WARD},
        now=NOW,
    )
    wanted = want()

    file_together([wanted, want(STRANGER)], now=NOW)
    assert Draft.objects.count() == 1
    file_together([Requested(**{**_fields(wanted), "discards_draft": True})], now=NOW)

    assert Draft.objects.count() == 0


def _fields(wanted: Requested) -> dict[str, object]:
    return {name: getattr(wanted, name) for name in Requested.__dataclass_fields__}


def test_rules_that_fail_send_the_case_to_a_person(
    want: Want, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    wanted = want()

    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("Trần Thị Thử")

    monkeypatch.setattr("motcua.cases.plans.Plan.judge", fail)
    (filed,) = file_together([wanted], now=NOW)

    assert isinstance(filed, Filed)
    case = Case.objects.get(number=filed.number)
    assert (case.phase, case.answer, case.reason_code) == ("person", "", "pack_fault")
    assert decisions_of(filed.number)[0].explanation == {}
    assert "ZeroDivisionError" in caplog.text
    assert "Trần" not in caplog.text


def test_question_that_may_not_be_asked_sends_only_its_own_case_to_a_person(want: Want) -> None:
    usual = want()
    facts = [{**content().model_dump(by_alias=True)["facts"][0], "register": "nowhere"}]
    install_revision(content=content(facts=facts), sha256="e" * 64, now=NOW)

    outcomes = file_together([want(), usual], now=NOW)

    assert [outcome.state for outcome in outcomes if isinstance(outcome, Filed)] == ["desk", "granted"]


@pytest.mark.django_db(transaction=True)
def test_two_processes_racing_for_one_key_make_one_case(want: Want) -> None:
    wanted = [want(key=f"k{number}") for number in range(20)]
    together, outcomes = threading.Barrier(2), list[Filed | Exception]()

    def race(order: list[Requested]) -> None:
        together.wait(60)
        try:
            outcomes.extend(file_together(order, now=NOW))
        finally:
            connection.close()

    racers = [threading.Thread(target=race, args=(order,)) for order in (wanted, wanted[::-1])]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()

    filed = [outcome for outcome in outcomes if isinstance(outcome, Filed) and not outcome.repeated]
    others = [outcome for outcome in outcomes if outcome not in filed]
    assert len(filed) == Case.objects.count() == 20
    assert all(isinstance(each, SubmissionInFlight) or getattr(each, "repeated", False) for each in others)
    assert verify_ledger() is None


@pytest.mark.django_db(transaction=True)
def test_batch_that_fails_leaves_nothing(want: Want, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = [want(), want(STRANGER)]

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("killed")

    monkeypatch.setattr("motcua.cases.services.filing.writing.publish_together", fail)
    with pytest.raises(RuntimeError, match="killed"):
        file_together(wanted, now=NOW)

    assert not Case.objects.exists()
    assert not RegisterAccess.objects.exists()


def test_many_cost_no_more_queries_than_one(want: Want) -> None:
    one, many = [want()], [want(number) for number in (MEMBER, STRANGER, UNSURE) * 5]
    file_together([want()], now=NOW)

    with CaptureQueriesContext(connection) as few:
        file_together(one, now=NOW)
    with CaptureQueriesContext(connection) as queries:
        file_together(many, now=NOW)

    assert len(queries) <= len(few)


def test_nothing_to_file_is_nothing_done() -> None:
    assert file_together([], now=NOW) == []


def test_alone_is_together_of_one(want: Want) -> None:
    wanted = want()

    filed = file_case(
        procedure=wanted.procedure,
        values=wanted.values,
        applicant=wanted.applicant,
        account_id=wanted.account_id,
        channel=wanted.channel,
        key=wanted.key,
        now=NOW,
    )

    assert file_together([wanted], now=NOW) == [
        Filed(filed.number, filed.state, filed.answer, repeated=True, qr=filed.qr)
    ]


def test_key_of_one_person_does_not_answer_for_another(want: Want) -> None:
    mine = want(MEMBER, key="bulk/1/2")
    outcomes = file_together([mine], now=NOW)

    # Who files for many has one account for all of them.
    for_another = replace(want(STRANGER, key="bulk/1/2"), account_id=mine.account_id)
    (repeated,) = file_together([for_another], now=NOW)

    assert isinstance(outcomes[0], Filed)
    assert isinstance(repeated, KeyReused)
    assert Case.objects.count() == 1
