"""A large table by one telling input: a joined relation holds the few rules that each group of its values leaves."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from motcua.rules.domains import bits_of, first_bit
from motcua.rules.sql.dialects import Dialect
from motcua.rules.sql.lookup import LARGEST_RELATION, Places
from motcua.rules.sql.ways import Numbered, Way

# So many rules may be left, which are asked one after the other; each adds two columns for every other input.
MOST_CANDIDATES = 16

# From the first group of an input to the last.
Run = tuple[int, int]
NEVER: Run = (1, 0)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A rule, by its rank, with the groups of the other inputs that it accepts: for each input a run."""

    rank: int
    runs: tuple[Run, ...]


def by_candidates(
    places: Places, dialect: Dialect, numbering: Sequence[int | None], owner: str
) -> Numbered | None:
    """Return what `numbering` has for the first rule that fires; None where every input leaves many rules."""
    last = places.everywhere
    # What stays where no rule fires before one that takes every case.
    asked = (1 << (len(places.order) if last is None else last)) - 1
    rest = numbering[0 if last is None else places.order[last] + 1]
    most = [max((one & asked).bit_count() for one in accepting) for accepting in places.groups]
    key = most.index(min(most))
    if most[key] > MOST_CANDIDATES:
        return None
    others = [at for at in range(len(places.groups)) if at != key]
    accepted = [places.accepted(at) for at in others]
    full = [(1 << len(places.groups[at])) - 1 for at in others]
    left = [list(_left(one & asked, accepted, full)) for one in places.groups[key]]
    longest = max(map(len, left))
    if longest > MOST_CANDIDATES or longest * len(left) > LARGEST_RELATION:
        return None
    names = [f"{owner} group {at + 1}" for at in range(len(places.groups))]
    key_name = dialect.name_of(f"{owner} key")
    columns: dict[str, Sequence[str | int]] = {key_name: range(len(left))}
    arms: list[str] = []
    for place in range(longest):
        picked = [one[place] if place < len(one) else None for one in left]
        tests: list[str] = []
        for nth, at in enumerate(others):
            runs = [NEVER if one is None else one.runs[nth] for one in picked]
            low, high = (dialect.name_of(f"{owner} {end} {place + 1} {at + 1}") for end in ("from", "to"))
            columns[low], columns[high] = [run[0] for run in runs], [run[1] for run in runs]
            tests.append(f"{dialect.name_of(names[at])} BETWEEN {low} AND {high}")
        number = dialect.name_of(f"{owner} number {place + 1}")
        columns[number] = [0 if one is None else places.number(one.rank, numbering) for one in picked]
        arms.append(f"WHEN {' AND '.join(tests)} THEN {number}")
    text = f"(CASE {' '.join(arms)} ELSE {'NULL' if rest is None else rest} END)"
    return Numbered(
        text,
        Way("join", len(places.order), len(left) * longest + places.joined),
        f" LEFT JOIN {dialect.relation(columns)} ON {key_name} = {dialect.name_of(names[key])}",
        total=rest is not None,
        before=tuple(zip(names, places.codes, strict=True)),
        join_before=places.joins,
    )


def _left(rules: int, accepted: Sequence[Sequence[int]], full: Sequence[int]) -> Iterator[Candidate]:
    """Yield the candidates among rules, up to the first that takes whatever the other inputs are.

    `accepted` has for each other input the groups that each rule accepts, as bits, and `full` all its groups.
    """
    for rank in bits_of(rules):
        masks = [one[rank] for one in accepted]
        for runs in itertools.product(*map(_runs, masks)):
            yield Candidate(rank, runs)
        if masks == full:
            return


def _runs(mask: int) -> list[Run]:
    made: list[Run] = []
    while mask:
        start = first_bit(mask)
        length = first_bit(~(mask >> start))
        made.append((start, start + length - 1))
        mask &= mask + (1 << start)
    return made
