"""What a page hands to a component: small frozen values, in either language or both."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from motcua.web.ui.words import InTwoLanguages

Text = str | InTwoLanguages
Widget = Literal[
    "text",
    "textarea",
    "select",
    "radios",
    "checkbox",
    "checkboxes",
    "date",
    "place",
    "number",
    "password",
    "paper",
]


@dataclass(frozen=True, slots=True)
class FieldError:
    """One mistake: which field it is in, and what to do about it."""

    name: str
    message: Text

    @property
    def anchor(self) -> str:
        """Return the id of the control to jump to."""
        return f"field-{self.name}"


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer that may be chosen."""

    value: str
    label: Text
    hint: Text = ""


@dataclass(frozen=True, slots=True)
class FieldView:
    """A question with what was answered so far and what is wrong with it.

    ``value`` is the text as typed; for ``date`` the parts stand in ``parts`` (day, month, year),
    for ``checkboxes`` the chosen values in ``chosen``. For ``paper`` a ``note`` says what replaces it.
    """

    name: str
    label: Text
    widget: Widget = "text"
    value: str = ""
    hint: Text = ""
    error: Text = ""
    choices: tuple[Choice, ...] = ()
    chosen: frozenset[str] = frozenset()
    parts: tuple[str, str, str] = ("", "", "")
    required: bool = True
    max_length: int | None = None
    autocomplete: str = ""
    inputmode: str = ""
    heading: bool = False
    note: Text = ""

    @property
    def control_id(self) -> str:
        """Return the id of the first control, to which an error summary links."""
        return f"field-{self.name}"

    @property
    def described_by(self) -> str:
        """Return the ids of hint and error, in reading order."""
        return " ".join(f"{self.control_id}-{part}" for part in ("hint", "error") if str(getattr(self, part)))


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a summary: key, value, where the value comes from, and a way to change it."""

    key: Text
    value: Text
    source: Text = ""
    change_url: str = ""


@dataclass(frozen=True, slots=True)
class Crumb:
    """One step of the way back."""

    text: Text
    url: str


@dataclass(frozen=True, slots=True)
class Step:
    """One part of a form, and whether it lies behind, here or ahead."""

    label: Text
    state: Literal["done", "current", "ahead"]
    url: str = ""


@dataclass(frozen=True, slots=True)
class Moment:
    """One entry of a timeline; without ``at`` it has not happened yet."""

    title: Text
    at: datetime | None = None
    text: Text = ""
    by: Text = ""


@dataclass(frozen=True, slots=True)
class Pages:
    """Where a long list stands; ``address`` contains ``{page}``."""

    number: int
    last: int
    address: str = "?page={page}"

    @property
    def links(self) -> tuple[tuple[int, str], ...]:
        """Return page and address of the first, the last and the neighbours, in order; 0 marks a gap."""
        near = {1, self.last, self.number - 1, self.number, self.number + 1}
        pages = [page for page in range(1, self.last + 1) if page in near]
        links: list[tuple[int, str]] = []
        for page in pages:
            if links and page - links[-1][0] > 1:
                links.append((0, ""))
            links.append((page, self.of(page)))
        return tuple(links)

    @property
    def before(self) -> str:
        """Return the address of the page before, or nothing on the first."""
        return self.of(self.number - 1) if self.number > 1 else ""

    @property
    def after(self) -> str:
        """Return the address of the page after, or nothing on the last."""
        return self.of(self.number + 1) if self.number < self.last else ""

    def of(self, page: int) -> str:
        """Return the address of a page."""
        return self.address.replace("{page}", str(page))


def errors_of(mistakes: Mapping[str, Text] | Iterable[FieldError] | None) -> tuple[FieldError, ...]:
    """Return the mistakes in order, whichever way a view holds them."""
    if mistakes is None:
        return ()
    if isinstance(mistakes, Mapping):
        return tuple(FieldError(name, message) for name, message in mistakes.items())
    return tuple(mistakes)
