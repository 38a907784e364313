"""DMN 1.5, 10.3.4.6 to 10.3.4.11: identity, ranges, calendar, contexts, clock."""

import pytest

from .feel import cases, same, value_of

IS_TELLS_APART_WHAT_EQUALITY_DOES_NOT = r"""
is(1, 1.0) => true
is(1, "1") => false
is(null, null) => true
is(@"10:00:00Z", @"10:00:00+00:00") => true
is(@"10:00:00Z", @"10:00:00") => false
is(@"10:00:00Z", @"10:00:00@Etc/UTC") => false
is(@"10:00:00+01:00", @"09:00:00Z") => false
is(@"2020-01-01", @"2020-01-01T00:00:00Z") => false
is(@"P1D", @"PT24H") => true
is([1], [1]) => true
is({a: 1}, {a: 1}) => true
is(1) => null
is(value1: 1, value2: 1) => true
"""


@pytest.mark.parametrize(("text", "wanted"), cases(IS_TELLS_APART_WHAT_EQUALITY_DOES_NOT))
def test_is_tells_apart_what_equality_does_not(text, wanted):
    assert same(value_of(text), value_of(wanted))


BEFORE_AND_AFTER = r"""
before(1, 10) => true
before(10, 1) => false
before(1, 1) => false
before(1, [1..5]) => false
before(1, (1..5]) => true
before(1, [5..10]) => true
before([1..5], 5) => false
before([1..5), 5) => true
before([1..5], 10) => true
before([1..5], [6..7]) => true
before([1..5], [5..7]) => false
before([1..5), [5..7]) => true
before([1..5], (5..7]) => true
after(10, 1) => true
after(5, [1..5]) => false
after(5, [1..5)) => true
after((5..7], 5) => true
after([5..7], [1..5]) => false
after((5..7], [1..5]) => true
before(@"2020-01-01", @"2020-01-02") => true
before("a", ["b".."c"]) => true
before(point1: 1, point2: 2) => true
before(point: 1, range: [2..3]) => true
before(range: [2..3], point: 4) => false
before(range1: [1..2], range2: [3..4]) => true
before(null, 1) => null
before(1, "a") => null
before(1) => null
"""


@pytest.mark.parametrize(("text", "wanted"), cases(BEFORE_AND_AFTER))
def test_before_and_after(text, wanted):
    assert same(value_of(text), value_of(wanted))


MEETING_AND_OVERLAPPING = r"""
meets([1..5], [5..10]) => true
meets([1..5), [5..10]) => false
meets([1..5], (5..10]) => false
meets([1..5], [6..10]) => false
met by([5..10], [1..5]) => true
met by([5..10], [1..5)) => false
overlaps([1..5], [3..8]) => true
overlaps([3..8], [1..5]) => true
overlaps([1..8], [3..5]) => true
overlaps([1..5], [6..8]) => false
overlaps([1..5], [5..8]) => true
overlaps([1..5), [5..8]) => false
overlaps([1..5], (5..8]) => false
overlaps before([1..5], [3..8]) => true
overlaps before([1..5], [5..8]) => true
overlaps before([1..5], [6..8]) => false
overlaps before([1..5), [5..8]) => false
overlaps before([1..5], (1..5]) => true
overlaps before([1..5], [1..5]) => false
overlaps before([1..5], [1..5)) => false
overlaps before([3..8], [1..5]) => false
overlaps after([3..8], [1..5]) => true
overlaps after([5..8], [1..5]) => true
overlaps after((5..8], [1..5]) => false
overlaps after((1..5], [1..5]) => true
overlaps after([1..5], [1..5]) => false
overlaps after([1..5], [3..8]) => false
"""


@pytest.mark.parametrize(("text", "wanted"), cases(MEETING_AND_OVERLAPPING))
def test_meeting_and_overlapping(text, wanted):
    assert same(value_of(text), value_of(wanted))


FINISHING_STARTING_AND_LYING_WITHIN = r"""
finishes(10, [1..10]) => true
finishes(10, [1..10)) => false
finishes([5..10], [1..10]) => true
finishes([5..10), [1..10]) => false
finishes([5..10), [1..10)) => true
finishes([1..10], [1..10]) => true
finished by([1..10], 10) => true
finished by([1..10), 10) => false
finished by([1..10], [5..10]) => true
includes([1..10], 5) => true
includes((1..10), 1) => false
includes([1..10], [4..6]) => true
includes([1..10], [1..10]) => true
includes((1..10), [1..5]) => false
during(5, [1..10]) => true
during(10, [1..10)) => false
during([4..6], [1..10]) => true
starts(1, [1..5]) => true
starts(1, (1..5]) => false
starts([1..5], [1..10]) => true
starts((1..5], [1..10]) => false
starts([1..10], [1..10]) => true
started by([1..10], 1) => true
started by([1..10], [1..5]) => true
coincides(5, 5) => true
coincides(5, 3) => false
coincides([1..5], [1..5]) => true
coincides([1..5), [1..5]) => false
coincides(point1: 5, point2: 5) => true
"""


