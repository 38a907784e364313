"""What a process knows of passes without asking the database each time: keys, revocations, and what it has seen issued.

Brought up to date every second by whoever holds it; a check that it cannot answer is the database's.
"""

import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from django.db.models.functions import Now

from motcua.credentials.models import Credential
from motcua.credentials.queries import PassCheck, check_text, trusted_keys
from motcua.credentials.states import Answer
from motcua.seals import passes
from motcua.seals.keys import TrustedKey
from motcua.seals.passes import EXPIRES, NOT_BEFORE, OpenedPass, PassRefused

# A revocation is stored with the moment at which its transaction began; it may commit this much later.
_LATE_COMMIT = timedelta(minutes=2)
_MOST_SEEN = 200_000
# Revocation id, when it was revoked, when that was taken back.
Row = tuple[int, datetime | None, datetime | None]


class _Following:
    """What a column of moments tells that it did not tell at the last look, at the price of what is new.

    A directive revokes half a million passes within a minute: reading all of them again every second, because one
    more may still commit late, would keep the process from its work.
    """

    def __init__(self, column: str) -> None:
        self._column = column
        self._newest: datetime | None = None
        # How many rows were read of each of the last moments: another count in the database is a late commit.
        self._read: Counter[datetime] = Counter()
        self._changed = time.monotonic()

    def news(self) -> Iterator[Row]:
        """Yield the rows whose moment is new or came late; one query, and a second for two minutes after news."""
        newest = self._newest
        if newest is None:
            # Without any yet, later looks need not read everything either.
            self._newest = datetime.min.replace(tzinfo=UTC) + _LATE_COMMIT
            yield from self._rows()
            return
        yield from self._rows(gt=newest)
        if time.monotonic() - self._changed > _LATE_COMMIT.total_seconds():
            return
        window = {f"{self._column}__gt": newest - _LATE_COMMIT, f"{self._column}__lte": newest}
        self._read = Counter(
            {moment: count for moment, count in self._read.items() if moment > newest - _LATE_COMMIT}
        )
        known = sum(count for moment, count in self._read.items() if moment <= newest)
        if Credential.objects.filter(**window).count() != known:
            self._read = Counter({moment: n for moment, n in self._read.items() if moment > newest})
            yield from self._rows(gt=newest - _LATE_COMMIT, lte=newest)

    def _rows(self, **bounds: datetime) -> Iterator[Row]:
        wanted = {f"{self._column}__{name}": moment for name, moment in bounds.items()}
        rows = Credential.objects.filter(**{f"{self._column}__isnull": False}, **wanted)
        told = rows.values_list("revocation_id", "revoked_at", "restored_at", Now())
        for *row, looked_at in told.iterator(chunk_size=10_000):
            moment = row[1] if self._column == "revoked_at" else row[2]
            assert moment is not None
            self._read[moment] += 1
            self._changed = time.monotonic()
            # A moment still to come, by the clock of another machine, must not hide what is revoked before it.
            seen = min(moment, looked_at)
            self._newest = max(self._newest or seen, seen)
            yield row[0], row[1], row[2]


class Standing:
    """The trusted keys, the revoked passes, and those passes that were found issued; safe to use from threads."""

    def __init__(self) -> None:
        self._keys: tuple[TrustedKey, ...] = ()
        self._revoked: dict[int, datetime] = {}
        self._revocations, self._restorations = _Following("revoked_at"), _Following("restored_at")
        # Text that was found to be the one issued under its id. What was issued never changes.
        self._seen: OrderedDict[int, str] = OrderedDict()
        self._lock = threading.Lock()

    def refresh(self) -> None:
        """Read the keys, and the passes revoked or restored since the last time; three queries."""
        self._keys = tuple(trusted_keys())
        for revocation_id, revoked_at, _ in self._revocations.news():
            if revoked_at is not None:
                self._revoked[revocation_id] = revoked_at
        # After the revocations, so that one taken back between the two queries is not kept as revoked.
        for revocation_id, revoked_at, _ in self._restorations.news():
            if revoked_at is None:
                self._revoked.pop(revocation_id, None)
            else:
                self._revoked[revocation_id] = revoked_at

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
