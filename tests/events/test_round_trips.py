"""Several statements in one round trip: each as if alone, a fault after which the connection goes on, nothing kept wrong."""

import pytest
from django.db import DatabaseError, connection, transaction

from motcua.events import trips
from motcua.events.trips import Copy, Rows, copy_together, fetch, rows_of

pytestmark = pytest.mark.django_db


def make_tables() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE one (number int PRIMARY KEY) ON COMMIT DROP")
        cursor.execute("CREATE TEMPORARY TABLE other (content text) ON COMMIT DROP")


@pytest.mark.parametrize("times", [1, 3])
def test_each_statement_sees_what_those_before_it_did(times: int) -> None:
    for time in range(times):
        with transaction.atomic():
            written = Rows("SELECT set_config('motcua.test', $1, true)", (f"x{time}",))
            read = Rows(
                "SELECT current_setting('motcua.test'), NULL::text, '' UNION ALL SELECT 'y', 'ờ', NULL"
            )

            fetch(written, read)

        assert written.found == [(f"x{time}",)]
        assert read.found == [(f"x{time}", None, ""), ("y", "ờ", None)]


def test_a_fault_stops_those_after_it_and_the_connection_goes_on() -> None:
    make_tables()
    before, wrong, after = (Rows(f"SELECT {column}") for column in ("'first'", "1 / 0", "'a further one'"))

    for _ in range(2):
        with pytest.raises(DatabaseError, match="division by zero"), transaction.atomic():
            fetch(before, wrong, after)

    assert before.found == [("first",)]
    assert after.found == []
    assert rows_of("SELECT 'a further one'") == [("a further one",)]
    assert rows_of("SELECT 'a further one'") == [("a further one",)]


def test_a_statement_that_cannot_be_prepared_can_be_once_it_can() -> None:
    for _ in range(2):
        with pytest.raises(DatabaseError, match="does not exist"), transaction.atomic():
            rows_of("SELECT content FROM other")

    make_tables()

    assert rows_of("SELECT content FROM other") == []


def test_what_goes_beyond_what_is_kept_still_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trips, "MOST_KEPT", 0)

    assert [rows_of(f"SELECT {number} AS never_kept") for number in (1, 2, 1)] == [
        [("1",)],
        [("2",)],
        [("1",)],
    ]


def test_tables_are_filled_together_in_their_order() -> None:
    make_tables()

    copy_together(
        [Copy("one", "number", ["1", "2"]), Copy("one", "number", []), Copy("other", "content", ["x"])]
    )

    assert rows_of("SELECT count(*) FROM one") == [("2",)]
    assert rows_of("SELECT content FROM other") == [("x",)]


@pytest.mark.parametrize("bad", [0, 1])
def test_one_bad_row_fills_no_table_and_the_connection_goes_on(bad: int) -> None:
    make_tables()
    copies = [Copy("other", "content", ["x"]), Copy("one", "number", ["1"])]
    copies.insert(bad, Copy("one", "number", ["5", "no number"]))

    with pytest.raises(DatabaseError, match="invalid input syntax"), transaction.atomic():
        copy_together(copies)

    assert rows_of("SELECT count(*) FROM other") == [("0",)]
    copy_together(copies[-1:] if bad == 0 else copies[:1])
