"""Which inputs, changed together, could bring a decision's table to a wanted answer at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from motcua.rules import model as m
from motcua.rules import syntax as s
from motcua.rules.borders import names_in
from motcua.rules.routes import Route
from motcua.rules.tables import CompiledTable, Outcome
from motcua.rules.units import Unit
from motcua.rules.values import Value

# Under these policies the answer is that of one of the rules hit.
_ONE_RULE = "UAFP"


class Reach:
    """Rules out groups of inputs by the columns that they cannot touch, before anything is evaluated.

    A rule that a column out of reach refuses cannot fire; a rule before it that all columns out of
    reach accept, and the others do not ask, fires in any case. `null_too`: no answer may be wanted too.
    """

    def __init__(
        self, route: Route, outcome: Outcome | None, meets: Callable[[Value], bool], *, null_too: bool
    ) -> None:
        self._wanted: int | None = None
        if outcome is None or outcome.masks is None or not _decides_alone(route.unit, outcome.table):
            return
        table = outcome.table
        answer: Callable[[list[int]], Value] = table.scope[table.answer]  # type: ignore[assignment]  # exec made it
        # Where null might be wanted, only a rule that fires in any case can rule a group out.
        self._null_too = null_too or meets(answer([]))
        rules = range(len(table.table.rules))
        self._wanted = sum(1 << at for at in rules if meets(answer([at])))
        self._first = table.table.policy == "F"
        self._all = (1 << len(rules)) - 1
        sources = _sources(route)
        bases = dict(table.columns or ())
        self._columns = [
            (_read_by(table, at, route.unit, sources), mask, bases[at].base) for at, mask in outcome.masks
        ]

    def may(self, places: Iterable[int]) -> bool:
        """Say whether changing the inputs at these places could lead to a wanted answer."""
        if self._wanted is None:
            return True
        changed = sum(1 << place for place in places)
        possible = sure = self._all
        for read, mask, base in self._columns:
            if read & changed:
                sure &= base
            else:
                possible &= mask
                sure &= mask
        if self._null_too and not (self._first and sure):
            return True
        possible &= self._wanted
        if self._first and sure:
            possible &= ((sure & -sure) << 1) - 1
        return possible != 0


def _decides_alone(unit: Unit, table: CompiledTable) -> bool:
    """Say whether the decision is this table, with constants as outputs, of which one is the answer."""
    own = isinstance(unit.element.expression, m.Table) and unit.tables[:1] == [table]
    return own and table.answer != "" and table.table.policy in _ONE_RULE


def _sources(route: Route) -> Mapping[str, int]:
    """Return for each element the inputs it rests on, a bit for each place among the route's inputs."""
    found = {one.element.id: 1 << at for at, one in enumerate(route.inputs)}

    def rests_on(identity: str) -> int:
        if identity not in found:
            unit = route.needed.get(identity)
            found[identity] = 0 if unit is None else _joined(map(rests_on, unit.element.requires))
        return found[identity]

    for identity in route.needed:
        rests_on(identity)
    return found


def _read_by(table: CompiledTable, column: int, unit: Unit, sources: Mapping[str, int]) -> int:
    nodes: list[s.Node] = [table.inputs[column]]
    nodes.extend(test for row in _distinct_cells(table, column) for test in row.tests)
    references = (unit.names.get(name, "") for name in names_in(nodes))
    return _joined(sources.get(reference, 0) for reference in references)


def _distinct_cells(table: CompiledTable, column: int) -> Sequence[s.UnaryTests]:
    return list({id(row[column]): row[column] for row in table.cells}.values())


def _joined(masks: Iterable[int]) -> int:
    joined = 0
    for mask in masks:
        joined |= mask
    return joined
