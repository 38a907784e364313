"""Which conditions of a form a device can judge by itself: FEEL as a small tree, or nothing.

What cannot be put so is asked in any case, and the server has the last word.
"""

from collections.abc import Mapping
from decimal import Decimal

from motcua import rules
from motcua.procedures.content import Form, FormField, feel_name
from motcua.rules import syntax
from motcua.rules.parser import parse_expression

# What JSON holds: {"op": "=", "field": ..., "value": ...}, {"op": "and", "of": [...]} and the like.
Tree = dict[str, object]


class NotForDevices(ValueError):
    """The condition uses more of FEEL than a device reads."""


def tree_of(field: FormField, form: Form) -> Tree | None:
    """Return the field's condition as a tree; null where there is none, or none that a device can judge."""
    if field.show_if is None:
        return None
    names = {feel_name(each.name): each.name for each in form.fields}
    try:
        return _tree(parse_expression(field.show_if, names), names)
    except (NotForDevices, rules.FeelRefused):
        return None


def _tree(node: syntax.Node, names: Mapping[str, str]) -> Tree:
    match node:
        case syntax.Logic():
            return {"op": node.operator, "of": [_tree(each, names) for each in node.operands]}
        case syntax.Comparison():
            return _comparison(node.operator, node.left, node.right, names)
        case syntax.In():
            return {"op": "or", "of": [_test(node.operand, each, names) for each in node.tests]}
        case syntax.Name() if node.name in names:
            return {"op": "=", "field": names[node.name], "value": True}
        case syntax.Call(function=syntax.Name(name="not"), arguments=[inner], names=None):
            return {"op": "not", "of": [_tree(inner, names)]}
        case _:
            raise NotForDevices(type(node).__name__)


def _test(operand: syntax.Node, test: syntax.Node, names: Mapping[str, str]) -> Tree:
    match test:
        case syntax.UnaryComparison():
            return _comparison(test.operator, operand, test.operand, names)
        case syntax.Literal():
            return _comparison("=", operand, test, names)
        case _:
            raise NotForDevices(type(test).__name__)


_TURNED = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


def _comparison(operator: str, left: syntax.Node, right: syntax.Node, names: Mapping[str, str]) -> Tree:
    if isinstance(left, syntax.Literal):
        left, right, operator = right, left, _TURNED[operator]
    if not isinstance(left, syntax.Name) or left.name not in names or not isinstance(right, syntax.Literal):
        raise NotForDevices(operator)
    return {"op": operator, "field": names[left.name], "value": _plain(right.value)}


def _plain(value: object) -> object:
    match value:
        case None | bool() | str() | int() | float():
            return value
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case _:
            raise NotForDevices(type(value).__name__)
