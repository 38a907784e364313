"""The measure of directives runs as it is, on a small city: what a switch did is what was promised."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
# Starts a PostgreSQL of its own, makes a city and changes its law twice.
WITHIN_SECONDS = 600


def test_a_small_city_is_switched_as_promised_and_back() -> None:
    environment = {
        name: value
        for name, value in os.environ.items()
        if name != "DATABASE_URL" and not name.startswith(("DATABASE_", "MOTCUA_"))
    }

    done = subprocess.run(
        (
            sys.executable,
            "tools/bench_directives.py",
            "--people",
            "2000",
            "--passes",
            "500",
            "--sizes",
            "500",
        ),
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=WITHIN_SECONDS,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert "of 200 asked about again, 200 come out as stored" in done.stdout
    assert "yes" in done.stdout
    assert "extended" in done.stdout
