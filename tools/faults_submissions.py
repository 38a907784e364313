"""File requests while processes are killed, then count: none acknowledged may be lost, none may be doubled.

Starts a demo installation of its own in a temporary folder, files --requests through POST /api/submissions with
several clients, and kills --kills random processes of it with SIGKILL, the supervisor included (then it is started
again, as an operator or a service manager would). A client repeats a request with the same key until it is
acknowledged. Ends with 0 only if every acknowledged key is stored exactly once and the ledger is whole.
"""

import argparse
import http.client
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

GIVE_UP_AFTER_SECONDS = 900.0
MOTCUA = (sys.executable, "-m", "motcua.site.commands")


def free_port() -> int:
    """Return a port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Installation:
    """A demo installation under ``folder`` whose processes may be killed."""

    def __init__(self, folder: Path, people: int) -> None:
        self.port, self.identity_port, self.people = free_port(), free_port(), people
        self.environment = {**os.environ, "MOTCUA_DATA_DIR": str(folder), "MOTCUA_DEMO": "1"}
        self.environment["MOTCUA_SITE_URL"] = f"http://127.0.0.1:{self.port}"
        # The city's past is of no interest here.
        self.environment["MOTCUA_DEMO_REQUESTS"] = "20"
        self.environment.pop("DATABASE_URL", None)
        self.log = (folder / "serve.log").open("ab")
        self.supervisor: subprocess.Popen[bytes] | None = None
        self.lock = threading.Lock()

    def start(self) -> None:
        """Start ``motcua serve``."""
        argv = (
            *MOTCUA,
            "serve",
            "--demo",
            "--port",
            str(self.port),
            "--identity-port",
            str(self.identity_port),
        )
        argv = (*argv, "--people", str(self.people))
        self.supervisor = subprocess.Popen(argv, env=self.environment, stdout=self.log, stderr=self.log)

    def revive(self) -> None:
        """Start the supervisor again if it was the one that died."""
        with self.lock:
            if self.supervisor is not None and self.supervisor.poll() is not None:
                self.start()

    def wait_until_ready(self, within_seconds: float) -> None:
        """Return once the site answers. Raises ``TimeoutError``."""
        deadline = time.monotonic() + within_seconds
        while time.monotonic() < deadline:
            self.revive()
            try:
                if self.ask("GET", "/readyz", None, {})[0] == http.HTTPStatus.OK:
                    return
            except (OSError, http.client.HTTPException):
                pass
            time.sleep(0.3)
        raise TimeoutError(f"the site was not ready within {within_seconds:.0f} s; see {self.log.name}")

    def ask(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> tuple[int, bytes]:
        """Send one request and return status and body."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=40)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a motcua command beside the running site."""
        argv = (*MOTCUA, *words)
        return subprocess.run(argv, env=self.environment, capture_output=True, text=True, check=False)

    def processes(self) -> list[tuple[int, str]]:
        """Return every process of the installation, the supervisor first, with a short name."""
        if self.supervisor is None or self.supervisor.poll() is not None:
            return []
        children: dict[int, list[tuple[int, str]]] = {}
        for line in subprocess.run(
            ["/bin/ps", "-eo", "pid=,ppid=,args="], capture_output=True, text=True, check=True
        ).stdout.splitlines():
            pid, parent, command = line.split(None, 2)
            children.setdefault(int(parent), []).append((int(pid), short_name(command)))
        found, waiting = [(self.supervisor.pid, "supervisor")], [self.supervisor.pid]
        while waiting:
            below = children.get(waiting.pop(), [])
            found += below
            waiting += [pid for pid, _ in below]
        return found

    def stop(self) -> int:
        """Ask the supervisor to stop and return its status."""
        if self.supervisor is None:
            return 0
        self.supervisor.send_signal(signal.SIGTERM)
        return self.supervisor.wait(120)


def short_name(command: str) -> str:
    """Return what a person calls the process: ``web``, ``worker``, ``postgres: checkpointer``."""
    if command.startswith("postgres:"):
        return " ".join(command.split()[:3])
    if "/postgres" in command:
        return "postgres (postmaster)"
    for word in ("site.web", "site.worker", "national_identity"):
        if word in command:
            return word.removeprefix("site.")
    return command[:40]


