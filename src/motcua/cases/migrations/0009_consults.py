"""What is asked of other agencies, who may read a case that another agency has, and what was found out."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import motcua.agencies.fields

WAITS = models.Q(("answered_at__isnull", True), ("taken_back_at__isnull", True))


class Migration(migrations.Migration):
    dependencies = (
        ("cases", "0008_desk"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    )
    operations = (
        migrations.AddField("entrydetails", "findings", models.JSONField(db_default={}, default=dict)),
        migrations.RemoveConstraint("entrydetails", "entry_details_say_something"),
        migrations.AddConstraint(
            "entrydetails",
            models.CheckConstraint(
                condition=models.Q(
                    ("until__isnull", False),
                    models.Q(("corrected", {}), _negated=True),
                    models.Q(("findings", {}), _negated=True),
                    _connector="OR",
                ),
                name="entry_details_say_something",
            ),
        ),
        migrations.CreateModel(
            name="CaseSight",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("case_number", models.TextField()),
                ("agency_path", motcua.agencies.fields.LtreeField()),
                ("place_path", motcua.agencies.fields.LtreeField()),
                ("since", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("case_number", "agency_path"), name="case_sight_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Consultation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("case_number", models.TextField()),
                ("code", models.TextField()),
                ("agency_code", models.TextField()),
                ("agency_path", motcua.agencies.fields.LtreeField()),
                ("place_path", motcua.agencies.fields.LtreeField()),
                ("asked_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(null=True)),
                ("entry_id", models.BigIntegerField(null=True)),
                ("taken_back_at", models.DateTimeField(null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["case_number"], name="consultation_of_case"),
                    models.Index(condition=WAITS, fields=["due_at"], name="consultation_waiting"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=WAITS, fields=("case_number", "code"), name="consultation_open_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("answered_at__isnull", True),
                                ("answered_by__isnull", True),
                                ("entry_id__isnull", True),
                            ),
                            models.Q(
                                ("answered_at__isnull", False),
                                ("answered_by__isnull", False),
                                ("entry_id__isnull", False),
                                ("taken_back_at__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="consultation_answered_by_somebody",
                    ),
                ],
            },
        ),
    )
