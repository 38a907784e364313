"""DMN 1.5, 10.3.2.13 and 10.3.2.9.5: definitions, invocations, closures."""

import pytest

from .feel import cases, same, value_of

ARGUMENTS_COME_BY_POSITION_OR_BY_NAME = r"""
(function(a, b) a - b)(3, 1) => 2
(function(a, b) a - b)(b: 1, a: 3) => 2
(function(first name, b) first name - b)(first name: 3, b: 1) => 2
(function() 1)() => 1
"""


@pytest.mark.parametrize(("text", "wanted"), cases(ARGUMENTS_COME_BY_POSITION_OR_BY_NAME))
def test_arguments_come_by_position_or_by_name(text, wanted):
    assert same(value_of(text), value_of(wanted))


A_FUNCTION_IN_A_CONTEXT_MAY_CALL_ITSELF = r"""
{f: function(n) if n = 0 then 1 else n * f(n - 1), r: f(20)}.r => 2432902008176640000
{my f: function(n: number) if n = 0 then 0 else 1 + my f(n - 1), r: my f(100)}.r => 100
{f: 5, g: {f: function(n) if n = 0 then 0 else 1 + f(n - 1), r: f(3)}, r: g.r + f}.r => 8
{f: function(l) if count(l) = 0 then [] else concatenate(f(remove(l, 1)), [l[1]]), r: f([1, 2])}.r => [2, 1]
{count: function(l) count(l) + 1, r: count([1, 2])}.r => 3
{f: function(n) later(n), later: function(n) n, r: f(1)}.r => null
"""


@pytest.mark.parametrize(("text", "wanted"), cases(A_FUNCTION_IN_A_CONTEXT_MAY_CALL_ITSELF))
def test_a_function_in_a_context_may_call_itself(text, wanted):
    assert same(value_of(text), value_of(wanted))


TOO_FEW_TOO_MANY_OR_UNKNOWN_ARGUMENTS_GIVE_NULL = r"""
(function(a, b) 1)(3) => null
(function(a, b) 1)(3, 1, 2) => null
(function(a, b) 1)(a: 3) => null
(function(a, b) 1)(a: 3, c: 1) => null
(function(a) 1)() => null
abs(1, 2) => null
abs(m: 1) => null
abs() => null
1(2) => null
nothing(1) => null
"text"(1) => null
"""


@pytest.mark.parametrize(("text", "wanted"), cases(TOO_FEW_TOO_MANY_OR_UNKNOWN_ARGUMENTS_GIVE_NULL))
def test_too_few_too_many_or_unknown_arguments_give_null(text, wanted):
    assert same(value_of(text), value_of(wanted))


ARGUMENTS_CONVERT_TO_THE_DECLARED_TYPES_OR_THE_RESULT_IS_NULL = r"""
(function(a: number) a)(1) => 1
(function(a: number) a)([1]) => 1
(function(a: list<number>) count(a))(1) => 1
(function(a: number) 5)("1") => null
(function(a: string) 5)(null) => 5
(function(a: number) a)([1, 2]) => null
(function(a: date and time) a)(@"2020-01-01") => @"2020-01-01T00:00:00Z"
(function(a: context<b: number>) a.b)({b: 1, c: 2}) => 1
"""


@pytest.mark.parametrize(
    ("text", "wanted"), cases(ARGUMENTS_CONVERT_TO_THE_DECLARED_TYPES_OR_THE_RESULT_IS_NULL)
)
def test_arguments_convert_to_the_declared_types_or_the_result_is_null(text, wanted):
    assert same(value_of(text), value_of(wanted))


FUNCTIONS_ARE_VALUES = r"""
[function(x) x + 1][1](1) => 2
{f: function(x) x + 1}.f(1) => 2
(function(f, x) f(f(x)))(function(x) x * 2, 3) => 12
(function(f) f([1, 2]))(count) => 2
for f in [count, sum] return f([1, 2, 3]) => [3, 6]
(function(x) function(y) x + y)(1)(2) => 3
{x: 1, f: function(y) x + y, x2: f(10)}.x2 => 11
"""


@pytest.mark.parametrize(("text", "wanted"), cases(FUNCTIONS_ARE_VALUES))
def test_functions_are_values(text, wanted):
    assert same(value_of(text), value_of(wanted))


EXTERNAL_FUNCTIONS_ARE_NOT_CALLED = r"""
(function(x) external {java: {class: "a", method signature: "b"}})(1) => null
"""


@pytest.mark.parametrize(("text", "wanted"), cases(EXTERNAL_FUNCTIONS_ARE_NOT_CALLED))
def test_external_functions_are_not_called(text, wanted):
    assert same(value_of(text), value_of(wanted))
