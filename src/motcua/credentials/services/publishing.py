"""Publishing what offline scanners carry: the bundle of keys and the status list."""

import logging
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from motcua.credentials import keyring
from motcua.credentials.models import Credential, CredentialKey, KeyBundle, StatusList
from motcua.credentials.published import write_files
from motcua.credentials.queries import NothingPublished
from motcua.credentials.states import KeyUse
from motcua.seals.keys import trusted_from_certificate
from motcua.seals.status import IDS_PER_LIST, seal_status
from motcua.seals.trust import seal_keys

log = logging.getLogger("motcua.credentials")
ISSUER = "motcua"
VALID_FOR = timedelta(hours=24)
REPUBLISH_AFTER = timedelta(minutes=15)
_KEEP_FOR = timedelta(days=7)


@transaction.atomic
def publish_status_list(*, now: datetime) -> int:
    """Sign and store the list of revoked passes that have not ended; return how many it names.

    Costs one scan of the index of revoked passes.
    """
    key = CredentialKey.objects.get(use=KeyUse.PASSES, retired_at__isnull=True)
    revoked = list(
        Credential.objects.filter(revoked_at__lte=now)
        .ending_after(now)
        .values_list("revocation_id", flat=True)
    )
    highest = Credential.objects.aggregate(last=Max("revocation_id"))["last"] or 0
    content = seal_status(
        issuer=ISSUER,
        # One list ahead, so that a pass issued a moment later is already known to stand.
        list_numbers=range(highest // IDS_PER_LIST + 2),
        revoked=revoked,
        issued_at=now,
        expires_at=now + VALID_FOR,
        key=keyring.fetch(bytes(key.key_id)),
    )
    StatusList.objects.create(
        issued_at=now, expires_at=now + VALID_FOR, content=content, revoked=len(revoked)
    )
    StatusList.objects.filter(issued_at__lt=now - _KEEP_FOR).delete()
    return len(revoked)


@transaction.atomic
def publish_keys(*, now: datetime) -> int:
    """Sign and store the bundle of all pass keys that may still count; return how many it holds."""
    root = CredentialKey.objects.get(use=KeyUse.ROOT, retired_at__isnull=True)
    keys = [
        trusted_from_certificate(bytes(key.certificate_der), key.revoked_at)
        for key in CredentialKey.objects.filter(use=KeyUse.PASSES, not_after__gt=now)
    ]
    content = seal_keys(keys, root=keyring.fetch(bytes(root.key_id)), issued_at=now)
    KeyBundle.objects.create(issued_at=now, content=content)
    KeyBundle.objects.filter(issued_at__lt=now - _KEEP_FOR).delete()
    return len(keys)


@transaction.atomic
def publish_if_due(*, now: datetime) -> bool:
    """Publish both when a pass was revoked since the last list or the last list is a quarter old.

    Either way the folder of published files is brought up to date once the transaction has ended.
    """
    transaction.on_commit(partial(write_published, now=now))
    newest = StatusList.objects.order_by("-issued_at").values_list("issued_at", flat=True).first()
    unseen = newest is None or Credential.objects.filter(revoked_at__gt=newest, revoked_at__lte=now).exists()
    if not unseen and newest is not None and now - newest < REPUBLISH_AFTER:
        return False
    if not CredentialKey.objects.exists():
        from .keys import ensure_keys

        ensure_keys(now=now)
        return True
    publish_keys(now=now)
    publish_status_list(now=now)
    return True


def write_published(*, now: datetime) -> list[str]:
    """Bring the folder of published files up to date and return the names written.

    The database is what counts: a folder that cannot be written is said in the log and tried again a minute later.
    """
    try:
        return write_files(settings.PUBLISHED_DIR, now=now)
    except (OSError, NothingPublished) as fault:
        log.warning("the published files in %s were not written: %s", settings.PUBLISHED_DIR, fault)
        return []
