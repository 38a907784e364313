"""What a process knows of passes without asking the database each time: keys, revocations, and what it has seen issued.

Brought up to date every second by whoever holds it; a check that it cannot answer is the database's.
"""

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from motcua.credentials.models import Credential
from motcua.credentials.queries import PassCheck, check_text, trusted_keys
from motcua.credentials.states import Answer
from motcua.seals import passes
from motcua.seals.keys import TrustedKey
from motcua.seals.passes import EXPIRES, NOT_BEFORE, OpenedPass, PassRefused

# A revocation is stored with the moment at which its transaction began; it may commit this much later.
_LATE_COMMIT = timedelta(minutes=2)
_MOST_SEEN = 200_000


class Standing:
    """The trusted keys, the revoked passes, and those passes that were found issued; safe to use from threads."""

    def __init__(self) -> None:
        self._keys: tuple[TrustedKey, ...] = ()
        self._revoked: dict[int, datetime] = {}
        self._newest: datetime | None = None
        # Text that was found to be the one issued under its id. What was issued never changes.
        self._seen: OrderedDict[int, str] = OrderedDict()
        self._lock = threading.Lock()

    def refresh(self) -> None:
        """Read the keys, and the passes revoked since the last time; two queries."""
        self._keys = tuple(trusted_keys())
        revoked = Credential.objects.filter(revoked_at__isnull=False)
        if self._newest is not None:
            revoked = revoked.filter(revoked_at__gt=self._newest - _LATE_COMMIT)
        for revocation_id, revoked_at in revoked.values_list("revocation_id", "revoked_at"):
            if revoked_at is not None:
                self._revoked[revocation_id] = revoked_at
                self._newest = max(self._newest or revoked_at, revoked_at)
        # Without any yet, later looks need not read everything either.
        self._newest = self._newest or datetime.min.replace(tzinfo=UTC) + _LATE_COMMIT

    def check(self, text: str, at: datetime) -> PassCheck | None:
        """Check a QR text from memory; None if the pass holds so far and was not seen yet: then ask the database.

        The answers are those of ``check_text``; a revocation is known here at most one refreshing later.
        """
        try:
            opened = passes.open_pass(text, self._keys, at)
        except passes.KeyUnknown as refusal:
            return PassCheck(Answer.CANNOT_TELL, refusal.code)
        except PassRefused as refusal:
            return PassCheck(Answer.NOT_VALID, refusal.code)
        if self._seen.get(opened.revocation_id) != text:
            return None
        revoked_at = self._revoked.get(opened.revocation_id)
        revoked = revoked_at is not None and revoked_at <= at
        answer = Answer.NOT_VALID if revoked else Answer.VALID
        return _told(answer, "revoked" if revoked else "", opened)

    def check_and_remember(self, text: str, at: datetime) -> PassCheck:
        """Check by the database, and keep in mind what was issued; three queries."""
        found = check_text(text, at)
        if found.credential_id is None:
            return found
        opened = passes.open_pass(text, self._keys or trusted_keys(), at)
        with self._lock:
            self._seen[opened.revocation_id] = text
            if len(self._seen) > _MOST_SEEN:
                self._seen.popitem(last=False)
        # Said in the words of the pass itself, as the memory would say it.
        return replace(_told(found.answer, found.reason, opened), credential_id=None)


def _told(answer: Answer, reason: str, opened: OpenedPass) -> PassCheck:
    claims: Mapping[str, object] = {
        name: value for name, value in opened.claims.items() if isinstance(name, str) and name != passes.KIND
    }
    return PassCheck(answer, reason, opened.kind, claims, opened.moment(NOT_BEFORE), opened.moment(EXPIRES))
