"""Jobs on cases."""

from datetime import UTC, datetime

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from motcua.cases.bulk import jobs as bulk_jobs
from motcua.cases.charging import ask_fees_of_new_case
from motcua.cases.counter import jobs as counter_jobs
from motcua.cases.following import follow_every_service, follow_on
from motcua.cases.services import ask_again
from motcua.cases.services.paid import go_on_when_paid

# The queue looks for an app's jobs in this module; those of bulk filing and of the counter stand beside their code.
__all__ = [
    "ask_again_for",
    "ask_fees",
    "bulk_jobs",
    "counter_jobs",
    "follow",
    "follow_at_turn_of_day",
    "go_on",
]


@app.task(
    name="motcua.cases.ask_again",
    queue="cases",
    # Every minute for a day: an outage ends within minutes, and nobody should wait days for the next try.
    retry=RetryStrategy(max_attempts=1440, wait=60),
)
def ask_again_for(number: str, tries: int) -> None:
    """Ask the registers again for a case that waits for one; harmless when run twice."""
    ask_again(number=number, tries=tries, now=datetime.now(UTC))


@app.task(
    name="motcua.cases.follow",
    queue="cases",
    retry=RetryStrategy(max_attempts=60, wait=60),
)
def follow(procedure_code: str, after: str) -> None:
    """Decide anew the next part of what a service has given, and queue the one after it; harmless when run twice."""
    follow_on(procedure_code=procedure_code, after=after, now=datetime.now(UTC))


# Five minutes past midnight in the city.
@app.periodic(cron="5 17 * * *")
@app.task(name="motcua.cases.follow_at_turn_of_day", queue="cases")
def follow_at_turn_of_day(timestamp: int) -> None:
    """Begin with every service that follows its facts; ``timestamp`` is the scheduled second."""
    follow_every_service()


@app.task(
    name="motcua.cases.ask_fees",
    queue="cases",
    retry=RetryStrategy(max_attempts=1440, wait=60),
)
def ask_fees(number: str) -> None:
    """Ask a new case to pay what its service's schedule says; harmless when run twice."""
    ask_fees_of_new_case(number=number, now=datetime.now(UTC))


@app.task(
    name="motcua.cases.go_on_when_paid",
    queue="cases",
    retry=RetryStrategy(max_attempts=1440, wait=60),
)
def go_on(number: str) -> None:
    """Move a case that owes nothing on from where it waits for payment; harmless when run twice."""
    go_on_when_paid(number=number, now=datetime.now(UTC))
