"""The tables of the desk, and what lets its queue and its search stay quick however many cases there are."""

import uuid

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import motcua.agencies.fields

# The queue is read in this order a page at a time: the number lets a page begin where the last one ended. The
# list of phases holds that of the queue, so that one index serves both and a filing pays for no further one.
IN_ORDER = """
DROP INDEX cases_case_queue;
CREATE INDEX cases_case_queue ON cases_case ({columns})
    WHERE phase IN ('deciding', 'silent_register', 'person', 'citizen');
"""
# An officer of one ward: the few that wait there, found without walking the queue of the city. What is decided by
# rule never comes into it.
OF_A_WARD = """
CREATE INDEX cases_case_waiting_where ON cases_case USING gist (place_path, agency_path)
    WHERE phase IN ('person', 'citizen');
"""
# What waits for another reason than its next step, an objection or a fact not known: few of many, found at once.
FOR_A_REASON = """
CREATE INDEX cases_case_waiting_why ON cases_case (due_at, number)
    WHERE phase IN ('person', 'citizen') AND (objected OR decided_by <> '');
"""
# Names as people type them, without case and accents; words of a language have no part in it, so it never changes.
NAMES = """
CREATE FUNCTION folded_name(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS
    $$ SELECT lower(public.unaccent('public.unaccent'::regdictionary, normalize($1))) $$;
CREATE INDEX identity_person_folded ON identity_person USING gin (folded_name(name) gin_trgm_ops);
"""
NO_NAMES = "DROP INDEX identity_person_folded; DROP FUNCTION folded_name(text);"


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0007_on_behalf"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("events", "0002_months_like_the_rest"),
    ]

    operations = [
        migrations.RunSQL(IN_ORDER.format(columns="due_at, number"), IN_ORDER.format(columns="due_at")),
        migrations.RunSQL(OF_A_WARD, "DROP INDEX cases_case_waiting_where"),
        migrations.RunSQL(FOR_A_REASON, "DROP INDEX cases_case_waiting_why"),
        migrations.RunSQL(NAMES, NO_NAMES),
        migrations.CreateModel(
            name="ActBatch",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("act", models.TextField()),
                ("reason", models.TextField(blank=True)),
                ("begun_at", models.DateTimeField()),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Absence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("from_at", models.DateTimeField()),
                ("until_at", models.DateTimeField()),
                ("made_at", models.DateTimeField()),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "stand_in",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("until_at__gte", models.F("from_at"))),
                        name="absence_ends_after_it_begins",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("stand_in", models.F("account")), _negated=True),
                        name="absence_another_stands_in",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=(
                            ("account", "="),
                            (
                                models.Func(
                                    models.F("from_at"),
                                    models.F("until_at"),
                                    function="tstzrange",
                                    output_field=django.contrib.postgres.fields.ranges.DateTimeRangeField(),
                                ),
                                "&&",
                            ),
                        ),
                        name="absence_once_at_a_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ActBatchItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("case_number", models.TextField()),
                ("outcome", models.TextField()),
                ("state", models.TextField(blank=True)),
                (
                    "batch",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="cases.actbatch",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("batch", "case_number"), name="act_batch_case_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Apology",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("case_number", models.TextField()),
                ("ordinal", models.PositiveSmallIntegerField()),
                ("promised_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField()),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("case_number", "ordinal"), name="apology_counted"),
                    models.CheckConstraint(
                        condition=models.Q(("promised_at__gt", models.F("sent_at"))),
                        name="apology_promises_a_day_to_come",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Assignment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("case_number", models.TextField()),
                ("filed_on", models.DateField()),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "given_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("until__isnull", True)),
                        fields=["account"],
                        name="assignment_in_hand",
                    ),
                    models.Index(fields=["case_number"], name="assignment_of_case"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until__isnull", True)),
                        fields=("case_number",),
                        name="assignment_one_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until__isnull", True), ("until__gte", models.F("since")), _connector="OR"
                        ),
                        name="assignment_ends_after_it_begins",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReasonTemplate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.UUIDField(default=uuid.uuid4)),
                ("version", models.PositiveIntegerField()),
                ("agency_path", motcua.agencies.fields.LtreeField()),
                ("procedure_code", models.TextField(blank=True)),
                ("act", models.TextField(blank=True)),
                ("title", models.CharField(max_length=80)),
                ("text", models.TextField()),
                ("written_at", models.DateTimeField()),
                ("replaced_at", models.DateTimeField(null=True)),
                (
                    "written_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("key", "version"), name="reason_template_version_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("replaced_at__isnull", True)),
                        fields=("key",),
                        name="reason_template_one_holds",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("title", ""), _negated=True), models.Q(("text", ""), _negated=True)
                        ),
                        name="reason_template_says_something",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SavedFilter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                ("query", models.CharField(max_length=400)),
                ("is_start", models.BooleanField(default=False)),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("account", "name"), name="saved_filter_name_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("is_start", True)),
                        fields=("account",),
                        name="saved_filter_one_start",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True), name="saved_filter_has_a_name"
                    ),
                ],
            },
        ),
    ]
