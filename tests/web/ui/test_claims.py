"""What was never answered is not told to whoever reads a pass."""

import pytest

from motcua.web.ui.claims import answered


@pytest.mark.parametrize("nothing", [None, "", "-", " – ", []])
def test_what_was_not_answered_is_left_out(nothing: object) -> None:
    assert answered({"n": "Trần Thị Sáu", "p": nothing, "b": 1991}) == {"n": "Trần Thị Sáu", "b": "1991"}


def test_several_values_stand_beside_each_other() -> None:
    assert answered({"d": ["Thứ Hai", "Thứ Tư"], "p": "43A-123.45"}) == {
        "d": "Thứ Hai, Thứ Tư",
        "p": "43A-123.45",
    }
