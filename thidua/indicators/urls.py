"""Addresses under /so-lieu/."""

from __future__ import annotations

from django.urls import path

from thidua.indicators import entry_pages, views

app_name = "indicators"

urlpatterns = [
    path("", views.indicator_list, name="list"),
    path("nhap/", entry_pages.enter, name="enter"),
    path("nhap/tep/", entry_pages.hand_in, name="hand_in"),
    path("nhap/tep/<int:pk>/", entry_pages.look, name="look"),
    path("nhap/tep/<int:pk>/o-sai/", entry_pages.cell_errors, name="cell_errors"),
    path("nhap/<str:set_code>/<str:period>/bang/", entry_pages.grid, name="grid"),
    path("nhap/<str:set_code>/<str:period>/mau.xlsx", entry_pages.template, name="template"),
    path("nhap/<str:set_code>/<str:period>/<slug:key>/", entry_pages.unit_form, name="unit_form"),
    path("gia-tri/<int:pk>/", views.value_page, name="value"),
    path("gia-tri/<int:pk>/chon/", views.choose, name="choose"),
    path("gia-tri/<int:pk>/minh-chung/", views.evidence, name="evidence"),
    path("<slug:code>/", views.indicator, name="indicator"),
]
