"""The table of cases, partitioned by month, its sequence of numbers, and the tables around it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import motcua.agencies.fields

CASES = """
CREATE SEQUENCE cases_number AS bigint MINVALUE 1 MAXVALUE 9999999 CYCLE;
CREATE TABLE cases_case (
    agency_path ltree NOT NULL,
    place_path ltree NOT NULL,
    place_code text NOT NULL,
    filed_on date NOT NULL,
    number text NOT NULL,
    filed_at timestamptz NOT NULL,
    due_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    procedure_code text NOT NULL,
    revision_id bigint NOT NULL REFERENCES procedures_revision,
    applicant_id bigint NOT NULL REFERENCES identity_person,
    account_id bigint NOT NULL REFERENCES identity_account,
    channel text NOT NULL CONSTRAINT case_channel_is_known
        CHECK (channel IN ('counter', 'online', 'post', 'api')),
    "values" jsonb NOT NULL,
    state text NOT NULL,
    phase text NOT NULL CONSTRAINT case_phase_is_known
        CHECK (phase IN ('deciding', 'silent_register', 'person', 'granted', 'refused', 'closed')),
    answer text NOT NULL DEFAULT '',
    reason_code text NOT NULL DEFAULT '',
    decided_by text NOT NULL DEFAULT '',
    objected boolean NOT NULL DEFAULT false,
    tries smallint NOT NULL DEFAULT 0,
    PRIMARY KEY (filed_on, number),
    CONSTRAINT case_number_carries_its_date
        CHECK (number ~ '^[A-Z][0-9A-Z.]*-[0-9]{8}-[0-9]{7}$'
               AND substring(number from '-([0-9]{8})-') = to_char(filed_on, 'YYYYMMDD')),
    CONSTRAINT case_due_after_filed CHECK (due_at > filed_at)
) PARTITION BY RANGE (filed_on);
CREATE TABLE cases_case_other PARTITION OF cases_case DEFAULT;
CREATE INDEX cases_case_number ON cases_case (number);
CREATE INDEX cases_case_applicant ON cases_case (applicant_id, filed_at DESC);
-- The queue: few rows are open at any time, so the index stays small however many cases there are.
CREATE INDEX cases_case_queue ON cases_case (due_at) WHERE phase IN ('deciding', 'silent_register', 'person');
CREATE INDEX cases_case_place ON cases_case USING gist (place_path);
"""
BIG_ID = ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))


def protected(to: str) -> "models.ForeignKey[models.Model, models.Model]":
    return models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=to)


class Migration(migrations.Migration):
    initial = True
    dependencies = (
        ("events", "0001_initial"),
        ("identity", "0001_initial"),
        ("procedures", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    )
    operations = (
        migrations.RunSQL(
            CASES,
            "DROP TABLE cases_case; DROP SEQUENCE cases_number",
            state_operations=[
                migrations.CreateModel(
                    name="Case",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "filed_on",
                                "number",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("agency_path", motcua.agencies.fields.LtreeField()),
                        ("place_path", motcua.agencies.fields.LtreeField()),
                        ("place_code", models.TextField()),
                        ("filed_on", models.DateField()),
                        ("number", models.TextField()),
                        ("filed_at", models.DateTimeField()),
                        ("due_at", models.DateTimeField()),
                        ("changed_at", models.DateTimeField()),
                        ("procedure_code", models.TextField()),
                        ("revision", protected("procedures.revision")),
                        ("applicant", protected("identity.person")),
                        ("account", protected(settings.AUTH_USER_MODEL)),
                        (
                            "channel",
                            models.TextField(
                                choices=[
                                    ("counter", "Tại quầy"),
                                    ("online", "Trực tuyến"),
                                    ("post", "Bưu chính công ích"),
                                    ("api", "Hệ thống khác"),
                                ]
                            ),
                        ),
                        ("values", models.JSONField()),
                        ("state", models.TextField()),
                        (
                            "phase",
                            models.TextField(
                                choices=[
                                    ("deciding", "Đang xét"),
                                    ("silent_register", "Chờ nguồn dữ liệu"),
                                    ("person", "Chờ cán bộ"),
                                    ("granted", "Đã cấp"),
                                    ("refused", "Không cấp"),
                                    ("closed", "Đã khép lại"),
                                ]
                            ),
                        ),
                        ("answer", models.TextField(blank=True)),
                        ("reason_code", models.TextField(blank=True)),
                        ("decided_by", models.TextField(blank=True)),
                        ("objected", models.BooleanField(default=False)),
                        ("tries", models.SmallIntegerField(default=0)),
                    ],
                    options={"db_table": "cases_case"},
                )
            ],
        ),
        migrations.CreateModel(
            name="CaseEntry",
            fields=[
                BIG_ID,
                ("case_number", models.TextField(db_index=True)),
                ("happened_at", models.DateTimeField()),
                ("act", models.TextField()),
                ("from_state", models.TextField(blank=True)),
                ("to_state", models.TextField()),
                ("actor", models.TextField()),
                ("reason", models.TextField(blank=True)),
            ],
            options={"ordering": ("happened_at", "id")},
        ),
        migrations.CreateModel(
            name="Submission",
            fields=[
                BIG_ID,
                ("key", models.CharField(max_length=200)),
                ("body_sha256", models.BinaryField()),
                ("case_number", models.TextField()),
                ("submitted_at", models.DateTimeField()),
                ("account", protected(settings.AUTH_USER_MODEL)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("account", "key"), name="submission_key_once_per_account"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("key", ""), _negated=True), name="submission_key_is_not_empty"
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                BIG_ID,
                ("procedure_code", models.TextField()),
                ("values", models.JSONField()),
                ("key", models.UUIDField()),
                ("saved_at", models.DateTimeField()),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("revision", protected("procedures.revision")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("account", "procedure_code"), name="draft_one_per_procedure"
                    )
                ]
            },
        ),
    )
