"""A list as handed in, row by row: what both kinds of file have in common, and what no list may exceed."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

from motcua.procedures.content import Bilingual

Format = Literal["csv", "xlsx"]

MOST_BYTES = 20 * 1024 * 1024
MOST_ROWS = 50_000
MOST_COLUMNS = 100
LONGEST_CELL = 10_000
# A gap of this many empty rows is not a list any more, but a file made to keep us busy.
MOST_LINES = 2 * MOST_ROWS


class FileRefused(ValueError):
    """The file cannot be read as a list; says in both languages why and what to do."""

    def __init__(self, vi: str, en: str) -> None:
        super().__init__(en)
        self.words = Bilingual(vi=vi, en=en)


class Cell(NamedTuple):
    """One cell as text. ``number``: the workbook holds it as a number, so leading zeros are gone."""

    text: str
    number: bool = False
    formula: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One row with the number that the spreadsheet shows beside it."""

    number: int
    cells: tuple[Cell, ...]

    @property
    def empty(self) -> bool:
        """Tell whether nothing is written in the row."""
        return not any(cell.text.strip() or cell.formula for cell in self.cells)


def format_of(content: bytes) -> Format:
    """Tell the kind of file by its first bytes, whatever its name says; raises ``FileRefused``."""
    if not content.strip(b"\0 \t\r\n\xef\xbb\xbf"):
        raise FileRefused(
            "Tệp trống. Điền danh sách vào tệp mẫu rồi tải lên.",
            "The file is empty. Fill in the template and upload it.",
        )
    if content[:4] == b"PK\x03\x04":
        return "xlsx"
    if content[:8] == bytes.fromhex("d0cf11e0a1b11ae1"):
        raise FileRefused(
            "Đây là tệp Excel kiểu cũ (.xls) hoặc tệp có mật khẩu. Trong Excel, bỏ mật khẩu rồi chọn Lưu "
            "thành, Excel Workbook (.xlsx).",
            "This is an old Excel file (.xls) or one with a password. In Excel remove the password and "
            "save as Excel Workbook (.xlsx).",
        )
    if content[:5] == b"%PDF-":
        raise FileRefused(
            "Đây là tệp PDF. Hãy tải lên tệp CSV hoặc XLSX theo mẫu.",
            "This is a PDF. Upload a CSV or XLSX file that follows the template.",
        )
    return "csv"


def within_limits(lines: Iterator[Line]) -> Iterator[Line]:
    """Yield the heading and the rows that are not empty; raises ``FileRefused`` past the limits."""
    kept = 0
    for line in lines:
        if line.number > MOST_LINES:
            raise _too_many()
        if len(line.cells) > MOST_COLUMNS and any(cell.text for cell in line.cells[MOST_COLUMNS:]):
            raise FileRefused(
                f"Dòng {line.number} có hơn {MOST_COLUMNS} cột. Giữ đúng các cột của tệp mẫu.",
                f"Row {line.number} has more than {MOST_COLUMNS} columns. Keep the columns of the template.",
            )
        if line.empty:
            continue
        if kept > MOST_ROWS:
            raise _too_many()
        kept += 1
        yield line


def _too_many() -> FileRefused:
    most_vi, most_en = f"{MOST_ROWS:,}".replace(",", "."), f"{MOST_ROWS:,}"
    return FileRefused(
        f"Danh sách có hơn {most_vi} người. Chia thành nhiều tệp, mỗi tệp nhiều nhất {most_vi} dòng.",
        f"The list has more than {most_en} people. Split it into files of at most {most_en} rows.",
    )
