"""DMN 1.5, 10.3.2.7, table 50: conjunction, disjunction and negation in three values."""

import pytest

from .feel import cases, same, value_of

CONJUNCTION_IS_FALSE_IF_EITHER_IS_FALSE_AND_TRUE_IF_BOTH_ARE_TRUE = r"""
true and true => true
true and false => false
true and null => null
false and true => false
false and false => false
false and null => false
null and true => null
null and false => false
null and null => null
true and "a" => null
false and "a" => false
"a" and false => false
1 and true => null
true and [true] => null
true and true and null and false => false
"""


@pytest.mark.parametrize(
    ("text", "wanted"), cases(CONJUNCTION_IS_FALSE_IF_EITHER_IS_FALSE_AND_TRUE_IF_BOTH_ARE_TRUE)
)
def test_conjunction_is_false_if_either_is_false_and_true_if_both_are_true(text, wanted):
    assert same(value_of(text), value_of(wanted))


DISJUNCTION_IS_TRUE_IF_EITHER_IS_TRUE_AND_FALSE_IF_BOTH_ARE_FALSE = r"""
true or true => true
true or false => true
true or null => true
false or true => true
false or false => false
false or null => null
null or true => true
null or false => null
null or null => null
true or "a" => true
false or "a" => null
"a" or true => true
0 or false => null
false or null or true => true
"""


@pytest.mark.parametrize(
    ("text", "wanted"), cases(DISJUNCTION_IS_TRUE_IF_EITHER_IS_TRUE_AND_FALSE_IF_BOTH_ARE_FALSE)
)
def test_disjunction_is_true_if_either_is_true_and_false_if_both_are_false(text, wanted):
    assert same(value_of(text), value_of(wanted))


NEGATION_OF_WHAT_IS_NOT_BOOLEAN_IS_NULL = r"""
not(true) => false
not(false) => true
not(null) => null
not("a") => null
not(1) => null
not([true]) => false
not([true, false]) => null
not(negand: true) => false
not(nothing: true) => null
not() => null
not(true, false) => null
"""


@pytest.mark.parametrize(("text", "wanted"), cases(NEGATION_OF_WHAT_IS_NOT_BOOLEAN_IS_NULL))
def test_negation_of_what_is_not_boolean_is_null(text, wanted):
    assert same(value_of(text), value_of(wanted))


AND_BINDS_TIGHTER_THAN_OR = r"""
true or false and false => true
(true or false) and false => false
false and true or true => true
not(true) or true => true
true and 1 < 2 => true
1 = 1 and 2 = 2 => true
"""


@pytest.mark.parametrize(("text", "wanted"), cases(AND_BINDS_TIGHTER_THAN_OR))
def test_and_binds_tighter_than_or(text, wanted):
    assert same(value_of(text), value_of(wanted))
