"""Each index costs every filing: those that another one serves, or that no query uses, go."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# A case is found by its number; with its day beside it only one month is looked into.
ONE_INDEX = """
ALTER TABLE cases_case DROP CONSTRAINT cases_case_pkey;
DROP INDEX cases_case_number;
ALTER TABLE cases_case ADD PRIMARY KEY (number, filed_on);
"""
TWO_INDEXES = """
ALTER TABLE cases_case DROP CONSTRAINT cases_case_pkey;
ALTER TABLE cases_case ADD PRIMARY KEY (filed_on, number);
CREATE INDEX cases_case_number ON cases_case (number);
"""
# Django makes a second index of a text for LIKE, which nobody asks of numbers; the first one stays under a name.
NO_LIKE = """
DROP INDEX cases_caseentry_case_number_7b9d94ad_like;
ALTER INDEX cases_caseentry_case_number_7b9d94ad RENAME TO caseentry_of_case;
"""
LIKE = """
ALTER INDEX caseentry_of_case RENAME TO cases_caseentry_case_number_7b9d94ad;
CREATE INDEX cases_caseentry_case_number_7b9d94ad_like ON cases_caseentry (case_number text_pattern_ops);
"""


class Migration(migrations.Migration):
    dependencies = (("cases", "0005_dossier"),)
    operations = (
        migrations.RunSQL(ONE_INDEX, TWO_INDEXES),
        migrations.RunSQL(
            NO_LIKE,
            LIKE,
            state_operations=[
                migrations.AlterField("caseentry", "case_number", models.TextField()),
                migrations.AddIndex(
                    "caseentry", models.Index(fields=["case_number"], name="caseentry_of_case")
                ),
            ],
        ),
        # The unique index of account and key begins with the account.
        migrations.AlterField(
            "submission",
            "account",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
    )
