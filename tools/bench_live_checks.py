"""Checking a pass against the bare check of its signature, on one core and without a network."""

import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bench_live_servers import answers_of, trusted_keys
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

from motcua.seals.passes import open_pass

if TYPE_CHECKING:
    from bench_live import Bench


def checks(bench: "Bench") -> None:
    """Open a pass of this run, and check a bare signature, in turn."""
    import json

    document = json.loads(bench.senders.read_text(encoding="utf-8"))
    text = answers_of(bench.site.url, document["senders"][:1], document["procedure"])[0]["qr"]
    keys, at = trusted_keys(bench.site), datetime.now(UTC) + timedelta(days=1)
    private = ec.generate_private_key(ec.SECP256R1())
    public, algorithm, message = private.public_key(), ec.ECDSA(SHA256()), b"a" * 200
    signature = private.sign(message, algorithm)
    ours, bare = [], []
    for _ in range(bench.options.rounds * 2):
        ours.append(per_second(lambda: open_pass(text, keys, at), bench.options.seconds / 4))
        bare.append(
            per_second(lambda: public.verify(signature, message, algorithm), bench.options.seconds / 4)
        )
    ratios = [one / other for one, other in zip(ours, bare, strict=True)]
    bench.head("checking a pass, one core", "a second", "to bare", "wanted")
    bench.say("bare ES256 check", statistics.median(bare), "", "")
    bench.say("open_pass", statistics.median(ours), statistics.median(ratios), "0.7 at least")


def per_second(act: Callable[[], object], seconds: float) -> float:
    """Return how often ``act`` is done in a second of processor time."""
    done, began, until = 0, time.process_time(), time.perf_counter() + seconds
    while time.perf_counter() < until:
        for _ in range(20):
            act()
        done += 20
    return done / (time.process_time() - began)
