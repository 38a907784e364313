"""DMN 1.5, 10.3.1.2 rule 62 and 10.3.2.3.4 to 10.3.2.3.8: at-literals of dates, times and durations."""

import pytest

from .feel import cases, same, value_of

A_DATE_HAS_A_YEAR_OF_FOUR_TO_NINE_DIGITS = r"""
@"2020-02-29" => @"2020-02-29"
@"2021-02-29" => null
@"1900-02-29" => null
@"2000-02-29" => @"2000-02-29"
@"-0001-01-01" => @"-0001-01-01"
@"0000-01-01" => @"0000-01-01"
@"10000-01-01" => @"10000-01-01"
@"010000-01-01" => null
@"999999999-12-31" => @"999999999-12-31"
@"-999999999-01-01" => @"-999999999-01-01"
@"1000000000-01-01" => null
@"2021-2-9" => null
@"2021-13-01" => null
@"2021-04-31" => null
@"20-01-01" => null
@"+2020-01-01" => null
@"2020-01-01Z" => null
@"2020-01-01+07:00" => null
"""


@pytest.mark.parametrize(("text", "wanted"), cases(A_DATE_HAS_A_YEAR_OF_FOUR_TO_NINE_DIGITS))
def test_a_date_has_a_year_of_four_to_nine_digits(text, wanted):
    assert same(value_of(text), value_of(wanted))


A_TIME_MAY_HAVE_A_FRACTION_AND_AN_OFFSET_OR_A_ZONE = r"""
@"10:00:00" => @"10:00:00"
@"10:00:00.123456789" => @"10:00:00.123456789"
@"10:00:00Z" => @"10:00:00Z"
@"10:00:00+07:00" => @"10:00:00+07:00"
@"10:00:00-03:30" => @"10:00:00-03:30"
@"10:00:00+07:00:30" => @"10:00:00+07:00:30"
@"10:00:00+14:00" => @"10:00:00+14:00"
@"10:00:00+18:01" => null
@"10:00:00+1:00" => null
@"10:00:00@Asia/Ho_Chi_Minh" => @"10:00:00@Asia/Ho_Chi_Minh"
@"10:00:00@Etc/UTC" => @"10:00:00@Etc/UTC"
@"10:00:00@Nowhere/Land" => null
@"10:00:00+07:00@Asia/Ho_Chi_Minh" => null
@"24:00:00" => @"00:00:00"
@"24:00:01" => null
@"10:60:00" => null
@"10:00:60" => null
@"10:00" => null
@"1:00:00" => null
@"10:00:00z" => null
"""


@pytest.mark.parametrize(("text", "wanted"), cases(A_TIME_MAY_HAVE_A_FRACTION_AND_AN_OFFSET_OR_A_ZONE))
def test_a_time_may_have_a_fraction_and_an_offset_or_a_zone(text, wanted):
    assert same(value_of(text), value_of(wanted))


A_DATE_AND_TIME_IS_BOTH_JOINED_BY_T = r"""
@"2020-02-29T10:00:00" => @"2020-02-29T10:00:00"
@"2020-02-29T24:00:00" => @"2020-03-01T00:00:00"
@"2020-02-29T10:00:00.5+07:00" => @"2020-02-29T10:00:00.5+07:00"
@"2020-02-29T10:00:00@Europe/Paris" => @"2020-02-29T10:00:00@Europe/Paris"
@"2020-02-30T10:00:00" => null
@"2020-02-29 10:00:00" => null
@"2020-02-29T10:00" => null
@"-2020-01-01T10:00:00Z" => @"-2020-01-01T10:00:00Z"
@"999999999-12-31T23:59:59" => @"999999999-12-31T23:59:59"
"""


@pytest.mark.parametrize(("text", "wanted"), cases(A_DATE_AND_TIME_IS_BOTH_JOINED_BY_T))
def test_a_date_and_time_is_both_joined_by_t(text, wanted):
    assert same(value_of(text), value_of(wanted))


A_DURATION_IS_OF_MONTHS_OR_OF_SECONDS_AND_NEVER_OF_BOTH = r"""
@"P1Y2M" => @"P1Y2M"
@"P14M" => @"P1Y2M"
@"-P14M" => @"-P1Y2M"
@"P0Y" => @"P0M"
@"P0M" => @"P0M"
@"P1DT2H3M4S" => @"P1DT2H3M4S"
@"PT36H" => @"P1DT12H"
@"PT90M" => @"PT1H30M"
@"PT3600S" => @"PT1H"
@"PT0.5S" => @"PT0.5S"
@"-PT1H" => @"-PT1H"
@"P0D" => @"PT0S"
@"PT0S" => @"PT0S"
@"P1Y2M3D" => null
@"P1YT1H" => null
@"P1DT" => null
@"PT" => null
@"P" => null
@"P1.5D" => null
@"PT1.5M" => null
@"P-1D" => null
@"+P1D" => null
@"P1W" => null
@"p1d" => null
"""


@pytest.mark.parametrize(("text", "wanted"), cases(A_DURATION_IS_OF_MONTHS_OR_OF_SECONDS_AND_NEVER_OF_BOTH))
def test_a_duration_is_of_months_or_of_seconds_and_never_of_both(text, wanted):
    assert same(value_of(text), value_of(wanted))


WHAT_IS_NONE_OF_THESE_IS_NULL = r"""
@"foo" => null
@"" => null
@" 2020-01-01" => null
@"2020-01-01 " => null
@"true" => null
"""


@pytest.mark.parametrize(("text", "wanted"), cases(WHAT_IS_NONE_OF_THESE_IS_NULL))
def test_what_is_none_of_these_is_null(text, wanted):
    assert same(value_of(text), value_of(wanted))
