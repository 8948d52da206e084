"""Addresses under /khen-thuong/cong-khai/, for the standing body."""

from __future__ import annotations

from django.urls import path

from thidua.awards.opinions import views

app_name = "opinions"

urlpatterns = [
    path("", views.postings, name="list"),
    path("dot/<int:pk>/", views.new, name="new"),
    path("<int:pk>/", views.posting, name="posting"),
    path("<int:pk>/viec/", views.act, name="act"),
    path("y-kien/<int:pk>/", views.opinion, name="opinion"),
]
