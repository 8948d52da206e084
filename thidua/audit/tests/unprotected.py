"""For tests only: the log without its guard, to empty the tables between two tests, or to forge an entry."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def unprotected_log() -> Iterator[None]:
    """Take the triggers away for the length of a block; afterwards they are as they were."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            # Also those of other tables: emptying goes row by row here, which an adopted plan refuses too.
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
            for name, _ in triggers:
                cursor.execute(f"DROP TRIGGER {name}")
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                for _, statement in triggers:
                    cursor.execute(statement)
        return
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with checks that wait may not be altered
        cursor.execute("ALTER TABLE audit_entry DISABLE TRIGGER USER")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE audit_entry ENABLE TRIGGER USER")
