"""Lists as workbooks (XLSX), read cell by cell; nothing in them is run, computed or fetched.

A workbook is an archive, so it is looked through before the library opens it: what it would take in
memory is bounded by what is counted here.
"""

import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime
from typing import IO
from xml.etree.ElementTree import ParseError

from defusedxml.ElementTree import parse  # type: ignore[import-untyped]  # it ships no types

from motcua.cases.bulk.lists import LONGEST_CELL, MOST_COLUMNS, MOST_LINES, Cell, FileRefused, Line

MOST_PARTS = 300
MOST_SHEETS = 20
MOST_UNPACKED = 256 * 1024 * 1024
MOST_RATIO = 200
LARGEST_PART = 4 * 1024 * 1024
LARGEST_TEXTS = 24 * 1024 * 1024
LARGEST_ROW = 2 * 1024 * 1024
MOST_TAGS_IN_TEXTS = 2_000_000
_CHUNK = 256 * 1024
LARGEST_BESIDE_ROWS = 16 * 1024 * 1024
_ROW_END = re.compile(rb"</(?:\w{1,20}:)?row>")
# A row that has an end of its own, so not <row/>; no attribute holds a "<".
_ROW_START = re.compile(rb"<(?:[^\s<>/:\"']{1,200}:)?row(?:\s(?:[^<>\"']|\"[^<\"]*\"|'[^<']*')*)?(?<!/)>")
_TEXTS, _TYPES = "xl/sharedstrings.xml", "[content_types].xml"
# What the library and the archive raise for files that are damaged or made to do harm; entities refused by
# defusedxml are ValueErrors.
_DAMAGED = (
    *(ValueError, KeyError, TypeError, AttributeError, IndexError, ParseError, EOFError, OSError),
    *(zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError),
)
DAMAGED = FileRefused(
    "Tệp XLSX bị hỏng hoặc không đúng dạng. Mở bằng Excel hoặc LibreOffice rồi lưu lại, hoặc dùng tệp CSV.",
    "The XLSX file is damaged. Open it in Excel or LibreOffice and save it again, or use a CSV file.",
)


def read_workbook(content: bytes) -> Iterator[Line]:
    """Yield heading and rows of the first visible sheet, empty ones too; raises ``FileRefused``."""
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        look_through(content)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(io.BytesIO(content), read_only=True, keep_links=False, keep_vba=False)
        sheet = next((each for each in book.worksheets if each.sheet_state == "visible"), None)
        if sheet is None:
            raise DAMAGED
        sheet.reset_dimensions()
        for number, row in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS + 1, max_row=MOST_LINES + 1), 1):
            yield Line(number, tuple(_cell(each.value, each.data_type) for each in row))
    except FileRefused:
        raise
    except (*_DAMAGED, InvalidFileException):
        raise DAMAGED from None


def _cell(value: object, kind: str) -> Cell:
    if kind == "f":
        return Cell("", formula=True)
    match value:
        case None:
            return Cell("")
        case bool():
            return Cell("true" if value else "false")
        case datetime():
            # No form asks for an hour; some spreadsheets add one to every day.
            return Cell(value.date().isoformat())
        case date():
            return Cell(value.isoformat())
        case int():
            return Cell(str(value), number=True)
        case float():
            whole = value.is_integer() and abs(value) < 1e15
            return Cell(str(int(value)) if whole else repr(value), number=True)
    return Cell(str(value)[: LONGEST_CELL + 1])


