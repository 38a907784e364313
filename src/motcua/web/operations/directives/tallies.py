"""What a directive lays down, parameter by parameter, counted by place and set beside what holds now."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse

from motcua.agencies.queries import PlaceView
from motcua.directives.law import Law
from motcua.directives.parameters import ParameterSpec
from motcua.web.ui.law_words import COLORS, labels_of_values, value_in_words
from motcua.web.ui.words import InTwoLanguages


@dataclass(frozen=True, slots=True)
class Part:
    """One value, and for how many places; null where it is one for all."""

    label: InTwoLanguages
    color: str
    places: int | None


@dataclass(frozen=True, slots=True)
class ParameterRow:
    """One parameter, now and under the directive; ``places_url`` where it differs from place to place."""

    label: InTwoLanguages
    before: tuple[Part, ...]
    after: tuple[Part, ...]
    differs: bool
    places_url: str


def parameter_rows(
    addresses: Iterable[str],
    specs: Mapping[str, ParameterSpec],
    *,
    now: Law,
    then: Law,
    places: Sequence[PlaceView],
    directive_id: int,
) -> tuple[ParameterRow, ...]:
    """Return the parameters in words; those that change come first."""
    codes = [place.code for place in places]
    rows = [
        _row(specs[address], now=now, then=then, codes=codes, directive_id=directive_id)
        for address in addresses
        if address in specs
    ]
    return tuple(sorted(rows, key=lambda row: not row.differs))


def _row(spec: ParameterSpec, *, now: Law, then: Law, codes: list[str], directive_id: int) -> ParameterRow:
    by_place = spec.by_place and bool(spec.allowed)
    asked = codes if by_place else [None]
    before, after = ([law.value(spec.address, code) for code in asked] for law in (now, then))
    said_before, said_after = ([found.text if found else "" for found in side] for side in (before, after))
    return ParameterRow(
        label=spec.label,
        before=_parts(said_before, spec, by_place=by_place),
        after=_parts(said_after, spec, by_place=by_place),
        differs=said_before != said_after,
        places_url=reverse("operations:directive_places", args=(directive_id, spec.address))
        if by_place
        else "",
    )


def _parts(said: list[str], spec: ParameterSpec, *, by_place: bool) -> tuple[Part, ...]:
    counted = Counter(text for text in said if text)
    order = [*spec.allowed, *(text for text in counted if text not in spec.allowed)]
    labels = labels_of_values() if spec.allowed else {}
    # One value everywhere needs no count.
    counts = by_place and len(counted) > 1
    return tuple(
        Part(
            value_in_words(spec.read(text), spec.address, labels),
            text if text in COLORS else "",
            counted[text] if counts else None,
        )
        for text in order
        if counted[text]
    )
