"""DMN 1.5, 10.3.4.3, table 75: functions on text."""

import pytest

from .feel import cases, same, value_of

SUBSTRING_COUNTS_CHARACTERS_FROM_ONE_OR_FROM_THE_END = r"""
substring("foobar", 3) => "obar"
substring("foobar", 3, 3) => "oba"
substring("foobar", -2, 1) => "a"
substring("foobar", -6) => "foobar"
substring("foobar", 1, 100) => "foobar"
substring("🐎ab", 2) => "ab"
substring("🐎ab", -3, 1) => "🐎"
substring("foobar", 3.8) => "obar"
substring("foobar", 0) => null
substring("foobar", 3, 0) => null
substring("foobar", 3, -1) => null
substring("foobar", null) => null
substring(null, 1) => null
substring(1, 1) => null
substring(string: "foobar", start position: 3) => "obar"
substring(string: "foobar", start position: 3, length: 3) => "oba"
"""


@pytest.mark.parametrize(("text", "wanted"), cases(SUBSTRING_COUNTS_CHARACTERS_FROM_ONE_OR_FROM_THE_END))
def test_substring_counts_characters_from_one_or_from_the_end(text, wanted):
    assert same(value_of(text), value_of(wanted))


LENGTH_AND_CASE = r"""
string length("") => 0
string length("foo") => 3
string length("tiếng") => 5
string length("🐎") => 1
string length(null) => null
string length(1) => null
string length(string: "abc") => 3
upper case("aBc4") => "ABC4"
upper case("straße ắ") => "STRASSE Ắ"
lower case("ÁBC Ắ") => "ábc ắ"
lower case("") => ""
lower case(null) => null
lower case(["AB"]) => "ab"
lower case(["A", "B"]) => null
lower case(string: "AB") => "ab"
"""


@pytest.mark.parametrize(("text", "wanted"), cases(LENGTH_AND_CASE))
def test_length_and_case(text, wanted):
    assert same(value_of(text), value_of(wanted))


PARTS_BEFORE_AND_AFTER = r"""
substring before("foobar", "bar") => "foo"
substring before("foobar", "xyz") => ""
substring before("foobar", "") => ""
substring before("foobar", "o") => "f"
substring before("", "a") => ""
substring after("foobar", "ob") => "ar"
substring after("foobar", "o") => "obar"
substring after("foobar", "") => "foobar"
substring after("", "a") => ""
substring after("", "") => ""
substring after("foobar", "xyz") => ""
substring before(null, "a") => null
substring after("a", null) => null
substring after(string: "foobar", match: "ob") => "ar"
"""


@pytest.mark.parametrize(("text", "wanted"), cases(PARTS_BEFORE_AND_AFTER))
def test_parts_before_and_after(text, wanted):
    assert same(value_of(text), value_of(wanted))


CONTAINS_STARTS_AND_ENDS = r"""
contains("foobar", "of") => false
contains("foobar", "oba") => true
contains("foobar", "") => true
contains(null, "a") => null
contains("a", null) => null
starts with("foobar", "fo") => true
starts with("foobar", "") => true
starts with("foobar", "ar") => false
ends with("foobar", "r") => true
ends with("foobar", "foobarfoobar") => false
ends with(string: "foobar", match: "r") => true
starts with(1, "a") => null
"""


@pytest.mark.parametrize(("text", "wanted"), cases(CONTAINS_STARTS_AND_ENDS))
def test_contains_starts_and_ends(text, wanted):
    assert same(value_of(text), value_of(wanted))


MATCHES_SEARCHES_ANYWHERE_BY_XPATH_EXPRESSIONS = r"""
matches("foobar", "^fo*b") => true
matches("foobar", "oba") => true
matches("foobar", "^bar") => false
matches("foobar", "^Fo*bar", "i") => true
matches("foobar", "o{2}") => true
matches("foobar", "o{3,}") => false
matches("foo\nbar", "foo.bar") => false
matches("foo\nbar", "foo.bar", "s") => true
matches("foo\nbar", "^bar$") => false
matches("foo\nbar", "^bar$", "m") => true
matches("hello world", "hello\\ sworld", "x") => true
matches("hello world", "hello[ ]world", "x") => true
matches("a.b", "a.b", "q") => true
matches("axb", "a.b", "q") => false
matches("abc", "\\d") => false
matches("abc1", "\\d$") => true
matches("abc", "(a|b)c") => true
matches("abracadabra", "(a|b)(.*)\\1") => true
matches("a", "\\p{L}") => true
matches("a", "\\p{Lu}") => false
matches("ắ", "\\p{IsLatinExtendedAdditional}") => true
matches("5", "[\\d-[5]]") => false
matches("", "") => true
matches("a", "") => true
matches(input: "abc", pattern: "B", flags: "i") => true
matches("abc", "abc", "") => true
matches("abc", "abc", null) => true
"""


