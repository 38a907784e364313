"""No number that could name a person reaches the log."""

import io
import logging

import pytest

from motcua.site.logs import Lines, WithoutPersons, mask


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("person 048099001234 asked", "person …234 asked"),
        ("old card 201234567", "old card …567"),
        ("call 0905123456", "call …456"),
        ("Key (number)=(048099001234)", "Key (number)=(…234)"),
        ("no person 048099001234.", "no person …234."),
        ("...048099001234", "...…234"),
        ("ratio 0.123456789", "ratio 0.123456789"),
        ("took 1234 ms, 20000 rows", "took 1234 ms, 20000 rows"),
        ("sha 048099001234abcd", "sha 048099001234abcd"),
    ],
)
def test_numbers_of_persons_are_masked(written: str, kept: str) -> None:
    assert mask(written) == kept


def test_traceback_is_masked_too() -> None:
    try:
        raise ValueError("no such person: 048099001234")
    except ValueError as error:
        record = logging.LogRecord(
            "x", logging.ERROR, "", 1, "failed", None, (type(error), error, error.__traceback__)
        )

    line = WithoutPersons("%(message)s").format(record)

    assert "048099001234" not in line
    assert "no such person: …234" in line


def test_lines_written_together_look_as_if_written_one_by_one() -> None:
    stream, at = io.StringIO(), 1_763_798_400.5
    lines = Lines("motcua.requests", stream)
    record = logging.LogRecord(
        "motcua.requests", logging.INFO, "", 1, "GET /a/048099001234 200 3 ms", None, None
    )
    record.created, record.msecs = at, 500.0
    one_by_one = WithoutPersons("%(asctime)s %(levelname)s %(name)s %(message)s").format(record)

    lines.add("GET /a/048099001234 200 3 ms", at)
    lines.add("GET /b 200 4 ms", at + 1)
    lines.write()
    lines.write()

    first, second = stream.getvalue().splitlines()
    assert first == one_by_one
    assert second.endswith(" INFO motcua.requests GET /b 200 4 ms")


def test_log_that_is_gone_stops_nothing() -> None:
    stream = io.StringIO()
    lines = Lines("motcua.requests", stream)
    lines.add("GET / 200 1 ms", 0.0)
    stream.close()

    lines.write()