@pytest.mark.parametrize(("text", "wanted"), cases(FINISHING_STARTING_AND_LYING_WITHIN))
def test_finishing_starting_and_lying_within(text, wanted):
    assert same(value_of(text), value_of(wanted))


RANGE_READS_A_LITERAL_WITH_ENDS_IN_ORDER = r"""
range("[1..3]") => [1..3]
range("(1..3)") => (1..3)
range("]1..3[") => (1..3)
range("[\"a\"..\"c\"]") => ["a".."c"]
range("[@\"2020-01-01\"..@\"2020-01-02\"]") => [@"2020-01-01"..@"2020-01-02"]
range("[date(\"2020-01-01\")..@\"2020-01-02\"]") => [@"2020-01-01"..@"2020-01-02"]
range("[3..1]") => null
range("[1+1..3]") => null
range("1..3") => null
range("[1..\"a\"]") => null
range("foo") => null
range(null) => null
range(from: "[1..3]") => [1..3]
"""


@pytest.mark.parametrize(("text", "wanted"), cases(RANGE_READS_A_LITERAL_WITH_ENDS_IN_ORDER))
def test_range_reads_a_literal_with_ends_in_order(text, wanted):
    assert same(value_of(text), value_of(wanted))


THE_CALENDAR_IS_ISO = r"""
day of year(@"2019-09-17") => 260
day of year(@"2020-12-31") => 366
day of week(@"2019-09-17") => "Tuesday"
day of week(@"2000-02-29T10:00:00") => "Tuesday"
month of year(@"2019-09-17") => "September"
week of year(@"2019-09-17") => 38
week of year(@"2003-12-29") => 1
week of year(@"2004-01-04") => 1
week of year(@"2005-01-01") => 53
week of year(@"2005-01-03") => 1
week of year(date: @"2005-01-09") => 1
day of year("2019-09-17") => null
day of week(null) => null
"""


@pytest.mark.parametrize(("text", "wanted"), cases(THE_CALENDAR_IS_ISO))
def test_the_calendar_is_iso(text, wanted):
    assert same(value_of(text), value_of(wanted))


CONTEXTS_ARE_READ_AND_BUILT = r"""
get value({a: 1}, "a") => 1
get value({a: 1}, "b") => null
get value({a: null}, "a") => null
get value({}, "") => null
get value(m: {a: 1}, key: "a") => 1
get value(null, "a") => null
get value({a: 1}, null) => null
get value([1], "a") => null
get entries({a: 1, b: 2}) => [{key: "a", value: 1}, {key: "b", value: 2}]
get entries({}) => []
get entries(m: {a: 1}) => [{key: "a", value: 1}]
get entries(null) => null
get entries({a: 1, b: 2})[key = "b"].value => [2]
context([{key: "a", value: 1}, {key: "b", value: [2]}]) => {a: 1, b: [2]}
context([]) => {}
context({key: "a", value: 1}) => {a: 1}
context([{key: "a", value: null}]) => {a: null}
context([{key: "a", value: 1, more: 2}]) => {a: 1}
context([{key: "a", value: 1}, {key: "a", value: 2}]) => null
context([{key: "a"}]) => null
context([{value: 1}]) => null
context([{key: 1, value: 1}]) => null
context([null]) => null
context(null) => null
context put({x: 1}, "y", 2) => {x: 1, y: 2}
context put({x: 1}, "x", 2) => {x: 2}
context put({x: 1}, "y", null) => {x: 1, y: null}
context put({x: 1, y: {a: 0}}, ["y", "a"], 2) => {x: 1, y: {a: 2}}
context put({x: 1, y: {}}, ["y", "a"], 2) => {x: 1, y: {a: 2}}
context put({x: 1}, ["y", "a"], 2) => null
context put({x: 1}, ["x", "a"], 2) => null
context put({x: 1}, [], 2) => null
context put({x: 1}, [1], 2) => null
context put({x: 1}, null, 2) => null
context put(null, "a", 2) => null
context put(context: {x: 1}, key: "y", value: 2) => {x: 1, y: 2}
context put(context: {x: 1}, keys: ["y"], value: 2) => {x: 1, y: 2}
context merge([{x: 1}, {y: 2}]) => {x: 1, y: 2}
context merge([{x: 1}, {x: 2}]) => {x: 2}
context merge([{x: 1, y: 0}, {y: {z: 1}}]) => {x: 1, y: {z: 1}}
context merge([{x: {a: 1}}, {x: {b: 2}}]) => {x: {b: 2}}
context merge([]) => {}
context merge({x: 1}) => {x: 1}
context merge([{x: 1}, null]) => null
context merge(null) => null
context merge(contexts: [{x: 1}, {y: 0}]) => {x: 1, y: 0}
"""


@pytest.mark.parametrize(("text", "wanted"), cases(CONTEXTS_ARE_READ_AND_BUILT))
def test_contexts_are_read_and_built(text, wanted):
    assert same(value_of(text), value_of(wanted))


THE_CLOCK = r"""
now() instance of date and time => true
today() instance of date => true
now(1) => null
today(1) => null
"""


@pytest.mark.parametrize(("text", "wanted"), cases(THE_CLOCK))
def test_the_clock(text, wanted):
    assert same(value_of(text), value_of(wanted))
