"""Addresses under /van-ban/mau/."""

from __future__ import annotations

from django.urls import path

from thidua.documents.paper_templates import views

app_name = "paper_templates"

urlpatterns = [
    path("", views.template_list, name="list"),
    path("moi/", views.start, name="start"),
    path("soan/<slug:kind>/", views.write, name="write"),
    path("san-co/<slug:kind>/", views.ready_made, name="ready_made"),
    path("san-co/<slug:kind>/trang-<int:page>.png", views.ready_made_page, name="ready_made_page"),
    path("<int:pk>/", views.template, name="template"),
    path("<int:pk>/sua/", views.edit, name="edit"),
    path("<int:pk>/dua-vao-dung/", views.issue, name="issue"),
    path("<int:pk>/bo-nhap/", views.drop_draft, name="drop_draft"),
    path("<int:pk>/thoi-dung/", views.retire, name="retire"),
    path("<int:pk>/dung-thuong-xuyen/", views.make_usual, name="make_usual"),
    path("<int:pk>/lan-<int:number>/", views.version, name="version"),
    path("<int:pk>/lan-<int:number>/trang-<int:page>.png", views.version_page, name="version_page"),
]
