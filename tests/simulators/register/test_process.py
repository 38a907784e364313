"""The simulated register as a process of its own, as a trial would run it."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

INQUIRY = {
    "purpose": "travel_pass",
    "readings": [{"id": "0", "match": {"place": "20194"}, "columns": ["color", "valid_to"]}],
}


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    file = tmp_path / "zones.csv"
    file.write_text("place,color,valid_to\n20194,red,\n20195,green,2026-01-01\n", encoding="utf-8")
    command = [sys.executable, "-m", "motcua.simulators.register", str(file), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process.stdout.readline().split()[-1]
        process.terminate()


def test_it_answers_what_was_asked(address: str) -> None:
    reply = requests.post(address, json=INQUIRY, timeout=30).json()

    assert reply["readings"] == [{"id": "0", "records": [["red", None]]}]


def test_it_refuses_what_was_not_agreed(address: str) -> None:
    strange = {**INQUIRY, "readings": [{"id": "0", "match": {"place": "20194"}, "columns": ["secret"]}]}

    assert requests.post(address, json=strange, timeout=30).status_code == 422
    assert requests.post(address, data=b"{", timeout=30).status_code == 422
    assert address.startswith("http://127.0.0.1:")
