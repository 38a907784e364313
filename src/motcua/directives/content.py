"""What a directive says, as strict types, read from YAML and refused with line, column and remedy.

docs/reference/directives.md describes the text. What needs the database (places, parameters, other directives) is
checked by ``directives.checks``.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Self

from django.utils import timezone
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PrivateAttr,
    StringConstraints,
    ValidationError,
    model_validator,
)
from pydantic_core import ErrorDetails, PydanticCustomError

from motcua.directives.complaints import Complaint, DirectiveRefused, Words, did_you_mean, first_of
from motcua.directives.reading import Place, Sheet, read_sheet

LONGEST_UNDO_HOURS = 168
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]
Number = Annotated[str, StringConstraints(pattern=r"^[0-9A-ZĐ][0-9A-Za-zĐđ./-]{0,39}$")]
PlaceCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{2,5}$")]
Address = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,39}\.[a-z][a-z0-9_]{1,39}$")]
Service = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$", max_length=60)]


def _fault(vi: str, en: str, remedy_vi: str, remedy_en: str) -> PydanticCustomError:
    return PydanticCustomError("said", "{en}", {"vi": vi, "en": en, "remedy": Words(remedy_vi, remedy_en)})


# No law of this platform is older or lasts longer; at the ends of the calendar no time zone can be told.
_DATE = r"(?:19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}"
_TIME = r"(?:[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2})?(?:Z|[+-][0-9]{2}:[0-9]{2})?)?"


def _day(value: object) -> object:
    if not isinstance(value, str) or not re.fullmatch(f"{_DATE}", value, re.ASCII):
        raise _not_a_time(value, "2026-09-28")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise _not_a_time(value, "2026-09-28") from None


def _moment(value: object) -> object:
    if not isinstance(value, str) or not re.fullmatch(f"{_DATE}{_TIME}", value, re.ASCII):
        raise _not_a_time(value, "2026-09-28T06:00")
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise _not_a_time(value, "2026-09-28T06:00") from None
    # A time without an offset is the time of the city.
    return moment if moment.tzinfo else timezone.make_aware(moment)


def _not_a_time(value: object, example: str) -> PydanticCustomError:
    return _fault(
        f"“{value}” không phải ngày, giờ có thật",
        f'"{value}" is no day or time that there is',
        f"Viết như {example}.",
        f"Write it like {example}.",
    )


Day = Annotated[date, BeforeValidator(_day)]
Moment = Annotated[datetime, BeforeValidator(_moment)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Bilingual(_Strict):
    """One text in both languages."""

    vi: Text
    en: Text

    def in_language(self, language: str) -> str:
        """Return the English text for ``en``, otherwise the Vietnamese one."""
        return self.en if language == "en" else self.vi


class LegalBasis(_Strict):
    """A document of law that the directive rests on."""

    number: Text
    title: Bilingual
    issuer: Text
    issued_on: Day | None = None
    url: Annotated[str, StringConstraints(pattern=r"^https?://\S+$", max_length=500)] | None = None


class Period(_Strict):
    """From when the directive may hold, and the first moment at which it no longer does."""

    since: Moment = Field(alias="from")
    until: Moment | None = None

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.until is not None and self.until <= self.since:
            raise _fault(
                "in_force.until không sau in_force.from",
                "in_force.until does not lie after in_force.from",
                "Sửa ngày kết thúc, hoặc bỏ dòng until nếu chưa định ngày.",
                "Correct the end, or leave until out if none is set.",
            )
        return self


class Stated(_Strict):
    """What a directive says of one parameter: for its whole scope, and for single places. Values are as written."""

    default: Text | None = None
    places: Mapping[PlaceCode, Text] = {}

    @model_validator(mode="before")
    @classmethod
    def _one_value_is_the_default(cls, value: object) -> object:
        return {"default": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.default is None and not self.places:
            raise _fault(
                "tham số không có giá trị nào",
                "the parameter is given no value",
                "Ghi một giá trị, hoặc default và places.",
                "Write one value, or default and places.",
            )
        return self


class Meaning(_Strict):
    """What the directive means for one group of people, in plain words."""

    whom: Bilingual = Field(alias="for")
    text: Bilingual


class DirectiveContent(_Strict):
    """A directive as it was written; ``scope`` are codes of places on the day it begins, none for the whole city."""

    number: Number
    title: Bilingual
    issuer: Text
    issued_on: Day
    legal_basis: tuple[LegalBasis, ...] = Field(min_length=1)
    scope: tuple[PlaceCode, ...] = ()
    in_force: Period
    replaces: tuple[Number, ...] = ()
    undo_within_hours: int = Field(ge=1, le=LONGEST_UNDO_HOURS)
    parameters: Mapping[Address, Stated] = {}
    revisions: Mapping[Service, Annotated[int, Field(ge=1)]] = {}
    meaning: Bilingual
    means: tuple[Meaning, ...] = ()

    _sheet: Sheet = PrivateAttr(default=Sheet("", "", None, {}, {}))

    @property
    def name(self) -> str:
        """How the text was called when it was read, such as its file."""
        return self._sheet.name

    @property
    def sheet(self) -> Sheet:
        """The text that it was read from, with the place of every part."""
        return self._sheet

    def complaint(self, place: Place, what: Words, remedy: Words) -> Complaint:
        """Return a complaint about a part, such as ``("parameters", "zones.color")``, at its line and column."""
        return self._sheet.complaint(place, what, remedy)


def read_directive(text: str, name: str) -> DirectiveContent:
    """Read a directive; raises ``DirectiveRefused`` with every fault of form, or the first hundred."""
    sheet = read_sheet(text, name)
    try:
        content = DirectiveContent.model_validate(sheet.value)
    except ValidationError as error:
        found = (_complaint(sheet, each) for each in error.errors(include_url=False))
        raise DirectiveRefused(name, first_of(found, sheet.last_line)) from None
    content._sheet = sheet
    return content


def _complaint(sheet: Sheet, error: ErrorDetails) -> Complaint:
    place = tuple(part for part in error["loc"] if part != "[key]")
    what, remedy = _in_words(place, error)
    named = ".".join(str(part) for part in place)
    prefix = f"{named}: " if named else ""
    return sheet.complaint(place, Words(f"{prefix}{what.vi}", f"{prefix}{what.en}"), remedy)


_COMPARE = Words("Đối chiếu docs/reference/directives.md.", "Compare with docs/reference/directives.md.")


def _in_words(place: Sequence[str | int], error: ErrorDetails) -> tuple[Words, Words]:
    last, given, context = str(place[-1]) if place else "", error["input"], error.get("ctx", {})
    match error["type"]:
        case "said":
            remedy = context["remedy"]
            return Words(str(context["vi"]), str(context["en"])), remedy if isinstance(
                remedy, Words
            ) else _COMPARE
        case "extra_forbidden":
            what = Words(f"không có khoá {last} ở đây", f"the key {last} is not known here")
            return what, did_you_mean(last, _keys_at(place[:-1]))
        case "missing" if last in {"vi", "en"}:
            vi, en = (
                ("Thiếu bản tiếng Việt", "the Vietnamese text is missing")
                if last == "vi"
                else (
                    "thiếu bản tiếng Anh",
                    "the English text is missing",
                )
            )
            return Words(vi.lower(), en), Words(
                f"Thêm {last}: cần cả hai ngôn ngữ.", f"Add {last}: both are needed."
            )
        case "missing":
            return Words(f"thiếu {last}", f"{last} is missing"), Words(f"Thêm {last}.", f"Add {last}.")
        case "string_pattern_mismatch":
            what = Words(f"“{given}” không đúng dạng", f'"{given}" does not have the right form')
            return what, _form_of(place)
        case "greater_than_equal" | "less_than_equal":
            low_high = f"{context.get('ge', 1)}–{context.get('le', LONGEST_UNDO_HOURS)}"
            what = Words(f"{given} nằm ngoài khoảng cho phép", f"{given} is out of range")
            return what, Words(f"Ghi một số trong khoảng {low_high}.", f"Write a number in {low_high}.")
        case "int_parsing" | "int_type":
            what = Words(f"“{given}” không phải số nguyên", f'"{given}" is not a whole number')
            return what, Words("Ghi một số nguyên.", "Write a whole number.")
        case "too_short":
            what = Words("còn trống", "is empty")
            return what, Words("Ghi ít nhất một mục.", "Write at least one.")
        case _:
            return Words("không đúng dạng", error["msg"][:1].lower() + error["msg"][1:]), _COMPARE


def _form_of(place: Sequence[str | int]) -> Words:
    """Return how the part is written."""
    names = [str(part) for part in place]
    if "places" in names or "scope" in names:
        return Words(
            "Ghi mã đơn vị hành chính, 2 đến 5 chữ số, trong ngoặc kép.",
            'Write a place code of 2 to 5 digits in quotes, such as "20194".',
        )
    if "parameters" in names:
        return Words(
            "Ghi tên nguồn và cột, như zones.color.", "Write register and column, such as zones.color."
        )
    if "url" in names:
        return Words("Ghi địa chỉ bắt đầu bằng https://.", "Write an address that begins with https://.")
    return Words("Ghi như 08/CT-UBND hoặc travel_pass.", "Write it like 08/CT-UBND or travel_pass.")


def _keys_at(place: Sequence[str | int]) -> list[str]:
    """Return the keys that the text may have at the place."""
    shapes: dict[tuple[str, ...], type[BaseModel]] = {
        (): DirectiveContent,
        ("legal_basis",): LegalBasis,
        ("in_force",): Period,
        ("means",): Meaning,
    }
    names = tuple(part for part in place if isinstance(part, str))
    shape = Stated if names[:1] == ("parameters",) else shapes.get(names, Bilingual)
    return [field.alias or name for name, field in shape.model_fields.items()]
