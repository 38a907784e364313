"""Makes the tables of the plain way; run once as the owner: ``python -m bench_live_plain.tables``."""

import os
import sys

import django
from django.db import connection
from django.utils import timezone


def make() -> None:
    """Create tables, the sequence and the lanes unless they are there, and let the application's role write."""
    from bench_live_plain.models import OURS, Lane, PlaceLaw
    from motcua.directives.law import law_at

    if Lane._meta.db_table in connection.introspection.table_names():
        return
    with connection.schema_editor() as editor:
        for model in OURS:
            editor.create_model(model)
        names = ", ".join(f'"{model._meta.db_table}"' for model in OURS)
        editor.execute("CREATE SEQUENCE plain_number")
        editor.execute(f"GRANT SELECT, INSERT, UPDATE ON {names} TO motcua_app")
        editor.execute("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO motcua_app")
    Lane.objects.bulk_create(Lane() for _ in range(16))
    law = law_at(timezone.now())
    columns = {"color": "zones.color"} | {
        name: f"limits.{name}" for name in ("opening", "days_green", "days_yellow")
    }
    values = {name: law.column(address) for name, address in columns.items()}
    PlaceLaw.objects.bulk_create(
        PlaceLaw(
            place=place,
            directive=limit.directive if limit else None,
            **{name: found.value for name, by_place in values.items() if (found := by_place[place])},
        )
        for place, limit in values["opening"].items()
    )


if __name__ == "__main__":
    os.environ["MOTCUA_DATABASE_ROLE"] = "owner"
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench_live_plain.settings"
    django.setup()
    make()
    sys.exit(0)
