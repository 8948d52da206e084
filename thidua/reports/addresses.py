"""Addresses of the pages of reports; empty as long as a page does not exist."""

from __future__ import annotations

from django.urls import NoReverseMatch
from django.urls import reverse as django_reverse


def reverse(name: str, args: list[int] | None = None) -> str:
    try:
        return django_reverse(name, args=args)
    except NoReverseMatch:
        return ""
