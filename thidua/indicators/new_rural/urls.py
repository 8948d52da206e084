"""Addresses under /nong-thon-moi/."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "new_rural"

urlpatterns: list[URLPattern] = []
