"""Kill a switch of the law at random moments, take it up again, and hold what it leaves to an undisturbed one.

A demo city files some thousands of requests, a directive is tried out, scheduled and confirmed; that database is the
template from which every trial begins. A trial carries the switch out in a process of its own, with more hands than
one, and kills it with SIGKILL: the process alone, or every process of it and PostgreSQL with them. Then it is carried
on until it is done. In the end cases, passes, notices and the published list must be those of a switch that nobody
disturbed, no person told twice, and the ledger whole. Undoing is killed as well, and must bring back the beginning.
One trial more leaves the killing and the taking up to the job worker, as an installation does.
"""

import argparse
import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg

ROOT = Path(__file__).resolve().parents[1]
TEMPLATE = "motcua"
DONE_WITHIN_SECONDS = 300.0
REACHED = """
    SELECT state, (SELECT count(*) FROM switching_switchpart WHERE done_at IS NOT NULL) FROM switching_switch
"""
TELL = """
    SELECT (SELECT count(*) FROM switching_notice),
        (SELECT count(*) - count(DISTINCT (switch_id, kind, person_id)) FROM switching_notice),
        (SELECT count(*) FROM events_ledgerentry WHERE name = 'SwitchPartDone'),
        (SELECT count(*) FROM switching_switchpart), (SELECT count(*) FROM switching_switchpart WHERE done_at IS NULL),
        (SELECT state FROM switching_switch)
"""


@dataclass(frozen=True, slots=True)
class Found:
    """What a trial left behind; ``parts`` are those done and told to the ledger, none if any is missing there."""

    digest: str
    standing: str
    notices: int
    told_twice: int
    state: str
    ledger: str
    parts: int


