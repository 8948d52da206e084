"""Addresses of the switch between kept inside and shown to everybody."""

from __future__ import annotations

from django.urls import path

from thidua.publicity.switching import views

app_name = "switching"

urlpatterns = [
    path("", views.plans, name="plans"),
    path("van-ban/", views.papers, name="papers"),
    path("ke-hoach/<int:pk>/", views.plan, name="plan"),
    path("van-ban/<int:pk>/", views.paper, name="paper"),
]
