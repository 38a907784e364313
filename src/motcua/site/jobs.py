"""Jobs of the installation itself: work that a killed worker left half done is taken up again."""

from procrastinate import JobContext
from procrastinate.contrib.django import app

# A worker reports every 10 s; one that has been silent for three reports is dead.
DEAD_AFTER_SECONDS = 30.0


@app.periodic(cron="* * * * *")
@app.task(name="motcua.site.take_up_stalled_jobs", queue="housekeeping", pass_context=True)
async def take_up_stalled_jobs(context: JobContext, timestamp: int) -> None:
    """Queue again every job whose worker died with it in hand; ``timestamp`` is the scheduled second."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=DEAD_AFTER_SECONDS):
        await manager.retry_job(job)