@pytest.mark.parametrize(("text", "wanted"), cases(MATCHES_SEARCHES_ANYWHERE_BY_XPATH_EXPRESSIONS))
def test_matches_searches_anywhere_by_xpath_expressions(text, wanted):
    assert same(value_of(text), value_of(wanted))


WHAT_IS_NO_PATTERN_OR_FLAG_GIVES_NULL = r"""
matches("foobar", "[a-z") => null
matches("abc", "(") => null
matches("abc", "a(?=b)") => null
matches("abc", "*a") => null
matches("abc", "abc", "z") => null
matches("abc", "\\1") => null
matches(null, "a") => null
matches("a", null) => null
matches(1, "a") => null
"""


@pytest.mark.parametrize(("text", "wanted"), cases(WHAT_IS_NO_PATTERN_OR_FLAG_GIVES_NULL))
def test_what_is_no_pattern_or_flag_gives_null(text, wanted):
    assert same(value_of(text), value_of(wanted))


REPLACE_PUTS_GROUPS_IN = r"""
replace("abcd", "(ab)|(a)", "[1=$1][2=$2]") => "[1=ab][2=]cd"
replace("abracadabra", "bra", "*") => "a*cada*"
replace("abracadabra", "a.*a", "*") => "*"
replace("abracadabra", "a.*?a", "*") => "*c*bra"
replace("abracadabra", "a", "") => "brcdbr"
replace("AAAA", "A+", "b") => "b"
replace("AAAA", "A+?", "b") => "bbbb"
replace("darted", "^(.*?)d(.*)$", "$1c$2") => "carted"
replace("abc", "b", "$0$0") => "abbc"
replace("abc", "b", "\\$") => "a$c"
replace("abc", "B", "x", "i") => "axc"
replace("a.b.c", ".", "-", "q") => "a-b-c"
replace("abc", "x", "-") => "abc"
replace("", "x", "-") => ""
replace(input: "abc", pattern: "b", replacement: "x") => "axc"
replace(input: "abc", pattern: "B", replacement: "x", flags: "i") => "axc"
replace("abc", "", "-") => null
replace("abc", ".*", "-") => null
replace("abc", "[", "x") => null
replace("abc", "b", "$") => null
replace("abc", "b", "\\") => null
replace("abc", "b", null) => null
"""


@pytest.mark.parametrize(("text", "wanted"), cases(REPLACE_PUTS_GROUPS_IN))
def test_replace_puts_groups_in(text, wanted):
    assert same(value_of(text), value_of(wanted))


SPLIT_AND_JOIN = r"""
split("John Doe", "\\s") => ["John", "Doe"]
split("a;b;c;;", ";") => ["a", "b", "c", "", ""]
split(";a", ";") => ["", "a"]
split("abc", "x") => ["abc"]
split("", ",") => [""]
split("a1b22c", "\\d+") => ["a", "b", "c"]
split("abc", "") => null
split("abc", "[") => null
split(null, ",") => null
split(string: "a,b", delimiter: ",") => ["a", "b"]
string join(["a", "b", "c"], "_and_") => "a_and_b_and_c"
string join(["a", "b"], "") => "ab"
string join(["a", "b"], null) => "ab"
string join(["a", "b"]) => "ab"
string join(["a", null, "c"], "-") => "a-c"
string join([], "-") => ""
string join("a", "-") => "a"
string join(["a", 1], "-") => null
string join(null, "-") => null
string join(list: ["a", "b"], delimiter: "-") => "a-b"
"""


@pytest.mark.parametrize(("text", "wanted"), cases(SPLIT_AND_JOIN))
def test_split_and_join(text, wanted):
    assert same(value_of(text), value_of(wanted))
