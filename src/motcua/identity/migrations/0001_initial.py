"""People, accounts, second factors, appointments, tokens and sign-in tries."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import motcua.agencies.fields

CONSTRAINTS = """
ALTER TABLE identity_person ADD CONSTRAINT person_key_is_a_hash CHECK (octet_length(key) = 32);
ALTER TABLE identity_api_token ADD CONSTRAINT api_token_digest_is_a_hash CHECK (octet_length(digest) = 32);
CREATE INDEX identity_appointment_places ON identity_appointment USING gist (place_path);
"""
UNDO = """
ALTER TABLE identity_person DROP CONSTRAINT person_key_is_a_hash;
ALTER TABLE identity_api_token DROP CONSTRAINT api_token_digest_is_a_hash;
DROP INDEX identity_appointment_places;
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("agencies", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Person",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.BinaryField(max_length=32, unique=True)),
                ("number_sealed", models.BinaryField()),
                ("name", models.CharField(max_length=160)),
                ("born_on", models.DateField(null=True)),
                ("sex", models.CharField(choices=[("male", "Nam"), ("female", "Nữ")], max_length=6)),
                ("recorded_at", models.DateTimeField()),
            ],
            options={
                "db_table": "identity_person",
            },
        ),
        migrations.CreateModel(
            name="SignInTries",
            fields=[
                ("key", models.BinaryField(max_length=32, primary_key=True, serialize=False)),
                ("started_at", models.DateTimeField(db_index=True)),
                ("tries", models.PositiveIntegerField()),
            ],
            options={
                "db_table": "identity_sign_in_tries",
            },
        ),
        migrations.CreateModel(
            name="Account",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "kind",
                    models.CharField(
                        choices=[("citizen", "Người dân"), ("officer", "Cán bộ"), ("system", "Hệ thống")],
                        max_length=7,
                    ),
                ),
                ("login", models.CharField(max_length=150, unique=True)),
                ("name", models.CharField(max_length=160)),
                ("issuer", models.CharField(blank=True, default="", max_length=200)),
                ("subject", models.CharField(blank=True, default="", max_length=200)),
                ("is_active", models.BooleanField(default=True)),
                ("created_at", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="accounts",
                        to="identity.person",
                    ),
                ),
            ],
            options={
                "db_table": "identity_account",
            },
        ),
        migrations.CreateModel(
            name="SecondFactor",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("secret_sealed", models.BinaryField()),
                ("last_step", models.BigIntegerField(default=0)),
                ("created_at", models.DateTimeField()),
                (
                    "account",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="second_factor",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "identity_second_factor",
            },
        ),
        migrations.CreateModel(
            name="ApiToken",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.BinaryField(max_length=32, unique=True)),
                ("label", models.CharField(max_length=120)),
                ("scope", models.CharField(max_length=200)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tokens",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "identity_api_token",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("created_at"))),
                        name="api_token_expires_after_it_begins",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("scope__regex", "^[a-z_]+( [a-z_]+)*$")),
                        name="api_token_scope_words",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Appointment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("one_stop_officer", "Cán bộ một cửa"),
                            ("specialist", "Chuyên viên"),
                            ("approver", "Người phê duyệt"),
                            ("inspector", "Người kiểm tra"),
                            ("leader", "Lãnh đạo"),
                            ("data_steward", "Quản trị dữ liệu"),
                            ("auditor", "Người giám sát"),
                        ],
                        max_length=20,
                    ),
                ),
                ("place_path", motcua.agencies.fields.LtreeField()),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appointments",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="agencies.agency"
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="agencies.post",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="agencies.team",
                    ),
                ),
            ],
            options={
                "db_table": "identity_appointment",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("account", "role", "agency", "place_path", "valid_from"),
                        name="appointment_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True),
                            ("valid_to__gte", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="appointment_ends_after_it_begins",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.UniqueConstraint(
                condition=models.Q(("issuer", ""), _negated=True),
                fields=("issuer", "subject"),
                name="account_subject_once_per_issuer",
            ),
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("kind", "citizen"),
                        models.Q(("issuer", ""), _negated=True),
                        models.Q(("subject", ""), _negated=True),
                    ),
                    models.Q(
                        models.Q(("kind", "citizen"), _negated=True),
                        ("issuer", ""),
                        ("person__isnull", True),
                        ("subject", ""),
                    ),
                    _connector="OR",
                ),
                name="account_citizens_come_from_an_issuer",
            ),
        ),
        migrations.RunSQL(CONSTRAINTS, UNDO),
    ]
