"""Addresses under /don-vi/thay-doi/."""

from __future__ import annotations

from django.urls import path

from thidua.organisations.change_pages import views

app_name = "unit_changes"

urlpatterns = [
    path("", views.changes, name="list"),
    path("moi/", views.choose, name="choose"),
    path("moi/<slug:name>/", views.new, name="new"),
    path("<int:pk>/", views.change, name="change"),
]
