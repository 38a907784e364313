"""Every built-in function, by position and by name, with what it does not take."""

import pytest

from motcua.rules import evaluate_feel

NUMBERS = """
decimal(2.5, 0) => 2
decimal(1/3, 2) => 0.33
decimal(n: 1.005, scale: 2) => 1.00
decimal(0, 2) => 0
decimal(1, 7000) => null
decimal("1", 2) => null
floor(-1.5) => -2
floor(1.56, 1) => 1.5
ceiling(1.2) => 2
ceiling(1.2, null) => null
round up(5.1, 0) => 6
round down(-5.9, 0) => -5
round half up(2.5, 0) => 3
round half down(2.5, 0) => 2
abs(-3) => 3
abs([-3]) => 3
abs(@"-P1D") => @"P1D"
abs(@"-P1M") => @"P1M"
abs(n: -1) => 1
abs(number: -1) => null
modulo(-10, 3) => 2
modulo(10.1, -4.5) => -3.4
modulo(1e60, 7) => 1
modulo(1, 0) => null
sqrt(16) => 4
sqrt(-1) => null
log(1) => 0
log(0) => null
exp(0) => 1
exp(100000) => null
odd(3) => true
odd(2.5) => false
even(-2) => true
even("2") => null
not(true) => false
not([false]) => true
not(1) => null
not(negand: false) => true
number("1 000,5", " ", ",") => 1000.5
number("1,000.5", ",", ".") => 1000.5
number("1.000,5", ".", ",") => 1000.5
number("1.5,5", null, ",") => null
number("1", "x", ".") => null
number("1", ",", ",") => null
number("1", null, "x") => null
number("x") => null
number(from: "1e2") => 100
number(5) => 5
string(1.50) => "1.50"
string(null) => null
string("a") => "a"
string([1, "a", null, true]) => "[1, \\"a\\", null, true]"
string({a: 1}) => "{a: 1}"
string(function(x) x) => null
string([1..2)) => "[1..2)"
string((> 2)) => "(>2)"
string((<= 2)) => "(<=2)"
string(@"2021-01-02") => "2021-01-02"
string(@"P1Y2M") => "P1Y2M"
string(@"-P1DT2H3M4.5S") => "-P1DT2H3M4.5S"
string(@"PT0S") => "PT0S"
string(@"10:00:00+05:30") => "10:00:00+05:30"
string(@"10:00:00-05:30:15") => "10:00:00-05:30:15"
string(@"10:00:00@Asia/Ho_Chi_Minh") => "10:00:00@Asia/Ho_Chi_Minh"
string(@"2021-01-02T10:00:00.250Z") => "2021-01-02T10:00:00.25Z"
string(@"-0044-03-15") => "-0044-03-15"
string([max]) => "[function(list)]"
is(1, 1.0) => true
is(1, "1") => false
is(null, null) => true
is([1], [1]) => true
is(@"10:00:00Z", @"10:00:00+00:00") => true
is(max, max) => true
is(value1: 1) => false
"""
STRINGS = """
substring("foobar", 3) => "obar"
substring("foobar", -2, 1) => "a"
substring("foobar", 0) => null
substring("foobar", 3, 0) => null
substring("foo", 9) => ""
substring("foo", -9) => null
string length("🐎é") => 2
upper case("đà") => "ĐÀ"
lower case("ĐÀ") => "đà"
substring before("foobar", "bar") => "foo"
substring before("foobar", "x") => ""
substring after("foobar", "ob") => "ar"
substring after("foobar", "x") => ""
contains("foobar", "of") => false
contains(string: "foobar", match: "oo") => true
contains("a", null) => null
starts with("foobar", "fo") => true
ends with("foobar", "r") => true
matches("foobar", "^fo*b") => true
matches("a", "[") => null
matches("a", "a", "k") => null
matches("a", "A", "i") => true
replace("abcd", "(ab)|(a)", "[1=$1][2=$2]") => "[1=ab][2=]cd"
replace("abc", "x*", "y") => null
replace("abc", "b", "$") => null
replace("abc", "b", "\\\\x") => null
replace("abc", "b", "\\\\$\\\\\\\\") => "a$\\\\c"
replace("a.b", ".", "x", "q") => "axb"
replace("abc", "(b)", "$12") => "ab2c"
replace("abc", "b", "$1") => "ac"
replace("abc", "[", "") => null
split("a b  c", " +") => ["a", "b", "c"]
split("a;b", ";") => ["a", "b"]
split("abc", "") => null
split("abc", "[") => null
string join(["a", null, "b"], "-") => "a-b"
string join(["a", "b"]) => "ab"
string join(list: ["a"], delimiter: null) => "a"
string join([1], "-") => null
"""
LISTS = """
list contains([1, null], null) => true
list contains(list: [1], element: 2) => false
list contains(null, 1) => null
count([1, 2]) => 2
count(1) => 1
count(null) => null
min([3, 1, 2]) => 1
min(3, 1) => 1
max("a", "b") => "b"
max([]) => null
max([1, "a"]) => null
sum([1, 2.5]) => 3.5
sum(1, 2) => 3
sum([]) => null
sum([1, "a"]) => null
mean([1, 2]) => 1.5
mean([]) => null
product(2, 3) => 6
product([]) => null
median(8, 2, 5) => 5
median([1, 2]) => 1.5
median(["a"]) => null
stddev([2, 4, 7, 5]) => 2.081665999466132735282297706979931
stddev([1]) => null
mode([6, 1, 9, 6, 1]) => [1, 6]
mode([]) => []
mode(["a"]) => null
all([true, null]) => null
all([true, false]) => false
all(true) => true
any([false, null]) => null
any([false, true]) => true
any([]) => false
sublist([4, 5, 6], 1, 2) => [4, 5]
sublist([4, 5, 6], -1) => [6]
sublist([4], 0) => null
sublist([4], 1, 2) => null
append([1], 2) => [1, 2]
append([1], 2, 3) => [1, 2, 3]
append(1, 2, 3) => [1, 2, 3]
append([1]) => null
append(null, 2, 3) => null
append(list: [1], item: 2) => [1, 2]
concatenate([1], 2, [3]) => [1, 2, 3]
concatenate([1], null) => null
insert before([1, 3], -1, 2) => [1, 2, 3]
insert before([1], 5, 2) => null
remove([1, 2, 3], 2) => [1, 3]
remove([1], 0) => null
list replace([1, 2, 3], 2, 4) => [1, 4, 3]
list replace([1], 3, 4) => null
list replace([1, 2], function(item, newItem) item = 1, 9) => [9, 2]
list replace([1, 2], function(item, newItem) item, 9) => null
reverse([1, 2]) => [2, 1]
index of([1, 2, 1], 1) => [1, 3]
union([1], [1, 2]) => [1, 2]
union([1], null) => null
distinct values([1, "1", 1.0, null, null, [1, 2], [1, 2], true, true]) => [1, "1", null, [1, 2], true]
duplicate values([1, 2, 1, 1]) => [1]
flatten([1, [2, [3]]]) => [1, 2, 3]
sort([3, 1, 2]) => [1, 2, 3]
sort([]) => []
sort([1, "a"]) => null
sort(list: [3, 1, 1], precedes: function(x, y) x > y) => [3, 1, 1]
get value({a: 1}, "a") => 1
get value(m: {a: 1}, key: "b") => null
get value(null, "b") => null
get entries({a: 1}) => [{key: "a", value: 1}]
context([{key: "a", value: 1}]) => {a: 1}
context([{key: "a"}]) => null
context([{key: "a", value: 1}, {key: "a", value: 2}]) => null
context put({a: 1}, "b", 2) => {a: 1, b: 2}
context put({a: {b: 1}}, ["a", "b"], 2) => {a: {b: 2}}
context put({a: 1}, ["a", "b"], 2) => null
context put({a: {b: 1}}, ["a", "b", "c"], 2) => null
context put({a: 1}, [], 2) => null
context merge([{a: 1}, {b: 2}]) => {a: 1, b: 2}
context merge([{a: 1}, 2]) => null
"""
MOMENTS = """
date("2021-02-29") => null
date("2021-02-28") => @"2021-02-28"
date(@"2021-02-28T10:00:00") => @"2021-02-28"
date(2021, 2, 28) => @"2021-02-28"
date(2021, 13, 1) => null
date(2021, 1.5, 1) => null
date(from: @"2021-02-28T10:00:00") => @"2021-02-28"
time("25:00:00") => null
time("10:00:00.1234567891") => time("10:00:00.123456789")
time("10:00:00+19:00") => null
time("10:00:00@No/Where") => null
time(@"10:00:00") => @"10:00:00"
time(@"2021-01-01T10:00:00") => @"10:00:00"
time(@"2021-01-01") => @"00:00:00Z"
time(10, 30, 0) => @"10:30:00"
time(10, 30, 0, @"PT1H") => @"10:30:00+01:00"
time(10, 30, 0, @"PT20H") => null
time(24, 0, 0) => null
time(10, 0, 60) => null
time(10.5, 0, 0) => null
date and time("2021-01-01T24:00:00") => @"2021-01-02T00:00:00"
date and time("999999999-12-31T24:00:00") => null
date and time("2021-01-01T25:00:00") => null
date and time("2021-01-01") => @"2021-01-01T00:00:00"
date and time("x") => null
date and time(@"2021-01-01") => @"2021-01-01T00:00:00Z"
date and time(@"2021-01-01", @"10:00:00") => @"2021-01-01T10:00:00"
date and time(@"2021-01-01T08:00:00", @"10:00:00Z") => @"2021-01-01T10:00:00Z"
string(date and time(@"2021-01-01T10:00:00", "Asia/Ho_Chi_Minh")) => "2021-01-01T10:00:00@Asia/Ho_Chi_Minh"
string(date and time(@"2021-01-01T10:00:00Z", "Asia/Ho_Chi_Minh")) => "2021-01-01T17:00:00@Asia/Ho_Chi_Minh"
date and time(@"2021-01-01T10:00:00Z", "No/Where") => null
duration("P1Y2M") => @"P14M"
duration("-P1DT2H3M4S") => @"-PT26H3M4S"
duration("P1Y2D") => null
duration("P") => null
duration("PT") => null
duration("x") => null
duration(@"P1D") => @"P1D"
years and months duration(@"2020-01-31", @"2021-02-28") => @"P1Y"
years and months duration(@"2021-02-28", @"2020-01-31") => @"-P1Y"
years and months duration(@"2021-02-28", @"2020-03-01") => @"-P11M"
day of year(@"2020-12-31") => 366
day of week(@"2021-01-03") => "Sunday"
month of year(@"2021-02-03T00:00:00") => "February"
week of year(@"2021-01-03") => 53
last day of month(@"2024-02-01") => 29
now() instance of date and time => true
today() instance of date => true
range("[1..3)") => [1..3)
range("]1..3]") => (1..3]
range("[-3..-1]") => [-3..-1]
range("[1..") => null
range("[3..1]") => null
range("[null..null]") => null
range("[null..1]") => null
range("[1..null]") => null
range("[1..x]") => null
range("[x..1]") => null
range("3") => null
range("[date(\\"2021-01-01\\")..@\\"2021-02-01\\"]") => [@"2021-01-01"..@"2021-02-01"]
range("[-null..1]") => null
1 in range("(null..3]") => null
"""
RANGES = """
before(1, 2) => true
before(1, [1..2]) => false
before(1, (1..2]) => true
before([1..2), 2) => true
before([1..2], [2..3]) => false
before([1..2), [2..3]) => true
before(1, "a") => null
after(2, 1) => true
after([2..3], [1..2)) => true
meets([1..2], [2..3]) => true
meets([1..2), [2..3]) => false
met by([2..3], [1..2]) => true
overlaps([1..5], [3..8]) => true
overlaps([1..3], (3..8]) => false
overlaps([1..3], ["a".."b"]) => null
overlaps before([1..5], [3..8]) => true
overlaps before([1..5], [1..8]) => false
overlaps after([3..8], [1..5]) => true
overlaps after((1..5], [1..5]) => true
finishes(5, [1..5]) => true
finishes([3..5], [1..5]) => true
finished by([1..5], 5) => true
includes([1..5], 3) => true
includes([1..5], [2..3]) => true
includes((1..5], 1) => false
during([2..3], [1..5]) => true
starts(1, [1..5]) => true
starts([1..3], [1..5]) => true
started by([1..5], [1..3]) => true
coincides(1, 1) => true
coincides([1..2], [1..2)) => false
coincides(point1: 3, point2: 3) => true
includes([1..5], ["a".."b"]) => null
"""


def cases(text: str) -> list[tuple[str, str]]:
    return [tuple(line.split(" => ")) for line in text.strip().splitlines()]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [case for block in (NUMBERS, STRINGS, LISTS, MOMENTS, RANGES) for case in cases(block)],
)
def test_built_in(text, wanted):
    assert evaluate_feel(text) == evaluate_feel(wanted)


def test_a_variadic_function_takes_no_names():
    assert evaluate_feel("union(list: [1])") is None


def test_a_built_in_is_a_value():
    assert evaluate_feel("(for f in [min, max] return f([1, 2]))") == evaluate_feel("[1, 2]")


def test_a_list_that_holds_itself_too_deep_is_refused():
    from motcua.rules import WorkExceeded

    with pytest.raises(WorkExceeded):
        evaluate_feel("flatten((for i in 1..300 return if i = 1 then [1] else [partial[-1]])[-1])")
