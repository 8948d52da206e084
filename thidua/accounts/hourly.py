"""How often something happened within an hour, for limits on who is not signed in. Kept in the cache only.

A network address is never kept: only a keyed hash of it. What falls out of the cache begins anew.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime

from django.conf import settings
from django.core.cache import cache

WINDOW_SECONDS = 3600


def count(key: str) -> int:
    """Counts one more under a key, and gives how many there were since the first of this hour."""
    cache.add(key, 0, WINDOW_SECONDS)
    try:
        return int(cache.incr(key))
    except ValueError:  # it ended between the two lines
        cache.set(key, 1, WINDOW_SECONDS)
        return 1


def of_address(purpose: str, address: str, *, now: datetime) -> str:
    """The key of what one network address does for one purpose, another one in each hour."""
    hour = int(now.timestamp()) // WINDOW_SECONDS
    digest = hmac.new(settings.SECRET_KEY.encode(), f"{hour}|{address}".encode(), hashlib.sha256)
    return f"{purpose}/{digest.hexdigest()[:32]}"
