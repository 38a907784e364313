"""The citizen number: a value that checks itself, prints masked and never leaves in clear by accident."""

import hmac
import re
from datetime import date
from typing import NoReturn, Self

from motcua.identity.provinces import PROVINCES
from motcua.identity.sealing import seal, unseal
from motcua.identity.secrets import key_for
from motcua.identity.states import Sex

# Decree 137/2015/ND-CP, article 13, in short: the fourth digit says the century and the sex.
_CENTURIES = {
    "0": (1900, Sex.MALE),
    "1": (1900, Sex.FEMALE),
    "2": (2000, Sex.MALE),
    "3": (2000, Sex.FEMALE),
    "4": (2100, Sex.MALE),
    "5": (2100, Sex.FEMALE),
}
_SEPARATORS = re.compile(r"[\s.\-]+")
_SHAPE = re.compile(r"[0-9]{12}", re.ASCII)
_LOOKUP = "person number lookup"
_SEALING = "person number"


class NumberRefused(ValueError):
    """The text is not a citizen number; says why in both languages and never repeats the text."""

    vi = "Số định danh cá nhân không hợp lệ; hãy xem lại số trên thẻ căn cước."
    en = "The citizen number is not valid; look at the number on the identity card again."

    def __str__(self) -> str:
        return self.vi

    def in_language(self, language: str) -> str:
        """Return the English sentence for ``en``, otherwise the Vietnamese one."""
        return self.en if language == "en" else self.vi


class NotTwelveDigits(NumberRefused):
    """The text has another length, or signs that are no digits."""

    vi = "Số định danh cá nhân phải gồm đúng 12 chữ số; hãy xem lại số trên thẻ căn cước."
    en = "The citizen number must have exactly 12 digits; look at the number on the identity card again."


class ProvinceNotKnown(NumberRefused):
    """The first three digits name no province of registration."""

    vi = (
        "Ba chữ số đầu phải là mã tỉnh, thành phố nơi đăng ký khai sinh; hãy xem lại số trên thẻ căn cước. "
        "Nếu khai sinh ở nước ngoài, hãy nộp tại Trung tâm Phục vụ hành chính công."
    )
    en = (
        "The first three digits must be the code of the province where the birth was registered; look at the "
        "identity card again. If the birth was registered abroad, apply at a public service centre."
    )


class CenturyNotKnown(NumberRefused):
    """The fourth digit stands for no century."""

    vi = "Chữ số thứ tư (thế kỷ và giới tính) phải từ 0 đến 5; hãy xem lại số trên thẻ căn cước."
    en = "The fourth digit (century and sex) must be from 0 to 5; look at the identity card again."


class BornInTheFuture(NumberRefused):
    """The year in the number has not come yet."""

    vi = "Năm sinh trong số định danh cá nhân chưa tới; hãy xem lại số trên thẻ căn cước."
    en = "The year of birth in the citizen number has not come yet; look at the identity card again."


class PersonNumber:
    """Twelve digits: province of registration, century and sex, year of birth, serial; no check digit.

    Text, ``repr`` and formatting are masked, and pickling is refused, so that a number reaches no log,
    cache or job. It is stored as ``key()`` to look up and ``seal()`` to open; only ``digits`` shows it.
    """

    __slots__ = ("_digits",)
    _digits: str

    def __init__(self, digits: str) -> None:
        """Check the twelve digits; raises a ``NumberRefused``."""
        if not _SHAPE.fullmatch(digits):
            raise NotTwelveDigits
        if digits[:3] not in PROVINCES:
            raise ProvinceNotKnown
        if digits[3] not in _CENTURIES:
            raise CenturyNotKnown
        object.__setattr__(self, "_digits", digits)

    @classmethod
    def parse(cls, text: str, *, on: date | None = None) -> Self:
        """Read a number as people type it, with spaces, dots or hyphens between digits.

        Raises a ``NumberRefused``; with ``on`` also ``BornInTheFuture``.
        """
        number = cls(_SEPARATORS.sub("", text[:60]))
        if on is not None and number.birth_year > on.year:
            raise BornInTheFuture
        return number

    @classmethod
    def unseal(cls, sealed: bytes) -> Self:
        """Open a sealed number; raises ``NotSealedHere``."""
        return cls(unseal(sealed, _SEALING).decode("ascii"))

    def seal(self) -> bytes:
        """Return the number sealed for the database; twice the same number gives different bytes."""
        return seal(self._digits.encode("ascii"), _SEALING)

    def key(self) -> bytes:
        """Return the 32 bytes by which the person is found: HMAC-SHA256 under this installation's key."""
        return hmac.digest(key_for(_LOOKUP), self._digits.encode("ascii"), "sha256")

    @property
    def digits(self) -> str:
        """Return the number in clear; for a register or a result that the law wants it on, never a log."""
        return self._digits

    @property
    def province_code(self) -> str:
        """Return the three digits of the province where the birth was registered."""
        return self._digits[:3]

    @property
    def birth_year(self) -> int:
        """Return the year of birth with its century."""
        return _CENTURIES[self._digits[3]][0] + int(self._digits[4:6])

    @property
    def sex(self) -> Sex:
        """Return the sex at registration."""
        return _CENTURIES[self._digits[3]][1]

    @property
    def masked(self) -> str:
        """Return the number as pages show it: the last three digits only."""
        return f"•••••••••{self._digits[-3:]}"

    def __repr__(self) -> str:
        return f"PersonNumber(…{self._digits[-3:]})"

    __str__ = __repr__

    def __format__(self, specification: str) -> str:
        return format(repr(self), specification)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PersonNumber) and self._digits == other._digits

    def __hash__(self) -> int:
        return hash(self._digits)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError("a PersonNumber does not change")

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a PersonNumber is not pickled; pass its key()")
