"""Jobs on cases."""

from datetime import UTC, datetime

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from motcua.cases.services import ask_again


@app.task(
    name="motcua.cases.ask_again",
    queue="cases",
    retry=RetryStrategy(max_attempts=20, exponential_wait=3),
)
def ask_again_for(number: str, tries: int) -> None:
    """Ask the registers again for a case that waits for one; harmless when run twice."""
    ask_again(number=number, tries=tries, now=datetime.now(UTC))
