"""What the expressions of a figure may read."""

from collections.abc import Iterable
from dataclasses import fields
from decimal import Decimal

from motcua.cases.counts import CaseKind
from motcua.procedures.content import IndicatorDefinition, feel_name

# What formulas may read of ratings: of services with ten of them, else null. They open into no rows (decision 38).
RATING_NAMES = ("ended cases", "rated cases", "satisfied cases")
WHERE_NAMES = tuple(feel_name(field.name) for field in fields(CaseKind))


def where_scope(kind: CaseKind) -> dict[str, object]:
    """Return what ``where`` sees of one kind of case; a text that is not there yet is null, not empty."""
    values = {feel_name(field.name): getattr(kind, field.name) for field in fields(CaseKind)}
    return {name: None if value == "" else value for name, value in values.items()}


def formula_names(definitions: Iterable[IndicatorDefinition], own: IndicatorDefinition) -> tuple[str, ...]:
    """Return the names that a ``formula`` may use: all other figures by code, ratings, and its parameters."""
    codes = (each.code for each in definitions if each.code != own.code)
    own_names = tuple(feel_name(name) for name in (*codes, *own.parameters))
    return (*own_names, *(name for name in RATING_NAMES if name not in own_names))


def parameters_of(definition: IndicatorDefinition) -> dict[str, Decimal]:
    """Return the parameters by the names under which the formula knows them."""
    return {feel_name(name): Decimal(str(value)) for name, value in definition.parameters.items()}