def look_through(content: bytes) -> None:
    """Refuse what would be too much to unpack, and what a list has no need of; raises ``FileRefused``."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = archive.infolist()
        names = [part.filename.lower().lstrip("/") for part in parts]
        _refuse_by_name(names)
        unpacked = sum(part.file_size for part in parts)
        if (
            len(parts) > MOST_PARTS
            or len(set(names)) != len(names)
            or unpacked > MOST_UNPACKED
            or unpacked > MOST_RATIO * max(len(content), 64 * 1024)
        ):
            raise too_large()
        for part, name in zip(parts, names, strict=True):
            if part.flag_bits & 1:
                raise FileRefused(
                    "Tệp có mật khẩu. Bỏ mật khẩu trong Excel rồi tải lên lại.",
                    "The file has a password. Remove it in Excel and upload the file again.",
                )
            _measure(archive, part, name)


def _refuse_by_name(names: list[str]) -> None:
    if any("vbaproject" in name or name.startswith(("xl/activex/", "xl/macrosheets/")) for name in names):
        raise FileRefused(
            "Tệp có macro. Chọn Lưu thành, Excel Workbook (.xlsx) để bỏ macro, rồi tải lên lại.",
            "The file holds macros. Save it as Excel Workbook (.xlsx), which drops them, and upload it "
            "again.",
        )
    if any(name.startswith(("xl/externallinks/", "xl/embeddings/", "xl/connections")) for name in names):
        raise FileRefused(
            "Tệp có liên kết hoặc đối tượng lấy từ tệp khác. Chép danh sách sang một tệp mới bằng Dán giá "
            "trị, rồi tải lên.",
            "The file draws on other files. Copy the list to a new file with Paste values and upload that.",
        )
    if sum(name.startswith("xl/worksheets/") and name.endswith(".xml") for name in names) > MOST_SHEETS:
        raise FileRefused(
            f"Tệp có hơn {MOST_SHEETS} trang tính. Giữ lại trang có danh sách, để ở vị trí đầu tiên.",
            f"The file has more than {MOST_SHEETS} sheets. Keep the one with the list, as the first.",
        )


def _measure(archive: zipfile.ZipFile, part: zipfile.ZipInfo, name: str) -> None:
    """Read the part once without building anything from it; its declared size is the most that it gives."""
    if name.startswith("xl/worksheets/") and name.endswith(".xml"):
        with archive.open(part) as file:
            _measure_rows(file)
    elif name == _TEXTS:
        if part.file_size > LARGEST_TEXTS:
            raise too_large()
        with archive.open(part) as file:
            if sum(chunk.count(b"<") for chunk in iter(lambda: file.read(_CHUNK), b"")) > MOST_TAGS_IN_TEXTS:
                raise too_large()
    # Whatever its name says: what a part is taken for stands elsewhere.
    elif part.file_size > LARGEST_PART:
        raise too_large()
    elif name == _TYPES:
        with archive.open(part) as file:
            _refuse_disguised(file)
    elif name.endswith(".rels"):
        with archive.open(part) as file:
            _refuse_disguised_charts(file)


def _refuse_disguised(file: IO[bytes]) -> None:
    """Refuse a list of types by which a part that is read whole would be measured as if it were a sheet."""
    for element in parse(file).iter():
        kind, name = element.get("ContentType", "").lower(), element.get("PartName", "").lower()
        if name.startswith("/xl/worksheets/") and ".main+xml" in kind:
            raise DAMAGED
        if "sharedstrings" in kind and name != f"/{_TEXTS}":
            raise DAMAGED


def _refuse_disguised_charts(file: IO[bytes]) -> None:
    """Refuse a relation by which a part outside the folder of charts is read as one, which is read whole."""
    for element in parse(file).iter():
        target = element.get("Target", "").lower()
        if "chartsheet" in element.get("Type", "").lower() and (
            ".." in target or not target.removeprefix("/xl/").startswith("chartsheets/")
        ):
            raise DAMAGED


def _measure_rows(file: IO[bytes]) -> None:
    """Refuse a sheet that would fill the memory: by one row, or by what stands beside the rows and is kept.

    What looks like the end of a row must be one: no comment, no row within a row.
    """
    rest, beside = b"", 0
    while chunk := file.read(_CHUNK):
        whole = rest + chunk
        if b"<!" in whole:
            raise DAMAGED
        *rows, rest = _ROW_END.split(whole)
        for row in rows:
            starts = [found.start() for found in _ROW_START.finditer(row)]
            if len(starts) != 1:
                raise DAMAGED
            beside += starts[0]
        if len(rest) > LARGEST_ROW or beside > LARGEST_BESIDE_ROWS:
            raise too_large()


def too_large() -> FileRefused:
    """Return the refusal of a file that would unpack to far more than any list needs."""
    return FileRefused(
        "Tệp nén chứa nhiều hơn một danh sách cần có. Chép riêng danh sách sang một tệp mới rồi tải lên.",
        "The file unpacks to far more than a list needs. Copy the list alone to a new file and upload that.",
    )
