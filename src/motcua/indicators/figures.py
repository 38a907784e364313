"""The arithmetic of figures: counts by ``where``, then formulas over them, nulls kept as nulls."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache

from motcua import rules
from motcua.cases.counts import CaseCount, CaseKind
from motcua.indicators.scope import WHERE_NAMES, formula_names, parameters_of, where_scope
from motcua.procedures.content import IndicatorDefinition, feel_name


class FormulasInACircle(ValueError):
    """Formulas need each other, so that none can be computed; the message names them."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One value with its definition; ``value`` is null when the formula gives none.

    ``undecided`` counts cases of which ``where`` says neither yes nor no: they are in no sum, and are told.
    ``reads`` are the codes of the figures that the formula names.
    """

    definition: IndicatorDefinition
    value: Decimal | None
    undecided: int
    as_of: datetime
    reads: tuple[str, ...] = ()


class Figures:
    """All figures of one set of definitions over one set of counts, computed once, by code."""

    def __init__(
        self,
        definitions: Sequence[IndicatorDefinition],
        counts: Iterable[CaseCount],
        as_of: datetime,
        *,
        ratings: Mapping[str, Decimal] | None = None,
    ) -> None:
        """``ratings`` holds the names of ``RATING_NAMES`` that may be told, of all these cases together."""
        self.definitions = tuple(definitions)
        self.as_of = as_of
        self._counts = tuple(counts)
        kinds = {count.kind for count in self._counts}
        self._matches = {
            definition.code: {kind: _holds(definition.where, kind) for kind in kinds}
            for definition in self.definitions
            if definition.where is not None
        }
        self._by_code = self._figures(self._counts, ratings or {})

    def __getitem__(self, code: str) -> Figure:
        return self._by_code[code]

    def __contains__(self, code: str) -> bool:
        return code in self._by_code

    def __iter__(self) -> Iterator[Figure]:
        return iter(self._by_code.values())

    def kinds_of(self, code: str) -> frozenset[CaseKind]:
        """Return the kinds of case that a counting figure holds; those are its rows."""
        return frozenset(kind for kind, holds in self._matches.get(code, {}).items() if holds is True)

    def counts_of(self, code: str) -> tuple[CaseCount, ...]:
        """Return the counts that add up to a counting figure."""
        kinds = self.kinds_of(code)
        return tuple(count for count in self._counts if count.kind in kinds)

    def by_place(self) -> dict[str, dict[str, Figure]]:
        """Return the figures of each place by its path, with the same definitions."""
        groups: dict[str, list[CaseCount]] = {}
        for count in self._counts:
            groups.setdefault(count.place_path, []).append(count)
        return {path: self._figures(group) for path, group in groups.items()}

    def over(self, paths: Collection[str]) -> dict[str, Figure]:
        """Return the figures of several places together, by code."""
        return self._figures(count for count in self._counts if count.place_path in paths)

    def of_nothing(self) -> dict[str, Figure]:
        """Return the figures that no case at all would give, by code."""
        return self._figures(())

    def _figures(
        self, counts: Iterable[CaseCount], ratings: Mapping[str, Decimal] | None = None
    ) -> dict[str, Figure]:
        by_kind: Counter[CaseKind] = Counter()
        for count in counts:
            by_kind[count.kind] += count.count
        figures = {
            definition.code: self._counted(definition, by_kind)
            for definition in self.definitions
            if definition.where is not None
        }
        for definition in _in_order(self.definitions):
            figures[definition.code] = self._computed(definition, figures, ratings or {})
        return {definition.code: figures[definition.code] for definition in self.definitions}

    def _counted(self, definition: IndicatorDefinition, by_kind: Mapping[CaseKind, int]) -> Figure:
        matches = self._matches[definition.code]
        total = sum(count for kind, count in by_kind.items() if matches[kind] is True)
        undecided = sum(count for kind, count in by_kind.items() if matches[kind] is None)
        return Figure(definition, Decimal(total), undecided, self.as_of)

    def _computed(
        self,
        definition: IndicatorDefinition,
        known: Mapping[str, Figure],
        ratings: Mapping[str, Decimal],
    ) -> Figure:
        names = formula_names(self.definitions, definition)
        scope: dict[str, object] = dict.fromkeys(names)
        scope |= ratings
        scope |= {feel_name(code): figure.value for code, figure in known.items()}
        scope |= parameters_of(definition)
        value = _compiled(definition.formula or "null", names)({name: scope[name] for name in names})
        return Figure(definition, _number(value), 0, self.as_of, _reads(definition, self.definitions))


def _number(value: object) -> Decimal | None:
    """Return the number that a formula gave; anything else is no value."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    return Decimal(value)


@lru_cache(maxsize=1024)
def _compiled(text: str, names: tuple[str, ...]) -> Callable[[Mapping[str, object]], object]:
    return rules.compile_feel(text, names)


@lru_cache(maxsize=65536)
def _holds(where: str, kind: CaseKind) -> bool | None:
    """Tell whether the condition holds for a kind of case; anything but true and false is not known."""
    answer = _compiled(where, WHERE_NAMES)(where_scope(kind))
    return answer if isinstance(answer, bool) else None


def _reads(definition: IndicatorDefinition, definitions: Sequence[IndicatorDefinition]) -> tuple[str, ...]:
    """Return the codes that the formula names, in the order of the definitions."""
    others = [other.code for other in definitions if other.code != definition.code]
    names = {feel_name(name): name for name in (*others, *definition.parameters)}
    # Longest first, as FEEL reads names: "granted by machine" does not also name "granted".
    longest_first = sorted(names, key=len, reverse=True)
    found = set(re.findall("|".join(rf"\b{re.escape(name)}\b" for name in longest_first), _text(definition)))
    return tuple(code for code in others if feel_name(code) in found)


def _text(definition: IndicatorDefinition) -> str:
    return " ".join((definition.formula or "").split())


def _in_order(definitions: Sequence[IndicatorDefinition]) -> list[IndicatorDefinition]:
    """Return the formulas, each after those that it reads; raises ``FormulasInACircle``."""
    waiting = [definition for definition in definitions if definition.formula is not None]
    ordered: list[IndicatorDefinition] = []
    while waiting:
        codes = {definition.code for definition in waiting}
        ready = [each for each in waiting if not codes & set(_reads(each, definitions))]
        if not ready:
            raise FormulasInACircle(
                f"the indicators {', '.join(sorted(codes))} need each other; define one of them by 'where'"
            )
        ordered += ready
        waiting = [each for each in waiting if each not in ready]
    return ordered
