"""The syntax tree of FEEL: one frozen node per construct, with its place and inferred type."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal as OneOf

from motcua.rules.kinds import ANY, FeelType
from motcua.rules.values import Value


@dataclass(slots=True, kw_only=True)
class Node:
    """What every node knows: where it stands in its text and what type it yields."""

    start: int = 0
    end: int = 0
    type: FeelType = field(default_factory=lambda: ANY)


@dataclass(slots=True)
class Literal(Node):
    """A constant."""

    value: Value


@dataclass(slots=True)
class Name(Node):
    """A variable, a member of the item that is being filtered, or a built-in function."""

    name: str


@dataclass(slots=True)
class Negation(Node):
    """Arithmetic minus."""

    operand: Node


@dataclass(slots=True)
class Arithmetic(Node):
    """`left op right`."""

    operator: OneOf["+", "-", "*", "/", "**"]
    left: Node
    right: Node


@dataclass(slots=True)
class Comparison(Node):
    """`left op right`."""

    operator: OneOf["=", "!=", "<", "<=", ">", ">="]
    left: Node
    right: Node


@dataclass(slots=True)
class Logic(Node):
    """A whole chain of `and`, or of `or`."""

    operator: OneOf["and", "or"]
    operands: list[Node]


@dataclass(slots=True)
class Between(Node):
    """`operand between low and high`."""

    operand: Node
    low: Node
    high: Node


@dataclass(slots=True)
class In(Node):
    """`operand in (tests)`; each test is a node that stands for a unary test."""

    operand: Node
    tests: list[Node]


@dataclass(slots=True)
class UnaryComparison(Node):
    """`< x` and the like, as a test of `in` or as a range in parentheses."""

    operator: OneOf["=", "!=", "<", "<=", ">", ">="]
    operand: Node


@dataclass(slots=True)
class RangeNode(Node):
    """`[low..high]` with open or closed ends."""

    low: Node
    high: Node
    low_included: bool
    high_included: bool


@dataclass(slots=True)
class InstanceOf(Node):
    """`operand instance of type`."""

    operand: Node
    wanted: FeelType


@dataclass(slots=True)
class If(Node):
    """`if condition then yes else no`."""

    condition: Node
    yes: Node
    no: Node


@dataclass(slots=True)
class Iterator(Node):
    """`name in source`, or `name in source..until`."""

    name: str
    source: Node
    until: Node | None


@dataclass(slots=True)
class For(Node):
    """`for iterators return body`."""

    iterators: list[Iterator]
    body: Node


@dataclass(slots=True)
class Quantified(Node):
    """`some` or `every`."""

    kind: OneOf["some", "every"]
    iterators: list[Iterator]
    body: Node


@dataclass(slots=True)
class ListNode(Node):
    """`[a, b]`."""

    items: list[Node]


@dataclass(slots=True)
class ContextNode(Node):
    """`{a: 1, b: a + 1}`; an entry sees the entries before it."""

    entries: list[tuple[str, Node]]


@dataclass(slots=True)
class Path(Node):
    """`operand.member`."""

    operand: Node
    member: str


@dataclass(slots=True)
class Filter(Node):
    """`operand[condition]` or `operand[index]`."""

    operand: Node
    condition: Node


@dataclass(slots=True)
class Call(Node):
    """A call with arguments by position, or by name; never both."""

    function: Node
    arguments: list[Node]
    names: list[str] | None


@dataclass(slots=True)
class FunctionNode(Node):
    """`function(a, b: number) body`; an external body is kept as its context."""

    parameters: list[tuple[str, FeelType]]
    body: Node
    external: bool = False


@dataclass(slots=True)
class UnaryTests(Node):
    """The tests of a table cell: `-`, `a, b` or `not(a, b)`."""

    tests: list[Node]
    negated: bool = False
    anything: bool = False
