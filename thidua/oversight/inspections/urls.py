"""Addresses under /kiem-tra/."""

from __future__ import annotations

from django.urls import path

from thidua.oversight.inspections import views, visit_views

app_name = "inspections"

urlpatterns = [
    path("", views.rows, name="list"),
    path("moi/", views.new, name="new"),
    path("<int:pk>/", views.inspection, name="inspection"),
    path("<int:pk>/sua/", views.change, name="change"),
    path("<int:pk>/chon-don-vi/", views.choose, name="choose"),
    path("<int:pk>/viec/<slug:key>/", views.act, name="act"),
    path("<int:pk>/doan/<int:member_pk>/bo/", views.drop_member, name="drop_member"),
    path("<int:pk>/muc/<int:item_pk>/bo/", views.drop_item, name="drop_item"),
    path("don-vi/<int:pk>/", visit_views.visit, name="visit"),
    path("don-vi/<int:pk>/viec/<slug:key>/", visit_views.act, name="visit_act"),
    path("don-vi/<int:pk>/muc/<int:item_pk>/", visit_views.item, name="item"),
    path("don-vi/<int:pk>/so-lieu/", visit_views.figures, name="figures"),
    path("don-vi/<int:pk>/so-lieu/<int:value_pk>/", visit_views.recheck, name="recheck"),
    path("don-vi/<int:pk>/so-lieu/<int:value_pk>/dinh-chinh/", visit_views.correct, name="correct"),
    path("kien-nghi/", visit_views.remedies, name="remedies"),
    path("kien-nghi/<int:pk>/", visit_views.remedy, name="remedy"),
    path("kien-nghi/<int:pk>/viec/<slug:key>/", visit_views.remedy_act, name="remedy_act"),
    path("tep/<int:pk>/", visit_views.proof, name="proof"),
]
