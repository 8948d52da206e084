"""Addresses under /don-vi/nhap-tu-excel/."""

from __future__ import annotations

from django.urls import path

from thidua.organisations.change_pages import import_pages

app_name = "unit_import"

urlpatterns = [
    path("", import_pages.hand_in, name="hand_in"),
    path("tep-mau.xlsx", import_pages.template, name="template"),
    path("<int:pk>/", import_pages.look, name="look"),
    path("<int:pk>/loi.xlsx", import_pages.errors, name="errors"),
]
