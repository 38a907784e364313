"""The primary key of the ledger begins with lane and sequence, so that the chain needs no index of its own."""

from django.db import migrations

ONE_INDEX = """
ALTER TABLE events_ledgerentry DROP CONSTRAINT events_ledgerentry_pkey;
DROP INDEX events_ledgerentry_chain;
ALTER TABLE events_ledgerentry ADD PRIMARY KEY (lane, sequence, happened_at);
"""
TWO_INDEXES = """
ALTER TABLE events_ledgerentry DROP CONSTRAINT events_ledgerentry_pkey;
ALTER TABLE events_ledgerentry ADD PRIMARY KEY (happened_at, lane, sequence);
CREATE INDEX events_ledgerentry_chain ON events_ledgerentry (lane, sequence DESC);
"""


class Migration(migrations.Migration):
    dependencies = (("events", "0002_months_like_the_rest"),)
    operations = (migrations.RunSQL(ONE_INDEX, TWO_INDEXES),)
