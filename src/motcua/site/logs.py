"""How this installation writes its log: one line per record, and no number that could be a person's."""

import logging
import re
import sys
import time
from typing import TextIO

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


class Lines:
    """Lines of one logger that are alike and very many, written together: a record of its own for each costs more
    than reading its request. In the form of ``settings.LOGGING``; used by one thread.
    """

    def __init__(self, name: str, stream: TextIO | None = None) -> None:
        self._name, self._stream = name, stream
        self._second, self._stamp = 0, ""
        self._waiting: list[str] = []

    def add(self, text: str, at: float) -> None:
        """Take a line in; ``at`` is in seconds since 1970."""
        second = int(at)
        if second != self._second:
            self._second, self._stamp = second, time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(second))
        thousandths = int((at - second) * 1000)
        self._waiting.append(f"{self._stamp},{thousandths:03d} INFO {self._name} {text}\n")

    def write(self) -> None:
        """Write what waits; a stream that is gone is not worth an answer."""
        if not self._waiting:
            return
        text, self._waiting = mask("".join(self._waiting)), []
        stream = self._stream or sys.stderr
        try:
            stream.write(text)
            stream.flush()
        except (OSError, ValueError):
            return
