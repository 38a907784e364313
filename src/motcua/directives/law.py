"""The law at a moment: which directives are in force, and what they set for each place. Kept in memory.

A directive is in force from when it began until its own end, its undoing, or until one that replaces it is in force;
of several that set the same for a place, the narrower place counts first and then the later beginning.
"""

import hashlib
import json
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from time import monotonic

from django.db import transaction
from django.utils import timezone

from motcua.agencies.models import Place
from motcua.directives.complaints import Words
from motcua.directives.content import DirectiveContent, read_directive
from motcua.directives.models import Directive, Parameter
from motcua.directives.parameters import ParameterSpec, ParameterValue, ValueRefused
from motcua.events.copying import rows_of

# How old the copy of a process may be. Whoever switches the law looks again at what was decided this long after.
STALE_SECONDS = 1.0
# The path above every place, and so the scope of a directive that names none.
EVERYWHERE = "vn"
_MOST_KEPT = 256


@dataclass(frozen=True, slots=True)
class InForce:
    """A value in force: who says so, since when, and until when if that is known.

    ``place_code`` is the place that the value was set for; None if it was set for the whole scope.
    """

    value: ParameterValue
    text: str
    directive: str
    directive_id: int
    title: Words
    since: datetime
    until: datetime | None
    place_code: str | None


@dataclass(frozen=True, slots=True)
class Statement:
    """One value that a directive sets at one place and below it, by path."""

    address: str
    path: str
    text: str
    value: ParameterValue
    place_code: str | None


@dataclass(frozen=True, slots=True)
class Enacted:
    """A directive with its moments and what it states; ``scope`` are paths of places."""

    id: int
    number: str
    title: Words
    sha256: str
    begun_at: datetime
    until: datetime | None
    undone_at: datetime | None
    replaces: frozenset[str]
    scope: tuple[str, ...]
    statements: tuple[Statement, ...]
    content: DirectiveContent = field(compare=False, repr=False)

    def stands(self, moment: datetime) -> bool:
        """Whether it has begun and was not undone; its end and those that replace it are another matter."""
        return self.begun_at <= moment and (self.undone_at is None or moment < self.undone_at)

    def in_force(self, moment: datetime, others: Iterable["Enacted"]) -> bool:
        """Whether it is law at the moment, beside the others."""
        if not self.stands(moment) or (self.until is not None and moment >= self.until):
            return False
        return not any(
            other.id != self.id and self.number in other.replaces and other.stands(moment) for other in others
        )


class Law:
    """What is in force at one moment; never changes. Two laws of the same ``sha256`` say the same.

    ``kept`` is for others to keep what they worked out from this law; it goes when the law goes.
    """

    __slots__ = ("_found", "_paths", "_stated", "enacted", "kept", "moment", "sha256")

    def __init__(self, enacted: Sequence[Enacted], paths: Mapping[str, str], moment: datetime) -> None:
        # Those that began last stand last, and so overwrite the others below.
        self.enacted = tuple(sorted(enacted, key=lambda each: (each.begun_at, each.id)))
        self.moment = moment
        self.kept: dict[object, object] = {}
        self._paths = paths
        self._stated: dict[str, dict[str, InForce]] = {}
        self._found: dict[tuple[str, str | None], InForce | None] = {}
        for each in self.enacted:
            for statement in each.statements:
                by_path = self._stated.setdefault(statement.address, {})
                by_path[statement.path] = InForce(
                    statement.value,
                    statement.text,
                    each.number,
                    each.id,
                    each.title,
                    each.begun_at,
                    each.until,
                    statement.place_code,
                )
        said = [[each.number, each.sha256, each.begun_at.isoformat()] for each in self.enacted]
        self.sha256 = hashlib.sha256(json.dumps(said).encode()).hexdigest()

    def __hash__(self) -> int:
        """Hash by what is in force."""
        return hash(self.sha256)

    def __eq__(self, other: object) -> bool:
        """Compare by what is in force."""
        return isinstance(other, Law) and other.sha256 == self.sha256

    def value(self, address: str, place_code: str | None = None) -> InForce | None:
        """Return what the parameter is at the place, or for the whole city; None if no directive sets it.

        A code that names no place at the moment has no value.
        """
        key = (address, place_code)
        if key not in self._found:
            if len(self._found) > _MOST_KEPT * 64:
                self._found.clear()
            self._found[key] = self._look_up(address, place_code)
        return self._found[key]

    def column(self, address: str, place_codes: Iterable[str] | None = None) -> dict[str, InForce | None]:
        """Return the value for each of the places, by default all that there are at the moment."""
        return {
            code: self.value(address, code) for code in (self._paths if place_codes is None else place_codes)
        }

    def directives(self, place_code: str | None = None) -> tuple[Enacted, ...]:
        """Return the directives in force that concern the place, or all of them; those that began last come first."""
        if place_code is None:
            return self.enacted[::-1]
        path = self._paths.get(place_code)
        if path is None:
            return ()
        above = _upwards(path)
        return tuple(each for each in self.enacted[::-1] if any(scope in above for scope in each.scope))

    def _look_up(self, address: str, place_code: str | None) -> InForce | None:
        by_path = self._stated.get(address)
        if by_path is None:
            return None
        if place_code is None:
            return _later([found for path, found in by_path.items() if path.count(".") <= 1])
        path = self._paths.get(place_code)
        if path is None:
            return None
        *narrow, city, everywhere = _upwards(path)
        for above in narrow:
            if above in by_path:
                return by_path[above]
        # Nothing lies between the city and everything: what is said of either is said of the same places.
        return _later([by_path[wide] for wide in (everywhere, city) if wide in by_path])