@dataclass
class Tally:
    """What the clients saw, guarded by a lock."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    acknowledged: dict[str, str] = field(default_factory=dict)
    repeats: Counter[str] = field(default_factory=Counter)
    complaints: list[str] = field(default_factory=list)

    def acknowledge(self, key: str, reference: str) -> None:
        """Note that ``key`` was answered with ``reference``; a second, other answer is a complaint."""
        with self.lock:
            if self.acknowledged.setdefault(key, reference) != reference:
                self.complaints.append(f"{key} was answered with two references")

    def repeat(self, because: str) -> None:
        """Note why a request was sent again."""
        with self.lock:
            self.repeats[because] += 1


def body_of_request(choose: random.Random, workplaces: list[dict[str, str]]) -> bytes:
    """Return a request for a travel pass such as people send."""
    tomorrow = datetime.now(UTC).astimezone().date() + timedelta(days=1)
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


def file_until_acknowledged(site: Installation, token: str, key: str, body: bytes, tally: Tally) -> None:
    """Send the request, the same key and body each time, until the site says that it is stored."""
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": key, "Content-Type": "application/json"}
    deadline = time.monotonic() + GIVE_UP_AFTER_SECONDS
    while time.monotonic() < deadline:
        try:
            status, answer = site.ask("POST", "/api/submissions", body, headers)
        except (OSError, http.client.HTTPException) as error:
            tally.repeat(type(error).__name__)
            time.sleep(0.2)
            continue
        if status in (http.HTTPStatus.OK, http.HTTPStatus.CREATED):
            tally.acknowledge(key, str(json.loads(answer)["reference"]))
            return
        tally.repeat(str(status))
        if status not in (409, 429) and status < http.HTTPStatus.INTERNAL_SERVER_ERROR:
            tally.complaints.append(f"{key}: {status} {answer[:300]!r}")
            return
        time.sleep(0.2)
    tally.complaints.append(f"{key} was not acknowledged within {GIVE_UP_AFTER_SECONDS:.0f} s")


def kill_now_and_then(
    site: Installation,
    options: argparse.Namespace,
    *,
    tally: Tally,
    choose: random.Random,
    done: threading.Event,
) -> list[str]:
    """Kill a random process each time another share of the requests is acknowledged; return what was killed."""
    killed: list[str] = []
    while not done.is_set() and len(killed) < options.kills:
        site.revive()
        if len(tally.acknowledged) >= options.requests * (len(killed) + 0.5) / options.kills:
            living = site.processes()
            if living:
                # First a kind, then one of it: PostgreSQL alone has more processes than all the rest.
                name = choose.choice(sorted({name for _, name in living}))
                pid = choose.choice([pid for pid, named in living if named == name])
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    continue
                killed.append(name)
                print(f"  {len(tally.acknowledged):5} acknowledged: killed {name}", flush=True)
        time.sleep(0.05)
    while not done.is_set():
        site.revive()
        time.sleep(0.2)
    return killed


def workplaces_of(folder: Path, choose: random.Random) -> list[dict[str, str]]:
    """Return some workplaces that the demo's registers know."""
    lines = (folder / "demo" / "businesses.csv").read_text(encoding="utf-8").splitlines()
    header = lines[0].split(",")
    tax_code, place = header.index("tax_code"), header.index("place")
    rows = [
        line.split(",") for line in choose.sample(lines[1:], k=min(200, len(lines) - 1)) if '"' not in line
    ]
    return [{"tax_code": row[tax_code], "place": row[place]} for row in rows if row[tax_code] and row[place]]


def count(site: Installation, tally: Tally, head: str) -> bool:
    """Compare what was acknowledged with what is stored, print it, and tell whether all is well.

    ``head`` is the ledger's head from before the kills: everything up to it must still be there.
    """
    exported = site.run("export", "cases", "--field", "idempotency_key")
    stored = Counter(exported.stdout.split())
    lost = [key for key in tally.acknowledged if key not in stored]
    doubled = [key for key in tally.acknowledged if stored[key] > 1]
    shared = len(tally.acknowledged) - len(set(tally.acknowledged.values()))
    ledger = site.run("ledger", "verify", "--head", head)
    print(f"acknowledged {len(tally.acknowledged)}   lost {len(lost)}   doubled {len(doubled)}")
    print(f"references given to two keys {shared}   ledger: {(ledger.stdout or ledger.stderr).strip()}")
    print(f"sent again because of: {dict(tally.repeats)}")
    for complaint in tally.complaints[:10]:
        print(f"  complaint: {complaint}")
    sound = exported.returncode == 0 and ledger.returncode == 0
    return sound and not (lost or doubled or shared or tally.complaints)


def file_all(site: Installation, options: argparse.Namespace, folder: Path) -> Tally:
    """File every request with several clients while processes are killed."""
    choose = random.Random(options.seed)
    listing = site.run("demo", "accounts", "--json")
    token = str(json.loads(listing.stdout)["api"]["token"])
    workplaces = workplaces_of(folder, choose)
    orders = [
        (str(uuid.UUID(int=choose.getrandbits(128))), body_of_request(choose, workplaces))
        for _ in range(options.requests)
    ]
    tally, waiting, done = Tally(), list(orders), threading.Event()

    def client() -> None:
        while True:
            with tally.lock:
                if not waiting:
                    return
                key, body = waiting.pop()
            file_until_acknowledged(site, token, key, body, tally)

    def filing() -> None:
        clients = [threading.Thread(target=client) for _ in range(options.clients)]
        for thread in clients:
            thread.start()
        for thread in clients:
            thread.join()
        done.set()

    began = time.monotonic()
    threading.Thread(target=filing).start()
    killed = kill_now_and_then(site, options, tally=tally, choose=choose, done=done)
    print(f"filed in {time.monotonic() - began:.0f} s, with {len(killed)} kills")
    site.wait_until_ready(120)
    for key, body in choose.sample(orders, k=min(50, len(orders))):
        file_until_acknowledged(site, token, key, body, tally)
    return tally


def main() -> int:
    """Run the whole experiment."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=2000)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--people", type=int, default=2000, help="size of the demo city")
    parser.add_argument("--seed", type=int, default=2021)
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="motcua-faults-"))
    site = Installation(folder, options.people)
    well = False
    try:
        print(f"starting a demo city of {options.people} in {folder}", flush=True)
        site.start()
        site.wait_until_ready(600)
        print(f"filing {options.requests} requests with {options.clients} clients", flush=True)
        head = site.run("ledger", "head").stdout.strip()
        well = count(site, file_all(site, options, folder), head)
    finally:
        status = site.stop()
    print(
        f"stopped with {status}; {'all is well' if well and status == 0 else 'NOT WELL: see ' + str(folder)}"
    )
    if not (well and status == 0):
        return 1
    shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
