"""A small installation of its own: a durable PostgreSQL, the demo city, and programs started one by one."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from motcua.site import database, postgres

WITHIN_SECONDS = 90.0


@dataclass
class Installation:
    """Programs of one installation, each a process that the test may end."""

    folder: Path
    environment: dict[str, str]
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def motcua(self, *words: str, **more: str) -> str:
        """Run one command to its end and return what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "motcua.site.commands", *words],
            env={**self.environment, **more},
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def python(self, script: str, **more: str) -> str:
        """Run a script with Django set up and return what it printed."""
        text = f"import django; django.setup()\n{script}"
        done = subprocess.run(
            [sys.executable, "-c", text],
            env={**self.environment, **more},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start(self, *argv: str, pass_fds: tuple[int, ...] = (), **more: str) -> subprocess.Popen[bytes]:
        """Start a program that goes on."""
        with (self.folder / "log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, *argv],
                env={**self.environment, **more},
                stdout=log,
                stderr=log,
                pass_fds=pass_fds,
            )
        self.running.append(process)
        return process

    def web(self, **more: str) -> str:
        """Start a web process on a port of its own and return its address."""
        listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        listener.setblocking(False)
        port = listener.getsockname()[1]
        self.start(
            "-m",
            "motcua.site.web",
            "--socket-fd",
            str(listener.fileno()),
            pass_fds=(listener.fileno(),),
            **more,
        )
        listener.close()
        address = f"http://127.0.0.1:{port}"
        until = time.monotonic() + WITHIN_SECONDS
        while time.monotonic() < until:
            try:
                with urllib.request.urlopen(f"{address}/healthz", timeout=5):
                    return address
            except OSError:
                time.sleep(0.3)
        raise AssertionError((self.folder / "log").read_text()[-3000:])

    def stop(self) -> None:
        """End every program."""
        for process in self.running:
            process.send_signal(signal.SIGTERM)
        for process in self.running:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.running.clear()


@pytest.fixture(scope="module")
def installation() -> Iterator[Installation]:
    # Not below pytest's own folder: every other run that begins closes it to the account of the server.
    with tempfile.TemporaryDirectory(prefix="motcua-scale-") as folder:
        Path(folder).chmod(0o755)
        yield from installed(Path(folder))


def installed(folder: Path) -> Iterator[Installation]:
    """Make the installation in the folder and take it down again."""
    ours = {
        name: value for name, value in os.environ.items() if not name.startswith(("DATABASE_", "MOTCUA_"))
    }
    ours |= {
        "MOTCUA_DATA_DIR": str(folder),
        "MOTCUA_DEMO": "1",
        "MOTCUA_DEMO_REQUESTS": "12",
        "MOTCUA_ALLOWED_HOSTS": "127.0.0.1,testserver",
        "DJANGO_SETTINGS_MODULE": "motcua.site.settings",
    }
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith(("DATABASE_", "MOTCUA_"))]:
            patch.delenv(name)
        patch.setenv("MOTCUA_DATA_DIR", str(folder))
        found = Installation(folder, ours)
        # Held as by a command that lasts as long as the tests: none of theirs is the last to leave and stops it.
        with postgres.server_of_one_command():
            database.prepare_embedded_roles()
            found.motcua("migrate", "--quiet")
            found.motcua("demo", "prepare", "--people", "1000")
            try:
                yield found
            finally:
                found.stop()


@pytest.fixture
def programs(installation: Installation) -> Iterator[Installation]:
    yield installation
    installation.stop()


def token_of(installation: Installation) -> str:
    """Return the token of the first sample person."""
    accounts = json.loads(installation.motcua("demo", "accounts", "--json"))
    return str(accounts["citizens"][0]["token"])
