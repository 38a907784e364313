"""Lists as delimited text (CSV): encodings that say themselves, commas, semicolons or tabs."""

import codecs
import csv
import io
from collections.abc import Iterator

from motcua.cases.bulk.lists import LONGEST_CELL, Cell, FileRefused, Line

LONGEST_LINE = 256 * 1024
DELIMITERS = ",;\t"
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def read_delimited(content: bytes) -> Iterator[Line]:
    """Yield heading and rows of the text, empty ones too; raises ``FileRefused``."""
    text = decoded(content)
    lines = _lines(text)
    first = next(lines, "")
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5:
        # A line for Excel that names the delimiter; it still counts as row 1 of the sheet.
        delimiter, number, rest = first.strip()[4], 1, lines
    else:
        delimiter, number, rest = _delimiter(first), 0, _again(first, lines)
    reader = csv.reader(rest, delimiter=delimiter, strict=True)
    while True:
        number += 1
        try:
            cells = next(reader, None)
        except csv.Error:
            raise FileRefused(
                f"Gần dòng {number}: dấu ngoặc kép mở mà không đóng, hoặc một ô quá dài. Sửa dòng đó, hoặc "
                "lưu lại tệp từ Excel.",
                f"Near row {number}: a quotation mark is not closed, or a cell is too long. Mend the row, "
                "or save the file from Excel again.",
            ) from None
        if cells is None:
            return
        yield Line(number, tuple(Cell(cell[: LONGEST_CELL + 1]) for cell in cells))


def decoded(content: bytes) -> str:
    """Return the text; raises ``FileRefused`` for an encoding that would have to be guessed."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _decode(content[len(mark) :], encoding)
    half = content[:400]
    if len(half) > 3 and half[1::2].count(0) * 10 > len(half[1::2]) * 7:
        return _decode(content, "utf-16-le")
    if len(half) > 3 and half[::2].count(0) * 10 > len(half[::2]) * 7:
        return _decode(content, "utf-16-be")
    return _decode(content, "utf-8")


def _decode(content: bytes, encoding: str) -> str:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise FileRefused(
            f"Dòng {line} không phải chữ Unicode (có thể là windows-1258, TCVN3 hoặc VNI). Trong Excel "
            "chọn Lưu thành, CSV UTF-8, hoặc dùng tệp XLSX.",
            f"Row {line} is not Unicode (perhaps windows-1258, TCVN3 or VNI). In Excel save as CSV UTF-8, "
            "or use an XLSX file.",
        ) from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise FileRefused(
            f"Dòng {line} có ký tự rỗng, nên đây không phải tệp văn bản. Lưu lại tệp từ Excel theo kiểu "
            "CSV UTF-8.",
            f"Row {line} holds a null character, so this is no text file. Save it from Excel as CSV UTF-8.",
        )
    return text


def _lines(text: str) -> Iterator[str]:
    for number, line in enumerate(io.StringIO(text, newline=""), 1):
        if len(line) > LONGEST_LINE:
            raise FileRefused(
                f"Dòng {number} quá dài. Giữ đúng các cột của tệp mẫu, mỗi người một dòng.",
                f"Row {number} is too long. Keep the columns of the template, one row for each person.",
            )
        yield line


def _again(first: str, lines: Iterator[str]) -> Iterator[str]:
    yield first
    yield from lines


def _delimiter(heading: str) -> str:
    """Return the sign that cuts the heading into the most pieces."""
    return max(DELIMITERS, key=heading.count)
