"""No two versions of a unit, and no two memberships of a unit in one grouping, hold on one day.

PostgreSQL has exclusion constraints for this; `int8range` stands for "equal", so that no extension is needed.
SQLite gets triggers that say the same.
"""

from django.db import migrations

TABLES = {
    "organisations_unitversion": ("unit_versions_do_not_overlap", ("unit_id",), "annulled_by_id IS NULL"),
    "organisations_membership": ("memberships_do_not_overlap", ("grouping_id", "unit_id"), "TRUE"),
}


def forbid_overlaps(apps, schema_editor):
    for statement in statements(schema_editor.connection.vendor):
        schema_editor.execute(statement)


def allow_overlaps(apps, schema_editor):
    for table, (name, _, _) in TABLES.items():
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        else:
            schema_editor.execute(f"DROP TRIGGER {name}_when_made")
            schema_editor.execute(f"DROP TRIGGER {name}_when_changed")


def statements(vendor):
    for table, (name, keys, condition) in TABLES.items():
        if vendor == "postgresql":
            equal = ", ".join(f"int8range({key}, {key}, '[]') WITH &&" for key in keys)
            yield (
                f"ALTER TABLE {table} ADD CONSTRAINT {name} EXCLUDE USING gist "
                f"({equal}, daterange(since, until, '[)') WITH &&) WHERE ({condition})"
            )
            continue
        equal = " AND ".join(f"{key} = NEW.{key}" for key in keys)
        counted = condition.replace("TRUE", "1")
        new_counted = condition.replace("TRUE", "1").replace("annulled_by_id", "NEW.annulled_by_id")
        for moment, event in (("made", "INSERT"), ("changed", "UPDATE")):
            yield (
                f"CREATE TRIGGER {name}_when_{moment} AFTER {event} ON {table} "  # noqa: S608 - our own words
                f"WHEN {new_counted} AND EXISTS (SELECT 1 FROM {table} WHERE {equal} AND id <> NEW.id "
                f"AND since < NEW.until AND until > NEW.since AND {counted}) "
                f"BEGIN SELECT RAISE(ABORT, '{name}'); END"
            )


class Migration(migrations.Migration):
    dependencies = [("organisations", "0001_units_and_mandates")]

    operations = [migrations.RunPython(forbid_overlaps, allow_overlaps)]
