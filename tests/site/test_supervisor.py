"""Programs are kept running, restarted with a growing pause, and stopped in the opposite order."""

import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from motcua.site import environment, postgres
from motcua.site.programs import Gate, Program, child_environment
from motcua.site.starting import wait_for_database
from motcua.site.supervisor import Supervisor

WITHIN_SECONDS = 60.0


def program(name: str, code: str) -> Program:
    return Program(name=name, argv=(sys.executable, "-c", textwrap.dedent(code)), stop_within_seconds=2.0)


def sleeper(name: str) -> Program:
    return program(name, "import time; time.sleep(600)")


def eventually(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WITHIN_SECONDS
    while not holds():
        assert time.monotonic() < deadline, "did not happen in time"
        time.sleep(0.05)


def kept_until(supervisor: Supervisor, holds: Callable[[], bool]) -> None:
    """Let the supervisor watch until something holds: on a busy machine a kill or a start takes its time."""

    def held() -> bool:
        supervisor.keep_for(0.1)
        return holds()

    eventually(held)


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Supervisor]:
    supervisor = Supervisor(tmp_path / "run" / "programs.json")
    yield supervisor
    supervisor.stop()


def pid_of(supervisor: Supervisor, name: str) -> int:
    process = next(kept.process for kept in supervisor.kept if kept.program.name == name)
    assert process is not None
    return process.pid


def runs_again(supervisor: Supervisor, name: str, killed: int) -> bool:
    return any(
        kept.program.name == name and kept.process is not None and kept.process.pid != killed
        for kept in supervisor.kept
    )


def test_killed_program_is_started_again_and_the_others_stay(supervisor: Supervisor) -> None:
    supervisor.start([sleeper("first"), sleeper("second")])
    killed, spared = pid_of(supervisor, "first"), pid_of(supervisor, "second")

    os.kill(killed, signal.SIGKILL)

    kept_until(supervisor, lambda: runs_again(supervisor, "first", killed))
    assert pid_of(supervisor, "second") == spared


def test_state_file_tells_since_when_and_how_often(supervisor: Supervisor, tmp_path: Path) -> None:
    supervisor.start([sleeper("first")])
    killed = pid_of(supervisor, "first")
    os.kill(killed, signal.SIGKILL)
    kept_until(supervisor, lambda: runs_again(supervisor, "first", killed))

    told = json.loads((tmp_path / "run" / "programs.json").read_text())["programs"]["first"]

    assert (told["pid"], told["restarts"]) == (pid_of(supervisor, "first"), 1)


def test_held_program_is_named_and_runs_from_its_release_on(supervisor: Supervisor, tmp_path: Path) -> None:
    state = tmp_path / "run" / "programs.json"
    supervisor.start([sleeper("first")])

    supervisor.hold([sleeper("later")])
    supervisor.keep_for(0.3)

    assert json.loads(state.read_text())["programs"]["later"] | {"since": None} == {
        "pid": None,
        "restarts": 0,
        "since": None,
    }

    supervisor.release()

    assert json.loads(state.read_text())["programs"]["later"]["pid"] == pid_of(supervisor, "later")


def test_programs_are_kept_where_their_state_cannot_be_written(tmp_path: Path) -> None:
    # Something else is where the folder would be; on a full disk it is the same.
    (tmp_path / "run").write_text("in the way")
    supervisor = Supervisor(tmp_path / "run" / "programs.json")
    try:
        supervisor.start([sleeper("first")])
        killed = pid_of(supervisor, "first")
        os.kill(killed, signal.SIGKILL)

        kept_until(supervisor, lambda: runs_again(supervisor, "first", killed))
    finally:
        supervisor.stop()


