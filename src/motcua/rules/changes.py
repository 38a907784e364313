"""What would change an answer: a search over the tables' own boundaries, each find verified."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from motcua.rules.errors import WorkExceeded
from motcua.rules.operators import equal
from motcua.rules.reach import Reach
from motcua.rules.routes import Route
from motcua.rules.runtime import begin_work
from motcua.rules.speaking import plain_answer
from motcua.rules.tables import Outcome
from motcua.rules.values import Value, from_plain, to_plain

# The answers to reach: a list of them, or a test of the plain answer; None is any other answer.
Wanted = Sequence[object] | Callable[[Any], bool] | None
MOST_TRIALS = 20_000
MOST_TOGETHER = 3
# How many values of each input are tried, alone and together with one and two others.
MOST_VALUES = (10_000, 100, 20)
# Trials that were stopped for their work, after which the search ends: each may have taken a second.
MOST_STOPPED = 3


@dataclass(frozen=True, slots=True)
class InputChange:
    """One input that would have to be different."""

    input: str
    label: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Change:
    """A set of input changes, none of which can be left out, and the answer it leads to."""

    inputs: tuple[InputChange, ...]
    answer: Any

    def to_json(self) -> dict[str, Any]:
        """Return the change as plain dicts and text."""
        return {
            "inputs": [
                {"input": c.input, "before": plain_answer(c.before), "after": plain_answer(c.after)}
                for c in self.inputs
            ],
            "answer": plain_answer(self.answer),
        }


def smallest_changes(
    route: Route,
    known: Mapping[str, Value],
    answer: Value,
    *,
    outcome: Outcome | None,
    changeable: Sequence[str] | None,
    wanted: Wanted,
    most: int,
) -> tuple[Change, ...]:
    """Return up to `most` changes of as few inputs as possible, the nearest values first.

    `known` are the values of inputs and decisions by id, `outcome` is that of the decision's own table.
    Costs one evaluation for each trial, MOST_TRIALS at the most; empty when none was found.
    """
    search = _Search(route, known, answer, wanted, outcome)
    names = [name for name in search.candidates if changeable is None or name in changeable]
    for together in range(1, MOST_TOGETHER + 1):
        found = list(itertools.islice(search.changes_of(names, together), most))
        if found or search.over:
            return tuple(found)
    return ()


@lru_cache(maxsize=64)
def _nearest_first(counts: tuple[int, ...]) -> tuple[tuple[int, ...], ...]:
    """Return the places in lists of so many values, nearest first, by the sum of the places."""
    return tuple(sorted(itertools.product(*map(range, counts)), key=sum))


def _wants(wanted: Wanted) -> Callable[[Value], bool]:
    if wanted is None:
        return lambda _: True
    if callable(wanted):
        return lambda value: wanted(to_plain(value))
    listed = [from_plain(one) for one in wanted]
    return lambda value: any(equal(value, one) is True for one in listed)


class _Search:
    """One search: the candidates for each input and the trial of one combination."""

    def __init__(
        self,
        route: Route,
        known: Mapping[str, Value],
        answer: Value,
        wanted: Wanted,
        outcome: Outcome | None,
    ) -> None:
        self.route = route
        self.answer = answer
        self.wanted = _wants(wanted)
        self.trials = self.stopped = 0
        self.given = [known.get(one.element.id) for one in route.inputs]
        self.places = {one.element.variable.name: at for at, one in enumerate(route.inputs)}
        self.candidates = route.borders.around(
            {one.element.variable.name: known.get(identity) for identity, one in route.needed.items()}
        )
        # Most answers are one object for each rule, so that each is weighed once.
        self._weighed: dict[int, tuple[Value, bool]] = {}
        # A test that the caller gave is only asked about answers that come out.
        null_too = callable(wanted) or self._meets(None)
        self.reach = Reach(route.own_columns, outcome, self._meets, null_too=null_too)

    @property
    def over(self) -> bool:
        """Whether the search may go no further."""
        return self.trials >= MOST_TRIALS or self.stopped >= MOST_STOPPED

    def changes_of(self, names: Sequence[str], together: int) -> Iterator[Change]:
        """Yield for each group of so many inputs the nearest change that leads to what is wanted."""
        for group in itertools.combinations(names, together):
            places = [self.places[name] for name in group]
            if not self.reach.may(places):
                continue
            lists = [self.candidates[name][: MOST_VALUES[together - 1]] for name in group]
            for ranks in _nearest_first(tuple(map(len, lists))):
                if self.over:
                    return
                self.trials += 1
                values = [one[rank] for one, rank in zip(lists, ranks, strict=True)]
                found, answer = self._tried(places, values)
                if found:
                    yield self._change(places, values, answer)
                    break

    def _tried(self, places: Sequence[int], values: Sequence[Value]) -> tuple[bool, Value]:
        """Say whether the decision really comes out as wanted with these values, and how."""
        given = self.given.copy()
        for place, value in zip(places, values, strict=True):
            given[place] = value
        begin_work()
        try:
            answer = self.route.decide(*given)
        except (WorkExceeded, RecursionError):
            self.stopped += 1
            return False, None
        weighed = self._weighed.get(id(answer))
        if weighed is None:
            # Kept with the answer itself, so that no other object takes its identity.
            weighed = self._weighed[id(answer)] = (answer, self._meets(answer))
        return weighed[1], answer

    def _meets(self, answer: Value) -> bool:
        return equal(answer, self.answer) is not True and self.wanted(answer)

    def _change(self, places: Sequence[int], values: Sequence[Value], answer: Value) -> Change:
        parts: list[InputChange] = []
        for place, value in zip(places, values, strict=True):
            element = self.route.inputs[place].element
            name = element.variable.name
            before = to_plain(self.given[place])
            parts.append(InputChange(name, element.label or name, before, to_plain(value)))
        return Change(tuple(parts), to_plain(answer))
