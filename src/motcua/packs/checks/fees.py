"""The schedule of fees: its expressions compile, and give an amount in whole đồng for every example."""

import re
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
from .scopes import found_names, path_names

FILE = "fees.yaml"


def check_fees(pack: Pack) -> Iterator[Finding]:
    """Yield expressions that do not compile, and amounts that are null, broken or below zero, with an example."""
    yield from _payment(pack)
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


def _payment(pack: Pack) -> Iterator[Finding]:
    workflow = pack.content.workflow
    for name, state in workflow.states.items():
        if state.clock != "payment":
            continue
        paid = workflow.acts.get("paid")
        if paid is None or "machine" not in paid.by or name not in paid.source:
            yield Finding(
                "workflow.yaml",
                pack.line_of("workflow.yaml", "states", name),
                f"{name} waits for payment, and nothing leads on once all is paid",
                "Add the act paid from it with by: [machine].",
            )


def _compiled(pack: Pack, index: int, line: FeeLine) -> Iterator[Finding]:
    names = (*path_names(pack), *pack.content.manifest.outputs)
    place = ("lines", index)
    if line.when == "at_filing" and _found(pack, line):
        yield Finding(
            FILE,
            pack.line_of(FILE, *place),
            f"{line.code}: {_found(pack, line)[0]} is not found out yet at filing",
            "Ask this line before the decision or with the result.",
        )
    if isinstance(line.amount, str):
        text = Expression(FILE, (*place, "amount"), f"{line.code}: amount", line.amount)
        yield from compiled(pack, text, names)
    for at, exemption in enumerate(line.exempt):
        text = Expression(FILE, (*place, "exempt", at, "when"), f"{line.code}: exempt", exemption.when)
        yield from compiled(pack, text, names)


def _tried(pack: Pack) -> Iterator[Finding]:
    assert pack.content.fees is not None
    every = list(_scopes(pack))
    for index, line in enumerate(pack.content.fees.lines):
        # What nobody has found out in an example is not asked in it either.
        found = _found(pack, line)
        scopes = [(name, scope) for name, scope in every if all(scope[each] is not None for each in found)]
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


def _found(pack: Pack, line: FeeLine) -> list[str]:
    """Return what the line reads of what officers and asked agencies find out, by FEEL name."""
    texts = [line.amount] if isinstance(line.amount, str) else []
    texts += [exemption.when for exemption in line.exempt]
    return [name for name in found_names(pack) if any(re.search(rf"\b{name}\b", text) for text in texts)]


def _scopes(pack: Pack) -> Iterator[tuple[str, Mapping[str, object]]]:
    """Yield each example of a whole case with what the schedule would see of it, and again with every fact unknown."""
    for examples in pack.examples.values():
        for example in examples.cases:
            try:
                values = check_values(pack.content.form, example.form)
            except FormRefused:
                continue
            found = {name: value for step in example.then for name, value in step.findings.items()}
            yield example.name, _scope(pack, example, values, {**example.facts, **found})
            if example.facts:
                yield f"{example.name}, facts unknown", _scope(pack, example, values, found)


def _scope(
    pack: Pack, example: CaseExample, values: Mapping[str, object], facts: Mapping[str, object]
) -> dict[str, object]:
    content = pack.content
    dates = {field.name for field in content.form.fields if field.widget == "date"}
    dates |= {fact.name for fact in content.facts if fact.type == "date"}
    dates |= {each.name for each in content.workflow.declared_findings if each.type == "date"}
    scope: dict[str, object] = dict.fromkeys(path_names(pack))
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
