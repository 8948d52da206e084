"""From here on the database itself refuses to change a published ranking of a group.

Only that and why one was withdrawn may be written, once. Deleting stays possible. A later migration that alters
the table on SQLite makes it anew and loses the triggers: it must end by making them again. A test looks whether
they are there.
"""

from django.db import migrations

MESSAGE = "awards: a published ranking never changes"
TABLE = "awards_seasonpublication"
FROZEN = "season_id, number, content, sha256, published_at, published_by_id"

SQLITE = (
    f"""CREATE TRIGGER {TABLE}_kept BEFORE UPDATE OF {FROZEN} ON {TABLE}
    BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END""",
    f"""CREATE TRIGGER {TABLE}_withdrawn_once BEFORE UPDATE ON {TABLE}
    WHEN OLD.withdrawn_at IS NOT NULL
    BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END""",
)
SQLITE_AWAY = (f"DROP TRIGGER IF EXISTS {TABLE}_kept", f"DROP TRIGGER IF EXISTS {TABLE}_withdrawn_once")
POSTGRESQL = (
    f"""CREATE FUNCTION awards_ranking_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'restrict_violation'; END $$""",
    f"""CREATE TRIGGER {TABLE}_kept BEFORE UPDATE OF {FROZEN} ON {TABLE}
    FOR EACH ROW EXECUTE FUNCTION awards_ranking_is_kept()""",
    f"""CREATE TRIGGER {TABLE}_withdrawn_once BEFORE UPDATE ON {TABLE}
    FOR EACH ROW WHEN (OLD.withdrawn_at IS NOT NULL) EXECUTE FUNCTION awards_ranking_is_kept()""",
)
POSTGRESQL_AWAY = (
    f"DROP TRIGGER IF EXISTS {TABLE}_kept ON {TABLE}",
    f"DROP TRIGGER IF EXISTS {TABLE}_withdrawn_once ON {TABLE}",
    "DROP FUNCTION IF EXISTS awards_ranking_is_kept()",
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
    dependencies = [("awards", "0009_scoring_in_groups")]

    operations = [migrations.RunPython(refuse_changes, allow_changes)]
