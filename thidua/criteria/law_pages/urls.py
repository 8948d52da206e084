"""Addresses under /so-luat/."""

from __future__ import annotations

from django.urls import path, register_converter

from thidua.criteria.law_pages import views


class KeyConverter:
    """A key of the lawbook: parts of small letters, digits, `-` and `_`, with dots between."""

    regex = r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)+"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(KeyConverter, "lawkey")

app_name = "law"

urlpatterns = [
    path("", views.law_list, name="list"),
    path("thay-doi/", views.changes, name="changes"),
    path("vi-du/", views.cases, name="cases"),
    path("<lawkey:key>/", views.entry, name="entry"),
]
