"""Compiles decision tables: the rules as Python conditions, the hit policy over what they hit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from motcua.rules import model as m
from motcua.rules import syntax as s
from motcua.rules.cells import tests_truth
from motcua.rules.codegen import Env, Frame, constant_of
from motcua.rules.inference import common_type
from motcua.rules.kinds import ANY, NUMBER, FeelType, context_of, list_of, plain
from motcua.rules.operators import add, equal, order
from motcua.rules.scope import Scope
from motcua.rules.values import Value

if TYPE_CHECKING:
    from motcua.rules.compiler import Compiler
    from motcua.rules.explanation import RuleHit

# One entry of a trace: the table, the rules hit, the inputs seen, and the captured values.
Hit = tuple["CompiledTable", list[int], tuple[Value, ...], tuple[Value, ...]]


@dataclass(eq=False)
class CompiledTable:
    """A table with its trees; `failing` tells, for given inputs, where each rule first fails."""

    table: m.Table
    owner: str
    inputs: list[s.Node] = field(default_factory=list)
    input_types: list[FeelType] = field(default_factory=list)
    cells: list[list[s.UnaryTests]] = field(default_factory=list)
    outputs: list[list[s.Node]] = field(default_factory=list)
    output_types: list[FeelType] = field(default_factory=list)
    priorities: list[list[Value]] = field(default_factory=list)
    defaults: list[s.Node | None] = field(default_factory=list)
    input_values: list[s.UnaryTests | None] = field(default_factory=list)
    output_values: list[s.UnaryTests | None] = field(default_factory=list)
    failing_source: str = ""
    scope: dict[str, object] = field(default_factory=dict)
    _failing: Callable[..., list[int]] | None = None

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """What people call the inputs."""
        return tuple(one.label or one.expression.text.strip() for one in self.table.inputs)

    @cached_property
    def rule_hits(self) -> tuple[RuleHit, ...]:
        """What an explanation says of each rule that fires."""
        from motcua.rules.explanation import RuleHit  # explanations know tables

        return tuple(
            RuleHit(number, rule.id, rule.annotations) for number, rule in enumerate(self.table.rules, 1)
        )

    def failing(self, inputs: Sequence[Value], captured: Sequence[Value]) -> list[int]:
        """Return for each rule the column of its first condition that fails, or -1."""
        if self._failing is None:
            exec(compile(self.failing_source, f"<{self.owner}>", "exec"), self.scope)  # noqa: S102
            self._failing = self.scope["failing"]  # type: ignore[assignment]  # exec made it
        return self._failing(*inputs, *captured)  # type: ignore[misc]  # set above


def write_table(compiler: Compiler, table: m.Table, env: Env, scope: Scope) -> tuple[str, FeelType]:
    """Write the table's function and return the Python that calls it, and its type."""
    owner = compiler.unit.element.name if compiler.unit is not None else ""
    made = CompiledTable(table, owner, scope=compiler.writer.globals)
    if compiler.unit is not None:
        compiler.unit.tables.append(made)
    border = Frame(captures={})
    inner = env.inside(border)
    lines = _read_inputs(compiler, made, inner, scope)
    conditions = _conditions(compiler, made, inner, scope)
    outputs = _outputs(compiler, made, inner, scope)
    default = _default(compiler, made, inner, scope)
    captures = border.captures or {}
    parameters = [name for name, _ in captures.values()]
    name = compiler.writer.fresh("t")
    body = [f"def {name}({', '.join(['T', *parameters])}):", *lines]
    first = table.policy == "F"
    body.append(" h = []")
    for at, parts in enumerate(conditions):
        test = " and ".join(part for part in parts if part != "True") or "True"
        word = "elif" if first and at else "if"
        body.append(f" {word} {test}: h.append({at})")
    seen = _tuple_of([f"i{at}" for at in range(len(made.inputs))])
    info = compiler.writer.constant(made)
    body.append(f" if T is not None: T.append(({info}, h, {seen}, {_tuple_of(parameters)}))")
    body.append(f" if not h: return {default}")
    arguments = ", ".join(["T", *parameters])
    picked = _picked(compiler, made, outputs, arguments)
    body.append(picked)
    compiler.lines.append("\n".join(body) + "\n")
    made.failing_source = _failing_source(made, conditions, parameters)
    call = ", ".join(["T", *(outer for _, outer in captures.values())])
    return f"{name}({call})", _table_type(made)


def _tuple_of(names: Sequence[str]) -> str:
    return f"({', '.join(names)}{',' if len(names) == 1 else ''})"


def _read_inputs(compiler: Compiler, made: CompiledTable, env: Env, scope: Scope) -> list[str]:
    lines: list[str] = []
    for at, clause in enumerate(made.table.inputs):
        where = f'input "{clause.label or clause.expression.text}"'
        node = compiler.parsed(clause.expression, scope, where)
        declared = compiler.type_named(clause.expression.type_ref, clause.expression.line)
        code = compiler.writer.value(node, env)
        kind = node.type
        if plain(declared) is not ANY and plain(kind) is ANY:
            # The column's own type is a promise about a value whose type nothing else tells.
            code, kind = f"coerce({code}, {compiler.writer.constant(plain(declared))})", declared
        made.inputs.append(node)
        made.input_types.append(kind if plain(kind) is not ANY else declared)
        lines.append(f" i{at} = {code}")
        made.input_values.append(
            None
            if clause.values is None
            else compiler.parsed_tests(clause.values, Scope({"?": kind}, scope), where)
        )
    return lines


