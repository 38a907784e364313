"""What a directive may set: the type of each parameter, its range, and whether it differs from place to place."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from motcua.directives.complaints import Words, did_you_mean

ParameterType = Literal["text", "integer", "decimal", "date", "boolean"]
ParameterValue = str | int | Decimal | date | bool
_FORMS: dict[str, str] = {
    "integer": r"-?[0-9]{1,18}",
    "decimal": r"-?[0-9]{1,24}(\.[0-9]{1,12})?",
    "date": r"[0-9]{4}-[0-9]{2}-[0-9]{2}",
    "boolean": r"true|false",
}
_READ: dict[str, Callable[[str], ParameterValue]] = {
    "text": str,
    "integer": int,
    "decimal": Decimal,
    "date": date.fromisoformat,
    "boolean": lambda text: text == "true",
}
_EXAMPLES = {"integer": "14", "decimal": "0.5", "date": "2026-09-28", "boolean": "true, false"}
LONGEST_TEXT = 500


class ValueRefused(ValueError):
    """The value is none that the parameter takes; says why and what to do, in both languages."""

    def __init__(self, what: Words, remedy: Words) -> None:
        self.what, self.remedy = what, remedy
        super().__init__(f"{what.en}. {remedy.en}")


@dataclass(frozen=True, slots=True)
class ParameterSpec:
    """A parameter of law: ``<register>.<column>`` of a register that is kept by directives.

    ``by_place`` tells whether single places may have values of their own. The bounds are as written.
    """

    address: str
    type: ParameterType
    label: Words
    title: Words
    allowed: tuple[str, ...] = ()
    minimum: str | None = None
    maximum: str | None = None
    by_place: bool = True

    @property
    def register(self) -> str:
        """The register that offers it."""
        return self.address.partition(".")[0]

    @property
    def column(self) -> str:
        """Its column there."""
        return self.address.partition(".")[2]

    def read(self, text: str) -> ParameterValue:
        """Return the value that the text means; raises ``ValueRefused``."""
        if self.type == "text":
            if len(text) > LONGEST_TEXT or not text.isprintable():
                raise ValueRefused(
                    Words(
                        "chữ quá dài hoặc có ký tự điều khiển",
                        "the text is too long or has control characters",
                    ),
                    Words("Hãy rút gọn.", "Shorten it."),
                )
        elif not re.fullmatch(_FORMS[self.type], text, re.ASCII):
            raise self._other_type(text)
        if self.allowed and text not in self.allowed:
            listed = ", ".join(self.allowed)
            raise ValueRefused(
                Words(
                    f"“{text}” không thuộc các giá trị cho phép ({listed})",
                    f'"{text}" is not an allowed value ({listed})',
                ),
                did_you_mean(text, self.allowed),
            )
        try:
            value = _READ[self.type](text)
        except ValueError:
            raise self._other_type(text) from None
        self._refuse_outside(value, text)
        return value

    def _other_type(self, text: str) -> ValueRefused:
        example = _EXAMPLES[self.type]
        return ValueRefused(
            Words(f"“{text}” không đúng kiểu của tham số", f'"{text}" is no value of the type {self.type}'),
            Words(f"Viết như {example}.", f"Write it like {example}."),
        )

    def _refuse_outside(self, value: ParameterValue, text: str) -> None:
        low = None if self.minimum is None else _READ[self.type](self.minimum)
        high = None if self.maximum is None else _READ[self.type](self.maximum)
        # Both sides are of the one type of this parameter.
        below = low is not None and value < low  # type: ignore[operator]
        above = high is not None and value > high  # type: ignore[operator]
        if below or above:
            bounds = f"{self.minimum or '…'}–{self.maximum or '…'}"
            raise ValueRefused(
                Words(f"{text} nằm ngoài khoảng {bounds}", f"{text} is out of the range {bounds}"),
                Words(f"Ghi một giá trị trong khoảng {bounds}.", f"Write a value in {bounds}."),
            )


def written(value: ParameterValue) -> str:
    """Return the value as a register writes it: ISO date, decimal point, true or false."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date) else str(value)
