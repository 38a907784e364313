"""The parts of the board, as values a template can draw: tiles, reasons, places, hours, estimates."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone

from motcua.agencies.queries import PlaceView
from motcua.cases.counts import HourCount
from motcua.indicators.figures import Figure, Figures
from motcua.indicators.scope import parameters_of
from motcua.procedures.content import IndicatorDefinition
from motcua.procedures.queries import ProcedureView
from motcua.web.operations.chosen import Chosen
from motcua.web.operations.wording import (
    figure_words,
    plain_label,
    reason_sentence,
    rounded,
    unit_words,
)
from motcua.web.ui.words import (
    ENGLISH_WEEKDAYS,
    VIETNAMESE_WEEKDAYS,
    Bilingual,
    InTwoLanguages,
    number_in_words,
)

TILES = (
    "requests",
    "granted",
    "held_back",
    "waiting_for_person",
    "waiting_for_register",
    "overdue",
)
BY_PLACE = ("requests", "granted", "held_back", "hold_back_share", "waiting_for_person", "overdue")
DAYS = 7
OTHER_PLACES = Bilingual("Chưa rõ địa bàn hoặc địa bàn cũ", "Place not known, or of an earlier map")
BY_OFFICER = Bilingual("Cán bộ quyết định", "Decided by an officer")


@dataclass(frozen=True, slots=True)
class Tile:
    """One large number with its label and the address of its receipt; ``beside`` is a second figure."""

    code: str
    label: InTwoLanguages
    value: Bilingual
    unit: Bilingual | None
    url: str
    is_zero: bool
    beside: Bilingual | None = None

    @property
    def is_long(self) -> bool:
        """Tell whether the value needs smaller digits."""
        return len(self.value.vi) > 6


@dataclass(frozen=True, slots=True)
class Bar:
    """One reason with its count; ``per_mille`` is the length of the bar against the longest."""

    label: InTwoLanguages
    count: int
    share: Bilingual
    per_mille: int
    url: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One number of a table, as written and as a machine reads it (null when there is none)."""

    code: str
    words: Bilingual
    number: str
    url: str


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """The figures of one place; ``code`` is empty for what lies on no place of the present map."""

    code: str
    name: InTwoLanguages
    cells: tuple[Cell, ...]

    @property
    def has_figures(self) -> bool:
        """Tell whether anything but nothing is counted there."""
        return any(cell.number not in ("", "0") for cell in self.cells)


@dataclass(frozen=True, slots=True)
class HourBar:
    """One hour of the chart, in the coordinates of its picture (200 high); null counts lie ahead."""

    left: int
    hour: datetime
    requests: int
    granted: int
    height: int
    granted_height: int


@dataclass(frozen=True, slots=True)
class DayColumn:
    """One day under the chart, with the sums that the table shows."""

    day: date
    label: Bilingual
    requests: int
    granted: int
    hours: tuple[HourBar, ...]


@dataclass(frozen=True, slots=True)
class Hours:
    """Requests by hour: bars, days, and the busiest hour."""

    bars: tuple[HourBar, ...]
    days: tuple[DayColumn, ...]
    width: int
    busiest: HourBar | None


