"""DMN 1.5, 10.3.2.9.3 and table 51: `instance of` with every type."""

import pytest

from .feel import cases, same, value_of

A_VALUE_IS_AN_INSTANCE_OF_ITS_OWN_TYPE = r"""
1 instance of number => true
"a" instance of string => true
true instance of boolean => true
@"2020-01-01" instance of date => true
@"10:00:00" instance of time => true
@"2020-01-01T00:00:00" instance of date and time => true
@"P1D" instance of days and time duration => true
@"P1Y" instance of years and months duration => true
[] instance of list => true
{} instance of context => true
[1..2] instance of range => true
(function(x) x) instance of function => true
abs instance of function => true
1 instance of Any => true
[] instance of Any => true
"""


@pytest.mark.parametrize(("text", "wanted"), cases(A_VALUE_IS_AN_INSTANCE_OF_ITS_OWN_TYPE))
def test_a_value_is_an_instance_of_its_own_type(text, wanted):
    assert same(value_of(text), value_of(wanted))


AND_OF_NO_OTHER = r"""
1 instance of string => false
"1" instance of number => false
@"2020-01-01" instance of date and time => false
@"2020-01-01T00:00:00" instance of date => false
@"P1D" instance of years and months duration => false
@"P1Y" instance of days and time duration => false
[1] instance of number => false
1 instance of list => false
{} instance of list => false
[1..2] instance of list => false
"""


@pytest.mark.parametrize(("text", "wanted"), cases(AND_OF_NO_OTHER))
def test_and_of_no_other(text, wanted):
    assert same(value_of(text), value_of(wanted))


NULL_IS_AN_INSTANCE_OF_NULL_ONLY = r"""
null instance of Null => true
null instance of Any => false
null instance of number => false
null instance of list => false
1 instance of Null => false
"""


@pytest.mark.parametrize(("text", "wanted"), cases(NULL_IS_AN_INSTANCE_OF_NULL_ONLY))
def test_null_is_an_instance_of_null_only(text, wanted):
    assert same(value_of(text), value_of(wanted))


TYPES_WITH_PARAMETERS_LOOK_INSIDE = r"""
[1, 2] instance of list<number> => true
[1, "a"] instance of list<number> => false
[] instance of list<number> => true
[1] instance of list<Any> => true
[[1]] instance of list<list<number>> => true
{a: 1} instance of context<a: number> => true
{a: 1, b: 2} instance of context<a: number> => true
{b: 2} instance of context<a: number> => false
{a: "1"} instance of context<a: number> => false
{a: {b: 1}} instance of context<a: context<b: number>> => true
[1..2] instance of range<number> => true
[1..2] instance of range<string> => false
(< 5) instance of range<number> => true
[@"2020-01-01"..@"2020-01-02"] instance of range<date> => true
(function(x: number) x + 1) instance of function<number> -> number => true
(function(x: number) "a") instance of function<number> -> string => true
(function(x: number) "a") instance of function<number> -> number => false
(function(x: number, y: string) 1) instance of function<number, string> -> number => true
(function(x: number) 1) instance of function<number, number> -> number => false
(function() 1) instance of function<> -> number => true
"""


@pytest.mark.parametrize(("text", "wanted"), cases(TYPES_WITH_PARAMETERS_LOOK_INSIDE))
def test_types_with_parameters_look_inside(text, wanted):
    assert same(value_of(text), value_of(wanted))


A_TYPE_THAT_NOTHING_DEFINES_MAKES_THE_EXPRESSION_NULL = r"""
1 instance of nothing => null
1 instance of list<nothing> => null
"""


@pytest.mark.parametrize(("text", "wanted"), cases(A_TYPE_THAT_NOTHING_DEFINES_MAKES_THE_EXPRESSION_NULL))
def test_a_type_that_nothing_defines_makes_the_expression_null(text, wanted):
    assert same(value_of(text), value_of(wanted))
