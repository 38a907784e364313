"""DMN 1.5, 10.3.2.6: contexts, their entries and their scopes."""

import pytest

from .feel import cases, same, value_of

AN_ENTRY_SEES_THE_ENTRIES_BEFORE_IT = r"""
{a: 1, b: a + 1} => {a: 1, b: 2}
{a: 1, b: a + 1, c: a + b}.c => 3
{b: a, a: 1} => {b: null, a: 1}
{a: 1, b: {c: a}}.b.c => 1
{a: 1, b: {a: 2, c: a}}.b.c => 2
{a b: 1, c: a b + 1}.c => 2
{a: function(x) x + 1, b: a(2)}.b => 3
{f: function(n: number) n * 2, r: for i in 1..2 return f(i)}.r => [2, 4]
{"a": 1}.a => 1
{"": 1} => {"": 1}
{"a b": 1, "c": a b}.c => 1
{if: 1} => {if: 1}
{a: 1, a: 2} => null
{a: null} => {a: null}
{} => {}
"""


@pytest.mark.parametrize(("text", "wanted"), cases(AN_ENTRY_SEES_THE_ENTRIES_BEFORE_IT))
def test_an_entry_sees_the_entries_before_it(text, wanted):
    assert same(value_of(text), value_of(wanted))
