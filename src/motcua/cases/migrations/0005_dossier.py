"""Cases that wait for their applicant, and what few entries of a history carry besides a reason."""

import django.db.models.deletion
from django.db import migrations, models

# The new list holds all of the old one; the rows that are there are read once for it.
WAITING = """
ALTER TABLE cases_case DROP CONSTRAINT case_phase_is_known;
ALTER TABLE cases_case ADD CONSTRAINT case_phase_is_known
    CHECK (phase IN ('deciding', 'silent_register', 'person', {more}'granted', 'refused', 'closed'));
DROP INDEX cases_case_queue;
CREATE INDEX cases_case_queue ON cases_case (due_at)
    WHERE phase IN ('deciding', 'silent_register', 'person'{more_open});
"""


class Migration(migrations.Migration):
    dependencies = (("cases", "0004_storage"),)
    operations = (
        migrations.RunSQL(
            WAITING.format(more="'citizen', ", more_open=", 'citizen'"),
            WAITING.format(more="", more_open=""),
            state_operations=[
                migrations.AlterField(
                    model_name="case",
                    name="phase",
                    field=models.TextField(
                        choices=[
                            ("deciding", "Đang xét"),
                            ("silent_register", "Chờ nguồn dữ liệu"),
                            ("person", "Chờ cán bộ"),
                            ("citizen", "Chờ người dân"),
                            ("granted", "Đã cấp"),
                            ("refused", "Không cấp"),
                            ("closed", "Đã khép lại"),
                        ]
                    ),
                )
            ],
        ),
        migrations.CreateModel(
            name="EntryDetails",
            fields=[
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="details",
                        serialize=False,
                        to="cases.caseentry",
                    ),
                ),
                ("until", models.DateTimeField(null=True)),
                ("corrected", models.JSONField(default=dict)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until__isnull", False),
                            models.Q(("corrected", {}), _negated=True),
                            _connector="OR",
                        ),
                        name="entry_details_say_something",
                    )
                ]
            },
        ),
    )
