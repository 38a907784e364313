"""Proving a pack: an example that is wrong, or a rule that none reaches, keeps the pack out."""

import pytest

from motcua.packs.proof import Proof, prove
from motcua.packs.reading import read_pack

from .conftest import Spoiled

ANSWERS = "examples/answers.yaml"


def proof_of(pack: Spoiled) -> Proof:
    return prove(read_pack(pack.folder))


def faults_of(pack: Spoiled, name: str) -> tuple[str, ...]:
    return next(each.faults for each in proof_of(pack).examples if each.name == name)


def test_pack_to_begin_from_is_proven(pack: Spoiled) -> None:
    proof = proof_of(pack)

    assert proof.findings == ()
    assert len(proof.examples) == 7


def test_wrong_answer_is_told_with_what_came_out_and_where(pack: Spoiled) -> None:
    line = pack.replace(ANSWERS, "answer: refuse, reason: moved_away", "answer: grant, reason: resident")

    (finding,) = proof_of(pack).findings

    assert (finding.file, finding.line) == (ANSWERS, line)
    assert "moved_away: comes out as refuse/moved_away, not grant/resident" in finding.problem


@pytest.mark.parametrize(
    ("old", "new", "name", "fault"),
    [
        ("days_needed: 31}, answer: refuse}", "days_needed: 30}, answer: refuse}", "resident_is_granted", "not refuse/any"),
        ("days_needed: 31}, answer: refuse}", "days_needed: 29}, answer: grant}", "resident_is_granted", "does not turn the answer"),
        ("given: {days_needed: 30}", "given: {day_needed: 30}", "thirty_days_are_allowed", "Did you mean days_needed?"),
        ("given: {residence_status: null}", "given: {residence_status: lost}", "register_silent", "not allowed"),
        ("base: {residence_status: resident, ", "base: {", "resident_is_granted", '"residence status" is not given; write null'),
        ("name: moved_away,", "name: register_silent,", "register_silent", ""),
        ("state: granted", "state: refused", "from_request_to_credential", "leads to granted, not refused"),
        ("letter: granted", "letter: refused", "from_request_to_credential", "sends the letter granted, not refused"),
        ("holder: Nguyễn Thị An", "holder: Ai khác", "from_request_to_credential", 'the claim holder is "Nguyễn Thị An", not "Ai khác"'),
        ("valid_until: 2026-11-11", "valid_until: 2026-11-12", "from_request_to_credential", "valid_until is 2026-11-11, not 2026-11-12"),
        ("form: {days_needed: 10}", "form: {days_needed: 0}", "from_request_to_credential", "the form refuses days_needed, not none"),
        ("    state: granted\n", "    state: granted\n    refused_fields: [note]\n", "from_request_to_credential", "takes what it should refuse in note"),
        ("    valid_until: 2026-11-11\n", "    then: [{act: object, by: citizen, state: with_officer}]\n", "from_request_to_credential", "object is not open in state granted"),
        ("facts: {residence_status: temporary}", "facts: {residence_status: moved_away}", "from_request_to_credential", "no credential is issued on this way"),
        ("today: 2026-11-02", "today: 2026-13-02", "from_request_to_credential", "month must be in"),
    ],
)  # fmt: skip
def test_example_that_does_not_hold_says_why(
    old: str, new: str, name: str, fault: str, pack: Spoiled
) -> None:
    pack.replace(ANSWERS, old, new)

    proof = proof_of(pack)

    assert any(fault in found for each in proof.examples if each.name == name for found in each.faults), (
        proof.findings
    )


def test_rule_that_no_example_reaches_is_told_with_its_line(pack: Spoiled) -> None:
    pack.replace(
        ANSWERS,
        "  - {name: days_left_empty, given: {days_needed: null}, answer: refer, reason: days_unknown}\n",
        "",
    )

    (finding,) = proof_of(pack).findings

    assert finding.problem == "no example reaches verdict, rule 4"
    assert finding.line > 0


def test_output_of_another_type_is_another_value(travel_pass: Spoiled) -> None:
    travel_pass.replace(ANSWERS, "{validity days: 14}", '{validity days: "14"}')

    assert faults_of(travel_pass, "longest_stay_between_green_zones") == ('validity days is 14, not "14"',)


def test_output_that_the_pack_does_not_have_is_told(travel_pass: Spoiled) -> None:
    travel_pass.replace(ANSWERS, "{validity days: 14}", "{valid days: 14}")

    (fault,) = faults_of(travel_pass, "longest_stay_between_green_zones")

    assert fault.endswith("Did you mean validity days?")


def test_act_that_leads_elsewhere_than_written_is_told(travel_pass: Spoiled) -> None:
    travel_pass.replace(
        "examples/cases.yaml",
        "{act: revoke, by: approver, state: revoked}",
        "{act: revoke, by: approver, state: refused}",
    )

    assert faults_of(travel_pass, "granted_pass_carries_what_an_inspector_needs") == (
        "revoke leads to revoked, not refused",
    )


def test_act_by_somebody_who_may_not_is_told(travel_pass: Spoiled) -> None:
    travel_pass.replace("examples/cases.yaml", "{act: revoke, by: approver", "{act: revoke, by: citizen")

    (fault,) = faults_of(travel_pass, "granted_pass_carries_what_an_inspector_needs")

    assert fault.startswith("revoke is not open in state granted")


def test_claim_that_comes_out_empty_is_told(travel_pass: Spoiled) -> None:
    travel_pass.replace("credential.yaml", 'if plate = null then "-" else plate', "plate")

    assert "the claim plate is null" in faults_of(travel_pass, "pass_of_one_day_ends_the_day_it_begins")


def test_claims_that_no_qr_can_hold_are_told(travel_pass: Spoiled) -> None:
    # Not one word twice, since what repeats is compressed.
    long = " ".join(
        chr(start + step) * 2 + chr(start + 2 * step)
        for start in (0x1EA0, 0xC0, 0x100)
        for step in range(1, 14)
    )
    travel_pass.replace("examples/cases.yaml", "Phường Ngũ Hành Sơn}", f"'{long}'}}")

    faults = faults_of(travel_pass, "granted_pass_carries_what_an_inspector_needs")

    assert any("of 400 allowed" in fault for fault in faults)
