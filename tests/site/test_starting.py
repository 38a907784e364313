"""A start claims its folder and ports in words, and waits as long as it makes sense."""

import errno
import json
import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import SimpleNamespace

import pytest

from motcua.site import postgres, starting
from motcua.site.commands import main
from motcua.site.programs import Program
from motcua.site.starting import (
    Course,
    StartRefused,
    listen,
    only_supervisor,
    open_to_requests,
    refusing_unwritable,
    wait_for_database,
    wait_until_ready,
)
from motcua.site.supervisor import Supervisor

SLEEPS = (sys.executable, "-c", "import time; time.sleep(600)")


@pytest.fixture(autouse=True)
def _installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTCUA_DATA_DIR", str(tmp_path / "var"))
    # serve writes its choices into the environment of its children: let monkeypatch take them back.
    monkeypatch.setenv("MOTCUA_DEMO", "1")
    monkeypatch.setenv("MOTCUA_SITE_URL", "http://127.0.0.1:8000")
    monkeypatch.setenv("MOTCUA_OIDC_ISSUER", "http://127.0.0.1:8001")
    monkeypatch.setattr(starting, "BURIED_WITHIN_SECONDS", 0.2)


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Supervisor]:
    supervisor = Supervisor(tmp_path / "programs.json")
    supervisor.start([Program("web-1", SLEEPS)])
    supervisor.hold([Program("worker", SLEEPS)])
    yield supervisor
    supervisor.stop()


def is_running(supervisor: Supervisor, name: str) -> bool:
    return any(kept.program.name == name and kept.process is not None for kept in supervisor.kept)


class _Answering(BaseHTTPRequestHandler):
    status = 200

    def do_GET(self) -> None:
        self.send_response(self.status)
        self.end_headers()

    def log_request(self, code: object = "-", size: object = "-") -> None:
        """Say nothing."""


def answering(status: int) -> HTTPServer:
    site = HTTPServer(("127.0.0.1", 0), type("_One", (_Answering,), {"status": status}))
    threading.Thread(target=site.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    return site


def test_second_serve_on_a_data_folder_is_refused_and_changes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = tmp_path / "var" / "run"
    holder = subprocess.Popen(
        [
            *(sys.executable, "-c"),
            "import pathlib, sys, time; from motcua.site.starting import only_supervisor\n"
            f"with only_supervisor(pathlib.Path({str(run)!r})): print('held', flush=True); time.sleep(600)",
        ],
        stdout=subprocess.PIPE,
    )
    assert holder.stdout is not None
    try:
        assert holder.stdout.readline() == b"held\n"
        (run / "programs.json").write_text("of the first")
        before = {path: path.stat().st_mtime_ns for path in (tmp_path / "var").rglob("*")}

        status = main(["serve", "--demo", "--port", "1", "--identity-port", "1"])

        assert status == 2
        told = capsys.readouterr().err
        assert f"Another motcua serve (process {holder.pid}) works with {tmp_path / 'var'}" in told
        assert {path: path.stat().st_mtime_ns for path in (tmp_path / "var").rglob("*")} == before
    finally:
        holder.kill()
        holder.wait()
        holder.stdout.close()
    # The operating system has lifted the claim.
    with only_supervisor(run):
        assert (run / "serve.lock").read_text() == str(os.getpid())


def test_folder_that_cannot_be_written_is_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "var").write_text("a file is where the folder would be")

    status = main(["serve", "--demo"])

    assert status == 2
    assert "Make it writable for this account, or set MOTCUA_DATA_DIR" in capsys.readouterr().err


def test_full_disk_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(StartRefused, match=r"the disk is full. Free some room"), refusing_unwritable():
        raise OSError(errno.ENOSPC, "No space left on device", str(tmp_path / "django.key"))


def test_database_that_ends_on_a_full_disk_says_so(
    supervisor: Supervisor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(within_seconds: float) -> None:
        raise postgres.ServerNotStarted("connection failed:\n\tIs the server running?")

    (tmp_path / "var").mkdir()
    monkeypatch.setattr(postgres, "wait_until_ready", never)
    monkeypatch.setattr(postgres, "START_WITHIN_SECONDS", 0.3)
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: SimpleNamespace(free=4096))
    supervisor.start([Program("database", ("false",))])

    with pytest.raises(postgres.ServerNotStarted) as told:
        wait_for_database(supervisor)

    assert str(told.value) == (
        f"connection failed: Is the server running? The disk of {tmp_path / 'var'} is full (4 KiB left): free some room."
    )


def test_taken_port_is_a_sentence_at_once_or_after_the_dead_are_buried() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(StartRefused, match=f"Cannot listen on 127.0.0.1:{port}: Address already in use"):
            listen("127.0.0.1", port)

        threading.Timer(0.3, taken.close).start()
        listen("127.0.0.1", port, buried_within=10).close()


def test_port_that_is_none_is_a_sentence() -> None:
    with pytest.raises(StartRefused, match="Choose another --bank-port"):
        listen("127.0.0.1", 99_999, option="--bank-port")


def test_port_that_somebody_took_meanwhile_is_a_sentence() -> None:
    with listen("127.0.0.1", 0) as ours, socket.socket() as quicker:
        quicker.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        quicker.bind(ours.getsockname())
        quicker.listen()

        with pytest.raises(StartRefused, match="Address already in use"):
            open_to_requests(ours, 1)


def test_rest_starts_when_the_first_process_answers(supervisor: Supervisor) -> None:
    site = answering(200)
    try:
        assert not is_running(supervisor, "worker")

        assert wait_until_ready(supervisor, "127.0.0.1", site.server_port, first="web-1")

        assert is_running(supervisor, "worker")
    finally:
        site.shutdown()
        site.server_close()


def test_rest_starts_when_the_first_process_has_died(
    supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(starting, "READY_WITHIN_SECONDS", 1.0)
    supervisor.kept[0].process.kill()  # type: ignore[union-attr]  # it has been started
    with listen("127.0.0.1", 0) as listener:
        open_to_requests(listener, 8)
        monkeypatch.setattr(starting, "ANSWER_WITHIN_SECONDS", 0.3)

        assert not wait_until_ready(supervisor, "127.0.0.1", listener.getsockname()[1], first="web-1")

    assert is_running(supervisor, "worker")
    assert is_running(supervisor, "web-1")


@pytest.mark.parametrize(("status", "seconds"), [(503, "1"), (None, "2")])
def test_what_is_slow_is_given_more_time_than_what_is_unwell(
    supervisor: Supervisor,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    status: int | None,
    seconds: str,
) -> None:
    monkeypatch.setattr(starting, "READY_WITHIN_SECONDS", 1.0)
    monkeypatch.setattr(starting, "SLOW_WITHIN_SECONDS", 2.0)
    monkeypatch.setattr(starting, "ANSWER_WITHIN_SECONDS", 0.3)
    with listen("127.0.0.1", 0) as silent:
        open_to_requests(silent, 64)
        site = answering(status) if status else None
        port = site.server_port if site else silent.getsockname()[1]

        assert not wait_until_ready(supervisor, "127.0.0.1", port, first="web-1")

        if site:
            site.shutdown()
            site.server_close()
    assert f"did not become ready in {seconds} s" in capfd.readouterr().err
    # It had its head start, and is not in trouble.
    assert json.loads((supervisor._state_file).read_text())["programs"]["worker"]["pid"] is None


def test_course_names_each_step() -> None:
    course = Course()

    course.reached("database")

    told = course.in_words(3.14)
    assert told.startswith("after ")
    assert "program " in told
    assert "database 0.0 s; 3.1 s of a processor, load " in told
