"""Jobs of the installation itself: work that a killed worker left half done is taken up again."""

from django.utils.module_loading import autodiscover_modules
from procrastinate import JobContext
from procrastinate.contrib.django import app

# Every app's jobs.py; found here and not when Django is set up, since nearly everything there is comes with them,
# and only a worker carries them out.
autodiscover_modules("jobs")

# A worker reports every 10 s; one that has been silent for three reports is dead.
DEAD_AFTER_SECONDS = 30.0


@app.periodic(cron="* * * * *")
@app.task(name="motcua.site.take_up_stalled_jobs", queue="housekeeping", pass_context=True)
async def take_up_stalled_jobs(context: JobContext, timestamp: int) -> None:
    """Queue again every job whose worker died with it in hand; ``timestamp`` is the scheduled second."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=DEAD_AFTER_SECONDS):
        await manager.retry_job(job)