@dataclass(frozen=True, slots=True)
class ServiceRow:
    """The figures of one service."""

    title: InTwoLanguages
    code: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure that rests on parameters, with its method in words; the formula stands on its receipt."""

    tile: Tile
    service: InTwoLanguages
    method: InTwoLanguages


def tiles(figures: Figures, chosen: Chosen) -> tuple[Tile, ...]:
    """Return the large numbers; the share held back stands beside what was held back."""
    share = figures["hold_back_share"]
    words = figure_words(share)
    beside = (
        Bilingual(f"{words.vi} số đề nghị", f"{words.en} of requests") if share.value is not None else None
    )
    return tuple(tile(figures[code], chosen, beside if code == "held_back" else None) for code in TILES)


def tile(figure: Figure, chosen: Chosen, beside: Bilingual | None = None) -> Tile:
    """Return one figure as a large number."""
    definition = figure.definition
    return Tile(
        code=definition.code,
        label=definition.label,
        value=figure_words(figure),
        unit=unit_words(definition),
        url=chosen.figure_url(definition.code),
        is_zero=not figure.value,
        beside=beside,
    )


def reasons(
    figures: Figures, services: Sequence[ProcedureView], each: Mapping[str, Figures], place: PlaceView | None
) -> tuple[Bar, ...]:
    """Return how many were held back for each reason of each service, most first; they add up to all of them."""
    known = {service.code: service for service in services}
    counted: dict[tuple[str, str], int] = {}
    for count in figures.counts_of("held_back"):
        key = (count.procedure_code, count.kind.reason)
        counted[key] = counted.get(key, 0) + count.count
    most, total = max(counted.values(), default=0), sum(counted.values())
    bars = []
    for (code, reason), number in sorted(counted.items(), key=lambda pair: (-pair[1], pair[0])):
        service = known.get(code)
        defined = _definition_of_reason(each[code], reason) if service else None
        percent = _percent(number, total)
        bars.append(
            Bar(
                label=_reason_label(reason, defined, service),
                count=number,
                share=Bilingual(vi=percent, en=percent),
                per_mille=max(4, 1000 * number // most),
                url=Chosen(service, place).figure_url(defined.code) if defined else "",
            )
        )
    return tuple(bars)


def _definition_of_reason(figures: Figures, reason: str) -> IndicatorDefinition | None:
    """Return the figure that the pack defines for exactly the cases held back for this reason."""
    kinds = {kind for kind in figures.kinds_of("held_back") if kind.reason == reason}
    return next(
        (
            each
            for each in figures.definitions
            if _is_of_reason(each) and figures.kinds_of(each.code) == kinds
        ),
        None,
    )


def _is_of_reason(definition: IndicatorDefinition) -> bool:
    return definition.where is not None and "reason" in definition.where


def _percent(number: int, total: int) -> str:
    """Return the share, rounded; what is counted is never shown as nothing."""
    rounded_share = (200 * number + total) // (2 * total)
    return f"{rounded_share}%" if rounded_share else "<1%"


def _reason_label(
    reason: str, defined: IndicatorDefinition | None, service: ProcedureView | None
) -> InTwoLanguages:
    if defined is not None:
        return plain_label(defined)
    if reason == "person" and service:
        title = service.content.manifest.title
        return Bilingual(f"{BY_OFFICER.vi}: {title.vi}", f"{BY_OFFICER.en}: {title.en}")
    said = reason_sentence(service.model, reason) if service else None
    return said or Bilingual(reason or "–", reason or "–")


def place_rows(figures: Figures, places: Sequence[PlaceView], chosen: Chosen) -> tuple[PlaceRow, ...]:
    """Return the figures of every place in force, and one row for what lies on none of them, if anything does."""
    grouped = figures.by_place()
    known = {place.path for place in places}
    rows = [
        PlaceRow(
            place.code,
            Bilingual(place.name, place.name),
            _cells(figures, grouped.get(place.path), chosen, place),
        )
        for place in places
    ]
    rest = [path for path in grouped if path not in known]
    if rest:
        rows.append(PlaceRow("", OTHER_PLACES, _cells(figures, figures.over(rest), chosen, None)))
    return tuple(rows)


def service_rows(
    services: Iterable[ProcedureView], each: Mapping[str, Figures], place: PlaceView | None
) -> tuple[ServiceRow, ...]:
    """Return the figures of every service."""
    return tuple(
        ServiceRow(
            title=service.content.manifest.title,
            code=service.code,
            cells=_cells(
                each[service.code],
                {f.definition.code: f for f in each[service.code]},
                Chosen(service, place),
                None,
            ),
        )
        for service in services
    )


def _cells(
    figures: Figures, found: Mapping[str, Figure] | None, chosen: Chosen, place: PlaceView | None
) -> tuple[Cell, ...]:
    at = Chosen(chosen.service, place or chosen.place)
    cells = []
    for code in BY_PLACE:
        figure = (found or figures.of_nothing())[code]
        value = "" if figure.value is None else str(rounded(figure))
        words = Bilingual("–", "–") if figure.value is None else figure_words(figure)
        cells.append(Cell(code, words, value, at.figure_url(code) if value not in ("", "0") else ""))
    return tuple(cells)


def estimates(service: ProcedureView, figures: Figures, place: PlaceView | None) -> tuple[Estimate, ...]:
    """Return the figures of a service that rest on parameters."""
    return tuple(
        Estimate(
            tile=tile(figure, Chosen(service, place)),
            service=service.content.manifest.title,
            method=figure.definition.method,
        )
        for figure in figures
        if figure.definition.formula and figure.definition.parameters
    )


def parameters(definition: IndicatorDefinition) -> tuple[tuple[str, Bilingual], ...]:
    """Return the parameters by the names that the formula uses, with their values as written."""
    return tuple(
        (name, Bilingual(number_in_words(_short(value), "vi"), number_in_words(_short(value), "en")))
        for name, value in parameters_of(definition).items()
    )


def _short(value: Decimal) -> int | Decimal:
    return int(value) if value == value.to_integral_value() else value


def further(figures: Figures, chosen: Chosen) -> tuple[Tile, ...]:
    """Return what the service counts beyond tiles, reasons and estimates."""
    shown = set(TILES)
    return tuple(
        tile(figure, chosen)
        for figure in figures
        if figure.definition.code not in shown
        and not _is_of_reason(figure.definition)
        and not figure.definition.parameters
    )


def first_hour(now: datetime) -> int:
    """Return how many hours, this one included, have begun since the first midnight of the chart."""
    return (DAYS - 1) * 24 + timezone.localtime(now).hour + 1


def hours(counts: Sequence[HourCount]) -> Hours:
    """Lay out the bars: 10 units an hour, 200 units for the busiest hour."""
    most = max((count.requests for count in counts), default=0)
    bars = tuple(
        HourBar(
            left=10 * step,
            hour=count.hour,
            requests=count.requests,
            granted=count.granted,
            height=_height(count.requests, most),
            granted_height=_height(count.granted, most),
        )
        for step, count in enumerate(counts)
    )
    days = tuple(_day(bars[start : start + 24]) for start in range(0, len(bars), 24))
    busiest = max(bars, key=lambda bar: bar.requests, default=None)
    return Hours(bars, days, 240 * DAYS, busiest if busiest and busiest.requests else None)


def _height(count: int, most: int) -> int:
    return max(3, 200 * count // most) if count else 0


def _day(bars: tuple[HourBar, ...]) -> DayColumn:
    day = bars[0].hour.date()
    return DayColumn(
        day=day,
        label=Bilingual(
            f"{VIETNAMESE_WEEKDAYS[day.weekday()]} {day.day}/{day.month}",
            f"{ENGLISH_WEEKDAYS[day.weekday()][:3]} {day.day}/{day.month}",
        ),
        requests=sum(bar.requests for bar in bars),
        granted=sum(bar.granted for bar in bars),
        hours=bars,
    )
