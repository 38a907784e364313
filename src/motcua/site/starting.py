"""What a start has to claim, to wait for and to tell: data folder and ports, database and first answer, time spent."""

import contextlib
import errno
import fcntl
import http
import http.client
import os
import select
import shutil
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from motcua.site import environment, postgres
from motcua.site.supervisor import Supervisor, say

# What failed meanwhile, or never answers, is given so long; what only is slow, on a crowded machine, much longer: to
# give up would throw away what is done and begin anew.
READY_WITHIN_SECONDS = 90.0
SLOW_WITHIN_SECONDS = 900.0
# So long the first web process has the machine nearly to itself.
HEAD_START_SECONDS = 60.0
ANSWER_WITHIN_SECONDS = 60.0
# After ``kill -9`` of everything the kernel may still be burying who held the folder or a port.
BURIED_WITHIN_SECONDS = 5.0
_LITTLE_ROOM = 32 * 1024 * 1024


class StartRefused(Exception):
    """The site would start in a way that harms somebody, or cannot start here."""


class Course:
    """The steps of a start and what each took, beginning with the process itself."""

    def __init__(self) -> None:
        self._began = self._last = time.monotonic() - _age_seconds()
        self._steps: list[tuple[str, float]] = []
        self.reached("program")

    def reached(self, step: str) -> None:
        """Note that ``step`` is done."""
        now = time.monotonic()
        self._steps.append((step, now - self._last))
        self._last = now

    def in_words(self, cpu_seconds: float) -> str:
        """Return the steps with their seconds; beside the processor time used, how many wanted a processor (load)."""
        steps = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in self._steps)
        after, load = self._last - self._began, os.getloadavg()[0]
        return f"after {after:.1f} s ({steps}; {cpu_seconds:.1f} s of a processor, load {load:.1f})"


def _age_seconds() -> float:
    """Return how long this process has run already; nothing where the kernel does not tell."""
    try:
        began = int(Path("/proc/self/stat").read_text().rpartition(")")[2].split()[19])
    except (OSError, ValueError, IndexError):
        return 0.0
    age = time.clock_gettime(time.CLOCK_BOOTTIME) - began / os.sysconf("SC_CLK_TCK")
    return max(0.0, age)


@contextlib.contextmanager
def only_supervisor(run: Path) -> Iterator[None]:
    """Hold the data folder for this ``motcua serve``, whoever's the database is. Raises ``StartRefused``.

    The operating system lifts the claim even after ``kill -9``.
    """
    run.mkdir(parents=True, exist_ok=True)
    # Opened without being emptied: who comes second changes nothing.
    with (run / "serve.lock").open("ab+", buffering=0) as lock:
        deadline = time.monotonic() + BURIED_WITHIN_SECONDS
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    lock.seek(0)
                    holder = lock.read(20).decode("ascii", "replace").strip()
                    raise StartRefused(
                        f"Another motcua serve{f' (process {holder})' if holder else ''} works with"
                        f" {environment.data_dir()}. Stop it, or set MOTCUA_DATA_DIR to another folder."
                    ) from None
                time.sleep(0.1)
        # Only told to whoever comes second: on a full disk it goes without.
        with contextlib.suppress(OSError):
            lock.truncate(0)
            lock.write(b"%d" % os.getpid())
        yield


@contextlib.contextmanager
def refusing_unwritable() -> Iterator[None]:
    """Turn the failure to write into ``StartRefused`` that names the file and, if it is that, the full disk."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            because = f"the disk is full. Free some room in {environment.data_dir()}, or set MOTCUA_DATA_DIR"
        else:
            because = f"{error.strerror}. Make it writable for this account, or set MOTCUA_DATA_DIR"
        raise StartRefused(f"Cannot write {error.filename or environment.data_dir()}: {because}.") from error


def listen(host: str, port: int, *, option: str = "--port", buried_within: float = 0.0) -> socket.socket:
    """Open the socket that all web processes share, so that requests wait in it while one is replaced.

    A port that is taken is tried again for ``buried_within`` seconds. Raises ``StartRefused``.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    deadline = time.monotonic() + buried_within
    while True:
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except (OSError, OverflowError) as error:
            listener.close()
            if getattr(error, "errno", None) != errno.EADDRINUSE or time.monotonic() > deadline:
                raise _not_listening(host, port, option, error) from error
            time.sleep(0.1)
        else:
            listener.setblocking(False)
            return listener


