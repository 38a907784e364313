"""Tables of the registers app; the access log is partitioned by month, created ahead by a function."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

ACCESS_SQL = """
CREATE TABLE registers_access (
    agency_path text NOT NULL,
    asked_at timestamptz NOT NULL,
    id uuid NOT NULL,
    person_key bytea NOT NULL CONSTRAINT registers_access_person_is_a_key CHECK (octet_length(person_key) = 32),
    asker_kind varchar(10) NOT NULL CONSTRAINT registers_access_asker CHECK (asker_kind IN ('machine', 'account')),
    asker_reference varchar(100) NOT NULL,
    asker_label varchar(200) NOT NULL,
    purpose varchar(60) NOT NULL CONSTRAINT registers_access_has_a_purpose CHECK (purpose <> ''),
    case_number varchar(60) NOT NULL,
    register varchar(40) NOT NULL,
    fact varchar(100) NOT NULL,
    columns jsonb NOT NULL,
    PRIMARY KEY (agency_path, asked_at, id)
) PARTITION BY RANGE (asked_at);
CREATE INDEX registers_access_of_person ON registers_access (person_key, asked_at DESC);
CREATE TABLE registers_access_other PARTITION OF registers_access DEFAULT;
"""

ACCESS_FIELDS: list[tuple[str, "models.Field[object, object]"]] = [
    ("agency_path", models.TextField()),
    ("asked_at", models.DateTimeField()),
    ("id", models.UUIDField(default=uuid.uuid4)),
    (
        "pk",
        models.CompositePrimaryKey(
            "agency_path", "asked_at", "id", blank=True, editable=False, primary_key=True, serialize=False
        ),
    ),
    ("person_key", models.BinaryField(max_length=32)),
    ("asker_kind", models.CharField(max_length=10)),
    ("asker_reference", models.CharField(max_length=100)),
    ("asker_label", models.CharField(max_length=200)),
    ("purpose", models.CharField(max_length=60)),
    ("case_number", models.CharField(max_length=60, blank=True)),
    ("register", models.CharField(max_length=40)),
    ("fact", models.CharField(max_length=100)),
    ("columns", models.JSONField()),
]


class Migration(migrations.Migration):
    initial = True
    dependencies = [("events", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="Register",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=40, unique=True)),
                ("title_vi", models.CharField(max_length=200)),
                ("title_en", models.CharField(max_length=200)),
                ("owner", models.CharField(max_length=100)),
                ("source", models.CharField(max_length=20)),
                ("declaration", models.JSONField()),
                ("declared_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("name__regex", "^[a-z][a-z0-9_]{1,39}$")),
                        name="register_name_is_plain",
                    )
                ]
            },
        ),
        migrations.CreateModel(
            name="RegisterLoad",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("as_of", models.DateTimeField()),
                ("loaded_at", models.DateTimeField()),
                ("file_name", models.CharField(max_length=200)),
                ("sha256", models.CharField(max_length=64)),
                ("rows", models.PositiveBigIntegerField()),
                ("rejected", models.PositiveBigIntegerField()),
                ("refusals", models.JSONField(default=list)),
                (
                    "register",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="loads",
                        to="registers.register",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("as_of__lte", models.F("loaded_at"))),
                        name="register_load_not_from_the_future",
                    )
                ]
            },
        ),
        migrations.AddField(
            model_name="register",
            name="current_load",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="registers.registerload",
            ),
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    ACCESS_SQL,
                    "DROP TABLE registers_access",
                )
            ],
            state_operations=[
                migrations.CreateModel(
                    name="RegisterAccess", fields=ACCESS_FIELDS, options={"db_table": "registers_access"}
                )
            ],
        ),
    ]
