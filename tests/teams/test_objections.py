"""A person says that they did not ask; an auditor answers; both are counted."""

import uuid
from datetime import timedelta

import pytest
from garden import NOW, WARD
from garden_team import PRESENTED

from motcua.events.models import LedgerEntry
from motcua.identity.rights import Grant, Rights
from motcua.identity.states import Role
from motcua.teams.models import Assistance, HelpObjection
from motcua.teams.queries import Membership, help_with
from motcua.teams.services import (
    Consent,
    NotHelped,
    begin_help,
    file_help,
    object_to_help,
    settle_objection,
)
from motcua.teams.states import Finding
from motcua.teams.tally import disputed, public_counts, tally_by_team, tally_of_team, team_counts

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


def rights(role: Role, account_id: int, place: str = "vn.p99") -> Rights:
    return Rights(account_id=account_id, grants=(Grant(role, "garden", place),))


@pytest.fixture
def number(key: uuid.UUID, member: Membership, consent: Consent) -> str:
    begin_help(
        key=key, member=member, procedure_code="garden_key", presented=PRESENTED, consent=consent, now=NOW
    )
    return file_help(key=key, account_id=member.account_id, values={"ward": WARD, "proof": "data"}, now=NOW)


@pytest.fixture
def disputed_help(number: str) -> uuid.UUID:
    row = Assistance.objects.get()
    assert object_to_help(case_number=number, person_id=row.person_id, words="Tôi ở Huế", now=LATER)
    return row.pk


def test_the_word_of_the_person_is_kept_once_and_waits_for_an_auditor(
    number: str, disputed_help: uuid.UUID, member: Membership
) -> None:
    person_id = Assistance.objects.get().person_id

    assert not object_to_help(case_number=number, person_id=person_id, words="lần nữa", now=LATER)
    (waiting,) = disputed(rights(Role.AUDITOR, member.account_id))
    assert waiting.objection is not None
    assert (waiting.case_number, waiting.objection.words) == (number, "Tôi ở Huế")
    assert LedgerEntry.objects.get(name="HelpDisputed").subject == number


def test_the_auditors_answer_reaches_the_person_and_is_counted(
    number: str, disputed_help: uuid.UUID, member: Membership
) -> None:
    settle_objection(
        key=disputed_help,
        finding=Finding.NOT_ASKED,
        answer="Chữ ký không phải của bà.",
        rights=rights(Role.AUDITOR, member.account_id),
        now=LATER,
    )

    helped = help_with(number)
    assert helped is not None
    assert helped.objection is not None
    assert (helped.objection.finding, helped.objection.answer) == (
        Finding.NOT_ASKED,
        "Chữ ký không phải của bà.",
    )
    (line,) = tally_by_team(rights(Role.LEADER, member.account_id), now=NOW)
    assert (line.helped, line.objections, line.not_asked, line.by_week[-1]) == (1, 1, 1, 1)
    assert disputed(rights(Role.AUDITOR, member.account_id)) == []


@pytest.mark.parametrize(
    ("role", "place"),
    [(Role.LEADER, "vn.p99"), (Role.TEAM_MEMBER, "vn.p99"), (Role.AUDITOR, "vn.p99.w99002")],
)
def test_who_may_not_settle_changes_nothing(
    disputed_help: uuid.UUID, member: Membership, role: Role, place: str
) -> None:
    with pytest.raises(NotHelped):
        settle_objection(
            key=disputed_help,
            finding=Finding.ASKED,
            answer="Có nhờ.",
            rights=rights(role, member.account_id, place),
            now=LATER,
        )

    assert HelpObjection.objects.get().finding == ""
    assert disputed(rights(role, member.account_id, place)) == []


def test_nobody_else_objects_in_the_persons_place(number: str, member: Membership) -> None:
    for person_id in (0, Assistance.objects.get().person_id + 1):
        with pytest.raises(NotHelped):
            object_to_help(case_number=number, person_id=person_id, words="", now=LATER)
    with pytest.raises(NotHelped):
        object_to_help(case_number="", person_id=Assistance.objects.get().person_id, words="", now=LATER)

    assert not HelpObjection.objects.exists()


def test_counts_are_of_the_team_the_member_and_the_week(number: str, member: Membership) -> None:
    now_and_next_week = [
        team_counts(member.team_id, member.account_id, now=moment)
        for moment in (NOW, NOW + timedelta(days=7))
    ]
    detail = tally_of_team(member.team_id, rights(Role.LEADER, member.account_id), now=NOW)

    assert [
        (each.mine_this_week, each.mine, each.team_this_week, each.team) for each in now_and_next_week
    ] == [
        (1, 1, 1, 1),
        (0, 1, 0, 1),
    ]
    assert detail is not None
    assert [(share.label, share.helped) for share in detail.members] == [("Nguyễn Thị Sen", 1)]
    assert tally_of_team(member.team_id, rights(Role.LEADER, 1, "vn.p99.w99002"), now=NOW) is None
    assert public_counts(now=NOW).teams == ()
