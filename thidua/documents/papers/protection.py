"""Whether the database itself refuses to change issued papers, numbers, copies, arrivals and templates.

Knows the names of the triggers of the migrations `issued_…_never_change` only.
"""

from __future__ import annotations

from django.db import connection

TRIGGERS = frozenset(
    f"documents_{table}_{what}"
    for table in (
        "outgoingpaper",
        "givennumber",
        "numberbook",
        "papercopy",
        "incomingpaper",
        "papertemplateversion",
    )
    for what in ("kept", "not_deleted")
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
