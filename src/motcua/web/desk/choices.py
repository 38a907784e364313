"""What the filters of the queue offer: with counts where everything was counted, without them where it was not."""

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import takewhile

from django.utils import timezone

from motcua.agencies.queries import AgencyView, agencies_within, places_now
from motcua.cases.queues import ClockSays, Queue, Why
from motcua.identity.states import PURPOSES, Purpose
from motcua.procedures.queries import search_services
from motcua.web.ui.components import Choice
from motcua.web.ui.officers import Officer
from motcua.web.ui.words import Bilingual, InTwoLanguages

WHYS: dict[Why, Bilingual] = {
    "unknown_fact": Bilingual("Dữ kiện chưa rõ", "Fact not known"),
    "step": Bilingual("Bước xử lý", "Step of the procedure"),
    "objection": Bilingual("Có ý kiến", "Objection"),
}
CLOCKS: dict[ClockSays, Bilingual] = {
    "overdue": Bilingual("Quá hạn", "Overdue"),
    "today": Bilingual("Đến hạn hôm nay", "Due today"),
    "soon": Bilingual("Đến hạn ngày làm việc kế tiếp", "Due on the next working day"),
    "later": Bilingual("Chưa đến hạn", "Due later"),
    "paused": Bilingual("Tạm dừng, chờ người nộp", "Stands still, waits for the applicant"),
}
HANDS = {
    "mine": Bilingual("Của tôi", "Mine"),
    "nobody": Bilingual("Chưa ai nhận", "Nobody's yet"),
}


def filters_of(found: Queue, places: Mapping[str, str], officer: Officer) -> dict[str, tuple[Choice, ...]]:
    """Return the choices of each filter.

    Three queries at most. Where more waits than was counted, whatever lies within the officer's rights is offered.
    """
    titles: dict[str, InTwoLanguages] = {
        service.code: service.content.manifest.title for service in search_services()
    }
    offices = {each.path: each for each in agencies_within(_common(officer, "agency_path"))}
    if found.groups is None:
        on = timezone.localdate(officer.now)
        within = places_now(on, within=_common(officer, "place_path"))
        return {
            "why": _choices(WHYS),
            "service": _choices(titles),
            "place": _choices({place.path: Bilingual(place.name, place.name) for place in within}),
            "office": _choices({path: _name(each) for path, each in offices.items()}),
            "clock": _choices(CLOCKS),
        }
    groups = found.groups
    counts = {
        column: _sums((getattr(group, column), group.count) for group in groups)
        for column in ("why", "procedure", "place_path", "agency_path", "clock")
    }
    by_name = sorted(counts["place_path"], key=lambda path: places.get(path, ""))
    return {
        "why": _counted(WHYS, counts["why"]),
        "service": _counted(
            {code: titles.get(code, Bilingual(code, code)) for code in sorted(counts["procedure"])},
            counts["procedure"],
        ),
        "place": _counted(
            {path: Bilingual(places.get(path, path), places.get(path, path)) for path in by_name},
            counts["place_path"],
        ),
        "office": _counted(
            {path: _name(offices[path]) for path in counts["agency_path"] if path in offices},
            counts["agency_path"],
        ),
        "clock": _counted(CLOCKS, counts["clock"]),
    }


def _sums(pairs: Iterable[tuple[str, int]]) -> Counter[str]:
    sums = Counter[str]()
    for value, count in pairs:
        sums[value] += count
    return sums


_Labels = (
    Mapping[str, InTwoLanguages]
    | Mapping[str, Bilingual]
    | Mapping[Why, Bilingual]
    | Mapping[ClockSays, Bilingual]
)


def _choices(labels: _Labels) -> tuple[Choice, ...]:
    return tuple(Choice(value, label) for value, label in labels.items())


def _counted(labels: _Labels, counts: Counter[str]) -> tuple[Choice, ...]:
    return tuple(
        Choice(
            value,
            Bilingual(
                f"{label.in_language('vi')} ({counts[value]})", f"{label.in_language('en')} ({counts[value]})"
            ),
        )
        for value, label in labels.items()
    )


def _name(office: AgencyView) -> Bilingual:
    return Bilingual(office.name, office.name_en)


def _common(officer: Officer, column: str) -> str:
    """Return the path above everything that the officer reads."""
    paths = [
        getattr(grant, column).split(".")
        for grant in officer.rights.grants
        if Purpose.READ_CASES in PURPOSES[grant.role]
    ]
    steps = takewhile(lambda labels: len(set(labels)) == 1, zip(*paths, strict=False))
    return ".".join(labels[0] for labels in steps)
