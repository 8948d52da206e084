"""Addresses under /lay-y-kien/, for everybody."""

from __future__ import annotations

from django.urls import path

from thidua.awards.opinions import public_views

app_name = "hearing"

urlpatterns = [
    path("", public_views.open_lists, name="list"),
    path("tra-loi/", public_views.find_answer, name="find"),
    path("tra-loi/<slug:receipt>/", public_views.answer, name="answer"),
    path("<int:pk>/", public_views.posted, name="posting"),
    path("<int:pk>/<int:candidate_pk>/", public_views.say, name="form"),
]
