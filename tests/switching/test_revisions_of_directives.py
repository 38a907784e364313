"""A directive that names a revision of a service puts it in force with itself, and takes it back when undone."""

from datetime import timedelta

from garden import content, words
from town import CREDENTIAL, FACTS, MANIFEST, MODEL, NOW, SWITCH_AT, Town

from motcua.identity.rights import Rights
from motcua.procedures.queries import procedure_in_force
from motcua.procedures.services import install_revision
from motcua.switching.dryrun import run, start
from motcua.switching.faults import kept
from motcua.switching.faults import told as fault_words
from motcua.switching.run_queries import dry_run
from motcua.switching.switch import execute
from motcua.switching.undo import undo

NAMES_THE_FIRST = "[05/CT-UBND]\nrevisions: {garden_key: 1}"


def _install_second(town: Town) -> None:
    changed = {**MANIFEST, "within_working_hours": 99}
    install_revision(
        content=content(manifest=changed, facts=FACTS, credential=CREDENTIAL, decision_model=MODEL),
        sha256="c" * 64,
        now=SWITCH_AT - timedelta(hours=3),
    )


def test_requests_are_under_the_named_revision_until_the_switch_is_undone(town: Town) -> None:
    _install_second(town)
    town.file(0)

    switch = town.switched(more=NAMES_THE_FIRST)

    enacted = procedure_in_force("garden_key")
    assert (enacted.sha256, enacted.number) == ("b" * 64, 3)
    assert enacted.installed_at == switch.begun_at
    assert town.file(3, now=SWITCH_AT + timedelta(hours=1)).state
    undo(switch_id=switch.pk, account_id=town.chair, now=SWITCH_AT + timedelta(hours=2))
    assert execute(switch.pk, SWITCH_AT + timedelta(hours=2)) == "undone"
    assert procedure_in_force("garden_key").sha256 == "c" * 64


def test_what_was_installed_since_stays_when_the_switch_is_undone(town: Town) -> None:
    _install_second(town)
    switch = town.switched(more=NAMES_THE_FIRST)
    later = {**MANIFEST, "within_working_hours": 77}
    install_revision(
        content=content(manifest=later, facts=FACTS, credential=CREDENTIAL, decision_model=MODEL),
        sha256="d" * 64,
        now=SWITCH_AT + timedelta(hours=1),
    )

    undo(switch_id=switch.pk, account_id=town.chair, now=SWITCH_AT + timedelta(hours=2))

    assert procedure_in_force("garden_key").sha256 == "d" * 64


def test_revision_in_force_already_is_not_installed_again(town: Town) -> None:
    town.switched(more=NAMES_THE_FIRST)

    assert procedure_in_force("garden_key").number == 1


def test_line_that_mixes_law_and_the_holder_is_told_in_words_with_its_remedy(town: Town) -> None:
    town.file(0)
    claims = [{"key": "n", "name": "holder", "label": words("Tên"), "value": 'holder name + " " + color'}]
    install_revision(
        content=content(
            manifest=MANIFEST,
            facts=FACTS,
            credential={**CREDENTIAL, "claims": claims},
            decision_model=MODEL,
        ),
        sha256="c" * 64,
        now=SWITCH_AT - timedelta(hours=3),
    )
    draft = town.draft(
        "08/CT-UBND", "{limits.days: 14}", at=SWITCH_AT, more="[05/CT-UBND]\nrevisions: {garden_key: 2}"
    )

    run_id = start(directive_id=draft, account_id=town.chair, now=NOW)
    assert run(run_id=run_id, now=NOW) == "failed"

    told = dry_run(run_id, Rights(town.chair, ())).fault
    assert "Không so được giấy của dịch vụ garden_key (phiên bản 1 và 2)" in told.vi
    assert "“holder name”" in told.vi
    assert "Cách sửa" in told.vi
    assert "Remedy" in told.en


def test_fault_of_the_machine_names_no_row(town: Town) -> None:
    told = fault_words(kept(ZeroDivisionError("Nguyễn Văn A")))

    assert "ZeroDivisionError" in told.vi
    assert "Nguyễn" not in told.vi
    assert "người vận hành" in told.vi
