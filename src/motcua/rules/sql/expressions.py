"""FEEL expressions as SQL: `value` keeps all three truth values, `truth` is for conditions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import TypeVar

from motcua.rules import syntax as s
from motcua.rules import temporal as t
from motcua.rules.codegen import constant_of
from motcua.rules.kinds import (
    ANY,
    BOOLEAN,
    DATE,
    DATE_TIME,
    DAY_DURATION,
    MONTH_DURATION,
    NULL,
    NUMBER,
    STRING,
    FeelType,
    plain,
    type_of,
)
from motcua.rules.sql.dialects import Dialect
from motcua.rules.sql.numbers import (
    WIDEST,
    Arithmetic,
    TooManyDigits,
    choice,
    digits_in,
    digits_of,
    reciprocal,
)
from motcua.rules.sql.subset import SCALARS, Digits, NotInSubset, Sql
from motcua.rules.sql.ways import MOST_EQUALS, either
from motcua.rules.temporal import Date, DateTime, DayDuration, MonthDuration
from motcua.rules.values import Value, as_literal

Names = Mapping[str, Sql]
_ORDERED = (NUMBER, STRING, DATE, DATE_TIME, DAY_DURATION, MONTH_DURATION)
_FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}
_LONGEST_NUMBER = 34
ROUNDINGS = {
    "decimal": "even",
    "round up": "up",
    "round down": "down",
    "round half up": "half up",
    "round half down": "half down",
    "floor": "floor",
    "ceiling": "ceiling",
}
NUMERIC = {"abs", "modulo", *ROUNDINGS}
Made = TypeVar("Made")


class Expressions:
    """Writes the expressions of one element; `names` are its columns, by FEEL name.

    `counted` collects the input columns that arithmetic is done with.
    """

    def __init__(
        self,
        dialect: Dialect,
        names: Names,
        element: str,
        source: str = "",
        counted: set[str] | None = None,
    ) -> None:
        self.dialect = dialect
        self.names = names
        self.element = element
        self.source = source
        self.counted = set() if counted is None else counted

    def refused(self, construct: str, node: s.Node | None = None) -> NotInSubset:
        """Return the refusal of a construct, with its text when it is known."""
        text = self.source[max(node.start, 0) : node.end] if node is not None and self.source else ""
        return NotInSubset(construct, element=self.element, text=text)

    def literal(self, value: Value) -> Sql:
        """Return a constant."""
        if value is None:
            return Sql("NULL", NULL, constant=True)
        text = self.constant_text(value)
        if text is None:
            raise self.refused(f"the constant {as_literal(value)[:60]} of type {type_of(value)}")
        digits = digits_in(value) if type(value) is Decimal else None
        whole = digits is not None and digits.scale == 0
        return Sql(text, type_of(value), constant=True, digits=digits, integer=whole)

    def constant_text(self, value: Value) -> str | None:
        """Return the SQL of a constant, or None when SQL cannot hold it."""
        match value:
            case bool():
                return "TRUE" if value else "FALSE"
            case str():
                return None if "\0" in value else self.dialect.text(value)
            case Decimal():
                digits = digits_in(value)
                return None if digits.whole + digits.scale > _LONGEST_NUMBER else self.dialect.number(value)
            case Date():
                return f"CAST('{t.write_date(value)}' AS DATE)" if 1 <= value.year <= 9999 else None
            case DateTime():
                return _moment(self.dialect, value)
            case DayDuration():
                return None if value.nanos % t.DAY else _whole_number(value.nanos // t.DAY)
            case MonthDuration():
                return _whole_number(value.months)
        return None

    def value(self, node: s.Node) -> Sql:
        """Return the SQL of a node with null where FEEL has null."""
        constant = constant_of(node)
        if constant is not None:
            return self.literal(constant.value)
        method = getattr(self, f"_{type(node).__name__.lower()}", None)
        if method is None:
            raise self.refused(f"a {type(node).__name__.removesuffix('Node').lower()}", node)
        made: Sql = method(node)
        return made

    def truth(self, node: s.Node) -> str:
        """Return SQL that is true exactly when the node is; false and null may be swapped."""
        if isinstance(node, s.Logic):
            joint = f" {node.operator.upper()} "
            return f"({joint.join(self.truth(operand) for operand in node.operands)})"
        if isinstance(node, s.Comparison):
            ratio = self._ratio(node)
            if ratio is not None:
                return ratio
            left, right = self.value(node.left), self.value(node.right)
            return self.compared(node.operator, left, right, node, exact=False)
        made = self.value(node)
        if made.kind is not BOOLEAN:
            raise self.refused("a condition that is not a boolean", node)
        return made.text

    # -- nodes

    def _name(self, node: s.Name) -> Sql:
        known = self.names.get(node.name)
        if known is None:
            raise self.refused(f'the name "{node.name}"', node)
        return known

    def _path(self, node: s.Path) -> Sql:
        if isinstance(node.operand, s.Name):
            known = self.names.get(f"{node.operand.name}.{node.member}")
            if known is not None:
                return known
        operand = self.value(node.operand)
        if operand.kind is DATE and node.member in ("year", "month", "day"):
            return Sql(
                self.dialect.part(node.member, operand.text), NUMBER, digits=Digits(5, 0), integer=True
            )
        if operand.kind is DATE and node.member == "weekday":
            return Sql(self.dialect.weekday(operand.text), NUMBER, digits=Digits(1, 0), integer=True)
        if operand.kind is DAY_DURATION and node.member == "days":
            return Sql(operand.text, NUMBER, digits=Digits(10, 0), integer=True)
        if operand.kind is MONTH_DURATION and node.member in ("years", "months"):
            # Both parts are cut toward zero, as the standard has them.
            call = "%" if node.member == "months" else "/"
            cut = f"({operand.text} {call} 12)" if call == "%" else self._whole(operand.text)
            return Sql(cut, NUMBER, digits=Digits(10, 0), integer=True)
        raise self.refused(f"the member {node.member}", node)

    def _whole(self, months: str) -> str:
        return (
            f"(({months} - {months} % 12) / 12)"
            if self.dialect.name == "postgres"
            else (f"CAST(({months} - {months} % 12) / 12 AS INT)")
        )

    def _negation(self, node: s.Negation) -> Sql:
        operand = self.value(node.operand)
        if operand.kind not in (NUMBER, DAY_DURATION, MONTH_DURATION):
            raise self.refused(f"minus a {operand.kind}", node)
        if operand.kind is NUMBER:
            return self._numbers(node, lambda make: make.negated(operand))
        return Sql(f"(-{operand.text})", operand.kind)

    def _arithmetic(self, node: s.Arithmetic) -> Sql:
        left, right = self.value(node.left), self.value(node.right)
        kinds = (left.kind, right.kind)
        operator = node.operator
        if kinds == (NUMBER, NUMBER) and operator in ("+", "-", "*"):
            return self._numbers(node, lambda make: make.combined(operator, left, right))
        if kinds == (NUMBER, NUMBER) and operator == "/":
            return self._quotient(node, left)
        if operator in ("+", "-") and kinds[0] == kinds[1] and kinds[0] in (DAY_DURATION, MONTH_DURATION):
            return Sql(f"({left.text} {operator} {right.text})", kinds[0])
        if operator == "+" and kinds == (STRING, STRING):
            return Sql(f"({left.text} || {right.text})", STRING)
        if operator == "-" and kinds == (DATE, DATE):
            return Sql(self.dialect.days_apart(left.text, right.text), DAY_DURATION)
        if operator == "+" and kinds[1] is DATE:
            left, right = right, left
        if operator in ("+", "-") and left.kind is DATE:
            amount = right.text if operator == "+" else f"(-{right.text})"
            if right.kind is DAY_DURATION:
                return Sql(self.dialect.plus_days(left.text, amount), DATE)
            if right.kind is MONTH_DURATION:
                return Sql(self.dialect.plus_months(left.text, amount), DATE)
        raise self.refused(f"{left.kind} {operator} {right.kind}", node)

    def _quotient(self, node: s.Arithmetic, left: Sql) -> Sql:
        by = constant_of(node.right)
        if by is not None and type(by.value) is Decimal:
            divisor = by.value
            made = self._numbers(node, lambda make: make.divided(left, divisor))
            if made is not None:
                return made
        raise self.refused("a quotient without a last digit", node)

    def _comparison(self, node: s.Comparison) -> Sql:
        ratio = self._ratio(node)
        if ratio is not None:
            return Sql(ratio, BOOLEAN)
        left, right = self.value(node.left), self.value(node.right)
        return Sql(self.compared(node.operator, left, right, node, exact=True), BOOLEAN)

    def compared(self, operator: str, left: Sql, right: Sql, node: s.Node | None, *, exact: bool) -> str:
        """Return a comparison; `exact` keeps null apart from false."""
        if operator in ("=", "!="):
            return self._equality(operator, left, right, node, exact=exact)
        if left.kind is NULL or right.kind is NULL:
            return "NULL"
        if left.kind is not right.kind or left.kind not in _ORDERED:
            raise self.refused(f"{left.kind} {operator} {right.kind}", node)
        self.check_widths(left, right, node)
        one, other = self.comparable(left), self.comparable(right)
        return f"({one} {operator} {other})"

    def comparable(self, side: Sql) -> str:
        """Return a side as it is compared by order."""
        if side.kind is STRING:
            return self.dialect.by_code_point(side.text)
        if side.kind is DATE_TIME and not side.constant:
            return self.dialect.seconds(side.text)
        return side.text

    def _equality(self, operator: str, left: Sql, right: Sql, node: s.Node | None, *, exact: bool) -> str:
        if NULL in (left.kind, right.kind):
            other = right if left.kind is NULL else left
            return f"({other.text} IS {'' if operator == '=' else 'NOT '}NULL)"
        if left.kind is not right.kind or left.kind not in SCALARS:
            raise self.refused(f"{left.kind} {operator} {right.kind}", node)
        self.check_widths(left, right, node)
        one, other_text = self._plain_side(left), self._plain_side(right)
        if operator == "=" and not exact and (left.constant or right.constant):
            return f"({one} = {other_text})"
        same = self.dialect.same(one, other_text)
        return same if operator == "=" else f"(NOT {same})"

    def check_widths(self, left: Sql, right: Sql, node: s.Node | None) -> None:
        """Refuse numbers that no decimal of the database holds side by side, as it would cut or overflow them."""
        if left.kind is NUMBER and self.dialect.name != "postgres":
            one, other = digits_of(left), digits_of(right)
            both = Digits(max(one.whole, other.whole), max(one.scale, other.scale))
            if both.whole + both.scale > WIDEST:
                raise self._too_wide(TooManyDigits(both), node)

    def _plain_side(self, side: Sql) -> str:
        if side.kind is DATE_TIME and not side.constant:
            return self.dialect.seconds(side.text)
        return side.text

    def _ratio(self, node: s.Comparison) -> str | None:
        """Return a comparison of a quotient with a constant, crosswise, without dividing."""
        left, right, operator = node.left, node.right, node.operator
        if not _is_division(left) and _is_division(right):
            left, right, operator = right, left, _FLIPPED[operator]  # type: ignore[assignment]  # an operator
        if not isinstance(left, s.Arithmetic) or left.operator != "/" or constant_of(left) is not None:
            return None
        divisor = constant_of(left.right)
        if divisor is not None and type(divisor.value) is Decimal and reciprocal(divisor.value) is not None:
            return None
        if operator in ("=", "!="):
            raise self.refused("a quotient that must be equal", node)
        above, below, bound = self.value(left.left), self.value(left.right), self.value(right)
        if {above.kind, below.kind, bound.kind} != {NUMBER} or not bound.constant:
            raise self.refused("a quotient of other than numbers beside a constant", node)
        product = self._numbers(node, lambda make: make.combined("*", bound, below))
        self.check_widths(above, product, node)
        crossed = product.text
        return (
            f"(CASE WHEN {below.text} > 0 THEN {above.text} {operator} {crossed} "
            f"WHEN {below.text} < 0 THEN {above.text} {_FLIPPED[operator]} {crossed} END)"
        )

    def _logic(self, node: s.Logic) -> Sql:
        parts = [self.value(operand) for operand in node.operands]
        if any(part.kind not in (BOOLEAN, NULL) for part in parts):
            raise self.refused(f"{node.operator} over other than booleans", node)
        joint = f" {node.operator.upper()} "
        return Sql(f"({joint.join(part.text for part in parts)})", BOOLEAN)

    def _between(self, node: s.Between) -> Sql:
        operand, low, high = (self.value(one) for one in (node.operand, node.low, node.high))
        above = self.compared(">=", operand, low, node, exact=True)
        below = self.compared("<=", operand, high, node, exact=True)
        return Sql(f"({above} AND {below})", BOOLEAN)

    def _in(self, node: s.In) -> Sql:
        operand = self.value(node.operand)
        tests: list[s.Node] = []
        for test in node.tests:
            tests.extend(test.items if isinstance(test, s.ListNode) else [test])
        parts = [self.test(operand, test, exact=True) for test in tests]
        if not parts:
            return Sql("FALSE", BOOLEAN)
        return Sql(f"({' OR '.join(parts)})", BOOLEAN)

    def test(self, operand: Sql, test: s.Node, *, exact: bool) -> str:
        """Return one unary test over an operand."""
        if isinstance(test, s.UnaryComparison):
            return self.compared(test.operator, operand, self.value(test.operand), test, exact=exact)
        if isinstance(test, s.RangeNode):
            low, high = self.value(test.low), self.value(test.high)
            above = self.compared(">=" if test.low_included else ">", operand, low, test, exact=exact)
            below = self.compared("<=" if test.high_included else "<", operand, high, test, exact=exact)
            return f"({above} AND {below})"
        return self.compared("=", operand, self.value(test), test, exact=exact)

    def _if(self, node: s.If) -> Sql:
        if plain(node.condition.type) not in (BOOLEAN, NULL):
            raise self.refused("a condition that may not be a boolean", node)
        yes, no = self.value(node.yes), self.value(node.no)
        kind = self.common(yes.kind, no.kind, node)
        condition = self.truth(node.condition)
        text = f"(CASE WHEN {condition} THEN {yes.text} ELSE {no.text} END)"
        return Sql(text, kind) if kind is not NUMBER else self.chosen(text, [yes, no], node)

    def common(self, one: FeelType, other: FeelType, node: s.Node | None) -> FeelType:
        """Return the type of two alternatives."""
        if NULL in (one, other):
            return other if one is NULL else one
        if one is not other or one is ANY:
            raise self.refused(f"a choice between {one} and {other}", node)
        return one

    # -- calls

    def _call(self, node: s.Call) -> Sql:
        name = node.function.name if isinstance(node.function, s.Name) else ""
        if node.names is not None or name in self.names:
            raise self.refused("a call with named arguments", node)
        arguments = [self.value(argument) for argument in node.arguments]
        kinds = [one.kind for one in arguments]
        texts = [one.text for one in arguments]
        if name == "not" and kinds == [BOOLEAN]:
            return Sql(f"(NOT {texts[0]})", BOOLEAN)
        if name in ("contains", "starts with", "ends with") and kinds == [STRING, STRING]:
            call = getattr(self.dialect, name.replace(" ", "_"))
            return Sql(call(*texts), BOOLEAN)
        if name == "string length" and kinds == [STRING]:
            return Sql(f"LENGTH({texts[0]})", NUMBER, digits=Digits(10, 0), integer=True)
        if name in NUMERIC and kinds and all(kind is NUMBER for kind in kinds):
            return self._numeric(name, node, arguments)
        if name == "is" and len(kinds) == 2 and kinds[0] is kinds[1]:
            return Sql(self.dialect.same(*texts), BOOLEAN)
        if name == "years and months duration" and kinds == [DATE, DATE]:
            return Sql(self._months_between(*texts), MONTH_DURATION)
        raise self.refused(f'the function "{name}"' if name else "a function value", node)

    def _numeric(self, name: str, node: s.Call, arguments: Sequence[Sql]) -> Sql:
        first = arguments[0]
        if name == "abs" and len(arguments) == 1:
            return self._numbers(node, lambda make: make.absolute(first))
        if name == "modulo" and len(arguments) == 2:
            return self._numbers(node, lambda make: make.modulo(first, arguments[1]))
        if name in ("floor", "ceiling") and len(arguments) == 1:
            call = "FLOOR" if name == "floor" else "CEIL"
            return self._numbers(node, lambda make: make.whole(call, first))
        scale = constant_of(node.arguments[1]) if name in ROUNDINGS and len(arguments) == 2 else None
        places = scale.value if scale is not None else None
        if type(places) is not Decimal or places != places.to_integral_value() or not 0 <= places <= 12:
            raise self.refused(
                f'the function "{name}" without a constant from 0 to 12 for its decimals', node
            )
        return self._numbers(node, lambda make: make.rounded(first, int(places), ROUNDINGS[name]))

    def chosen(self, text: str, sides: Sequence[Sql], node: s.Node | None = None) -> Sql:
        """Return a choice between numbers that stands in `text`."""
        try:
            return choice(text, sides)
        except TooManyDigits as wide:
            raise self._too_wide(wide, node) from None

    def summed(self, conditions: Sequence[str], values: Sequence[Decimal]) -> Sql:
        """Return the sum of the constants whose condition holds."""
        return self._numbers(None, lambda make: make.summed(conditions, values))

    def _numbers(self, node: s.Node | None, make: Callable[[Arithmetic], Made]) -> Made:
        """Return arithmetic; a result that could have too many digits is refused with its place."""
        try:
            made = make(Arithmetic(self.dialect))
        except TooManyDigits as wide:
            raise self._too_wide(wide, node) from None
        self.counted |= made.leaves if isinstance(made, Sql) else frozenset()
        return made

    def _too_wide(self, wide: TooManyDigits, node: s.Node | None) -> NotInSubset:
        return self.refused(
            f"a number of up to {wide.digits} (say by `numbers` how many its columns have)", node
        )

    def _months_between(self, start: str, end: str) -> str:
        part = self.dialect.part
        months = (
            f"(({part('year', end)} - {part('year', start)}) * 12"
            f" + {part('month', end)} - {part('month', start)})"
        )
        late = f"{part('day', end)} < {part('day', start)}"
        early = f"{part('day', end)} > {part('day', start)}"
        return (
            f"(CASE WHEN {months} > 0 AND {late} THEN {months} - 1 "
            f"WHEN {months} < 0 AND {early} THEN {months} + 1 ELSE {months} END)"
        )

    # -- cells

    def equals(self, operand: Sql, texts: Sequence[str]) -> list[str]:
        """Return tests of which one is true when the operand is one of some constants."""
        if len(texts) <= MOST_EQUALS:
            return [f"{operand.text} = {text}" for text in texts]
        return [f"{operand.text} IN ({', '.join(texts)})"]

    def cell(self, operand: Sql, tests: s.UnaryTests) -> str:
        """Return SQL that is true exactly when a cell accepts the operand."""
        if tests.anything:
            return "TRUE"
        scoped = Expressions(
            self.dialect, {**self.names, "?": operand}, self.element, self.source, self.counted
        )
        constants = [constant_of(test) for test in tests.tests]
        found = [one for one in constants if one is not None and one.value is not None]
        if len(found) == len(tests.tests) > 1 and all(plain(one.type) is operand.kind for one in found):
            code = f"({either(self.equals(operand, [self.literal(one.value).text for one in found]))})"
        elif tests.negated:
            return f"({' AND '.join(scoped.cell_denial(operand, test) for test in tests.tests)})"
        else:
            code = f"({' OR '.join(scoped.cell_test(operand, test) for test in tests.tests)})"
        return f"({code} IS NOT TRUE)" if tests.negated else code

    def cell_denial(self, operand: Sql, test: s.Node) -> str:
        """Return SQL that is true when the test is false; of null only equality is known."""
        if constant_of(test) is None and not isinstance(test, (s.UnaryComparison, s.RangeNode)):
            if plain(test.type) is BOOLEAN and operand.kind is not BOOLEAN:
                return f"(NOT ({self.value(test).text}))"
            if isinstance(test, s.ListNode):
                return f"({' AND '.join(self.cell_denial(operand, one) for one in test.items)})"
        return f"(NOT ({self.test(operand, test, exact=True)}))"

    def cell_test(self, operand: Sql, test: s.Node) -> str:
        """Return one test of a cell; an expression over `?` is a condition by itself."""
        if isinstance(test, (s.UnaryComparison, s.RangeNode)) or constant_of(test) is not None:
            return self.test(operand, test, exact=False)
        if plain(test.type) is BOOLEAN and operand.kind is not BOOLEAN:
            return self.truth(test)
        if isinstance(test, s.ListNode):
            return f"({' OR '.join(self.test(operand, one, exact=False) for one in test.items)})"
        return self.test(operand, test, exact=False)


def _moment(dialect: Dialect, value: DateTime) -> str | None:
    if t.offset_of(value) is not None or not 1 <= value.date.year <= 9999:
        return None
    clock = t.write_time(value.time._replace(nanos=value.time.nanos // t.SECOND * t.SECOND))
    return dialect.moment(f"{t.write_date(value.date)} {clock}")


def _whole_number(value: int) -> str:
    # Two minus signs in a row would begin a comment.
    return str(value) if value >= 0 else f"({value})"


def _is_division(node: s.Node) -> bool:
    return isinstance(node, s.Arithmetic) and node.operator == "/"
