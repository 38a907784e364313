"""Rights: every role against places and offices inside and outside its own."""

from datetime import date, datetime, timedelta

import pytest
from django.db.models import F
from pytest_django import DjangoAssertNumQueries

from motcua.agencies.models import Agency, Team
from motcua.agencies.services import add_post, add_team
from motcua.identity.models import Account, Appointment
from motcua.identity.officers import NewOfficer, appoint
from motcua.identity.queries import AccountNotKnown
from motcua.identity.rights import NO_RIGHTS, Grant, Rights, rights_of
from motcua.identity.states import PURPOSES, Purpose, Role

pytestmark = pytest.mark.django_db

ROLE_PURPOSES = {
    "one_stop_officer": {"read_cases", "receive_cases", "handle_cases"},
    "specialist": {"read_cases", "handle_cases", "decide_cases"},
    "approver": {"read_cases", "decide_cases", "revoke_passes"},
    "inspector": {"check_passes"},
    "leader": {"oversee", "direct", "destroy_records"},
    "data_steward": {"keep_registers"},
    "auditor": {"audit", "oversee"},
    "service_designer": {"design_services"},
    "team_member": {"help_citizens"},
    "archivist": {"keep_archives"},
}


def held(role: Role, agency_path: str = "dn.hai_chau", place_path: str = "vn.p48.w20242") -> Rights:
    return Rights(account_id=1, grants=(Grant(role, agency_path, place_path),))


def kept(rights: Rights, purpose: Purpose | None = None, roles: set[Role] | None = None) -> set[str]:
    condition = rights.predicate("path", "place_path", roles, purpose=purpose)
    return set(Agency.objects.filter(condition).values_list("code", flat=True))


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("purpose", Purpose)
def test_a_role_serves_its_purposes_and_no_other(agencies: None, role: Role, purpose: Purpose) -> None:
    expected = {"hai_chau"} if purpose.value in ROLE_PURPOSES[role.value] else set()

    assert kept(held(role), purpose) == expected
    assert held(role).serves(purpose) is bool(expected)
    assert held(role).may(purpose, agency_path="dn.hai_chau", place_path="vn.p48.w20242") is bool(expected)


def test_every_role_has_purposes() -> None:
    assert set(PURPOSES) == set(Role)


@pytest.mark.parametrize(
    ("agency_path", "place_path", "expected"),
    [
        ("dn", "vn.p48", {"dn", "so_ttt", "hai_chau", "hoa_khanh"}),
        ("dn", "vn.p48.w20242", {"hai_chau"}),
        ("dn.hai_chau", "vn.p48", {"hai_chau"}),
        ("dn.hai_chau", "vn.p48.w20200", set()),
        ("dn.hai", "vn.p48", set()),
        ("dn", "vn.p49", set()),
        ("dn.so_ttt", "vn", {"so_ttt"}),
    ],
)
def test_place_and_office_both_limit(
    agencies: None, agency_path: str, place_path: str, expected: set[str]
) -> None:
    rights = held(Role.SPECIALIST, agency_path, place_path)

    found = kept(rights, Purpose.READ_CASES)
    one_by_one = {
        row.code
        for row in Agency.objects.all()
        if rights.may(Purpose.READ_CASES, agency_path=row.path, place_path=row.place_path)
    }

    assert found == one_by_one == expected


def test_without_a_grant_nothing_is_kept(agencies: None) -> None:
    assert kept(NO_RIGHTS) == set()
    assert kept(held(Role.INSPECTOR), roles={Role.SPECIALIST}) == set()
    assert kept(held(Role.INSPECTOR), roles=set()) == set()


def test_grants_add_up_without_mixing_their_halves(agencies: None) -> None:
    # Hải Châu's office for Hải Châu's place, and Hòa Khánh's for Hòa Khánh's: never one's office for the other's place.
    both = Rights(
        account_id=1,
        grants=(
            Grant(Role.SPECIALIST, "dn.hai_chau", "vn.p48.w20242"),
            Grant(Role.SPECIALIST, "dn.hoa_khanh", "vn.p48.w20200"),
        ),
    )
    Agency.objects.filter(code="hoa_khanh").update(place_path="vn.p48.w20242")

    assert kept(both) == {"hai_chau"}
    assert not both.may(Purpose.READ_CASES, agency_path="dn.hoa_khanh", place_path="vn.p48.w20242")


def test_a_hostile_path_is_data(agencies: None) -> None:
    Agency.objects.filter(code="dn").update(place_path=F("path"))

    assert kept(held(Role.SPECIALIST, "dn", "dn")) == {"dn"}


def test_rights_follow_appointments_in_force(
    agencies: None, officer: NewOfficer, now: datetime, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    day = date(2026, 3, 2)
    for role, begins, ends in (
        (Role.SPECIALIST, day, None),
        (Role.APPROVER, day - timedelta(days=30), day),
        (Role.AUDITOR, day + timedelta(days=1), None),
        (Role.INSPECTOR, day - timedelta(days=1), day + timedelta(days=1)),
    ):
        appoint(
            login=officer.login,
            role=role,
            agency="hai_chau",
            place_path="vn.p48.w20242",
            valid_from=begins,
            valid_to=ends,
            now=now,
        )

    with django_assert_num_queries(1):
        rights = rights_of(officer.account_id, now)

    assert rights.roles == {Role.SPECIALIST, Role.INSPECTOR}
    assert rights.roles_at(agency_path="dn.hai_chau", place_path="vn.p48.w20242") == rights.roles
    assert rights.roles_at(agency_path="dn.so_ttt", place_path="vn.p48.w20242") == frozenset()


def test_the_day_changes_at_midnight_in_the_city(agencies: None, officer: NewOfficer, now: datetime) -> None:
    appoint(
        login=officer.login,
        role=Role.LEADER,
        agency="dn",
        place_path="vn.p48",
        valid_from=date(2026, 3, 3),
        now=now,
    )

    assert not rights_of(officer.account_id, now.replace(hour=16, minute=59)).grants
    assert rights_of(officer.account_id, now.replace(hour=17)).grants


def test_a_closed_account_and_nobody_have_no_rights(
    agencies: None, officer: NewOfficer, now: datetime
) -> None:
    appoint(
        login=officer.login, role=Role.LEADER, agency="dn", place_path="vn", valid_from=now.date(), now=now
    )
    Account.objects.filter(pk=officer.account_id).update(is_active=False)

    assert not rights_of(officer.account_id, now).grants
    assert rights_of(None, now) == NO_RIGHTS


def test_only_officers_are_appointed(agencies: None, now: datetime) -> None:
    with pytest.raises(AccountNotKnown):
        appoint(
            login="nobody", role=Role.LEADER, agency="dn", place_path="vn", valid_from=now.date(), now=now
        )

    assert not Appointment.objects.exists()


def test_an_appointment_names_post_and_team_of_its_own_agency(
    agencies: None, officer: NewOfficer, now: datetime
) -> None:
    post = add_post(agency="hai_chau", title="Chuyên viên", title_en="Specialist")
    team = add_team(agency="so_ttt", code="chot_1", name="Chốt 1", place_path="vn.p48.w20242")
    terms = {
        "login": officer.login,
        "role": Role.INSPECTOR,
        "agency": "hai_chau",
        "place_path": "vn.p48.w20242",
    }

    appoint(**terms, valid_from=now.date(), post_id=post, now=now)  # type: ignore[arg-type]  # a shared dict
    with pytest.raises(Team.DoesNotExist):
        appoint(**terms, valid_from=now.date(), team_id=team, now=now)  # type: ignore[arg-type]  # a shared dict

    assert Appointment.objects.get().post_id == post
