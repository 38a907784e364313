"""Several decisions of one model in one statement: what they share is decided once for each row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from motcua.rules.sql.dialects import DIALECTS
from motcua.rules.sql.plan import SetPlan, _Planner
from motcua.rules.sql.subset import NotInSubset

if TYPE_CHECKING:
    from motcua.rules.evaluation import Model


@dataclass(frozen=True, slots=True)
class SeveralPlan:
    """A plan whose rule column and reasons are those of the first decision; ``of`` gives the outputs of each."""

    plan: SetPlan
    of: Mapping[str, tuple[str, ...]]


def plan_several(
    model: Model, source: str, *, decisions: Sequence[str], dialect: str, keys: Sequence[str]
) -> SeveralPlan:
    """Compile decisions over one relation, as ``over`` does one. Raises NotInSubset."""
    if dialect not in DIALECTS:
        raise NotInSubset(f'the dialect "{dialect}"', element=model.name)
    units = [model.decision_unit(name) for name in decisions]
    planner = _Planner(
        model, units[0], DIALECTS[dialect], source=source, columns={}, keys=tuple(keys), numbers={}
    )
    first = planner.plan()
    # A decision that the first one needs has its columns already.
    seen = {
        unit.element.id for unit in model.units("decision") if unit.element.variable.name in planner.outputs
    }
    for unit in units[1:]:
        planner.unit = unit
        planner._visit(unit, seen)
    of = {unit.element.name: tuple(planner.outputs[unit.element.variable.name]) for unit in units}
    outputs = tuple(dict.fromkeys(name for names in of.values() for name in names))
    statement = planner._statement(outputs, first.rule_column)
    whole = replace(
        first,
        sql=statement,
        inputs=planner.inputs,
        outputs=outputs,
        ways=planner.ways,
        digits=planner.digits,
    )
    return SeveralPlan(whole, of)
