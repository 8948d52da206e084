"""From here on the database itself refuses to change or delete an issued version of a template.

As `issued_papers_never_change` says: a later migration that alters this table on SQLite must make the triggers again.
"""

from django.db import migrations

TABLE = "documents_papertemplateversion"
MESSAGE = "documents: an issued version of a template never changes"


def sqlite():
    for name, act in (("kept", "UPDATE"), ("not_deleted", "DELETE")):
        yield (
            f"CREATE TRIGGER {TABLE}_{name} BEFORE {act} ON {TABLE} WHEN OLD.issued_at IS NOT NULL"
            f" BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
        )


def postgresql():
    for name, act in (("kept", "UPDATE"), ("not_deleted", "DELETE")):
        yield (
            f"CREATE TRIGGER {TABLE}_{name} BEFORE {act} ON {TABLE} FOR EACH ROW"
            " WHEN (OLD.issued_at IS NOT NULL) EXECUTE FUNCTION documents_is_kept()"
        )


def refuse_changes(_apps, schema_editor):
    run(schema_editor, {"sqlite": sqlite, "postgresql": postgresql}[schema_editor.connection.vendor]())


def allow_changes(_apps, schema_editor):
    on = "" if schema_editor.connection.vendor == "sqlite" else f" ON {TABLE}"
    run(schema_editor, [f"DROP TRIGGER IF EXISTS {TABLE}_{name}{on}" for name in ("kept", "not_deleted")])


def run(schema_editor, statements):
    with schema_editor.connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("documents", "0005_paper_templates")]

    operations = [migrations.RunPython(refuse_changes, allow_changes)]
