"""A decision table as a tree of CASE expressions: a condition that rules share is asked once, an answered one never."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice

from motcua.rules import syntax as s
from motcua.rules.sql.classes import Classes, Told
from motcua.rules.sql.expressions import Expressions
from motcua.rules.sql.subset import Sql
from motcua.rules.sql.ways import either

# Rules behind a shared condition stand in both branches; more than so many make the tree larger than the chain.
LONGEST_TAIL = 4
# A condition that is more than constants is asked after all others.
DEAREST = 3
# A tree may have so many arms for each rule of its table.
MOST_ARMS_PER_RULE = 4
# How often rules may be asked whether they are still possible; then the rest is a chain.
MOST_ASKED = 2_000_000


@dataclass(frozen=True, slots=True)
class State:
    """What the conditions on the way down have told: the classes left in each input, and the other cells' truth."""

    left: tuple[Classes, ...]
    true: frozenset[tuple[int, int]] = frozenset()
    false: frozenset[tuple[int, int]] = frozenset()


@dataclass(slots=True)
class Tree:
    """Writes one table; `labels` holds the SQL for no rule, then for each rule."""

    writer: Expressions
    operands: Sequence[Sql]
    cells: Sequence[Sequence[s.UnaryTests]]
    columns: Sequence[Told | None]
    labels: Sequence[str]
    arms: int = 0
    asked: int = 0
    total: bool = True
    _texts: dict[tuple[int, int], str] = field(default_factory=dict)

    def written(self, order: Sequence[int]) -> str:
        """Return the label of the first rule, in this order, that fires."""
        start = State(tuple(0 if one is None else one.all for one in self.columns))
        return self._chain(list(order), start)

    def _chain(self, rules: list[int], state: State) -> str:
        arms: list[tuple[str, str]] = []
        told: State | None = None
        while True:
            if state is not told:
                told, self.asked = state, self.asked + len(rules)
                rules = [rule for rule in rules if self._possible(rule, state)]
            if not rules:
                self.total = False
                return self._case(arms, self.labels[0])
            first = rules[0]
            open_cells = [at for at in range(len(self.operands)) if not self._implied(first, at, state)]
            if not open_cells:
                return self._case(arms, self.labels[first + 1])
            shared = self._shared(rules, open_cells, state)
            if shared is None:
                joint = [self._test(first, at, state) for at in sorted(open_cells, key=self._effort)]
                arms.append((" AND ".join(joint), self.labels[first + 1]))
                rules = rules[1:]
                continue
            yes, no = self._split(first, shared, state)
            tests = self._tests(first, shared, state)
            if tests is None:
                # Only the rest can be asked for: the class of all other texts has no test of its own.
                arms.append((self._rest(first, shared, state), self._chain(rules, no)))
                state = yes
                continue
            then = self._chain(rules, yes)
            # An arm for each constant is quicker than one with OR, as long as little stands behind it.
            arms += [(test, then) for test in (tests if then in self.labels else [either(tests)])]
            state = no

    def _case(self, arms: list[tuple[str, str]], otherwise: str) -> str:
        while arms and arms[-1][1] == otherwise:
            arms.pop()
        self.arms += len(arms)
        if not arms:
            return otherwise
        chain = " ".join(f"WHEN {test} THEN {label}" for test, label in arms)
        return f"(CASE {chain} ELSE {otherwise} END)"

    def _key(self, rule: int, at: int) -> tuple[int, int]:
        return at, id(self.cells[rule][at])

    def _accepted(self, rule: int, at: int) -> Classes | None:
        column = self.columns[at]
        return None if column is None else column.accepted[rule]

    def _possible(self, rule: int, state: State) -> bool:
        for at in range(len(self.operands)):
            mask = self._accepted(rule, at)
            if mask is None:
                if self._key(rule, at) in state.false:
                    return False
            elif not mask & state.left[at]:
                return False
        return True

    def _implied(self, rule: int, at: int, state: State) -> bool:
        if self.cells[rule][at].anything:
            return True
        mask = self._accepted(rule, at)
        if mask is None:
            return self._key(rule, at) in state.true
        return not state.left[at] & ~mask

    def _shared(self, rules: list[int], open_cells: list[int], state: State) -> int | None:
        """Return the input whose condition the most rules from the first on share, if asking it first pays."""
        if self.asked > MOST_ASKED:
            return None
        if len(open_cells) == 1:
            return open_cells[0]
        if self.arms > MOST_ARMS_PER_RULE * len(self.cells):
            return None
        best, length = None, 1
        for at in open_cells:
            same = 1
            while same < len(rules) and self._same(rules[0], rules[same], at, state):
                same += 1
            if same <= length:
                continue
            yes, _ = self._split(rules[0], at, state)
            tail = (rule for rule in rules[same:] if self._possible(rule, yes))
            if next(islice(tail, LONGEST_TAIL, None), None) is None:
                best, length = at, same
        return best

    def _same(self, one: int, other: int, at: int, state: State) -> bool:
        masks = self._accepted(one, at), self._accepted(other, at)
        if masks[0] is None or masks[1] is None:
            return self._key(one, at) == self._key(other, at)
        return masks[0] & state.left[at] == masks[1] & state.left[at]

    def _split(self, rule: int, at: int, state: State) -> tuple[State, State]:
        """Return what is known where the rule's condition on an input holds, and where it does not."""
        mask = self._accepted(rule, at)
        if mask is None:
            key = frozenset([self._key(rule, at)])
            return (
                State(state.left, state.true | key, state.false),
                State(state.left, state.true, state.false | key),
            )
        before, after = state.left[:at], state.left[at + 1 :]
        return (
            State((*before, state.left[at] & mask, *after), state.true, state.false),
            State((*before, state.left[at] & ~mask, *after), state.true, state.false),
        )

    def _effort(self, at: int) -> int:
        column = self.columns[at]
        return DEAREST if column is None else column.effort

    def _tests(self, rule: int, at: int, state: State) -> list[str] | None:
        column, mask = self.columns[at], self._accepted(rule, at)
        if column is None or mask is None:
            return [self._written_cell(rule, at)]
        return column.tests(self.writer, mask & state.left[at], state.left[at])

    def _rest(self, rule: int, at: int, state: State) -> str:
        """Return the test of what a cell does not accept; asked only where that has a test and the cell has none."""
        column, mask = self.columns[at], self._accepted(rule, at) or 0
        rest = column.tests(self.writer, state.left[at] & ~mask, state.left[at]) if column else None
        return either(rest or ["FALSE"])

    def _test(self, rule: int, at: int, state: State) -> str:
        tests = self._tests(rule, at, state)
        if tests is None:
            return f"({self._rest(rule, at, state)}) IS NOT TRUE"
        return f"({either(tests)})"

    def _written_cell(self, rule: int, at: int) -> str:
        key = self._key(rule, at)
        if key not in self._texts:
            self._texts[key] = self.writer.cell(self.operands[at], self.cells[rule][at])
        return self._texts[key]
