"""Keeps the programs of an installation running in the foreground, and stops them in order.

Each program has a process group of its own, so that what a killed program leaves behind dies with it; and the
kernel is told to stop every program when the supervisor itself is killed.
"""

import contextlib
import ctypes
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from types import FrameType
from typing import IO

from motcua.site.logs import mask
from motcua.site.programs import Program, child_environment

FIRST_PAUSE_SECONDS = 0.2
LONGEST_PAUSE_SECONDS = 10.0
# A program that lived this long has recovered: its next failure starts from the first pause again.
STEADY_AFTER_SECONDS = 20.0
_PR_SET_PDEATHSIG = 1
# Looked up before any fork: between fork and exec nothing may take a lock that another thread held.
_LIBC = ctypes.CDLL(None)


class Kept:
    """One program, its present process and how often it had to be started."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.process: subprocess.Popen[str] | None = None
        self.started_at = datetime.now(UTC)
        self.starts = 0
        self.pause_seconds = FIRST_PAUSE_SECONDS
        self.start_again_at = 0.0
        self._started = 0.0

    def start(self) -> None:
        """Start the program. Must run in the main thread: the kernel ties the child to the thread that made it."""
        program = self.program
        self.process = subprocess.Popen(
            program.argv,
            env=child_environment(program),
            pass_fds=program.inherited,
            user=program.user,
            group=program.group,
            extra_groups=[] if program.user else None,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            process_group=0,
            cwd="/" if program.user else None,
            # Safe with our threads: it makes one system call, looked up beforehand, and takes no lock.
            preexec_fn=partial(_die_with_parent, program.orphan_signal, os.getpid()),  # noqa: PLW1509
        )
        self.started_at, self._started = datetime.now(UTC), time.monotonic()
        self.starts += 1
        if self.process.stdout is not None:
            threading.Thread(
                target=_relay_lines, args=(program.name, self.process.stdout), daemon=True
            ).start()

    def has_ended(self) -> bool:
        """Tell whether the process is gone, noting when it may start again."""
        if self.process is None or self.process.poll() is None:
            return False
        say(
            self.program.name,
            f"ended with {self.process.returncode}; starting again in {self.pause_seconds:.1f} s",
        )
        self._kill_group()
        if time.monotonic() - self._started > STEADY_AFTER_SECONDS:
            self.pause_seconds = FIRST_PAUSE_SECONDS
        self.start_again_at = time.monotonic() + self.pause_seconds
        self.pause_seconds = min(self.pause_seconds * 2, LONGEST_PAUSE_SECONDS)
        self.process = None
        return True

    def stop(self) -> None:
        """Ask the process to stop, wait, and kill what is left of its group."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(self.program.stop_signal)
            try:
                self.process.wait(self.program.stop_within_seconds)
            except subprocess.TimeoutExpired:
                say(self.program.name, "did not stop in time; killed")
        self._kill_group()

    def _kill_group(self) -> None:
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


