"""DMN 1.5, 10.3.2.13: if, then, else."""

import pytest

from .feel import cases, same, value_of

ONLY_TRUE_TAKES_THE_FIRST_BRANCH = r"""
if true then 1 else 2 => 1
if false then 1 else 2 => 2
if null then 1 else 2 => 2
if 1 < 2 then "a" else "b" => "a"
if 1 < null then "a" else "b" => "b"
if false then 1 else if true then 2 else 3 => 2
if true then if false then 1 else 2 else 3 => 2
(if true then 1 else 2) + 1 => 2
if true then 1 else 2 + 1 => 1
"""


@pytest.mark.parametrize(("text", "wanted"), cases(ONLY_TRUE_TAKES_THE_FIRST_BRANCH))
def test_only_true_takes_the_first_branch(text, wanted):
    assert same(value_of(text), value_of(wanted))


A_CONDITION_OF_ANOTHER_KIND_IS_NULL = r"""
if "a" then 1 else 2 => null
if 1 then 1 else 2 => null
if [true] then 1 else 2 => null
if {} then 1 else 2 => null
"""


@pytest.mark.parametrize(("text", "wanted"), cases(A_CONDITION_OF_ANOTHER_KIND_IS_NULL))
def test_a_condition_of_another_kind_is_null(text, wanted):
    assert same(value_of(text), value_of(wanted))


ALL_THREE_PARTS_MUST_STAND = r"""
if true then 1 => null
if true else 2 => null
"""


@pytest.mark.parametrize(("text", "wanted"), cases(ALL_THREE_PARTS_MUST_STAND))
def test_all_three_parts_must_stand(text, wanted):
    assert same(value_of(text), value_of(wanted))
