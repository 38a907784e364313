"""The table of decisions, partitioned by month."""

from django.db import migrations, models

import motcua.agencies.fields

TABLE = """
CREATE TABLE decisions_decisionrecord (
    agency_path ltree NOT NULL,
    decided_at timestamptz NOT NULL,
    id uuid NOT NULL,
    case_number text NOT NULL,
    decided_by text NOT NULL,
    model_sha256 varchar(64) NOT NULL,
    answer text NOT NULL,
    reason_code text NOT NULL,
    rule text NOT NULL,
    facts jsonb NOT NULL,
    explanation jsonb NOT NULL,
    text_vi text NOT NULL,
    text_en text NOT NULL,
    PRIMARY KEY (decided_at, id)
) PARTITION BY RANGE (decided_at);
CREATE TABLE decisions_decisionrecord_other PARTITION OF decisions_decisionrecord DEFAULT;
CREATE INDEX decisions_decisionrecord_case ON decisions_decisionrecord (case_number, decided_at);
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = (("events", "0001_initial"),)
    operations = (
        migrations.RunSQL(
            TABLE,
            "DROP TABLE decisions_decisionrecord",
            state_operations=[
                migrations.CreateModel(
                    name="DecisionRecord",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "decided_at",
                                "id",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("id", models.UUIDField()),
                        ("agency_path", motcua.agencies.fields.LtreeField()),
                        ("decided_at", models.DateTimeField()),
                        ("case_number", models.TextField()),
                        ("decided_by", models.TextField()),
                        ("model_sha256", models.CharField(max_length=64)),
                        ("answer", models.TextField()),
                        ("reason_code", models.TextField()),
                        ("rule", models.TextField()),
                        ("facts", models.JSONField()),
                        ("explanation", models.JSONField()),
                        ("text_vi", models.TextField()),
                        ("text_en", models.TextField()),
                    ],
                    options={"db_table": "decisions_decisionrecord"},
                )
            ],
        ),
    )
