"""Writes FEEL as Python: one expression for each node, specialized where types are known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from motcua.rules import literals, operators, runtime
from motcua.rules import syntax as s
from motcua.rules.builtins import as_function
from motcua.rules.inference import item_type
from motcua.rules.invocation import invoke
from motcua.rules.kinds import (
    ANY,
    BOOLEAN,
    DATE,
    DAY_DURATION,
    MONTH_DURATION,
    NULL,
    NUMBER,
    STRING,
    ContextType,
    FeelType,
    is_instance,
    plain,
)
from motcua.rules.temporal import DAY, DayDuration
from motcua.rules.values import Function, Value

# With `range()`, which reads text by the parser and so is declared above it.
BUILTINS = literals.BUILTINS
# Types whose Python values compare in Python as FEEL compares them.
NATIVE_ORDER = frozenset((NUMBER, STRING, DATE, DAY_DURATION, MONTH_DURATION))
NATIVE_EQUAL = NATIVE_ORDER | {BOOLEAN}
_PYTHON = {"=": "==", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_COMPARE: dict[str, Callable[[Value, Value], Value]] = {
    "=": operators.equal,
    "!=": operators.unequal,
    "<": operators.less,
    "<=": operators.at_most,
    ">": operators.greater,
    ">=": operators.at_least,
}
_ARITHMETIC: dict[str, Callable[[Value, Value], Value]] = {
    "+": operators.add,
    "-": operators.subtract,
    "*": operators.multiply,
    "/": operators.divide,
    "**": operators.power,
}


@dataclass(slots=True)
class Frame:
    """Names bound at one place, as the Python that reads them.

    A frame with `item` belongs to a filter: names may be members of that item. A capturing frame
    is the border of a Python function: names from outside become its parameters.
    """

    names: dict[str, str] = field(default_factory=dict)
    item: str | None = None
    item_type: FeelType = ANY
    captures: dict[str, tuple[str, str]] | None = None


class Env:
    """The frames around an expression, innermost last."""

    __slots__ = ("frames",)

    def __init__(self, frames: tuple[Frame, ...] = ()) -> None:
        self.frames = frames

    def inside(self, frame: Frame) -> Env:
        """Return the environment with one more frame."""
        return Env((*self.frames, frame))

    def find(self, name: str, depth: int | None = None) -> str | None:
        """Return the Python that reads a name, or None when nothing here binds it."""
        at = len(self.frames) if depth is None else depth
        if at == 0:
            return None
        frame = self.frames[at - 1]
        if name in frame.names:
            return frame.names[name]
        outer = self.find(name, at - 1)
        if frame.captures is not None:
            if outer is None:
                return None
            if name not in frame.captures:
                frame.captures[name] = (f"p{len(frame.captures)}", outer)
            return frame.captures[name][0]
        if frame.item is not None:
            return _member_or(frame, name, outer)
        return outer


def _member_or(frame: Frame, name: str, outer: str | None) -> str | None:
    kind = plain(frame.item_type)
    if isinstance(kind, ContextType) and kind.member(name) is not None:
        return f"item_member({frame.item}, {name!r})"
    if kind is ANY or isinstance(kind, ContextType):
        if outer is None and name in BUILTINS:
            return None
        other = outer or "None"
        return f"({frame.item}[{name!r}] if has_member({frame.item}, {name!r}) else {other})"
    return outer


class Writer:
    """Writes expressions; keeps the constants and helpers that the written code names."""

    def __init__(self) -> None:
        self.globals: dict[str, object] = {
            "all_of": runtime.all_of,
            "any_of": runtime.any_of,
            "as_list": runtime.as_list,
            "every": runtime.every,
            "for_each": runtime.for_each,
            "for_each_partial": runtime.for_each_partial,
            "has_member": runtime.has_member,
            "in_range": operators.in_range,
            "index": runtime.index,
            "invoke": invoke,
            "is_in": operators.is_in,
            "is_instance": is_instance,
            "item_member": runtime.item_member,
            "keep": runtime.keep,
            "keep_or_index": runtime.keep_or_index,
            "make_range": runtime.make_range,
            "days_later": runtime.days_later,
            "days_between": operators.days_between,
            "negate": operators.negate,
            "negation": operators.negation,
            "odd_condition": runtime.odd_condition,
            "open_range": operators.open_range,
            "path": runtime.path,
            "some": runtime.some,
            "Function": Function,
            "between": operators.between,
            "cell_accepts": operators.cell_accepts,
            "cell_denies": operators.cell_denies,
            "constant_accepts": operators.constant_accepts,
            **{call.__name__: call for call in (*_COMPARE.values(), *_ARITHMETIC.values())},
        }
        self._constants: dict[str | None, str] = {}
        self._count = 0

    def fresh(self, stem: str) -> str:
        """Return a Python name that nothing else has."""
        self._count += 1
        return f"{stem}{self._count}"

    def constant(self, value: object) -> str:
        """Return the Python that reads a constant."""
        if value is None or value is True or value is False or type(value) is str:
            return repr(value)
        # Decimals that are equal may be written differently: 1.0 is not 1.
        key = repr(value) if type(value) is Decimal else None
        if key in self._constants:
            return self._constants[key]
        name = self.fresh("k")
        self.globals[name] = value
        if key is not None:
            self._constants[key] = name
        return name

    # -- values

    def value(self, node: s.Node, env: Env) -> str:
        """Return the Python expression for a node."""
        code: str = getattr(self, f"_{type(node).__name__.lower()}")(node, env)
        return code

    def _literal(self, node: s.Literal, env: Env) -> str:
        return self.constant(node.value)

    def _name(self, node: s.Name, env: Env) -> str:
        found = env.find(node.name)
        if found is not None:
            return found
        return self.constant(as_function(node.name)) if node.name in BUILTINS else "None"

    def _negation(self, node: s.Negation, env: Env) -> str:
        if isinstance(node.operand, s.Literal):
            return self.constant(operators.negate(node.operand.value))
        return f"negate({self.value(node.operand, env)})"

    def _arithmetic(self, node: s.Arithmetic, env: Env) -> str:
        # A long chain would nest one call in another; it is written as steps instead.
        steps: list[tuple[str, s.Node]] = []
        left: s.Node = node
        if node.operator == "-" and plain(node.left.type) is DATE is plain(node.right.type):
            return f"days_between({self.value(node.left, env)}, {self.value(node.right, env)})"
        days = _whole_days(node)
        if days is not None:
            return f"days_later({self.value(node.left, env)}, {days})"
        while isinstance(left, s.Arithmetic):
            steps.append((left.operator, left.right))
            left = left.left
        code = self.value(left, env)
        if len(steps) <= 8:
            for operator, right in reversed(steps):
                code = f"{_ARITHMETIC[operator].__name__}({code}, {self.value(right, env)})"
            return code
        name = self.fresh("v")
        parts = [f"{name} := {code}"]
        for operator, right in reversed(steps):
            call = _ARITHMETIC[operator].__name__
            parts.append(f"{name} := {call}({name}, {self.value(right, env)})")
        return f"(lambda: ({', '.join(f'({part})' for part in parts)})[-1])()"

    def _comparison(self, node: s.Comparison, env: Env) -> str:
        left, right = self.value(node.left, env), self.value(node.right, env)
        kinds = {plain(node.left.type), plain(node.right.type)}
        if node.operator in ("=", "!=") and len(kinds - {NULL}) == 1 and kinds <= NATIVE_EQUAL | {NULL}:
            return f"({left} {_PYTHON[node.operator]} {right})"
        return f"{_COMPARE[node.operator].__name__}({left}, {right})"

    def _logic(self, node: s.Logic, env: Env) -> str:
        parts = ", ".join(self.value(operand, env) for operand in node.operands)
        return f"{'all_of' if node.operator == 'and' else 'any_of'}(({parts},))"

    def _between(self, node: s.Between, env: Env) -> str:
        parts = ", ".join(self.value(part, env) for part in (node.operand, node.low, node.high))
        return f"between({parts})"

    def _in(self, node: s.In, env: Env) -> str:
        operand = self.value(node.operand, env)
        if len(node.tests) == 1:
            return self._one_test(operand, node.tests[0], env)
        name = self.fresh("v")
        tests = ", ".join(self._one_test(name, test, env) for test in node.tests)
        return f"(lambda {name}: any_of(({tests},)))({operand})"

    def _one_test(self, operand: str, test: s.Node, env: Env) -> str:
        if isinstance(test, s.UnaryComparison):
            call = _COMPARE[test.operator].__name__
            return f"{call}({operand}, {self.value(test.operand, env)})"
        if isinstance(test, s.RangeNode):
            return f"is_in({operand}, {self.value(test, env)})"
        return f"is_in({operand}, {self.value(test, env)})"

    def _unarycomparison(self, node: s.UnaryComparison, env: Env) -> str:
        return f"open_range({node.operator!r}, {self.value(node.operand, env)})"

    def _rangenode(self, node: s.RangeNode, env: Env) -> str:
        ends = [constant_of(node.low), constant_of(node.high)]
        if ends[0] is not None and ends[1] is not None:
            made = runtime.make_range(ends[0].value, ends[1].value, node.low_included, node.high_included)
            return self.constant(made)
        low, high = self.value(node.low, env), self.value(node.high, env)
        return f"make_range({low}, {high}, {node.low_included}, {node.high_included})"

    def _instanceof(self, node: s.InstanceOf, env: Env) -> str:
        return f"is_instance({self.value(node.operand, env)}, {self.constant(node.wanted)})"

    def _if(self, node: s.If, env: Env) -> str:
        arms = []
        at: s.Node = node
        while isinstance(at, s.If):
            arms.append(f"{self.value(at.yes, env)} if {self.truth(at.condition, env)} else")
            if plain(at.condition.type) is not BOOLEAN:
                # A condition that is neither true, false nor null has no answer.
                name = self.fresh("v")
                arms[-1] = (
                    f"{self.value(at.yes, env)} if ({name} := {self.value(at.condition, env)}) "
                    f"is True else None if odd_condition({name}) else"
                )
            at = at.no
        return f"({' '.join(arms)} {self.value(at, env)})"

    def _sources(self, iterators: list[s.Iterator], env: Env) -> tuple[list[str], list[str], Env]:
        names: list[str] = []
        sources: list[str] = []
        frame = Frame()
        inner = env.inside(frame)
        for iterator in iterators:
            source = self.value(iterator.source, inner)
            if iterator.until is not None:
                source = f"make_range({source}, {self.value(iterator.until, inner)}, True, True)"
            sources.append(f"lambda {', '.join(names)}: {source}")
            name = self.fresh("v")
            names.append(name)
            frame.names[iterator.name] = name
        return names, sources, inner

    def _for(self, node: s.For, env: Env) -> str:
        names, sources, inner = self._sources(node.iterators, env)
        partial = self.fresh("v")
        # It hides a variable of that name further out; an iterator of that name is what its author means.
        inner.frames[-1].names.setdefault("partial", partial)
        body = self.value(node.body, inner)
        tuple_of = f"({', '.join(sources)},)"
        if partial in body:
            return f"for_each_partial({tuple_of}, lambda {', '.join([*names, partial])}: {body})"
        return f"for_each({tuple_of}, lambda {', '.join(names)}: {body})"

    def _quantified(self, node: s.Quantified, env: Env) -> str:
        names, sources, inner = self._sources(node.iterators, env)
        body = self.value(node.body, inner)
        return f"{node.kind}(({', '.join(sources)},), lambda {', '.join(names)}: {body})"

    def _listnode(self, node: s.ListNode, env: Env) -> str:
        return f"[{', '.join(self.value(item, env) for item in node.items)}]"

    def _contextnode(self, node: s.ContextNode, env: Env) -> str:
        frame = Frame()
        inner = env.inside(frame)
        parts: list[str] = []
        for name, value in node.entries:
            local = self.fresh("v")
            if isinstance(value, s.FunctionNode) and name not in BUILTINS:
                frame.names[name] = local
            parts.append(f"{name!r}: ({local} := {self.value(value, inner)})")
            frame.names[name] = local
        # The lambda keeps the entries' names to themselves.
        return f"(lambda: {{{', '.join(parts)}}})()"

    def _path(self, node: s.Path, env: Env) -> str:
        read = "item_member" if isinstance(plain(node.operand.type), ContextType) else "path"
        return f"{read}({self.value(node.operand, env)}, {node.member!r})"

    def _filter(self, node: s.Filter, env: Env) -> str:
        operand = self.value(node.operand, env)
        if plain(node.condition.type) is NUMBER and isinstance(node.condition, (s.Literal, s.Negation)):
            return f"index({operand}, {self.value(node.condition, env)})"
        item = self.fresh("v")
        inner_type = plain(item_type(node.operand.type))
        frame = Frame(names={}, item=item, item_type=inner_type)
        inner = env.inside(frame).inside(Frame(names={"item": item}))
        if isinstance(inner_type, ContextType) and inner_type.member("item") is not None:
            inner = env.inside(frame)
        elif inner_type is ANY:
            own = f"({item}['item'] if has_member({item}, 'item') else {item})"
            inner = env.inside(frame).inside(Frame(names={"item": own}))
        condition = self.value(node.condition, inner)
        call = "keep" if plain(node.condition.type) is BOOLEAN else "keep_or_index"
        return f"{call}({operand}, lambda {item}: {condition})"

    def _call(self, node: s.Call, env: Env) -> str:
        arguments = [self.value(argument, env) for argument in node.arguments]
        function = node.function
        if isinstance(function, s.Name) and env.find(function.name) is None:
            if function.name == "not" and node.names is None and kinds_of(node) == [BOOLEAN]:
                return f"negation({arguments[0]})"
            return self._builtin_call(function.name, arguments, node.names, kinds_of(node))
        names = self.constant(tuple(node.names)) if node.names is not None else "None"
        return f"invoke({self.value(function, env)}, [{', '.join(arguments)}], {names})"

    def _builtin_call(
        self, name: str, arguments: list[str], names: list[str] | None, kinds: list[FeelType]
    ) -> str:
        known = BUILTINS.get(name)
        if known is None:
            return "None"
        if names is not None:
            return f"{self.constant(known.by_name)}({self.constant(tuple(names))}, [{', '.join(arguments)}])"
        fitting = [one for one in known.signatures if one.takes(len(arguments))]
        if not fitting:
            return "None"
        target = fitting[0].call if len(fitting) == 1 else known.by_position
        if len(fitting) == 1 and fitting[0].fits_types([plain(one) for one in kinds]):
            target = fitting[0].unchecked
        return f"{self.constant(target)}({', '.join(arguments)})"

    def _functionnode(self, node: s.FunctionNode, env: Env) -> str:
        frame = Frame({name: self.fresh("v") for name, _ in node.parameters})
        parameters = self.constant(tuple(name for name, _ in node.parameters))
        types = tuple(kind for _, kind in node.parameters)
        body = "None" if node.external else self.value(node.body, env.inside(frame))
        known = self.constant(() if all(kind is ANY for kind in types) else types)
        result = self.constant(None if plain(node.body.type) is ANY else plain(node.body.type))
        arguments = ", ".join(frame.names.values())
        return f"Function('', lambda {arguments}: {body}, {parameters}, {known}, {result})"

    # -- truth: a Python bool that says whether the node is true

    def truth(self, node: s.Node, env: Env) -> str:
        """Return Python that is True exactly when the node is true; null and false look alike."""
        if isinstance(node, s.Logic):
            joint = f" {node.operator} "
            return f"({joint.join(self.truth(operand, env) for operand in node.operands)})"
        if isinstance(node, s.Comparison):
            left, right = self.value(node.left, env), self.value(node.right, env)
            native = self.native(node.operator, left, node.left.type, right, node.right.type)
            if native is not None:
                return native
        if isinstance(node, s.Literal):
            return str(node.value is True)
        return f"({self.value(node, env)} is True)"

    def native(
        self, operator: str, left: str, left_type: FeelType, right: str, right_type: FeelType
    ) -> str | None:
        """Return a comparison in plain Python when both types are known to allow it."""
        kind = plain(left_type)
        if kind is not plain(right_type):
            return None
        if operator in ("=", "!=") and kind in NATIVE_EQUAL:
            return f"({left} {_PYTHON[operator]} {right})"
        if kind not in NATIVE_ORDER:
            return None
        guards: list[str] = []
        sides = [left, right]
        for at, side in enumerate(sides):
            if self.is_constant(side):
                continue
            if not side.isidentifier():
                # What is worked out is named, so that it is worked out once.
                sides[at] = self.fresh("w")
                side = f"({sides[at]} := {side})"  # noqa: PLW2901
            guards.append(f"{side} is not None and ")
        return f"({''.join(guards)}{sides[0]} {_PYTHON[operator]} {sides[1]})"

    def is_constant(self, code: str) -> bool:
        """Say whether the Python is a constant that is not None."""
        return self.globals.get(code) is not None or code[:1] in "'\""


def _whole_days(node: s.Arithmetic) -> int | None:
    """Return the days that are added to what is known to be a date, or None when it is not that."""
    constant = constant_of(node.right)
    if node.operator not in ("+", "-") or plain(node.left.type) is not DATE or constant is None:
        return None
    if type(constant.value) is not DayDuration:
        return None
    return (constant.value.nanos if node.operator == "+" else -constant.value.nanos) // DAY


def kinds_of(node: s.Call) -> list[FeelType]:
    """Return the types of a call's arguments."""
    return [plain(argument.type) for argument in node.arguments]


def constant_of(node: s.Node) -> s.Literal | None:
    """Return the literal a node amounts to, or None."""
    if isinstance(node, s.Literal):
        return node
    if isinstance(node, s.Negation) and isinstance(node.operand, s.Literal):
        value = operators.negate(node.operand.value)
        return s.Literal(value, start=node.start, end=node.end, type=node.type)
    if (
        isinstance(node, s.Call)
        and isinstance(node.function, s.Name)
        and node.function.type is ANY
        and node.function.name in ("date", "time", "date and time", "duration")
        and node.names is None
    ):
        parts = [constant_of(argument) for argument in node.arguments]
        if all(part is not None for part in parts):
            values = [part.value for part in parts if part is not None]
            value = BUILTINS[node.function.name].by_position(*values)
            return s.Literal(value, start=node.start, end=node.end, type=node.type)
    return None
