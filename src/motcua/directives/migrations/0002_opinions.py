import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("directives", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="OpinionFigure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("measured_on", models.DateField()),
                ("source", models.CharField(max_length=200)),
                ("source_url", models.CharField(blank=True, max_length=500)),
                ("reach", models.BigIntegerField(help_text="readers or viewers counted", null=True)),
                ("against_percent", models.DecimalField(decimal_places=2, max_digits=5, null=True)),
                ("favor_percent", models.DecimalField(decimal_places=2, max_digits=5, null=True)),
                ("imported_at", models.DateTimeField()),
                (
                    "directive",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="directives.directive",
                    ),
                ),
                (
                    "imported_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("directive", "measured_on", "source"), name="opinion_once_a_day_and_source"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("reach__isnull", False),
                            ("against_percent__isnull", False),
                            ("favor_percent__isnull", False),
                            _connector="OR",
                        ),
                        name="opinion_says_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reach__isnull", True), ("reach__gte", 0), _connector="OR"),
                        name="opinion_reach_counts",
                    ),
                ],
            },
        ),
    ]
