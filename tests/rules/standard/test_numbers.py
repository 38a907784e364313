"""DMN 1.5, 10.3.1.2 rules 36 to 38 and 10.3.2.3.1: number literals, 34 digits, half to even."""

import pytest

from .feel import cases, same, value_of

A_NUMBER_LITERAL_HAS_DIGITS_AROUND_A_POINT_AND_MAY_HAVE_AN_EXPONENT = r"""
0 => 0
007 => 7
.5 => 0.5
-.5 => -0.5
1.50 => 1.50
1e3 => 1000
1E-3 => 0.001
1.5e+3 => 1500
1.e3 => null
1. => null
+1 => null
1,5 => null
0x10 => null
"""


@pytest.mark.parametrize(
    ("text", "wanted"), cases(A_NUMBER_LITERAL_HAS_DIGITS_AROUND_A_POINT_AND_MAY_HAVE_AN_EXPONENT)
)
def test_a_number_literal_has_digits_around_a_point_and_may_have_an_exponent(text, wanted):
    assert same(value_of(text), value_of(wanted))


NUMBERS_HAVE_34_DIGITS_ROUNDED_HALF_TO_EVEN = r"""
1/3 => 0.3333333333333333333333333333333333
2/3 => 0.6666666666666666666666666666666667
1234567890123456789012345678901234567890 => 1234567890123456789012345678901235000000
10000000000000000000000000000000005 => 10000000000000000000000000000000000
10000000000000000000000000000000015 => 10000000000000000000000000000000020
0.1 + 0.2 = 0.3 => true
1e34 + 1 = 1e34 => true
"""


@pytest.mark.parametrize(("text", "wanted"), cases(NUMBERS_HAVE_34_DIGITS_ROUNDED_HALF_TO_EVEN))
def test_numbers_have_34_digits_rounded_half_to_even(text, wanted):
    assert same(value_of(text), value_of(wanted))


WHAT_LEAVES_THE_RANGE_OF_DECIMAL128_IS_NULL_OR_NOTHING = r"""
1e6145 => null
10 ** 6145 => null
-(10 ** 6145) => null
1e-6176 / 10 => 0
1e6144 * 10 => null
1e6144 * 1 = 1e6144 => true
0 * 1e6144 => 0
1 / 0 => null
0 / 0 => null
-0 = 0 => true
string(-0) => "0"
"""


@pytest.mark.parametrize(("text", "wanted"), cases(WHAT_LEAVES_THE_RANGE_OF_DECIMAL128_IS_NULL_OR_NOTHING))
def test_what_leaves_the_range_of_decimal128_is_null_or_nothing(text, wanted):
    assert same(value_of(text), value_of(wanted))


A_SCALE_IS_KEPT_BUT_HAS_NO_SAY_IN_EQUALITY = r"""
1 = 1.0 => true
string(1.10) => "1.10"
string(1e3) => "1000"
string(1e-10) => "0.0000000001"
string(10 ** 40) => "10000000000000000000000000000000000000000"
[1.0] = [1] => true
"""


@pytest.mark.parametrize(("text", "wanted"), cases(A_SCALE_IS_KEPT_BUT_HAS_NO_SAY_IN_EQUALITY))
def test_a_scale_is_kept_but_has_no_say_in_equality(text, wanted):
    assert same(value_of(text), value_of(wanted))
