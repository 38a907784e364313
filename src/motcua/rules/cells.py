"""Writes the unary tests of a cell as Python truth over the cell's input."""

from __future__ import annotations

from typing import Literal as OneOf

from motcua.rules import syntax as s
from motcua.rules.codegen import NATIVE_EQUAL, NATIVE_ORDER, Env, Frame, Writer, constant_of
from motcua.rules.kinds import ANY, BOOLEAN, FeelType, RangeType, plain
from motcua.rules.parser import Parser
from motcua.rules.scope import Scope
from motcua.rules.values import Value

_OPPOSITE: dict[str, OneOf["=", "!=", "<", "<=", ">", ">="]] = {
    "=": "!=",
    "!=": "=",
    "<": ">=",
    "<=": ">",
    ">": "<=",
    ">=": "<",
}


def tests_truth(writer: Writer, tests: s.UnaryTests, operand: str, kind: FeelType, env: Env) -> str:
    """Return Python that is True exactly when the cell accepts the input `operand`."""
    if tests.anything:
        return "True"
    inner = env.inside(Frame(names={"?": operand}))
    constants = [constant_of(test) for test in tests.tests]
    whole = plain(kind)
    if len(constants) > 1 and whole in NATIVE_EQUAL:
        found = [one for one in constants if one is not None and plain(one.type) is whole]
        if len(found) == len(constants):
            members = writer.constant(frozenset(one.value for one in found))
            code = f"({operand} in {members})"
            return f"(not {code})" if tests.negated else code
    if tests.negated:
        # `not(< 2)` of null is null and accepts nothing: each test must be false, not just not true.
        return f"({' and '.join(_test_denial(writer, test, operand, whole, inner) for test in tests.tests)})"
    parts = [_test_truth(writer, test, operand, whole, inner) for test in tests.tests]
    return parts[0] if len(parts) == 1 else f"({' or '.join(parts)})"


def _test_truth(writer: Writer, test: s.Node, operand: str, kind: FeelType, env: Env) -> str:
    if isinstance(test, s.UnaryComparison):
        value = writer.value(test.operand, env)
        native = writer.native(test.operator, operand, kind, value, test.operand.type)
        return native or f"({writer.value(_as_comparison(test), env)} is True)"
    if isinstance(test, s.RangeNode):
        return _range_truth(writer, test, operand, kind, env)
    constant = constant_of(test)
    if constant is not None:
        code = writer.constant(constant.value)
        if constant.value is None:
            return f"({operand} is None)"
        if plain(constant.type) is kind and kind in NATIVE_EQUAL:
            return f"({operand} == {code})"
        return f"constant_accepts({operand}, {code})"
    if plain(test.type) is BOOLEAN and reads_input(test):
        return writer.truth(test, env)
    # To a truth another truth is a value to be equal to; to anything else it is a condition of its own.
    accepts = "constant_accepts" if kind is BOOLEAN else "cell_accepts"
    return f"{accepts}({operand}, {writer.value(test, env)})"


def _test_denial(writer: Writer, test: s.Node, operand: str, kind: FeelType, env: Env) -> str:
    """Return Python that is True exactly when the test is false; of null only equality is known."""
    if isinstance(test, s.UnaryComparison):
        turned = s.UnaryComparison(_OPPOSITE[test.operator], test.operand)
        return _test_truth(writer, turned, operand, kind, env)
    constant = constant_of(test)
    if constant is not None and constant.value is None:
        return f"({operand} is not None)"
    if constant is not None and plain(constant.type) is kind and kind in NATIVE_EQUAL:
        return f"({operand} != {writer.constant(constant.value)})"
    if isinstance(test, s.RangeNode) and (native := _native_range(writer, test, operand, kind)) is not None:
        return f"({operand} is not None and not {native})"
    if plain(test.type) is BOOLEAN and reads_input(test):
        return f"({writer.value(test, env)} is False)"
    return f"cell_denies({operand}, {writer.value(test, env)})"


def _as_comparison(test: s.UnaryComparison) -> s.Node:
    return s.Comparison(test.operator, s.Name("?"), test.operand, type=BOOLEAN)


def _range_truth(writer: Writer, test: s.RangeNode, operand: str, kind: FeelType, env: Env) -> str:
    native = _native_range(writer, test, operand, kind)
    if native is not None:
        return f"({operand} is not None and {native})"
    return f"cell_accepts({operand}, {writer.value(test, env)})"


def _native_range(writer: Writer, test: s.RangeNode, operand: str, kind: FeelType) -> str | None:
    """Return the range as a comparison in Python, for an operand that is not null; None if it is not one."""
    low, high = constant_of(test.low), constant_of(test.high)
    inside = plain(test.type)
    if low is None or high is None or low.value is None or high.value is None:
        return None
    native = kind in NATIVE_ORDER and isinstance(inside, RangeType) and plain(inside.item) is kind
    if not native or not operand.isidentifier():
        return None
    left = "<=" if test.low_included else "<"
    right = "<=" if test.high_included else "<"
    return f"{writer.constant(low.value)} {left} {operand} {right} {writer.constant(high.value)}"


def reads_input(node: object) -> bool:
    """Say whether the node names `?` anywhere."""
    if isinstance(node, s.Name):
        return node.name == "?"
    if isinstance(node, (list, tuple)):
        return any(reads_input(part) for part in node)
    if isinstance(node, s.Node):
        return any(
            reads_input(getattr(node, name))
            for kind in type(node).__mro__
            for name in getattr(kind, "__slots__", ())
            if name not in ("start", "end", "type")
        )
    return False


def enumerated(text: str) -> list[Value]:
    """Return the constants among allowed values; empty when they are not a list of constants."""
    constants, _ = _constants(text)
    return constants


def only_listed(text: str) -> list[Value]:
    """Return the allowed values where they are constants and nothing else; empty when some are ranges or tests."""
    constants, whole = _constants(text)
    return constants if whole else []


def _constants(text: str) -> tuple[list[Value], bool]:
    tests = Parser(text, Scope({"?": ANY})).whole_tests()
    if tests.negated:
        return [], False
    found = [constant_of(test) for test in tests.tests]
    return [one.value for one in found if one is not None], None not in found