def test_program_behind_a_gate_goes_on_when_it_opens_and_so_does_the_next(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    gate, through = Gate(), tmp_path / "through"
    code = f"""
        import os, pathlib, time
        os.read({gate.waiting_fd}, 1)
        with pathlib.Path({str(through)!r}).open("a") as file:
            file.write("x")
        time.sleep(600)
    """
    waiting = Program(
        name="waiting",
        argv=(sys.executable, "-c", textwrap.dedent(code)),
        inherited=(gate.waiting_fd,),
        stop_within_seconds=2.0,
    )
    supervisor.start([waiting, sleeper("other")])
    supervisor.keep_for(0.5)
    assert not through.exists()

    gate.open()

    eventually(lambda: through.exists() and through.read_text() == "x")
    os.kill(pid_of(supervisor, "waiting"), signal.SIGKILL)
    kept_until(supervisor, lambda: through.read_text() == "xx")


def test_program_that_keeps_failing_is_given_longer_pauses(supervisor: Supervisor) -> None:
    supervisor.start([program("broken", "raise SystemExit(3)")])

    kept = supervisor.kept[0]
    kept_until(supervisor, lambda: kept.pause_seconds >= 0.8)
    assert kept.starts <= 5


def test_what_a_killed_program_leaves_behind_dies_with_it(supervisor: Supervisor, tmp_path: Path) -> None:
    note = tmp_path / "child"
    parent = f"""
        import pathlib, subprocess, sys, time
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
        pathlib.Path({str(note)!r}).write_text(str(child.pid))
        time.sleep(600)
    """
    supervisor.start([program("parent", parent)])
    eventually(lambda: note.exists() and note.read_text() != "")
    orphan = int(note.read_text())

    os.kill(pid_of(supervisor, "parent"), signal.SIGKILL)

    kept_until(supervisor, lambda: not is_alive(orphan))


def test_programs_stop_in_the_opposite_order(supervisor: Supervisor, tmp_path: Path) -> None:
    diary = tmp_path / "diary"
    code = """
        import pathlib, signal, sys, time
        def stop(number, frame):
            with open({diary!r}, "a") as file: file.write("{name} ")
            sys.exit(0)
        signal.signal(signal.SIGTERM, stop)
        pathlib.Path({ready!r}).touch()
        time.sleep(600)
    """
    for name in ("database", "web"):
        ready = tmp_path / f"{name}.ready"
        # Not named as PostgreSQL, whose environment is emptied.
        supervisor.start([program(f"a-{name}", code.format(diary=str(diary), name=name, ready=str(ready)))])
        eventually(ready.exists)

    supervisor.stop()

    assert diary.read_text().split() == ["web", "database"]


def test_stubborn_program_is_killed_in_the_end(supervisor: Supervisor, tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    code = f"""
        import pathlib, signal, time
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        pathlib.Path({str(ready)!r}).touch()
        time.sleep(600)
    """
    supervisor.start([program("stubborn", code)])
    eventually(ready.exists)
    pid = pid_of(supervisor, "stubborn")

    supervisor.stop()

    assert not is_alive(pid)


def test_programs_die_with_a_killed_supervisor(tmp_path: Path) -> None:
    code = f"""
        import pathlib, sys
        from motcua.site.programs import Program
        from motcua.site.supervisor import Supervisor
        keeper = Supervisor(pathlib.Path({str(tmp_path / "programs.json")!r}))
        keeper.start([Program("child", (sys.executable, "-c", "import time; time.sleep(600)"))])
        keeper.keep_until_stopped()
    """
    keeper = subprocess.Popen([sys.executable, "-c", textwrap.dedent(code)])
    eventually((tmp_path / "programs.json").exists)
    child = json.loads((tmp_path / "programs.json").read_text())["programs"]["child"]["pid"]

    keeper.kill()
    keeper.wait()

    eventually(lambda: not is_alive(child))


def test_database_process_sees_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTCUA_SECRET_KEY", "of the web processes only")

    given = child_environment(Program(name="database", argv=("postgres",)))

    assert not any(name.startswith("MOTCUA") for name in given)


def test_modules_are_compiled_once_whatever_the_image_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.delenv("PYTHONPYCACHEPREFIX", raising=False)
    web = Program(name="web-1", argv=("python",))

    assert child_environment(web)["PYTHONDONTWRITEBYTECODE"] == ""
    assert "PYTHONPYCACHEPREFIX" not in child_environment(web)

    # The account of the service may not write where the program is.
    monkeypatch.setattr(os, "access", lambda path, mode: False)

    assert child_environment(web)["PYTHONPYCACHEPREFIX"] == str(environment.data_dir() / "run" / "bytecode")

    monkeypatch.setenv("PYTHONPYCACHEPREFIX", "/of/the/operator")

    assert child_environment(web)["PYTHONPYCACHEPREFIX"] == "/of/the/operator"
    assert child_environment(web)["PYTHONDONTWRITEBYTECODE"] == "1"


def test_database_that_ends_while_it_is_waited_for_is_started_again(
    supervisor: Supervisor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Refuses its files the first time, as PostgreSQL does while the process before it is not yet buried.
    tried, answers = tmp_path / "tried", tmp_path / "answers"
    code = f"""
        import pathlib, sys, time
        tried = pathlib.Path({str(tried)!r})
        if not tried.exists():
            tried.touch()
            sys.exit(1)
        pathlib.Path({str(answers)!r}).touch()
        time.sleep(600)
    """

    def answer(within_seconds: float) -> None:
        if not answers.exists():
            raise postgres.ServerNotStarted("not yet")

    monkeypatch.setattr(postgres, "wait_until_ready", answer)
    supervisor.start([program("database", code)])

    assert wait_for_database(supervisor)
    assert tried.exists()


@pytest.mark.parametrize(
    ("code", "given_up"), [("raise SystemExit(1)", True), ("import time; time.sleep(60)", False)]
)
def test_database_that_lives_is_given_more_time_than_one_that_ends(
    supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch, code: str, given_up: bool
) -> None:
    asked = 0

    def never(within_seconds: float) -> None:
        nonlocal asked
        asked += 1
        if asked > 12:
            supervisor.stopping.set()
        raise postgres.ServerNotStarted("reads its log")

    monkeypatch.setattr(postgres, "wait_until_ready", never)
    monkeypatch.setattr(postgres, "START_WITHIN_SECONDS", 0.3)
    supervisor.start([program("database", code)])

    if given_up:
        with pytest.raises(postgres.ServerNotStarted, match="reads its log"):
            wait_for_database(supervisor)
    else:
        assert not wait_for_database(supervisor)


def test_waiting_for_the_database_ends_when_asked_to_stop(
    supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(within_seconds: float) -> None:
        supervisor.stopping.set()
        raise postgres.ServerNotStarted("not yet")

    monkeypatch.setattr(postgres, "wait_until_ready", never)

    assert not wait_for_database(supervisor)
