"""Rows in one stream: more than a socket takes at once goes through, and what is refused leaves a good connection."""

import json

import pytest
from django.db import DatabaseError, connection, transaction

from motcua.events.appending import HEX, appended
from motcua.events.copying import cell, copy_rows, fetch, rows_of

pytestmark = pytest.mark.django_db
COUNT, WIDTH = 200, 100_000


def make_table() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE held (number int, content text) ON COMMIT DROP")


def test_twenty_megabytes_arrive_whole() -> None:
    with transaction.atomic():
        make_table()

        copy_rows("held", "number, content", [f"{at}\t{cell('ờ' * WIDTH)}" for at in range(COUNT)])

        assert rows_of("SELECT count(*), sum(length(content)) FROM held") == [
            (str(COUNT), str(COUNT * WIDTH))
        ]


def test_texts_come_back_as_they_were_sent() -> None:
    texts = ["\\N", "\\.", "a\tb\nc\rd\\", "", "Nguyễn “Út” 'x'", "\\t"]
    with transaction.atomic():
        make_table()

        copy_rows("held", "number, content", [f"{at}\t{cell(text)}" for at, text in enumerate(texts)])

        assert [text for (text,) in rows_of("SELECT content FROM held ORDER BY number")] == texts


def test_one_bad_row_refuses_the_stream_and_the_connection_goes_on() -> None:
    with transaction.atomic():
        make_table()

        with pytest.raises(DatabaseError), transaction.atomic():
            copy_rows("held", "number, content", ["1\tx", "no number\ty", *["2\t" + "z" * WIDTH] * 50])

        assert rows_of("SELECT count(*) FROM held") == [("0",)]


def test_rows_appended_by_columns_hold_what_was_given() -> None:
    texts = ["", "NULL", 'say "x"', "back\\slash", "tab\tand\nline", "{a,b}", 'a","b', "đường"]
    bodies = [json.dumps({"text": text}, ensure_ascii=False) for text in texts]
    rows_of(
        "CREATE TEMPORARY TABLE kept (place int, one text, digest bytea, body jsonb, same text) ON COMMIT DROP"
    )

    fetch(
        appended(
            "kept",
            (
                ("place", "bigint", [str(at) for at in range(len(texts))]),
                ("one", "text", texts),
                ("digest", HEX, [text.encode().hex() for text in texts]),
                ("body", "jsonb", bodies),
                ("same", "text", "for, all"),
            ),
        )
    )

    found = rows_of("SELECT one, encode(digest, 'hex'), body->>'text', same FROM kept ORDER BY place")
    assert found == [(text, text.encode().hex(), text, "for, all") for text in texts]
