"""A service that follows its facts: what was given changes by itself when a register says otherwise, once."""

from copy import deepcopy
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.test import override_settings
from garden import FACTS, MEMBER, NOW, STRANGER, UNSURE, WORKFLOW, File, approver, content
from procrastinate.contrib.django.models import ProcrastinateJob

from motcua.cases.following import follow_on
from motcua.cases.models import Case, CaseEntry
from motcua.cases.services import Filed, act_on_case, follow_part, following
from motcua.credentials.models import Credential
from motcua.credentials.queries import standing_credential
from motcua.decisions.models import DecisionRecord
from motcua.events.models import LedgerEntry
from motcua.events.queries import verify_ledger
from motcua.events.services import deliver_once
from motcua.procedures.services import install_revision
from motcua.registers.models import RegisterAccess
from motcua.registers.services import load_csv

LATER = NOW + timedelta(hours=5)


@pytest.fixture
def follows(file: File) -> File:
    """The garden's service, which now follows its facts; the machine may renew and revoke."""
    workflow = deepcopy(WORKFLOW)
    for act in ("renew", "revoke"):
        workflow["acts"][act]["by"] = ["machine", *workflow["acts"][act]["by"]]  # type: ignore[index]  # nested
    made = content(workflow=workflow)
    manifest = made.manifest.model_copy(update={"follows_facts": True})
    install_revision(content=made.model_copy(update={"manifest": manifest}), sha256="b" * 64, now=NOW)
    return file


def says(path: Path, *, now: datetime = LATER, **standing: str) -> None:
    """Load the register of members anew."""
    numbers = {"member": MEMBER, "stranger": STRANGER, "unsure": UNSURE}
    rows = "".join(f"{numbers[who]},{state}\n" for who, state in standing.items())
    path.write_text(f"person,standing\n{rows}")
    load_csv(register="members", path=path, as_of=now, now=now)


def follow(now: datetime = LATER) -> tuple[int, int]:
    done = follow_part(procedure_code="garden_key", after="", now=now)
    return done.seen, done.changed


def case_of(filed: Filed) -> Case:
    return Case.objects.get(number=filed.number)


def test_what_comes_out_as_it_stands_is_left_alone(follows: File, members: Path) -> None:
    filed = follows(MEMBER)
    before = (CaseEntry.objects.count(), DecisionRecord.objects.count(), Credential.objects.count())

    assert follow() == (1, 0)

    assert (CaseEntry.objects.count(), DecisionRecord.objects.count(), Credential.objects.count()) == before
    assert case_of(filed).state == "granted"


def test_a_pass_ends_when_a_register_says_no(follows: File, members: Path) -> None:
    filed = follows(MEMBER)
    says(members, member="lapsed")

    assert follow() == (1, 1)

    case = case_of(filed)
    assert (case.state, case.phase, case.answer) == ("revoked", "closed", "no")
    assert standing_credential(filed.number) is None
    assert Credential.objects.get(case_number=filed.number).revoke_reason == "revoke"


def test_missing_data_that_arrive_give_what_was_asked_for(follows: File, members: Path) -> None:
    filed = follows(UNSURE)
    assert case_of(filed).state == "desk"
    says(members, unsure="paid")

    assert follow() == (1, 1)

    case = case_of(filed)
    record = DecisionRecord.objects.filter(case_number=filed.number).latest("decided_at")
    assert (case.state, case.answer, case.decided_by) == ("granted", "yes", "machine")
    assert (record.answer, record.decided_at) == ("yes", LATER)
    assert standing_credential(filed.number) is not None


def test_a_register_that_no_longer_knows_changes_nothing(follows: File, members: Path) -> None:
    filed = follows(MEMBER)
    says(members, member="")

    assert follow() == (1, 0)

    assert case_of(filed).state == "granted"
    assert standing_credential(filed.number) is not None


def test_a_part_that_is_run_twice_tells_once(follows: File, members: Path) -> None:
    filed = follows(MEMBER)
    says(members, member="lapsed")

    follow()
    again = follow(LATER + timedelta(minutes=1))

    assert again == (0, 0)
    assert CaseEntry.objects.filter(case_number=filed.number, act="revoke").count() == 1
    assert LedgerEntry.objects.filter(name="CaseRedecided", subject=filed.number).count() == 1
    assert verify_ledger() is None


def test_what_a_person_decided_stays(follows: File, members: Path) -> None:
    filed = follows(UNSURE)
    act_on_case(
        number=filed.number, act="grant", rights=approver(), reason="Đã xem thẻ", seen_state="desk", now=NOW
    )
    says(members, unsure="lapsed")

    assert follow() == (0, 0)

    assert case_of(filed).state == "granted"


def test_a_pass_that_has_ended_is_not_renewed(follows: File, members: Path) -> None:
    filed = follows(MEMBER)
    much_later = NOW + timedelta(days=400)
    says(members, member="lapsed", now=much_later)

    assert follow(much_later) == (0, 0)

    assert case_of(filed).state == "granted"


def test_each_question_is_noted_for_the_person(follows: File, members: Path) -> None:
    filed = follows(MEMBER)

    follow()

    assert RegisterAccess.objects.filter(case_number=filed.number, asked_at=LATER).count() == len(FACTS)


def test_a_load_queues_the_services_that_ask_the_register(follows: File, members: Path) -> None:
    follows(MEMBER)
    with override_settings(MOTCUA_HANDLERS="motcua.site.wiring.HANDLERS"):
        says(members, member="lapsed")
    loaded = LedgerEntry.objects.filter(name="RegisterLoaded").latest("happened_at")

    deliver_once(
        lane=loaded.lane,
        sequence=loaded.sequence,
        handler="motcua.cases.following.follow_a_load",
        now=LATER,
    )

    queued = ProcrastinateJob.objects.filter(task_name="motcua.cases.follow")
    assert [job.args for job in queued] == [{"procedure_code": "garden_key", "after": ""}]


def test_one_part_queues_the_next(follows: File, members: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("motcua.cases.services.following.CASES_A_PART", 2)
    numbers = [follows(MEMBER, key=f"k{place}").number for place in range(3)]
    says(members, member="lapsed")

    first = follow_on(procedure_code="garden_key", after="", now=LATER)
    rest = follow_on(procedure_code="garden_key", after=first.last, now=LATER)

    queued = ProcrastinateJob.objects.filter(task_name="motcua.cases.follow")
    assert (first.changed, rest.changed, rest.last) == (2, 1, "")
    assert [job.args["after"] for job in queued] == [sorted(numbers)[1]]
    assert set(Case.objects.values_list("state", flat=True)) == {"revoked"}


def test_a_pass_that_others_end_meanwhile_is_not_followed_past_them(
    follows: File, members: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filed = follows(MEMBER)
    says(members, member="lapsed")
    turn_together = following.turn_together

    def meanwhile(*args: object, **more: object) -> set[str]:
        Credential.objects.update(revoked_at=LATER, revoke_reason="switch")
        return turn_together(*args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(following, "turn_together", meanwhile)

    with pytest.raises(following.PassMovedOn):
        follow()

    assert case_of(filed).state == "granted"
