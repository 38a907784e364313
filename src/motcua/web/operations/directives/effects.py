"""What a directive would do, in numbers and plain words: totals, places, sectors, ages, reasons, work for the offices.

Counts may be hidden (null) from who may not see persons; a sum with a hidden part says at least how many there are.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from motcua.switching.states import Category
from motcua.web.ui.words import Bilingual, InTwoLanguages, number_in_words

Counts = Mapping[str, int | None]
GAIN = (Category.GRANTED, Category.EXTENDED)
LOSE = (Category.REVOKED, Category.DOWNGRADED, Category.REFUSED)
FEWEST_SHOWN = 10
HIDDEN = Bilingual(f"dưới {FEWEST_SHOWN}", f"fewer than {FEWEST_SHOWN}")
AT_LEAST = Bilingual("hơn {number}", "more than {number}")
NOBODY = Bilingual("Không ai có kết quả khác đi.", "Nobody gets another answer.")
CATEGORIES: Mapping[str, tuple[Bilingual, str]] = {
    Category.GRANTED: (Bilingual("được cấp mới", "newly granted"), "green"),
    Category.EXTENDED: (Bilingual("giấy dài hạn hơn", "passes that last longer"), "green"),
    Category.REVOKED: (Bilingual("mất giấy", "passes lost"), "red"),
    Category.DOWNGRADED: (Bilingual("giấy ngắn hạn hơn", "passes that end earlier"), "red"),
    Category.REFUSED: (Bilingual("hồ sơ không được cấp", "open cases refused"), "red"),
    Category.CHANGED: (Bilingual("giấy đổi nội dung", "passes that say something else"), "blue"),
    Category.TO_PERSON: (Bilingual("cần cán bộ xem", "for a person to look at"), "yellow"),
    Category.STILL_OPEN: (Bilingual("vẫn đang xét", "still under way"), "grey"),
    Category.KEPT: (Bilingual("giữ nguyên", "unchanged"), "grey"),
}
_SENTENCE = (
    (GAIN, Bilingual("{number} người được thêm", "{number} people gain")),
    ((Category.REVOKED,), Bilingual("{number} người mất giấy", "{number} lose their pass")),
    ((Category.DOWNGRADED,), Bilingual("{number} giấy ngắn hạn hơn", "{number} passes end earlier")),
    ((Category.REFUSED,), Bilingual("{number} hồ sơ không được cấp", "{number} open cases are refused")),
    ((Category.CHANGED,), Bilingual("{number} giấy đổi nội dung", "{number} passes say something else")),
    ((Category.TO_PERSON,), Bilingual("{number} hồ sơ cần cán bộ xem", "{number} cases need a person")),
)


@dataclass(frozen=True, slots=True)
class Part:
    """A count with what it counts."""

    label: InTwoLanguages
    number: Bilingual


@dataclass(frozen=True, slots=True)
class EffectTile:
    """One large number of the result, with what it is made of."""

    kind: str
    label: Bilingual
    number: Bilingual
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the tables; ``code`` is the figure that the map shows."""

    code: str
    label: Bilingual
    categories: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """A count, as written and as a machine reads it (nothing when it is hidden)."""

    words: Bilingual
    number: str


@dataclass(frozen=True, slots=True)
class Row:
    """The counts of one place, sector or age band."""

    code: str
    label: InTwoLanguages
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class ReasonBar:
    """A reason with its count; ``per_mille`` is the length of the bar against the longest."""

    tag: Bilingual
    color: str
    label: Bilingual
    number: Bilingual
    per_mille: int


COLUMNS = (
    Column("gain", Bilingual("Được thêm", "Gain"), GAIN),
    Column("lose", Bilingual("Bị mất hoặc ngắn đi", "Lose"), LOSE),
    Column("to_person", Bilingual("Cần cán bộ xem", "For a person"), (Category.TO_PERSON,)),
    Column("changed", Bilingual("Đổi nội dung", "Changed"), (Category.CHANGED,)),
)


def number_words(count: int | None) -> Bilingual:
    """Return a count as it is written; a hidden one as fewer than ten."""
    if count is None:
        return HIDDEN
    return Bilingual(number_in_words(count, "vi"), number_in_words(count, "en"))


def summed(counts: Counts, categories: Iterable[str]) -> tuple[int, bool]:
    """Return the sum of what is shown, and whether a part of it is hidden."""
    found = [counts.get(category, 0) for category in categories]
    return sum(each for each in found if each is not None), any(each is None for each in found)


def sum_words(counts: Counts, categories: Iterable[str]) -> Bilingual:
    """Return the sum in words."""
    total, hidden = summed(counts, categories)
    if not hidden:
        return number_words(total)
    return AT_LEAST.filled(number=number_words(total)) if total else HIDDEN


def sentence(totals: Counts) -> Bilingual:
    """Return the whole result in one sentence: who gains, who loses, what goes to a person."""
    told = []
    for categories, words in _SENTENCE:
        total, hidden = summed(totals, categories)
        if total or hidden:
            told.append(words.filled(number=sum_words(totals, categories)))
    if not told:
        return NOBODY
    vi, en = ", ".join(one.vi for one in told), ", ".join(one.en for one in told)
    return Bilingual(f"{vi[:1].upper()}{vi[1:]}.", f"{en[:1].upper()}{en[1:]}.")


def tiles(totals: Counts) -> tuple[EffectTile, ...]:
    """Return the large numbers."""
    kept = sum_words(totals, (Category.KEPT, Category.STILL_OPEN))
    found = [
        EffectTile(each.code, each.label, sum_words(totals, each.categories), _parts(totals, each))
        for each in COLUMNS
    ]
    return (*found, EffectTile("kept", Bilingual("Giữ nguyên", "Unchanged"), kept, ()))


def _parts(totals: Counts, column: Column) -> tuple[Part, ...]:
    shown = [category for category in column.categories if totals.get(category, 0) != 0]
    if len(column.categories) < 2 or not shown:
        return ()
    return tuple(Part(CATEGORIES[category][0], number_words(totals[category])) for category in shown)


def row_of(code: str, label: InTwoLanguages, counts: Counts) -> Row:
    """Return one line of a table."""
    cells = []
    for column in COLUMNS:
        total, hidden = summed(counts, column.categories)
        cells.append(Cell(sum_words(counts, column.categories), "" if hidden else str(total)))
    return Row(code, label, tuple(cells))


def bars(reasons: Sequence[tuple[str, Bilingual, int | None]]) -> tuple[ReasonBar, ...]:
    """Return the reasons, each with category, words and count, as bars."""
    most = max((count for _, _, count in reasons if count is not None), default=0)
    return tuple(
        ReasonBar(
            tag=CATEGORIES[category][0],
            color=CATEGORIES[category][1],
            label=words,
            number=number_words(count),
            per_mille=max(4, 1000 * count // most) if count and most else 4,
        )
        for category, words, count in reasons
    )
