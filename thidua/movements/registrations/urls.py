"""Addresses under /dang-ky/."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "registrations"

urlpatterns: list[URLPattern] = []
