"""Static analysis of decision tables: overlaps, gaps, dead rules, types and values that cannot be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, reduce
from itertools import groupby, islice
from operator import or_
from typing import Any

from motcua.rules.codegen import constant_of
from motcua.rules.domains import (
    Column,
    accepts,
    bits_of,
    column_of,
    first_bit,
    mistyped,
    rules_by_class,
)
from motcua.rules.kinds import ANY, NULL, AllowedType, FeelType, conforms, is_subtype, plain
from motcua.rules.operators import equal
from motcua.rules.tables import CompiledTable
from motcua.rules.units import Unit
from motcua.rules.values import Value, as_literal
from motcua.rules.work import begin_work

MOST_FINDINGS = 50
MOST_STEPS = 200_000
# How many classes of columns the checks of one table look at.
MOST_LOOKS = 2_000_000


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found: `kind` is overlap, gap, missing, unreachable, type, value, name or unclear.

    `rules` are numbers from 1; `example` maps inputs to values that show it, as FEEL writes them.
    """

    kind: str
    severity: str
    decision: str
    message: str
    rules: tuple[int, ...] = ()
    example: Mapping[str, str] = field(default_factory=dict)
    line: int = 0
    file: str | None = None

    def __str__(self) -> str:
        where = f"{self.file or 'model'}, line {self.line}, {self.decision}"
        shown = ", ".join(f"{name} = {value}" for name, value in self.example.items())
        return f"{self.severity}: {where}: {self.message}" + (f" Example: {shown}." if shown else "")

    def to_json(self) -> dict[str, Any]:
        """Return the finding as plain dicts, lists and text."""
        return {
            "kind": self.kind,
            "severity": self.severity,
            "decision": self.decision,
            "message": self.message,
            "rules": list(self.rules),
            "example": dict(self.example),
            "line": self.line,
            "file": self.file,
        }


def check_units(units: Sequence[Unit], file: str | None) -> list[Finding]:
    """Return what is found in all elements of a model, errors first."""
    found: list[Finding] = []
    for unit in units:
        for doubt, line, where in unit.doubts:
            message = f"{doubt} ({where}); it counts as null." if where else f"{doubt}; it counts as null."
            found.append(Finding("name", "error", unit.element.name, message, line=line, file=file))
        found.extend(_expression_type(unit, file))
        for table in unit.tables:
            begin_work()
            found.extend(TableCheck(table, file).findings())
    return sorted(found, key=lambda one: one.severity != "error")


def _expression_type(unit: Unit, file: str | None) -> Iterator[Finding]:
    node = unit.node
    if node is None or unit.element.kind != "decision":
        return
    seen, wanted = plain(node.type), plain(unit.type)
    if unit.element.variable.type_ref is not None and _never(seen, wanted):
        message = f"the expression gives a {seen}, the decision is declared a {wanted}: it is null."
        yield Finding("type", "error", unit.element.name, message, line=unit.element.line, file=file)


def _never(seen: FeelType, wanted: FeelType) -> bool:
    """Say whether no value of one type can become one of the other."""
    if ANY in (seen, wanted) or seen is NULL or is_subtype(seen, wanted):
        return False
    return not _convertible(str(seen), str(wanted))


def _convertible(seen: str, wanted: str) -> bool:
    return (
        seen.startswith("list")
        or wanted.startswith(("list", "context", "function", "range"))
        or (seen, wanted) == ("date", "date and time")
    )


