"""Addresses under /kiem-tra-khen-thuong/."""

from __future__ import annotations

from django.urls import path

from thidua.awards.decisions import check_pages

app_name = "check_award"

urlpatterns = [
    path("", check_pages.look_up, name="list"),
    path("<str:code>/", check_pages.code, name="code"),
]
