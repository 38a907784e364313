"""Figures of public opinion beside a directive: imported with source and date, never computed here."""

import csv
import hashlib
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from urllib.parse import urlsplit

from django.db import transaction

from motcua.directives.complaints import Complaint, DirectiveRefused, Words
from motcua.directives.events import OpinionFiguresImported
from motcua.directives.models import OpinionFigure
from motcua.directives.services.drafts import directive_for
from motcua.events.services import publish

COLUMNS = ("measured_on", "source", "source_url", "reach", "against_percent", "favor_percent")
LARGEST_BYTES = 256 * 1024
MOST_ROWS = 1000
MOST_REACH = 10**12
_PERCENT = re.compile(r"[0-9]{1,3}(\.[0-9]{1,2})?")


@dataclass(frozen=True, slots=True)
class OpinionView:
    """What one source measured by one day; null is what it does not say."""

    measured_on: date
    source: str
    source_url: str
    reach: int | None
    against_percent: Decimal | None
    favor_percent: Decimal | None


@transaction.atomic
def import_opinions(*, directive_id: int, content: bytes, account_id: int, now: datetime) -> int:
    """Add the figures of a CSV file, all or none, and return how many; a source's figures of a day are replaced.

    Raises ``DirectiveRefused`` with every fault by line, and ``DirectiveNotYours``.
    """
    directive = directive_for(directive_id, account_id, now)
    found = list(_read(content))
    for each in found:
        OpinionFigure.objects.update_or_create(
            directive=directive,
            measured_on=each.measured_on,
            source=each.source,
            defaults={
                "source_url": each.source_url,
                "reach": each.reach,
                "against_percent": each.against_percent,
                "favor_percent": each.favor_percent,
                "imported_by_id": account_id,
                "imported_at": now,
            },
        )
    publish(
        OpinionFiguresImported(
            happened_at=now,
            agency_path="",
            subject=directive.number,
            actor=f"account:{account_id}",
            directive=directive.pk,
            figures=len(found),
            sha256=hashlib.sha256(content).hexdigest(),
        )
    )
    return len(found)


def opinions_of(directive_id: int) -> tuple[OpinionView, ...]:
    """Return the figures beside a directive, the last measured first; one query."""
    rows = OpinionFigure.objects.filter(directive=directive_id).order_by("-measured_on", "source")
    return tuple(
        OpinionView(
            row.measured_on, row.source, row.source_url, row.reach, row.against_percent, row.favor_percent
        )
        for row in rows
    )


def _read(content: bytes) -> Iterator[OpinionView]:
    try:
        rows = list(csv.reader(io.StringIO(_text(content), newline="")))
    except csv.Error:
        raise _refused(1, "tệp không phải CSV", "the file is no CSV", *_HEAD) from None
    if not rows or tuple(cell.strip() for cell in rows[0]) != COLUMNS:
        raise _refused(
            1, "dòng đầu không đúng tên các cột", "the first line does not name the columns", *_HEAD
        )
    faults: list[Complaint] = []
    found: list[OpinionView] = []
    for line, row in enumerate(rows[1 : MOST_ROWS + 2], start=2):
        if not any(cell.strip() for cell in row):
            continue
        try:
            found.append(_figure(line, row))
        except DirectiveRefused as refusal:
            faults += refusal.complaints
    if len(rows) > MOST_ROWS + 1:
        faults.append(_fault(MOST_ROWS + 2, "tệp quá dài", "the file is too long", *_SHORTER))
    if faults:
        raise DirectiveRefused("CSV", faults)
    if not found:
        raise _refused(2, "tệp không có số liệu nào", "the file has no figure", *_HEAD)
    yield from found


_HEAD = (f"Dòng đầu ghi: {','.join(COLUMNS)}.", f"Write the first line as: {','.join(COLUMNS)}.")
_SHORTER = (f"Chia nhỏ, mỗi tệp nhiều nhất {MOST_ROWS} dòng.", f"Split it; at most {MOST_ROWS} rows a file.")
_EMPTY = ("Ghi giá trị, hoặc để trống nếu nguồn không nói.", "Give the value, or leave it empty.")


