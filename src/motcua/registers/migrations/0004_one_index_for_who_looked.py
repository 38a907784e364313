"""The log of who looked is read by person: its primary key begins with the person, and needs no index beside it."""

from django.db import migrations

ONE_INDEX = """
ALTER TABLE registers_access DROP CONSTRAINT registers_access_pkey;
DROP INDEX registers_access_of_person;
ALTER TABLE registers_access ADD PRIMARY KEY (person_key, asked_at, agency_path, id);
"""
TWO_INDEXES = """
ALTER TABLE registers_access DROP CONSTRAINT registers_access_pkey;
ALTER TABLE registers_access ADD PRIMARY KEY (agency_path, asked_at, id);
CREATE INDEX registers_access_of_person ON registers_access (person_key, asked_at DESC);
"""


class Migration(migrations.Migration):
    dependencies = (("registers", "0003_questions_once"),)
    operations = (migrations.RunSQL(ONE_INDEX, TWO_INDEXES),)
