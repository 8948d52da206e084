"""From here on the database itself refuses to change or delete a row of the log.

A later migration that alters `audit_entry` on SQLite makes the table anew and loses these triggers: it must
end by making them again. `thidua audit verify` and a test look whether they are there.
"""

from django.db import migrations

MESSAGE = "audit_entry: the log is append-only"

#: On SQLite `INSERT OR REPLACE` deletes without asking the delete trigger: hence the third one.
SQLITE = (
    f"""CREATE TRIGGER audit_entry_no_update BEFORE UPDATE ON audit_entry
    BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END""",
    f"""CREATE TRIGGER audit_entry_no_delete BEFORE DELETE ON audit_entry
    BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END""",
    f"""CREATE TRIGGER audit_entry_no_replace BEFORE INSERT ON audit_entry
    WHEN EXISTS (SELECT 1 FROM audit_entry WHERE number = NEW.number)
        OR EXISTS (SELECT 1 FROM audit_entry WHERE hash = NEW.hash)
        OR EXISTS (SELECT 1 FROM audit_entry WHERE id = NEW.id)
    BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END""",  # noqa: S608 - our own words
)
SQLITE_AWAY = tuple(f"DROP TRIGGER IF EXISTS audit_entry_no_{act}" for act in ("update", "delete", "replace"))

POSTGRESQL = (
    f"""CREATE FUNCTION audit_entry_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'restrict_violation'; END $$""",
    """CREATE TRIGGER audit_entry_no_change BEFORE UPDATE OR DELETE ON audit_entry
    FOR EACH ROW EXECUTE FUNCTION audit_entry_is_kept()""",
    """CREATE TRIGGER audit_entry_no_truncate BEFORE TRUNCATE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_is_kept()""",
)
POSTGRESQL_AWAY = (
    "DROP TRIGGER IF EXISTS audit_entry_no_truncate ON audit_entry",
    "DROP TRIGGER IF EXISTS audit_entry_no_change ON audit_entry",
    "DROP FUNCTION IF EXISTS audit_entry_is_kept()",
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
    dependencies = [("audit", "0002_search_and_checks")]

    operations = [migrations.RunPython(refuse_changes, allow_changes)]
