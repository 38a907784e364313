"""Tables of the vault."""

import datetime
import uuid

import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("identity", "0002_service_designer"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PaperFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sha256", models.BinaryField(max_length=32, unique=True)),
                ("content_sealed", models.BinaryField()),
                ("thumbnail_sealed", models.BinaryField()),
                ("media_type", models.CharField(max_length=40)),
                ("bytes", models.PositiveIntegerField()),
                ("pages", models.PositiveIntegerField()),
                ("scanned", models.BooleanField()),
                ("kept_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("media_type__in", ("image/jpeg", "image/png", "application/pdf"))
                        ),
                        name="paper_file_of_a_checked_type",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("bytes__gt", 0)), name="paper_file_is_not_empty"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Paper",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=60)),
                ("title", models.CharField(max_length=200)),
                ("file_name", models.CharField(blank=True, max_length=120)),
                ("received_sha256", models.BinaryField(max_length=32)),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("uploaded", "Người dân tải lên"),
                            ("result", "Kết quả của hồ sơ"),
                            ("register", "Từ nguồn dữ liệu"),
                        ],
                        max_length=8,
                    ),
                ),
                ("case_number", models.CharField(blank=True, max_length=60)),
                ("register", models.CharField(blank=True, max_length=40)),
                ("as_of", models.DateField()),
                ("added_at", models.DateTimeField()),
                ("added_for", models.CharField(blank=True, max_length=60)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="identity.person"
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="papers",
                        to="vault.paperfile",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Share",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("token_sha256", models.BinaryField(max_length=32, unique=True)),
                ("for_whom", models.CharField(max_length=120)),
                ("purpose", models.CharField(max_length=200)),
                ("created_at", models.DateTimeField()),
                ("until_at", models.DateTimeField()),
                ("one_time", models.BooleanField()),
                ("opened_at", models.DateTimeField(null=True)),
                ("opened", models.PositiveIntegerField(default=0)),
                ("revoked_at", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("papers", models.ManyToManyField(related_name="shares", to="vault.paper")),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="identity.person"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Component",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("case_number", models.CharField(max_length=60)),
                ("procedure_code", models.CharField(max_length=60)),
                ("field", models.CharField(max_length=60)),
                ("kind", models.CharField(max_length=60)),
                (
                    "means",
                    models.CharField(
                        choices=[
                            ("uploaded", "Tải lên khi nộp"),
                            ("reused", "Dùng lại giấy đã có"),
                            ("data", "Dữ liệu thay giấy"),
                            ("missing", "Chưa có"),
                        ],
                        max_length=8,
                    ),
                ),
                ("fact", models.CharField(blank=True, max_length=100)),
                ("noted_at", models.DateTimeField()),
                (
                    "paper",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="components",
                        to="vault.paper",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["procedure_code", "noted_at"], name="component_of_procedure"),
                    models.Index(fields=["noted_at"], name="component_by_time"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("case_number", "field"), name="component_once_per_case"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("means__in", ("uploaded", "reused")), ("paper__isnull", False)),
                            models.Q(("means__in", ("data", "missing")), ("paper__isnull", True)),
                            _connector="OR",
                        ),
                        name="component_has_what_provides_it",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="paper",
            index=models.Index(fields=["person", "-added_at"], name="paper_of_person"),
        ),
        migrations.AddConstraint(
            model_name="paper",
            constraint=models.UniqueConstraint(fields=("person", "file"), name="paper_once_per_person"),
        ),
        migrations.AddConstraint(
            model_name="paper",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("case_number", ""), ("register", ""), ("source", "uploaded")),
                    models.Q(
                        ("register", ""), ("source", "result"), models.Q(("case_number", ""), _negated=True)
                    ),
                    models.Q(
                        ("case_number", ""), ("source", "register"), models.Q(("register", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="paper_names_its_source",
            ),
        ),
        migrations.AddIndex(
            model_name="share",
            index=models.Index(fields=["person", "-created_at"], name="share_of_person"),
        ),
        migrations.AddConstraint(
            model_name="share",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("until_at__gt", models.F("created_at")),
                    (
                        "until_at__lte",
                        django.db.models.expressions.CombinedExpression(
                            models.F("created_at"), "+", models.Value(datetime.timedelta(days=30))
                        ),
                    ),
                ),
                name="share_ends_within_thirty_days",
            ),
        ),
    ]
