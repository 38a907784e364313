"""Reads the rows of a bank statement by the layout of the bank: which column holds what, in which form.

Pure. Amounts become whole đồng without ever being a floating-point number.
"""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

import yaml
from pydantic import BaseModel, ConfigDict

from motcua.fees.matching import plain
from motcua.fees.transfers import Transferred
from motcua.fees.vietqr import MOST_VND

LAYOUTS = Path(__file__).parent / "layouts.yaml"
LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")
# Banks put address and period above the table; further down there is no heading any more.
_HEADING_WITHIN = 30
_GROUPED = re.compile(r"\+?[0-9]{1,3}([.,][0-9]{3})+([.,]00?)?|\+?[0-9]+([.,]00?)?")
_AHEAD = timedelta(days=1)


class LayoutNotKnown(LookupError):
    """No layout of a statement has that name."""


class Layout(BaseModel):
    """How a bank writes its statements: the heading of each column, as folded words, and the forms of dates."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    label: str
    reference: tuple[str, ...]
    paid_at: tuple[str, ...]
    credit: tuple[str, ...]
    purpose: tuple[str, ...]
    payer_name: tuple[str, ...] = ()
    payer_account: tuple[str, ...] = ()
    dates: tuple[str, ...]


@dataclass(frozen=True, slots=True, order=True)
class LineFault:
    """One bad line: its number as the spreadsheet shows it, what is wrong and what to do, in both languages."""

    line: int
    vi: str
    en: str


class StatementRefused(ValueError):
    """Nothing of the statement was imported; ``faults`` name every bad line."""

    def __init__(self, faults: Sequence[LineFault]) -> None:
        self.faults = tuple(sorted(faults))
        super().__init__("\n".join(f"line {fault.line}: {fault.en}" for fault in self.faults))


@lru_cache(maxsize=1)
def layouts() -> Mapping[str, Layout]:
    """Return the layouts by name: those shipped, and those of the file in ``MOTCUA_STATEMENT_LAYOUTS``."""
    files = [LAYOUTS, *map(Path, filter(None, [os.environ.get("MOTCUA_STATEMENT_LAYOUTS")]))]
    read = [yaml.safe_load(file.read_text(encoding="utf-8")) for file in files]
    return {name: Layout.model_validate(layout) for each in read for name, layout in each.items()}


def layout_named(name: str) -> Layout:
    """Return the layout; raises ``LayoutNotKnown``."""
    known = layouts()
    if name not in known:
        raise LayoutNotKnown(f"no layout {name} (known: {', '.join(sorted(known))})")
    return known[name]


def read_statement(
    rows: Sequence[tuple[int, tuple[str, ...]]], layout: Layout, *, now: datetime
) -> list[tuple[int, Transferred]]:
    """Return number of line and transfer of every credit, in order; debits and totals are left out.

    Raises ``StatementRefused`` with every bad line.
    """
    at, columns = _heading(rows, layout)
    faults: list[LineFault] = []
    found: list[tuple[int, Transferred]] = []
    seen: dict[str, int] = {}
    for line, cells in rows[at + 1 :]:
        try:
            transferred = _credit(line, cells, columns, layout, now)
        except StatementRefused as refusal:
            faults += refusal.faults
            continue
        if transferred is None:
            continue
        if transferred.reference in seen:
            faults.append(_twice(line, seen[transferred.reference]))
            continue
        seen[transferred.reference] = line
        found.append((line, transferred))
    if faults:
        raise StatementRefused(faults)
    return found


def amount_vnd(text: str) -> int | None:
    """Return an amount as banks write it (``1.500.000``, ``1,500,000.00``, ``1500000``), or None if it is none."""
    written = re.sub(r"(?i)\s|vnd|đ(ồng)?$", "", text)
    if not _GROUPED.fullmatch(written):
        return None
    # What ends in one or two zeros after a mark is written with a fraction of nothing.
    whole = re.sub(r"[.,]00?$", "", written)
    return int(re.sub(r"[.,+]", "", whole))


def _heading(rows: Sequence[tuple[int, tuple[str, ...]]], layout: Layout) -> tuple[int, dict[str, int]]:
    needed = ("reference", "paid_at", "credit", "purpose")
    for at, (_, cells) in enumerate(rows[:_HEADING_WITHIN]):
        names = [plain(cell) for cell in cells]
        columns = {
            part: place for part in Layout.model_fields if (place := _place(names, layout, part)) is not None
        }
        if all(part in columns for part in needed):
            return at, columns
    wanted = ", ".join(f"“{getattr(layout, part)[0]}”" for part in needed)
    fault = LineFault(
        rows[0][0] if rows else 1,
        f"không có dòng tiêu đề nào đủ các cột {wanted}; hãy chọn đúng mẫu sao kê của ngân hàng ({layout.label})",
        f"no heading has all of the columns {wanted}; choose the layout of the bank ({layout.label})",
    )
    raise StatementRefused([fault])


def _place(names: Sequence[str], layout: Layout, part: str) -> int | None:
    if part in ("label", "dates"):
        return None
    wanted = [plain(each) for each in getattr(layout, part)]
    return next((names.index(each) for each in wanted if each in names), None)


def _credit(
    line: int, cells: Sequence[str], columns: Mapping[str, int], layout: Layout, now: datetime
) -> Transferred | None:
    def cell(part: str) -> str:
        place = columns.get(part, len(cells))
        return cells[place].strip() if place < len(cells) else ""

    written = cell("credit")
    if not written or re.fullmatch(r"[-0.,]+", written):
        return None
    if not cell("reference") and not cell("paid_at"):
        # A line of totals under the table.
        return None
    given = _Given(line, written, cell("reference"), cell("paid_at"))
    faults = list(_faults(given, layout, now))
    if faults:
        raise StatementRefused(faults)
    paid_at = _moment(given.day, layout)
    assert paid_at is not None
    return Transferred(
        given.reference,
        amount_vnd(written) or 0,
        paid_at,
        cell("purpose"),
        cell("payer_name"),
        cell("payer_account"),
    )


@dataclass(frozen=True, slots=True)
class _Given:
    line: int
    amount: str
    reference: str
    day: str


def _faults(given: _Given, layout: Layout, now: datetime) -> Iterator[LineFault]:
    line, amount = given.line, amount_vnd(given.amount)
    if amount is None or not 0 < amount <= MOST_VND:
        yield LineFault(
            line,
            "số tiền không đọc được; viết số đồng nguyên, ví dụ 150.000",
            "the amount cannot be read; write whole đồng, such as 150.000",
        )
    if not 0 < len(given.reference) <= 80:
        yield LineFault(
            line,
            "thiếu số tham chiếu, hoặc dài quá 80 ký tự; không có số này thì không biết dòng nào đã nhập",
            "the reference is missing or longer than 80 characters; without it a repeat cannot be told",
        )
    moment = _moment(given.day, layout)
    if moment is None:
        yield LineFault(
            line,
            f"ngày không đọc được; mẫu này viết như {_example(layout)}",
            f"the date cannot be read; this layout writes it as {_example(layout)}",
        )
    elif moment > now + _AHEAD:
        yield LineFault(
            line,
            "ngày nằm trong tương lai; kiểm tra thứ tự ngày và tháng",
            "the date lies in the future; check the order of day and month",
        )


def _twice(line: int, first: int) -> LineFault:
    return LineFault(
        line,
        f"số tham chiếu này đã có ở dòng {first}; bỏ một trong hai dòng hoặc hỏi ngân hàng",
        f"this reference stands in line {first} as well; remove one of the two or ask the bank",
    )


def _moment(text: str, layout: Layout) -> datetime | None:
    for form in layout.dates:
        try:
            moment = datetime.strptime(text, form)  # noqa: DTZ007 - without a zone it is the time of the city
        except ValueError:
            continue
        return moment if moment.tzinfo else moment.replace(tzinfo=LOCAL)
    return None


def _example(layout: Layout) -> str:
    return datetime(2026, 11, 22, 14, 5, tzinfo=LOCAL).strftime(layout.dates[0])
