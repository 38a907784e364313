"""A workflow whose clock contradicts its phases, or whose pauses and extensions lead nowhere, is refused."""

import shutil
from pathlib import Path

import pytest

from motcua.packs.checks import check_pack
from motcua.packs.proof import prove
from motcua.packs.reading import read_pack

from .conftest import ROOT, Spoiled

FILE = "workflow.yaml"


@pytest.fixture
def dossier(tmp_path: Path) -> Spoiled:
    folder = tmp_path / "marital_status"
    shutil.copytree(ROOT / "packs" / "marital_status", folder)
    return Spoiled(folder)


def test_pack_without_a_decision_is_in_order_and_proven(dossier: Spoiled) -> None:
    pack = read_pack(dossier.folder)

    assert check_pack(pack) == []
    assert prove(pack).findings == ()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("    phase: citizen\n", "    phase: person\n", "has the phase person and the clock additions"),
        ("    clock: additions\n", "    clock: runs\n", "has the phase citizen and the clock runs"),
        ("    phase: refused\n", "    phase: refused\n    clock: runs\n", "has the phase refused and the clock runs"),
        ("    worked_on_by: cong_an\n", "    clock: receiving\n", "is not the start and has the clock receiving"),
        ("    by: [citizen]\n    needs_reason: true\n  verify", "    by: [specialist]\n    needs_reason: true\n  verify",
         "can supply nothing"),
        ("    letter: extended\n", "", "sets a new date without telling"),
        ("    letter: additions\n", "", "asks for additions without telling"),
        ("    clock: receiving\n", "", "the service has no legal clock"),
        ("    within_working_days: 1.5\n", "    within_working_days: 3\n", "the steps take 4.5 of 3 working days"),
    ],
)  # fmt: skip
def test_clock_that_contradicts_the_workflow_is_refused(
    dossier: Spoiled, old: str, new: str, said: str
) -> None:
    dossier.replace(FILE, old, new)

    assert any(said in finding.problem for finding in dossier.refusal())


def test_two_terms_that_differ_are_refused(dossier: Spoiled) -> None:
    dossier.replace(
        "pack.yaml", "within_working_days: 3\n", "within_working_days: 3\nwithin_working_hours: 20\n"
    )

    assert any("3 working days are 24 working hours" in finding.problem for finding in dossier.refusal())


def test_quarter_of_a_day_is_no_term(dossier: Spoiled) -> None:
    dossier.replace("pack.yaml", "within_working_days: 3\n", "within_working_days: 0.25\n")

    assert dossier.refusal()


def test_fact_that_nobody_reads_is_not_asked(dossier: Spoiled) -> None:
    dossier.write(
        "facts.yaml",
        "- name: listed\n  label: {vi: Có tên, en: Listed}\n  register: population\n  match: {person: applicant}\n",
    )

    assert any("nobody decides by rule" in finding.problem for finding in dossier.refusal())


def test_condition_over_an_unknown_name_is_refused(dossier: Spoiled) -> None:
    dossier.replace(FILE, "when: lived elsewhere = true", "when: lived elsewhre = true")

    assert dossier.refusal()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("due: 2026-11-27 10:00, letter: accepted", "due: 2026-11-26 10:00, letter: accepted", "2026-11-27 10:00"),
        ("until: 2026-12-04 17:00, refused: true", "until: 2026-12-04 17:00", "once only"),
        ("at: 2026-11-16 08:10, refused: true", "at: 2026-11-16 08:10", "accept is not open"),
        ("state: awaiting_additions, at: 2026-11-17 08:30, due: paused, letter: additions",
         "state: with_leader, at: 2026-11-17 08:30", "leads to awaiting_additions, not with_leader"),
        ("due: over, letter: refused", "due: over, letter: approved", "sends the letter refused, not approved"),
        ("- {act: accept, by: specialist, state: received, at: 2026-11-16 08:10, refused: true}",
         "- {act: accept, by: one_stop_officer, state: received, at: 2026-11-16 08:10, refused: true}",
         "is not refused"),
    ],
)  # fmt: skip
def test_example_that_comes_out_otherwise_is_told(dossier: Spoiled, old: str, new: str, said: str) -> None:
    dossier.replace("examples/cases.yaml", old, new)

    found = prove(read_pack(dossier.folder)).findings

    assert any(said in finding.problem for finding in found), found
