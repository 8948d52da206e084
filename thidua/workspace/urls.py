"""Addresses of pages that belong to no single app."""

from __future__ import annotations

from django.urls import path

from thidua.workspace import log_pages, views

app_name = "workspace"

urlpatterns = [
    path("", views.home, name="home"),
    path("viec-cua-toi/", views.inbox, name="inbox"),
    path("viec-cua-toi/don-doc/<int:unit_pk>/", views.remind, name="remind"),
    path("tim-kiem/", views.search, name="search"),
    path("nhat-ky/", log_pages.log, name="log"),
    path("nhat-ky/kiem-tra/", log_pages.verify, name="verify_log"),
    path("nhat-ky/chuoi/", log_pages.chain, name="log_chain"),
    path("nhat-ky/<int:number>/", log_pages.entry, name="log_entry"),
    path("giao-dien/", views.choose_appearance, name="appearance"),
]
