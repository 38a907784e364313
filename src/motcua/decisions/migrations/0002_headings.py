"""What facts share is kept once in a table of headings, and a decision's two indexes become one."""

from django.db import migrations, models

from motcua.decisions.facts import FactsField

# For queries over many decisions: the value of a fact as text, however the row was written; null if it has none.
FACT = """
CREATE FUNCTION decided_fact(facts jsonb, wanted text) RETURNS text LANGUAGE sql STABLE AS $function$
    SELECT CASE WHEN jsonb_typeof(facts -> 0) = 'number' THEN (
        SELECT CASE WHEN jsonb_typeof(cell) = 'array' THEN cell ->> 1 ELSE cell #>> '{}' END
        FROM public.decisions_factheading AS heading
        CROSS JOIN jsonb_array_elements(heading.content) WITH ORDINALITY AS line (named, place)
        CROSS JOIN LATERAL (SELECT facts -> 3 -> (line.place::integer - 1) AS cell) AS cells
        WHERE heading.id = (facts ->> 0)::bigint AND line.named ->> 0 = wanted LIMIT 1
    ) ELSE (
        SELECT fact ->> 'value' FROM jsonb_array_elements(facts) AS fact WHERE fact ->> 'name' = wanted LIMIT 1
    ) END
$function$;
"""
ONE_INDEX = """
ALTER TABLE decisions_decisionrecord DROP CONSTRAINT decisions_decisionrecord_pkey;
DROP INDEX decisions_decisionrecord_case;
ALTER TABLE decisions_decisionrecord ADD PRIMARY KEY (case_number, decided_at, id);
"""
TWO_INDEXES = """
ALTER TABLE decisions_decisionrecord DROP CONSTRAINT decisions_decisionrecord_pkey;
ALTER TABLE decisions_decisionrecord ADD PRIMARY KEY (decided_at, id);
CREATE INDEX decisions_decisionrecord_case ON decisions_decisionrecord (case_number, decided_at);
"""


class Migration(migrations.Migration):
    dependencies = (("decisions", "0001_initial"),)
    operations = (
        migrations.CreateModel(
            name="FactHeading",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("content", models.JSONField()),
            ],
        ),
        # The same column, read by a field of its own.
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.AlterField("decisionrecord", "facts", FactsField())]
        ),
        migrations.RunSQL(FACT, "DROP FUNCTION decided_fact(jsonb, text)"),
        migrations.RunSQL(ONE_INDEX, TWO_INDEXES),
    )
