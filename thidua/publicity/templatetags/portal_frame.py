"""The menu of the portal, for all pages in its frame, those of apps below too."""

from __future__ import annotations

from django import template

from thidua.publicity.portal.frame import Entry, menu

register = template.Library()


@register.simple_tag
def portal_menu(path: str = "") -> list[Entry]:
    """`path`: where the reader is."""
    return menu(path)
