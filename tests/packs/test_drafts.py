"""A draft of rules: begun from what is in force, saved by one at a time, proved, installed by a second person."""

import json

import pytest
from drafting import (
    CITY,
    CODE,
    EXAMPLES,
    LATER,
    MODEL,
    NOW,
    OFFICE,
    Designer,
    at_most,
    designer,
    examples_for,
    service,
)

from motcua.events.models import LedgerEntry
from motcua.identity.rights import NO_RIGHTS
from motcua.identity.states import Role
from motcua.packs.drafts import (
    DraftMovedOn,
    DraftNotClean,
    FilesNotKept,
    NothingChanged,
    RevisionMovedOn,
    SecondPersonNeeded,
    ServiceNotYours,
    begin_draft,
    discard_draft,
    install_draft,
    save_files,
)
from motcua.packs.models import DraftVersion, RuleDraft
from motcua.packs.queries import NoOpenDraft, drafts_of, open_draft, services_to_design
from motcua.packs.states import Outcome
from motcua.procedures.models import Revision
from motcua.procedures.queries import in_force_at, procedure_in_force, revisions_of, texts_of
from motcua.procedures.services import install_revision

__all__ = ["designer", "service"]
pytestmark = pytest.mark.django_db
OTHER = "dn.so_y_te"


def everything() -> list[object]:
    return [
        list(Revision.objects.order_by("pk").values_list("sha256", "withdrawn_at")),
        list(RuleDraft.objects.order_by("pk").values_list("version", "outcome")),
        DraftVersion.objects.count(),
        LedgerEntry.objects.count(),
    ]


def written(designer: Designer, days: int = 20) -> int:
    """Return a draft that lan has written and that is clean."""
    draft = begin_draft(code=CODE, rights=designer("lan"), now=NOW)
    files = {MODEL: at_most(days), EXAMPLES: examples_for(days)}
    save_files(draft_id=draft, seen_version=0, files=files, rights=designer("lan"), now=NOW)
    return draft


def test_draft_begins_from_the_files_in_force(designer: Designer) -> None:
    begin_draft(code=CODE, rights=designer(), now=NOW)

    _, draft = open_draft(CODE, designer())
    assert draft.texts == texts_of(procedure_in_force(CODE).revision_id)
    assert {MODEL, EXAMPLES, "SOURCES.md", "pack.yaml"} <= set(draft.texts)
    assert (draft.based_on, draft.version, draft.authors) == (1, 0, frozenset())
    assert LedgerEntry.objects.get(name="DraftBegun").body == {"draft": draft.id, "based_on": 1}


def test_two_who_begin_get_the_same_draft(designer: Designer) -> None:
    first = begin_draft(code=CODE, rights=designer("lan"), now=NOW)

    second = begin_draft(code=CODE, rights=designer("minh"), now=LATER)

    assert first == second
    assert LedgerEntry.objects.filter(name="DraftBegun").count() == 1


def test_revision_without_files_begins_no_draft(designer: Designer) -> None:
    Revision.objects.update(texts={})
    before = everything()

    with pytest.raises(FilesNotKept):
        begin_draft(code=CODE, rights=designer(), now=NOW)

    assert everything() == before


def test_save_keeps_who_when_and_what(designer: Designer) -> None:
    draft = begin_draft(code=CODE, rights=designer("lan"), now=NOW)

    version = save_files(
        draft_id=draft, seen_version=0, files={MODEL: at_most(20)}, rights=designer("minh"), now=LATER
    )

    _, view = open_draft(CODE, designer())
    (saving,) = view.savings
    assert (version, view.version, saving.files, saving.saved_at) == (1, 1, (MODEL,), LATER)
    assert saving.saved_by == designer("minh").account_id
    entry = LedgerEntry.objects.get(name="DraftSaved")
    assert (entry.subject, entry.actor, entry.body["files"]) == (CODE, f"account:{saving.saved_by}", MODEL)
    assert "tối đa 20" not in json.dumps(entry.body, ensure_ascii=False)


def test_second_of_two_saves_from_the_same_page_is_refused_and_overwrites_nothing(designer: Designer) -> None:
    draft = begin_draft(code=CODE, rights=designer(), now=NOW)
    save_files(draft_id=draft, seen_version=0, files={MODEL: at_most(20)}, rights=designer("lan"), now=NOW)
    before = everything()

    with pytest.raises(DraftMovedOn):
        save_files(
            draft_id=draft, seen_version=0, files={MODEL: at_most(10)}, rights=designer("minh"), now=LATER
        )

    assert everything() == before
    assert open_draft(CODE, designer())[1].texts[MODEL].encode() == at_most(20)


