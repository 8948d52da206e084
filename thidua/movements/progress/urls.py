"""Addresses under /chi-tieu/."""

from __future__ import annotations

from django.urls import path

from thidua.movements.progress import views

app_name = "progress"

urlpatterns = [
    path("", views.targets, name="list"),
    path("dieu-hanh/", views.dashboard, name="dashboard"),
    path("<int:pk>/", views.target, name="target"),
    path("<int:pk>/gan/", views.binding, name="binding"),
]
