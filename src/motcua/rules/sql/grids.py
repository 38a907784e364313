"""The class of a number by arithmetic, where all borders of a table's cells lie on a grid."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from motcua.rules.sql.expressions import Expressions
from motcua.rules.values import Value

# A grid of this many points and gaps replaces a search among at least so many classes.
LARGEST_GRID = 20_000
LEAST_ON_GRID = 16
LARGEST_CUT = 10**8
MOST_DECIMALS = 6


@dataclass(frozen=True, slots=True)
class Grid:
    """The groups between the first border and the last, the place of a number among them, and what lies inside."""

    groups: tuple[int, ...]
    place: str
    inside: tuple[str, str]
    below: int
    above: int

    def text(self, writer: Expressions, number: str, unknown: int) -> str:
        """Return the group of a number; `unknown` is that of null."""
        first = self.groups[0]
        if all(group == first + at for at, group in enumerate(self.groups)):
            # Groups that count up with the places need no array.
            item = f"{self.place} + ({first})"
        else:
            item = writer.dialect.number_at(self.groups, f"{self.place} + 1")
        low, high = (f"{number} {bound}" for bound in self.inside)
        # What lies outside is kept away from the arithmetic: a huge number times the factor could overflow.
        if self.below == self.above == unknown:
            return f"(CASE WHEN {low} AND {high} THEN {item} ELSE {unknown} END)"
        return (
            f"(CASE WHEN {low} AND {high} THEN {item} WHEN {number} IS NULL THEN {unknown} "
            f"WHEN {low} THEN {self.above} ELSE {self.below} END)"
        )


def grid_of(writer: Expressions, number: str, known: Sequence[tuple[Value, int]]) -> Grid | None:
    """Return the grid of an input's classes, or None where there is none of a fit size.

    Classes come in order with their groups: below all borders, a border, what lies before the next, and so on.
    """
    cuts = [value for value, _ in known[1::2] if type(value) is Decimal]
    factor = _factor(cuts) if len(known) >= LEAST_ON_GRID else None
    if factor is None or (cuts[-1] - cuts[0]) * factor * 2 > LARGEST_GRID:
        return None
    points = [int(cut * factor) for cut in cuts]
    scaled = f"({number} * {writer.literal(factor).text})" if factor != 1 else f"({number} + 0.0)"
    first, last = (writer.literal(cut).text for cut in (cuts[0], cuts[-1]))
    below, above = known[0][1], known[-1][1]
    on_cut, behind = [group for _, group in known[1::2]], [group for _, group in known[2::2]]
    steps = [high - low for low, high in pairwise(points)]
    between = tuple(group for group, step in zip(behind[:-1], steps, strict=True) for group in [group] * step)
    if on_cut == behind:
        # Every border belongs to what follows it, so the floor alone tells the class.
        place = f"CAST(FLOOR{scaled} - ({points[0]}) AS INTEGER)"
        return Grid(between, place, (f">= {first}", f"< {last}"), below, above)
    if on_cut == [below, *behind[:-1]]:
        place = f"CAST(CEIL{scaled} - ({points[0] + 1}) AS INTEGER)"
        return Grid(between, place, (f"> {first}", f"<= {last}"), below, above)
    # Floor and ceiling together are 2k on the k-th point of the grid, and 2k + 1 between it and the next.
    groups = [on_cut[0]]
    for at, step in enumerate(steps):
        groups += [*[behind[at]] * (2 * step - 1), on_cut[at + 1]]
    place = f"CAST(FLOOR{scaled} + CEIL{scaled} - ({2 * points[0]}) AS INTEGER)"
    return Grid(tuple(groups), place, (f">= {first}", f"<= {last}"), below, above)


def _factor(cuts: Sequence[Decimal]) -> Decimal | None:
    """Return the largest step's reciprocal, exact in a few decimals, that makes all cuts whole; None without one."""
    scale = max(0, *(-int(cut.normalize().as_tuple().exponent) for cut in cuts))
    if scale > MOST_DECIMALS or any(abs(cut) > LARGEST_CUT for cut in cuts):
        return None
    step = math.gcd(*(int(cut.scaleb(scale)) for cut in cuts))
    exact = 1
    for prime in (2, 5):
        while step % prime == 0:
            step //= prime
            exact *= prime
    return Decimal(10**scale) / exact
