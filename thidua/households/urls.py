"""Addresses under /ho-gia-dinh/."""

from __future__ import annotations

from django.urls import path

from thidua.households import views

app_name = "households"

urlpatterns = [
    path("", views.home, name="home"),
    path("tep/", views.files, name="files"),
    path("tep/mau.csv", views.template, name="template"),
    path("tep/<int:pk>/", views.file, name="file"),
    path("tep/<int:pk>/dua-vao/", views.apply_file, name="apply_file"),
    path("<slug:key>/", views.commune, name="commune"),
    path("<slug:key>/co-ten/", views.unmasked, name="unmasked"),
    path("<slug:key>/ho/moi/", views.new_household, name="new_household"),
    path("<slug:key>/ho/<int:pk>/", views.household, name="household"),
    path("<slug:key>/ho/<int:pk>/viec/", views.household_act, name="household_act"),
    path("<slug:key>/ra-soat/<int:year>/", views.review, name="review"),
    path("<slug:key>/ra-soat/<int:year>/ban/<int:pk>/", views.earlier_review, name="earlier_review"),
    path("<slug:key>/ra-soat/<int:year>/viec/", views.review_act, name="review_act"),
    path("<slug:key>/ra-soat/<int:year>/ket-qua/", views.results, name="results"),
    path("<slug:key>/ra-soat/<int:year>/ho/<int:pk>/", views.survey, name="survey"),
]
