"""The parts of a DMN model as they stand in the file, before anything is compiled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Text:
    """A FEEL text with the place it stands at in the file."""

    text: str
    line: int = 0
    type_ref: str | None = None


@dataclass(frozen=True, slots=True)
class Boxed:
    """A boxed expression that is not a table: its kind and its parts.

    literal: text. context: entries (name, type, part), a last one without name is the result.
    invocation: called, entries. list: parts. relation: columns, rows. function: parameters, parts.
    conditional: if, then, else. filter: in, match. for, some, every: name, in, body.
    """

    kind: str
    line: int = 0
    text: Text | None = None
    name: str = ""
    type_ref: str | None = None
    parts: tuple[Expression, ...] = ()
    entries: tuple[tuple[str, str | None, Expression], ...] = ()
    rows: tuple[tuple[Expression, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class InputClause:
    """A column of conditions."""

    id: str
    label: str
    expression: Text
    values: Text | None


@dataclass(frozen=True, slots=True)
class OutputClause:
    """A column of conclusions."""

    id: str
    name: str
    label: str
    type_ref: str | None
    values: Text | None
    default: Text | None


@dataclass(frozen=True, slots=True)
class Rule:
    """A row: its cells and its annotations by column name."""

    id: str
    description: str
    inputs: tuple[Text, ...]
    outputs: tuple[Text, ...]
    annotations: Mapping[str, str]
    line: int


@dataclass(frozen=True, slots=True)
class Table:
    """A decision table. `policy` is one letter, `aggregation` COUNT, SUM, MIN, MAX or empty."""

    id: str
    name: str
    policy: str
    aggregation: str
    inputs: tuple[InputClause, ...]
    outputs: tuple[OutputClause, ...]
    rules: tuple[Rule, ...]
    line: int
    type_ref: str | None = None


Expression = Boxed | Table


@dataclass(frozen=True, slots=True)
class Variable:
    """The name and type under which an element is seen by others."""

    name: str
    type_ref: str | None


@dataclass(frozen=True, slots=True)
class Item:
    """An item definition; `allowed` is what each item may be, `constraint` what the whole may be."""

    name: str
    type_ref: str | None
    collection: bool
    allowed: Text | None
    components: tuple[Item, ...] = ()
    description: str = ""
    constraint: Text | None = None
    function: tuple[tuple[tuple[str, str | None], ...], str | None] | None = None


@dataclass(frozen=True, slots=True)
class Element:
    """A decision, input, knowledge model or decision service, by kind."""

    kind: str
    id: str
    name: str
    label: str
    description: str
    variable: Variable
    line: int
    requires: tuple[str, ...] = ()
    expression: Expression | None = None
    parameters: tuple[Variable, ...] = ()
    result_type: str | None = None
    outputs: tuple[str, ...] = ()
    encapsulated: tuple[str, ...] = ()
    input_decisions: tuple[str, ...] = ()
    input_data: tuple[str, ...] = ()
    question: str = ""
    external: bool = False


@dataclass(frozen=True, slots=True)
class Import:
    """Another model under a name of its own."""

    name: str
    namespace: str
    line: int


@dataclass(frozen=True, slots=True)
class Definitions:
    """A whole file. Elements are keyed by id."""

    name: str
    namespace: str
    file: str | None
    items: tuple[Item, ...]
    elements: Mapping[str, Element]
    imports: tuple[Import, ...]
    annotations: Mapping[str, str] = field(default_factory=dict)
