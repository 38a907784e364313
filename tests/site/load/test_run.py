"""Real traffic against a real server on this machine, and what is refused before any is sent."""

import json
import threading
import time
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from motcua.site.commands import main


class Site(ThreadingHTTPServer):
    """Answers as the API does; ``refusals`` is how many submissions it turns away first."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Door)
        self.lock = threading.Lock()
        self.keys: Counter[str] = Counter()
        self.tokens: Counter[str] = Counter()
        self.refusals = 0
        self.hang_ups = 0
        self.asks_to_leave = 0
        self.slow_seconds = 0.0

    def handle_error(self, *_: object) -> None:
        """A client that hung up is what some tests are about."""


class Door(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Site

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        time.sleep(self.server.slow_seconds)
        key = self.headers["Idempotency-Key"]
        with self.server.lock:
            self.server.keys[key] += 1
            self.server.tokens[self.headers["Authorization"]] += 1
            if self.server.hang_ups:
                self.server.hang_ups -= 1
                self.close_connection = True
                self.connection.close()
                return
            refused, self.server.refusals = self.server.refusals > 0, max(0, self.server.refusals - 1)
        if refused:
            self._answer(503, b"{}")
            return
        assert json.loads(body)["data"]["needed_from"] != "{tomorrow}"
        self._answer(201, json.dumps({"reference": f"H17-{key[-6:]}", "qr": "MC1:X"}).encode())

    def do_GET(self) -> None:
        self._answer(200, b"page")

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        with self.server.lock:
            leave, self.server.asks_to_leave = (
                self.server.asks_to_leave > 0,
                max(0, self.server.asks_to_leave - 1),
            )
        if leave:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def site() -> Iterator[Site]:
    server = Site()
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def senders(tmp_path: Path) -> Path:
    path = tmp_path / "senders.json"
    each = [
        {"tenant": f"t{n}", "token": f"token-{n}", "values": {"needed_from": "{tomorrow}", "shift": "day"}}
        for n in range(4)
    ]
    path.write_text(json.dumps({"procedure": "travel_pass", "senders": each}))
    return path


def run(site: Site | str, senders: Path, *words: str) -> int:
    url = site if isinstance(site, str) else f"http://127.0.0.1:{site.server_address[1]}"
    return main(["load", "run", "--url", url, "--senders", str(senders), "--connections", "4", *words])


def told(capsys: pytest.CaptureFixture[str]) -> dict:
    return json.loads(capsys.readouterr().out)


def test_closed_loop_sends_each_request_once(
    site: Site, senders: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = run(site, senders, "--closed", "--requests", "40", "--seconds", "20", "--json")

    report = told(capsys)
    assert status == 0
    assert report["total"]["sent"] == 40
    assert report["total"]["answered"] == {"201": 40}
    assert len(site.keys) == 40 == site.keys.total()
    assert set(site.tokens) == {f"Bearer token-{n}" for n in range(4)}


def test_second_run_of_the_same_seed_files_anew(site: Site, senders: Path) -> None:
    for _ in range(2):
        run(site, senders, "--closed", "--requests", "10", "--seconds", "20", "--seed", "5")

    assert len(site.keys) == 20


def test_schedule_keeps_its_rate_and_counts_waiting(
    site: Site, senders: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # Four connections of 50 ms can answer 80 a second; 160 a second are due, so most must wait for a connection.
    site.slow_seconds = 0.05

    run(site, senders, "--rate", "160", "--seconds", "1.5", "--json")

    latency = told(capsys)["total"]["latency_ms"]
    assert latency["p95"] > 400
    assert latency["max"] > 500


def test_refused_request_is_sent_again_with_its_key(
    site: Site, senders: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site.refusals = 3

    run(site, senders, "--closed", "--requests", "10", "--seconds", "20", "--tries", "5", "--json")

    total = told(capsys)["total"]
    assert total["answered"] == {"201": 10}
    assert total["retries"] == 3
    assert len(site.keys) == 10
    assert site.keys.total() == 13


def test_refusal_counts_when_no_tries_are_left(
    site: Site, senders: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site.refusals = 3

    run(site, senders, "--closed", "--requests", "10", "--seconds", "20", "--json")

    assert told(capsys)["total"]["answered"] == {"201": 7, "503": 3}


def test_lost_connection_is_an_error_and_replaced(
    site: Site, senders: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site.hang_ups = 2

    run(site, senders, "--closed", "--requests", "12", "--seconds", "20", "--json")

    total = told(capsys)["total"]
    assert total["errors"] == {"connection lost": 2}
    assert total["answered"] == {"201": 10}


def test_connection_that_is_asked_to_knock_again_is_made_anew_at_once(
    site: Site, senders: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Lost connections are looked for only then, so that whatever comes back before was made anew by itself.
    monkeypatch.setattr("motcua.site.load.driving._SWEEP_SECONDS", 60.0)
    site.asks_to_leave = 12

    assert run(site, senders, "--closed", "--requests", "40", "--seconds", "20", "--json") == 0

    report = told(capsys)
    assert report["total"]["answered"] == {"201": 40}
    assert report["total"]["errors"] == {}
    assert site.asks_to_leave == 0
    assert report["seconds"] < 10


def test_answer_that_takes_too_long_is_an_error(
    site: Site, senders: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site.slow_seconds = 2.0

    status = run(site, senders, "--closed", "--requests", "2", "--seconds", "5", "--timeout", "0.3", "--json")

    assert status == 1
    assert told(capsys)["total"]["errors"] == {"timed out": 2}


def test_mixed_traffic_reads_and_writes(
    site: Site, senders: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(site, senders, "--shape", "mixed", "--rate", "150", "--seconds", "1", "--json")

    routes = told(capsys)["routes"]
    assert {"submit", "status", "home", "service"} <= set(routes)
    assert routes["status"]["answered"].keys() == {"200"}


def test_table_is_for_people(site: Site, senders: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(site, senders, "--shape", "tenant", "--rate", "60", "--seconds", "1")

    table = capsys.readouterr().out
    assert "p95" in table
    assert "flood: others" in table


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ([], "Give --rate"),
        (["--rate", "5", "--closed"], "exclude each other"),
        (["--rate", "0"], "--rate must"),
        (["--rate", "nan"], "--rate must"),
        (["--rate", "5", "--seconds", "-1"], "--seconds must"),
        (["--rate", "5", "--seconds", "inf"], "--seconds must"),
        (["--rate", "5", "--connections", "0"], "--connections must"),
        (["--rate", "5", "--connections", "100000"], "--connections must"),
        (["--rate", "5", "--peak", "0.5"], "--peak must"),
        (["--rate", "5", "--peak", "40"], "--peak must"),
        (["--rate", "5", "--share", "1"], "--share must"),
        (["--rate", "5", "--times", "0"], "--times must"),
        (["--rate", "5", "--tries", "0"], "--tries must"),
        (["--rate", "5", "--timeout", "0"], "--timeout must"),
        (["--rate", "5", "--requests", "3"], "--requests bounds"),
        (["--closed", "--shape", "morning"], "needs a schedule"),
        (["--rate", "5", "--mix", "submit=1,submit=2"], "each route once"),
        (["--rate", "5", "--mix", "desk=1"], "routes: submit"),
        (["--rate", "5", "--mix", "home=0"], "nothing would be sent"),
        (["--rate", "5", "--mix", "home=²"], "whole weight"),
    ],
)
def test_senseless_arguments_are_refused_and_nothing_is_sent(
    site: Site, senders: Path, capsys: pytest.CaptureFixture[str], words: list[str], sentence: str
) -> None:
    assert run(site, senders, *words) == 2

    assert sentence in capsys.readouterr().err
    assert not site.keys


@pytest.mark.parametrize(
    "url", ["http://city.example.vn", "http://192.168.1.10:8000", "http://127.0.0.1.evil.vn"]
)
def test_site_of_others_is_refused(senders: Path, capsys: pytest.CaptureFixture[str], url: str) -> None:
    assert run(url, senders, "--rate", "5") == 2

    assert "is not this machine" in capsys.readouterr().err


@pytest.mark.parametrize(
    "url",
    ["https://127.0.0.1:8000", "127.0.0.1:8000", "http://127.0.0.1:99999", "http:///", "http://localhost/x"],
)
def test_address_that_cannot_be_used_is_refused(
    senders: Path, capsys: pytest.CaptureFixture[str], url: str
) -> None:
    assert run(url, senders, "--rate", "5") == 2

    assert "--url" in capsys.readouterr().err


def test_nobody_there_is_said(senders: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("http://127.0.0.1:9", senders, "--rate", "5", "--seconds", "1") == 2

    assert "Nobody answers at 127.0.0.1:9" in capsys.readouterr().err


@pytest.mark.parametrize(
    "text",
    ["", "{}", "[1]", '{"procedure": "travel_pass", "senders": []}', "\0", '{"procedure": "x", "more": 1}'],
)
def test_file_of_senders_that_cannot_be_read_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    path = tmp_path / "broken.json"
    path.write_text(text)

    assert run("http://127.0.0.1:9", path, "--rate", "5") == 2

    assert str(path) in capsys.readouterr().err


def test_token_never_stands_in_a_refusal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "senders.json"
    sender = {"tenant": "t", "token": "mct_secret with a space", "values": {}}
    path.write_text(json.dumps({"procedure": "travel_pass", "senders": [sender]}))

    assert run("http://127.0.0.1:9", path, "--rate", "5") == 2

    assert "mct_secret" not in capsys.readouterr().err


def test_header_cannot_be_smuggled_through_a_token(tmp_path: Path) -> None:
    path = tmp_path / "senders.json"
    sender = {"tenant": "t", "token": "x\r\nHost: other", "values": {}}
    path.write_text(json.dumps({"procedure": "travel_pass", "senders": [sender]}))

    assert run("http://127.0.0.1:9", path, "--rate", "5") == 2


def test_missing_file_of_senders_says_how_to_make_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("http://127.0.0.1:9", tmp_path / "none.json", "--rate", "5") == 2

    assert "motcua load prepare" in capsys.readouterr().err


def test_one_sender_alone_has_no_others_to_disturb(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "senders.json"
    sender = {"tenant": "t", "token": "x", "values": {}}
    path.write_text(json.dumps({"procedure": "travel_pass", "senders": [sender]}))

    assert run("http://127.0.0.1:9", path, "--shape", "tenant", "--rate", "5") == 2

    assert "needs others" in capsys.readouterr().err
