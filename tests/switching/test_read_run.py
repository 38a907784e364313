"""A run is read as far as its reader may see persons, and the list of who changes is noted for each of them."""

import csv
import io
import uuid
from datetime import timedelta

import pytest
from directing import OTHER_WARD, WARD
from town import NOW, SWITCH_AT, Town

from motcua.identity.rights import NO_RIGHTS, Grant, Rights
from motcua.identity.states import Role
from motcua.registers.models import RegisterAccess
from motcua.switching.models import Effect
from motcua.switching.run_queries import NoSuchRun, changed_rows, dry_run, may_download, runs_of

LEADER = Rights(1, (Grant(Role.LEADER, "dn", "vn.p48"),))
SPECIALIST = Rights(2, (Grant(Role.SPECIALIST, "garden", "vn.p48"),))
OF_ONE_WARD = Rights(3, (Grant(Role.SPECIALIST, "garden", f"vn.p48.w{WARD}"),))
OF_ANOTHER_OFFICE = Rights(4, (Grant(Role.SPECIALIST, "elsewhere", "vn.p48"),))
BOTH = Rights(5, (*SPECIALIST.grants, *OF_ONE_WARD.grants))
RED = f'{{zones.color: {{default: green, places: {{"{WARD}": red}}}}, limits.days: 14}}'


@pytest.fixture
def run_id(town: Town) -> uuid.UUID:
    """Run a draft by which 10 people of one ward lose their pass and those of the other keep theirs for longer."""
    town.file_all()
    found = town.try_out(town.draft("08/CT-UBND", RED, at=SWITCH_AT))
    RegisterAccess.objects.all().delete()
    return found


def lines(run_id: uuid.UUID, rights: Rights) -> list[dict[str, str]]:
    text = "".join(changed_rows(run_id=run_id, rights=rights, now=NOW + timedelta(minutes=5)))
    return list(csv.DictReader(io.StringIO(text)))


def agency() -> str:
    return str(Effect.objects.values_list("agency_path", flat=True)[0])


def within(rights: Rights) -> Rights:
    """Put the office of the garden where the town has it."""
    return Rights(
        rights.account_id,
        tuple(
            Grant(
                grant.role, agency() if grant.agency_path == "garden" else grant.agency_path, grant.place_path
            )
            for grant in rights.grants
        ),
    )


def test_who_reads_all_cases_sees_every_count(run_id: uuid.UUID) -> None:
    found = dry_run(run_id, within(SPECIALIST))

    assert found.totals["revoked"] == Effect.objects.of_run(run_id).filter(category="revoked").count()
    assert found.by_place[WARD]["revoked"] == found.totals["revoked"]
    assert all(reason.count for reason in found.reasons)
    assert all(reason.vi and reason.en for reason in found.reasons)


@pytest.mark.parametrize("rights", [LEADER, OF_ONE_WARD, OF_ANOTHER_OFFICE, NO_RIGHTS])
def test_anybody_else_sees_no_count_below_ten(run_id: uuid.UUID, rights: Rights) -> None:
    Effect.objects.of_run(run_id).update(category="revoked")

    found = dry_run(run_id, within(rights))

    counts = [*found.totals.values(), *(reason.count for reason in found.reasons)]
    for groups in (found.by_place, found.by_sector, found.by_age):
        counts += [count for group in groups.values() for count in group.values()]
    assert not any(count is not None and 0 < count < 10 for count in counts)


def test_the_list_holds_everybody_who_changes_within_place_and_office(run_id: uuid.UUID) -> None:
    everything = lines(run_id, within(SPECIALIST))
    of_one_ward = lines(run_id, within(OF_ONE_WARD))

    assert {line["place"] for line in everything} == {WARD, OTHER_WARD}
    assert len(everything) == Effect.objects.of_run(run_id).count()
    assert of_one_ward == [line for line in everything if line["place"] == WARD]


@pytest.mark.parametrize("rights", [LEADER, OF_ANOTHER_OFFICE, NO_RIGHTS])
def test_who_may_not_see_persons_gets_no_line(run_id: uuid.UUID, rights: Rights) -> None:
    assert lines(run_id, within(rights)) == []
    assert not RegisterAccess.objects.exists()


def test_each_person_sees_once_that_the_list_was_read(run_id: uuid.UUID) -> None:
    read = lines(run_id, within(BOTH))

    noted = RegisterAccess.objects.all()
    assert sorted(noted.values_list("case_number", flat=True)) == sorted(line["case_number"] for line in read)
    effects = {effect.case_number: bytes(effect.person_key) for effect in Effect.objects.of_run(run_id)}
    for row in noted:
        assert bytes(row.person_key) == effects[row.case_number]
        assert (row.asker_reference, row.purpose, row.register) == ("account:5", "read_cases", "cases")
        assert row.columns == ["case number", "answer"]


def test_only_a_role_that_reads_cases_may_download(run_id: uuid.UUID) -> None:
    assert may_download(SPECIALIST)
    assert not may_download(LEADER)


def test_runs_of_a_directive_stand_newest_first(town: Town) -> None:
    directive_id = town.draft("08/CT-UBND", RED, at=SWITCH_AT)
    made = [town.try_out(directive_id, NOW + timedelta(minutes=minute)) for minute in range(2)]

    assert [run.id for run in runs_of(directive_id, LEADER)] == made[::-1]


@pytest.mark.django_db
def test_a_run_that_is_not_there_is_refused() -> None:
    with pytest.raises(NoSuchRun):
        dry_run(uuid.uuid4(), LEADER)
