"""The result of a dry run as a page shows it: sentence, tiles, map and tables, reasons, work for the offices."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone

from motcua.agencies.queries import places_now
from motcua.directives.queries import DirectiveView
from motcua.procedures.queries import search_services
from motcua.switching.run_queries import RunView, agency_names, may_download
from motcua.web.operations.directives.effects import (
    COLUMNS,
    Counts,
    Part,
    Row,
    bars,
    number_words,
    row_of,
    sentence,
    summed,
    tiles,
)
from motcua.web.ui.officers import Officer
from motcua.web.ui.words import Bilingual, InTwoLanguages

NOT_SAID = Bilingual("Không rõ", "Not known")
OUTSIDE = Bilingual("Chưa rõ nơi, hoặc nơi thuộc bản đồ cũ", "Place not known, or of an earlier map")
TAKEN = Bilingual(
    "Dữ liệu ở nguồn ngoài được lấy như lần xét gần nhất của từng hồ sơ: {names}.",
    "Facts of outside sources are taken as the last decision on each case had them: {names}.",
)
ALSO_EVERYONE = Bilingual(
    "Đã tính cả mọi người trong các nguồn dữ liệu.", "Everyone in the registers was counted too."
)


_NOT_THERE = Bilingual(
    "Những {what} không có trong bảng: không ai có kết quả khác.",
    "Of {what} that are not in the table, nobody gets another answer.",
)


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the result; ``head`` names its first column, ``rest`` says what is not in it."""

    id: str
    title: Bilingual
    head: Bilingual
    rows: tuple[Row, ...]
    rest: Bilingual


def result_page(run: RunView, found: DirectiveView, officer: Officer) -> dict[str, object]:
    """Return the values of the template ``results.html``; a handful of queries for names."""
    return {
        "planned_at": run.moment,
        "sentence": sentence(run.totals),
        "tiles": tiles(run.totals),
        "columns": COLUMNS,
        "first_column": next(
            (each.code for each in COLUMNS if any(summed(run.totals, each.categories))), "gain"
        ),
        "tables": tuple(table for table in _tables(run) if table.rows),
        "reasons": bars(
            [(each.category, _words(each.vi, each.en, each.reason), each.count) for each in run.reasons]
        ),
        "loads": _loads(run),
        "notes": _notes(run),
        "may_download": may_download(officer.rights),
        "download_url": reverse("operations:dry_run_download", args=(found.id, run.id)),
    }


def _words(vi: str, en: str, reason: str) -> Bilingual:
    return Bilingual(vi or reason or "–", en or vi or reason or "–")


def _tables(run: RunView) -> tuple[Table, ...]:
    sectors = sector_words()
    by_sector = [row_of("", sectors.get(key) or _named(key), counts) for key, counts in run.by_sector.items()]
    by_age = [row_of("", _age(key), counts) for key, counts in run.by_age.items()]
    return (
        Table(
            "effects",
            Bilingual("Theo nơi", "By place"),
            Bilingual("Nơi", "Place"),
            _telling(_place_rows(run)),
            _NOT_THERE.filled(what=Bilingual("nơi", "places")),
        ),
        Table(
            "sectors",
            Bilingual("Theo lĩnh vực", "By sector"),
            Bilingual("Lĩnh vực", "Sector"),
            _telling(by_sector),
            _NOT_THERE.filled(what=Bilingual("lĩnh vực", "sectors")),
        ),
        Table(
            "ages",
            Bilingual("Theo tuổi", "By age"),
            Bilingual("Tuổi", "Age"),
            _telling(by_age),
            _NOT_THERE.filled(what=Bilingual("độ tuổi", "ages")),
        ),
    )


def _telling(rows: Iterable[Row]) -> tuple[Row, ...]:
    """Keep the rows where somebody changes: elsewhere there is nothing to read, and the map leaves it empty."""
    return tuple(row for row in rows if any(cell.number != "0" for cell in row.cells))


def _place_rows(run: RunView) -> list[Row]:
    places = places_now(timezone.localdate(run.moment))
    nothing: Counts = {}
    rows = [
        row_of(place.code, Bilingual(place.name, place.name), run.by_place.get(place.code, nothing))
        for place in places
    ]
    known = {place.code for place in places}
    rest: dict[str, int | None] = {}
    for code, counts in run.by_place.items():
        if code not in known:
            _add(rest, counts)
    if rest:
        rows.append(row_of("", OUTSIDE, rest))
    return rows


def _add(sums: dict[str, int | None], counts: Counts) -> None:
    for category, number in counts.items():
        before = sums.get(category, 0)
        sums[category] = None if number is None or before is None else before + number


def sector_words() -> Mapping[str, InTwoLanguages]:
    """Return what the services call the sectors that their facts name."""
    return {
        option.value: option.label
        for service in search_services()
        for fact in service.content.facts
        if fact.returns == "sector"
        for option in fact.options
    }


def _named(key: str) -> Bilingual:
    return Bilingual(key, key) if key else NOT_SAID


def _age(key: str) -> Bilingual:
    return Bilingual(f"{key} tuổi", f"Age {key}") if key else NOT_SAID


def _loads(run: RunView) -> tuple[Part, ...]:
    names = agency_names(path for path, _ in run.desk_load)
    return tuple(
        Part(names.get(path, Bilingual(path, path)), number_words(count)) for path, count in run.desk_load
    )


def _notes(run: RunView) -> tuple[Bilingual, ...]:
    notes = [ALSO_EVERYONE] if run.everyone else []
    if run.taken_from_decisions:
        notes.append(TAKEN.filled(names=", ".join(run.taken_from_decisions)))
    return tuple(notes)
