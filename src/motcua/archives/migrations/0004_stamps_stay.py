"""Time stamps stay as they are, and go with their package only."""

from django.db import migrations

STAYS = """
CREATE TRIGGER archives_stamp_unchanged BEFORE UPDATE ON archives_archivedstamp
    FOR EACH ROW EXECUTE FUNCTION archives_stays();
CREATE TRIGGER archives_stamp_two_persons BEFORE DELETE ON archives_archivedstamp
    FOR EACH ROW EXECUTE FUNCTION archives_two_persons();
"""
UNDO = """
DROP TRIGGER archives_stamp_two_persons ON archives_archivedstamp;
DROP TRIGGER archives_stamp_unchanged ON archives_archivedstamp;
"""


class Migration(migrations.Migration):
    dependencies = (("archives", "0003_stamps"),)

    operations = (migrations.RunSQL(STAYS, UNDO),)
