"""Content that many rows share is stored once, under a number made of its hash; the rows keep the number.

Nobody has to be asked for the number first, so that thousands of rows can be written with it in one message.
"""

import hashlib
from collections.abc import Mapping

from motcua.events.copying import array_cell
from motcua.events.trips import Rows


def number_of(content: str) -> int:
    """Return the number under which the content is kept: 62 bits of its SHA-256, so that it fits a bigint."""
    return int.from_bytes(hashlib.sha256(content.encode("utf-8", "surrogatepass")).digest()[:8], "big") >> 2


def kept_once(table: str, contents: Mapping[int, str]) -> Rows:
    """Return the statement that keeps what is not kept yet, to be run with others in one round trip.

    ``contents`` is JSON by number; the table has ``id`` and ``content``, and is written by the program, never by
    people. The order is that of the numbers, so that no two transactions wait for each other in turn.
    """
    numbers = sorted(contents)
    return Rows(
        f"INSERT INTO {table} (id, content) SELECT id, content::jsonb"  # noqa: S608
        " FROM unnest($1::bigint[], $2::text[]) AS wanted (id, content) ORDER BY id ON CONFLICT (id) DO NOTHING",
        (array_cell(map(str, numbers)), array_cell(contents[number] for number in numbers)),
    )
