"""Addresses under /don-vi/."""

from __future__ import annotations

from django.urls import path

from thidua.organisations import views

app_name = "organisations"

urlpatterns = [
    path("", views.tree_page, name="tree"),
    path("danh-sach/", views.unit_list, name="list"),
    path("tim/", views.find, name="find"),
    path("<slug:key>/", views.unit_page, name="unit"),
    path("<slug:key>/nhanh/", views.branch, name="branch"),
]
