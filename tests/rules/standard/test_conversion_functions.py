"""DMN 1.5, 10.3.4.1, table 73: conversion functions."""

import pytest

from .feel import cases, same, value_of

NUMBER_READS_TEXT_WITH_SEPARATORS = r"""
number("1") => 1
number("-1.5") => -1.5
number("1e3") => 1000
number("1 000,0", " ", ",") => 1000.0
number("1,000.0", ",", ".") => 1000.0
number("1.000,5", ".", ",") => 1000.5
number("1,5", null, ",") => 1.5
number("1,000", ",", null) => 1000
number("1.5", null, null) => 1.5
number(from: "1,000.5", grouping separator: ",", decimal separator: ".") => 1000.5
number(from: "1", decimal separator: ".", grouping separator: ",") => 1
number(1) => 1
number(["1"]) => 1
"""


@pytest.mark.parametrize(("text", "wanted"), cases(NUMBER_READS_TEXT_WITH_SEPARATORS))
def test_number_reads_text_with_separators(text, wanted):
    assert same(value_of(text), value_of(wanted))


NUMBER_IS_NULL_FOR_WHAT_IS_NO_NUMBER = r"""
number("abc") => null
number("") => null
number(" 1") => null
number("1.") => null
number("+1") => null
number("1,5") => null
number("1.5", ".", ",") => 15
number("1", "a", ".") => null
number("1", " ", "x") => null
number("1", ".", ".") => null
number("1", ",", ",") => null
number(null) => null
number(true) => null
number() => null
number("1", " ", ",", "x") => null
number("NaN") => null
number("Infinity") => null
"""


@pytest.mark.parametrize(("text", "wanted"), cases(NUMBER_IS_NULL_FOR_WHAT_IS_NO_NUMBER))
def test_number_is_null_for_what_is_no_number(text, wanted):
    assert same(value_of(text), value_of(wanted))


STRING_WRITES_EVERY_KIND = r"""
string("a") => "a"
string(1.50) => "1.50"
string(-0.5) => "-0.5"
string(true) => "true"
string(null) => null
string(@"2020-01-01") => "2020-01-01"
string(@"10:00:00.500+07:00") => "10:00:00.5+07:00"
string(@"10:00:00+00:00") => "10:00:00Z"
string(@"2020-01-01T10:00:00@Asia/Ho_Chi_Minh") => "2020-01-01T10:00:00@Asia/Ho_Chi_Minh"
string(@"P14M") => "P1Y2M"
string(@"-PT36H") => "-P1DT12H"
string(@"PT0S") => "PT0S"
string(@"P0M") => "P0M"
string(@"PT0.1S") => "PT0.1S"
string([]) => "[]"
string({}) => "{}"
string([1, "a", null, [true]]) => "[1, \"a\", null, [true]]"
string({a: 1, b: "x"}) => "{a: 1, b: \"x\"}"
string({a b: {c: [@"P1D"]}}) => "{a b: {c: [P1D]}}"
string({"{": "}", "a\"b": "\\"}) => "{\"{\": \"}\", \"a\\\"b\": \"\\\\\"}"
string(["a\"b", "c\\d"]) => "[\"a\\\"b\", \"c\\\\d\"]"
string([1..2]) => "[1..2]"
string(("a".."c"]) => "(\"a\"..\"c\"]"
string(from: 1) => "1"
string() => null
string(1, 2) => null
"""


@pytest.mark.parametrize(("text", "wanted"), cases(STRING_WRITES_EVERY_KIND))
def test_string_writes_every_kind(text, wanted):
    assert same(value_of(text), value_of(wanted))


DATE_READS_TEXT_PARTS_AND_MOMENTS = r"""
date("2020-02-29") => @"2020-02-29"
date("2021-02-29") => null
date("2020-02-29T10:00:00") => null
date("-0001-01-01") => @"-0001-01-01"
date("foo") => null
date(@"2020-02-29") => @"2020-02-29"
date(@"2020-02-29T23:00:00-05:00") => @"2020-02-29"
date(2020, 2, 29) => @"2020-02-29"
date(2021, 2, 29) => null
date(-1, 1, 1) => @"-0001-01-01"
date(2020, 13, 1) => null
date(2020, 1, 0) => null
date(2020.5, 1, 1) => null
date(999999999, 12, 31) => @"999999999-12-31"
date(1000000000, 1, 1) => null
date(year: 2020, month: 1, day: 2) => @"2020-01-02"
date(day: 2, year: 2020, month: 1) => @"2020-01-02"
date(from: "2020-01-01") => @"2020-01-01"
date(from: 1) => null
date(null) => null
date(2020, null, 1) => null
date(2020, 1) => null
date() => null
date("2020-01-01") = @"2020-01-01" => true
"""


@pytest.mark.parametrize(("text", "wanted"), cases(DATE_READS_TEXT_PARTS_AND_MOMENTS))
def test_date_reads_text_parts_and_moments(text, wanted):
    assert same(value_of(text), value_of(wanted))


