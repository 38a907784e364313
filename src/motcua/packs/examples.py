"""The shape of ``examples/*.yaml``: what is given, what must come out, and what would turn the answer."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field, model_validator

from motcua.procedures.content import Actor, Name, Strict, Text

Given = Mapping[Name, str | int | float | bool | None]


class Turn(Strict):
    """A change of what is given, and the answer that it leads to."""

    change: Annotated[Given, Field(min_length=1)]
    answer: Text
    reason: Text | None = None


class AnswerExample(Strict):
    """Facts in, answer out. ``given`` goes over the file's ``base``; an unknown fact is ``null``."""

    name: Name
    note: Text | None = None
    given: Given = Field(default_factory=dict)
    answer: Text
    reason: Text
    outputs: Mapping[str, str | int | float | bool | None] = {}
    turns: Turn | None = None


class Step(Strict):
    """An act on the case and where it leads.

    ``at`` is when, as ``2026-11-23 09:00`` in the time of the city; ``until`` the new date of an extension. ``due``
    is the date of the answer afterwards, ``paused`` or ``over``. With ``refused`` the act must not be open, or be
    refused by the clock, and the case stays in ``state``. In place of ``act``, ``consult`` is the code of a question
    that an asked agency answers; ``findings`` are what was found out.
    """

    act: Name | None = None
    consult: Name | None = None
    by: Actor
    state: Name
    findings: Given = Field(default_factory=dict)
    at: Text | None = None
    until: Text | None = None
    due: Text | None = None
    letter: Name | None = None
    refused: bool = False

    @model_validator(mode="after")
    def _one_of_two(self) -> "Step":
        if (self.act is None) == (self.consult is None):
            raise ValueError("a step names either an act or a consult")
        return self

    @property
    def named(self) -> str:
        """The act or the consult."""
        return self.act or self.consult or ""


class Holder(Strict):
    """What the path knows of the applicant and puts into a credential, with names for codes of places."""

    name: Text = "Nguyễn Thị An"
    birth_year: int | None = 1990
    places: Mapping[Text, Text] = Field(default_factory=dict)


class CaseExample(Strict):
    """A whole case: the form as it is sent, the facts, the state reached, letter, credential, further acts.

    ``refused_fields`` are the fields beside which the form shows an error; then nothing else is expected. A service
    with a legal clock gives ``filed_at`` and, for each further act, when it happens. ``paper`` are lines of the paper
    last drafted, by their labels.
    """

    name: Name
    note: Text | None = None
    today: Text
    filed_at: Text | None = None
    due: Text | None = None
    form: Mapping[str, str | int | float | bool | None]
    facts: Given = Field(default_factory=dict)
    silent: bool = False
    holder: Holder = Holder()
    refused_fields: tuple[Name, ...] = ()
    state: Name | None = None
    answer: Text | None = None
    reason: Text | None = None
    letter: Name | None = None
    credential: Mapping[Name, str | int | None] = {}
    valid_from: Text | None = None
    valid_until: Text | None = None
    paper: Mapping[Text, Text] = {}
    then: tuple[Step, ...] = ()


class ExampleFile(Strict):
    """One file of examples; ``base`` is what the answers of this file share."""

    base: Given = Field(default_factory=dict)
    answers: tuple[AnswerExample, ...] = ()
    cases: tuple[CaseExample, ...] = ()
