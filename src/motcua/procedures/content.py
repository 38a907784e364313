"""What a pack holds, as strict types: the shape in which a revision is stored and every app reads it.

The folder layout and the checks that need more than one file belong to ``packs``; here each part
refuses an unknown key, a missing language and a name that is not a name.
"""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, StringConstraints, model_validator

from motcua.procedures.archiving import ArchiveRule
from motcua.procedures.asking import Form, FormField, FormStep, Option, PaperWish
from motcua.procedures.findings import FindingDeclaration
from motcua.procedures.parts import Bilingual, Feel, Name, Strict, Text, feel_name
from motcua.procedures.result import ResultLayout
from motcua.procedures.workflow import (
    HOURS_OF_A_DAY,
    OF_RESULT,
    Act,
    Actor,
    ClockMode,
    Consult,
    Effect,
    State,
    Workflow,
    WorkingDays,
    budget_in_hours,
)
from motcua.vault.states import kinds

# Forms, workflows and papers stand in files of their own; everybody finds them here.
__all__ = [
    "ALLOTTED_NUMBER",
    "CASE_NAMES",
    "HOLDER_NAMES",
    "HOURS_OF_A_DAY",
    "LETTER_NAMES",
    "NO_DECISIONS",
    "OF_RESULT",
    "Act",
    "Actor",
    "AllotmentRule",
    "ArchiveRule",
    "Bilingual",
    "BulkRule",
    "Claim",
    "ClockMode",
    "Consult",
    "Content",
    "CredentialLayout",
    "DecisionPointer",
    "DecisionWords",
    "Effect",
    "FactDeclaration",
    "FeeExemption",
    "FeeLine",
    "FeeSchedule",
    "Feel",
    "FindingDeclaration",
    "Form",
    "FormField",
    "FormStep",
    "IndicatorDefinition",
    "LegalBasis",
    "Letter",
    "Manifest",
    "Name",
    "Option",
    "PaperWish",
    "ResultLayout",
    "State",
    "Strict",
    "Text",
    "Workflow",
    "WorkingDays",
    "feel_name",
]


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
    Without ``decision`` people decide: a case waits in the start of the workflow until an officer acts.
    ``papers`` are what an applicant hands in, as the receipt lists them.
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
    decision: DecisionPointer | None = None
    papers: tuple[Bilingual, ...] = ()
    keywords: tuple[Text, ...] = ()
    life_events: tuple[Name, ...] = ()
    fee_vnd: Annotated[int, Field(ge=0)] = 0
    within_working_hours: Annotated[int, Field(gt=0)]
    within_working_days: WorkingDays | None = None
    objection_within_days: Annotated[int, Field(gt=0)] = 90
    ask_within_seconds: Annotated[float, Field(gt=0, le=10)] = 3
    caution: Bilingual | None = None
    bulk: BulkRule | None = None
    allotment: AllotmentRule | None = None
    follows_facts: bool = False
    archive: ArchiveRule | None = None
    # The kind of paper that its result is, under which a form of another service finds it.
    gives_paper: Name | None = None

    @model_validator(mode="after")
    def _kind_of_paper_is_known(self) -> "Manifest":
        if self.gives_paper is not None and self.gives_paper not in kinds():
            raise ValueError(f"{self.gives_paper} is no kind of paper (known: {', '.join(kinds())})")
        return self

    @model_validator(mode="before")
    @classmethod
    def _budget(cls, given: object) -> object:
        return budget_in_hours(given)

    @property
    def answering(self) -> str:
        """The decision that answers; empty where people decide."""
        return self.decision.answer if self.decision else ""

    @property
    def outputs(self) -> tuple[str, ...]:
        """The further decisions that add to a grant."""
        return self.decision.outputs if self.decision else ()


class FactDeclaration(Strict):
    """A question to a register: which rows to match, and what to read from them.

    ``match`` maps a column to ``applicant`` (the person's key), ``form.<field>``, ``fact.<name>``
    or ``today``. Without ``returns`` the question is whether such a row exists. ``options`` puts the
    codes of the source in words for citizens and officers. What is not ``changeable`` (an age, a disability) is never
    named as what would have to be different for another answer.
    """

    name: Name
    label: Bilingual
    register_name: Annotated[Name, Field(alias="register")]
    match: Mapping[Name, str]
    returns: Name | None = None
    type: Literal["boolean", "string", "number", "date"] = "boolean"
    options: tuple[Option, ...] = ()
    shown: bool = True
    changeable: bool = True

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    @model_validator(mode="after")
    def _existence_is_boolean(self) -> "FactDeclaration":
        if self.returns is None and self.type != "boolean":
            raise ValueError("a fact without 'returns' asks whether a row exists: its type is boolean")
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
        "extended_until",
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


# The model of a service that people decide: no decision, no question.
NO_DECISIONS = (
    '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="none" name="none"'
    ' namespace="https://motcua.example/none"/>'
)


class FeeExemption(Strict):
    """Who pays less, and why: ``percent`` of a line falls away where ``when`` is true."""

    when: Feel
    reason: Bilingual
    percent: Annotated[int, Field(gt=0, le=100)] = 100


class FeeLine(Strict):
    """One line of the schedule: whole đồng, as a number or as FEEL over form, facts and outputs."""

    code: Name
    label: Bilingual
    legal_basis: Text
    amount: Annotated[int, Field(ge=0)] | Feel
    when: Literal["at_filing", "before_decision", "with_result"]
    exempt: tuple[FeeExemption, ...] = ()


class FeeSchedule(Strict):
    """``fees.yaml``: what a case has to pay, and within how many working days of being asked.

    The result is handed over when all of it is paid, unless ``holds_result`` is false.
    """

    within_working_days: Annotated[int, Field(gt=0, le=400)] | None = None
    holds_result: bool = True
    lines: Annotated[tuple[FeeLine, ...], Field(min_length=1, max_length=40)]

    @model_validator(mode="after")
    def _codes_are_unique(self) -> "FeeSchedule":
        codes = [line.code for line in self.lines]
        twice = sorted({code for code in codes if codes.count(code) > 1})
        if twice:
            raise ValueError(f"the line {', '.join(twice)} stands twice; give each its own code")
        return self


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
    fees: FeeSchedule | None = None
    result: ResultLayout | None = None

    @model_validator(mode="after")
    def _papers_fit(self) -> "Content":
        declared = {fact.name for fact in self.facts}
        for field in self.form.fields:
            if field.paper is None:
                continue
            if field.paper.fact and field.paper.fact not in declared:
                raise ValueError(
                    f"field {field.name}: nothing declares {field.paper.replaced_by} in facts.yaml, which is to"
                    " replace the paper"
                )
            if field.required and self.manifest.bulk is not None:
                raise ValueError(
                    f"field {field.name}: a list for many people carries no papers; leave out 'bulk'"
                )
        return self
