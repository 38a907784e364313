"""How this installation writes its log: one line per record, and no number that could be a person's."""

import logging
import re

# Citizen numbers have 12 digits, older identity numbers 9, telephone numbers 10 beginning with 0.
_NUMBER_OF_A_PERSON = re.compile(r"(?<!\w)(?<!\d\.)(?:\d{12}|\d{9}|0\d{9})(?!\w)(?!\.\d)")


class WithoutPersons(logging.Formatter):
    """Masks, also inside tracebacks, every run of digits that could name a person; the last three stay."""

    def format(self, record: logging.LogRecord) -> str:
        """Format as usual, then mask."""
        return mask(super().format(record))


def mask(text: str) -> str:
    """Replace numbers of persons in ``text`` by an ellipsis and their last three digits."""
    return _NUMBER_OF_A_PERSON.sub(lambda found: f"…{found.group()[-3:]}", text)
