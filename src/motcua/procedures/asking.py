"""A form as a pack asks it: fields in steps, and which papers they ask for."""

from typing import Annotated, Literal

from pydantic import StringConstraints, model_validator

from motcua.procedures.parts import Bilingual, Feel, Name, Strict, Text
from motcua.vault.states import kinds


class Option(Strict):
    """One allowed value of a field."""

    value: Text
    label: Bilingual


class PaperWish(Strict):
    """Which kind of paper a field asks for, and the fact of a register whose answer replaces it."""

    kind: Name
    replaced_by: Annotated[str, StringConstraints(pattern=r"^fact\.[a-z][a-z0-9_]*$")] | None = None

    @property
    def fact(self) -> str:
        """The name of the fact that replaces the paper; empty where nothing does."""
        return (self.replaced_by or "").removeprefix("fact.")

    @model_validator(mode="after")
    def _kind_is_known(self) -> "PaperWish":
        if self.kind not in kinds():
            raise ValueError(f"{self.kind} is no kind of paper (known: {', '.join(kinds())})")
        return self


class FormField(Strict):
    """One question put to the citizen, read from a property of the form's JSON Schema."""

    name: Name
    label: Bilingual
    help: Bilingual | None = None
    type: Literal["string", "integer", "number", "boolean"]
    widget: Literal[
        "text", "textarea", "select", "radios", "checkbox", "date", "place", "number", "paper"
    ] = "text"
    paper: PaperWish | None = None
    options: tuple[Option, ...] = ()
    required: bool = False
    min_length: int | None = None
    max_length: int = 200
    minimum: float | None = None
    maximum: float | None = None
    pattern: str | None = None
    pattern_hint: Bilingual | None = None
    autocomplete: str | None = None
    show_if: Feel | None = None

    @model_validator(mode="after")
    def _paper_says_which(self) -> "FormField":
        if (self.widget == "paper") != (self.paper is not None):
            raise ValueError("a field with the widget paper says with x-paper which, and no other field does")
        if self.paper is not None and self.type != "string":
            raise ValueError("a field with the widget paper has the type string: it holds the paper's id")
        return self


class FormStep(Strict):
    """One page of the form."""

    name: Name
    label: Bilingual
    fields: tuple[FormField, ...]


class Form(Strict):
    """The questions of a service, in steps, together with the JSON Schema they were read from."""

    steps: tuple[FormStep, ...]
    json_schema: dict[str, object]

    @property
    def fields(self) -> tuple[FormField, ...]:
        """Every field in the order of the steps."""
        return tuple(field for step in self.steps for field in step.fields)

    @model_validator(mode="after")
    def _names_are_unique(self) -> "Form":
        names = [field.name for field in self.fields]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"the field {', '.join(twice)} stands in more than one step; keep it in one")
        return self
