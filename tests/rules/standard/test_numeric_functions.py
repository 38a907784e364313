"""DMN 1.5, 10.3.4.5, table 77: functions on numbers."""

import pytest

from .feel import cases, same, value_of

ROUNDING_TO_A_SCALE = r"""
decimal(1/3, 2) => 0.33
decimal(1.5, 0) => 2
decimal(2.5, 0) => 2
decimal(-2.5, 0) => -2
decimal(1234, -2) => 1200
decimal(1.5, 3) => 1.5
decimal(1, 6176) = 1 => true
decimal(1, 6177) => null
decimal(1, -6111) => 0
decimal(1, -6112) => null
decimal(null, 1) => null
decimal(1, null) => null
decimal("1", 1) => null
decimal(n: 1.255, scale: 2) => 1.26
floor(1.5) => 1
floor(-1.5) => -2
floor(1.56, 1) => 1.5
floor(-1.56, 1) => -1.6
floor(1250, -2) => 1200
floor(1.5, 6177) => null
floor(1.5, null) => null
floor(null) => null
floor(n: -1.56, scale: 1) => -1.6
ceiling(1.5) => 2
ceiling(-1.5) => -1
ceiling(1.51, 1) => 1.6
ceiling(-1.56, 1) => -1.5
ceiling(n: 1.5) => 2
round up(5.5, 0) => 6
round up(-5.5, 0) => -6
round up(1.121, 2) => 1.13
round up(-1.126, 2) => -1.13
round up(5, 0) => 5
round down(5.5, 0) => 5
round down(-5.5, 0) => -5
round down(1.126, 2) => 1.12
round half up(5.5, 0) => 6
round half up(-5.5, 0) => -6
round half up(2.5, 0) => 3
round half up(1.125, 2) => 1.13
round half up(-1.126, 2) => -1.13
round half down(5.5, 0) => 5
round half down(-5.5, 0) => -5
round half down(1.125, 2) => 1.12
round half down(1.126, 2) => 1.13
round half down(5.51, 0) => 6
round half down(1250, -2) => 1200
round half down(5.5, 6177) => null
round half down(null, 0) => null
round half down(5.5) => null
round half down(n: 5.5, scale: 0) => 5
"""


@pytest.mark.parametrize(("text", "wanted"), cases(ROUNDING_TO_A_SCALE))
def test_rounding_to_a_scale(text, wanted):
    assert same(value_of(text), value_of(wanted))


ABS_OF_NUMBERS_AND_DURATIONS = r"""
abs(10) => 10
abs(-10) => 10
abs(@"-P1D") => @"P1D"
abs(@"-P1Y") => @"P1Y"
abs(null) => null
abs("1") => null
abs(n: -1) => 1
"""


@pytest.mark.parametrize(("text", "wanted"), cases(ABS_OF_NUMBERS_AND_DURATIONS))
def test_abs_of_numbers_and_durations(text, wanted):
    assert same(value_of(text), value_of(wanted))


MODULO_HAS_THE_SIGN_OF_THE_DIVISOR = r"""
modulo(12, 5) => 2
modulo(-12, 5) => 3
modulo(12, -5) => -3
modulo(-12, -5) => -2
modulo(10.1, 4.5) => 1.1
modulo(-10.1, 4.5) => 3.4
modulo(10.1, -4.5) => -3.4
modulo(-10.1, -4.5) => -1.1
modulo(10, 5) => 0
modulo(1e30, 7) => 1
modulo(1, 0) => null
modulo(null, 1) => null
modulo(dividend: 10, divisor: 3) => 1
"""


@pytest.mark.parametrize(("text", "wanted"), cases(MODULO_HAS_THE_SIGN_OF_THE_DIVISOR))
def test_modulo_has_the_sign_of_the_divisor(text, wanted):
    assert same(value_of(text), value_of(wanted))


ROOTS_LOGARITHMS_AND_EXPONENTS = r"""
sqrt(16) => 4
sqrt(2) => 1.414213562373095048801688724209698
sqrt(0) => 0
sqrt(-1) => null
sqrt(null) => null
sqrt("4") => null
log(1) => 0
log(10) => 2.302585092994045684017991454684364
log(0) => null
log(-1) => null
exp(0) => 1
exp(1) => 2.718281828459045235360287471352662
exp(-1) => 0.3678794411714423215955237701614609
exp(100000) => null
exp(-100000) => 0
exp(null) => null
exp(number: 0) => 1
"""


@pytest.mark.parametrize(("text", "wanted"), cases(ROOTS_LOGARITHMS_AND_EXPONENTS))
def test_roots_logarithms_and_exponents(text, wanted):
    assert same(value_of(text), value_of(wanted))


ODD_AND_EVEN = r"""
odd(5) => true
odd(-5) => true
odd(2) => false
odd(0) => false
odd(5.0) => true
odd(1.5) => false
even(2) => true
even(-2) => true
even(0) => true
even(5) => false
even(1.5) => false
even(null) => null
even("2") => null
even(number: 2) => true
"""


@pytest.mark.parametrize(("text", "wanted"), cases(ODD_AND_EVEN))
def test_odd_and_even(text, wanted):
    assert same(value_of(text), value_of(wanted))