def _text(content: bytes) -> str:
    if len(content) > LARGEST_BYTES:
        raise _refused(1, "tệp quá lớn", "the file is too large", *_SHORTER)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _refused(
            1,
            "tệp không phải chữ UTF-8",
            "the file is no UTF-8 text",
            "Lưu lại dạng UTF-8.",
            "Save it as UTF-8.",
        ) from None


def _figure(line: int, row: list[str]) -> OpinionView:
    if len(row) != len(COLUMNS):
        raise _refused(line, "dòng thiếu hoặc thừa ô", "the row has too few or too many cells", *_HEAD)
    cell = dict(zip(COLUMNS, (value.strip() for value in row), strict=True))
    reach, against, favor = (
        _whole(line, cell),
        _share(line, cell, "against_percent"),
        _share(line, cell, "favor_percent"),
    )
    if reach is None and against is None and favor is None:
        raise _refused(line, "dòng không có số nào", "the row has no figure", *_EMPTY)
    if against is not None and favor is not None and against + favor > 100:
        raise _refused(line, "hai tỷ lệ cộng lại hơn 100", "the two shares add up to more than 100", *_EMPTY)
    return OpinionView(_day(line, cell), _source(line, cell), _url(line, cell), reach, against, favor)


def _day(line: int, cell: Mapping[str, str]) -> date:
    try:
        return date.fromisoformat(cell["measured_on"])
    except ValueError:
        raise _refused(
            line, "measured_on không phải ngày có thật", "measured_on is no real day",
            "Ghi như 2021-09-28.", "Write it like 2021-09-28.",
        ) from None  # fmt: skip


def _source(line: int, cell: Mapping[str, str]) -> str:
    source = cell["source"]
    if not source or len(source) > 200 or not source.isprintable():
        raise _refused(
            line, "thiếu nguồn, hoặc tên nguồn quá dài", "the source is missing or too long",
            "Ghi nơi đã đo.", "Say who measured it.",
        )  # fmt: skip
    return source


def _url(line: int, cell: Mapping[str, str]) -> str:
    url = cell["source_url"]
    if url and (len(url) > 500 or not url.isprintable() or not _is_web(url)):
        raise _refused(
            line, "source_url không phải địa chỉ web", "source_url is no web address",
            "Ghi địa chỉ bắt đầu bằng https://, hoặc để trống.", "Write one that begins with https://, or nothing.",
        )  # fmt: skip
    return url


def _is_web(url: str) -> bool:
    try:
        return urlsplit(url).scheme in {"http", "https"}
    except ValueError:
        return False


def _whole(line: int, cell: Mapping[str, str]) -> int | None:
    text = cell["reach"]
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,13}", text) or int(text) > MOST_REACH:
        raise _refused(
            line,
            "reach không phải số nguyên",
            "reach is no whole number",
            "Ghi như 17000000.",
            "Write it like 17000000.",
        )
    return int(text)


def _share(line: int, cell: Mapping[str, str], name: str) -> Decimal | None:
    text = cell[name]
    if not text:
        return None
    if not _PERCENT.fullmatch(text) or Decimal(text) > 100:
        raise _refused(
            line, f"{name} không phải phần trăm", f"{name} is no percentage", "Ghi từ 0 đến 100, như 0.3.",
            "Write 0 to 100, such as 0.3.",
        )  # fmt: skip
    return Decimal(text)


def _fault(line: int, vi: str, en: str, remedy_vi: str, remedy_en: str) -> Complaint:
    return Complaint(line, 1, Words(vi, en), Words(remedy_vi, remedy_en))


def _refused(line: int, vi: str, en: str, remedy_vi: str, remedy_en: str) -> DirectiveRefused:
    return DirectiveRefused("CSV", [_fault(line, vi, en, remedy_vi, remedy_en)])
