"""Installing a pack: a new content is a new revision, the same content is not, and a bad one changes nothing."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from motcua.packs.findings import PackRefused
from motcua.packs.services import install_pack, was_replaced
from motcua.procedures.models import Procedure, Revision
from motcua.procedures.queries import procedure_in_force, revision, texts_of
from motcua.procedures.services import install_revision
from motcua.registers.declaration import read_declaration
from motcua.registers.services import declare

from .conftest import ROOT, Spoiled

pytestmark = pytest.mark.django_db
NOW = datetime(2021, 9, 4, 2, tzinfo=UTC)
LATER = datetime(2021, 9, 5, 2, tzinfo=UTC)
REGISTERS = ROOT / "src" / "motcua" / "site" / "demo" / "registers"


@pytest.fixture
def declared() -> None:
    for path in sorted(REGISTERS.glob("*.yaml")):
        declare(read_declaration(path), now=NOW)


@pytest.mark.usefixtures("declared")
@pytest.mark.parametrize("folder", ["travel_pass", "market_card"])
def test_pack_of_the_repository_installs(folder: str) -> None:
    installed = install_pack(path=ROOT / "packs" / folder, now=NOW)

    assert (installed.code, installed.revision, installed.fresh) == (folder, 1, True)
    assert procedure_in_force(folder).model.decisions


@pytest.mark.usefixtures("declared")
def test_same_content_twice_is_one_revision(travel_pass: Spoiled) -> None:
    install_pack(path=travel_pass.folder, now=NOW)

    again = install_pack(path=travel_pass.folder, now=LATER)

    assert (again.revision, again.fresh) == (1, False)
    assert Revision.objects.count() == 1


@pytest.mark.usefixtures("declared")
def test_changed_content_is_a_new_revision_and_the_old_one_stays_as_it_was(travel_pass: Spoiled) -> None:
    install_pack(path=travel_pass.folder, now=NOW)
    running = procedure_in_force("travel_pass")
    travel_pass.replace("letters/granted.yaml", "Dear {applicant}", "Good day {applicant}")

    installed = install_pack(path=travel_pass.folder, now=LATER)

    assert (installed.revision, installed.fresh) == (2, True)
    assert procedure_in_force("travel_pass").number == 2
    assert "Dear" in revision(running.revision_id).content.letters["granted"].body.en


@pytest.mark.usefixtures("declared")
def test_example_that_fails_keeps_the_pack_out(travel_pass: Spoiled) -> None:
    travel_pass.replace("examples/answers.yaml", "reason: essential_work", "reason: kindness")

    with pytest.raises(PackRefused, match="not grant/kindness"):
        install_pack(path=travel_pass.folder, now=NOW)

    assert not Procedure.objects.exists()


@pytest.mark.usefixtures("declared")
def test_purpose_that_the_owner_has_not_allowed_keeps_the_pack_out(pack: Spoiled) -> None:
    with pytest.raises(
        PackRefused, match=r"may not be asked for the purpose new_service. Ask its owner, cong_an"
    ):
        install_pack(path=pack.folder, now=NOW)

    assert not Procedure.objects.exists()


def test_register_that_is_not_declared_keeps_the_pack_out() -> None:
    with pytest.raises(PackRefused, match="the register population is not declared here"):
        install_pack(path=ROOT / "packs" / "market_card", now=NOW)

    assert not Procedure.objects.exists()


@pytest.mark.usefixtures("declared")
def test_column_that_the_register_does_not_have_keeps_the_pack_out(travel_pass: Spoiled) -> None:
    travel_pass.replace("facts.yaml", "returns: color", "returns: colour")

    with pytest.raises(PackRefused, match=r"zones has no column colour. Did you mean color\?"):
        install_pack(path=travel_pass.folder, now=NOW)


def test_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PackRefused, match="this is not a folder"):
        install_pack(path=tmp_path / "nowhere", now=NOW)


@pytest.mark.usefixtures("declared")
def test_pack_is_replaced_once_another_revision_came_after_it(travel_pass: Spoiled) -> None:
    assert not was_replaced(travel_pass.folder)
    install_pack(path=travel_pass.folder, now=NOW)
    assert not was_replaced(travel_pass.folder)
    standing = procedure_in_force("travel_pass")

    install_revision(content=standing.content, sha256="f" * 64, now=LATER)

    assert was_replaced(travel_pass.folder)


@pytest.mark.usefixtures("declared")
def test_files_are_kept_with_the_revision_and_anew_when_only_they_changed(travel_pass: Spoiled) -> None:
    install_pack(path=travel_pass.folder, now=NOW)
    travel_pass.write("SOURCES.md", "# Căn cứ đã được xác nhận\n")

    again = install_pack(path=travel_pass.folder, now=LATER)

    assert (again.revision, again.fresh) == (1, False)
    texts = texts_of(procedure_in_force("travel_pass").revision_id)
    assert texts["SOURCES.md"] == "# Căn cứ đã được xác nhận\n"
    assert texts["decisions/travel_pass.dmn"] == procedure_in_force("travel_pass").content.decision_model
