"""The columns of a list: who the person is, then the questions of the form; and how headings find them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache

from motcua.agencies.names import fold
from motcua.cases.bulk.lists import Cell, FileRefused
from motcua.procedures.content import Bilingual, BulkRule, Content, FormField

# Columns that people keep in their lists, and that our own file of faults adds; they are passed over.
PASSED_OVER = frozenset(
    {"stt", "so thu tu", "ghi chu", "no", "note", "notes", "loi can sua", "to be corrected"}
)
FAULTS = Bilingual(vi="Lỗi cần sửa", en="To be corrected")


class NotForMany(LookupError):
    """The service cannot be filed for many at once."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column; ``field`` is the form's question behind it, None for the two that name the person."""

    name: str
    label: Bilingual
    required: bool
    field: FormField | None = None


NUMBER = Column("citizen number", Bilingual(vi="Số định danh cá nhân", en="Citizen number"), True)
NAME = Column("full name", Bilingual(vi="Họ và tên", en="Full name"), True)


def rule_of(content: Content) -> BulkRule:
    """Return how the service is filed for many; raises ``NotForMany``."""
    if content.manifest.bulk is None:
        raise NotForMany(content.manifest.code)
    return content.manifest.bulk


def columns_of(content: Content) -> tuple[Column, ...]:
    """Return the columns in the order of the template; what is the same for all has none."""
    rule = rule_of(content)
    same_for_all = {rule.firm, *rule.promised}
    return (
        NUMBER,
        NAME,
        *(
            Column(field.name, field.label, field.required, field)
            for field in content.form.fields
            if field.name not in same_for_all
        ),
    )


@dataclass(frozen=True, slots=True)
class Heading:
    """Where each column stands in a file; ``firm_at`` if the file repeats the firm in every row."""

    at: Mapping[str, int]
    firm_at: int | None


def read_heading(cells: Sequence[Cell], content: Content) -> Heading:
    """Find the columns by their headings, in any order, with or without accents; raises ``FileRefused``."""
    columns = columns_of(content)
    firm = next(field for field in content.form.fields if field.name == rule_of(content).firm)
    known = _known(columns) | dict.fromkeys(_aliases(firm.name, firm.label), firm.name)
    found: dict[str, int] = {}
    strange: list[str] = []
    for place, cell in enumerate(cells):
        said = folded(cell.text)
        name = known.get(said)
        if not said or (name is None and said in PASSED_OVER):
            continue
        if name is None:
            strange.append(cell.text.strip()[:60])
        elif name in found:
            shown = cell.text.strip()[:60]
            raise FileRefused(
                f"Cột “{shown}” có hai lần. Giữ lại một cột.",
                f"The column “{shown}” stands twice. Keep one of them.",
            )
        else:
            found[name] = place
    _refuse_headings(
        strange, [column for column in columns if column.required and column.name not in found], columns
    )
    return Heading({name: place for name, place in found.items() if name != firm.name}, found.get(firm.name))


def _refuse_headings(strange: list[str], missing: list[Column], columns: Sequence[Column]) -> None:
    if missing:
        vi = ", ".join(f"“{column.label.vi}”" for column in missing)
        en = ", ".join(f"“{column.label.en}”" for column in missing)
        raise FileRefused(
            f"Dòng đầu thiếu cột {vi}. Dùng tệp mẫu, hoặc đặt đúng tên cột ở dòng đầu tiên.",
            f"The first row lacks the column {en}. Use the template, or put that heading in the first row.",
        )
    if strange:
        names = {column.label.vi: folded(column.label.vi) for column in columns}
        near = get_close_matches(folded(strange[0]), names.values(), n=1, cutoff=0.6)
        meant = next((vi for vi, plain in names.items() if near and plain == near[0]), "")
        raise FileRefused(
            f"Cột “{strange[0]}” không có trong mẫu."
            + (f" Có phải ý bạn là “{meant}”?" if meant else " Xóa cột này, hoặc đổi tên theo tệp mẫu."),
            f"The column “{strange[0]}” is not in the template."
            + (f" Did you mean “{meant}”?" if meant else " Delete it, or name it as the template does."),
        )


def _known(columns: Sequence[Column]) -> dict[str, str]:
    return {alias: column.name for column in columns for alias in _aliases(column.name, column.label)}


def _aliases(name: str, label: Bilingual) -> set[str]:
    return {folded(name.replace("_", " ")), folded(label.vi), folded(label.en)}


@lru_cache(maxsize=4096)
def folded(text: str) -> str:
    """Return a heading or a choice as it is compared: no case, accents, brackets, signs."""
    plain = re.sub(r"\([^)]*\)|\[[^\]]*\]", " ", text[:300])
    return re.sub(r"[^a-z0-9]+", " ", fold(plain)).strip()
