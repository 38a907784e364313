"""Filing on behalf: what an officer fills in for somebody, and who filed what for whom."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import motcua.agencies.fields

CHANNELS = [
    ("counter", "Tại quầy"),
    ("online", "Trực tuyến"),
    ("post", "Bưu chính công ích"),
    ("api", "Hệ thống khác"),
]


class Migration(migrations.Migration):
    dependencies = (
        ("cases", "0006_fewer_indexes"),
        ("identity", "0002_service_designer"),
        ("procedures", "0002_texts_of_revisions"),
    )
    operations = (
        migrations.CreateModel(
            name="CounterDraft",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("procedure_code", models.TextField()),
                ("values", models.JSONField(default=dict)),
                ("papers", models.JSONField(default=list)),
                ("phone_sealed", models.BinaryField(default=b"")),
                ("channel", models.TextField(choices=CHANNELS)),
                ("arrived_on", models.DateField(null=True)),
                ("begun_at", models.DateTimeField()),
                ("saved_at", models.DateTimeField()),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="identity.person",
                    ),
                ),
                (
                    "revision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="procedures.revision",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["saved_at"], name="counter_draft_by_age")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("arrived_on__isnull", True), ("channel", "counter")),
                            models.Q(("arrived_on__isnull", False), ("channel", "post")),
                            _connector="OR",
                        ),
                        name="counter_draft_came_by_counter_or_post",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="OnBehalf",
            fields=[
                ("case_number", models.TextField(primary_key=True, serialize=False)),
                ("agency_path", motcua.agencies.fields.LtreeField()),
                ("channel", models.TextField(choices=CHANNELS)),
                ("arrived_on", models.DateField(null=True)),
                ("phone_sealed", models.BinaryField(default=b"")),
                ("filed_at", models.DateTimeField()),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["account", "-filed_at"], name="on_behalf_of_account")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("channel", "post"), ("arrived_on__isnull", True), _connector="OR"
                        ),
                        name="on_behalf_arrived_by_post",
                    )
                ],
            },
        ),
    )
