"""What a heading says its part is for: purposes, contents, awards, organisation …"""

from __future__ import annotations

import re
from functools import cache

from . import vocabulary
from .matching import flat
from .model import Role


@cache
def _role_patterns() -> list[tuple[re.Pattern[str], Role]]:
    return [
        (
            re.compile(f"^(?:{entry['pattern']})$" if entry.get("whole") else entry["pattern"]),
            Role(entry["role"]),
        )
        for entry in vocabulary.load("headings")
    ]


def heading_role(title: str) -> Role:
    """What the part under this heading is for."""
    key = flat(title).strip(" :.*")
    for expression, role in _role_patterns():
        if expression.search(key):
            return role
    return Role.OTHER
