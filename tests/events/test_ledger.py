"""What is in the ledger stays, or its absence shows."""

from datetime import UTC, datetime

import pytest
from django.db import connection, transaction

from motcua.events.models import LedgerEntry
from motcua.events.queries import ledger_heads, verify_ledger
from motcua.events.services import NotInTransaction, create_months, publish, publish_together
from motcua.seals.chain import GENESIS, Head, entry_hash

from .conftest import moved


def run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def test_whole_ledger_verifies_with_and_without_its_head(five_entries: None) -> None:
    assert verify_ledger() is None
    assert verify_ledger(ledger_heads()) is None
    assert sum(head.sequence for head in ledger_heads()) == 5


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE events_ledgerentry SET body = '{\"weight_kg\": 9}' WHERE subject = 'stone-2'",
        "UPDATE events_ledgerentry SET subject = 'stone-x' WHERE subject = 'stone-2'",
        "UPDATE events_ledgerentry SET actor = 'citizen' WHERE subject = 'stone-2'",
        "UPDATE events_ledgerentry SET agency_path = 'dn.x' WHERE subject = 'stone-2'",
        "UPDATE events_ledgerentry SET happened_at = happened_at + interval '1 microsecond' WHERE subject = 'stone-2'",
        "DELETE FROM events_ledgerentry WHERE subject = 'stone-2'",
    ],
)
def test_changed_or_missing_entry_is_named(five_entries: None, damage: str) -> None:
    entry = LedgerEntry.objects.get(subject="stone-2")

    run(damage)

    bad = verify_ledger()
    assert bad is not None
    assert (bad.lane, bad.sequence) == (entry.lane, entry.sequence)


def test_cut_tail_is_found_with_a_head_kept_elsewhere(five_entries: None) -> None:
    heads = ledger_heads()

    run("DELETE FROM events_ledgerentry WHERE subject = 'stone-5'")

    assert verify_ledger(heads) is not None


def test_emptied_ledger_is_found_with_a_head_kept_elsewhere(five_entries: None) -> None:
    heads = ledger_heads()

    run("DELETE FROM events_ledgerentry")

    assert verify_ledger() is None
    assert verify_ledger(heads) is not None


def test_rewritten_chain_is_found_with_a_head_kept_elsewhere(five_entries: None) -> None:
    heads = ledger_heads()
    run("UPDATE events_ledgerentry SET body = '{\"weight_kg\": 9}' WHERE subject = 'stone-1'")
    recompute_chain()

    assert verify_ledger() is None
    assert verify_ledger(heads) is not None


def recompute_chain() -> None:
    from motcua.events.values import canonical, microseconds

    last: dict[int, bytes] = {}
    for row in LedgerEntry.objects.order_by("lane", "sequence"):
        sealed = canonical(
            name=row.name, agency_path=row.agency_path, subject=row.subject, actor=row.actor, body=row.body
        )
        previous = last.get(row.lane, GENESIS)
        last[row.lane] = entry_hash(previous, row.lane, row.sequence, microseconds(row.happened_at), sealed)
        LedgerEntry.objects.filter(lane=row.lane, sequence=row.sequence).update(hash=last[row.lane])


@pytest.mark.django_db(transaction=True)
def test_event_outside_a_transaction_is_refused() -> None:
    with pytest.raises(NotInTransaction):
        publish(moved(1))

    assert not LedgerEntry.objects.exists()


def test_rolled_back_act_leaves_no_entry(db: None) -> None:
    with transaction.atomic():
        publish(moved(1))
        transaction.set_rollback(True)

    assert ledger_heads() == []


def test_two_events_of_one_transaction_follow_each_other(db: None) -> None:
    with transaction.atomic():
        publish(moved(1))
        publish(moved(2))

    (head,) = ledger_heads()
    assert isinstance(head, Head)
    assert head.sequence == 2
    assert verify_ledger() is None


def test_months_ahead_are_made_once_for_every_table(db: None) -> None:
    now = datetime(2031, 12, 31, 18, 0, tzinfo=UTC)

    made = create_months(now=now, months=3)

    assert made >= 4 * 3
    assert create_months(now=now, months=3) == 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('cases_case_203201'), to_regclass('events_ledgerentry_203111')")
        assert None not in cursor.fetchone()


def test_month_that_has_rows_in_the_default_part_stays_there(five_entries: None) -> None:
    create_months(now=datetime(2026, 11, 22, tzinfo=UTC), months=2)

    assert LedgerEntry.objects.count() == 5
    assert verify_ledger() is None


def test_new_month_is_stored_as_the_default_part_of_its_table(db: None) -> None:
    create_months(now=datetime(2033, 5, 2, tzinfo=UTC), months=2)

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, reloptions FROM pg_class WHERE relname IN"
            " ('cases_case_other', 'cases_case_203305', 'events_ledgerentry_other', 'events_ledgerentry_203305')"
        )
        options = dict(cursor.fetchall())
    assert options["cases_case_203305"] == options["cases_case_other"]
    assert "fillfactor=90" in options["cases_case_203305"]
    assert options["events_ledgerentry_203305"] == options["events_ledgerentry_other"]


def test_events_published_together_follow_each_other_in_one_lane(db: None) -> None:
    with transaction.atomic():
        publish(moved(1))
        publish_together([moved(number) for number in range(2, 40)])
        publish_together([])

    (head,) = ledger_heads()
    assert head.sequence == 39
    assert [entry.subject for entry in LedgerEntry.objects.order_by("sequence")][37:] == [
        "stone-38",
        "stone-39",
    ]
    assert verify_ledger() is None


@pytest.mark.django_db(transaction=True)
def test_events_outside_a_transaction_are_refused_together_as_alone() -> None:
    with pytest.raises(NotInTransaction):
        publish_together([moved(1), moved(2)])

    assert not LedgerEntry.objects.exists()
