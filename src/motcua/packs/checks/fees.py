"""The schedule of fees: its expressions compile, and give an amount in whole đồng for every example."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

from motcua import rules
from motcua.fees.schedule import FeeNotUsable, work_out
from motcua.procedures.content import FeeLine, feel_name
from motcua.procedures.forms import FormRefused, check_values

from ..examples import CaseExample
from ..findings import Finding
from ..reading import Pack
from .expressions import Expression, compiled
from .scopes import decision_names

FILE = "fees.yaml"


def check_fees(pack: Pack) -> Iterator[Finding]:
    """Yield expressions that do not compile, and amounts that are null, broken or below zero, with an example."""
    schedule = pack.content.fees
    if schedule is None:
        return
    if pack.content.manifest.fee_vnd:
        yield Finding(
            FILE,
            0,
            "pack.yaml gives fee_vnd as well, and nobody would know which of the two is asked",
            "Remove fee_vnd, or this file.",
        )
    found = [finding for index, line in enumerate(schedule.lines) for finding in _compiled(pack, index, line)]
    yield from found
    if not found:
        yield from _tried(pack)


def _compiled(pack: Pack, index: int, line: FeeLine) -> Iterator[Finding]:
    names = (*decision_names(pack), *pack.content.manifest.outputs)
    place = ("lines", index)
    if isinstance(line.amount, str):
        text = Expression(FILE, (*place, "amount"), f"{line.code}: amount", line.amount)
        yield from compiled(pack, text, names)
    for at, exemption in enumerate(line.exempt):
        text = Expression(FILE, (*place, "exempt", at, "when"), f"{line.code}: exempt", exemption.when)
        yield from compiled(pack, text, names)


def _tried(pack: Pack) -> Iterator[Finding]:
    assert pack.content.fees is not None
    scopes = list(_scopes(pack))
    for index, line in enumerate(pack.content.fees.lines):
        place = pack.line_of(FILE, "lines", index, "amount")
        if isinstance(line.amount, str) and not scopes:
            yield Finding(
                FILE,
                place,
                f"{line.code}: no example works the amount out",
                "Add a case to examples/ whose form is complete.",
            )
        for name, scope in scopes:
            try:
                work_out(line, scope)
            except FeeNotUsable as fault:
                yield Finding(
                    FILE,
                    place,
                    f"{line.code}: the amount is {_shown(fault.value)} in the example {name}",
                    "Give whole đồng, zero or more, for every form and for facts that are null.",
                )
                break


def _scopes(pack: Pack) -> Iterator[tuple[str, Mapping[str, object]]]:
    """Yield each example of a whole case with what the schedule would see of it, and again with every fact unknown."""
    for examples in pack.examples.values():
        for example in examples.cases:
            try:
                values = check_values(pack.content.form, example.form)
            except FormRefused:
                continue
            yield example.name, _scope(pack, example, values, example.facts)
            if example.facts:
                yield f"{example.name}, facts unknown", _scope(pack, example, values, {})


def _scope(
    pack: Pack, example: CaseExample, values: Mapping[str, object], facts: Mapping[str, object]
) -> dict[str, object]:
    content = pack.content
    dates = {field.name for field in content.form.fields if field.widget == "date"}
    dates |= {fact.name for fact in content.facts if fact.type == "date"}
    scope: dict[str, object] = dict.fromkeys(decision_names(pack))
    for name, value in {**values, **facts}.items():
        if name in dates and isinstance(value, str):
            scope[feel_name(name)] = date.fromisoformat(value)
        else:
            scope[feel_name(name)] = Decimal(str(value)) if isinstance(value, float) else value
    scope["today"] = date.fromisoformat(example.today[:10])
    if content.manifest.outputs:
        model = rules.load(content.decision_model.encode())
        known = {name: value for name, value in scope.items() if name in model.inputs}
        scope |= {name: model(known, decision=name).value for name in content.manifest.outputs}
    return scope


def _shown(value: object) -> str:
    return "null" if value is None else str(value)
