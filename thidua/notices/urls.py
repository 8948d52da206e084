"""Addresses under /thong-bao/."""

from __future__ import annotations

from django.urls import path

from thidua.notices import views

app_name = "notices"

urlpatterns = [
    path("", views.notices, name="list"),
    path("doc-het/", views.read_all, name="read_all"),
    path("lua-chon/", views.choices, name="choices"),
    path("da-gui/", views.sent, name="sent"),
    path("da-gui/gui-lai/", views.send_again, name="send_again"),
    path("<int:pk>/", views.open_notice, name="open"),
]
