"""What a killed PostgreSQL leaves in its lock files keeps no other from starting."""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from motcua.site import environment, postgres

REST = "/data\n1763800000\n5432\n/sockets\n\n  4201384     32791\nready\n"


@pytest.fixture(autouse=True)
def _installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTCUA_DATA_DIR", str(tmp_path))
    postgres.cluster_folder().mkdir(parents=True)
    environment.socket_folder().mkdir(parents=True, exist_ok=True)


@contextmanager
def running(*words: str, cwd: Path | None = None) -> Iterator[int]:
    """Run something that sleeps, under the name that the words begin with."""
    with subprocess.Popen(words, executable="/usr/bin/tail", cwd=cwd) as process:
        # For a moment a new program has no words.
        while not Path(f"/proc/{process.pid}/cmdline").read_bytes():
            time.sleep(0.01)
        yield process.pid
        process.kill()


@pytest.fixture
def stranger() -> Iterator[int]:
    """A living program that has nothing to do with us."""
    with running("tail", "-f", "/dev/null") as pid:
        yield pid


def lock() -> Path:
    return postgres.cluster_folder() / "postmaster.pid"


def test_another_program_with_its_number_is_no_server(stranger: int) -> None:
    lock().write_text(f"{stranger}\n{REST}")

    assert postgres.running_pid() is None


def test_another_program_that_names_our_folder_is_no_server() -> None:
    with running("tail", "-f", "/dev/null", str(postgres.cluster_folder())) as pid:
        lock().write_text(f"{pid}\n{REST}")

        assert postgres.running_pid() is None


def test_server_is_found_by_its_folder_however_it_was_started() -> None:
    # "postgres" by name, working in the folder of our files, as every server does.
    with running("postgres", "-f", "/dev/null", cwd=postgres.cluster_folder()) as pid:
        lock().write_text(f"{pid}\n{REST}")

        assert postgres.running_pid() == pid


def test_number_that_another_program_has_now_is_replaced_by_one_that_nobody_has(stranger: int) -> None:
    lock().write_text(f"{stranger}\n{REST}")

    postgres.forget_killed_server()

    number, _, rest = lock().read_text().partition("\n")
    with pytest.raises(ProcessLookupError):
        os.kill(int(number), 0)
    # By the rest PostgreSQL finds what the killed server's children still hold.
    assert rest == REST


@pytest.mark.parametrize("torn", [b"", b"123", b"\0" * 40, b"\xff\xfe\nmore\n", b"\n\n"])
def test_torn_file_is_removed(torn: bytes) -> None:
    lock().write_bytes(torn)

    postgres.forget_killed_server()

    assert not lock().exists()


def test_lock_of_the_socket_is_removed(stranger: int) -> None:
    beside = environment.socket_folder() / ".s.PGSQL.5432.lock"
    beside.write_text(f"{stranger}\n{REST}")

    postgres.forget_killed_server()

    assert not beside.exists()


def test_without_lock_files_nothing_is_done() -> None:
    postgres.forget_killed_server()

    assert not any(postgres.cluster_folder().iterdir())
