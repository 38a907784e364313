"""The simulated authority of time stamps: what it stamps, what it refuses, and as a process of its own."""

import asyncio
import hashlib
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest
import requests
from asn1crypto import core, tsp
from cryptography.hazmat.primitives import serialization
from pyhanko.sign.timestamps import TimestampRequestError

from motcua.documents.signing import time_stamps
from motcua.documents.signing.authority import Issued, Use, issue, make_root
from motcua.documents.signing.local import LocalAuthority
from motcua.simulators.time_stamps.server import Behavior, make_server

QUERY = {"Content-Type": "application/timestamp-query"}


@pytest.fixture(scope="module")
def stamps() -> Issued:
    now = datetime.now(UTC) - timedelta(days=1)
    root = make_root(name="Gốc thử nghiệm", now=now)
    return issue(root, name="Dấu thời gian", agency="", use=Use.TIME_STAMPS, now=now)


@pytest.fixture
def behavior() -> Behavior:
    return Behavior()


@pytest.fixture
def server(stamps: Issued, behavior: Behavior) -> Iterator[ThreadingHTTPServer]:
    made = make_server(stamps, behavior=behavior)
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield made
    made.shutdown()
    thread.join()
    made.server_close()


def address(server: ThreadingHTTPServer) -> str:
    return f"http://127.0.0.1:{server.server_port}/"


def request(digest: bytes = hashlib.sha256(b"paper").digest(), algorithm: str = "sha256") -> bytes:
    imprint = {"hash_algorithm": {"algorithm": algorithm}, "hashed_message": digest}
    asked = tsp.TimeStampReq({"version": 1, "message_imprint": imprint, "nonce": 4711, "cert_req": True})
    return bytes(asked.dump())


def refusal_in(reply: bytes) -> tsp.PKIStatusInfo:
    """Return the status of a response without a stamp, which asn1crypto's class for responses does not read."""
    return tsp.PKIStatusInfo.load(core.Sequence.load(reply).contents)


@pytest.mark.parametrize("why", ["silent", "broken", "unknown digest"])
def test_signing_hears_that_there_is_no_stamp(
    server: ThreadingHTTPServer, behavior: Behavior, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time_stamps, "ANSWER_WITHIN_SECONDS", 0.3)
    monkeypatch.setattr(
        "motcua.simulators.time_stamps.server.time.sleep", lambda _: threading.Event().wait(1)
    )
    behavior.silent, behavior.status = why == "silent", 503 if why == "broken" else 200
    algorithm = "sha1" if why == "unknown digest" else "sha256"
    if why == "broken":
        monkeypatch.setattr("motcua.simulators.time_stamps.server.answer", lambda *_, **__: b"later")

    with pytest.raises(TimestampRequestError):
        asyncio.run(
            time_stamps.time_stamps_at(address(server)).async_timestamp(
                hashlib.new(algorithm, b"paper").digest(), algorithm
            )
        )


def test_openssl_believes_the_stamp(server: ThreadingHTTPServer, stamps: Issued, tmp_path: Path) -> None:
    """A third reader, which knows neither our code nor pyHanko's."""
    (tmp_path / "paper").write_bytes(b"paper")
    (tmp_path / "reply").write_bytes(
        requests.post(address(server), request(), headers=QUERY, timeout=30).content
    )
    (tmp_path / "root.pem").write_bytes(stamps.above[0].public_bytes(serialization.Encoding.PEM))

    said = subprocess.run(
        ["openssl", "ts", "-verify", "-data", "paper", "-in", "reply", "-CAfile", "root.pem"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert "Verification: OK" in said.stdout, said.stderr


def test_nonce_comes_back_and_the_moment_is_now(server: ThreadingHTTPServer) -> None:
    reply = requests.post(address(server), request(), headers=QUERY, timeout=30)

    told = tsp.TimeStampResp.load(reply.content)["time_stamp_token"]["content"]["encap_content_info"][
        "content"
    ].parsed
    assert told["nonce"].native == 4711
    assert abs(told["gen_time"].native - datetime.now(UTC)) < timedelta(seconds=60)


@pytest.mark.parametrize(
    ("asked", "failure"),
    [
        (b"", "bad_data_format"),
        (b"\x30\x03\x02\x01", "bad_data_format"),
        (b"hello", "bad_data_format"),
        (request(b"short"), "bad_alg"),
        (request(hashlib.sha1(b"paper").digest(), "sha1"), "bad_alg"),
    ],
)
def test_what_is_asked_wrongly_is_answered_with_the_reason(
    server: ThreadingHTTPServer, asked: bytes, failure: str
) -> None:
    reply = requests.post(address(server), asked, headers=QUERY, timeout=30)

    status = refusal_in(reply.content)
    assert status["status"].native == "rejection"
    assert status["fail_info"].native == {failure}


def test_other_kinds_of_content_are_refused(server: ThreadingHTTPServer) -> None:
    assert requests.post(address(server), request(), timeout=30).status_code == 415
    assert requests.post(address(server), b"0" * 20_000, headers=QUERY, timeout=30).status_code == 413


def test_as_a_process_it_stamps_with_the_key_of_the_local_authority(tmp_path: Path) -> None:
    LocalAuthority(tmp_path).make(name="Gốc thử nghiệm", now=datetime.now(UTC))
    command = [
        sys.executable,
        "-m",
        "motcua.simulators.time_stamps",
        "--folder",
        str(tmp_path),
        "--port",
        "0",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        where = process.stdout.readline().split()[-1]
        reply = requests.post(where, request(), headers=QUERY, timeout=30)
        process.terminate()

    assert tsp.TimeStampResp.load(reply.content)["status"]["status"].native == "granted"


def test_without_a_key_it_says_how_to_make_one(tmp_path: Path) -> None:
    said = subprocess.run(
        [sys.executable, "-m", "motcua.simulators.time_stamps", "--folder", str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert said.returncode == 2
    assert "motcua documents authority" in said.stderr
