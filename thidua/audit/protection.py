"""Whether the database itself refuses to change the log: the triggers of migration `refuse_changes`.

Knows their names only. Nothing in the program takes them away; the tests do, to empty the tables between two
tests (`audit.tests.unprotected`). Whoever owns the tables can take them away too: then the chain of hashes
tells, see `verifying`.
"""

from __future__ import annotations

from django.db import connection

TRIGGERS = {
    "sqlite": frozenset({"audit_entry_no_update", "audit_entry_no_delete", "audit_entry_no_replace"}),
    "postgresql": frozenset({"audit_entry_no_change", "audit_entry_no_truncate"}),
}

_ACTIVE = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_entry'",
    "postgresql": "SELECT tgname FROM pg_trigger"
    " WHERE tgrelid = 'audit_entry'::regclass AND tgenabled <> 'D'",
}


def missing() -> list[str]:
    """Names of the triggers that should stand guard and do not."""
    with connection.cursor() as cursor:
        cursor.execute(_ACTIVE[connection.vendor])
        active = {name for (name,) in cursor.fetchall()}
    return sorted(TRIGGERS[connection.vendor] - active)


def is_protected() -> bool:
    return not missing()
