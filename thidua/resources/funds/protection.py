"""Whether the database itself refuses to change what a ledger holds.

Knows the names of the triggers of the migration `funds_and_their_ledger` only.
"""

from __future__ import annotations

from django.db import connection

TRIGGERS = frozenset(
    {
        "resources_ledgerentry_kept",
        "resources_ledgerentry_not_deleted",
        "resources_ledgerentry_open",
        "resources_receipt_kept",
        "resources_receipt_not_deleted",
        "resources_fund_kept",
    }
)

_ACTIVE = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE tgenabled <> 'D'",
}


def missing() -> list[str]:
    """Names of the triggers that should stand guard and do not."""
    with connection.cursor() as cursor:
        cursor.execute(_ACTIVE[connection.vendor])
        active = {name for (name,) in cursor.fetchall()}
    return sorted(TRIGGERS - active)
