"""What rules see of everyone who is re-decided, under both laws, as columns of one table.

A fact that no directive touches is asked once for both sides; one that a directive keeps, or that is asked by such a
fact, has a column for each side.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from motcua.cases.facts import rounds
from motcua.procedures.content import FactDeclaration, feel_name
from motcua.registers.declaration import ColumnType, Declaration
from motcua.registers.models import Register
from motcua.registers.services import RegisterNotDeclared
from motcua.registers.sets import Given, SetQuestion, Typed, facts_in_sql
from motcua.registers.tables import TYPES
from motcua.switching.law_registers import LawRegisters
from motcua.switching.sides import Side
from motcua.switching.subjects import FieldColumn, column_of, kept_column

# Sources that can only be asked person by person.
FAR = "http"
BY_LAW = "directive"


@dataclass(slots=True)
class Asking:
    """The questions of both sides, and for each side the column of every name that its rules may read."""

    fields: dict[str, FieldColumn] = field(default_factory=dict)
    kept: dict[str, str] = field(default_factory=dict)
    shared: dict[object, SetQuestion] = field(default_factory=dict)
    by_law: dict[str, dict[object, SetQuestion]] = field(default_factory=dict)
    scope: dict[str, dict[str, str]] = field(default_factory=dict)
    law_names: dict[str, set[str]] = field(default_factory=dict)
    facts: dict[str, dict[str, str]] = field(default_factory=dict)
    sectors: dict[str, str | None] = field(default_factory=dict)
    registers: set[str] = field(default_factory=set)
    _given: dict[str, Given] = field(default_factory=dict)

    @property
    def given(self) -> dict[str, Given]:
        """What questions may match on, before any fact."""
        return {"applicant": Given("key", "person"), "today": Given("today", "date"), **self._given}

    @property
    def taken_from_decisions(self) -> tuple[str, ...]:
        """Facts of registers over the network, taken as the last decision on each case has them."""
        return tuple(sorted(self.kept))

    def add(self, side: Side, declarations: Mapping[str, Declaration]) -> None:
        """Put the side's questions, and note where its names stand."""
        self.by_law[side.name] = {}
        self.law_names[side.name] = set()
        self.facts[side.name] = {}
        self.sectors[side.name] = None
        scope = self.scope[side.name] = {"today": "today"}
        for declared in side.content.form.fields:
            column = column_of(declared, to_match=False)
            self.fields[column.column] = column
            scope[feel_name(declared.name)] = column.column
        known: dict[str, tuple[str, bool]] = {}
        for round_ in rounds(side.content.facts):
            for fact in round_:
                self._add_fact(side, fact, declarations[fact.register_name], known)
                scope[feel_name(fact.name)] = known[fact.name][0]

    def _add_fact(
        self, side: Side, fact: FactDeclaration, declaration: Declaration, known: dict[str, tuple[str, bool]]
    ) -> None:
        self.registers.add(declaration.name)
        kind: ColumnType = "boolean" if fact.returns is None else declaration.column(fact.returns).type
        if declaration.source == FAR:
            self.kept[fact.name] = TYPES[kind]
            column = kept_column(fact.name)
            self._given[column] = Given(column, kind)
            known[fact.name] = (column, False)
            return
        match: dict[str, str] = {}
        by_law = declaration.source == BY_LAW
        for name, pointer in fact.match.items():
            source, of_law = self._source(side, pointer, known)
            match[name] = source
            by_law = by_law or of_law
        key = (declaration.name, tuple(sorted(match.items())), fact.returns)
        questions = self.by_law[side.name] if by_law else self.shared
        if key not in questions:
            column = f"{side.name} law {len(questions)}" if by_law else f"fact {len(questions)}"
            questions[key] = SetQuestion(column, declaration.name, match, fact.returns)
        known[fact.name] = (questions[key].fact, by_law)
        self.facts[side.name][fact.name] = questions[key].fact
        if by_law:
            self.law_names[side.name].add(feel_name(fact.name))
        if fact.returns == "sector" and self.sectors[side.name] is None:
            self.sectors[side.name] = questions[key].fact

    def _source(self, side: Side, pointer: str, known: dict[str, tuple[str, bool]]) -> tuple[str, bool]:
        kind, _, name = pointer.partition(".")
        if kind in ("applicant", "today"):
            return kind, False
        if kind == "fact":
            return known[name]
        column = column_of(side.fields()[name], to_match=True)
        self.fields[column.column] = column
        self._given[column.column] = column.given
        return column.column, False

    def shared_sql(
        self, population: Typed, purpose: str, now: datetime, *, few: bool
    ) -> tuple[str, dict[str, Given]]:
        """Return the population with the facts that are the same under both laws; ``few`` of whom registers tell."""
        if not self.shared:
            return population.relation, dict(self.given)
        found = facts_in_sql(
            list(self.shared.values()),
            population=population.relation,
            given=self.given,
            on="l.today",
            purpose=purpose,
            now=now,
            typed_in=population,
            few=few,
        )
        return found.sql, dict(found.given)

    def by_law_sql(
        self, relation: str, given: Mapping[str, Given], side: Side, *, typed: Typed, now: datetime
    ) -> tuple[str, dict[str, Given]]:
        """Return the relation with the facts of the side's law added."""
        questions = list(self.by_law[side.name].values())
        if not questions:
            return relation, dict(given)
        found = facts_in_sql(
            questions,
            population=relation,
            given=given,
            on="l.today",
            purpose=side.procedure.code,
            now=now,
            elsewhere=LawRegisters(side.law),
            typed_in=typed,
        )
        return found.sql, dict(found.given)


def declarations_by_name(*sides: Side) -> dict[str, Declaration]:
    """Return the registers that both sides ask; one query. Raises ``RegisterNotDeclared``."""
    names = {fact.register_name for side in sides for fact in side.content.facts}
    rows = Register.objects.filter(name__in=names)
    found = {row.name: Declaration.model_validate(row.declaration) for row in rows}
    for name in sorted(names - set(found)):
        raise RegisterNotDeclared(name)
    return found
