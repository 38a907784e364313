"""What the live benchmark measures with: other servers beside the installation, traffic, and answers to compare."""

import base64
import http.client
import json
import os
import socket
import statistics
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from live_installation import MOTCUA, Installation, free_port, processes_below

from motcua.seals.keys import TrustedKey
from motcua.seals.passes import IDENTITY, ISSUED, open_pass

TOOLS = Path(__file__).resolve().parent
STARTS_WITHIN_SECONDS = 120.0


class Server:
    """Another granian on a port of its own, with two workers as the installation has: the plain way, or a hello."""

    def __init__(self, application: str, site: Installation, *words: str, **environment: str) -> None:
        self.port = free_port()
        known = (str(TOOLS), os.environ.get("PYTHONPATH", ""))
        variables = {
            **site.environment,
            "PYTHONPATH": os.pathsep.join(part for part in known if part),
            "MOTCUA_SITE_URL": self.url,
            **environment,
        }
        self._log = (site.folder / f"{application.partition(':')[0]}.log").open("ab")
        listening = ("--host", "127.0.0.1", "--port", str(self.port), "--workers", "2", "--no-ws")
        self._process = subprocess.Popen(
            (sys.executable, "-m", "granian", *listening, *words, application),
            env=variables,
            stdout=self._log,
            stderr=self._log,
        )

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def cpu_seconds(self) -> float:
        """Return the processor time of its processes so far."""
        return sum(process.cpu_seconds for process in processes_below(self._process.pid))

    def __enter__(self) -> Self:
        """Return itself, once it listens."""
        deadline = time.monotonic() + STARTS_WITHIN_SECONDS
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
            except OSError:
                time.sleep(0.1)
            else:
                return self
        raise TimeoutError(f"nothing listens on {self.port}; see {self._log.name}")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop it."""
        self._process.terminate()
        self._process.wait(30)


@dataclass(slots=True)
class Figures:
    """The rounds of one way: good answers a second, p95 in milliseconds, server CPU a request in milliseconds."""

    speeds: list[float] = field(default_factory=list)
    p50s: list[float] = field(default_factory=list)
    p95s: list[float] = field(default_factory=list)
    cpus: list[float] = field(default_factory=list)
    client_cpus: list[float] = field(default_factory=list)
    bad: int = 0

    def add(self, report: dict, cpu_seconds: float) -> None:
        """Take a round in."""
        total = report["total"]
        good = sum(count for status, count in total["answered"].items() if status < "400")
        self.bad += total["sent"] - good
        self.speeds.append(total["per_second"])
        self.p50s.append(total["latency_ms"]["p50"])
        self.p95s.append(total["latency_ms"]["p95"])
        self.cpus.append(cpu_seconds / max(1, good) * 1000)
        self.client_cpus.append(report["client_cpu_seconds"] / max(1, good) * 1000)

    @property
    def speed(self) -> float:
        """The median."""
        return statistics.median(self.speeds)

    @property
    def p95(self) -> float:
        """The median."""
        return statistics.median(self.p95s)

    @property
    def cpu(self) -> float:
        """The median."""
        return statistics.median(self.cpus)


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """Return the median of the ratios of rounds that were run one after the other."""
    return statistics.median(mine / other for mine, other in zip(ours, theirs, strict=True) if other)


def load(url: str, senders: Path, *words: str) -> dict:
    """Send traffic with ``motcua load run`` and return its report; raises ``RuntimeError`` if it could not."""
    done = subprocess.run(
        (*MOTCUA, "load", "run", "--url", url, "--senders", str(senders), "--json", *words),
        capture_output=True,
        text=True,
        check=False,
    )
    if not done.stdout.startswith("{"):
        raise RuntimeError(f"motcua load: {done.stderr.strip()}")
    return json.loads(done.stdout)


def measured(
    figures: Figures, cpu_seconds: Callable[[], float], url: str, senders: Path, *words: str
) -> None:
    """Send traffic and add what came of it, with the processor time that the servers used."""
    before = cpu_seconds()
    report = load(url, senders, *words)
    figures.add(report, cpu_seconds() - before)


def answers_of(url: str, senders: Sequence[dict], procedure: str) -> list[dict]:
    """File one request for each sender, a few at a time, and return the answers in order."""
    address, run = urlsplit(url), uuid.uuid4().hex
    day = datetime.now(UTC).astimezone(ZoneInfo("Asia/Ho_Chi_Minh")).date() + timedelta(days=1)

    def answer(sender: dict) -> dict:
        values = {
            name: str(day) if value == "{tomorrow}" else value for name, value in sender["values"].items()
        }
        headers = {
            "Authorization": f"Bearer {sender['token']}",
            "Idempotency-Key": f"{run}-{sender['tenant']}",
            "Content-Type": "application/json",
        }
        connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=60)
        body = json.dumps({"procedure": procedure, "data": values})
        connection.request("POST", "/api/submissions", body, headers)
        got = connection.getresponse()
        return {"status": got.status, **json.loads(got.read())}

    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(answer, senders))


def trusted_keys(site: Installation) -> list[TrustedKey]:
    """Return the keys under which the installation signs passes."""
    keys = []
    for key in json.loads(site.ask("GET", "/keys.json", None, {})[1])["keys"]:
        public = x509.load_der_x509_certificate(base64.b64decode(key["certificate"])).public_key()
        if not isinstance(public, EllipticCurvePublicKey):
            raise TypeError("pass keys are of the curve P-256")
        begins, ends = (datetime.fromisoformat(key[name]) for name in ("not_before", "not_after"))
        keys.append(TrustedKey(bytes.fromhex(key["key_id"]), public, begins, ends))
    return keys


def meaning(answer: dict, keys: Sequence[TrustedKey]) -> object:
    """Return what an answer says, its signature checked, without what differs between two filings."""
    text = answer.get("qr")
    claims: object = None
    if text:
        opened = open_pass(text, list(keys), datetime.now(UTC) + timedelta(days=1))
        claims = {str(name): value for name, value in opened.claims.items() if name not in (IDENTITY, ISSUED)}
    return answer["status"], answer.get("state"), answer.get("answer"), claims