def _later(found: Sequence[InForce]) -> InForce | None:
    return max(found, key=lambda each: (each.since, each.directive_id), default=None)


def _upwards(path: str) -> list[str]:
    """Return the path and every path above it, the narrowest first; that of a city is its own and everything's."""
    labels = path.split(".")
    found = [".".join(labels[:count]) for count in range(len(labels), 0, -1)]
    return found if len(found) > 1 else [path, EVERYWHERE]


def law_at(moment: datetime) -> Law:
    """Return the law in force at the moment, past or present. A look at the mark once a second, else from memory."""
    return _copy().law(moment)


def law_with(directive_id: int, moment: datetime) -> Law:
    """Return the law as it would be if the directive began at the moment, and what it replaces ended then.

    Raises ``Directive.DoesNotExist``. Two queries, and one for the places of a day.
    """
    copy = _copy()
    draft = enacted_of(Directive.objects.get(pk=directive_id), begun_at=moment)
    enacted = [each for each in copy.enacted if each.id != draft.id] + [draft]
    return Law([each for each in enacted if each.in_force(moment, enacted)], copy.paths_on(moment), moment)


def forget() -> None:
    """Drop the copy of this process, so that the next question reads the law anew."""
    global _kept  # noqa: PLW0603 - the one copy of the process; replaced whole, never changed
    _kept = None


def forget_now_and_after() -> None:
    """Drop the copy now, for the rest of the transaction, and again when others can see what changed."""
    forget()
    transaction.on_commit(forget)


class _Copy:
    """Every directive that ever began, as of one mark."""

    def __init__(self, mark: str, enacted: Sequence[Enacted]) -> None:
        self.mark = mark
        self.looked_at = monotonic()
        self.enacted = tuple(enacted)
        moments = {
            moment
            for each in enacted
            for moment in (each.begun_at, each.until, each.undone_at)
            if moment is not None
        }
        self._moments = sorted(moments)
        self._laws: dict[tuple[int, date], Law] = {}
        self._paths: dict[date, dict[str, str]] = {}

    def law(self, moment: datetime) -> Law:
        """Return the law; between two moments at which something begins or ends it is the same one."""
        key = (bisect_right(self._moments, moment), timezone.localtime(moment).date())
        law = self._laws.get(key)
        if law is None:
            found = [each for each in self.enacted if each.in_force(moment, self.enacted)]
            law = Law(found, self.paths_on(moment), moment)
            if len(self._laws) >= _MOST_KEPT:
                self._laws.clear()
            self._laws[key] = law
        return law

    def paths_on(self, moment: datetime) -> dict[str, str]:
        """Return the path of each place of that day by its code; one query the first time."""
        on = timezone.localtime(moment).date()
        if on not in self._paths:
            if len(self._paths) >= _MOST_KEPT:
                self._paths.clear()
            self._paths[on] = dict(Place.objects.valid(on).values_list("code", "path"))
        return self._paths[on]


