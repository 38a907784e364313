"""Renewing time stamps before their certificates end, so that results of the archive stay provable for decades."""

import hashlib
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from motcua.archives.bag import read_bag
from motcua.archives.events import StampRenewed
from motcua.archives.gathering import stamped_path
from motcua.archives.models import ArchivedPackage, ArchivedStamp
from motcua.archives.services.read import packed_of
from motcua.archives.stamps import grown, stamps_for
from motcua.archives.store import SEALED_FOR
from motcua.documents.records import preserved
from motcua.documents.signing.preserve import stamps_of
from motcua.events.services import publish
from motcua.identity.sealing import seal

log = logging.getLogger(__name__)
RENEW_BEFORE = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class Renewed:
    """What one run did: stamps renewed, those that failed and are tried again, and those whose time was over."""

    renewed: int
    failed: tuple[str, ...]
    too_late: tuple[str, ...]


def renew_stamps(*, now: datetime, most: int | None = None) -> Renewed:
    """Put a new stamp over every result whose last one ends within ``RENEW_BEFORE``, at most ``most`` of them.

    Each in a transaction of its own; one that fails is logged and tried again the next time. A stamp that has ended is
    left alone and named: another over it would prove nothing.
    """
    renewed, failed, too_late = 0, [], []
    for pk in _due(now)[:most].values_list("pk", flat=True):
        stamp = ArchivedStamp.objects.select_related("dossier").get(pk=pk)
        number = stamp.dossier.case_number
        if stamp.good_until <= now:
            log.error("%s: the time stamp of %s ended before it was renewed", number, stamp.code)
            too_late.append(number)
            continue
        try:
            renewed += _renew(stamp, now)
        except Exception:
            # Any: one file must not keep the others from being renewed in time.
            log.exception("%s: the time stamp of %s could not be renewed", number, stamp.code)
            failed.append(number)
    return Renewed(renewed, tuple(failed), tuple(too_late))


def _due(now: datetime) -> "QuerySet[ArchivedStamp]":
    """Return the last stamp of each result that ends soon, the first to end first."""
    later = ArchivedStamp.objects.filter(
        dossier=OuterRef("dossier"), code=OuterRef("code"), sequence__gt=OuterRef("sequence")
    )
    ending = ArchivedStamp.objects.filter(good_until__lte=now + RENEW_BEFORE)
    return ending.filter(~Exists(later)).order_by("good_until", "pk")


@transaction.atomic
def _renew(stamp: ArchivedStamp, now: datetime) -> int:
    row = stamp.dossier
    # Locked: of two runs at once the second finds the stamp renewed, and a package that is destroyed stays so.
    if not list(ArchivedPackage.objects.filter(dossier=row).select_for_update().only("pk")):
        return 0
    standing = stamps_for(row, stamp.code)
    if standing[-1].pk != stamp.pk:
        return 0
    before = grown(read_bag(packed_of(row))[f"data/{stamped_path(stamp.code)}"], standing)
    after = preserved(before, now=now)
    last = stamps_of(after)[-1]
    if last.good_until <= stamp.good_until:
        # The authority still stamps with the certificate that ends: nothing is gained by another of it.
        raise RuntimeError(
            f"the authority of time stamps has no certificate beyond {stamp.good_until:%Y-%m-%d}"
        )
    digest = hashlib.sha256(after).hexdigest()
    ArchivedStamp.objects.create(
        dossier=row,
        code=stamp.code,
        sequence=stamp.sequence + 1,
        stamped_at=last.at,
        good_until=last.good_until,
        sha256=digest,
        tail_sealed=seal(after[len(before) :], SEALED_FOR),
    )
    publish(
        StampRenewed(
            happened_at=now,
            agency_path=row.agency_path,
            subject=row.case_number,
            actor="machine",
            result=stamp.code,
            sha256=digest,
            good_until=last.good_until.isoformat(),
        )
    )
    return 1
