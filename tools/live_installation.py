"""A demo installation of its own in a temporary folder, to be measured, filled and killed by the other tools here."""

import contextlib
import http.client
import json
import os
import resource
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

MOTCUA = (sys.executable, "-m", "motcua.site.commands")
TICKS = os.sysconf("SC_CLK_TCK")
PAGE = resource.getpagesize()


def free_port() -> int:
    """Return a port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True, slots=True)
class Process:
    """One process as the kernel describes it; ``cpu_seconds`` holds its own and those of its buried children."""

    pid: int
    name: str
    cpu_seconds: float
    resident_bytes: int


class Installation:
    """A demo installation under ``folder`` whose processes may be watched and killed."""

    def __init__(self, folder: Path, people: int, *, workers: int = 2) -> None:
        self.folder, self.people, self.workers = folder, people, workers
        self.port, self.identity_port = free_port(), free_port()
        self.environment = {**os.environ, "MOTCUA_DATA_DIR": str(folder), "MOTCUA_DEMO": "1"}
        self.environment["MOTCUA_SITE_URL"] = f"http://127.0.0.1:{self.port}"
        # The city's past is of no interest here.
        self.environment["MOTCUA_DEMO_REQUESTS"] = "20"
        self.environment.pop("DATABASE_URL", None)
        folder.mkdir(parents=True, exist_ok=True)
        # PostgreSQL runs as another account and must reach its files.
        folder.chmod(0o755)
        self.log = (folder / "serve.log").open("ab")
        self.supervisor: subprocess.Popen[bytes] | None = None
        self.lock = threading.Lock()

    @property
    def url(self) -> str:
        """Where the site answers."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start ``motcua serve``; from now on SIGTERM ends this script in good order, and the installation with it."""
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
        options = {
            "--port": self.port,
            "--identity-port": self.identity_port,
            "--workers": self.workers,
            "--people": self.people,
        }
        words = [str(word) for option in options.items() for word in option]
        self.supervisor = subprocess.Popen(
            (*MOTCUA, "serve", "--demo", *words), env=self.environment, stdout=self.log, stderr=self.log
        )

    def revive(self) -> None:
        """Start the supervisor again if it was the one that died, as a service manager would."""
        with self.lock:
            if self.supervisor is not None and self.supervisor.poll() is not None:
                self.start()

    def wait_until_ready(self, within_seconds: float) -> None:
        """Return once the site and all its programs run; it answers some seconds before. Raises ``TimeoutError``."""
        deadline = time.monotonic() + within_seconds
        while time.monotonic() < deadline:
            self.revive()
            try:
                if json.loads(self.ask("GET", "/readyz", None, {})[1])["status"] == "ready":
                    return
            except (OSError, http.client.HTTPException, ValueError):
                pass
            time.sleep(0.3)
        raise TimeoutError(f"the site was not ready within {within_seconds:.0f} s; see {self.log.name}")

    def ask(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str], timeout: float = 40
    ) -> tuple[int, bytes]:
        """Send one request and return status and body."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def run(self, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run a motcua command beside the running site."""
        return self.python("-m", "motcua.site.commands", *words, **environment)

    def python(self, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run Python with the installation's environment."""
        return subprocess.run(
            (sys.executable, *words),
            env={**self.environment, **environment},
            capture_output=True,
            text=True,
            check=False,
        )

    def database_url(self, user: str = "motcua_owner") -> str:
        """Return the address of the embedded server for ``user``."""
        return f"postgresql://{user}@/motcua?host={self.folder / 'postgres' / 'socket'}"

    def token(self) -> str:
        """Return a token that may file requests."""
        listing = self.run("demo", "accounts", "--json")
        return str(json.loads(listing.stdout)["api"]["token"])

    def processes(self) -> list[Process]:
        """Return every process of the installation, the supervisor first."""
        if self.supervisor is None or self.supervisor.poll() is not None:
            return []
        return processes_below(self.supervisor.pid)

    def cpu_seconds(self) -> float:
        """Return the processor time that all processes have used so far, PostgreSQL's included."""
        return sum(process.cpu_seconds for process in self.processes())

    def kill_everything(self) -> int:
        """Kill the whole tree at once, as a power cut would, and return how many processes died."""
        killed = 0
        for process in self.processes():
            with contextlib.suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGKILL)
                killed += 1
        if self.supervisor is not None:
            self.supervisor.wait(30)
        return killed

    def stop(self) -> int:
        """Ask the supervisor to stop and return its status."""
        if self.supervisor is None:
            return 0
        if self.supervisor.poll() is None:
            self.supervisor.send_signal(signal.SIGTERM)
        return self.supervisor.wait(120)


def processes_below(root: int) -> list[Process]:
    """Return the process and all below it, itself first, as /proc shows them."""
    found: dict[int, Process] = {}
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            after_name = (entry / "stat").read_text().rpartition(")")[2].split()
            command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
        except (OSError, UnicodeDecodeError):
            continue
        # Own user and system time, and those of children that were waited for.
        ticks = sum(int(field) for field in after_name[11:15])
        pid = int(entry.name)
        found[pid] = Process(pid, short_name(command), ticks / TICKS, int(after_name[21]) * PAGE)
        children.setdefault(int(after_name[1]), []).append(pid)
    order, waiting = list[int](), [root]
    while waiting:
        pid = waiting.pop()
        order.append(pid)
        waiting += children.get(pid, [])
    return [found[pid] for pid in order if pid in found]


def short_name(command: str) -> str:
    """Return what a person calls the process: ``web``, ``worker``, ``postgres: checkpointer``."""
    if command.startswith("postgres:"):
        return " ".join(command.split()[:3])
    if "/postgres" in command:
        return "postgres (postmaster)"
    for word in ("site.web", "site.worker", "national_identity"):
        if word in command:
            return word.removeprefix("site.")
    return "supervisor" if "motcua.site.commands serve" in command else command[:40]
