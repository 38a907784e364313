"""Checks a list row by row with the form's own check, and says of every fault where it is and how to mend it."""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from motcua.agencies.names import fold
from motcua.agencies.queries import PlaceView
from motcua.cases.bulk.columns import NAME, NUMBER, Column, Heading, columns_of, folded, rule_of
from motcua.cases.bulk.lists import Cell, Line
from motcua.cases.bulk.writing import disarmed
from motcua.identity.numbers import NumberRefused, PersonNumber
from motcua.procedures.content import Bilingual, Content, FormField
from motcua.procedures.forms import UNSEEN, FormRefused, check_values

LONGEST_NAME = 160
_YES = {"co", "x", "yes", "true", "1", "dung"}
_NO = {"khong", "no", "false", "0", "sai"}
FORMULA = Bilingual(
    vi="Ô này chứa công thức. Chép ô rồi chọn Dán giá trị (Paste values).",
    en="This cell holds a formula. Copy it and use Paste values.",
)
NAME_MISSING = Bilingual(
    vi="Thiếu họ và tên. Ghi như trên thẻ căn cước.",
    en="The name is missing. Write it as on the identity card.",
)
NAME_STRANGE = Bilingual(
    vi="Họ và tên có ký tự lạ hoặc quá dài. Gõ lại bằng tay.",
    en="The name has strange characters or is too long. Type it again.",
)
ANOTHER_NAME = Bilingual(
    vi="Họ và tên khác với tên đã ghi nhận cho số định danh này. Xem lại cả số và tên trên thẻ căn cước.",
    en="The name differs from the one recorded for this number. Check both on the identity card.",
)
ZEROS_LOST = Bilingual(
    vi="Chỉ có 11 chữ số: Excel có thể đã bỏ số 0 ở đầu. Đổi cột sang kiểu Văn bản (Text) rồi gõ lại số.",
    en="There are 11 digits only: Excel may have dropped the 0 in front. Format the column as Text and "
    "type the number again.",
)
NO_SUCH_PLACE = Bilingual(
    vi="Không phải tên hay mã của một phường, xã hiện nay. Chọn trong trang Danh mục của tệp mẫu.",
    en="Not the name or code of a ward or commune of today. Choose one listed in the template.",
)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in one cell: its column's heading, and what to do; never what the cell says."""

    column: Bilingual
    words: Bilingual

    def as_json(self) -> dict[str, object]:
        """Return the fault as it is stored."""
        return {
            "column": {"vi": self.column.vi, "en": self.column.en},
            "vi": self.words.vi,
            "en": self.words.en,
        }


@dataclass(slots=True)
class Checked:
    """A row after its check; ``number`` is None only when there are faults."""

    line: int
    number: PersonNumber | None = None
    name: str = ""
    values: dict[str, object] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


