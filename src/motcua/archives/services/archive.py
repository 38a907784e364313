"""Putting ended dossiers into the archive, each whole or not at all."""

import hashlib
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Max, Q

from motcua.agencies.queries import AgencyNotKnown, agency
from motcua.archives.bag import write_bag
from motcua.archives.events import DossierArchived
from motcua.archives.gathering import ended_at_of, index_part, local_day, parts_of
from motcua.archives.models import ArchivedDossier
from motcua.archives.proof import Told, proof_parts, told_of
from motcua.archives.stamps import code_of, note_first_stamps
from motcua.archives.states import kept_until, rule_of, years_of
from motcua.archives.store import keep_package
from motcua.archives.waiting import ENDED, waiting
from motcua.cases.models import Case, CaseEntry
from motcua.cases.queries import CasePage, case_of_person
from motcua.events.keys import ledger_key
from motcua.events.services import publish

log = logging.getLogger(__name__)

# So many dossiers share one reading of the ledger.
AT_ONCE = 100
# So many ended cases are looked at by one statement, archived or not.
PAGE = 2000


class NotEnded(ValueError):
    """The case is still on its way, or moved on while it was packed: it is archived another day."""


@dataclass(frozen=True, slots=True)
class ArchivedToday:
    """What one run did: numbers archived, those that could not be packed and are tried again, and how many wait.

    A dossier waits while somebody may still object, or owes an answer, a signature or money about it.
    """

    archived: tuple[str, ...]
    failed: tuple[str, ...]
    waiting: int = 0


def archive_ended(*, now: datetime, after_days: int, most: int | None = None) -> ArchivedToday:
    """Archive every case that ended ``after_days`` ago or longer, and about which nothing waits any more.

    At most ``most`` of them, the first filed first. Each in a transaction of its own: a run that is killed has left
    whole packages, and the next goes on. One that cannot be packed is logged, counted and tried again the next time;
    the others are archived all the same. Costs a reading of the cases that have ended and, for each hundred, one of
    the months of the ledger since they were filed.
    """
    archived: list[str] = []
    failed: list[str] = []
    late = 0
    for found in _batches(now, after_days):
        waits = waiting([case.number for case in found], now=now)
        late += len(waits)
        batch = [case for case in found if case.number not in waits]
        if not batch:
            continue
        told = told_of([case.number for case in batch], since=min(case.filed_at for case in batch), until=now)
        for case in batch:
            if len(archived) + len(failed) == most:
                return ArchivedToday(tuple(archived), tuple(failed), late)
            try:
                archive_case(case, told=told[case.number], now=now)
            except NotEnded:
                continue
            except Exception:
                # Any: a fault of one pack or paper must not keep the dossiers after it out of the archive.
                log.exception("%s could not be archived", case.number)
                failed.append(case.number)
            else:
                archived.append(case.number)
    return ArchivedToday(tuple(archived), tuple(failed), late)


def archive_case(case: Case, *, told: Sequence[Told], now: datetime) -> ArchivedDossier:
    """Pack one ended case and keep the package, with its row and its event in one transaction.

    Raises ``NotEnded`` if it moved on meanwhile or stands in the archive as it is now.
    """
    page = case_of_person(case.number, case.applicant_id)
    parts = [*parts_of(page, now=now), *proof_parts(told, ledger_key(now=now))]
    parts = [index_part(page, parts, archived_at=now), *parts]
    packed = write_bag(name=case.number, parts=parts, about=_about(page), made_at=now)
    files, stamped = len(parts), [part for part in parts if code_of(part.path) is not None]
    # They are in the package: a dossier of large scans would be held twice.
    del parts
    with transaction.atomic():
        # Locked until the package is there: of two that archive it at once the second finds it archived.
        still = Case.objects.select_for_update().filter(
            number=case.number, filed_on=case.filed_on, changed_at=page.case.changed_at, phase__in=ENDED
        )
        before = ArchivedDossier.objects.filter(case_number=case.number)
        moved_on = CaseEntry.objects.filter(case_number=case.number).count() != len(page.entries)
        if not still.exists() or moved_on or before.filter(ended_at=ended_at_of(page)).exists():
            raise NotEnded(case.number)
        row = _row(page, files, packed, edition=before.count() + 1, now=now)
        row.save(force_insert=True)
        keep_package(row, packed)
        note_first_stamps(row, stamped)
        publish(
            DossierArchived(
                happened_at=now,
                agency_path=row.agency_path,
                subject=row.case_number,
                actor="machine",
                sha256=row.sha256,
                bytes=row.bytes,
                edition=row.edition,
                heading=row.heading_vi,
                keep_until="permanent" if row.keep_until is None else row.keep_until.isoformat(),
            )
        )
    return row


