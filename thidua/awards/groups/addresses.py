"""Where the pages of a year and of a sheet are, for notices and for «Việc của tôi»."""

from __future__ import annotations

from django.urls import NoReverseMatch, reverse


def of_season(pk: int) -> str:
    return _address("groups:season", pk)


def of_sheet(pk: int) -> str:
    return _address("groups:sheet", pk)


def _address(name: str, pk: int) -> str:
    """While this room has no pages yet, the start of the app."""
    try:
        return reverse(name, args=[pk])
    except NoReverseMatch:
        return reverse("awards:list")
