"""Addresses under /lich/."""

from __future__ import annotations

from django.urls import path

from thidua.movements.timeline import views

app_name = "timeline"

urlpatterns = [
    path("", views.timeline, name="timeline"),
    path("dang-ky-theo-doi/", views.feeds_page, name="feeds"),
    path("dang-ky-theo-doi/<int:pk>/thu-hoi/", views.revoke, name="revoke"),
    path("<str:token>.ics", views.calendar, name="calendar"),
]
