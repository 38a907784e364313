"""Regular expressions of XPath: what matches, what is refused, and that none takes for ever."""

import pytest

from motcua.rules import WorkExceeded
from motcua.rules.regex import pattern
from motcua.rules.work import MOST_STEPS, begin_work, left, spend


@pytest.mark.parametrize(
    ("expression", "text", "flags", "found"),
    [
        ("abc", "xabcx", "", True),
        ("^abc$", "abc", "", True),
        ("^b", "a\nb", "", False),
        ("^b", "a\nb", "m", True),
        ("a$", "a\nb", "m", True),
        ("a.b", "a\nb", "", False),
        ("a.b", "a\nb", "s", True),
        ("a b", "ab", "x", True),
        ("a[ ]b", "a b", "x", True),
        (r"a\ b", "ab", "x", None),
        ("A", "a", "i", True),
        ("[^X]", "x", "i", False),
        ("[^A-Z]", "q", "i", False),
        (r"\p{Lu}", "a", "i", False),
        (r"[\p{Lu}]", "a", "i", False),
        (r"[\n]", "\n", "i", True),
        (r"\n", "\n", "i", True),
        ("^$", "abc\n", "m", False),
        ("^$", "abc\n\nd", "m", True),
        ("c$", "abc\n", "m", True),
        ("^", "", "m", True),
        ("$", "", "m", True),
        ("[A-C]", "b", "i", True),
        ("a.b", "axb", "q", False),
        ("A.", "xa.", "qi", True),
        (r"\d+", "Mã 043", "", True),
        (r"^\w+$", "Đà", "", True),
        (r"^\W$", "-", "", True),
        (r"^\S\s\D$", "a b", "", True),
        (r"^\i\c*$", "a-b.c", "", True),
        (r"^\I$", "1", "", True),
        (r"^\C$", " ", "", True),
        (r"^\p{Lu}\p{L}$", "Đà", "", True),
        (r"\P{L}", "abc", "", False),
        (r"^\p{IsLatinExtendedAdditional}$", "ế", "", True),
        (r"\p{IsNowhere}", "a", "", None),
        (r"\p{Lu", "a", "", None),
        (r"\pL", "a", "", None),
        ("[a-z-[aeiou]]", "e", "", False),
        ("[a-z-[aeiou]]", "f", "", True),
        ("[^a-c]", "d", "", True),
        (r"[\d-]", "-", "", True),
        (r"[\n\t\]]", "]", "", True),
        (r"[\w]", "a", "", True),
        ("[-a]", "-", "", True),
        ("a{2}", "aa", "", True),
        ("^a{2,3}$", "aaaa", "", False),
        ("^a{2,}$", "aaaa", "", True),
        ("^a{0}b$", "b", "", True),
        ("^(a|b)*?c$", "abc", "", True),
        ("^a??b", "ab", "", True),
        ("^a+?$", "aaa", "", True),
        ("^(?:ab)+$", "abab", "", True),
        (r"^(a)(b)\2\1$", "abba", "", True),
        (r"^(a)\1$", "aA", "i", True),
        (r"^(?:(a)|b)\1$", "b", "", True),
        (r"(a)\10", "aa0", "", True),
        (r"^(a)(a)(a)(a)(a)(a)(a)(a)(a)(b)\10$", "aaaaaaaaabb", "", True),
        ("^(a|ab)(c|bcd)(d*)$", "abcd", "", True),
        ("", "abc", "", True),
        ("a|", "b", "", True),
        ("[", "a", "", None),
        ("[]", "a", "", None),
        ("[a", "a", "", None),
        ("[a-[b]", "a", "", None),
        ("[a-[b]c]", "a", "", None),
        ("[z-a]", "a", "", None),
        ("[a-c-e]", "a", "", None),
        (r"[a-\d]", "a", "", None),
        ("[a[b]]", "a", "", None),
        ("(", "a", "", None),
        (")", "a", "", None),
        ("*", "a", "", None),
        ("a**", "a", "", None),
        ("a{2,1}", "a", "", None),
        ("a{x}", "a", "", None),
        ("a{1", "a", "", None),
        (r"\1(a)", "a", "", None),
        (r"\y", "a", "", None),
        ("\\", "a", "", None),
        ("(" * 60 + ")" * 60, "a", "", None),
        ("[a-[b-" * 30, "a", "", None),
    ],
)
def test_match(expression, text, flags, found):
    made = pattern(expression, flags)

    if found is None:
        assert made is None
    else:
        assert made is not None
        assert (made.search(text) is not None) is found


@pytest.mark.parametrize(
    "expression", ["^(a+)+$", "^(a|a)*$", "^(a*)*b$", "(x+x+)+y", "^([a-z]+)*$", "(.*a){12}b"]
)
def test_catastrophic_patterns_take_linear_time(expression):
    made = pattern(expression, "")

    assert made is not None
    assert made.search("a" * 2000 + "!") is None


def test_a_pattern_with_back_references_is_stopped():
    made = pattern(r"^(a*)(a*)(a*)(a*)(a*)\1b$", "")

    assert made is not None
    # Most of the work of this evaluation is done: what is left is counted all the same.
    begin_work()
    spend(MOST_STEPS - 50_000)
    with pytest.raises(WorkExceeded, match="steps of a regular expression"):
        made.search("a" * 300)
    assert left() == MOST_STEPS


@pytest.mark.parametrize("expression", ["a{99999}", "(a{99}){99}", "(" + "a{90}" * 20 + "){90}", "a" * 6000])
def test_a_pattern_that_grows_too_large_is_refused(expression):
    with pytest.raises(WorkExceeded):
        pattern(expression, "")


def test_a_plain_pattern_may_not_be_too_long():
    with pytest.raises(WorkExceeded):
        pattern("a" * 6000, "q")
