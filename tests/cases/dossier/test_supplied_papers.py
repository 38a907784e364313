"""The applicant supplies a paper that the form asks for: theirs, held by the case, counted."""

import uuid
from datetime import timedelta

import pytest
from dossier import SPECIALIST, Dossier, at
from papers import pdf

from motcua.procedures.forms import FormRefused
from motcua.vault.queries import component_counts, components_of_case
from motcua.vault.services import PaperHeld, delete_paper, keep_upload


@pytest.fixture
def asked(accepted: Dossier) -> Dossier:
    accepted.act("ask_for_additions", SPECIALIST, "17 08:30", reason="Bản án ly hôn")
    return accepted


def kept(dossier: Dossier, kind: str = "divorce_decision") -> uuid.UUID:
    moment = at("17 09:00")
    return keep_upload(
        person_id=dossier.person.id,
        kind=kind,
        title="",
        file_name="ban-an.pdf",
        content=pdf(pages=len(kind)),
        now=moment,
        today=moment.date(),
        added_for="marital_status",
    ).id


def test_supplied_paper_is_held_and_counted(asked: Dossier) -> None:
    paper = kept(asked)

    state = asked.supply("20 08:30", "", {"divorce_decision": str(paper)})

    assert state == "with_specialist"
    (part,) = components_of_case(asked.number)
    assert (part.field, part.means, part.paper and part.paper.id) == ("divorce_decision", "uploaded", paper)
    counts = component_counts(since=at("20 08:30"), until=at("20 08:30") + timedelta(seconds=1))
    assert (counts.asked, counts.digitized, counts.reused) == (1, 1, 0)
    with pytest.raises(PaperHeld):
        delete_paper(paper_id=paper, person_id=asked.person.id, now=at("21 08:00"))


def test_paper_of_another_kind_changes_nothing(asked: Dossier) -> None:
    other = kept(asked, "diploma")

    with pytest.raises(FormRefused) as refusal:
        asked.supply("20 08:30", "", {"divorce_decision": str(other)})

    assert set(refusal.value.errors) == {"divorce_decision"}
    assert components_of_case(asked.number) == []
    assert "divorce_decision" not in asked.row.values
