"""From here on the database itself refuses to change a verdict, or what was judged together, once written.

Deleting stays possible: what is known of a person or household may have to go. A later migration that alters
one of the two tables on SQLite makes the table anew and loses its trigger: it must end by making it again. A
test looks whether they are there.
"""

from django.db import migrations

MESSAGE = "criteria: a verdict never changes"
TABLES = ("criteria_verdictset", "criteria_storedverdict")

SQLITE = tuple(
    f"""CREATE TRIGGER {table}_kept BEFORE UPDATE ON {table}
    BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"""
    for table in TABLES
)
SQLITE_AWAY = tuple(f"DROP TRIGGER IF EXISTS {table}_kept" for table in TABLES)
POSTGRESQL = (
    f"""CREATE FUNCTION criteria_verdict_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'restrict_violation'; END $$""",
    *(
        f"""CREATE TRIGGER {table}_kept BEFORE UPDATE ON {table}
        FOR EACH ROW EXECUTE FUNCTION criteria_verdict_is_kept()"""
        for table in TABLES
    ),
)
POSTGRESQL_AWAY = (
    *(f"DROP TRIGGER IF EXISTS {table}_kept ON {table}" for table in TABLES),
    "DROP FUNCTION IF EXISTS criteria_verdict_is_kept()",
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
    dependencies = [("criteria", "0001_stored_verdicts")]

    operations = [migrations.RunPython(refuse_changes, allow_changes)]