TIME_READS_TEXT_PARTS_AND_MOMENTS = r"""
time("10:00:00") => @"10:00:00"
time("10:00:00.5@Europe/Paris") => @"10:00:00.5@Europe/Paris"
time("25:00:00") => null
time("10:00") => null
time(10, 30, 0) => @"10:30:00"
time(10, 30, 1.5) => @"10:30:01.5"
time(10, 30, 0, @"PT7H") => @"10:30:00+07:00"
time(10, 30, 0, @"-PT3H30M") => @"10:30:00-03:30"
time(10, 30, 0, null) => @"10:30:00"
time(10, 30, 0, @"P1Y") => null
time(10, 30, 0, @"PT19H") => null
time(24, 0, 0) => null
time(10, 60, 0) => null
time(10, 0, 60) => null
time(-1, 0, 0) => null
time(10.5, 0, 0) => null
time(10, 30) => null
time(hour: 10, minute: 30, second: 0) => @"10:30:00"
time(hour: 10, minute: 30, second: 0, offset: @"PT0S") => @"10:30:00Z"
time(@"2020-01-01T10:00:00@Europe/Paris") => @"10:00:00@Europe/Paris"
time(@"2020-01-01") => @"00:00:00Z"
time(from: @"10:00:00Z") => @"10:00:00Z"
time(null) => null
"""


@pytest.mark.parametrize(("text", "wanted"), cases(TIME_READS_TEXT_PARTS_AND_MOMENTS))
def test_time_reads_text_parts_and_moments(text, wanted):
    assert same(value_of(text), value_of(wanted))


DATE_AND_TIME_READS_TEXT_AND_JOINS = r"""
date and time("2020-01-01T10:00:00") => @"2020-01-01T10:00:00"
date and time("2020-01-01T10:00:00.5Z") => @"2020-01-01T10:00:00.5Z"
date and time("2020-01-01") => @"2020-01-01T00:00:00"
date and time("2020-01-01T25:00:00") => null
date and time("foo") => null
date and time(@"2020-01-01", @"10:00:00+07:00") => @"2020-01-01T10:00:00+07:00"
date and time(@"2020-01-01T23:00:00Z", @"10:00:00") => @"2020-01-01T10:00:00"
date and time(date: @"2020-01-01", time: @"10:00:00") => @"2020-01-01T10:00:00"
date and time(from: "2020-01-01T10:00:00") => @"2020-01-01T10:00:00"
date and time(@"2020-01-01") => @"2020-01-01T00:00:00Z"
date and time(null) => null
date and time(@"2020-01-01", null) => null
date and time(null, @"10:00:00") => null
date and time("2020-01-01", "10:00:00") => null
date and time(@"2020-03-29T00:30:00Z", "Europe/Paris") => @"2020-03-29T01:30:00@Europe/Paris"
date and time(@"2020-03-29T01:30:00Z", "Europe/Paris") => @"2020-03-29T03:30:00@Europe/Paris"
date and time(@"2020-03-29T01:30:00", "Europe/Paris") => @"2020-03-29T01:30:00@Europe/Paris"
date and time(@"2020-03-29T01:30:00Z", "Nowhere/Land") => null
"""


@pytest.mark.parametrize(("text", "wanted"), cases(DATE_AND_TIME_READS_TEXT_AND_JOINS))
def test_date_and_time_reads_text_and_joins(text, wanted):
    assert same(value_of(text), value_of(wanted))


DURATION_READS_TEXT = r"""
duration("P1Y2M") => @"P1Y2M"
duration("-P1D") => @"-P1D"
duration("PT100H") => @"P4DT4H"
duration("P1Y1D") => null
duration("foo") => null
duration(from: "P1D") => @"P1D"
duration(@"P1D") => @"P1D"
duration(null) => null
duration(1) => null
"""


@pytest.mark.parametrize(("text", "wanted"), cases(DURATION_READS_TEXT))
def test_duration_reads_text(text, wanted):
    assert same(value_of(text), value_of(wanted))


YEARS_AND_MONTHS_DURATION_COUNTS_WHOLE_MONTHS = r"""
years and months duration(@"2011-12-22", @"2013-08-24") => @"P1Y8M"
years and months duration(@"2013-08-24", @"2011-12-22") => @"-P1Y8M"
years and months duration(@"2015-01-21", @"2015-02-20") => @"P0M"
years and months duration(@"2015-01-21", @"2015-02-21") => @"P1M"
years and months duration(@"2020-02-29", @"2021-02-28") => @"P11M"
years and months duration(@"2020-01-31", @"2020-02-29") => @"P0M"
years and months duration(@"2020-01-01T10:00:00", @"2021-01-01T09:00:00") => @"P1Y"
years and months duration(@"2020-01-01", @"2021-01-01T09:00:00Z") => @"P1Y"
years and months duration(from: @"2020-01-01", to: @"2021-03-01") => @"P1Y2M"
years and months duration(to: @"2020-01-01", from: @"2021-03-01") => @"-P1Y2M"
years and months duration(@"2020-01-01", @"2020-01-01") => @"P0M"
years and months duration(@"-0001-01-01", @"0001-01-01") => @"P2Y"
years and months duration("2020-01-01", @"2021-01-01") => null
years and months duration(null, @"2021-01-01") => null
"""


@pytest.mark.parametrize(("text", "wanted"), cases(YEARS_AND_MONTHS_DURATION_COUNTS_WHOLE_MONTHS))
def test_years_and_months_duration_counts_whole_months(text, wanted):
    assert same(value_of(text), value_of(wanted))
