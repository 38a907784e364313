"""Writes what people fill in, mend or keep: the template, the list with its faults, results.

No cell that we write is a formula, whatever a person typed: a text that a spreadsheet would compute gets
an apostrophe in front, which the reading takes away again.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date

from motcua.agencies.queries import PlaceView
from motcua.cases.bulk.columns import columns_of
from motcua.cases.bulk.lists import Format
from motcua.procedures.content import Content

_COMPUTED = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "＝", "＋", "－", "＠")
MEDIA_TYPES: dict[Format, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def inert(text: str) -> str:
    """Return the text so that no spreadsheet computes it."""
    return f"'{text}" if text.startswith(_COMPUTED) else text


def disarmed(text: str) -> str:
    """Return the text without the apostrophe of :func:`inert`."""
    return text[1:] if text[:1] == "'" and text[1:2] in _COMPUTED else text


def delimited(rows: Iterable[Sequence[str]]) -> bytes:
    """Return the rows as CSV that Excel opens in Unicode."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerows([inert(cell) for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def workbook(heading: Sequence[str], rows: Iterable[Sequence[str]], *, language: str) -> bytes:
    """Return the rows as a workbook in which every cell is text."""
    # Loaded by whoever first writes one: openpyxl comes with nearly three hundred modules.
    from motcua.cases.bulk import spreadsheets

    return spreadsheets.listed(heading, ([inert(cell) for cell in row] for row in rows), language=language)


def template(
    content: Content, kind: Format, *, places: Sequence[PlaceView], today: date, language: str
) -> bytes:
    """Return an empty list with the headings of the service; a workbook offers the choices as well."""
    if kind == "csv":
        return delimited([[column.label.in_language(language) for column in columns_of(content)]])
    from motcua.cases.bulk import spreadsheets

    return spreadsheets.to_fill_in(content, places=places, language=language)
