"""A new month is stored as the default part of its table is: the same fillfactor, the same autovacuum."""

from importlib import import_module

from django.db import migrations

BEFORE = import_module("motcua.events.migrations.0001_initial").MONTHS
MADE = "            -- Others reach a month through its parent only"
COPY_OPTIONS = """            SELECT array_to_string(reloptions, ', ') INTO options
                FROM pg_class WHERE oid = to_regclass(parent.rest);
            IF options IS NOT NULL THEN
                EXECUTE format('ALTER TABLE public.%I SET (%s)', part, options);
            END IF;
"""
AFTER = (
    BEFORE.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
    .replace("    taken boolean;\n", "    taken boolean;\n    options text;\n")
    .replace(MADE, COPY_OPTIONS + MADE)
)


class Migration(migrations.Migration):
    dependencies = (("events", "0001_initial"),)
    operations = (migrations.RunSQL(AFTER, BEFORE.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")),)
