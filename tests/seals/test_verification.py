import base64
import json
from datetime import timedelta

import pytest

from motcua.seals.keys import generate_key, trusted
from motcua.seals.passes import seal_pass
from motcua.seals.verification import verify_line

from .builders import NOW, pass_claims
from .test_health import EC_DER, health_text

KEY = generate_key(now=NOW)
TEXT = seal_pass(pass_claims(), KEY)
CERTIFICATE = base64.b64encode(KEY.certificate_der).decode()


def line(**members: object) -> bytes:
    return json.dumps(
        {"id": "a", "qr": TEXT, "certs": [CERTIFICATE], "at": NOW.isoformat(), **members}
    ).encode()


def test_a_valid_pass_is_ok() -> None:
    verdict = verify_line(line(), now=NOW + timedelta(days=900))

    assert json.loads(verdict.to_json()) == {"id": "a", "ok": True, "reason": "valid"}


def test_a_health_certificate_is_checked_by_its_prefix() -> None:
    certs = [base64.b64encode(EC_DER).decode()]

    assert verify_line(line(qr=health_text(), certs=certs), now=NOW).ok


@pytest.mark.parametrize(
    "at", ["2021-09-08T08:00:00+07:00", "2021-09-08T01:00:00", int(NOW.timestamp()), 1631062800.5]
)
def test_the_moment_may_be_written_in_several_ways(at: object) -> None:
    assert verify_line(line(at=at), now=NOW + timedelta(days=900)).ok


def test_without_moment_and_certificates_it_is_now_and_here() -> None:
    bare = json.dumps({"id": 7, "qr": TEXT}).encode()

    assert verify_line(bare, now=NOW, own_keys=lambda: [trusted(KEY)]).ok
    verdict = verify_line(bare, now=NOW)
    assert (verdict.id, verdict.ok, verdict.reason.split(":")[0]) == (7, False, "unknown_key")


def test_an_unusable_certificate_is_trusted_for_nothing() -> None:
    verdict = verify_line(line(certs=["AAAA", CERTIFICATE]), now=NOW)
    alone = verify_line(line(certs=["AAAA"]), now=NOW)

    assert verdict.ok
    assert alone.reason.startswith("unknown_key")


@pytest.mark.parametrize("qr", ["", "MC1:", "HC1:", "HC1:é", "mc1:x", "\ud800", "MC1:" + "A" * 10_000])
def test_bad_texts_are_not_ok(qr: str) -> None:
    verdict = verify_line(line(qr=qr), now=NOW)

    assert (verdict.id, verdict.ok) == ("a", False)


@pytest.mark.parametrize(
    ("raw", "reference"),
    [
        (b"", None),
        (b"\xff", None),
        (b"[1]", None),
        (b"[" * 100_000, None),
        (b'{"id": "a"}', "a"),
        (b'{"id": ["a"], "qr": ""}', None),
        (b'{"id": true, "qr": ""}', None),
        (line(certs="x"), "a"),
        (line(certs=[1]), "a"),
        (line(certs=["*"]), "a"),
        (line(certs=["\u00e9"]), "a"),
        (line(at="soon"), "a"),
        (line(at=True), "a"),
        (line(at=1e300), "a"),
        (line(at=[]), "a"),
        (line(cert=[]), "a"),
        (b'{"id": 1, "qr": "' + b"A" * 1_000_001 + b'"}', None),
    ],
)
def test_a_line_that_is_no_question_gets_an_answer_all_the_same(raw: bytes, reference: str | None) -> None:
    verdict = verify_line(raw, now=NOW)

    assert (verdict.id, verdict.ok) == (reference, False)
    assert verdict.reason.startswith("unreadable_line: ")
    json.loads(verdict.to_json())


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", -62135596800])
def test_moments_at_the_ends_of_the_calendar_are_answered(at: object) -> None:
    for qr in (TEXT, health_text()):
        certs = [CERTIFICATE, base64.b64encode(EC_DER).decode()]
        assert not verify_line(line(qr=qr, certs=certs, at=at), now=NOW).ok
