import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Directive",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=40)),
                ("title_vi", models.TextField()),
                ("title_en", models.TextField()),
                ("issuer", models.TextField()),
                ("issued_on", models.DateField()),
                ("from_at", models.DateTimeField()),
                ("until_at", models.DateTimeField(null=True)),
                ("replaces", models.JSONField(default=list)),
                ("undo_within_hours", models.PositiveSmallIntegerField()),
                ("text", models.TextField()),
                ("sha256", models.CharField(max_length=64)),
                ("version", models.PositiveIntegerField(default=1)),
                ("prepared_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField(null=True)),
                ("installed_at", models.DateTimeField(null=True)),
                ("scheduled_at", models.DateTimeField(null=True)),
                ("switch_at", models.DateTimeField(null=True)),
                ("dry_run_id", models.UUIDField(null=True)),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("begun_at", models.DateTimeField(null=True)),
                ("undone_at", models.DateTimeField(null=True)),
                ("discarded_at", models.DateTimeField(null=True)),
                (
                    "changed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "discarded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "prepared_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "scheduled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "undone_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DirectiveVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("text", models.TextField()),
                ("sha256", models.CharField(max_length=64)),
                ("saved_at", models.DateTimeField()),
                (
                    "directive",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="directives.directive",
                    ),
                ),
                (
                    "saved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="LawMark",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("mark", models.UUIDField()),
                ("moved_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="law_mark_is_one")
                ],
            },
        ),
        migrations.CreateModel(
            name="Parameter",
            fields=[
                ("address", models.CharField(max_length=81, primary_key=True, serialize=False)),
                ("type", models.CharField(max_length=10)),
                ("label_vi", models.CharField(max_length=200)),
                ("label_en", models.CharField(max_length=200)),
                ("title_vi", models.CharField(max_length=200)),
                ("title_en", models.CharField(max_length=200)),
                ("allowed", models.JSONField(default=list)),
                ("minimum", models.CharField(max_length=40, null=True)),
                ("maximum", models.CharField(max_length=40, null=True)),
                ("by_place", models.BooleanField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("address__regex", "^[a-z][a-z0-9_]{1,39}\\.[a-z][a-z0-9_]{1,39}$")
                        ),
                        name="parameter_address_is_plain",
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="directive",
            constraint=models.UniqueConstraint(
                condition=models.Q(("discarded_at__isnull", True), ("undone_at__isnull", True)),
                fields=("number",),
                name="directive_number_stands_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="directive",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("prepared_by__isnull", False), ("installed_at__isnull", False), _connector="OR"
                ),
                name="directive_prepared_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="directive",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("dry_run_id__isnull", True),
                        ("scheduled_at__isnull", True),
                        ("scheduled_by__isnull", True),
                        ("switch_at__isnull", True),
                    ),
                    models.Q(
                        ("dry_run_id__isnull", False),
                        ("scheduled_at__isnull", False),
                        ("scheduled_by__isnull", False),
                        ("switch_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="directive_scheduled_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="directive",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("confirmed_at__isnull", True), ("confirmed_by__isnull", True)),
                    models.Q(
                        ("confirmed_at__isnull", False),
                        ("confirmed_by__isnull", False),
                        ("scheduled_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="directive_confirmed_after_scheduled",
            ),
        ),
        migrations.AddConstraint(
            model_name="directive",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("confirmed_by", models.F("scheduled_by")), _negated=True),
                    models.Q(("confirmed_by", models.F("prepared_by")), _negated=True),
                    models.Q(
                        ("changed_by__isnull", True),
                        models.Q(("confirmed_by", models.F("changed_by")), _negated=True),
                        _connector="OR",
                    ),
                ),
                name="directive_two_persons",
            ),
        ),
        migrations.AddConstraint(
            model_name="directive",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("begun_at__isnull", True),
                    models.Q(("begun_at__gte", models.F("switch_at")), ("confirmed_at__isnull", False)),
                    ("installed_at__isnull", False),
                    _connector="OR",
                ),
                name="directive_begins_confirmed",
            ),
        ),
        migrations.AddConstraint(
            model_name="directive",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("undone_at__isnull", True), ("undone_by__isnull", True)),
                    models.Q(
                        ("begun_at__isnull", False),
                        ("undone_at__gte", models.F("begun_at")),
                        ("undone_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="directive_undone_after_begun",
            ),
        ),
        migrations.AddConstraint(
            model_name="directive",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("discarded_at__isnull", True), ("discarded_by__isnull", True)),
                    models.Q(
                        ("begun_at__isnull", True),
                        ("discarded_at__isnull", False),
                        ("discarded_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="directive_discarded_before_begun",
            ),
        ),
        migrations.AddConstraint(
            model_name="directive",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("until_at__isnull", True), ("until_at__gt", models.F("from_at")), _connector="OR"
                ),
                name="directive_ends_after_it_begins",
            ),
        ),
        migrations.AddConstraint(
            model_name="directiveversion",
            constraint=models.UniqueConstraint(fields=("directive", "number"), name="directive_version_once"),
        ),
    ]
