"""The garden of tests/support, asking for a paper; a team with a member; and a person whom the member helps."""

import uuid
from dataclasses import replace
from datetime import date, timedelta

import pytest
from garden import MEMBER, NOW
from garden_papers import with_papers
from papers import photograph

from motcua.agencies.models import Agency
from motcua.agencies.services import add_team
from motcua.identity.models import Account, Appointment
from motcua.identity.numbers import PersonNumber
from motcua.identity.states import AccountKind, Role
from motcua.procedures.queries import ProcedureView, procedure_in_force
from motcua.procedures.services import install_revision
from motcua.teams.consent import consent_words
from motcua.teams.queries import Membership, membership_of
from motcua.teams.services import Consent, Presented

TODAY = NOW.date()
NAME = "Trần Thị Bình"
PRESENTED = Presented(PersonNumber.parse(MEMBER), NAME, date(1990, 9, 3))


def member_of(agency: str, login: str = "sen", team: str = "to_1") -> Membership:
    """Return a member of a team of the agency, appointed since long."""
    team_id = add_team(agency=agency, code=team, name="Tổ số 1", place_path="vn.p99.w99001")
    account = Account.objects.create(
        kind=AccountKind.OFFICER, login=login, name="Nguyễn Thị Sen", created_at=NOW, password="!"
    )
    found = Appointment(
        account=account,
        role=Role.TEAM_MEMBER,
        place_path="vn.p99.w99001",
        valid_from=TODAY - timedelta(days=9),
    )
    found.agency, found.team_id = Agency.objects.get(code=agency), team_id
    found.save()
    membership = membership_of(account.pk, TODAY)
    assert membership is not None
    return membership


@pytest.fixture
def asking(procedure: ProcedureView) -> ProcedureView:
    install_revision(content=with_papers(replaced_by="fact.member"), sha256="b" * 64, now=NOW)
    return procedure_in_force("garden_key")


@pytest.fixture
def member(asking: ProcedureView) -> Membership:
    return member_of("garden")


@pytest.fixture(scope="session")
def drawn() -> bytes:
    return photograph((640, 240), form="PNG")


@pytest.fixture
def consent(asking: ProcedureView, member: Membership, drawn: bytes) -> Consent:
    words = consent_words(
        asking.content,
        member=member.name,
        team=member.team,
        agency="Ban quản lý vườn",
        agency_en="Garden office",
    )
    said = NOW - timedelta(hours=3)
    return Consent(words.text, words.seal, drawn, said_at=said, sent_at=NOW)


@pytest.fixture
def late(consent: Consent) -> Consent:
    """The consent as a device tells it whose clock is ten minutes ahead."""
    ahead = timedelta(minutes=10)
    return replace(consent, said_at=consent.said_at + ahead, sent_at=consent.sent_at + ahead)


@pytest.fixture
def key() -> uuid.UUID:
    return uuid.uuid4()