class TableCheck:
    """The analysis of one table."""

    def __init__(self, table: CompiledTable, file: str | None) -> None:
        self.table = table
        self.file = file
        self.columns = self._columns()
        unclear = frozenset().union(*(column.unclear for column in self.columns))
        self.clear = [at for at in range(len(table.cells)) if at not in unclear]
        self.unclear = sorted(unclear)
        self.steps = 0
        self.looks = 0

    def _columns(self) -> list[Column]:
        made: dict[str, Column] = {}
        texts = [" ".join(clause.expression.text.split()) for clause in self.table.table.inputs]
        for at, text in enumerate(texts):
            if text in made:
                continue
            same = [place for place, other in enumerate(texts) if other == text]
            made[text] = column_of(
                text,
                self.table.table.inputs[at].label or text,
                self.table.input_types[at],
                [[row[place] for place in same] for row in self.table.cells],
                self.table.input_values[at],
            )
        return list(made.values())

    def found(
        self,
        kind: str,
        severity: str,
        message: str,
        rules: Sequence[int] = (),
        example: Mapping[str, str] | None = None,
    ) -> Finding:
        """Return a finding about rules given from 0."""
        line = self.table.table.rules[rules[0]].line if rules else self.table.table.line
        return Finding(
            kind,
            severity,
            self.table.owner,
            message,
            tuple(at + 1 for at in rules),
            example or {},
            line,
            self.file,
        )

    def findings(self) -> list[Finding]:
        """Return everything found, at most MOST_FINDINGS of each kind."""
        found: list[Finding] = []
        for part in (
            self.types(),
            self.outputs(),
            self.impossible(),
            self.overlaps(),
            self.hidden(),
            self.gaps(),
        ):
            for count, one in enumerate(part, 1):
                found.append(one)
                if count == MOST_FINDINGS:
                    break
        if self.too_large:
            message = "the table is too large for all its rules to be compared with each other."
            found.append(self.found("unclear", "note", message))
        if self.unclear:
            numbers = ", ".join(str(at + 1) for at in self.unclear[:10])
            message = f"rules {numbers} compare with more than constants; they are left out of the checks."
            found.append(self.found("unclear", "note", message, self.unclear))
        return found

    # -- one rule at a time

    def types(self) -> Iterator[Finding]:
        """Yield columns that are always null, and cells whose constants the column's values can never equal."""
        for node, kind, clause in zip(
            self.table.inputs, self.table.input_types, self.table.table.inputs, strict=True
        ):
            if _never(plain(node.type), plain(kind)):
                message = (
                    f'input "{clause.label or clause.expression.text}": the expression gives a '
                    f"{plain(node.type)}, the column is declared a {plain(kind)}: it is null."
                )
                yield self.found("type", "error", message)
        for number, row in enumerate(self.table.cells):
            for at, cell in enumerate(row):
                kind = self.table.input_types[at]
                seen = mistyped(cell, kind)
                if seen is not None:
                    text = self.table.table.rules[number].inputs[at].text
                    label = self.table.table.inputs[at].label or self.table.table.inputs[at].expression.text
                    message = (
                        f'rule {number + 1}, input "{label}": {text} is a {seen}, '
                        f"the input is a {plain(kind)}; the cell never holds."
                    )
                    yield self.found("type", "error", message, [number])

    def outputs(self) -> Iterator[Finding]:
        """Yield constant outputs of another type, or outside the allowed values."""
        for number, row in enumerate(self.table.outputs):
            for at, node in enumerate(row):
                constant = constant_of(node)
                clause = self.table.table.outputs[at]
                kind, values = self.table.output_types[at], self.table.output_values[at]
                name = clause.name or clause.label or self.table.owner
                where = f'rule {number + 1}, output "{name}"'
                if constant is None:
                    seen, wanted = plain(node.type), plain(kind)
                    if _never(seen, wanted):
                        message = f"{where}: the expression gives a {seen}, not a {wanted}."
                        yield self.found("type", "error", message, [number])
                    continue
                if constant.value is None:
                    continue
                text = as_literal(constant.value)
                if not conforms(constant.value, plain(kind)):
                    message = f"{where}: {text} is not a {plain(kind)}."
                    yield self.found("type", "error", message, [number])
                elif isinstance(kind, AllowedType) and not kind.allows(constant.value):
                    message = f"{where}: {text} is not an allowed value ({kind.text})."
                    yield self.found("value", "error", message, [number])
                elif values is not None and not accepts(values, constant.value):
                    allowed = clause.values.text if clause.values is not None else ""
                    message = f"{where}: {text} is not an allowed value ({allowed})."
                    yield self.found("value", "error", message, [number])

    def impossible(self) -> Iterator[Finding]:
        """Yield rules that no allowed input can meet."""
        for at in self.clear:
            for column in self.columns:
                if column.masks[at] == 0:
                    message = (
                        f'rule {at + 1} can never apply: no allowed value of "{column.label}" '
                        "meets its condition."
                    )
                    yield self.found("unreachable", "error", message, [at])
                    break

    # -- rules against each other

    @property
    def too_large(self) -> bool:
        """Whether the checks stopped before all rules were compared."""
        return self.looks > MOST_LOOKS

    @cached_property
    def _all(self) -> int:
        """The rules that are checked, as bits."""
        return sum(1 << at for at in self.clear)

    @cached_property
    def _by_class(self) -> list[list[int]]:
        """For each column and class, the rules that accept it, as bits; without those that are unclear."""
        return [
            [rules & self._all for rules in rules_by_class(column.masks, len(column.values))]
            for column in self.columns
        ]

    def overlaps(self) -> Iterator[Finding]:
        """Yield pairs of rules that meet under U, or disagree under A."""
        if self.table.table.policy not in "UA":
            return
        meeting: list[dict[int, int]] = [{} for _ in self.columns]
        for at in self.clear:
            together = self._all & ~0 << at + 1
            for column, classes, known in zip(self.columns, self._by_class, meeting, strict=True):
                mask = column.masks[at]
                if mask not in known:
                    self.looks += mask.bit_count()
                    known[mask] = reduce(or_, (classes[place] for place in bits_of(mask)), 0)
                together &= known[mask]
            if self.too_large:
                return
            for other in bits_of(together):
                if self.table.table.policy == "A" and self._agree(at, other):
                    continue
                yield self._overlap(at, other)

    def _agree(self, one: int, other: int) -> bool:
        pairs = zip(self.table.outputs[one], self.table.outputs[other], strict=True)
        for left, right in pairs:
            first, second = constant_of(left), constant_of(right)
            if first is None or second is None or equal(first.value, second.value) is not True:
                return False
        return True

    def _overlap(self, one: int, other: int) -> Finding:
        example = {}
        for column in self.columns:
            shared = column.masks[one] & column.masks[other]
            example[column.label] = as_literal(column.values[first_bit(shared)])
        what = (
            "both apply, and only one may"
            if self.table.table.policy == "U"
            else "both apply and give different results"
        )
        message = f"rules {one + 1} and {other + 1} overlap: {what}."
        return self.found("overlap", "error", message, [one, other], example)

    def hidden(self) -> Iterator[Finding]:
        """Yield rules that never fire because the rules before them take all their cases."""
        if self.table.table.policy not in "FP":
            return
        stronger = 0
        for _, alike in groupby(sorted(self.clear, key=self._rank), key=self._rank):
            these = list(alike)
            for at in these if stronger else []:
                masks = [column.masks[at] for column in self.columns]
                free, complete = self._uncovered(stronger, masks) if 0 not in masks else ([], False)
                if free is None and complete:
                    numbers = ", ".join(str(one + 1) for one in islice(bits_of(stronger), 10))
                    message = (
                        f"rule {at + 1} never applies: the rules before it ({numbers}) take all its cases."
                    )
                    yield self.found("unreachable", "error", message, [at])
                if self.too_large:
                    return
            stronger |= sum(1 << at for at in these)

    def _rank(self, at: int) -> tuple[int, ...]:
        return (at,) if self.table.table.policy == "F" else self.priority(at)

    def priority(self, at: int) -> tuple[int, ...]:
        """Return the rank of a rule's outputs among the output values, the highest first."""
        places: list[int] = []
        for wanted, node in zip(self.table.priorities, self.table.outputs[at], strict=True):
            constant = constant_of(node)
            value: Value = constant.value if constant is not None else None
            places.append(next((n for n, one in enumerate(wanted) if equal(one, value) is True), len(wanted)))
        return tuple(places)

    def gaps(self) -> Iterator[Finding]:
        """Yield a case that no rule takes: with all inputs known, then with one of them missing."""
        if self.table.table.policy in "CRO" or any(node is not None for node in self.table.defaults):
            return
        if self.unclear or not self.table.cells:
            return
        masks = [column.known for column in self.columns]
        free, complete = self._uncovered(~0, masks)
        if free is not None:
            message = "no rule applies to some cases: the result is null there."
            yield self.found("gap", "warning", message, (), self._example(free))
            return
        if not complete:
            message = "the table is too large to prove that it has no gap."
            yield self.found("unclear", "note", message)
        for at, column in enumerate(self.columns):
            masks = [one.known for one in self.columns]
            masks[at] = (1 << len(column.values)) - 1 & ~column.known
            free, _ = self._uncovered(~0, masks)
            if free is not None:
                message = f'no rule applies when "{column.label}" is not known: the result is null.'
                yield self.found("missing", "warning", message, (), self._example(free))

    def _example(self, places: Sequence[int]) -> dict[str, str]:
        return {
            column.label: as_literal(column.values[place])
            for column, place in zip(self.columns, places, strict=True)
        }

    def _uncovered(self, rules: int, masks: Sequence[int]) -> tuple[list[int] | None, bool]:
        """Return a case within the masks that none of some rules takes, and whether the search was complete."""
        by_class = self._by_class
        self.steps = 0
        seen: set[tuple[int, int]] = set()

        def search(at: int, live: int) -> list[int] | None:
            self.steps += 1
            if live == 0:
                return [first_bit(mask) for mask in masks[at:]]
            if at == len(masks) or (at, live) in seen or self.steps > MOST_STEPS or self.too_large:
                return None
            seen.add((at, live))
            tried: set[int] = set()
            for place in bits_of(masks[at]):
                self.looks += 1
                left = live & by_class[at][place]
                if left in tried:
                    continue
                tried.add(left)
                rest = search(at + 1, left)
                if rest is not None:
                    return [place, *rest]
            return None

        if any(mask == 0 for mask in masks):
            return None, True
        found = search(0, rules & self._all)
        return found, self.steps <= MOST_STEPS and not self.too_large
