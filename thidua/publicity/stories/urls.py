"""Addresses of stories, for officers."""

from __future__ import annotations

from django.urls import path

from thidua.publicity.stories import views

app_name = "stories"

urlpatterns = [
    path("", views.stories, name="list"),
    path("moi/", views.new, name="new"),
    path("chuyen-muc/", views.columns, name="columns"),
    path("de-xuat/", views.proposals, name="proposals"),
    path("de-xuat/<int:pk>/", views.proposal, name="proposal"),
    path("<int:pk>/", views.story, name="story"),
    path("<int:pk>/sua/", views.change, name="change"),
    path("<int:pk>/buoc/", views.act, name="act"),
    path("<int:pk>/dong-y/", views.consent, name="consent"),
    path("<int:pk>/dong-y/<int:row_pk>/rut/", views.take_back, name="take_back"),
    path("<int:pk>/dong-y/<int:row_pk>/tep/", views.consent_file, name="consent_file"),
    path("<int:pk>/anh/", views.add_picture, name="add_picture"),
    path("<int:pk>/anh/<int:row_pk>/", views.picture, name="picture"),
    path("<int:pk>/anh/<int:row_pk>/bo/", views.drop_picture, name="drop_picture"),
    path("<int:pk>/nhan-rong/", views.add_copy, name="add_copy"),
    path("<int:pk>/nhan-rong/<int:row_pk>/xoa/", views.forget_copy, name="forget_copy"),
]
