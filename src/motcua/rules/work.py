"""Bounds the work and the growth of one evaluation: every loop, list, text and call is counted."""

from __future__ import annotations

import threading
from typing import Any

from motcua.rules.errors import WorkExceeded

MOST_STEPS = 2_000_000
LONGEST_TEXT = 1_000_000
# A step is about one item of a list, one call, or so many characters of text.
CHARACTERS_A_STEP = 50
STEPS_A_CALL = 5
_work = threading.local()


def begin_work() -> None:
    """Start counting the steps of one evaluation."""
    _work.left = MOST_STEPS


def spend(steps: int) -> None:
    """Count steps; WorkExceeded when one evaluation takes more than MOST_STEPS of them."""
    left = getattr(_work, "left", MOST_STEPS) - steps
    _work.left = left
    if left < 0:
        _work.left = MOST_STEPS
        raise WorkExceeded("the steps", MOST_STEPS)


def left() -> int:
    """Return how many steps the evaluation may still take."""
    return getattr(_work, "left", MOST_STEPS)


def spend_on(value: Any) -> None:
    """Count the steps of reading or making a value once: a list by its items, a text by its length."""
    kind = type(value)
    if kind is list:
        spend(len(value))
    elif kind is str and len(value) >= CHARACTERS_A_STEP:
        hold_text(len(value))


def hold_text(length: int) -> None:
    """Count the steps of a text; WorkExceeded when it is longer than LONGEST_TEXT."""
    if length > LONGEST_TEXT:
        raise WorkExceeded("the length of a text", LONGEST_TEXT)
    spend(length // CHARACTERS_A_STEP)


def weigh(value: Any) -> None:
    """Count every part of a value, and a part that stands in two places twice.

    Lists share what they hold, so a few steps can build what would take years to write.
    """
    stack = [value]
    while stack:
        one = stack.pop()
        if type(one) is list:
            spend(len(one) + 1)
            stack.extend(one)
        elif type(one) is dict:
            spend(len(one) + 1)
            stack.extend(one.values())
        else:
            spend_on(one)
