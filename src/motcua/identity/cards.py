"""The QR of an identity card, as a scanner types it."""

import unicodedata
from dataclasses import dataclass
from datetime import date, datetime

from motcua.identity.states import Sex

LONGEST = 1_000
_PARTS = 5
_SEXES = {"nam": Sex.MALE, "nữ": Sex.FEMALE, "nu": Sex.FEMALE}


class CardNotRead(ValueError):
    """The text is not that of the QR of an identity card; says why in both languages and never repeats the text."""

    vi = "Chưa đọc được mã QR trên thẻ. Quét lại mã QR ở mặt có ảnh, hoặc gõ từng mục bên dưới."
    en = "The QR of the card could not be read. Scan the QR on the side with the photograph, or type each item below."

    def __str__(self) -> str:
        return self.vi


@dataclass(frozen=True, slots=True)
class CardRead:
    """What a card says: the number as it stands there, name, date of birth, and sex if it is told."""

    number: str
    full_name: str
    born_on: date
    sex: Sex | None


def read_card(text: str) -> CardRead:
    """Read ``number|old number|name|ddmmyyyy|sex|address|day of issue``; what follows is left aside.

    The number is not checked here. Raises ``CardNotRead``.
    """
    parts = [part.strip() for part in unicodedata.normalize("NFC", text[:LONGEST]).strip().split("|")]
    if len(parts) < _PARTS or not parts[0].isdecimal() or not parts[2]:
        raise CardNotRead
    try:
        # ``strptime`` takes one digit for two as well: a day that was cut is no day.
        if len(parts[3]) != len("ddmmyyyy") or not parts[3].isascii():
            raise CardNotRead
        born_on = datetime.strptime(parts[3], "%d%m%Y").date()  # noqa: DTZ007 - a date of birth has no zone
    except ValueError:
        raise CardNotRead from None
    return CardRead(parts[0], " ".join(parts[2].split()), born_on, _SEXES.get(parts[4].casefold()))