class City:
    """A demo city in a folder, with PostgreSQL of its own and no site."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.chmod(0o755)
        self.environment = {
            **os.environ,
            "MOTCUA_DATA_DIR": str(folder),
            "MOTCUA_DEMO": "1",
            "DJANGO_SETTINGS_MODULE": "motcua.site.settings",
            "MOTCUA_SWITCH_PROCESSES": "2",
            "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT / 'tests' / 'support'}",
        }
        self.environment.pop("DATABASE_URL", None)

    def address(self, database: str, user: str = "motcua_app") -> str:
        """Return where a database is."""
        return f"postgresql://{user}@/{database}?host={self.folder / 'postgres' / 'socket'}"

    def process(self, act: str, database: str, *words: str) -> subprocess.Popen[str]:
        """Start this script anew, in a session of its own, to do one thing in a database."""
        environment = {**self.environment, "MOTCUA_PUBLISHED_DIR": str(self.folder / f"published-{database}")}
        if database != TEMPLATE:
            environment["DATABASE_URL"] = self.address(database)
            environment["DATABASE_OWNER_URL"] = self.address(database, "motcua_owner")
        return subprocess.Popen(
            (sys.executable, __file__, "--act", act, *words),
            env=environment,
            stdout=subprocess.PIPE,
            stderr=(self.folder / "faults.log").open("ab"),
            text=True,
            start_new_session=True,
        )

    def asked(self, act: str, database: str, *words: str) -> list[str]:
        """Do one thing and return the words that it says at its end. Raises ``RuntimeError``."""
        process = self.process(act, database, *words)
        said, _ = process.communicate(timeout=1200)
        if process.returncode:
            raise RuntimeError(f"{act} failed with {process.returncode}; see {self.folder / 'faults.log'}")
        return said.split()

    def copy(self, name: str) -> None:
        """Make a database as the template is."""
        with psycopg.connect(self.address("postgres", "postgres"), autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            # Copied by its log, a sequence takes numbers that the log does not know, and gives them out again after a
            # crash; copying the files makes a checkpoint.
            connection.execute(
                f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} OWNER motcua_owner STRATEGY FILE_COPY"
            )

    def kill_database(self) -> None:
        """Kill PostgreSQL with all its processes at once, and start it again."""
        lock = self.folder / "postgres" / "data" / "postmaster.pid"
        pid = int(lock.read_text().split()[0])
        every = [pid, *children_of(pid)]
        for each in every:
            with contextlib.suppress(ProcessLookupError):
                os.kill(each, signal.SIGKILL)
        while any(map(lives, every)):
            time.sleep(0.05)
        # A dead process that nobody has buried yet still has its number, and PostgreSQL would wait for it for ever:
        # it looks in the folder of its files and beside its socket.
        for left in (lock, *(self.folder / "postgres" / "socket").iterdir()):
            left.unlink(missing_ok=True)
        self.asked("server", TEMPLATE)

    def found(self, name: str) -> Found:
        """Read what is in a database."""
        digest, standing, ledger = self.asked("read", name)
        with psycopg.connect(self.address(name, "motcua_owner")) as connection:
            row = connection.execute(TELL).fetchone()
        assert row is not None
        notices, twice, told, parts, open_parts, state = row
        return Found(
            digest, standing, notices, twice, state, ledger, parts if told == parts and not open_parts else 0
        )


def children_of(pid: int) -> list[int]:
    """Return the processes that this one started."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def lives(pid: int) -> bool:
    """Whether the process is there and not dead already."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1][0] not in "ZX"
    except OSError:
        return False


def killed(
    city: City, act: str, words: tuple[str, ...], *, at: float, later: float, whole: bool, name: str = "trial"
) -> bool:
    """Begin, kill so many seconds after so many parts were done, carry on to the end; tell whether it met it alive."""
    process = city.process(act, name, *words)
    wait_for_parts(city, name, at, process)
    time.sleep(later)
    met = process.poll() is None
    if whole:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        city.kill_database()
    else:
        process.kill()
    process.wait()
    city.asked(act, name, *words)
    return met


def wait_for_parts(city: City, name: str, at: float, process: subprocess.Popen[str]) -> None:
    """Return once the work has begun and so many parts are done, or it has ended: a busy machine has no pace."""
    with psycopg.connect(city.address(name, "motcua_owner"), autocommit=True) as connection:
        while process.poll() is None:
            row = connection.execute(REACHED).fetchone()
            if row is not None and row[0] not in ("scheduled", "done") and row[1] >= at:
                return
            time.sleep(0.01)


def trials(city: City, switch: tuple[str, ...], undisturbed: Found, options: argparse.Namespace) -> bool:
    """Kill and carry on so many times; print and tell whether each ended as the undisturbed one."""
    choose, well, met = random.Random(options.seed), True, 0
    for number in range(options.kills):
        city.copy("trial")
        whole = number % 4 == 3
        # One in five dies while it compares or has just begun, the others anywhere on the way and at its end.
        at, later = choose.uniform(-0.25, 1.0) * undisturbed.parts, choose.uniform(0.0, 1.0)
        met += killed(city, "carry", switch, at=at, later=later if at < 0 else later / 4, whole=whole)
        found = city.found("trial")
        same = found == undisturbed
        well = well and same
        print(
            f"  kill {number + 1:2} {'of everything' if whole else 'of the worker'}: {told(found, same=same)}",
            flush=True,
        )
    print(f"killed {options.kills} times, {met} of them before the end", flush=True)
    return well and met > options.kills // 2


def told(found: Found, *, same: bool) -> str:
    """Return a line about a trial."""
    return (
        f"{found.state}, {found.notices} told, {found.told_twice} twice, ledger {found.ledger},"
        f" {'the same' if same else f'NOT THE SAME {found}'}"
    )


def undoing(
    city: City, switch: tuple[str, ...], beginning: str, undisturbed: Found, options: argparse.Namespace
) -> bool:
    """Switch, undo with kills, and tell whether what was there in the beginning is there again."""
    choose, well = random.Random(options.seed + 1), True
    for number in range(max(1, options.kills // 5)):
        city.copy("trial")
        city.asked("carry", "trial", *switch)
        city.asked("ask_undo", "trial", *switch)
        # The parts of the way forth are done already.
        at, later = choose.uniform(1.0, 2.0) * undisturbed.parts, choose.uniform(0.0, 0.25)
        killed(city, "carry_back", switch, at=at, later=later, whole=number % 2 == 1)
        found = city.found("trial")
        same = found.standing == beginning and found.state == "undone" and not found.told_twice
        well = well and same and found.ledger == "whole" and found.parts > 0
        print(f"  undone with a kill: {told(found, same=same)}", flush=True)
    return well


def by_the_worker(city: City, undisturbed: Found) -> bool:
    """Leave it to the job worker: killed once with the switch in hand, and started again as the supervisor does."""
    city.copy("trial")
    environment = {
        **city.environment,
        "DATABASE_URL": city.address("trial"),
        "MOTCUA_PUBLISHED_DIR": str(city.folder / "published-trial"),
    }

    def worker() -> subprocess.Popen[bytes]:
        log = (city.folder / "faults.log").open("ab")
        command = (sys.executable, "-m", "motcua.site.worker")
        return subprocess.Popen(command, env=environment, stdout=log, stderr=log, start_new_session=True)

    process, began = worker(), time.monotonic()
    try:
        with psycopg.connect(city.address("trial", "motcua_owner"), autocommit=True) as connection:
            wait_for(connection, ("publishing", "applying", "telling", "done"))
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            process = worker()
            wait_for(connection, ("done",))
        found = city.found("trial")
    finally:
        process.terminate()
        process.wait(60)
    # The worker tells the time itself, so that the moments in the texts of passes may be others.
    same = (found.state, found.notices, found.told_twice) == (undisturbed.state, undisturbed.notices, 0)
    print(
        f"  by the worker, killed once, in {time.monotonic() - began:.0f} s: {told(found, same=same)}",
        flush=True,
    )
    # The worker cuts the work into parts of its own size.
    return same and found.ledger == "whole" and found.parts > 0


def wait_for(connection: "psycopg.Connection[tuple[str]]", states: tuple[str, ...]) -> None:
    """Return once the switch is in one of the states. Raises ``TimeoutError``."""
    deadline = time.monotonic() + DONE_WITHIN_SECONDS
    while time.monotonic() < deadline:
        row = connection.execute("SELECT state FROM switching_switch").fetchone()
        if row is not None and row[0] in states:
            return
        time.sleep(0.02)
    raise TimeoutError(f"the switch did not become {' or '.join(states)}")


def main() -> int:
    """Run the whole experiment, or one act of it in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--people", type=int, default=6000, help="size of the demo city")
    parser.add_argument("--requests", type=int, default=4000, help="filed before the switch")
    parser.add_argument("--seed", type=int, default=2021)
    parser.add_argument("--act", help=argparse.SUPPRESS)
    parser.add_argument("words", nargs="*", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.act:
        import faults_switch_acts

        return faults_switch_acts.act(options.act, options.words)
    folder = Path(tempfile.mkdtemp(prefix="motcua-faults-"))
    city, well = City(folder), False
    with running(city):
        print(f"a city of {options.people} with {options.requests} requests in {folder}", flush=True)
        *switch, effects = city.asked("fill", TEMPLATE, str(options.people), str(options.requests))
        city.copy("undisturbed")
        beginning = city.found("undisturbed").standing
        began = time.monotonic()
        city.asked("carry", "undisturbed", *switch)
        seconds, undisturbed = time.monotonic() - began, city.found("undisturbed")
        print(
            f"undisturbed: {effects} effects in {seconds:.1f} s: {told(undisturbed, same=True)}", flush=True
        )
        well = undisturbed.state == "done" and undisturbed.ledger == "whole" and undisturbed.parts > 0
        well = trials(city, tuple(switch), undisturbed, options) and well
        well = undoing(city, tuple(switch), beginning, undisturbed, options) and well
        well = by_the_worker(city, undisturbed) and well
    print("all is well" if well else f"NOT WELL: see {folder}")
    if well:
        shutil.rmtree(folder)
    return 0 if well else 1


@contextlib.contextmanager
def running(city: City) -> Iterator[None]:
    """Have PostgreSQL run while the block does."""
    try:
        yield
    finally:
        city.asked("stop", TEMPLATE)


if __name__ == "__main__":
    sys.exit(main())
