"""How services are found by life event and by office, and how often each gives its result on time."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache

from motcua.agencies.queries import AgencyNotKnown, AgencyView, agency
from motcua.cases.timeliness import OnTime, on_time_results
from motcua.procedures.content import Bilingual as Words
from motcua.procedures.queries import ProcedureView, revision
from motcua.web.portal.life_events import event_in_words
from motcua.web.ui.words import Bilingual

# The share of one service is asked for by every reader of its page, and changes little within a quarter of an hour.
KEPT_SECONDS = 900


def is_chosen(service: ProcedureView, event: str, office: str) -> bool:
    """Tell whether the service is of the life event and of the office, where they are given."""
    manifest = service.content.manifest
    return (not event or event in manifest.life_events) and (not office or office == manifest.agency)


def events_of(every: Sequence[ProcedureView]) -> list[tuple[str, Words, int]]:
    """Return code, words and number of services of each life event, by Vietnamese words."""
    counts = Counter(event for each in every for event in each.content.manifest.life_events)
    named = ((code, event_in_words(code), count) for code, count in counts.items())
    return sorted(named, key=lambda row: row[1].vi)


def offices_of(
    every: Sequence[ProcedureView], offices: Mapping[str, AgencyView]
) -> list[tuple[str, Bilingual, int]]:
    """Return code, name and number of services of each office, by name."""
    counts = Counter(each.content.manifest.agency for each in every)
    named = ((code, name_of(offices.get(code)), count) for code, count in counts.items())
    return sorted(((code, name, count) for code, name, count in named if name), key=lambda row: row[1].vi)


def name_of(office: AgencyView | None) -> Bilingual | None:
    """Return the name of an office in both languages."""
    return Bilingual(office.name, office.name_en or office.name) if office else None


def publisher_of(offices: Mapping[str, AgencyView]) -> AgencyView | None:
    """Return the agency at the root above the offices, which answers for the catalogue."""
    roots = sorted({office.path.partition(".")[0] for office in offices.values()})
    try:
        return agency(roots[0]) if roots else None
    except AgencyNotKnown:
        return None


def on_time_of(procedure: ProcedureView, now: datetime) -> OnTime:
    """Return the share of results on time, counted once a quarter of an hour by each process."""
    return _counted(procedure.revision_id, int(now.timestamp()) // KEPT_SECONDS)


@lru_cache(maxsize=512)
def _counted(revision_id: int, quarter: int) -> OnTime:
    moment = datetime.fromtimestamp((quarter + 1) * KEPT_SECONDS, UTC)
    return on_time_results(revision(revision_id), now=moment)
