"""No query asks the ledger for a subject: what became of a case is told by its own tables, each with an index."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = (("events", "0003_one_index_for_the_chain"),)
    operations = (
        migrations.RunSQL(
            "DROP INDEX events_ledgerentry_subject",
            "CREATE INDEX events_ledgerentry_subject ON events_ledgerentry (subject, happened_at)",
        ),
    )
