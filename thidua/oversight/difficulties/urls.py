"""Addresses under /vuong-mac/."""

from __future__ import annotations

from django.urls import path

from thidua.oversight.difficulties import views

app_name = "difficulties"

urlpatterns = [
    path("", views.rows, name="list"),
    path("neu/", views.new, name="new"),
    path("tra-loi/", views.answers, name="answers"),
    path("<int:pk>/", views.difficulty, name="difficulty"),
    path("<int:pk>/viec/<slug:key>/", views.act, name="act"),
    path("tep/<int:pk>/", views.proof, name="proof"),
]
