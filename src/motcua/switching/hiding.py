"""Counts for who may not see persons: none below ten, and none from which such a count would follow.

The total of a category stands beside its parts, so that a part hidden alone would be the total less the others. Two
parts at least are hidden therefore, together ten or more, and where a total is hidden all its parts are. What a switch
did stands beside what was tried, and their difference may be below ten: it is told to the nearest ten.
"""

from collections.abc import Mapping, Sequence

from motcua.directives.complaints import Words

FEWEST_SHOWN = 10
ROUNDED_TO = 10
# Null is a count that is hidden.
Counts = Mapping[str, int | None]
Groups = Mapping[str, Mapping[str, int]]


def veil(count: int, *, all_shown: bool) -> int | None:
    """Return the count, or null if it is below ten and not nought."""
    return count if all_shown or count == 0 or count >= FEWEST_SHOWN else None


def rounded(count: int, *, all_shown: bool) -> int | None:
    """Return the count for a place beside another of nearly the same: to the nearest ten, null below ten."""
    if all_shown:
        return count
    shown = veil(count, all_shown=False)
    return None if shown is None else (shown + ROUNDED_TO // 2) // ROUNDED_TO * ROUNDED_TO


def rounded_beside(counts: Mapping[str, int], planned: Counts, *, all_shown: bool) -> dict[str, int | None]:
    """Return the counts as they may stand beside others: hidden where those are, else as :func:`rounded` says."""
    return {
        name: None if planned.get(name, 0) is None else rounded(count, all_shown=all_shown)
        for name, count in counts.items()
    }


def count_words(count: int, *, all_shown: bool) -> Words:
    """Return a count as a sentence may say it."""
    if all_shown or count == 0:
        return Words(str(count), str(count))
    shown = rounded(count, all_shown=False)
    if shown is None:
        return Words(f"dưới {FEWEST_SHOWN}", f"fewer than {FEWEST_SHOWN}")
    return Words(f"khoảng {shown}", f"about {shown}")


def veiled_counts(counts: Mapping[str, int]) -> dict[str, int | None]:
    """Hide the small counts of a line whose sum is known elsewhere, and as many others as that sum would tell."""
    hidden = _with_company(
        counts, {name for name, count in counts.items() if veil(count, all_shown=False) is None}
    )
    return {name: None if name in hidden else count for name, count in counts.items()}


def veiled_groups(groups: Groups, totals: Counts) -> dict[str, dict[str, int | None]]:
    """Hide what is small in a table of groups by category, beside totals as they are shown.

    Looks down each category, whose total is known, and along each group, whose sum may be known from elsewhere, until
    nothing hidden stands alone.
    """
    hidden = {
        (group, category)
        for group, counts in groups.items()
        for category, count in counts.items()
        if count and (totals.get(category) is None or veil(count, all_shown=False) is None)
    }
    categories = sorted({category for counts in groups.values() for category in counts})
    before = -1
    while before < len(hidden):
        before = len(hidden)
        for category in categories:
            column = {group: counts.get(category, 0) for group, counts in groups.items()}
            found = _with_company(column, {group for group, other in hidden if other == category})
            hidden |= {(group, category) for group in found}
        for group, counts in groups.items():
            found = _with_company(counts, {category for other, category in hidden if other == group})
            hidden |= {(group, category) for category in found}
    return {
        group: {
            category: None if (group, category) in hidden else count for category, count in counts.items()
        }
        for group, counts in groups.items()
    }


def veiled_parts(parts: Sequence[tuple[str, int]], totals: Counts) -> list[int | None]:
    """Hide what is small among parts, each with its category; the parts of a hidden total are hidden."""
    found: dict[int, int | None] = {}
    for category in {category for category, _ in parts}:
        mine = {str(at): count for at, (other, count) in enumerate(parts) if other == category}
        small = {at for at, count in mine.items() if veil(count, all_shown=False) is None}
        hidden = set(mine) if totals.get(category, 0) is None else _with_company(mine, small)
        found |= {int(at): None if at in hidden else count for at, count in mine.items()}
    return [found[at] for at in range(len(parts))]


def _with_company(counts: Mapping[str, int], hidden: set[str]) -> set[str]:
    """Add the smallest of the others until two at least are hidden, together ten or more, or nothing is left."""
    hidden = set(hidden)
    others = sorted((count, name) for name, count in counts.items() if count and name not in hidden)
    while hidden and others and (len(hidden) < 2 or sum(counts[name] for name in hidden) < FEWEST_SHOWN):
        hidden.add(others.pop(0)[1])
    return hidden