class Checker:
    """Checks the rows of one list; remembers the numbers seen, so that a repeated person is found."""

    def __init__(
        self, content: Content, heading: Heading, *, firm: str, places: Iterable[PlaceView], today: date
    ) -> None:
        self._content, self._heading, self._firm, self._today = content, heading, firm, today
        self._rule = rule_of(content)
        self._columns = columns_of(content)
        self._labels = {column.name: column.label for column in self._columns}
        self._labels |= {each.name: each.label for each in content.form.fields}
        self._places = _places_by_words(places)
        self._seen: dict[bytes, int] = {}
        self._choices = {each.name: _choices(each) for each in content.form.fields if each.options}

    def check(self, line: Line) -> Checked:
        """Check the row by itself and against the rows before it; no query."""
        checked = Checked(line.number)
        cells = {
            column.name: self._cell(line.cells, self._heading.at.get(column.name)) for column in self._columns
        }
        for column in self._columns:
            if cells[column.name].formula:
                checked.faults.append(Fault(column.label, FORMULA))
        self._check_number(checked, cells[NUMBER.name])
        self._check_name(checked, cells[NAME.name])
        self._check_firm(checked, line.cells)
        self._check_answers(checked, cells)
        return checked

    def compare_names(self, several: Sequence[Checked], recorded: Mapping[bytes, str]) -> None:
        """Add a fault where a number is recorded under another name; ``recorded`` is by person key."""
        for checked in several:
            known = recorded.get(checked.number.key()) if checked.number is not None else None
            if known is not None and checked.name and fold(known) != fold(checked.name):
                checked.faults.append(Fault(NAME.label, ANOTHER_NAME))

    @staticmethod
    def _cell(cells: Sequence[Cell], place: int | None) -> Cell:
        if place is None or place >= len(cells):
            return Cell("")
        cell = cells[place]
        return cell._replace(text=disarmed(cell.text))

    def _check_number(self, checked: Checked, cell: Cell) -> None:
        # A workbook that holds the number as a number has lost its zeros for sure; a text may lack any digit.
        text = cell.text.strip()
        text = text.zfill(12) if cell.number and text.isdigit() else text
        if cell.formula:
            return
        try:
            number = PersonNumber.parse(text, on=self._today)
        except NumberRefused as refusal:
            lost = len(text) == 11 and text.isdigit()
            checked.faults.append(
                Fault(NUMBER.label, ZEROS_LOST if lost else Bilingual(vi=refusal.vi, en=refusal.en))
            )
            return
        checked.number = number
        earlier = self._seen.setdefault(number.key(), checked.line)
        if earlier != checked.line:
            words = Bilingual(
                vi=f"Người này đã có ở dòng {earlier}. Giữ lại một dòng.",
                en=f"This person stands in row {earlier} already. Keep one row.",
            )
            checked.faults.append(Fault(NUMBER.label, words))

    @staticmethod
    def _check_name(checked: Checked, cell: Cell) -> None:
        name = " ".join(unicodedata.normalize("NFC", cell.text).split())
        if cell.formula:
            return
        if not name:
            checked.faults.append(Fault(NAME.label, NAME_MISSING))
        elif len(name) > LONGEST_NAME or not name.isprintable() or UNSEEN.search(name) or "\ufffd" in name:
            checked.faults.append(Fault(NAME.label, NAME_STRANGE))
        else:
            checked.name = name

    def _check_firm(self, checked: Checked, cells: Sequence[Cell]) -> None:
        if self._heading.firm_at is None:
            return
        cell = self._cell(cells, self._heading.firm_at)
        firm = next(each for each in self._content.form.fields if each.name == self._rule.firm)
        if cell.text.strip() and _with_zeros(cell, firm) != self._firm:
            words = Bilingual(
                vi=f"Khác với mã số {self._firm} mà bạn đang nộp thay. Sửa lại, hoặc nộp riêng cho nơi đó.",
                en=f"Differs from {self._firm}, for which you are filing. Mend it, or file for the other "
                "separately.",
            )
            checked.faults.append(Fault(firm.label, words))

    def _check_answers(self, checked: Checked, cells: Mapping[str, Cell]) -> None:
        values: dict[str, object] = {self._rule.firm: self._firm}
        values |= dict.fromkeys(self._rule.promised, True)
        misplaced: set[str] = set()
        for column in self._columns:
            cell = cells[column.name]
            if column.field is None or cell.formula or not cell.text.strip():
                continue
            values[column.name] = self._value(column.field, cell)
            if column.field.widget == "place" and values[column.name] is None:
                misplaced.add(column.name)
                checked.faults.append(Fault(column.label, NO_SUCH_PLACE))
        try:
            checked.values = check_values(self._content.form, values)
        except FormRefused as refusal:
            told = misplaced | {name for name, cell in cells.items() if cell.formula}
            checked.faults += [
                Fault(self._labels[name], words) for name, words in refusal.errors.items() if name not in told
            ]

    def _value(self, asked: FormField, cell: Cell) -> object:
        """Return what the form's check expects; a place by its code, None if there is no such place."""
        text = cell.text.strip()
        if asked.widget == "place":
            code = text.zfill(5) if cell.number else text
            return self._places.get(code) or self._places.get(folded(text))
        if asked.type == "boolean":
            return True if folded(text) in _YES else False if folded(text) in _NO else text
        if asked.name in self._choices:
            return self._choices[asked.name].get(folded(text), text)
        return _with_zeros(cell, asked)


def _with_zeros(cell: Cell, asked: FormField) -> str:
    text = cell.text.strip()
    if cell.number and asked.type == "string" and asked.min_length is not None and text.isdigit():
        return text.zfill(asked.min_length)
    return text


def _choices(asked: FormField) -> dict[str, str]:
    """Return each choice by its value and by its words in both languages."""
    return {
        folded(words): option.value
        for option in asked.options
        for words in (option.label.vi, option.label.en, option.value)
    }


def _places_by_words(places: Iterable[PlaceView]) -> dict[str, str]:
    """Return codes by code and by name; a name that two places bear finds neither."""
    by_code: dict[str, str] = {}
    by_name: dict[str, set[str]] = {}
    for place in places:
        by_code[place.code] = place.code
        for name in (place.name, place.short_name):
            by_name.setdefault(folded(name), set()).add(place.code)
    return {name: next(iter(codes)) for name, codes in by_name.items() if len(codes) == 1} | by_code


def filled_columns(columns: Sequence[Column]) -> Iterator[FormField]:
    """Yield the questions behind the columns."""
    return (column.field for column in columns if column.field is not None)