def open_to_requests(listener: socket.socket, backlog: int) -> None:
    """Let requests queue from now on. Raises ``StartRefused`` if somebody took the port after we asked for it."""
    host, port = listener.getsockname()[:2]
    try:
        listener.listen(backlog)
    except OSError as error:
        raise _not_listening(host, port, "--port", error) from error


def _not_listening(host: str, port: int, option: str, error: Exception) -> StartRefused:
    because = getattr(error, "strerror", None) or error
    return StartRefused(f"Cannot listen on {host}:{port}: {because}. Choose another {option}.")


def wait_for_database(supervisor: Supervisor) -> bool:
    """Return True once PostgreSQL answers, False when asked to stop; raises ``ServerNotStarted``.

    It is started again if it ends meanwhile: in the first moments after a ``kill -9`` of everything the process
    before it is not yet buried, and PostgreSQL then refuses its files. One that lives and reads its log is waited for.
    """
    began = time.monotonic()
    while not supervisor.stopping.is_set():
        try:
            postgres.wait_until_ready(within_seconds=0)
        except postgres.ServerNotStarted as error:
            failed = supervisor.has_failed("database")
            limit = postgres.START_WITHIN_SECONDS if failed else SLOW_WITHIN_SECONDS
            if time.monotonic() - began > limit:
                # libpq writes several lines; what is worth knowing comes last.
                raise postgres.ServerNotStarted(
                    f"{' '.join(str(error).split())}{_room_in_words()}"
                ) from error
            supervisor.keep_for(0.1)
        else:
            return True
    return False


def _room_in_words() -> str:
    with contextlib.suppress(OSError):
        free = shutil.disk_usage(environment.data_dir()).free
        if free < _LITTLE_ROOM:
            return (
                f" The disk of {environment.data_dir()} is full ({free // 1024:,} KiB left): free some room."
            )
    return ""


def wait_until_ready(supervisor: Supervisor, host: str, port: int, *, first: str) -> bool:
    """Ask /readyz until it is well and return True; what is held is released then, or when ``first`` is in trouble.

    Returns False when asked to stop, and, with a word on it, when the site does not become ready.
    """
    began = time.monotonic()
    while not supervisor.stopping.is_set():
        answer = _readyz(supervisor, host, port)
        waited = time.monotonic() - began
        if answer == http.HTTPStatus.OK or supervisor.has_failed(first) or waited > HEAD_START_SECONDS:
            supervisor.release()
        if answer == http.HTTPStatus.OK:
            return True
        slow = answer is None and not supervisor.has_failed(first)
        limit = SLOW_WITHIN_SECONDS if slow else READY_WITHIN_SECONDS
        if waited > limit:
            say("serve", f"the site did not become ready in {limit:.0f} s; see the lines above")
            return False
        supervisor.keep_for(0.1)
    return False


def _readyz(supervisor: Supervisor, host: str, port: int) -> int | None:
    """Return the status of /readyz, or None without an answer; the programs are kept while it is waited for."""
    # The address asked is our own, but the name that the site answers to may be another.
    headers = {"Host": urlsplit(os.environ["MOTCUA_SITE_URL"]).netloc}
    question = http.client.HTTPConnection(host, port, timeout=10)
    deadline = time.monotonic() + ANSWER_WITHIN_SECONDS
    try:
        question.request("GET", "/readyz", headers=headers)
        while not select.select([question.sock], [], [], 0)[0]:
            if supervisor.stopping.is_set() or time.monotonic() > deadline:
                return None
            supervisor.keep_for(0.1)
        return question.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        question.close()
