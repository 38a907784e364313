"""Which inputs, changed together, could bring a decision's table to a wanted answer at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from motcua.rules import model as m
from motcua.rules import syntax as s
from motcua.rules.borders import names_in
from motcua.rules.tables import CompiledTable, Outcome
from motcua.rules.units import Unit
from motcua.rules.values import Value

# Under these policies the answer is that of one of the rules hit.
_ONE_RULE = "UAFP"


class OwnColumns:
    """Which columns of a decision's own table each of its inputs touches; the same for all cases.

    `touched` has a bit for each column by place of the input; None when the decision is more than a table
    with constants as outputs, of which one is the answer.
    """

    def __init__(self, unit: Unit, needed: Mapping[str, Unit]) -> None:
        self.table: CompiledTable | None = None
        if len(unit.tables) != 1 or not _decides_alone(unit, unit.tables[0]):
            return
        self.table = unit.tables[0]
        inputs = [one for one in needed.values() if one.element.kind == "input"]
        sources = _sources(inputs, needed)
        columns = self.table.columns or []
        read = [_read_by(self.table, at, unit, sources) for at, _ in columns]
        self.bases = [column.base for _, column in columns]
        self.touched = [
            sum(1 << at for at, mask in enumerate(read) if mask >> place & 1) for place in range(len(inputs))
        ]


class Reach:
    """Rules out groups of inputs by the columns that they cannot touch, before anything is evaluated.

    A rule that a column out of reach refuses cannot fire; a rule before it that all columns out of
    reach accept, and the others do not ask, fires in any case. `null_too`: no answer may be wanted too.
    """

    def __init__(
        self,
        columns: OwnColumns,
        outcome: Outcome | None,
        meets: Callable[[Value], bool],
        *,
        null_too: bool,
    ) -> None:
        self._wanted: int | None = None
        table = columns.table
        if table is None or outcome is None or outcome.masks is None or outcome.table is not table:
            return
        answer: Callable[[list[int]], Value] = table.scope[table.answer]  # type: ignore[assignment]  # exec made it
        # Where null might be wanted, only a rule that fires in any case can rule a group out.
        self._null_too = null_too or meets(answer([]))
        rules = range(len(table.table.rules))
        self._wanted = sum(1 << at for at in rules if meets(answer([at])))
        self._first = table.table.policy == "F"
        self._all = (1 << len(rules)) - 1
        self._columns = [(mask, base) for (_, mask), base in zip(outcome.masks, columns.bases, strict=True)]
        self._touched = columns.touched
        # Groups that touch the same columns fare alike.
        self._known: dict[int, bool] = {}

    def may(self, places: Iterable[int]) -> bool:
        """Say whether changing the inputs at these places could lead to a wanted answer."""
        if self._wanted is None:
            return True
        touched = 0
        for place in places:
            touched |= self._touched[place]
        known = self._known.get(touched)
        if known is None:
            known = self._known[touched] = self._leads(touched, self._wanted)
        return known

    def _leads(self, touched: int, wanted: int) -> bool:
        possible = sure = self._all
        for at, (mask, base) in enumerate(self._columns):
            if touched >> at & 1:
                sure &= base
            else:
                possible &= mask
                sure &= mask
        if self._null_too and not (self._first and sure):
            return True
        possible &= wanted
        if self._first and sure:
            possible &= ((sure & -sure) << 1) - 1
        return possible != 0


def _decides_alone(unit: Unit, table: CompiledTable) -> bool:
    """Say whether the decision is this table, with constants as outputs, of which one is the answer."""
    own = isinstance(unit.element.expression, m.Table) and unit.tables[:1] == [table]
    return own and table.answer != "" and table.table.policy in _ONE_RULE


def _sources(inputs: Sequence[Unit], needed: Mapping[str, Unit]) -> Mapping[str, int]:
    """Return for each element the inputs it rests on, a bit for each."""
    found = {one.element.id: 1 << at for at, one in enumerate(inputs)}

    def rests_on(identity: str) -> int:
        if identity not in found:
            unit = needed.get(identity)
            found[identity] = 0 if unit is None else _joined(map(rests_on, unit.element.requires))
        return found[identity]

    for identity in needed:
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
