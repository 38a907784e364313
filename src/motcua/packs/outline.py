"""The outline of a service: what a designer says first, short enough to say in one sitting.

It is read from a file or asked for in a terminal, and becomes the folder of a pack that runs.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, Literal

from pydantic import Field, ValidationError, model_validator

from motcua.procedures.content import Bilingual, Feel, LegalBasis, Name, Option, Strict, Text

from .findings import Finding, PackRefused
from .texts import NotReadable, Sheet, read_yaml

Value = str | int | float | bool | None
# A day that every example can be decided on: no holiday, and in the calendars of all demo data.
EXAMPLE_DAY = date(2026, 11, 2)


class AskedField(Strict):
    """A question of the form; ``example`` is an answer with which the request is granted."""

    name: Name
    label: Bilingual
    help: Bilingual | None = None
    kind: Literal["text", "long_text", "number", "date", "choice", "place", "promise"] = "text"
    options: tuple[Option, ...] = ()
    required: bool = True
    at_least: int | None = None
    at_most: int | None = None
    example: Value = None


class LookedUp(Strict):
    """A question to a register about the applicant; ``example`` is an answer with which the request is granted."""

    name: Name
    label: Bilingual
    register_name: Annotated[Name, Field(alias="register")]
    match: Mapping[Name, str] = {"person": "applicant"}
    returns: Name | None = None
    type: Literal["boolean", "string", "number", "date"] = "boolean"
    options: tuple[Option, ...] = ()
    example: Value = True


class RuleRow(Strict):
    """A row of the table: tests on fields and facts, the answer, what the citizen is told and what helps.

    ``example`` gives the values that meet the tests; the others are those of the granted example.
    """

    when: Annotated[Mapping[Name, Feel], Field(min_length=1)]
    answer: Literal["refuse", "refer"] = "refuse"
    reason: Name
    says: Bilingual
    remedy: Bilingual
    clause: Text = "1"
    example: Annotated[Mapping[Name, Value], Field(min_length=1)]


class Grant(Strict):
    """The last row: what remains is granted, for so many days or as many as a number field says.

    It begins on the day that the date field ``starts`` holds, or else on the day of the decision.
    """

    reason: Name = "conditions_met"
    says: Bilingual
    clause: Text = "1"
    days: Annotated[int, Field(ge=1, le=3660)] | Name = 30
    starts: Name | None = None


class Outline(Strict):
    """A service in short: the rows are tried in their order, then what is unknown goes to a person."""

    title: Bilingual
    summary: Bilingual
    audience: Bilingual
    agency: Name
    requirements: Annotated[tuple[Bilingual, ...], Field(min_length=1)]
    legal_basis: Annotated[tuple[LegalBasis, ...], Field(min_length=1)]
    life_events: tuple[Name, ...] = ()
    keywords: tuple[Text, ...] = ()
    within_working_hours: Annotated[int, Field(gt=0, le=4000)] = 40
    asks: Annotated[tuple[AskedField, ...], Field(min_length=1)]
    looks_up: tuple[LookedUp, ...] = ()
    rules: Annotated[tuple[RuleRow, ...], Field(min_length=1)]
    grant: Grant

    @property
    def subjects(self) -> tuple[AskedField | LookedUp, ...]:
        """The fields and facts that rules read, in the order in which they are asked."""
        read = {name for row in self.rules for name in row.when}
        questions: tuple[AskedField | LookedUp, ...] = (*self.asks, *self.looks_up)
        return tuple(one for one in questions if one.name in read)

    @model_validator(mode="after")
    def _parts_fit(self) -> "Outline":
        for fault in (*self._name_faults(), *self._rule_faults(), *self._grant_faults()):
            raise ValueError(fault)
        return self

    def _name_faults(self) -> Iterator[str]:
        names = [*(one.name for one in self.asks), *(one.name for one in self.looks_up)]
        for name in _twice(names):
            yield f"{name} stands twice among asks and looks_up: name each question once"
        for reason in _twice([self.grant.reason, *(row.reason for row in self.rules)]):
            yield f"the reason {reason} stands twice: give each rule a reason of its own"
        for row in self.rules:
            for name in (*row.when, *row.example):
                if name not in names:
                    yield f"the rule {row.reason} names {name}, which is neither asked nor looked up"

    def _rule_faults(self) -> Iterator[str]:
        for row in self.rules:
            for name in row.when:
                if name not in row.example:
                    yield f"the rule {row.reason} has no example of {name}: give one that meets it"
        read = {one.name for one in self.subjects}
        for one in self.looks_up:
            if one.name not in read:
                yield f"no rule reads {one.name}: each look at a person's data needs a rule"
        for subject in self.subjects:
            if subject.example is None:
                yield f"{subject.name} has no example: give a value with which the request is granted"

    def _grant_faults(self) -> Iterator[str]:
        for key, kind in (("days", "number"), ("starts", "date")):
            named = getattr(self.grant, key)
            fields = {one.name for one in self.asks if one.kind == kind and one.required}
            if isinstance(named, str) and named not in fields:
                yield f"grant.{key} names {named}, which is no required field of the kind {kind}"


def _twice(names: list[str]) -> list[str]:
    return sorted({name for name in names if names.count(name) > 1})


def read_outline(file: str, text: str) -> Outline:
    """Read an outline from YAML; raises ``PackRefused`` with every fault and its line."""
    try:
        sheet = read_yaml(file, text)
        return Outline.model_validate(sheet.value)
    except NotReadable as refusal:
        raise PackRefused([refusal.finding]) from None
    except ValidationError as error:
        raise PackRefused([_finding(file, sheet, one) for one in error.errors()]) from None


def _finding(file: str, sheet: Sheet, error: Mapping[str, object]) -> Finding:
    place = tuple(error["loc"]) if isinstance(error["loc"], tuple) else ()
    where = ".".join(map(str, place)) or "the outline"
    said = str(error["msg"]).removeprefix("Value error, ")
    return Finding(
        file,
        sheet.line_of(place),
        f"{where}: {said}",
        "motcua packs new --show prints an outline that works.",
    )
