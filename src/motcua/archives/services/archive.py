"""Putting ended dossiers into the archive, each whole or not at all."""

import hashlib
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from motcua.agencies.queries import AgencyNotKnown, agency
from motcua.archives.bag import Part, write_bag
from motcua.archives.events import DossierArchived
from motcua.archives.gathering import index_part, local_day, parts_of
from motcua.archives.models import ArchivedDossier, ArchivedPackage
from motcua.archives.proof import Told, proof_parts, told_of
from motcua.archives.states import kept_until, rule_of, years_of
from motcua.cases.models import Case
from motcua.cases.queries import CasePage, case_of_person
from motcua.cases.states import Phase
from motcua.events.keys import ledger_key
from motcua.events.services import publish
from motcua.identity.sealing import seal
from motcua.procedures.queries import revision

log = logging.getLogger(__name__)

SEALED_FOR = "archive"
ENDED = (Phase.GRANTED, Phase.REFUSED, Phase.CLOSED)
# So many dossiers share one reading of the ledger.
AT_ONCE = 100


class NotEnded(ValueError):
    """The case is still on its way, or moved on while it was packed: it is archived another day."""


@dataclass(frozen=True, slots=True)
class ArchivedToday:
    """What one run did: numbers archived, and those that could not be packed and are tried again."""

    archived: tuple[str, ...]
    failed: tuple[str, ...]


def archive_ended(*, now: datetime, after_days: int) -> ArchivedToday:
    """Archive every case that ended ``after_days`` ago or longer, and whose time to object is over.

    Each in a transaction of its own: a run that is killed has left whole packages, and the next goes on. One that
    cannot be packed is logged, counted and tried again the next time; the others are archived all the same. Costs a
    reading of the cases that have ended and, for each hundred, one of the months of the ledger since they were filed.
    """
    archived: list[str] = []
    failed: list[str] = []
    for batch in _batches(now, after_days):
        told = told_of([case.number for case in batch], since=min(case.filed_at for case in batch), until=now)
        for case in batch:
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
    return ArchivedToday(tuple(archived), tuple(failed))


def archive_case(case: Case, *, told: Sequence[Told], now: datetime) -> ArchivedDossier:
    """Pack one ended case and keep the package, with its row and its event in one transaction.

    Raises ``NotEnded`` if it moved on meanwhile or stands in the archive as it is now.
    """
    page = case_of_person(case.number, case.applicant_id)
    parts = [*parts_of(page, now=now), *proof_parts(told, ledger_key(now=now))]
    parts = [index_part(page, parts, archived_at=now), *parts]
    packed = write_bag(name=case.number, parts=parts, about=_about(page), made_at=now)
    with transaction.atomic():
        # Locked until the package is there: of two that archive it at once the second finds it archived.
        still = Case.objects.select_for_update().filter(
            number=case.number, filed_on=case.filed_on, changed_at=page.case.changed_at, phase__in=ENDED
        )
        before = ArchivedDossier.objects.filter(case_number=case.number)
        if not still.exists() or before.filter(ended_at=page.case.changed_at).exists():
            raise NotEnded(case.number)
        row = _row(page, parts, packed, edition=before.count() + 1, now=now)
        row.save(force_insert=True)
        ArchivedPackage.objects.create(dossier=row, content_sealed=seal(packed, SEALED_FOR))
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
    before = now - timedelta(days=after_days)
    as_it_is = ArchivedDossier.objects.filter(case_number=OuterRef("number"), ended_at=OuterRef("changed_at"))
    rows = Case.objects.filter(~Exists(as_it_is), phase__in=ENDED, changed_at__lte=before)
    last = Q()
    while True:
        # By place and not by offset: what could not be packed stays, and must not be found again in this run.
        found = list(rows.filter(last).order_by("filed_on", "number")[:AT_ONCE])
        if ready := [case for case in found if _objections_are_over(case, now)]:
            yield ready
        if len(found) < AT_ONCE:
            return
        end = found[-1]
        last = Q(filed_on__gt=end.filed_on) | Q(filed_on=end.filed_on, number__gt=end.number)


def _objections_are_over(case: Case, now: datetime) -> bool:
    within = revision(case.revision_id).content.manifest.objection_within_days
    return case.changed_at + timedelta(days=within) <= now


def _row(
    page: CasePage, parts: Sequence[Part], packed: bytes, *, edition: int, now: datetime
) -> ArchivedDossier:
    case, content = page.case, page.case.procedure.content
    rule, ended_on = rule_of(content), local_day(case.changed_at)
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
        ended_at=case.changed_at,
        year=ended_on.year,
        keep_years=years,
        keep_until=kept_until(ended_on, years),
        files=len(parts),
        bytes=len(packed),
        sha256=hashlib.sha256(packed).hexdigest(),
        archived_at=now,
    )


def _about(page: CasePage) -> list[tuple[str, str]]:
    """Return what ``bag-info.txt`` says: reserved labels of the standard, then ours; no person in it."""
    case, content = page.case, page.case.procedure.content
    rule = rule_of(content)
    until = kept_until(local_day(case.changed_at), years_of(rule))
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
        ("Ended-At", case.changed_at.isoformat()),
        (
            "Retention",
            "permanent" if until is None else f"{rule.keep_years} years, until {until.isoformat()}",
        ),
    ]
