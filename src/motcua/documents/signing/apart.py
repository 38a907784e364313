"""Checks a file from the street in a process of its own: a hostile PDF may cost it time and memory, not the site."""

import json
import os
import subprocess
import sys
import threading
from dataclasses import asdict
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from .report import Answer, Report, SignatureSeen, Why

WITHIN_SECONDS = 30.0
MOST_CPU_SECONDS = 5
MOST_MEMORY = 1024 * 1024 * 1024
# Two at a time in each web process: the rest of the site keeps its cores.
_places = threading.BoundedSemaphore(2)
_WAIT_SECONDS = 5.0


class TooManyChecks(RuntimeError):
    """As many files are being checked as this process checks at once."""


def check_apart(pdf: bytes, *, trust: Path, at: datetime) -> Report:
    """Return what :func:`motcua.documents.signing.check.check` says, or that it took too long.

    Raises ``TooManyChecks`` after five seconds of waiting for a place.
    """
    if not _places.acquire(timeout=_WAIT_SECONDS):
        raise TooManyChecks("files are being checked already; try again in a moment")
    try:
        done = subprocess.run(
            [sys.executable, "-m", __name__, str(trust), at.isoformat()],
            input=pdf,
            capture_output=True,
            timeout=WITHIN_SECONDS,
            check=False,
            # Nothing of ours is needed there, least of all where the secrets are.
            env={"PATH": os.environ.get("PATH", ""), "PYTHONPATH": os.pathsep.join(sys.path)},
        )
        return read_report(done.stdout)
    except (subprocess.TimeoutExpired, ValueError, KeyError, TypeError):
        return Report(Answer.CANNOT_TELL, Why.TOOK_TOO_LONG, sha256(pdf).hexdigest())
    finally:
        _places.release()


def write_report(report: Report) -> str:
    """Return the report as JSON."""
    return json.dumps(asdict(report), default=lambda value: value.isoformat())


def read_report(written: bytes) -> Report:
    """Return the report of :func:`write_report`; raises ``ValueError``, ``KeyError`` or ``TypeError``."""
    told = json.loads(written)
    signatures = tuple(
        SignatureSeen(
            field=each["field"],
            signer=each["signer"],
            agency=each["agency"],
            signed_at=datetime.fromisoformat(each["signed_at"]) if each["signed_at"] else None,
            answer=Answer(each["answer"]),
            why=Why(each["why"]),
            covers_whole_file=bool(each["covers_whole_file"]),
        )
        for each in told["signatures"]
    )
    return Report(Answer(told["answer"]), Why(told["why"]), str(told["sha256"]), signatures)


def main() -> int:
    """Read the file from standard input and write the report, within limits that the kernel keeps."""
    import resource

    resource.setrlimit(resource.RLIMIT_CPU, (MOST_CPU_SECONDS, MOST_CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    from .check import check
    from .trust import read_trust

    trust, at = sys.argv[1:]
    report = check(sys.stdin.buffer.read(), trust=read_trust(Path(trust)), at=datetime.fromisoformat(at))
    sys.stdout.write(write_report(report))
    return 0


if __name__ == "__main__":
    sys.exit(main())
