"""Papers of a case on the desk: listed with how they came, opened as attachments, and only in their case."""

import uuid
from html import unescape

import pytest
from django.test import Client
from garden import Cite
from garden_desk import MEMBER, NOW, WARD, SignIn
from garden_papers import with_papers
from papers import pdf

from motcua.cases.services import file_case
from motcua.cases.states import Channel
from motcua.procedures.queries import ProcedureView, procedure_in_force
from motcua.procedures.services import install_revision
from motcua.registers.queries import accesses_of
from motcua.vault.services import keep_upload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def filed(procedure: ProcedureView, citizen: Cite) -> tuple[str, uuid.UUID]:
    install_revision(content=with_papers(replaced_by="fact.member"), sha256="b" * 64, now=NOW)
    who = citizen(MEMBER)
    paper = keep_upload(
        person_id=who.person.id,
        kind="other",
        title="Thẻ hội viên của tôi",
        file_name="the.pdf",
        content=pdf(),
        now=NOW,
        today=NOW.date(),
    )
    done = file_case(
        procedure=procedure_in_force("garden_key"),
        values={"ward": WARD, "proof": str(paper.id)},
        applicant=who.person,
        account_id=who.account_id,
        channel=Channel.ONLINE,
        key="k",
        now=NOW,
    )
    return done.number, paper.id


def test_officer_reads_how_each_part_came_and_opens_it(
    filed: tuple[str, uuid.UUID], sign_in: SignIn, citizen: Cite
) -> None:
    number, paper = filed
    officer = sign_in()

    page = unescape(officer.get(f"/desk/{number}/papers/").content.decode())
    answer = officer.get(f"/desk/{number}/papers/{paper}/")

    assert "Thẻ hội viên của tôi" in page
    assert "Dùng lại giấy đã có" in page
    assert answer.content == pdf()
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    looks = [look for look in accesses_of(citizen(MEMBER).person.key) if look.register == "papers"]
    assert [(look.case_number, look.columns) for look in looks] == [(number, ("Thẻ hội viên của tôi",))]


def test_nobody_else_opens_it(filed: tuple[str, uuid.UUID], sign_in: SignIn) -> None:
    number, paper = filed
    officer = sign_in()

    assert Client().get(f"/desk/{number}/papers/{paper}/").status_code == 302
    assert officer.get(f"/desk/{number}/papers/{uuid.uuid4()}/").status_code == 404
    assert officer.get(f"/desk/{number}/papers/{'-' * 36}/").status_code == 404