def _conditions(compiler: Compiler, made: CompiledTable, env: Env, scope: Scope) -> list[list[str]]:
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
                tests = compiler.parsed_tests(text, scopes[at], f'rule {number}, input "{label}"')
                code = tests_truth(compiler.writer, tests, f"i{at}", made.input_types[at], env)
                found = known[(at, text.text)] = (tests, code)
            cells.append(found[0])
            parts.append(found[1])
        made.cells.append(cells)
        conditions.append(parts)
    return conditions


def _outputs(compiler: Compiler, made: CompiledTable, env: Env, scope: Scope) -> list[list[str]]:
    for clause in made.table.outputs:
        kind = compiler.type_named(clause.type_ref, made.table.line)
        made.output_types.append(kind)
        where = f'output "{clause.name or clause.label}"'
        values = None
        if clause.values is not None:
            values = compiler.parsed_tests(clause.values, Scope({"?": plain(kind)}, scope), where)
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
            node = compiler.parsed(text, scope, where) if text.text else s.Literal(None)
            nodes.append(node)
            code = compiler.writer.value(node, env)
            row.append(compiler.coerced(code, node.type, made.output_types[at]))
        made.outputs.append(nodes)
        codes.append(row)
    return codes


def _shaped(made: CompiledTable, row: Sequence[str]) -> str:
    if len(row) == 1:
        return row[0]
    names = [clause.name for clause in made.table.outputs]
    return "{" + ", ".join(f"{n!r}: {code}" for n, code in zip(names, row, strict=True)) + "}"


def _default(compiler: Compiler, made: CompiledTable, env: Env, scope: Scope) -> str:
    row: list[str] = []
    for clause in made.table.outputs:
        node = None
        if clause.default is not None and clause.default.text:
            node = compiler.parsed(clause.default, scope, f'default of "{clause.name}"')
        made.defaults.append(node)
        row.append("None" if node is None else compiler.writer.value(node, env))
    several = made.table.policy in "CRO" and not made.table.aggregation
    if all(node is None for node in made.defaults):
        if made.table.aggregation == "COUNT":
            return compiler.writer.constant(Decimal(0))
        return "[]" if several else "None"
    shaped = _shaped(made, row)
    return f"[{shaped}]" if several else shaped


def _picked(compiler: Compiler, made: CompiledTable, outputs: list[list[str]], arguments: str) -> str:
    """Return the last line of the table's function: its outputs under its hit policy."""
    rows = f"{compiler.writer.fresh('o')}"
    functions: list[str] = []
    for at, row in enumerate(outputs):
        one = f"{rows}_{at}"
        functions.append(one)
        compiler.lines.append(f"def {one}({arguments}): return {_shaped(made, row)}")
    compiler.lines.append(f"{rows} = {_tuple_of(functions)}")
    policy, aggregation = made.table.policy, made.table.aggregation
    if policy == "F":
        return f" return {rows}[h[0]]({arguments})"
    if policy == "U":
        return f" return {rows}[h[0]]({arguments}) if len(h) == 1 else None"
    apply = compiler.writer.fresh("k")
    compiler.writer.globals[apply] = hit_policy(made, policy, aggregation)
    return f" return {apply}([{rows}[r]({arguments}) for r in h])"


def hit_policy(made: CompiledTable, policy: str, aggregation: str) -> Callable[[list[Value]], Value]:
    """Return what a policy makes of the outputs of the rules hit, in rule order."""
    if policy == "A":
        return _all_same
    if policy == "P":
        return lambda rows: _ranked(made, rows)[0]
    if policy == "O":
        return lambda rows: _ranked(made, rows)
    if policy == "R" or not aggregation:
        return lambda rows: rows
    return {"COUNT": _count, "SUM": _sum, "MIN": _smallest, "MAX": _largest}[aggregation]


def _all_same(rows: list[Value]) -> Value:
    first = rows[0]
    return first if all(equal(first, row) is True or first is row for row in rows[1:]) else None


def _ranked(made: CompiledTable, rows: list[Value]) -> list[Value]:
    names = [clause.name for clause in made.table.outputs]

    def place(row: Value) -> tuple[int, ...]:
        cells = [row] if len(names) == 1 else [row[name] for name in names]
        return tuple(
            next((at for at, one in enumerate(wanted) if equal(one, cell) is True), len(wanted))
            for wanted, cell in zip(made.priorities, cells, strict=True)
        )

    return sorted(rows, key=place)


def _count(rows: list[Value]) -> Value:
    return Decimal(len(rows))


def _sum(rows: list[Value]) -> Value:
    value = rows[0]
    for row in rows[1:]:
        value = add(value, row)
    return value


def _extreme(rows: list[Value], wanted: int) -> Value:
    best = rows[0]
    for row in rows[1:]:
        found = order(row, best)
        if found is None:
            return None
        if found == wanted:
            best = row
    return best


def _smallest(rows: list[Value]) -> Value:
    return _extreme(rows, -1)


def _largest(rows: list[Value]) -> Value:
    return _extreme(rows, 1)


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
