"""A fact as a register gave it: three-valued, with source, as-of moment and the reason for an unknown."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Literal

Value = str | int | Decimal | bool | date | bytes
Answer = Literal["yes", "no", "unknown", "known"]
Json = dict[str, str | None]


class Because(StrEnum):
    """Why the answer is what it is; every value except the first two goes with ``unknown``."""

    RECORD = "record"
    NO_RECORD = "no_record"
    ABSENT = "absent"
    EMPTY = "empty"
    CONFLICTING = "conflicting"
    STALE = "stale"
    SILENT = "silent"
    NOT_LOADED = "not_loaded"
    NOTHING_TO_ASK_WITH = "nothing_to_ask_with"


REASONS: dict[Because, tuple[str, str]] = {
    Because.RECORD: ("Có dữ liệu trong nguồn.", "The source holds a record."),
    Because.NO_RECORD: (
        "Nguồn không có dữ liệu, và nguồn này ghi đủ mọi trường hợp.",
        "The source holds no record, and it is complete for this question.",
    ),
    Because.ABSENT: (
        "Nguồn không có dữ liệu; điều đó chưa đủ để kết luận là không.",
        "The source holds no record; that alone does not mean no.",
    ),
    Because.EMPTY: (
        "Nguồn có ghi nhận nhưng bỏ trống mục này.",
        "The source has a record but left this empty.",
    ),
    Because.CONFLICTING: (
        "Nguồn có các ghi nhận trái ngược nhau.",
        "The source holds records that contradict each other.",
    ),
    Because.STALE: ("Dữ liệu của nguồn đã quá cũ.", "The data of the source is too old."),
    Because.SILENT: ("Nguồn không trả lời kịp thời.", "The source did not answer in time."),
    Because.NOT_LOADED: ("Nguồn chưa được nạp dữ liệu.", "The source has not been loaded yet."),
    Because.NOTHING_TO_ASK_WITH: (
        "Thiếu thông tin để tra cứu nguồn này.",
        "What is needed to look this up is itself not known.",
    ),
}


@dataclass(frozen=True, slots=True)
class Fact:
    """One answer. ``value`` is set only when ``answer`` is ``known``, or true/false for ``yes``/``no``."""

    name: str
    value: Value | None
    answer: Answer
    register: str
    source_title: str
    source_title_en: str
    as_of: datetime | None
    because: Because
    asked_at: datetime

    def reason(self, language: str) -> str:
        """Return the reason as a sentence, in English for ``en`` and else in Vietnamese."""
        vietnamese, english = REASONS[self.because]
        return english if language == "en" else vietnamese

    def to_json(self) -> Json:
        """Return a flat object of strings and nulls that :meth:`from_json` turns back into an equal fact."""
        kind, text = written_value(self.value)
        return {
            "name": self.name,
            "value": text,
            "value_type": kind,
            "answer": self.answer,
            "register": self.register,
            "source_title": self.source_title,
            "source_title_en": self.source_title_en,
            "as_of": self.as_of.isoformat() if self.as_of else None,
            "because": self.because.value,
            "asked_at": self.asked_at.isoformat(),
        }

    @staticmethod
    def from_json(stored: Json) -> "Fact":
        """Rebuild a fact. Raises ``KeyError`` or ``ValueError`` for what :meth:`to_json` did not write."""
        as_of = stored["as_of"]
        return Fact(
            name=_text(stored, "name"),
            value=_read(stored["value_type"], stored["value"]),
            answer=_answer(_text(stored, "answer")),
            register=_text(stored, "register"),
            source_title=_text(stored, "source_title"),
            source_title_en=_text(stored, "source_title_en"),
            as_of=datetime.fromisoformat(as_of) if as_of else None,
            because=Because(_text(stored, "because")),
            asked_at=datetime.fromisoformat(_text(stored, "asked_at")),
        )


def _text(stored: Json, key: str) -> str:
    value = stored[key]
    if value is None:
        raise ValueError(f"a stored fact has no {key}")
    return value


def _answer(text: str) -> Answer:
    known: dict[str, Answer] = {"yes": "yes", "no": "no", "unknown": "unknown", "known": "known"}
    if text not in known:
        raise ValueError(f"a stored fact has the answer {text!r}")
    return known[text]


_WRITERS: tuple[tuple[type, str, Callable[[Any], str]], ...] = (  # Any: each writer takes its own type
    # bool stands before int, because a bool is an int.
    (bool, "boolean", lambda value: "true" if value else "false"),
    (int, "integer", str),
    (Decimal, "decimal", str),
    (date, "date", date.isoformat),
    (bytes, "person", bytes.hex),
    (str, "text", str),
)
_READERS: dict[str, Callable[[str], Value]] = {
    "boolean": lambda text: text == "true",
    "integer": int,
    "decimal": Decimal,
    "date": date.fromisoformat,
    "person": bytes.fromhex,
    "text": str,
}


def value_as_text(value: Value) -> str:
    """Return the value as a register writes it: ISO date, decimal point, true/false, hexadecimal key."""
    return written_value(value)[1] or ""


def written_value(value: Value | None) -> tuple[str | None, str | None]:
    """Return the kind of a value and its text, as they are stored."""
    for python_type, kind, write in _WRITERS:
        if isinstance(value, python_type):
            return kind, write(value)
    return None, None


def _read(kind: str | None, text: str | None) -> Value | None:
    if kind is None or text is None:
        return None
    if kind not in _READERS:
        raise ValueError(f"a stored fact has a value of type {kind!r}")
    return _READERS[kind](text)
