"""Addresses under /nhiem-vu/."""

from __future__ import annotations

from django.urls import path

from thidua.movements.tasks import views

app_name = "tasks"

urlpatterns = [
    path("", views.tasks, name="list"),
    path("<int:pk>/", views.task, name="task"),
]
