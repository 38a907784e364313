"""Somebody who holds a link that the person gave may look as well: neither a machine nor an account of ours."""

from django.db import migrations

# Not validated: every row so far obeys the narrower rule, and reading them all would hold up whoever writes.
WIDER = """
ALTER TABLE registers_access DROP CONSTRAINT registers_access_asker;
ALTER TABLE registers_access ADD CONSTRAINT registers_access_asker
    CHECK (asker_kind IN ('machine', 'account', 'link')) NOT VALID;
"""
NARROWER = """
ALTER TABLE registers_access DROP CONSTRAINT registers_access_asker;
ALTER TABLE registers_access ADD CONSTRAINT registers_access_asker
    CHECK (asker_kind IN ('machine', 'account')) NOT VALID;
"""


class Migration(migrations.Migration):
    dependencies = [("registers", "0001_initial")]
    operations = [migrations.RunSQL(WIDER, NARROWER)]
