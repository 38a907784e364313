"""Writes decision tables as Python: the rules as conditions, the hit policy over what they hit."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from motcua.rules import model as m
from motcua.rules import syntax as s
from motcua.rules.cells import tests_truth
from motcua.rules.classes import Column, sorted_columns
from motcua.rules.codegen import Env, Frame, constant_of
from motcua.rules.inference import common_type
from motcua.rules.kinds import ANY, NUMBER, FeelType, context_of, list_of, plain
from motcua.rules.policies import hit_policy
from motcua.rules.scope import Scope
from motcua.rules.tables import CompiledTable, Outcome
from motcua.rules.texts import Texts


def write_table(texts: Texts, table: m.Table, env: Env, scope: Scope) -> tuple[str, FeelType]:
    """Write the table's function and return the Python that calls it, and its type."""
    assert texts.unit is not None  # a table stands in an element
    made = CompiledTable(table, texts.unit.element.name, scope=texts.writer.globals)
    texts.unit.tables.append(made)
    border = Frame(captures={})
    inner = env.inside(border)
    lines = _read_inputs(texts, made, inner, scope)
    conditions = _conditions(texts, made, inner, scope)
    outputs = _outputs(texts, made, inner, scope)
    default = _default(texts, made, inner, scope)
    captures = border.captures or {}
    parameters = [name for name, _ in captures.values()]
    made.failing_source = _failing_source(made, conditions, parameters)
    columns = sorted_columns(made.input_types, made.cells, conditions)
    name = texts.writer.fresh("t")
    body = [f"def {name}({', '.join(['T', *parameters])}):", *lines]
    seen, captured = _tuple_of([f"i{at}" for at in range(len(made.inputs))]), _tuple_of(parameters)
    if columns is None:
        body += _asked_in_turn(texts, made, conditions)
    else:
        body.append(_looked_up(texts, made, columns))
    body.append(f" if T is not None: T.append((o, {seen}, {captured}))")
    body += _answer(texts, made, outputs, default, ["T", *parameters], looked_up=columns is not None)
    texts.lines.append("\n".join(body) + "\n")
    call = ", ".join(["T", *(outer for _, outer in captures.values())])
    return f"{name}({call})", _table_type(made)


def _asked_in_turn(texts: Texts, made: CompiledTable, conditions: list[list[str]]) -> list[str]:
    """Return lines that ask rule after rule: for tables whose cells do more than compare."""
    lines = [" h = []"]
    for at, parts in enumerate(conditions):
        test = " and ".join(part for part in parts if part != "True") or "True"
        word = "elif" if made.table.policy == "F" and at else "if"
        lines.append(f" {word} {test}: h.append({at})")
    texts.writer.globals["Outcome"] = Outcome
    return [*lines, f" o = Outcome({texts.writer.constant(made)}, h)"]


def _looked_up(texts: Texts, made: CompiledTable, columns: list[Column | None]) -> str:
    """Return the line that looks the outcome up by the classes of the columns."""
    made.columns = [(at, column) for at, column in enumerate(columns) if column is not None]
    parts: list[str] = []
    stride = 1
    for at, column in made.columns:
        parts.append(column.code(texts.writer, f"i{at}", stride))
        stride *= column.size
    known = texts.writer.constant(made.outcomes.get)
    learned = texts.writer.constant(made.learned)
    key = " + ".join(parts) or "0"
    return f" o = {known}(k := {key}) or {learned}(k)"


def _answer(
    texts: Texts,
    made: CompiledTable,
    outputs: list[list[str]],
    default: str,
    parameters: list[str],
    *,
    looked_up: bool,
) -> list[str]:
    """Return the last lines of the table's function: its outputs under its hit policy."""
    nodes = [*(node for row in made.outputs for node in row), *made.defaults]
    if not looked_up or any(node is not None and constant_of(node) is None for node in nodes):
        picked = _picked(texts, made, outputs, ", ".join(parameters))
        return [" h = o.hits", f" if not h: return {default}", picked]
    # The outputs are constants, so that an outcome has its value once and for all.
    made.answer = texts.writer.fresh("a")
    picked = _picked(texts, made, outputs, "")
    texts.lines.append(f"def {made.answer}(h):\n if not h: return {default}\n{picked}\n")
    return [" return o.value"]


def _tuple_of(names: Sequence[str]) -> str:
    return f"({', '.join(names)}{',' if len(names) == 1 else ''})"


def _read_inputs(texts: Texts, made: CompiledTable, env: Env, scope: Scope) -> list[str]:
    lines: list[str] = []
    for at, clause in enumerate(made.table.inputs):
        where = f'input "{clause.label or clause.expression.text}"'
        node = texts.parsed(clause.expression, scope, where)
        declared = texts.type_named(clause.expression.type_ref, clause.expression.line)
        code = texts.writer.value(node, env)
        kind = node.type
        converted = code if kind == declared else texts.coerced(code, kind, declared)
        if converted is not code:
            # The column's own type is what its value is converted to: what does not fit is null.
            code, kind = converted, declared
        made.inputs.append(node)
        made.input_types.append(kind if plain(kind) is not ANY else declared)
        lines.append(f" i{at} = {code}")
        made.input_values.append(
            None
            if clause.values is None
            else texts.parsed_tests(clause.values, Scope({"?": kind}, scope), where)
        )
    return lines


