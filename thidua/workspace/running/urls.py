"""Addresses under /suc-khoe/ and /viec-chay-nen/."""

from __future__ import annotations

from django.urls import path

from thidua.workspace.running import views

app_name = "running"

urlpatterns = [
    path("suc-khoe/", views.health_page, name="health"),
    path("suc-khoe/so-do/", views.measures_page, name="measures"),
    path("viec-chay-nen/", views.jobs, name="jobs"),
    path("viec-chay-nen/lam/", views.act, name="act"),
]
