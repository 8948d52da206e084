"""Addresses under /ke-hoach/."""

from __future__ import annotations

from django.urls import path

from thidua.movements.plans import views

app_name = "plans"

urlpatterns = [
    path("<int:pk>/", views.plan, name="plan"),
]
