"""What the database itself holds: rows of the archive stay, a package goes only by the decision of a second person."""

from django.db import migrations

STAYS = """
CREATE FUNCTION archives_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what the archive has noted in % stays as it is', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER archives_dossier_stays BEFORE UPDATE OR DELETE ON archives_archiveddossier
    FOR EACH ROW EXECUTE FUNCTION archives_stays();
CREATE TRIGGER archives_package_unchanged BEFORE UPDATE ON archives_archivedpackage
    FOR EACH ROW EXECUTE FUNCTION archives_stays();
CREATE TRIGGER archives_item_stays BEFORE UPDATE OR DELETE ON archives_destructionitem
    FOR EACH ROW EXECUTE FUNCTION archives_stays();
CREATE TRIGGER archives_destruction_kept BEFORE DELETE ON archives_destruction
    FOR EACH ROW EXECUTE FUNCTION archives_stays();
CREATE TRIGGER archives_destruction_decided BEFORE UPDATE ON archives_destruction
    FOR EACH ROW WHEN (OLD.outcome <> '') EXECUTE FUNCTION archives_stays();

CREATE FUNCTION archives_two_persons() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM archives_destructionitem item
        JOIN archives_destruction destruction ON destruction.id = item.destruction_id
        JOIN archives_archiveddossier dossier ON dossier.id = item.dossier_id
        WHERE item.dossier_id = OLD.dossier_id AND destruction.outcome = 'destroyed'
        AND destruction.decided_by_id <> destruction.proposed_by_id
        AND dossier.keep_until < (destruction.decided_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date
    ) THEN
        RAISE EXCEPTION 'package % goes only past its term and when a second person has decided so', OLD.dossier_id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN OLD;
END
$$;
CREATE TRIGGER archives_package_two_persons BEFORE DELETE ON archives_archivedpackage
    FOR EACH ROW EXECUTE FUNCTION archives_two_persons();

CREATE FUNCTION archives_list_is_closed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM archives_destruction WHERE id = NEW.destruction_id AND outcome <> '') THEN
        RAISE EXCEPTION 'destruction % is decided: nothing is added to its list', NEW.destruction_id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER archives_list_is_closed BEFORE INSERT ON archives_destructionitem
    FOR EACH ROW EXECUTE FUNCTION archives_list_is_closed();
"""
UNDO = """
DROP TRIGGER archives_list_is_closed ON archives_destructionitem;
DROP TRIGGER archives_package_two_persons ON archives_archivedpackage;
DROP TRIGGER archives_destruction_decided ON archives_destruction;
DROP TRIGGER archives_destruction_kept ON archives_destruction;
DROP TRIGGER archives_item_stays ON archives_destructionitem;
DROP TRIGGER archives_package_unchanged ON archives_archivedpackage;
DROP TRIGGER archives_dossier_stays ON archives_archiveddossier;
DROP FUNCTION archives_list_is_closed();
DROP FUNCTION archives_two_persons();
DROP FUNCTION archives_stays();
"""


class Migration(migrations.Migration):
    dependencies = (("archives", "0001_initial"),)

    operations = (migrations.RunSQL(STAYS, UNDO),)
