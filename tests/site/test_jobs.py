"""A worker knows the jobs of every app, though nobody else loads them."""

from pathlib import Path

from procrastinate.contrib.django import app

import motcua

SOURCES = Path(motcua.__file__).parent


def test_worker_knows_the_jobs_of_every_app() -> None:
    written = {
        ".".join(("motcua", *file.relative_to(SOURCES).with_suffix("").parts))
        for file in SOURCES.rglob("jobs.py")
    }

    # What a worker does before it takes the first job.
    app.perform_import_paths()

    known = {task.func.__module__ for task in app.tasks.values()}
    assert {"motcua.site.jobs", "motcua.cases.jobs", "motcua.switching.jobs"} <= written
    assert written <= known
