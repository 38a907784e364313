"""Extensions of PostgreSQL that the platform uses, and the tables of the ledger."""

from django.contrib.postgres.operations import BtreeGistExtension, TrigramExtension, UnaccentExtension
from django.db import migrations, models

EXTENSIONS = "CREATE EXTENSION IF NOT EXISTS ltree;"

LEDGER = """
CREATE TABLE events_ledgerentry (
    agency_path text NOT NULL,
    happened_at timestamptz NOT NULL,
    lane smallint NOT NULL CHECK (lane BETWEEN 0 AND 15),
    sequence bigint NOT NULL CHECK (sequence > 0),
    name text NOT NULL,
    subject text NOT NULL,
    actor text NOT NULL,
    body jsonb NOT NULL,
    hash bytea NOT NULL CHECK (octet_length(hash) = 32),
    PRIMARY KEY (happened_at, lane, sequence)
) PARTITION BY RANGE (happened_at);
CREATE TABLE events_ledgerentry_other PARTITION OF events_ledgerentry DEFAULT;
CREATE INDEX events_ledgerentry_chain ON events_ledgerentry (lane, sequence DESC);
CREATE INDEX events_ledgerentry_subject ON events_ledgerentry (subject, happened_at);
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = ()
    operations = (
        BtreeGistExtension(),
        TrigramExtension(),
        UnaccentExtension(),
        migrations.RunSQL(EXTENSIONS, migrations.RunSQL.noop),
        migrations.RunSQL(
            LEDGER,
            "DROP TABLE events_ledgerentry",
            state_operations=[
                migrations.CreateModel(
                    name="LedgerEntry",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "happened_at",
                                "lane",
                                "sequence",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("agency_path", models.TextField()),
                        ("happened_at", models.DateTimeField()),
                        ("lane", models.SmallIntegerField()),
                        ("sequence", models.BigIntegerField()),
                        ("name", models.TextField()),
                        ("subject", models.TextField()),
                        ("actor", models.TextField()),
                        ("body", models.JSONField()),
                        ("hash", models.BinaryField()),
                    ],
                    options={"db_table": "events_ledgerentry"},
                )
            ],
        ),
        migrations.CreateModel(
            name="Checkpoint",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("taken_at", models.DateTimeField(unique=True)),
                ("heads", models.TextField()),
            ],
            options={"ordering": ("taken_at",)},
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("lane", models.SmallIntegerField()),
                ("sequence", models.BigIntegerField()),
                ("handler", models.TextField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("lane", "sequence", "handler"), name="delivery_happens_once"
                    )
                ]
            },
        ),
    )
