"""Jobs on cases."""

from datetime import UTC, datetime

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from motcua.cases.bulk import jobs as bulk_jobs
from motcua.cases.services import ask_again

# The queue looks for an app's jobs in this module; those of bulk filing stand beside their code.
__all__ = ["ask_again_for", "bulk_jobs"]


@app.task(
    name="motcua.cases.ask_again",
    queue="cases",
    # Every minute for a day: an outage ends within minutes, and nobody should wait days for the next try.
    retry=RetryStrategy(max_attempts=1440, wait=60),
)
def ask_again_for(number: str, tries: int) -> None:
    """Ask the registers again for a case that waits for one; harmless when run twice."""
    ask_again(number=number, tries=tries, now=datetime.now(UTC))
