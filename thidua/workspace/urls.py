"""Addresses of pages that belong to no single app."""

from __future__ import annotations

from django.urls import path

from thidua.workspace import views

app_name = "workspace"

urlpatterns = [
    path("", views.home, name="home"),
    path("viec-cua-toi/", views.inbox, name="inbox"),
    path("tim-kiem/", views.search, name="search"),
    path("giao-dien/", views.choose_appearance, name="appearance"),
]
