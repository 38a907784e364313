"""One person schedules, a second confirms, the moment comes; until then the draft binds nobody."""

from datetime import timedelta
from uuid import uuid4

import pytest
from directing import DRY_RUN, NOW, WARD, at, directive_text, leader, switch
from django.db import IntegrityError, connection, transaction

from motcua.directives.complaints import DirectiveRefused
from motcua.directives.content import read_directive
from motcua.directives.law import law_at
from motcua.directives.models import Directive
from motcua.directives.queries import directive, due
from motcua.directives.services import (
    ConfirmedTooLate,
    DirectiveMovedOn,
    DirectiveNotOpen,
    DirectiveNotYours,
    MomentNotPossible,
    NotYetDue,
    SecondPersonNeeded,
    begin,
    change,
    confirm,
    prepare,
    schedule,
    unschedule,
)
from motcua.directives.services.drafts import create
from motcua.directives.states import DirectiveState
from motcua.events.models import LedgerEntry
from motcua.identity.states import Role

TOMORROW = NOW + timedelta(days=1)
RED = directive_text("08/CT-UBND", parameters="{zones.color: red}")


def ledger() -> list[str]:
    return list(LedgerEntry.objects.order_by("lane", "sequence").values_list("name", flat=True))


def color() -> object:
    found = law_at(TOMORROW + timedelta(hours=1)).value("zones.color", WARD)
    return found.value if found else None


def prepared(account_id: int) -> int:
    return prepare(text=RED, account_id=account_id, now=NOW)


def scheduled(account_id: int) -> int:
    directive_id = prepared(account_id)
    schedule(directive_id=directive_id, dry_run_id=DRY_RUN, at=TOMORROW, account_id=account_id, now=NOW)
    return directive_id


def test_two_persons_and_the_moment_make_it_law(chair: int, deputy: int) -> None:
    directive_id = scheduled(chair)
    assert color() is None
    confirm(directive_id=directive_id, account_id=deputy, now=NOW)
    assert color() is None

    begin(directive_id=directive_id, now=TOMORROW)

    assert color() == "red"
    assert law_at(TOMORROW - timedelta(seconds=1)).value("zones.color", WARD) is None
    assert directive(directive_id, TOMORROW).state is DirectiveState.IN_FORCE
    assert ledger()[-4:] == [
        "DirectivePrepared",
        "DirectiveScheduled",
        "DirectiveConfirmed",
        "DirectiveBegun",
    ]


def test_who_scheduled_does_not_confirm(chair: int) -> None:
    directive_id = scheduled(chair)
    before = ledger()

    with pytest.raises(SecondPersonNeeded):
        confirm(directive_id=directive_id, account_id=chair, now=NOW)

    assert directive(directive_id, NOW).state is DirectiveState.SCHEDULED
    assert ledger() == before


def test_what_another_directive_has_come_to_set_since_is_not_confirmed(chair: int, deputy: int) -> None:
    directive_id = scheduled(chair)
    # Neither of two that were saved at the same moment had seen the other.
    other = directive_text("07/CT-UBND", since="2026-09-19")
    create(read_directive(other, "07.yaml"), other, prepared_by=None, now=NOW, installed_at=NOW)

    with pytest.raises(DirectiveRefused, match="07/CT-UBND"):
        confirm(directive_id=directive_id, account_id=deputy, now=NOW)

    assert directive(directive_id, NOW).state is DirectiveState.SCHEDULED


def test_who_wrote_any_version_does_not_confirm(chair: int, deputy: int) -> None:
    third = leader("lanhdao.ba")
    directive_id = prepared(chair)
    seen = directive(directive_id, NOW).sha256
    for account_id, days in ((deputy, 20), (chair, 21)):
        text = directive_text("08/CT-UBND", parameters=f"{{limits.days_green: {days}}}")
        seen = change(directive_id=directive_id, text=text, seen_sha256=seen, account_id=account_id, now=NOW)
    schedule(directive_id=directive_id, dry_run_id=DRY_RUN, at=TOMORROW, account_id=chair, now=NOW)

    with pytest.raises(SecondPersonNeeded):
        confirm(directive_id=directive_id, account_id=deputy, now=NOW)

    confirm(directive_id=directive_id, account_id=third, now=NOW)
    assert directive(directive_id, NOW).state is DirectiveState.CONFIRMED


@pytest.mark.parametrize("column", ["scheduled_by_id", "prepared_by_id"])
def test_the_database_holds_the_two_persons_apart(chair: int, deputy: int, column: str) -> None:
    directive_id = scheduled(chair)
    Directive.objects.filter(pk=directive_id).update(**{column: deputy})

    with pytest.raises(IntegrityError, match="directive_two_persons"), transaction.atomic():
        Directive.objects.filter(pk=directive_id).update(confirmed_by=deputy, confirmed_at=NOW)


