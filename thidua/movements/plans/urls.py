"""Addresses under /ke-hoach/."""

from __future__ import annotations

from django.urls import path

from thidua.movements.plans import views

app_name = "plans"

urlpatterns = [
    path("", views.plans, name="list"),
    path("tiep-nhan/<slug:address>/", views.start, name="start"),
    path("nhap/<int:pk>/", views.draft, name="draft"),
    path("nhap/<int:pk>/nhan-tat-ca/", views.accept_clear, name="accept_clear"),
    path("nhap/<int:pk>/bo/", views.drop_draft, name="drop_draft"),
    path("nhap/<int:pk>/them/<slug:kind>/", views.add, name="add"),
    path("nhap/<int:pk>/muc/<int:item_pk>/", views.item, name="item"),
    path("nhap/<int:pk>/muc/<int:item_pk>/quyet-dinh/", views.decide, name="decide"),
    path("nhap/<int:pk>/muc/<int:item_pk>/sua/", views.mend, name="mend"),
    path("nhap/<int:pk>/don-vi/", views.names, name="names"),
    path("nhap/<int:pk>/don-vi/xac-nhan/", views.confirm_names, name="confirm_names"),
    path("nhap/<int:pk>/don-vi/<int:party_pk>/", views.name, name="name"),
    path("nhap/<int:pk>/xem-truoc/", views.preview, name="preview"),
    path("nhap/<int:pk>/dua-vao-thuc-hien/", views.adopt, name="adopt"),
    path("van-ban/<int:pk>/", views.source, name="source"),
    path("van-ban/<int:pk>/ke-hoach.<str:face>", views.paper, name="paper"),
    path("<int:pk>/", views.plan, name="plan"),
    path("<int:pk>/dieu-chinh/", views.amend, name="amend"),
    path("<int:pk>/soan-ke-hoach/", views.write, name="write"),
]
