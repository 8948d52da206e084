"""Addresses under /phong-trao/."""

from __future__ import annotations

from django.urls import path

from thidua.movements.cascade import views

app_name = "cascade"

urlpatterns = [
    path("", views.movements, name="list"),
    path("<int:pk>/", views.movement, name="movement"),
    path("<int:pk>/<slug:tab>/", views.movement, name="tab"),
    path("doi-chieu/<int:pk>/", views.coverage, name="coverage"),
    path("doi-chieu/<int:pk>/muc/<int:item>/", views.explanation, name="explain"),
    path("doi-chieu/<int:pk>/muc/<int:item>/bo/", views.take_back_explanation, name="take_back"),
    path("doi-chieu/<int:pk>/cap-tren/", views.parents, name="parents"),
]
