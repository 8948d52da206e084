"""Light or dark.

Kept in a cookie that the server reads, so that a page needs no script to be right at once.
"""

from __future__ import annotations

from django.db import models
from django.http import HttpRequest

COOKIE = "giao_dien"
COOKIE_SECONDS = 2 * 365 * 24 * 3600


class Appearance(models.TextChoices):
    AUTO = "tu-dong", "Theo máy"
    LIGHT = "sang", "Sáng"
    DARK = "toi", "Tối"


def chosen(request: HttpRequest) -> Appearance:
    """What the cookie says; anything unknown counts as automatic."""
    try:
        return Appearance(request.COOKIES.get(COOKIE, ""))
    except ValueError:
        return Appearance.AUTO


def appearance(request: HttpRequest) -> dict[str, object]:
    """Context processor: the choice of this browser, and the choices there are."""
    return {"appearance": chosen(request), "appearances": Appearance}
