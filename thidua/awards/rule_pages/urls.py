"""Addresses under /khen-thuong/tieu-chi/."""

from __future__ import annotations

from django.urls import path

from thidua.awards.rule_pages import views

app_name = "award_rules"

urlpatterns = [
    path("<int:pk>/", views.criteria, name="list"),
    path("<int:pk>/<str:criterion>/", views.criterion, name="criterion"),
]
