"""What people granted is found by service and state: the few that wait for a seal or for who collects them."""

from django.db import migrations

# What rules granted has no part in it, so that a filing pays nothing for it.
BY_STATE = """
CREATE INDEX cases_case_given_by_people ON cases_case (procedure_code, state, changed_at)
    WHERE phase = 'granted' AND decided_by <> '' AND decided_by <> 'machine';
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0009_consults")]

    operations = [migrations.RunSQL(BY_STATE, "DROP INDEX cases_case_given_by_people")]