def _conditions(texts: Texts, made: CompiledTable, env: Env, scope: Scope) -> list[list[str]]:
    known: dict[tuple[int, str], tuple[s.UnaryTests, str]] = {}
    scopes = [Scope({"?": plain(kind)}, scope) for kind in made.input_types]
    conditions: list[list[str]] = []
    for number, rule in enumerate(made.table.rules, 1):
        cells: list[s.UnaryTests] = []
        parts: list[str] = []
        for at, text in enumerate(rule.inputs):
            found = known.get((at, text.text))
            if found is None:
                label = made.table.inputs[at].label or made.table.inputs[at].expression.text
                tests = texts.parsed_tests(text, scopes[at], f'rule {number}, input "{label}"')
                code = tests_truth(texts.writer, tests, f"i{at}", made.input_types[at], env)
                found = known[(at, text.text)] = (tests, code)
            cells.append(found[0])
            parts.append(found[1])
        made.cells.append(cells)
        conditions.append(parts)
    return conditions


def _outputs(texts: Texts, made: CompiledTable, env: Env, scope: Scope) -> list[list[str]]:
    for clause in made.table.outputs:
        kind = texts.type_named(clause.type_ref, made.table.line)
        made.output_types.append(kind)
        where = f'output "{clause.name or clause.label}"'
        values = None
        if clause.values is not None:
            values = texts.parsed_tests(clause.values, Scope({"?": plain(kind)}, scope), where)
        made.output_values.append(values)
        found = [constant_of(test) for test in values.tests] if values is not None else []
        made.priorities.append([one.value for one in found if one is not None])
    codes: list[list[str]] = []
    for number, rule in enumerate(made.table.rules, 1):
        nodes: list[s.Node] = []
        row: list[str] = []
        for at, text in enumerate(rule.outputs):
            clause = made.table.outputs[at]
            where = f'rule {number}, output "{clause.name or clause.label}"'
            node = texts.parsed(text, scope, where) if text.text else s.Literal(None)
            nodes.append(node)
            code = texts.writer.value(node, env)
            row.append(texts.coerced(code, node.type, made.output_types[at]))
        made.outputs.append(nodes)
        codes.append(row)
    return codes


def _shaped(made: CompiledTable, row: Sequence[str]) -> str:
    if len(row) == 1:
        return row[0]
    names = [clause.name for clause in made.table.outputs]
    return "{" + ", ".join(f"{n!r}: {code}" for n, code in zip(names, row, strict=True)) + "}"


def _default(texts: Texts, made: CompiledTable, env: Env, scope: Scope) -> str:
    row: list[str] = []
    for clause in made.table.outputs:
        node = None
        if clause.default is not None and clause.default.text:
            node = texts.parsed(clause.default, scope, f'default of "{clause.name}"')
        made.defaults.append(node)
        row.append("None" if node is None else texts.writer.value(node, env))
    several = made.table.policy in "CRO" and not made.table.aggregation
    if all(node is None for node in made.defaults):
        if made.table.aggregation == "COUNT":
            return texts.writer.constant(Decimal(0))
        return "[]" if several else "None"
    shaped = _shaped(made, row)
    return f"[{shaped}]" if several else shaped


def _picked(texts: Texts, made: CompiledTable, outputs: list[list[str]], arguments: str) -> str:
    """Return the last line of the table's function: its outputs under its hit policy."""
    rows = f"{texts.writer.fresh('o')}"
    functions: list[str] = []
    for at, row in enumerate(outputs):
        one = f"{rows}_{at}"
        functions.append(one)
        texts.lines.append(f"def {one}({arguments}): return {_shaped(made, row)}")
    texts.lines.append(f"{rows} = {_tuple_of(functions)}")
    policy, aggregation = made.table.policy, made.table.aggregation
    if policy == "F":
        return f" return {rows}[h[0]]({arguments})"
    if policy == "U":
        return f" return {rows}[h[0]]({arguments}) if len(h) == 1 else None"
    apply = texts.writer.fresh("k")
    texts.writer.globals[apply] = hit_policy(made, policy, aggregation)
    return f" return {apply}([{rows}[r]({arguments}) for r in h])"


def _failing_source(made: CompiledTable, conditions: list[list[str]], parameters: Sequence[str]) -> str:
    names = [*(f"i{at}" for at in range(len(made.inputs))), *parameters]
    rows: list[str] = []
    for parts in conditions:
        tests = [f"{at} if not {part} else" for at, part in enumerate(parts) if part != "True"]
        rows.append(f"  {' '.join(tests)} -1,")
    # The trace of tables inside is not wanted here.
    return f"def failing({', '.join(names)}, T=None):\n return [\n" + "\n".join(rows) + "\n ]\n"


def _table_type(made: CompiledTable) -> FeelType:
    policy, aggregation = made.table.policy, made.table.aggregation
    kinds: dict[str, FeelType] = {}
    for at, clause in enumerate(made.table.outputs):
        kind = plain(made.output_types[at])
        if kind is ANY:
            nodes = [row[at].type for row in made.outputs]
            default = made.defaults[at]
            kind = common_type([*nodes, *([default.type] if default is not None else [])])
        kinds[clause.name] = kind
    one = next(iter(kinds.values())) if len(kinds) == 1 else context_of(kinds)
    if policy in "RO" or (policy == "C" and not aggregation):
        return list_of(one)
    if aggregation == "COUNT":
        return NUMBER
    return one
