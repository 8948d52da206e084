"""Where the pages of a year and of a sheet are, for notices and for «Việc của tôi»."""

from __future__ import annotations

from django.urls import reverse


def of_season(pk: int) -> str:
    return reverse("groups:season", args=[pk])


def of_sheet(pk: int) -> str:
    return reverse("groups:sheet", args=[pk])
