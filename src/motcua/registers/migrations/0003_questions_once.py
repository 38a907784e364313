"""A machine that asks many questions about a person leaves one row; what it asks is kept once for all."""

import django.db.models.deletion
from django.db import migrations, models

# Not validated: every row so far names its register, and reading them all would hold up whoever writes.
NAMED = """
ALTER TABLE registers_access ADD COLUMN questions_id bigint;
ALTER TABLE registers_access ADD CONSTRAINT registers_access_names_what_was_asked
    CHECK (questions_id IS NOT NULL OR register <> '') NOT VALID;
"""
UNNAMED = """
ALTER TABLE registers_access DROP CONSTRAINT registers_access_names_what_was_asked;
ALTER TABLE registers_access DROP COLUMN questions_id;
"""


class Migration(migrations.Migration):
    dependencies = (("registers", "0002_asked_by_link"),)
    operations = (
        migrations.CreateModel(
            name="QuestionList",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("content", models.JSONField()),
            ],
        ),
        migrations.RunSQL(
            NAMED,
            UNNAMED,
            state_operations=[
                migrations.AddField(
                    "registeraccess",
                    "questions",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="registers.questionlist",
                    ),
                )
            ],
        ),
    )
