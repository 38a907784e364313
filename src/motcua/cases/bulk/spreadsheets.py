"""Workbooks (XLSX) as openpyxl writes them: lists of text, and the template with its choices."""

import io
from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from motcua.agencies.queries import PlaceView
from motcua.cases.bulk.columns import Column, columns_of
from motcua.cases.bulk.lists import MOST_ROWS
from motcua.procedures.content import Bilingual, Content

# Any: the published types of openpyxl leave out what a write-only sheet can do.
Sheet = Any

_LISTS = Bilingual(vi="Danh mục", en="Lists")
_LIST = Bilingual(vi="Danh sách", en="List")
_HEAD = PatternFill("solid", fgColor="FFE8F1F2")
_YES_NO = (Bilingual(vi="Có", en="Yes"), Bilingual(vi="Không", en="No"))


def listed(heading: Sequence[str], rows: Iterable[Sequence[str]], *, language: str) -> bytes:
    """Return the rows as a workbook in which every cell is text; no cell may be one that a spreadsheet computes."""
    book = Workbook(write_only=True)
    sheet = _sheet(book, _LIST.in_language(language), len(heading))
    sheet.append([_head(sheet, words) for words in heading])
    for row in rows:
        sheet.append([_text(sheet, cell) for cell in row])
    return _saved(book)


def to_fill_in(content: Content, *, places: Sequence[PlaceView], language: str) -> bytes:
    """Return an empty list with the headings of the service, and its choices beside it."""
    columns = columns_of(content)
    heading = [column.label.in_language(language) for column in columns]
    book = Workbook(write_only=True)
    sheet = _sheet(book, _LIST.in_language(language), len(heading))
    lists = {
        index: choices
        for index, column in enumerate(columns, 1)
        if (choices := _choices(column, places, language))
    }
    for place, (index, choices) in enumerate(lists.items(), 1):
        letter, source = get_column_letter(index), get_column_letter(place)
        rule = DataValidation(
            type="list",
            formula1=f"'{_LISTS.in_language(language)}'!${source}$2:${source}${len(choices) + 1}",
            allow_blank=True,
        )
        rule.add(f"{letter}2:{letter}{MOST_ROWS + 1}")
        sheet.data_validations.append(rule)
    sheet.append([_head(sheet, words) for words in heading])
    for _ in range(200):
        # Cells that are text before anybody types keep their zeros.
        sheet.append([_text(sheet, "") for _ in heading])
    beside = _sheet(book, _LISTS.in_language(language), max(1, len(lists)))
    beside.append([_head(beside, heading[index - 1]) for index in lists])
    for row in range(max((len(choices) for choices in lists.values()), default=0)):
        beside.append(
            [_text(beside, choices[row] if row < len(choices) else "") for choices in lists.values()]
        )
    return _saved(book)


def _choices(column: Column, places: Sequence[PlaceView], language: str) -> list[str]:
    asked = column.field
    if asked is None:
        return []
    if asked.widget == "place":
        return [place.name for place in places]
    if asked.type == "boolean":
        return [words.in_language(language) for words in _YES_NO]
    return [option.label.in_language(language) for option in asked.options]


def _sheet(book: Workbook, title: str, width: int) -> Sheet:
    sheet: Sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for index in range(1, width + 1):
        sheet.column_dimensions[get_column_letter(index)].width = 26
    return sheet


def _head(sheet: Sheet, words: str) -> Any:  # Any: see Sheet
    cell = _text(sheet, words)
    cell.font, cell.fill = Font(bold=True), _HEAD
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def _text(sheet: Sheet, words: str) -> Any:  # Any: see Sheet
    cell = WriteOnlyCell(sheet, words or None)
    if words:
        # Whatever it looks like, it is text: openpyxl would take #N/A for an error.
        cell.data_type = "s"
    cell.number_format = "@"
    return cell


def _saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
