"""What a pack holds, as strict types: the shape in which a revision is stored and every app reads it.

The folder layout and the checks that need more than one file belong to ``packs``; here each part
refuses an unknown key, a missing language and a name that is not a name.
"""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$", max_length=60)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]
Feel = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]


def feel_name(name: str) -> str:
    """Return the name under which FEEL and DMN know a field or fact: underscores are spaces."""
    return name.replace("_", " ")


class Strict(BaseModel):
    """A part of a pack: frozen, and an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=False)


class Bilingual(Strict):
    """One text in both languages of the platform."""

    vi: Text
    en: Text

    def in_language(self, language: str) -> str:
        """Return the English text for ``en``, otherwise the Vietnamese one."""
        return self.en if language == "en" else self.vi


class LegalBasis(Strict):
    """A document of law that the service rests on."""

    number: Text
    title: Bilingual
    issuer: Text
    issued_on: date | None = None
    url: str | None = None


class DecisionPointer(Strict):
    """Which decisions of the DMN model answer, and which add outputs to a grant."""

    model: Annotated[str, StringConstraints(pattern=r"^decisions/[a-z0-9_]+\.dmn$")]
    answer: Text
    outputs: tuple[Text, ...] = ()


class AllotmentRule(Strict):
    """Numbers given out first come, first served: ``ceiling`` of them for each choice of the fields in ``per``.

    ``every`` begins anew each day, month or year, in the time of the city; without it there is one lot.
    """

    label: Bilingual
    ceiling: Annotated[int, Field(ge=1, le=1_000_000)]
    per: tuple[Annotated[str, StringConstraints(pattern=r"^form\.[a-z][a-z0-9_]*$")], ...] = ()
    every: Literal["day", "month", "year"] | None = None


class BulkRule(Strict):
    """That one may file for many at once on behalf of a firm.

    ``firm`` is the form field with the firm's tax code, the same in every row. ``authority`` names the
    yes-or-no fact that, asked about who files, proves that they may act for the firm; ``firm_name`` the
    column of its register that holds the firm's name. ``promised`` are boxes that who files ticks once for
    all. ``told`` are the reasons that speak of the firm alone, in words for who files; what a decision read
    of a person is told to that person only.
    """

    firm: Name
    authority: Name
    firm_name: Name | None = None
    promised: tuple[Name, ...] = ()
    told: Mapping[Name, Bilingual] = {}


class Manifest(Strict):
    """``pack.yaml``: the face of the service in the catalogue, and where its parts are.

    ``agency`` is the code of the agency that handles the cases; ``place`` names the form field or fact
    that holds the code of the place a case belongs to (without it, the place of the agency).
    ``follows_facts`` has what was given decided anew each day and after each load of a register that it asks.
    """

    code: Name
    title: Bilingual
    summary: Bilingual
    audience: Bilingual
    agency: Name
    place: Annotated[str, StringConstraints(pattern=r"^(form|fact)\.[a-z][a-z0-9_]*$")] | None = None
    purpose: Bilingual
    requirements: tuple[Bilingual, ...]
    legal_basis: tuple[LegalBasis, ...]
    decision: DecisionPointer
    keywords: tuple[Text, ...] = ()
    life_events: tuple[Name, ...] = ()
    fee_vnd: Annotated[int, Field(ge=0)] = 0
    within_working_hours: Annotated[int, Field(gt=0)]
    objection_within_days: Annotated[int, Field(gt=0)] = 90
    ask_within_seconds: Annotated[float, Field(gt=0, le=10)] = 3
    caution: Bilingual | None = None
    bulk: BulkRule | None = None
    allotment: AllotmentRule | None = None
    follows_facts: bool = False


class Option(Strict):
    """One allowed value of a field."""

    value: Text
    label: Bilingual


class FormField(Strict):
    """One question put to the citizen, read from a property of the form's JSON Schema."""

    name: Name
    label: Bilingual
    help: Bilingual | None = None
    type: Literal["string", "integer", "number", "boolean"]
    widget: Literal["text", "textarea", "select", "radios", "checkbox", "date", "place", "number"] = "text"
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


class FactDeclaration(Strict):
    """A question to a register: which rows to match, and what to read from them.

    ``match`` maps a column to ``applicant`` (the person's key), ``form.<field>``, ``fact.<name>``
    or ``today``. Without ``returns`` the question is whether such a row exists. ``options`` puts the
    codes of the source in words for citizens and officers.
    """

    name: Name
    label: Bilingual
    register_name: Annotated[Name, Field(alias="register")]
    match: Mapping[Name, str]
    returns: Name | None = None
    type: Literal["boolean", "string", "number", "date"] = "boolean"
    options: tuple[Option, ...] = ()
    shown: bool = True

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    @model_validator(mode="after")
    def _existence_is_boolean(self) -> "FactDeclaration":
        if self.returns is None and self.type != "boolean":
            raise ValueError("a fact without 'returns' asks whether a row exists: its type is boolean")
        return self


