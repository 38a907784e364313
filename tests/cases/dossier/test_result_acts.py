"""A case reaches a signed and sealed paper by its acts; who may not sign, or has not read it, changes nothing."""

from datetime import timedelta

import pytest
from dossier import LEADER, OFFICE, ONE_STOP, SPECIALIST, Dossier, at, officer, rights

import motcua.cases.services.move as moving
from motcua.cases.models import CaseEntry
from motcua.cases.result_papers import PaperNotSeen
from motcua.cases.services import act_on_case, object_to_decision, withdraw_case
from motcua.cases.services.paper import open_result, paper_before_act, preview_of_paper
from motcua.documents.models import NumberRegister, Result, ResultSignature, SignatureKey
from motcua.documents.queries import check_paper, result_bytes, results_of_case
from motcua.documents.results import NoKeyToSignWith, SamePersonTwice
from motcua.documents.signing.report import Answer
from motcua.documents.states import ResultState
from motcua.identity.models import Appointment
from motcua.identity.rights import Rights
from motcua.registers.models import RegisterAccess


def states(case: Dossier) -> list[ResultState]:
    return [each.state for each in results_of_case(case.number)]


def test_acts_lead_to_a_valid_paper_one_after_the_other(accepted: Dossier) -> None:
    accepted.act("submit", SPECIALIST, "17 09:00")
    assert states(accepted) == [ResultState.SIGNED]
    accepted.act("approve", LEADER, "17 15:00")
    assert states(accepted) == [ResultState.APPROVED]

    assert accepted.act("seal", ONE_STOP, "17 16:00") == "issued"

    (paper,) = results_of_case(accepted.number)
    assert (paper.state, paper.number) == (ResultState.SEALED, "01/2026/GXN-TTPVHCC")
    assert paper.text is not None
    assert "Nguyễn Thị An" in paper.text.opening[0]
    checked = check_paper(result_bytes(paper.id), now=at("17 16:00") + timedelta(minutes=5))
    assert checked.answer is Answer.VALID


@pytest.mark.parametrize(("role", "act"), [(SPECIALIST, "submit"), (ONE_STOP, "seal")])
def test_nobody_signs_without_a_key_and_nothing_changes(accepted: Dossier, role: object, act: str) -> None:
    if act == "seal":
        accepted.act("submit", SPECIALIST, "17 09:00")
        accepted.act("approve", LEADER, "17 09:30")
    standing = (accepted.row.state, states(accepted), CaseEntry.objects.count())

    with pytest.raises(NoKeyToSignWith):
        accepted.act(act, role, "17 10:00", key=False)  # type: ignore[arg-type]

    assert (accepted.row.state, states(accepted), CaseEntry.objects.count()) == standing
    assert not NumberRegister.objects.exists()


def test_nobody_signs_what_they_have_not_read(accepted: Dossier) -> None:
    account = officer(SPECIALIST)

    for seen in ("", "0" * 64):
        with pytest.raises(PaperNotSeen):
            act_on_case(
                number=accepted.number,
                act="submit",
                rights=Rights(account.pk, rights(SPECIALIST).grants),
                reason="",
                seen_state="with_specialist",
                now=at("17 09:00"),
                seen_paper=seen,
            )

    assert accepted.row.state == "with_specialist"
    assert not Result.objects.exists()


def test_paper_that_says_otherwise_meanwhile_is_read_again(accepted: Dossier) -> None:
    shown = paper_before_act(
        number=accepted.number, act="submit", rights=rights(SPECIALIST), findings={}, now=at("17 09:00")
    )
    # The day stands on the paper: by tomorrow it is another.
    later = paper_before_act(
        number=accepted.number, act="submit", rights=rights(SPECIALIST), findings={}, now=at("18 09:00")
    )

    assert shown is not None
    assert later is not None
    assert shown.digest != later.digest
    assert preview_of_paper(
        number=accepted.number, act="submit", rights=rights(SPECIALIST), findings={}, now=at("17 09:00")
    ).startswith(b"%PDF")
    assert not Result.objects.exists()


def test_who_drew_it_up_does_not_approve_it(accepted: Dossier) -> None:
    accepted.act("submit", SPECIALIST, "17 09:00")
    drew_up, leader = officer(SPECIALIST), officer(LEADER)
    Appointment.objects.filter(account=leader).update(account=drew_up)
    # The leader's key as well: one person in two posts.
    SignatureKey.objects.filter(account=leader).update(account=drew_up)
    paper = results_of_case(accepted.number)[0]

    with pytest.raises(SamePersonTwice):
        act_on_case(
            number=accepted.number,
            act="approve",
            rights=Rights(drew_up.pk, rights(LEADER).grants),
            reason="",
            seen_state="with_leader",
            now=at("17 15:00"),
            seen_paper=paper.sha256,
        )

    assert states(accepted) == [ResultState.SIGNED]


def test_sent_back_it_is_drawn_up_anew(accepted: Dossier) -> None:
    accepted.act("submit", SPECIALIST, "17 09:00")
    accepted.act("send_back", LEADER, "17 10:00")

    accepted.act("submit", SPECIALIST, "17 11:00")

    assert states(accepted) == [ResultState.SIGNED, ResultState.ABANDONED]


def test_case_that_ends_otherwise_gives_its_paper_up(accepted: Dossier) -> None:
    accepted.act("submit", SPECIALIST, "17 09:00")
    accepted.act("refuse", LEADER, "17 10:00")
    assert states(accepted) == [ResultState.ABANDONED]

    object_to_decision(
        number=accepted.number, applicant_id=accepted.person.id, text="Chưa đúng.", now=at("18 08:30")
    )
    accepted.act("send_back", LEADER, "18 09:00")
    accepted.act("submit", SPECIALIST, "18 10:00")
    withdraw_case(number=accepted.number, applicant_id=accepted.person.id, now=at("18 11:00"))

    assert states(accepted) == [ResultState.ABANDONED, ResultState.ABANDONED]
    assert not NumberRegister.objects.exists()


def test_what_fails_after_signing_leaves_no_signature_and_no_number(
    accepted: Dossier, monkeypatch: pytest.MonkeyPatch
) -> None:
    accepted.act("submit", SPECIALIST, "17 09:00")
    accepted.act("approve", LEADER, "17 15:00")

    def breaks(*_given: object, **_more: object) -> None:
        raise RuntimeError("the machine stops")

    with monkeypatch.context() as broken:
        broken.setattr(moving, "ask_fees_on_arrival", breaks)
        with pytest.raises(RuntimeError):
            accepted.act("seal", ONE_STOP, "17 16:00")
    assert (accepted.row.state, states(accepted)) == ("approved", [ResultState.APPROVED])

    accepted.act("seal", ONE_STOP, "17 16:05")

    assert ResultSignature.objects.filter(signatory="agency").count() == 1
    assert results_of_case(accepted.number)[0].number == "01/2026/GXN-TTPVHCC"


def test_officer_who_reads_the_file_is_told_to_the_applicant(accepted: Dossier) -> None:
    accepted.act("submit", SPECIALIST, "17 09:00")
    paper = results_of_case(accepted.number)[0]

    content = open_result(
        number=accepted.number, result_id=paper.id, rights=rights(LEADER), now=at("17 10:00")
    )

    assert content == result_bytes(paper.id)
    noted = RegisterAccess.objects.get(case_number=accepted.number)
    assert (noted.agency_path, noted.columns) == (OFFICE, ["result"])