class Supervisor:
    """Starts programs in order, restarts what ends, stops all in the opposite order."""

    def __init__(self, state_file: Path) -> None:
        self.kept: list[Kept] = []
        self.stopping = threading.Event()
        self._state_file = state_file

    def listen_for_signals(self) -> None:
        """Stop on SIGTERM and SIGINT; asked twice, the second is heard as well."""

        def ask_to_stop(number: int, frame: FrameType | None) -> None:
            self.stopping.set()

        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, ask_to_stop)

    def start(self, programs: Iterable[Program]) -> None:
        """Start ``programs`` and keep them from now on."""
        for program in programs:
            kept = Kept(program)
            self.kept.append(kept)
            kept.start()
        self._write_state()

    def hold(self, programs: Iterable[Program]) -> None:
        """Name ``programs`` as ours, not running yet, until :meth:`release` starts them."""
        for program in programs:
            kept = Kept(program)
            kept.start_again_at = float("inf")
            self.kept.append(kept)
        self._write_state()

    def release(self) -> None:
        """Start what is held."""
        for kept in self.kept:
            if kept.starts == 0:
                kept.start_again_at = 0.0
        self._revive()

    def has_failed(self, name: str) -> bool:
        """Tell whether the program had to be started again."""
        return any(kept.program.name == name and kept.starts > 1 for kept in self.kept)

    def cpu_seconds(self) -> float:
        """Return the processor time that we and the programs of now have used; of the programs none without /proc."""
        spent = sum(os.times()[:4])
        for kept in self.kept:
            with contextlib.suppress(OSError, ValueError):
                if kept.process is not None:
                    about = Path(f"/proc/{kept.process.pid}/stat").read_text().rpartition(")")[2].split()
                    # Its own, and that of children that it has buried.
                    spent += sum(int(ticks) for ticks in about[11:15]) / os.sysconf("SC_CLK_TCK")
        return spent

    def run_once(self, program: Program) -> int:
        """Run a program to its end while the others are kept, and return its status; -1 if we are told to stop."""
        once = Kept(program)
        once.start()
        process = once.process
        while process is not None and process.poll() is None:
            if self.stopping.is_set():
                once.stop()
                return -1
            self.keep_for(0.1)
        return process.returncode if process is not None else -1

    def keep_for(self, seconds: float) -> None:
        """Watch the programs for ``seconds``, starting again what ended."""
        until = time.monotonic() + seconds
        while not self.stopping.is_set():
            self._revive()
            left = until - time.monotonic()
            if left <= 0:
                return
            self.stopping.wait(min(0.1, left))

    def keep_until_stopped(self, tick: Callable[[], None] = lambda: None) -> None:
        """Watch the programs until a signal asks to stop."""
        while not self.stopping.is_set():
            self.keep_for(1.0)
            tick()

    def stop(self) -> None:
        """Stop everything, the last started first, so that nobody loses what it depends on."""
        for kept in reversed(self.kept):
            if kept.starts:
                say(kept.program.name, "stopping")
                kept.stop()
        with contextlib.suppress(OSError):
            self._state_file.unlink()

    def _revive(self) -> None:
        changed = False
        for kept in self.kept:
            kept.has_ended()
            if (
                kept.process is None
                and time.monotonic() >= kept.start_again_at
                and not self.stopping.is_set()
            ):
                kept.start()
                changed = True
        if changed:
            self._write_state()

    def _write_state(self) -> None:
        """Leave for /readyz, in one step, which program runs since when and how often it was started."""
        programs = {
            kept.program.name: {
                "pid": kept.process.pid if kept.process else None,
                "since": kept.started_at.isoformat(timespec="seconds"),
                "restarts": max(0, kept.starts - 1),
            }
            for kept in self.kept
        }
        draft = self._state_file.with_suffix(".draft")
        try:
            draft.parent.mkdir(parents=True, exist_ok=True)
            draft.write_text(json.dumps({"supervisor": os.getpid(), "programs": programs}), encoding="utf-8")
            draft.replace(self._state_file)
        except OSError as error:
            # On a full disk the programs are kept all the same; /readyz tells of those before.
            say("serve", f"cannot write {self._state_file}: {error.strerror}")


def _die_with_parent(signal_number: int, parent: int) -> None:
    """Between fork and exec: ask the kernel for ``signal_number`` when the supervisor dies (Linux only)."""
    if sys.platform != "linux":
        return
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal_number, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def _relay_lines(name: str, stream: IO[str]) -> None:
    with stream:
        for line in stream:
            say(name, line.rstrip("\n"))


def say(name: str, text: str) -> None:
    """Write one line of the log, prefixed by who speaks; numbers of persons are masked whoever wrote them."""
    with contextlib.suppress(BrokenPipeError):
        sys.stderr.write(f"{name:>18} | {mask(text)}\n")