# A directive acts where a switch of the law changes what a case has.
Actor = Literal["machine", "directive", "citizen", "one_stop_officer", "specialist", "approver"]


class State(Strict):
    """Where a case can be; ``phase`` tells queues and counts what kind of place it is."""

    label: Bilingual
    explanation: Bilingual
    phase: Literal["deciding", "silent_register", "person", "granted", "refused", "closed"]
    national_status: Annotated[int, Field(ge=1, le=10)]
    within_working_hours: Annotated[int, Field(gt=0)] | None = None


class Act(Strict):
    """A move from one state to another: who may make it, and what it brings about."""

    label: Bilingual
    source: Annotated[tuple[Name, ...], Field(alias="from", min_length=1)]
    target: Annotated[Name, Field(alias="to")]
    by: Annotated[tuple[Actor, ...], Field(min_length=1)]
    effect: Literal["issue_credential", "revoke_credential"] | None = None
    letter: Name | None = None
    needs_reason: bool = False
    when: Feel | None = None

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Workflow(Strict):
    """States and acts of a case as data; ``answers`` maps an answer of the decision to an act.

    ``silence`` is the act taken when a register did not answer in time.
    """

    start: Name
    states: Mapping[Name, State]
    acts: Mapping[Name, Act]
    answers: Mapping[Name, Name]
    silence: Name

    @model_validator(mode="after")
    def _every_name_is_declared(self) -> "Workflow":
        known = set(self.states)
        used = {self.start} | {act.target for act in self.acts.values()}
        used |= {state for act in self.acts.values() for state in act.source}
        if used - known:
            raise ValueError(
                f"state {', '.join(sorted(used - known))} is not declared (known: {', '.join(sorted(known))})"
            )
        unknown_acts = ({*self.answers.values()} | {self.silence}) - set(self.acts)
        if unknown_acts:
            raise ValueError(
                f"act {', '.join(sorted(unknown_acts))} is not declared (known: {', '.join(self.acts)})"
            )
        return self


class Claim(Strict):
    """One line of a credential: a short key in the QR, a label for the inspector, a FEEL value."""

    key: Annotated[str, StringConstraints(pattern=r"^[a-z]{1,3}$")]
    name: Name
    label: Bilingual
    value: Feel


class CredentialLayout(Strict):
    """What a granted case carries: claims and validity, each FEEL over form, facts and outputs.

    The scope also holds holder name, birth year, case number, today and, for each place in the form,
    ``<field> name``.
    """

    kind: Name
    title: Bilingual
    valid_from: Feel
    valid_until: Feel
    claims: Annotated[tuple[Claim, ...], Field(min_length=1)]


# What a letter may name in braces: the path fills these in, as words in the language of the letter.
LETTER_NAMES = frozenset(
    {
        "applicant",
        "number",
        "service",
        "agency",
        "filed_on",
        "decided_on",
        "due_on",
        "valid_from",
        "valid_until",
        "objection_until",
        "officer_reason",
    }
)
# What an indicator's ``where`` sees of a case.
CASE_NAMES = ("state", "phase", "answer", "reason", "channel", "by machine", "objected")
# What a credential's expressions see beside the form, the facts and the outputs.
HOLDER_NAMES = ("holder name", "birth year", "case number", "today")
# And, where the pack gives out numbers, the one that the case got.
ALLOTTED_NUMBER = "allotted number"


class Letter(Strict):
    """A letter to the citizen; ``{name}`` stands for one of ``LETTER_NAMES``."""

    title: Bilingual
    body: Bilingual


class IndicatorDefinition(Strict):
    """A figure: the count of cases for which ``where`` holds, or a ``formula`` over other figures.

    ``where`` sees: state, phase, answer, reason, channel, by machine, objected, overdue.
    ``formula`` sees the codes of the other indicators and the parameters.
    """

    code: Name
    label: Bilingual
    unit: Bilingual
    where: Feel | None = None
    formula: Feel | None = None
    parameters: Mapping[Name, float] = {}
    method: Bilingual

    @model_validator(mode="after")
    def _one_of_two(self) -> "IndicatorDefinition":
        if (self.where is None) == (self.formula is None):
            raise ValueError(
                f"indicator {self.code}: give either 'where' (a count) or 'formula' (over other figures)"
            )
        return self


class DecisionWords(Strict):
    """What a decision is called, and what each of its codes means, in words for people."""

    label: Bilingual
    values: Mapping[Text, Bilingual] = {}


class Content(Strict):
    """Everything a revision of a procedure needs to run; ``decision_model`` is the DMN XML itself.

    ``words`` are keyed as the tables name a decision: ``employer group``, or ``verdict.answer`` for one of
    several outputs.
    """

    manifest: Manifest
    form: Form
    facts: tuple[FactDeclaration, ...]
    workflow: Workflow
    credential: CredentialLayout | None
    letters: Mapping[Name, Letter]
    indicators: tuple[IndicatorDefinition, ...]
    decision_model: str
    words: Mapping[Text, DecisionWords] = {}
