"""Rows in one stream: more than a socket takes at once goes through, and what is refused leaves a good connection."""

import pytest
from django.db import DatabaseError, connection, transaction

from motcua.events.copying import cell, copy_rows, rows_of

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