def test_same_text_is_nothing_to_save(designer: Designer) -> None:
    draft = begin_draft(code=CODE, rights=designer(), now=NOW)
    text = open_draft(CODE, designer())[1].texts[EXAMPLES]
    # A browser sends a text field with the line ends of a form.
    files = {EXAMPLES: text.replace("\n", "\r\n").encode()}
    before = everything()

    with pytest.raises(NothingChanged):
        save_files(draft_id=draft, seen_version=0, files=files, rights=designer(), now=NOW)

    assert everything() == before


@pytest.mark.parametrize("path", ["pack.yaml", "workflow.yaml", "../pack.yaml", "decisions/other.dmn", ""])
def test_file_that_is_not_of_the_rules_is_not_changed(designer: Designer, path: str) -> None:
    draft = begin_draft(code=CODE, rights=designer(), now=NOW)
    before = everything()

    with pytest.raises(ServiceNotYours):
        save_files(draft_id=draft, seen_version=0, files={path: b"x: 1\n"}, rights=designer(), now=NOW)

    assert everything() == before


def test_second_person_installs_and_running_revision_stays_as_it_was(designer: Designer) -> None:
    draft = written(designer, days=20)

    installed = install_draft(draft_id=draft, seen_version=1, rights=designer("minh"), now=LATER)

    assert (installed.revision, installed.holds_from) == (2, LATER)
    old, new = revisions_of(CODE)
    assert (old.withdrawn_at, new.installed_at, new.withdrawn_at) == (LATER, LATER, None)
    assert "&gt; 20" in procedure_in_force(CODE).content.decision_model
    assert texts_of(new.id)[EXAMPLES].encode() == examples_for(20)
    (closed,) = drafts_of(CODE, designer())
    assert (closed.outcome, closed.installed, closed.closed_at) == (Outcome.INSTALLED, 2, LATER)
    lan, minh = designer("lan").account_id, designer("minh").account_id
    entry = LedgerEntry.objects.get(name="RulesInstalled")
    assert (entry.subject, entry.actor, entry.agency_path) == (CODE, f"account:{minh}", OFFICE)
    assert entry.body == {
        "draft": draft,
        "version": 1,
        "based_on": 1,
        "revision": 2,
        "sha256": new.sha256,
        "authors": f"account:{lan}",
    }


def test_author_does_not_install(designer: Designer) -> None:
    draft = written(designer)
    save_files(
        draft_id=draft, seen_version=1, files={"SOURCES.md": b"# Law\n"}, rights=designer("minh"), now=NOW
    )
    before = everything()

    for author in ("lan", "minh"):
        with pytest.raises(SecondPersonNeeded):
            install_draft(draft_id=draft, seen_version=2, rights=designer(author), now=LATER)

    assert everything() == before


def test_draft_with_a_failing_example_is_not_installed(designer: Designer) -> None:
    draft = begin_draft(code=CODE, rights=designer(), now=NOW)
    save_files(draft_id=draft, seen_version=0, files={MODEL: at_most(20)}, rights=designer(), now=NOW)
    before = everything()

    with pytest.raises(DraftNotClean) as refused:
        install_draft(draft_id=draft, seen_version=1, rights=designer("minh"), now=LATER)

    assert {"thirty_days_are_allowed"} <= {each.name for each in refused.value.report.failed}
    assert everything() == before


def test_draft_whose_question_the_register_no_longer_allows_is_not_installed(designer: Designer) -> None:
    from motcua.registers.models import Register

    draft = written(designer)
    register = Register.objects.get(name="population")
    register.declaration = {**register.declaration, "purposes": ["travel_pass"]}
    register.save(update_fields=["declaration"])
    before = everything()

    with pytest.raises(DraftNotClean, match="may not be asked for the purpose new_service"):
        install_draft(draft_id=draft, seen_version=1, rights=designer("minh"), now=LATER)

    assert everything() == before


def test_draft_that_was_saved_since_it_was_read_is_not_installed(designer: Designer) -> None:
    draft = written(designer)
    save_files(
        draft_id=draft, seen_version=1, files={"SOURCES.md": b"# Law\n"}, rights=designer("lan"), now=NOW
    )
    before = everything()

    with pytest.raises(DraftMovedOn):
        install_draft(draft_id=draft, seen_version=1, rights=designer("minh"), now=LATER)

    assert everything() == before


def test_draft_of_an_earlier_revision_is_not_installed(designer: Designer) -> None:
    draft = written(designer)
    standing = procedure_in_force(CODE)
    install_revision(content=standing.content, sha256="f" * 64, now=LATER)
    before = everything()

    with pytest.raises(RevisionMovedOn):
        install_draft(draft_id=draft, seen_version=1, rights=designer("minh"), now=LATER)

    assert everything() == before