_kept: _Copy | None = None


def _copy() -> _Copy:
    """Return the copy of this process, read anew when the mark has moved."""
    global _kept  # noqa: PLW0603 - the one copy of the process; replaced whole, never changed
    copy = _kept
    if copy is not None and monotonic() - copy.looked_at < STALE_SECONDS:
        return copy
    # The mark before the directives: what changes in between is then seen at the next look.
    mark = "".join(found or "" for (found,) in rows_of("SELECT mark::text FROM directives_lawmark"))
    if copy is None or copy.mark != mark:
        copy = _Copy(mark, _everything_begun())
    copy.looked_at = monotonic()
    _kept = copy
    return copy


def _everything_begun() -> list[Enacted]:
    rows = Directive.objects.filter(begun_at__isnull=False).order_by("begun_at", "pk")
    specs = specs_by_address()
    return [enacted_of(row, begun_at=row.begun_at, specs=specs) for row in rows if row.begun_at is not None]


def specs_by_address() -> dict[str, ParameterSpec]:
    """Return what directives may set, by address; one query."""
    return {row.address: _spec_of(row) for row in Parameter.objects.order_by("address")}


def _spec_of(row: Parameter) -> ParameterSpec:
    return ParameterSpec(
        address=row.address,
        type=row.type,  # type: ignore[arg-type]  # written from a spec only
        label=Words(row.label_vi, row.label_en),
        title=Words(row.title_vi, row.title_en),
        allowed=tuple(row.allowed),
        minimum=row.minimum,
        maximum=row.maximum,
        by_place=row.by_place,
    )


def enacted_of(
    row: Directive, *, begun_at: datetime, specs: Mapping[str, ParameterSpec] | None = None
) -> Enacted:
    """Return the directive as if it began at the moment; two queries unless ``specs`` are given, else one."""
    content = read_directive(row.text, row.number)
    made = _enacted(content, row, begun_at, specs_by_address() if specs is None else specs)
    return made if row.begun_at == begun_at else replace(made, undone_at=None)


def _enacted(
    content: DirectiveContent, row: Directive, begun_at: datetime, specs: Mapping[str, ParameterSpec]
) -> Enacted:
    paths = paths_named(content)
    scope = tuple(paths[code] for code in content.scope if code in paths) if content.scope else (EVERYWHERE,)
    return Enacted(
        id=row.pk,
        number=content.number,
        title=Words(content.title.vi, content.title.en),
        sha256=row.sha256,
        begun_at=begun_at,
        until=content.in_force.until,
        undone_at=row.undone_at,
        replaces=frozenset(content.replaces),
        scope=scope,
        statements=tuple(statements_of(content, specs, paths, scope)),
        content=content,
    )


def statements_of(
    content: DirectiveContent,
    specs: Mapping[str, ParameterSpec],
    paths: Mapping[str, str],
    scope: Sequence[str],
) -> Iterable[Statement]:
    """Yield what the directive sets; what no register offers or allows any longer is left out."""
    for address, stated in content.parameters.items():
        spec = specs.get(address)
        if spec is None:
            continue
        parts: list[tuple[str, str, str | None]] = []
        if stated.default is not None:
            parts += [(path, stated.default, None) for path in scope]
        for code, text in stated.places.items():
            if code in paths:
                parts.append((paths[code], text, code))
        for path, text, place_code in parts:
            # What was allowed when it was written may not be today; then it is unknown, and the rest still holds.
            with suppress(ValueRefused):
                yield Statement(address, path, text, spec.read(text), place_code)


def paths_named(content: DirectiveContent) -> dict[str, str]:
    """Return the paths of the places that the directive names, as of the day it is to begin; one query or none."""
    codes = {*content.scope, *(code for stated in content.parameters.values() for code in stated.places)}
    if not codes:
        return {}
    on = timezone.localtime(content.in_force.since).date()
    return dict(Place.objects.valid(on).filter(code__in=codes).values_list("code", "path"))
