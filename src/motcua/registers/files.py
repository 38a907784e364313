"""CSV files as they come: encodings, delimiters, headers and broken lines; one bad line stops only itself."""

import codecs
import csv
import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from motcua.registers.cells import Words, clean
from motcua.registers.declaration import Declaration

DELIMITERS = ",;\t|"
LONGEST_LINE = 1_000_000
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class FileRefused(Exception):
    """The file as a whole cannot be loaded; nothing was changed. The message is in both languages."""

    def __init__(self, vi: str, en: str) -> None:
        super().__init__(f"{vi}\n{en}")
        self.words = Words(vi, en)


@dataclass(frozen=True, slots=True)
class RowRefused:
    """A line that was not loaded: where, and why in both languages. Never holds the cell's text."""

    line: int
    column: str
    reason: str
    reason_en: str


@dataclass(frozen=True, slots=True)
class Row:
    """A line split into cells, in the order of the declaration."""

    line: int
    cells: list[str]


class _Lines:
    """Gives lines of bounded length; the rest of a longer one is skipped and noted."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.too_long = False

    def __iter__(self) -> Iterator[str]:
        read = self._stream.readline
        while line := read(LONGEST_LINE):
            if len(line) == LONGEST_LINE and not line.endswith("\n"):
                self.too_long = True
                while (rest := read(LONGEST_LINE)) and not rest.endswith("\n"):
                    pass
            yield line


def read_rows(path: Path, declaration: Declaration) -> Iterator[Row | RowRefused]:
    """Yield the rows of the file in order, a refusal in the place of each that cannot be split.

    Raises ``FileRefused`` if the file cannot be read or its header is not the declared columns.
    """
    try:
        with path.open("rb") as raw:
            encoding = _encoding(raw.peek(4) if hasattr(raw, "peek") else b"", declaration)
            with io.TextIOWrapper(raw, encoding=encoding, errors="replace", newline="") as stream:
                yield from _rows(stream, declaration)
    except OSError as error:
        raise _unreadable(path, error) from error


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of the file as hexadecimal text; raises ``FileRefused`` if it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: OSError) -> FileRefused:
    return FileRefused(
        f"Không đọc được tệp {path.name}: {error.strerror}.",
        f"The file {path.name} cannot be read: {error.strerror}.",
    )


def _encoding(start: bytes, declaration: Declaration) -> str:
    for mark, encoding in _BOMS:
        if start.startswith(mark):
            return encoding
    return {"windows-1258": "cp1258"}.get(declaration.encoding, declaration.encoding)


def _rows(stream: TextIO, declaration: Declaration) -> Iterator[Row | RowRefused]:
    lines = _Lines(stream)
    numbered = iter(lines)
    header = next(numbered, "")
    if not header.strip():
        raise FileRefused(
            "Tệp trống; dòng đầu phải ghi tên các cột.",
            "The file is empty; its first line must name the columns.",
        )
    delimiter, order = _layout(header, declaration)
    wanted = len(order)
    reader = csv.reader(numbered, delimiter=delimiter, strict=True)
    before = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            lines.too_long = False
            yield RowRefused(
                before + 1,
                "",
                "dấu ngoặc kép mở mà không đóng, hoặc ô quá dài; hãy sửa dòng này",
                "a quotation mark is not closed, or a cell is too long; correct this line",
            )
            before = 1 + reader.line_num
            continue
        line, before = before + 1, 1 + reader.line_num
        if lines.too_long:
            lines.too_long = False
            yield RowRefused(line, "", "dòng quá dài", "the line is too long")
        elif len(cells) == wanted:
            yield Row(line, [cells[index] for index in order])
        elif any(cells):
            yield RowRefused(
                line,
                "",
                f"có {len(cells)} ô, cần {wanted}; kiểm tra dấu phân cách và dấu ngoặc kép",
                f"has {len(cells)} cells, needs {wanted}; check delimiters and quotation marks",
            )


def _layout(header: str, declaration: Declaration) -> tuple[str, list[int]]:
    """Return the delimiter and, for each declared column, its place in the file."""
    expected = [column.name for column in declaration.columns]
    splits = {mark: _split(header, mark) for mark in DELIMITERS}
    delimiter = max(DELIMITERS, key=lambda mark: len(set(splits[mark]) & set(expected)))
    found = splits[delimiter]
    missing = [name for name in expected if name not in found]
    extra = [name for name in found if name not in expected]
    twice = sorted({name for name in found if found.count(name) > 1})
    if not (missing or extra or twice):
        return delimiter, [found.index(name) for name in expected]
    parts = [
        (missing, "thiếu cột", "missing columns"),
        (extra, "cột không có trong khai báo", "columns that are not declared"),
        (twice, "cột lặp lại", "columns given twice"),
    ]
    vi = "; ".join(f"{words} {', '.join(n[:60] for n in names[:20])}" for names, words, _ in parts if names)
    en = "; ".join(f"{words} {', '.join(n[:60] for n in names[:20])}" for names, _, words in parts if names)
    listed = ", ".join(expected)
    raise FileRefused(
        f"Dòng 1: {vi}. Dòng đầu phải gồm đúng các cột: {listed}.",
        f"Line 1: {en}. The first line must name exactly these columns: {listed}.",
    )


def _split(header: str, delimiter: str) -> list[str]:
    try:
        return [clean(name).lower() for name in next(csv.reader([header], delimiter=delimiter), [])]
    except csv.Error:
        return []
