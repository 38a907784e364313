"""Typesets one large document in a process of its own, whose memory goes when it ends.

The compiler keeps what it has laid out for the next time; for hundreds of pages that nobody asks for again
that would be hundreds of megabytes in a worker that lives for weeks.
"""

import json
import subprocess
import sys
from datetime import datetime

from .services import render_pdf
from .values import Values


class NotTypeset(RuntimeError):
    """The process that typesets ended without a document."""


def render_apart(template: str, values: Values, *, made_at: datetime, within_seconds: float = 300) -> bytes:
    """Typeset as :func:`render_pdf` does, at the cost of starting a process; raises ``NotTypeset``."""
    asked = {
        "template": template,
        "values": values.model_dump(mode="json"),
        "made_at": made_at.isoformat(),
    }
    done = subprocess.run(
        [sys.executable, "-m", __name__],
        input=json.dumps(asked).encode(),
        capture_output=True,
        timeout=within_seconds,
        check=False,
    )
    if done.returncode != 0 or not done.stdout.startswith(b"%PDF-"):
        # Its last words name the kind of error only; the values are persons'.
        raise NotTypeset(f"{template} ended with {done.returncode}")
    return done.stdout


def main() -> int:
    """Read what is asked from standard input and write the PDF to standard output."""
    asked = json.load(sys.stdin.buffer)
    made_at = datetime.fromisoformat(asked["made_at"])
    sys.stdout.buffer.write(render_pdf(asked["template"], asked["values"], made_at=made_at))
    return 0


if __name__ == "__main__":
    sys.exit(main())
