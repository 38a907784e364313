"""Numbers given out first come, first served: the count of each pool, and which case got which."""

from django.db import migrations, models

# Half of each page stays free, so that the one row that everyone changes is rewritten in place (a HOT update).
ROOM = "ALTER TABLE cases_allotment SET (fillfactor = 50)"


class Migration(migrations.Migration):
    dependencies = (("cases", "0001_initial"),)
    operations = (
        migrations.CreateModel(
            name="Allotment",
            fields=[
                ("key", models.TextField(primary_key=True, serialize=False)),
                ("ceiling", models.PositiveIntegerField()),
                ("before", models.PositiveIntegerField()),
                ("taken", models.PositiveIntegerField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("before__lte", models.F("taken")))
                        & models.Q(("taken__lte", models.F("ceiling"))),
                        name="allotment_within_its_ceiling",
                    )
                ]
            },
        ),
        migrations.RunSQL(ROOM, migrations.RunSQL.noop),
        migrations.CreateModel(
            name="AllottedNumber",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "allotment_key",
                        "number",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("allotment_key", models.TextField()),
                ("number", models.PositiveIntegerField()),
                ("case_number", models.TextField(unique=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("number__gte", 1)), name="allotted_number_from_one"
                    )
                ]
            },
        ),
    )