def test_the_database_lets_nothing_begin_that_nobody_confirmed(chair: int) -> None:
    directive_id = scheduled(chair)

    with pytest.raises(IntegrityError, match="directive_begins_confirmed"), transaction.atomic():
        Directive.objects.filter(pk=directive_id).update(begun_at=TOMORROW)


def test_the_database_lets_nothing_begin_before_its_moment(chair: int, deputy: int) -> None:
    directive_id = scheduled(chair)
    confirm(directive_id=directive_id, account_id=deputy, now=NOW)

    with pytest.raises(IntegrityError, match="directive_begins_confirmed"), transaction.atomic():
        Directive.objects.filter(pk=directive_id).update(begun_at=NOW)


def test_the_law_has_one_mark(chair: int) -> None:
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO directives_lawmark (id, mark, moved_at) VALUES (2, %s, %s)", [uuid4(), NOW]
        )


def test_what_nobody_confirmed_does_not_begin(chair: int) -> None:
    directive_id = scheduled(chair)

    with pytest.raises(DirectiveMovedOn):
        begin(directive_id=directive_id, now=TOMORROW)

    assert color() is None


def test_it_does_not_begin_before_its_moment(chair: int, deputy: int) -> None:
    directive_id = scheduled(chair)
    confirm(directive_id=directive_id, account_id=deputy, now=NOW)

    with pytest.raises(NotYetDue):
        begin(directive_id=directive_id, now=TOMORROW - timedelta(seconds=1))

    assert due(TOMORROW - timedelta(seconds=1)) == []
    assert due(TOMORROW) == [directive_id]


def test_it_begins_once(chair: int, deputy: int) -> None:
    directive_id = switch(RED, by=chair, second=deputy, at=TOMORROW)
    before = ledger()

    with pytest.raises(DirectiveMovedOn):
        begin(directive_id=directive_id, now=TOMORROW + timedelta(hours=1))

    assert directive(directive_id, TOMORROW).begun_at == TOMORROW
    assert ledger() == before


def test_a_moment_that_passed_without_the_second_person_is_over(chair: int, deputy: int) -> None:
    directive_id = scheduled(chair)

    with pytest.raises(ConfirmedTooLate):
        confirm(directive_id=directive_id, account_id=deputy, now=TOMORROW + timedelta(seconds=1))


@pytest.mark.parametrize("moment", [NOW - timedelta(seconds=1), at(days=100)])
def test_the_moment_lies_ahead_and_within_the_time_of_the_directive(chair: int, moment: object) -> None:
    text = directive_text("08/CT-UBND", until="2026-12-01", parameters="{zones.color: red}")
    directive_id = prepare(text=text, account_id=chair, now=NOW)

    with pytest.raises(MomentNotPossible):
        schedule(directive_id=directive_id, dry_run_id=DRY_RUN, at=moment, account_id=chair, now=NOW)  # type: ignore[arg-type]  # one of the two moments above


def test_what_waits_is_not_changed(chair: int) -> None:
    directive_id = scheduled(chair)
    seen = directive(directive_id, NOW).sha256

    with pytest.raises(DirectiveNotOpen):
        change(
            directive_id=directive_id,
            text=directive_text("08/CT-UBND"),
            seen_sha256=seen,
            account_id=chair,
            now=NOW,
        )


def test_taken_back_it_is_a_draft_and_confirmed_by_nobody(chair: int, deputy: int) -> None:
    directive_id = scheduled(chair)
    confirm(directive_id=directive_id, account_id=deputy, now=NOW)

    unschedule(directive_id=directive_id, account_id=chair, now=NOW)

    view = directive(directive_id, NOW)
    assert (view.state, view.confirmed_by, view.switch_at) == (DirectiveState.DRAFT, None, None)
    assert due(TOMORROW) == []


@pytest.mark.parametrize("role", [Role.SPECIALIST, Role.AUDITOR, Role.SERVICE_DESIGNER])
def test_only_leaders_direct(law: None, role: Role) -> None:
    stranger = leader("nguoi.khac", role=role)

    with pytest.raises(DirectiveNotYours):
        prepared(stranger)

    assert not Directive.objects.exists()


def test_a_leader_of_one_ward_does_not_direct_the_city(law: None) -> None:
    ward_leader = leader("lanhdao.phuong", place_path=f"vn.p48.w{WARD}")

    with pytest.raises(DirectiveNotYours):
        prepared(ward_leader)


def test_a_leader_of_one_ward_directs_that_ward(law: None) -> None:
    ward_leader = leader("lanhdao.phuong", place_path=f"vn.p48.w{WARD}")

    assert prepare(text=directive_text(scope=f"['{WARD}']"), account_id=ward_leader, now=NOW)


def test_a_leader_of_one_ward_does_not_confirm_for_the_city(chair: int) -> None:
    directive_id = scheduled(chair)
    ward_leader = leader("lanhdao.phuong", place_path=f"vn.p48.w{WARD}")

    with pytest.raises(DirectiveNotYours):
        confirm(directive_id=directive_id, account_id=ward_leader, now=NOW)
