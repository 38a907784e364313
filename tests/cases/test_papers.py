"""A service that asks for papers: whose they are, how each part was provided, and what is counted of it."""

import uuid
from datetime import timedelta

import pytest
from garden import MEMBER, NOW, STRANGER, WARD, Cite, approver
from garden_papers import paper_form, with_papers
from papers import pdf

from motcua.cases.models import Case
from motcua.cases.queries import CaseNotFound
from motcua.cases.services import Filed, file_case
from motcua.cases.services.papers import open_paper_of_case
from motcua.cases.states import Channel
from motcua.procedures.forms import FormNotReadable, FormRefused, read_form
from motcua.procedures.queries import ProcedureView, procedure_in_force
from motcua.procedures.services import install_revision
from motcua.registers.queries import accesses_of
from motcua.vault.models import Component
from motcua.vault.queries import ComponentCounts, component_counts, components_of_case, papers_of
from motcua.vault.services import PaperHeld, PaperNotYours, delete_paper, keep_upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def asking(procedure: ProcedureView) -> ProcedureView:
    install_revision(content=with_papers(replaced_by="fact.member"), sha256="b" * 64, now=NOW)
    return procedure_in_force("garden_key")


def keep(person_id: int, *, pages: int = 2, kind: str = "other", added_for: str = "") -> uuid.UUID:
    return keep_upload(
        person_id=person_id,
        kind=kind,
        title="Thẻ",
        file_name="the.pdf",
        content=pdf(pages=pages),
        now=NOW,
        today=NOW.date(),
        added_for=added_for,
    ).id


def filing(asking: ProcedureView, citizen: Cite, number: str, proof: object) -> Filed:
    who = citizen(number)
    return file_case(
        procedure=asking,
        values={"ward": WARD, "proof": str(proof)},
        applicant=who.person,
        account_id=who.account_id,
        channel=Channel.ONLINE,
        key=str(uuid.uuid4()),
        now=NOW,
    )


def means_of(number: str) -> list[str]:
    return [each.means.value for each in components_of_case(number)]


def test_paper_uploaded_in_the_form_is_digitized_and_then_reused(
    asking: ProcedureView, citizen: Cite
) -> None:
    paper = keep(citizen(MEMBER).person.id, added_for="garden_key")

    first = filing(asking, citizen, MEMBER, paper)
    second = filing(asking, citizen, MEMBER, paper)

    assert (means_of(first.number), means_of(second.number)) == (["uploaded"], ["reused"])


def test_paper_kept_before_is_reused(asking: ProcedureView, citizen: Cite) -> None:
    done = filing(asking, citizen, MEMBER, keep(citizen(MEMBER).person.id))

    assert means_of(done.number) == ["reused"]


def test_data_stand_in_for_a_paper_and_are_counted(asking: ProcedureView, citizen: Cite) -> None:
    done = filing(asking, citizen, MEMBER, "data")

    (part,) = components_of_case(done.number)
    assert (part.means, part.fact, part.paper) == ("data", "member", None)


def test_data_that_nobody_has_leave_the_part_missing(asking: ProcedureView, citizen: Cite) -> None:
    # The register knows this person and has no standing of theirs.
    done = filing(asking, citizen, "048085000033", "data")

    assert means_of(done.number) == ["missing"]


def test_counts_of_a_period_say_digitized_and_reused(asking: ProcedureView, citizen: Cite) -> None:
    paper = keep(citizen(MEMBER).person.id, added_for="garden_key")
    for proof in (paper, paper, "data"):
        filing(asking, citizen, MEMBER, proof)
    filing(asking, citizen, "048085000033", "data")

    counts = component_counts(since=NOW, until=NOW + timedelta(days=1), procedure_code="garden_key")

    assert counts == ComponentCounts(asked=4, uploaded=1, reused_papers=1, data=1, missing=1)
    assert (counts.digitized, counts.reused) == (3, 2)
    assert component_counts(since=NOW - timedelta(days=1), until=NOW).asked == 0


@pytest.mark.parametrize("whose", ["another person's", "of another kind", "nobody's", "not an id"])
def test_paper_that_does_not_fit_files_nothing(asking: ProcedureView, citizen: Cite, whose: str) -> None:
    proof: object = {
        "another person's": lambda: keep(citizen(STRANGER).person.id),
        "of another kind": lambda: keep(citizen(MEMBER).person.id, kind="diploma"),
        "nobody's": uuid.uuid4,
        "not an id": lambda: "../../etc/passwd",
    }[whose]()

    with pytest.raises(FormRefused) as refusal:
        filing(asking, citizen, MEMBER, proof)

    assert set(refusal.value.errors) == {"proof"}
    assert not Case.objects.exists()
    assert not Component.objects.exists()


def test_data_are_refused_where_the_pack_wants_the_paper(procedure: ProcedureView, citizen: Cite) -> None:
    install_revision(content=with_papers(), sha256="c" * 64, now=NOW)

    with pytest.raises(FormRefused):
        filing(procedure_in_force("garden_key"), citizen, MEMBER, "data")


def test_paper_that_a_case_holds_is_not_deleted_and_the_cases_are_named(
    asking: ProcedureView, citizen: Cite
) -> None:
    person_id = citizen(MEMBER).person.id
    paper = keep(person_id)
    done = filing(asking, citizen, MEMBER, paper)

    with pytest.raises(PaperHeld) as refusal:
        delete_paper(paper_id=paper, person_id=person_id, now=NOW)

    assert refusal.value.case_numbers == (done.number,)
    assert papers_of(person_id)[0].held_by == (done.number,)


def test_officer_of_the_case_opens_its_paper_and_the_applicant_sees_it(
    asking: ProcedureView, citizen: Cite
) -> None:
    person = citizen(MEMBER).person
    paper = keep(person.id)
    done = filing(asking, citizen, MEMBER, paper)

    read = open_paper_of_case(number=done.number, paper_id=paper, rights=approver(), now=NOW)

    assert read.content == pdf()
    (look,) = [each for each in accesses_of(person.key) if each.register == "papers"]
    assert (look.asker_label, look.purpose, look.case_number, look.columns) == (
        "Người phê duyệt",
        "read_cases",
        done.number,
        ("Thẻ",),
    )


def test_officer_opens_no_paper_of_another_office_nor_one_that_the_case_lacks(
    asking: ProcedureView, citizen: Cite
) -> None:
    person = citizen(MEMBER).person
    paper, other = keep(person.id), keep(person.id, pages=5)
    done = filing(asking, citizen, MEMBER, paper)

    with pytest.raises(CaseNotFound):
        open_paper_of_case(number=done.number, paper_id=paper, rights=approver("vn.p98"), now=NOW)
    with pytest.raises(PaperNotYours):
        open_paper_of_case(number=done.number, paper_id=other, rights=approver(), now=NOW)

    assert not [each for each in accesses_of(person.key) if each.register == "papers"]


@pytest.mark.parametrize(
    ("wish", "told"),
    [
        ({"kind": "birth_certificat"}, "is no kind of paper"),
        ({"replaced_by": "member"}, "pattern"),
    ],
)
def test_pack_is_told_what_is_wrong_with_the_paper_it_asks_for(wish: dict[str, str], told: str) -> None:
    with pytest.raises(FormNotReadable, match=told):
        read_form(paper_form(**wish))


def test_fact_that_replaces_a_paper_is_declared() -> None:
    with pytest.raises(ValueError, match=r"nothing declares fact\.nobody"):
        with_papers(replaced_by="fact.nobody")
