"""Filing for somebody else: who may, whose the case is, and what is kept of it."""

from datetime import date, timedelta

import pytest
from garden import MEMBER, NOW, WARD, Cite

from motcua.agencies.models import Agency
from motcua.agencies.services import register_agency
from motcua.agencies.states import AgencyKind
from motcua.cases.counter.models import OnBehalf
from motcua.cases.counter.queries import filed_on_behalf
from motcua.cases.models import Case, CaseEntry
from motcua.cases.services import Filed, KeyReused
from motcua.cases.services.on_behalf import ArrivalNotPossible, MayNotFileForOthers, file_for_person
from motcua.cases.states import Channel
from motcua.events.models import LedgerEntry
from motcua.identity.models import Account, Appointment
from motcua.identity.people import person
from motcua.identity.states import AccountKind, Role
from motcua.procedures.queries import ProcedureView

TODAY = date(2026, 11, 20)


def officer(role: Role = Role.ONE_STOP_OFFICER, agency: str = "garden", place: str = "vn.p99") -> int:
    account = Account.objects.create(
        kind=AccountKind.OFFICER, login=f"{role}.{agency}", name="Võ Lan", created_at=NOW, password="!"
    )
    Appointment.objects.create(
        account=account,
        role=role,
        agency=Agency.objects.get(code=agency),
        place_path=place,
        valid_from=TODAY - timedelta(days=9),
    )
    return account.pk


def file(account_id: int, person_id: int, *, key: str = "one", **more: object) -> Filed:
    asked: dict[str, object] = {"values": {"ward": WARD}, "channel": Channel.COUNTER, **more}
    return file_for_person(
        code="garden_key",
        person_id=person_id,
        account_id=account_id,
        key=key,
        now=NOW,
        today=TODAY,
        **asked,  # type: ignore[arg-type]  # named above
    )


def another_agency(code: str, parent: str | None) -> str:
    register_agency(
        code=code,
        name=code,
        name_en=code,
        kind=AgencyKind.COMMUNE,
        parent=parent,
        place_path="vn.p99.w99002",
        now=NOW,
    )
    return code


def test_the_case_is_the_persons_and_the_history_names_the_officer(
    procedure: ProcedureView, citizen: Cite
) -> None:
    who, account_id = citizen(MEMBER).person, officer()

    filed = file(account_id, who.id, phone="0905123456")

    case = Case.objects.get(number=filed.number)
    assert (case.applicant_id, case.account_id, case.channel) == (who.id, account_id, "counter")
    assert CaseEntry.objects.get(case_number=filed.number, act="file").actor == f"account:{account_id}"
    assert LedgerEntry.objects.get(name="CaseFiled").actor == f"account:{account_id}"
    behalf = filed_on_behalf(filed.number)
    assert behalf is not None
    assert (behalf.officer, behalf.phone, behalf.agency_path) == ("Võ Lan", "0905123456", "garden")
    assert b"0905123456" not in bytes(OnBehalf.objects.get().phone_sealed)


def test_the_same_key_is_one_case_and_mends_what_a_crash_left_out(
    procedure: ProcedureView, citizen: Cite
) -> None:
    who, account_id = citizen(MEMBER).person, officer()
    first = file(account_id, who.id)
    OnBehalf.objects.all().delete()

    again = file(account_id, who.id)

    assert (again.number, again.repeated) == (first.number, True)
    assert OnBehalf.objects.count() == Case.objects.count() == 1


def test_one_key_for_two_people_is_refused(procedure: ProcedureView, citizen: Cite) -> None:
    account_id = officer()
    file(account_id, citizen(MEMBER).person.id)

    with pytest.raises(KeyReused):
        file(account_id, citizen("049191000025").person.id)

    assert Case.objects.count() == 1


@pytest.mark.parametrize(
    ("role", "where", "may"),
    [
        (Role.ONE_STOP_OFFICER, "garden", True),
        (Role.ONE_STOP_OFFICER, "of the same province, for another ward", True),
        (Role.ONE_STOP_OFFICER, "of another province", False),
        (Role.SPECIALIST, "garden", False),
        (Role.APPROVER, "garden", False),
        (Role.LEADER, "garden", False),
    ],
)
def test_a_one_stop_officer_of_the_province_receives_whatever_the_place(
    procedure: ProcedureView, citizen: Cite, role: Role, where: str, may: bool
) -> None:
    who = citizen(MEMBER).person
    parent = {"garden": None, "of another province": None}.get(where, "garden")
    agency = where if where == "garden" else another_agency("elsewhere", parent)
    account_id = officer(role, agency, "vn.p99.w99002")

    if may:
        assert file(account_id, who.id).number
    else:
        with pytest.raises(MayNotFileForOthers):
            file(account_id, who.id)

    assert Case.objects.count() == (1 if may else 0)


def test_a_citizens_account_files_for_nobody_else(procedure: ProcedureView, citizen: Cite) -> None:
    with pytest.raises(MayNotFileForOthers):
        file(citizen("049191000025").account_id, citizen(MEMBER).person.id)

    assert not Case.objects.exists()


@pytest.mark.parametrize(
    ("channel", "arrived_on"),
    [
        (Channel.POST, None),
        (Channel.POST, TODAY + timedelta(days=1)),
        (Channel.COUNTER, TODAY),
        (Channel.ONLINE, TODAY),
    ],
)
def test_only_post_arrives_and_never_tomorrow(
    procedure: ProcedureView, citizen: Cite, channel: Channel, arrived_on: date | None
) -> None:
    who, account_id = citizen(MEMBER).person, officer()

    with pytest.raises(ArrivalNotPossible):
        file(account_id, who.id, channel=channel, arrived_on=arrived_on)

    assert not Case.objects.exists()


def test_post_keeps_the_day_on_which_it_came(procedure: ProcedureView, citizen: Cite) -> None:
    account_id = officer()

    filed = file(
        account_id, citizen(MEMBER).person.id, channel=Channel.POST, arrived_on=TODAY - timedelta(days=1)
    )

    behalf = filed_on_behalf(filed.number)
    assert behalf is not None
    assert (behalf.channel, behalf.arrived_on) == (Channel.POST, TODAY - timedelta(days=1))


def test_a_person_who_signs_in_later_finds_the_case(procedure: ProcedureView, citizen: Cite) -> None:
    who = citizen(MEMBER).person

    filed = file(officer(), who.id)

    assert person(who.id).key == who.key
    assert [case.number for case in Case.objects.of_person(citizen(MEMBER).person.id)] == [filed.number]
