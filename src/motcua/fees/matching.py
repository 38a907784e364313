"""Finds the number of a case in what people really write into the purpose of a transfer.

Pure. A number is told by its date and sequence, fifteen digits: of one installation no two cases share them.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from motcua.fees.vietqr import LONGEST_PURPOSE

DIGITS = 15
# What is left of a number that a bank cut must still hold the day and part of the sequence, or all of the sequence.
FEWEST_HEAD, FEWEST_TAIL = 11, 9
_MISREAD = str.maketrans("OQIL", "0011")


@dataclass(frozen=True, slots=True)
class Traces:
    """What a purpose holds of numbers: whole ones, and what a bank may have left of one at either end."""

    whole: frozenset[str]
    heads: frozenset[str]
    tails: frozenset[str]


def key_of(case_number: str) -> str:
    """Return date and sequence of a number: ``202611220000123`` for ``H17-20261122-0000123``."""
    return plain(case_number)[-DIGITS:]


def purpose_of(case_number: str) -> str:
    """Return what the payer's bank is told: the number without dashes, since banks drop them anyway."""
    return plain(case_number)[-LONGEST_PURPOSE:]


def plain(text: str) -> str:
    """Return letters and digits alone, in capitals, without accents."""
    parts = unicodedata.normalize("NFKD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(sign for sign in parts.upper() if sign.isascii() and sign.isalnum())


def traces_in(text: str) -> Traces:
    """Return every number that the text may hold; O read for 0 and I or L for 1 only where nothing else is found."""
    written = plain(text)
    whole = _whole(written)
    if not whole:
        whole = _whole(written.translate(_MISREAD))
    return Traces(whole, _heads(written), _tails(written))


def _whole(written: str) -> frozenset[str]:
    windows = (match[1] for match in re.finditer(r"(?=(20[0-9]{13}))", written))
    return frozenset(each for each in windows if _is_day(each[:8]))


def _heads(written: str) -> frozenset[str]:
    """Return numbers whose end the bank cut: digits at the very end of the text that begin with a day."""
    digits = re.search(r"[0-9]+$", written)
    if digits is None:
        return frozenset()
    run = digits[0]
    ends = (run[at:] for at in range(max(0, len(run) - DIGITS + 1), len(run)))
    return frozenset(each for each in ends if len(each) >= FEWEST_HEAD and _is_day(each[:8]))


def _tails(written: str) -> frozenset[str]:
    """Return numbers whose beginning the bank cut: digits at the very beginning of the text."""
    digits = re.match(r"[0-9]+", written)
    if digits is None or not FEWEST_TAIL <= len(digits[0]) < DIGITS:
        return frozenset()
    return frozenset({digits[0]})


def _is_day(digits: str) -> bool:
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return digits.startswith("20")