def _batches(now: datetime, after_days: int) -> Iterator[list[Case]]:
    """Yield what is to be archived, the first filed first, by looking at every ended case a page at a time."""
    before = now - timedelta(days=after_days)
    rows = Case.objects.filter(phase__in=ENDED, changed_at__lte=before).order_by("filed_on", "number")
    last = Q()
    while page := list(rows.filter(last).values_list("filed_on", "number", "changed_at")[:PAGE]):
        wanted = _not_yet({number: changed_at for _, number, changed_at in page}, before)
        for at in range(0, len(wanted), AT_ONCE):
            # Their days let the database look into the months of this page only.
            days = {"filed_on__gte": page[0][0], "filed_on__lte": page[-1][0]}
            found = Case.objects.filter(number__in=wanted[at : at + AT_ONCE], **days)
            yield list(found.order_by("filed_on", "number"))
        # By place and not by offset: what could not be packed stays, and must not be found again in this run.
        day, number, _ = page[-1]
        last = Q(filed_on__gte=day) & (Q(filed_on__gt=day) | Q(number__gt=number))


def _not_yet(changed: Mapping[str, datetime], before: datetime) -> list[str]:
    """Return the numbers whose last state or act is old enough and not in the archive; two queries."""
    entries = CaseEntry.objects.filter(case_number__in=changed).order_by().values_list("case_number")
    acted = dict(entries.annotate(last=Max("happened_at")))
    rows = ArchivedDossier.objects.filter(case_number__in=changed).order_by().values_list("case_number")
    kept = dict(rows.annotate(last=Max("ended_at")))
    found = []
    for number, changed_at in changed.items():
        moment = max(changed_at, acted.get(number, changed_at))
        if moment <= before and (number not in kept or kept[number] < moment):
            found.append(number)
    return found


def _row(page: CasePage, files: int, packed: bytes, *, edition: int, now: datetime) -> ArchivedDossier:
    case, content = page.case, page.case.procedure.content
    rule, ended_at = rule_of(content), ended_at_of(page)
    ended_on = local_day(ended_at)
    years = years_of(rule)
    return ArchivedDossier(
        case_number=case.number,
        edition=edition,
        agency_path=case.agency_path,
        place_path=case.place_path,
        procedure_code=case.procedure.code,
        procedure_title_vi=content.manifest.title.vi,
        procedure_title_en=content.manifest.title.en,
        heading_vi=rule.heading.vi,
        heading_en=rule.heading.en,
        filed_at=case.filed_at,
        ended_at=ended_at,
        year=ended_on.year,
        keep_years=years,
        keep_until=kept_until(ended_on, years),
        files=files,
        bytes=len(packed),
        sha256=hashlib.sha256(packed).hexdigest(),
        archived_at=now,
    )


def _about(page: CasePage) -> list[tuple[str, str]]:
    """Return what ``bag-info.txt`` says: reserved labels of the standard, then ours; no person in it."""
    case, content = page.case, page.case.procedure.content
    rule = rule_of(content)
    until = kept_until(local_day(ended_at_of(page)), years_of(rule))
    try:
        office = agency(content.manifest.agency).name
    except AgencyNotKnown:
        office = content.manifest.agency
    return [
        ("Source-Organization", office),
        ("External-Identifier", case.number),
        ("External-Description", content.manifest.title.vi),
        ("Internal-Sender-Identifier", settings.SITE_URL),
        ("Internal-Sender-Description", "Hồ sơ điện tử đã kết thúc; mở data/summary.pdf để đọc"),
        ("Archive-Heading", rule.heading.vi),
        ("Filed-At", case.filed_at.isoformat()),
        ("Ended-At", ended_at_of(page).isoformat()),
        (
            "Retention",
            "permanent" if until is None else f"{rule.keep_years} years, until {until.isoformat()}",
        ),
    ]
