"""Addresses of reading plans."""

from __future__ import annotations

from django.urls import path

from thidua.documents import views

app_name = "documents"

urlpatterns = [
    path("", views.plans, name="list"),
    path("danh-sach.xlsx", views.list_workbook, name="list_workbook"),
    path("dang-doc/<int:pk>/", views.reading, name="reading"),
    path("dang-doc/<int:pk>/bo-qua/", views.dismiss_reading, name="dismiss_reading"),
    path("<slug:address>/", views.plan, name="plan"),
    path("<slug:address>/ban-ghi.json", views.record_json, name="record_json"),
    path("<slug:address>/ban-ghi.yaml", views.record_yaml, name="record_yaml"),
    path("<slug:address>/ke-hoach.xlsx", views.plan_workbook, name="workbook"),
    path("<slug:address>/tep-goc", views.original, name="original"),
    path("<slug:address>/go/", views.remove, name="remove"),
    path("<slug:address>/lay-lai/", views.take_back, name="take_back"),
]
