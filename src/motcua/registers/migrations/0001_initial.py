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

-- Runs as its owner, so that the application role can have months made without the right to create tables.
CREATE FUNCTION registers_access_create_months(first_day date, months integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $function$
DECLARE
    starts date;
    ends date;
    made integer := 0;
BEGIN
    IF months < 0 OR months > 120 THEN
        RAISE EXCEPTION 'between 0 and 120 months can be made at once, not %', months;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('registers_access_create_months'));
    FOR ahead IN 0 .. months - 1 LOOP
        starts := (date_trunc('month', first_day) + make_interval(months => ahead))::date;
        ends := (starts + interval '1 month')::date;
        CONTINUE WHEN to_regclass(format('public.registers_access_%s', to_char(starts, 'YYYYMM'))) IS NOT NULL;
        -- Rows of a month that came before its partition stay in the default one, where they are found as well.
        CONTINUE WHEN EXISTS (
            SELECT 1 FROM public.registers_access_other
            WHERE asked_at >= starts::timestamp AT TIME ZONE 'UTC' AND asked_at < ends::timestamp AT TIME ZONE 'UTC'
        );
        EXECUTE format(
            'CREATE TABLE public.registers_access_%s PARTITION OF public.registers_access FOR VALUES FROM (%L) TO (%L)',
            to_char(starts, 'YYYYMM'), starts || ' 00:00+00', ends || ' 00:00+00'
        );
        made := made + 1;
    END LOOP;
    RETURN made;
END
$function$;
SELECT registers_access_create_months((now() - interval '1 month')::date, 15);
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
    dependencies = []
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
                    "DROP TABLE registers_access; DROP FUNCTION registers_access_create_months(date, integer);",
                )
            ],
            state_operations=[
                migrations.CreateModel(
                    name="RegisterAccess", fields=ACCESS_FIELDS, options={"db_table": "registers_access"}
                )
            ],
        ),
    ]
