"""The clients of the fault runs: they file until they are told that it is stored, and remember what they were told."""

import http.client
import itertools
import json
import random
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from live_installation import Installation

GIVE_UP_AFTER_SECONDS = 900.0
LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")


@dataclass
class Tally:
    """What the clients saw, guarded by a lock. ``moments`` are (sent, acknowledged) on the monotonic clock."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    acknowledged: dict[str, str] = field(default_factory=dict)
    moments: list[tuple[float, float]] = field(default_factory=list)
    repeats: Counter[str] = field(default_factory=Counter)
    complaints: list[str] = field(default_factory=list)

    def acknowledge(self, key: str, reference: str, sent_at: float) -> None:
        """Note that ``key`` was answered with ``reference``; a second, other answer is a complaint."""
        with self.lock:
            self.moments.append((sent_at, time.monotonic()))
            if self.acknowledged.setdefault(key, reference) != reference:
                self.complaints.append(f"{key} was answered with two references")

    def repeat(self, because: str) -> None:
        """Note why a request was sent again."""
        with self.lock:
            self.repeats[because] += 1

    def recovered_after(self, fault_at: float) -> float:
        """Return how long after the fault the first request sent since then was acknowledged; infinite if none was."""
        with self.lock:
            since = [answered for sent, answered in self.moments if sent >= fault_at]
        return min(since, default=float("inf")) - fault_at

    def longest_silence(self, since: float = float("-inf"), until: float = float("inf")) -> float:
        """Return the longest time between two acknowledgments that followed each other, the second in that span."""
        with self.lock:
            answered = sorted(moment for _, moment in self.moments)
        return max(
            (after - before for before, after in itertools.pairwise(answered) if since <= after < until),
            default=0.0,
        )


@dataclass(frozen=True, slots=True)
class Clients:
    """Who files, and with what."""

    site: Installation
    token: str
    tally: Tally

    def file_until_acknowledged(self, key: str, body: bytes) -> None:
        """Send the request, the same key and body each time, until the site says that it is stored."""
        headers = headers_of(self.token, key)
        deadline = time.monotonic() + GIVE_UP_AFTER_SECONDS
        while time.monotonic() < deadline:
            sent_at = time.monotonic()
            try:
                status, answer = self.site.ask("POST", "/api/submissions", body, headers)
            except (OSError, http.client.HTTPException) as error:
                self.tally.repeat(type(error).__name__)
                time.sleep(0.2)
                continue
            if status in (http.HTTPStatus.OK, http.HTTPStatus.CREATED):
                self.tally.acknowledge(key, str(json.loads(answer)["reference"]), sent_at)
                return
            self.tally.repeat(str(status))
            if status not in (409, 429) and status < http.HTTPStatus.INTERNAL_SERVER_ERROR:
                self.tally.complaints.append(f"{key}: {status} {answer[:300]!r}")
                return
            time.sleep(0.2)
        self.tally.complaints.append(f"{key} was not acknowledged within {GIVE_UP_AFTER_SECONDS:.0f} s")

    def start(
        self, number: int, next_order: Callable[[], tuple[str, bytes] | None]
    ) -> list[threading.Thread]:
        """Let ``number`` clients file one order after the other until there is none."""

        def work() -> None:
            while (order := next_order()) is not None:
                self.file_until_acknowledged(*order)

        threads = [threading.Thread(target=work, daemon=True) for _ in range(number)]
        for thread in threads:
            thread.start()
        return threads


class Orders:
    """Requests for a travel pass such as people send: so many, or until ``over`` is set."""

    def __init__(self, site: Installation, choose: random.Random, number: int | None = None) -> None:
        self.over = threading.Event()
        self.made: list[tuple[str, bytes]] = []
        self._choose, self._number, self._lock = choose, number, threading.Lock()
        self._workplaces = workplaces_of(site.folder, choose)

    def next(self) -> tuple[str, bytes] | None:
        """Return a fresh key with its body, or None when it is over."""
        with self._lock:
            if self.over.is_set() or (self._number is not None and len(self.made) >= self._number):
                return None
            key = str(uuid.UUID(int=self._choose.getrandbits(128)))
            self.made.append((key, body_of_request(self._choose, self._workplaces)))
            return self.made[-1]


def headers_of(token: str, key: str) -> dict[str, str]:
    """Return the headers of a submission."""
    return {"Authorization": f"Bearer {token}", "Idempotency-Key": key, "Content-Type": "application/json"}


def body_of_request(choose: random.Random, workplaces: list[dict[str, str]]) -> bytes:
    """Return a request for a travel pass such as people send."""
    tomorrow = datetime.now(UTC).astimezone(LOCAL).date() + timedelta(days=1)
    workplace = choose.choice(workplaces)
    values = {
        "capacity": "employee",
        "employer_tax_code": workplace["tax_code"],
        "work_place": workplace["place"],
        "needed_from": tomorrow.isoformat(),
        "days_needed": choose.randint(1, 14),
        "shift": choose.choice(["day", "night"]),
        "vehicle": "none",
        "truthful": True,
    }
    return json.dumps({"procedure": "travel_pass", "data": values}).encode()


def workplaces_of(folder: Path, choose: random.Random) -> list[dict[str, str]]:
    """Return some workplaces that the demo's registers know, and that of the person behind the demo's token."""
    lines = (folder / "demo" / "businesses.csv").read_text(encoding="utf-8").splitlines()
    header = lines[0].split(",")
    tax_code, place = header.index("tax_code"), header.index("place")
    rows = [
        line.split(",") for line in choose.sample(lines[1:], k=min(200, len(lines) - 1)) if '"' not in line
    ]
    found = [{"tax_code": row[tax_code], "place": row[place]} for row in rows if row[tax_code] and row[place]]
    own = json.loads((folder / "demo" / "samples.json").read_text(encoding="utf-8"))[0]
    # Half of the requests are granted and signed, so that faults meet that path as well.
    return [*found, *[{"tax_code": own["tax_code"], "place": own["work_place"]}] * len(found)]


def count(site: Installation, tally: Tally, head: str) -> bool:
    """Compare what was acknowledged with what is stored, print it, and tell whether all is well.

    ``head`` is the ledger's head from before the faults: everything up to it must still be there.
    """
    exported = site.run("export", "cases", "--field", "idempotency_key")
    stored = Counter(exported.stdout.split())
    lost = [key for key in tally.acknowledged if key not in stored]
    doubled = [key for key in tally.acknowledged if stored[key] > 1]
    shared = len(tally.acknowledged) - len(set(tally.acknowledged.values()))
    ledger = site.run("ledger", "verify", "--head", head)
    print(f"acknowledged {len(tally.acknowledged)}   lost {len(lost)}   doubled {len(doubled)}")
    print(f"references given to two keys {shared}   ledger: {(ledger.stdout or ledger.stderr).strip()}")
    print(f"longest time without an acknowledgment {tally.longest_silence():.1f} s")
    print(f"sent again because of: {dict(tally.repeats)}")
    for complaint in tally.complaints[:10]:
        print(f"  complaint: {complaint}")
    sound = exported.returncode == 0 and ledger.returncode == 0
    return sound and not (lost or doubled or shared or tally.complaints)
