"""The cells of a file: from text to a typed value, or a refusal that says what is wrong and what to do."""

import re
import unicodedata
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from motcua.identity.numbers import NumberRefused, PersonNumber
from motcua.registers.declaration import Column
from motcua.registers.facts import Value

_WHOLE = re.compile(r"-?[0-9]{1,18}", re.ASCII)
_DECIMAL = re.compile(r"-?[0-9]{1,24}(\.[0-9]{1,12})?", re.ASCII)
_ISO_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", re.ASCII)
_LOCAL_DATE = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})", re.ASCII)
_PLACE = re.compile(r"[0-9]{2,5}", re.ASCII)
_TAX_CODE = re.compile(r"([0-9]{10})(-[0-9]{3})?", re.ASCII)
_TAX_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)
_BOOLEANS = {"true": True, "1": True, "có": True, "false": False, "0": False, "không": False}


@dataclass(frozen=True, slots=True)
class Words:
    """One reason in both languages."""

    vi: str
    en: str


class CellRefused(Exception):
    """A cell cannot be read; carries the reason without the cell's text, which may be personal."""

    def __init__(self, vi: str, en: str) -> None:
        super().__init__(f"{vi} / {en}")
        self.words = Words(vi, en)


Reader = Callable[[str], Value | None]


def clean(text: str) -> str:
    """Return the text composed (NFC), with plain spaces and without spaces at the ends."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text).replace("\u00a0", " ")
    return text.strip()


def tax_code_is_valid(text: str) -> bool:
    """Check form and check digit of a tax code: 10 digits, or 10 digits, hyphen and 3 digits of a branch."""
    found = _TAX_CODE.fullmatch(text)
    if not found:
        return False
    digits = [int(digit) for digit in found[1]]
    total = sum(weight * digit for weight, digit in zip(_TAX_WEIGHTS, digits, strict=False))
    return 10 - total % 11 == digits[9]


def reader_of(column: Column, places: Collection[str] | None) -> Reader:
    """Return the function that reads a cell of the column; ``places`` are the codes in force, if known."""
    allowed = frozenset(column.allowed)
    convert = _CONVERTERS[column.type]
    low = None if column.minimum is None else convert(column.minimum)
    high = None if column.maximum is None else convert(column.maximum)

    def read(raw: str) -> Value | None:
        text = clean(raw)
        if not text:
            if column.required:
                raise CellRefused("bị bỏ trống; mục này bắt buộc", "is empty; a value is required")
            return None
        _check_text(text, column.max_length)
        if allowed and text not in allowed:
            listed = ", ".join(column.allowed)
            raise CellRefused(
                f"không thuộc các giá trị cho phép ({listed})", f"is not one of the allowed values ({listed})"
            )
        value = convert(text)
        # Both bounds were made by the converter that made the value.
        if (low is not None and value < low) or (high is not None and value > high):  # type: ignore[operator]
            raise _out_of(column)
        if places is not None and column.type == "place" and value not in places:
            raise CellRefused(
                "không phải mã đơn vị hành chính có hiệu lực vào ngày của dữ liệu",
                "is not the code of a place in force on the day of the data",
            )
        return value

    return read


def _out_of(column: Column) -> CellRefused:
    bounds = f"{column.minimum or '…'}–{column.maximum or '…'}"
    return CellRefused(f"nằm ngoài khoảng {bounds}", f"is out of the range {bounds}")


def _check_text(text: str, max_length: int) -> None:
    if len(text) > max_length:
        raise CellRefused(
            f"dài {len(text)} ký tự, tối đa {max_length}; hãy rút ngắn",
            f"is {len(text)} characters long, at most {max_length}; shorten it",
        )
    if "\ufffd" in text:
        raise CellRefused(
            "có ký tự hỏng; hãy lưu lại tệp theo bảng mã đã khai báo (thường là UTF-8)",
            "has broken characters; save the file in the declared encoding (usually UTF-8)",
        )
    if not text.isprintable():
        raise CellRefused("có ký tự điều khiển; hãy xóa chúng", "has control characters; remove them")


def _integer(text: str) -> int:
    if not _WHOLE.fullmatch(text):
        raise CellRefused("không phải số nguyên (ví dụ 125)", "is not a whole number (such as 125)")
    return int(text)


def _decimal(text: str) -> Decimal:
    if not _DECIMAL.fullmatch(text):
        raise CellRefused(
            "không phải số; dùng dấu chấm thập phân, không ngăn cách hàng nghìn (ví dụ 1250.5)",
            "is not a number; use a decimal point and no thousands separator (such as 1250.5)",
        )
    return Decimal(text)


def _date(text: str) -> date:
    try:
        if found := _ISO_DATE.fullmatch(text):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found := _LOCAL_DATE.fullmatch(text):
            return date(int(found[3]), int(found[2]), int(found[1]))
    except ValueError:
        pass
    raise CellRefused(
        "không phải ngày; viết 2026-09-30 hoặc 30/09/2026", "is not a date; write 2026-09-30 or 30/09/2026"
    )


def _boolean(text: str) -> bool:
    value = _BOOLEANS.get(text.lower())
    if value is None:
        raise CellRefused("không phải có/không", "is not yes or no; write true or false")
    return value


def _place(text: str) -> str:
    if not _PLACE.fullmatch(text):
        raise CellRefused(
            "không phải mã đơn vị hành chính (2 đến 5 chữ số)", "is not a place code (2 to 5 digits)"
        )
    return text


def _tax_code(text: str) -> str:
    if not tax_code_is_valid(text):
        raise CellRefused(
            "không phải mã số thuế hợp lệ; kiểm tra số kiểm tra và các số 0 ở đầu",
            "is not a valid tax code; check its check digit and leading zeros",
        )
    return text


def _person(text: str) -> bytes:
    try:
        return PersonNumber.parse(text).key()
    except NumberRefused as error:
        raise CellRefused(
            "không phải số định danh hợp lệ (12 chữ số); bảng tính có thể đã làm mất số 0 ở đầu",
            "is not a valid citizen number (12 digits); a spreadsheet may have dropped the leading zero",
        ) from error


_CONVERTERS: dict[str, Callable[[str], Value]] = {
    "text": str,
    "integer": _integer,
    "decimal": _decimal,
    "date": _date,
    "boolean": _boolean,
    "person": _person,
    "place": _place,
    "tax_code": _tax_code,
}