def test_draft_without_another_rule_is_not_installed(designer: Designer) -> None:
    draft = begin_draft(code=CODE, rights=designer("lan"), now=NOW)
    save_files(
        draft_id=draft, seen_version=0, files={"SOURCES.md": b"# Law\n"}, rights=designer("lan"), now=NOW
    )
    before = everything()

    with pytest.raises(NothingChanged):
        install_draft(draft_id=draft, seen_version=1, rights=designer("minh"), now=LATER)

    assert everything() == before


def test_discarded_draft_is_kept_and_changes_nothing_in_force(designer: Designer) -> None:
    draft = written(designer)

    discard_draft(draft_id=draft, seen_version=1, rights=designer("lan"), now=LATER)

    (closed,) = drafts_of(CODE, designer())
    assert (closed.outcome, len(closed.savings), closed.closed_at) == (Outcome.DISCARDED, 1, LATER)
    assert procedure_in_force(CODE).number == 1
    with pytest.raises(NoOpenDraft):
        open_draft(CODE, designer())
    assert begin_draft(code=CODE, rights=designer(), now=LATER) != draft


def test_closed_draft_takes_nothing_more(designer: Designer) -> None:
    draft = written(designer)
    discard_draft(draft_id=draft, seen_version=1, rights=designer(), now=NOW)
    before = everything()

    with pytest.raises(DraftMovedOn):
        save_files(draft_id=draft, seen_version=1, files={MODEL: at_most(5)}, rights=designer(), now=LATER)
    with pytest.raises(DraftMovedOn):
        discard_draft(draft_id=draft, seen_version=1, rights=designer(), now=LATER)
    with pytest.raises(DraftMovedOn):
        install_draft(draft_id=draft, seen_version=1, rights=designer("minh"), now=LATER)

    assert everything() == before


# Who designs the services of so_ttt: designers of the office or above it, for every place that it serves.
WHO = [
    *(
        pytest.param(role, OFFICE, CITY, role is Role.SERVICE_DESIGNER, id=f"{role.value} of the office")
        for role in Role
    ),
    pytest.param(Role.SERVICE_DESIGNER, "dn", CITY, True, id="designer of the city"),
    pytest.param(Role.SERVICE_DESIGNER, "dn", "vn", True, id="designer for the whole country"),
    pytest.param(Role.SERVICE_DESIGNER, OTHER, CITY, False, id="designer of another office"),
    pytest.param(Role.SERVICE_DESIGNER, f"{OFFICE}.phong", CITY, False, id="designer of an office below"),
    pytest.param(Role.SERVICE_DESIGNER, OFFICE, f"{CITY}.w20242", False, id="designer for one ward"),
]


@pytest.mark.parametrize(("role", "agency", "place", "may"), WHO)
def test_who_can_and_who_cannot(designer: Designer, role: Role, agency: str, place: str, may: bool) -> None:
    draft = written(designer)
    rights = designer("somebody", role=role, agency=agency, place=place)
    acts = (
        lambda: open_draft(CODE, rights),
        lambda: drafts_of(CODE, rights),
        lambda: begin_draft(code=CODE, rights=rights, now=LATER),
        lambda: save_files(
            draft_id=draft, seen_version=1, files={MODEL: at_most(9)}, rights=rights, now=LATER
        ),
        lambda: discard_draft(draft_id=draft, seen_version=2, rights=rights, now=LATER),
    )
    before = everything()

    assert bool(services_to_design(rights)) is may
    for act in acts:
        if may:
            act()
        else:
            with pytest.raises(ServiceNotYours):
                act()
    if not may:
        with pytest.raises(ServiceNotYours):
            install_draft(draft_id=draft, seen_version=1, rights=rights, now=LATER)
        assert everything() == before


def test_nobody_signed_in_finds_no_draft(designer: Designer) -> None:
    written(designer)

    with pytest.raises(ServiceNotYours):
        open_draft(CODE, NO_RIGHTS)


@pytest.mark.parametrize("code", ["no_such", "../etc", ""])
def test_unknown_service_is_as_one_of_another_office(designer: Designer, code: str) -> None:
    with pytest.raises(ServiceNotYours):
        begin_draft(code=code, rights=designer(), now=NOW)


def test_revision_in_force_is_found_for_every_moment(designer: Designer) -> None:
    install_draft(draft_id=written(designer), seen_version=1, rights=designer("minh"), now=LATER)
    lines = revisions_of(CODE)

    assert in_force_at(lines, NOW) is None
    assert [in_force_at(lines, moment).number for moment in (LATER,)] == [1]  # type: ignore[union-attr]
    Revision.objects.update(withdrawn_at=LATER)
    after = revisions_of(CODE)
    assert in_force_at(after, LATER.replace(year=2027)) is None
