"""Texts in both languages, and dates, times and numbers as each language writes them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol

from django.utils import timezone
from django.utils.translation import get_language

VIETNAMESE_WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật")
ENGLISH_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
ENGLISH_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


class InTwoLanguages(Protocol):
    """Anything that can say itself in either language, such as a text of a pack."""

    def in_language(self, language: str, /) -> str:
        """Return the text in the language."""


@dataclass(frozen=True, slots=True)
class Bilingual:
    """One text in Vietnamese and in English; ``str()`` gives the language of the page."""

    vi: str
    en: str

    def in_language(self, language: str) -> str:
        """Return the English text for ``en``, otherwise the Vietnamese one."""
        return self.en if language == "en" else self.vi

    def filled(self, **values: object) -> "Bilingual":
        """Return the text with each ``{name}`` replaced; a value in two languages fills each its own."""
        return Bilingual(vi=_fill(self.vi, "vi", values), en=_fill(self.en, "en", values))

    def __str__(self) -> str:
        return self.in_language(current_language())


def current_language() -> str:
    """Return ``en`` when the page is asked for in English, otherwise ``vi``."""
    return "en" if (get_language() or "vi").startswith("en") else "vi"


def in_words(text: object) -> str:
    """Return a text in the language of the page; what has only one language is given as it is."""
    speak = getattr(text, "in_language", None)
    return str(speak(current_language())) if callable(speak) else str(text)


def date_in_words(day: date, language: str | None = None) -> str:
    """Return a day with its weekday: ``Thứ Sáu, 3/9/2021`` or ``Friday 3 September 2021``."""
    if isinstance(day, datetime):
        day = timezone.localtime(day).date() if timezone.is_aware(day) else day.date()
    if (language or current_language()) == "en":
        return f"{ENGLISH_WEEKDAYS[day.weekday()]} {day.day} {ENGLISH_MONTHS[day.month - 1]} {day.year}"
    return f"{VIETNAMESE_WEEKDAYS[day.weekday()]}, {day.day}/{day.month}/{day.year}"


def time_in_words(moment: datetime, language: str | None = None) -> str:
    """Return a moment in the city's time: ``Thứ Sáu, 3/9/2021, 14:05``."""
    local = timezone.localtime(moment) if timezone.is_aware(moment) else moment
    return f"{date_in_words(local.date(), language)}, {local:%H:%M}"


def short_date(day: date, language: str | None = None) -> str:
    """Return a day without its weekday: ``3/9/2021`` or ``3 September 2021``."""
    if isinstance(day, datetime):
        day = timezone.localtime(day).date() if timezone.is_aware(day) else day.date()
    if (language or current_language()) == "en":
        return f"{day.day} {ENGLISH_MONTHS[day.month - 1]} {day.year}"
    return f"{day.day}/{day.month}/{day.year}"


def number_in_words(number: float | Decimal, language: str | None = None) -> str:
    """Return a number with its groups: ``1.234.567,5`` in Vietnamese, ``1,234,567.5`` in English."""
    grouped = f"{number:,}"
    if (language or current_language()) == "en":
        return grouped
    return grouped.translate(str.maketrans(",.", ".,"))


def term_in_words(days: Decimal | None, hours: int) -> Bilingual:
    """Return a term as the law puts it: working days where the pack gives days, otherwise working hours."""
    in_days = days is not None
    if days == Decimal("0.5"):
        return Bilingual("nửa ngày làm việc", "half a working day")
    amount = f"{Decimal(hours if days is None else days).normalize():f}"
    plural = "" if amount == "1" else "s"
    return Bilingual(
        f"{amount.replace('.', ',')} {'ngày' if in_days else 'giờ'} làm việc",
        f"{amount} working {'day' if in_days else 'hour'}{plural}",
    )


def _fill(text: str, language: str, values: Mapping[str, object]) -> str:
    # One pass: a value that itself looks like {name} stays as it is.
    def value(match: re.Match[str]) -> str:
        if match[1] not in values:
            return match[0]
        speak = getattr(values[match[1]], "in_language", None)
        return str(speak(language)) if callable(speak) else str(values[match[1]])

    return re.sub(r"\{(\w+)\}", value, text)
