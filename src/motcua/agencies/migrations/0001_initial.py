"""Places with lineage, agencies, posts and teams."""

import django.db.models.deletion
from django.db import migrations, models

import motcua.agencies.fields

# Ranges are half open: the day on which one place ends is the first day of its heir.
CONSTRAINTS = """
ALTER TABLE agencies_place
    ADD CONSTRAINT place_code_once_at_a_time
        EXCLUDE USING gist (code WITH =, daterange(valid_from, valid_to, '[)') WITH &&),
    ADD CONSTRAINT place_path_once_at_a_time
        EXCLUDE USING gist ((path::text) WITH =, daterange(valid_from, valid_to, '[)') WITH &&);
CREATE INDEX agencies_place_path ON agencies_place USING gist (path);
CREATE INDEX agencies_place_name ON agencies_place USING gin (name_folded gin_trgm_ops);
CREATE INDEX agencies_agency_tree ON agencies_agency USING gist (path);
"""
UNDO = """
ALTER TABLE agencies_place DROP CONSTRAINT place_code_once_at_a_time, DROP CONSTRAINT place_path_once_at_a_time;
DROP INDEX agencies_place_path, agencies_place_name, agencies_agency_tree;
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("events", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Agency",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=40, unique=True)),
                ("name", models.CharField(max_length=160)),
                ("name_en", models.CharField(max_length=160)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("city", "Ủy ban nhân dân thành phố"),
                            ("department", "Sở, ban, ngành"),
                            ("commune", "Ủy ban nhân dân phường, xã, đặc khu"),
                            ("service_centre", "Trung tâm phục vụ hành chính công"),
                            ("inspection", "Lực lượng kiểm soát"),
                        ],
                        max_length=20,
                    ),
                ),
                ("path", motcua.agencies.fields.LtreeField(unique=True)),
                ("place_path", motcua.agencies.fields.LtreeField()),
            ],
            options={
                "db_table": "agencies_agency",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[a-z][a-z0-9_]*$")), name="agency_code_plain"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Place",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=5)),
                ("name", models.CharField(max_length=120)),
                ("short_name", models.CharField(max_length=120)),
                ("name_folded", models.CharField(max_length=120)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("province", "Tỉnh"),
                            ("city", "Thành phố trực thuộc trung ương"),
                            ("urban_district", "Quận"),
                            ("rural_district", "Huyện"),
                            ("district_town", "Thị xã"),
                            ("provincial_city", "Thành phố thuộc tỉnh"),
                            ("ward", "Phường"),
                            ("commune", "Xã"),
                            ("township", "Thị trấn"),
                            ("special_zone", "Đặc khu"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "tier",
                    models.CharField(
                        choices=[("province", "Cấp tỉnh"), ("district", "Cấp huyện"), ("commune", "Cấp xã")],
                        max_length=10,
                    ),
                ),
                ("path", motcua.agencies.fields.LtreeField()),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                ("latitude", models.DecimalField(decimal_places=4, max_digits=7, null=True)),
                ("longitude", models.DecimalField(decimal_places=4, max_digits=8, null=True)),
                ("area_km2", models.DecimalField(decimal_places=2, max_digits=9, null=True)),
                (
                    "parent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="agencies.place",
                    ),
                ),
            ],
            options={
                "db_table": "agencies_place",
            },
        ),
        migrations.CreateModel(
            name="PlaceSuccession",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(choices=[("whole", "Toàn bộ"), ("part", "Một phần")], max_length=5),
                ),
                (
                    "new",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="forebears",
                        to="agencies.place",
                    ),
                ),
                (
                    "old",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="heirs", to="agencies.place"
                    ),
                ),
            ],
            options={
                "db_table": "agencies_place_succession",
            },
        ),
        migrations.CreateModel(
            name="Post",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=120)),
                ("title_en", models.CharField(max_length=120)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="posts",
                        to="agencies.agency",
                    ),
                ),
            ],
            options={
                "db_table": "agencies_post",
            },
        ),
        migrations.CreateModel(
            name="Team",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=40)),
                ("name", models.CharField(max_length=120)),
                ("place_path", motcua.agencies.fields.LtreeField()),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="teams",
                        to="agencies.agency",
                    ),
                ),
            ],
            options={
                "db_table": "agencies_team",
            },
        ),
        migrations.AddConstraint(
            model_name="place",
            constraint=models.UniqueConstraint(fields=("code", "valid_from"), name="place_code_from"),
        ),
        migrations.AddConstraint(
            model_name="place",
            constraint=models.CheckConstraint(
                condition=models.Q(("code__regex", "^[0-9]{2,5}$")), name="place_code_digits"
            ),
        ),
        migrations.AddConstraint(
            model_name="place",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to__isnull", True), ("valid_to__gt", models.F("valid_from")), _connector="OR"
                ),
                name="place_ends_after_it_begins",
            ),
        ),
        migrations.AddConstraint(
            model_name="placesuccession",
            constraint=models.UniqueConstraint(fields=("old", "new"), name="succession_once"),
        ),
        migrations.AddConstraint(
            model_name="placesuccession",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "whole")), fields=("old",), name="succession_whole_has_one_heir"
            ),
        ),
        migrations.AddConstraint(
            model_name="placesuccession",
            constraint=models.CheckConstraint(
                condition=models.Q(("old", models.F("new")), _negated=True),
                name="succession_to_another_place",
            ),
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.UniqueConstraint(fields=("agency", "title"), name="post_title_once_in_agency"),
        ),
        migrations.AddConstraint(
            model_name="team",
            constraint=models.UniqueConstraint(fields=("agency", "code"), name="team_code_once_in_agency"),
        ),
        migrations.RunSQL(CONSTRAINTS, UNDO),
    ]
