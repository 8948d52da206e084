"""Addresses under /khen-thuong/so/."""

from __future__ import annotations

from django.urls import path

from thidua.awards.register import import_views, views

app_name = "award_register"

urlpatterns = [
    path("", views.register, name="list"),
    path("cua-toi/", views.own, name="own"),
    path("moi/", views.new, name="new"),
    path("thong-ke/", views.figures, name="statistics"),
    path("da-du/", views.coverage, name="coverage"),
    path("nhap/", import_views.imports, name="imports"),
    path("nhap/mau/", import_views.template, name="template"),
    path("nhap/quyet-dinh/", import_views.hand_in_decision, name="hand_in_decision"),
    path("nhap/quyet-dinh/<int:pk>/", import_views.decision, name="decision_import"),
    path("nhap/<int:pk>/", import_views.batch, name="import"),
    path("nhap/<int:pk>/viec/", import_views.act, name="import_act"),
    path("don-vi/<int:pk>/", views.unit, name="unit"),
    path("nguoi/<int:pk>/", views.person, name="person"),
    path("<int:pk>/", views.award, name="award"),
    path("<int:pk>/huy-bo/", views.revoke, name="revoke"),
    path("<int:pk>/con-hieu-luc/", views.restore, name="restore"),
    path("<int:pk>/dinh-chinh/", views.correct, name="correct"),
    path("<int:pk>/ghep/", views.tie, name="tie"),
]
