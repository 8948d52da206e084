"""From here on the database itself refuses to change what a version said once it was adopted.

The years of a version are left out: they are drawn from what it says, and may be drawn better.

A later migration that alters `movements_planitem` or `movements_planversion` on SQLite makes the table anew and
loses these triggers: it must end by making them again. A test looks whether they are there.
"""

from django.db import migrations

MESSAGE = "movements: an adopted version never changes"
ITEM_COLUMNS = (
    *("version_id", "kind", "key", "position", "path", "lines_json", "quote"),
    *("as_read", "content", "decision", "decision_note", "continues_id"),
)
VERSION_COLUMNS = (
    *("plan_id", "number", "replaces_id", "document_id", "written_from_id", "title", "document_number"),
    *("dated", "amendment_note", "adopted_at"),
)
IN_FORCE = "('da_duyet', 'da_thay')"


def changed(columns, unlike):
    return " OR ".join(f"OLD.{name} {unlike} NEW.{name}" for name in columns)


def is_adopted(row):
    return f"(SELECT state FROM movements_planversion WHERE id = {row}.version_id) IN {IN_FORCE}"  # noqa: S608


def wrong_state():
    """The only step out of force is that a newer version takes the place."""
    return "NEW.state <> OLD.state AND NOT (OLD.state = 'da_duyet' AND NEW.state = 'da_thay')"


ABORT = f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
SQLITE = (
    f"""CREATE TRIGGER movements_planitem_kept BEFORE UPDATE ON movements_planitem
    WHEN {is_adopted("OLD")} AND ({changed(ITEM_COLUMNS, "IS NOT")}) {ABORT}""",
    f"""CREATE TRIGGER movements_planitem_not_deleted BEFORE DELETE ON movements_planitem
    WHEN {is_adopted("OLD")} {ABORT}""",
    f"""CREATE TRIGGER movements_planversion_kept BEFORE UPDATE ON movements_planversion
    WHEN OLD.state IN {IN_FORCE}
        AND ({changed(VERSION_COLUMNS, "IS NOT")} OR ({wrong_state()})) {ABORT}""",
    f"""CREATE TRIGGER movements_planversion_not_deleted BEFORE DELETE ON movements_planversion
    WHEN OLD.state IN {IN_FORCE} {ABORT}""",
)
SQLITE_AWAY = tuple(
    f"DROP TRIGGER IF EXISTS movements_{name}"
    for name in ("planitem_kept", "planitem_not_deleted", "planversion_kept", "planversion_not_deleted")
)

POSTGRESQL = (
    f"""CREATE FUNCTION movements_version_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'restrict_violation'; END $$""",
    # A condition of a trigger may not look into another table; the function of the items does.
    f"""CREATE FUNCTION movements_item_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF {is_adopted("OLD")} THEN
            RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'restrict_violation';
        END IF;
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        RETURN NEW;
    END $$""",
    f"""CREATE TRIGGER movements_planitem_kept BEFORE UPDATE ON movements_planitem
    FOR EACH ROW WHEN ({changed(ITEM_COLUMNS, "IS DISTINCT FROM")})
    EXECUTE FUNCTION movements_item_is_kept()""",
    """CREATE TRIGGER movements_planitem_not_deleted BEFORE DELETE ON movements_planitem
    FOR EACH ROW EXECUTE FUNCTION movements_item_is_kept()""",
    f"""CREATE TRIGGER movements_planversion_kept BEFORE UPDATE ON movements_planversion
    FOR EACH ROW WHEN (OLD.state IN {IN_FORCE}
        AND ({changed(VERSION_COLUMNS, "IS DISTINCT FROM")} OR ({wrong_state()})))
    EXECUTE FUNCTION movements_version_is_kept()""",
    f"""CREATE TRIGGER movements_planversion_not_deleted BEFORE DELETE ON movements_planversion
    FOR EACH ROW WHEN (OLD.state IN {IN_FORCE}) EXECUTE FUNCTION movements_version_is_kept()""",
)
POSTGRESQL_AWAY = (
    "DROP TRIGGER IF EXISTS movements_planitem_kept ON movements_planitem",
    "DROP TRIGGER IF EXISTS movements_planitem_not_deleted ON movements_planitem",
    "DROP TRIGGER IF EXISTS movements_planversion_kept ON movements_planversion",
    "DROP TRIGGER IF EXISTS movements_planversion_not_deleted ON movements_planversion",
    "DROP FUNCTION IF EXISTS movements_item_is_kept()",
    "DROP FUNCTION IF EXISTS movements_version_is_kept()",
)


def refuse_changes(_apps, schema_editor):
    run(schema_editor, {"sqlite": SQLITE, "postgresql": POSTGRESQL})


def allow_changes(_apps, schema_editor):
    run(schema_editor, {"sqlite": SQLITE_AWAY, "postgresql": POSTGRESQL_AWAY})


def run(schema_editor, statements):
    with schema_editor.connection.cursor() as cursor:
        for statement in statements[schema_editor.connection.vendor]:
            cursor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("movements", "0005_activities_can_be_found")]

    operations = [migrations.RunPython(refuse_changes, allow_changes)]
