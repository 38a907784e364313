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

MONTHS = """
-- Runs as its owner, so that the application role can have months made without the right to create tables.
CREATE FUNCTION create_months(first_day date, months integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET timezone = 'UTC' AS $function$
DECLARE
    parent record;
    starts date;
    ends date;
    part text;
    taken boolean;
    grantee record;
    made integer := 0;
BEGIN
    IF months < 0 OR months > 120 THEN
        RAISE EXCEPTION 'between 0 and 120 months can be made at once, not %', months;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('create_months'));
    FOR parent IN
        SELECT c.relname AS name, a.attname AS moment, p.partdefid::regclass::text AS rest
        FROM pg_partitioned_table p
        JOIN pg_class c ON c.oid = p.partrelid
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = p.partattrs[0]
        WHERE c.relnamespace = 'public'::regnamespace AND p.partstrat = 'r' ORDER BY 1
    LOOP
        FOR ahead IN 0 .. months - 1 LOOP
            starts := (date_trunc('month', first_day) + make_interval(months => ahead))::date;
            ends := (starts + interval '1 month')::date;
            part := format('%s_%s', parent.name, to_char(starts, 'YYYYMM'));
            CONTINUE WHEN to_regclass(format('public.%I', part)) IS NOT NULL;
            -- Rows of a month that came before its partition stay in the default one, where they are found as well.
            EXECUTE format('SELECT EXISTS (SELECT 1 FROM %s WHERE %I >= %L AND %I < %L)',
                parent.rest, parent.moment, starts, parent.moment, ends) INTO taken;
            CONTINUE WHEN taken;
            EXECUTE format('CREATE TABLE public.%I PARTITION OF public.%I FOR VALUES FROM (%L) TO (%L)',
                part, parent.name, starts, ends);
            -- Others reach a month through its parent only: a grant on the part would go round the ledger's guard.
            FOR grantee IN
                SELECT DISTINCT pg_get_userbyid(acl.grantee) AS name
                FROM pg_class c, aclexplode(c.relacl) acl
                WHERE c.relname = part AND acl.grantee NOT IN (0, c.relowner)
            LOOP
                EXECUTE format('REVOKE ALL ON public.%I FROM %I', part, grantee.name);
            END LOOP;
            made := made + 1;
        END LOOP;
    END LOOP;
    RETURN made;
END
$function$;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = ()
    operations = (
        BtreeGistExtension(),
        TrigramExtension(),
        UnaccentExtension(),
        migrations.RunSQL(EXTENSIONS, migrations.RunSQL.noop),
        migrations.RunSQL(MONTHS, "DROP FUNCTION create_months(date, integer)"),
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
