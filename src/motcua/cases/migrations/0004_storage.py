"""How the growing tables are stored, on purpose: room for changes where rows change, vacuum by rows written."""

from django.db import migrations

# An officer's act changes state, phase, answer and times of a case: a tenth of each page is left for that, so that
# the new version finds room beside the old one. Its statistics steer the queue and are renewed more often.
CASES = "fillfactor = 90, autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.02"
# Rows that never change: pages are filled. Vacuum only marks them visible and frozen, every 200,000 rows however
# large the table is; by share alone it would come ever later and then have ever more to do at once.
APPENDED = "autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 200000"
# Jobs come and go by the thousand: what is dead is cleared before a scan for the next job has to step over it.
JOBS = "autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 500, fillfactor = 80"

STORED = (
    ("cases_case", CASES),
    ("cases_submission", APPENDED),
    ("cases_caseentry", APPENDED),
    ("decisions_decisionrecord", APPENDED),
    ("events_ledgerentry", APPENDED),
    ("registers_access", APPENDED),
    ("procrastinate_jobs", JOBS),
)
# Options belong to the parts: a partitioned table itself stores nothing.
SET = """
DO $$
DECLARE part regclass;
BEGIN
    FOR part IN
        SELECT relid FROM pg_partition_tree('{table}') WHERE isleaf
    LOOP
        EXECUTE format('ALTER TABLE %s SET ({options})', part);
    END LOOP;
END $$;
"""
RESET = SET.replace("SET ({options})", "RESET ({options})")


def names_of(options: str) -> str:
    return ", ".join(option.split(" = ")[0] for option in options.split(", "))


class Migration(migrations.Migration):
    dependencies = (
        ("cases", "0003_bulk"),
        ("decisions", "0001_initial"),
        ("events", "0002_months_like_the_rest"),
        ("registers", "0001_initial"),
        ("procrastinate", "0001_initial"),
    )
    operations = tuple(
        migrations.RunSQL(
            SET.format(table=table, options=options), RESET.format(table=table, options=names_of(options))
        )
        for table, options in STORED
    )
