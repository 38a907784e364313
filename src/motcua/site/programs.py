"""The programs of one installation: what the supervisor starts, as whom, and how each is asked to stop."""

import os
import signal
import sys
from dataclasses import dataclass, field
from pathlib import Path

from motcua.site import environment
from motcua.site.postgres import Launch


@dataclass(frozen=True, slots=True)
class Program:
    """One process to be kept running."""

    name: str
    argv: tuple[str, ...]
    environment: dict[str, str] = field(default_factory=dict)
    stop_signal: int = signal.SIGTERM
    stop_within_seconds: float = 15.0
    # What the kernel sends when the supervisor itself dies.
    orphan_signal: int = signal.SIGKILL
    user: int | None = None
    group: int | None = None
    inherited: tuple[int, ...] = ()


def database_program(launch: Launch) -> Program:
    """PostgreSQL: SIGINT is its fast shutdown, which rolls back what is open and writes everything."""
    return Program(
        name="database",
        argv=launch.argv,
        stop_signal=signal.SIGINT,
        stop_within_seconds=30.0,
        orphan_signal=signal.SIGINT,
        user=launch.user,
        group=launch.group,
    )


class Gate:
    """Behind it a program gets itself ready; it goes on when the supervisor opens, and so do those after it.

    A pipe into which nothing is written: its end is what is waited for.
    """

    def __init__(self) -> None:
        self.waiting_fd, held_fd = os.pipe()
        self._held_fd: int | None = held_fd

    def open(self) -> None:
        """Let through who waits and who comes later; may be called again."""
        if self._held_fd is not None:
            os.close(self._held_fd)
            self._held_fd = None


def web_program(number: int, socket_fd: int, gate: Gate | None = None) -> Program:
    """One web process on the supervisor's socket."""
    argv = [sys.executable, "-m", "motcua.site.web", "--socket-fd", str(socket_fd), "--number", str(number)]
    inherited = [socket_fd]
    if gate is not None:
        argv += ["--gate-fd", str(gate.waiting_fd)]
        inherited.append(gate.waiting_fd)
    return Program(name=f"web-{number}", argv=tuple(argv), inherited=tuple(inherited))


def worker_program() -> Program:
    """The job worker; it finishes the jobs in hand when asked to stop."""
    argv = (sys.executable, "-m", "motcua.site.worker")
    return Program(name="worker", argv=argv, stop_within_seconds=20.0)


def identity_simulator(port: int) -> Program:
    """The stand-in for the national identity provider, in the demo only."""
    people = environment.data_dir() / "demo" / "people.json"
    argv = (sys.executable, "-m", "motcua.simulators.national_identity", "--port", str(port))
    return Program(name="national-identity", argv=(*argv, "--people", str(people)))


def bank_simulator(port: int) -> Program:
    """The stand-in for a bank, in the demo only."""
    receivers = environment.data_dir() / "demo" / "bank.json"
    argv = (sys.executable, "-m", "motcua.simulators.bank", "--port", str(port))
    return Program(name="bank", argv=(*argv, "--receivers", str(receivers)))


def child_environment(program: Program) -> dict[str, str]:
    """Return the environment of ``program``; the database gets nothing of ours, least of all secrets."""
    if program.name == "database":
        return {"PATH": os.environ.get("PATH", ""), "TZ": "UTC"}
    ours = {"DJANGO_SETTINGS_MODULE": "motcua.site.settings", "PYTHONUNBUFFERED": "1"}
    if environment.is_demo():
        ours["MOTCUA_DEMO"] = "1"
    if not os.environ.get("PYTHONPYCACHEPREFIX"):
        ours |= _compiled_once()
    return {**os.environ, **ours, **program.environment}


def _compiled_once() -> dict[str, str]:
    """Let Python keep what it compiles, in the data folder where it may not write beside the source.

    Images are often told not to; then each start compiles seven hundred modules, a third of the time that a web process
    takes until it answers.
    """
    kept = {"PYTHONDONTWRITEBYTECODE": ""}
    if not os.access(Path(__file__).parent, os.W_OK):
        kept["PYTHONPYCACHEPREFIX"] = str(environment.data_dir() / "run" / "bytecode")
    return kept
