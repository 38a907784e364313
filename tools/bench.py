"""Measure the parts of one request and say each as a ratio to a yardstick measured in the same run.

Speeds differ from machine to machine and from hour to hour; ratios hardly do. Run: ``python tools/bench.py
[--seconds 2] [--markdown]``. No database and no network: the path through both is counted by
tools/faults_submissions.py.
"""

import argparse
import hashlib
import io
import platform
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import segno
import yaml
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

from motcua.rules import load
from motcua.seals.keys import TrustedKey, generate_key
from motcua.seals.passes import EXPIRES, IDENTITY, ISSUED, ISSUER, KIND, NOT_BEFORE, open_pass, seal_pass

PACK = Path(__file__).resolve().parents[1] / "packs" / "travel_pass"
ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing measured: its name, what it does, and the measure that it is compared with."""

    name: str
    act: Callable[[], object]
    yardstick: str


def per_second(act: Callable[[], object], seconds: float) -> float:
    """Return how often ``act`` is done in a second, over ``seconds``."""
    done, began = 0, time.perf_counter()
    while (spent := time.perf_counter() - began) < seconds:
        act()
        done += 1
    return done / spent


def compared(
    act: Callable[[], object], yardstick: Callable[[], object], seconds: float
) -> tuple[float, float]:
    """Return speed and ratio to the yardstick: medians of rounds that alternate, so that a hiccup hits both."""
    speeds, ratios = [], []
    for _ in range(ROUNDS):
        speeds.append(per_second(act, seconds / ROUNDS))
        ratios.append(speeds[-1] / per_second(yardstick, seconds / ROUNDS))
    return statistics.median(speeds), statistics.median(ratios)


def measures() -> list[Measure]:
    """Return what is measured, yardsticks first."""
    now = datetime.now(UTC).replace(microsecond=0)
    second = int(now.timestamp())
    key = generate_key(now=now - timedelta(days=1))
    trusted = TrustedKey(
        key.key_id, key.private.public_key(), now - timedelta(days=2), now + timedelta(days=365)
    )
    claims: dict[int | str, object] = {
        ISSUER: "dn",
        EXPIRES: second + 86_400,
        NOT_BEFORE: second,
        ISSUED: second,
        IDENTITY: bytes(4),
        KIND: "travel_pass",
        "n": "Nguyễn Thị Hồng Hạnh",
        "b": 1989,
        "p": "43D1-123.45",
        "h": "06:00-20:00",
    }
    text = seal_pass(claims, key)
    private = ec.generate_private_key(ec.SECP256R1())
    algorithm = ec.ECDSA(SHA256())
    message = b"a" * 200
    signature = private.sign(message, algorithm)
    block = b"a" * 65_536
    model = load(PACK / "decisions" / "travel_pass.dmn")
    base = yaml.safe_load((PACK / "examples" / "answers.yaml").read_text(encoding="utf-8"))["base"]
    facts = {name.replace("_", " "): value for name, value in base.items()}
    refused = {**facts, "home zone": "red"}
    return [
        Measure("yardstick: SHA-256 of 64 KiB", lambda: hashlib.sha256(block).digest(), ""),
        Measure("yardstick: ES256 signature", lambda: private.sign(message, algorithm), ""),
        Measure(
            "yardstick: ES256 check", lambda: private.public_key().verify(signature, message, algorithm), ""
        ),
        Measure(
            "decide a travel pass",
            lambda: model(facts, decision="verdict").value,
            "yardstick: SHA-256 of 64 KiB",
        ),
        Measure(
            "decide, and explain in Vietnamese",
            lambda: model(refused, decision="verdict").text("vi"),
            "yardstick: SHA-256 of 64 KiB",
        ),
        Measure("seal a pass", lambda: seal_pass(claims, key), "yardstick: ES256 signature"),
        Measure("open and check a pass", lambda: open_pass(text, [trusted], now), "yardstick: ES256 check"),
        Measure("draw its QR (SVG)", lambda: drawn(text), "yardstick: ES256 signature"),
    ]


def drawn(text: str) -> bytes:
    """Draw the QR code of a pass."""
    picture = io.BytesIO()
    segno.make_qr(text, error="m").save(picture, kind="svg")
    return picture.getvalue()


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=2.0, help="spent on each measure")
    parser.add_argument("--markdown", action="store_true", help="print the rows of docs/benchmarks.md")
    options = parser.parse_args()
    row = "| {:<34} | {:>12} | {:>24} |" if options.markdown else "{:<36}{:>12}   {:>24}"
    print(f"Python {platform.python_version()}, {platform.machine()}; median of {ROUNDS} rounds")
    print(row.format("what", "a second", "ratio to its yardstick"))
    if options.markdown:
        print("|---|---:|---:|")
    known = {measure.name: measure for measure in measures()}
    for measure in known.values():
        yardstick = known[measure.yardstick or measure.name]
        speed, ratio = compared(measure.act, yardstick.act, options.seconds)
        print(
            row.format(measure.name, f"{speed:,.0f}", f"{ratio:.3f}" if measure.yardstick else ""), flush=True
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
