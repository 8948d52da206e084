"""From here on the database itself refuses to change an issued paper, a given number, a copy, an arrival.

An issued paper may only be recalled, and put into a file of work. A number may only be cancelled, once.

A later migration that alters one of these tables on SQLite makes it anew and loses its triggers: it must end
by making them again. `papers.protection` and a test look whether they are there.
"""

from django.db import migrations

MESSAGE = "documents: what was issued, numbered or registered never changes"
PAPER_COLUMNS = (
    *("unit_id", "drafting_unit_id", "kind", "symbol", "title", "description_json", "template"),
    *("facts_json", "about_type", "about_id", "edition", "drafted_by_id", "drafted_at", "reviewed_at"),
    *("signed_how", "signed_at", "signed_by_id", "signed_file_id", "given_id", "issued_at"),
    *("issued_file_id", "names_id", "relation"),
)
NUMBER_COLUMNS = (
    *("book_id", "order", "suffix", "text", "symbol", "dated", "label", "reason", "given_at", "given_by_id"),
)
COPY_COLUMNS = (
    *("unit_id", "form", "given_id", "paper_id", "incoming_id", "of_copy_id", "extract", "recipients"),
    *("file_id", "made_at", "made_by_id"),
)
ARRIVAL_COLUMNS = ("unit_id", "given_id", "arrived_on", "file_id", "registered_at", "registered_by_id")
FINAL = "('da_phat_hanh', 'thu_hoi')"


def changed(columns, unlike):
    return " OR ".join(f'OLD."{name}" {unlike} NEW."{name}"' for name in columns)


#: Out of issued leads only the recall, and a recall stays as it is.
PAPER_STATE = (
    "(NEW.state <> OLD.state AND NOT (OLD.state = 'da_phat_hanh' AND NEW.state = 'thu_hoi'))"
    " OR (OLD.recalled_at IS NOT NULL AND ({unlike_at} OR {unlike_by}))"
)


def paper_state(unlike):
    return PAPER_STATE.format(
        unlike_at=f"OLD.recalled_at {unlike} NEW.recalled_at",
        unlike_by=f"OLD.recalled_by_id {unlike} NEW.recalled_by_id",
    )


def number_cancelled_twice(unlike):
    return (
        f"OLD.cancelled_at IS NOT NULL AND (OLD.cancelled_at {unlike} NEW.cancelled_at"
        f" OR OLD.cancel_reason {unlike} NEW.cancel_reason)"
    )


def conditions(unlike):
    """Name of the trigger → table, act, when it refuses."""
    return {
        "documents_outgoingpaper_kept": (
            "documents_outgoingpaper",
            "UPDATE",
            f"OLD.state IN {FINAL} AND ({changed(PAPER_COLUMNS, unlike)} OR {paper_state(unlike)})",
        ),
        "documents_outgoingpaper_not_deleted": (
            "documents_outgoingpaper",
            "DELETE",
            f"OLD.state IN {FINAL} OR OLD.given_id IS NOT NULL",
        ),
        "documents_givennumber_kept": (
            "documents_givennumber",
            "UPDATE",
            f"{changed(NUMBER_COLUMNS, unlike)} OR ({number_cancelled_twice(unlike)})",
        ),
        "documents_givennumber_not_deleted": ("documents_givennumber", "DELETE", ""),
        "documents_numberbook_kept": (
            "documents_numberbook",
            "UPDATE",
            f'{changed(("unit_id", "kind", "series", "year"), unlike)} OR NEW."last" < OLD."last"',
        ),
        "documents_numberbook_not_deleted": ("documents_numberbook", "DELETE", 'OLD."last" > 0'),
        "documents_papercopy_kept": ("documents_papercopy", "UPDATE", changed(COPY_COLUMNS, unlike)),
        "documents_papercopy_not_deleted": ("documents_papercopy", "DELETE", ""),
        "documents_incomingpaper_kept": (
            "documents_incomingpaper",
            "UPDATE",
            changed(ARRIVAL_COLUMNS, unlike),
        ),
        "documents_incomingpaper_not_deleted": ("documents_incomingpaper", "DELETE", ""),
    }


def sqlite():
    for name, (table, act, when) in conditions("IS NOT").items():
        condition = f" WHEN {when}" if when else ""
        yield (
            f"CREATE TRIGGER {name} BEFORE {act} ON {table}{condition}"
            f" BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
        )


def postgresql():
    yield f"""CREATE FUNCTION documents_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'restrict_violation'; END $$"""
    for name, (table, act, when) in conditions("IS DISTINCT FROM").items():
        condition = f" WHEN ({when})" if when else ""
        yield (
            f"CREATE TRIGGER {name} BEFORE {act} ON {table}"
            f" FOR EACH ROW{condition} EXECUTE FUNCTION documents_is_kept()"
        )


def refuse_changes(_apps, schema_editor):
    run(schema_editor, {"sqlite": sqlite, "postgresql": postgresql}[schema_editor.connection.vendor]())


def allow_changes(_apps, schema_editor):
    tables = {name: table for name, (table, _, _) in conditions("").items()}
    if schema_editor.connection.vendor == "sqlite":
        run(schema_editor, [f"DROP TRIGGER IF EXISTS {name}" for name in tables])
        return
    run(schema_editor, [f"DROP TRIGGER IF EXISTS {name} ON {table}" for name, table in tables.items()])
    run(schema_editor, ["DROP FUNCTION IF EXISTS documents_is_kept()"])


def run(schema_editor, statements):
    with schema_editor.connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("documents", "0003_papers_numbers_and_arrivals")]

    operations = [migrations.RunPython(refuse_changes, allow_changes)]
