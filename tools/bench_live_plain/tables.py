"""Makes the tables of the plain way; run once as the owner: ``python -m bench_live_plain.tables``."""

import os
import sys

import django
from django.db import connection


def make() -> None:
    """Create tables, the sequence and the lanes unless they are there, and let the application's role write."""
    from bench_live_plain.models import OURS, Lane

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


if __name__ == "__main__":
    os.environ["MOTCUA_DATABASE_ROLE"] = "owner"
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench_live_plain.settings"
    django.setup()
    make()
    sys.exit(0)
