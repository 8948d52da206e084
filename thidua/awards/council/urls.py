"""Addresses under /khen-thuong/hoi-dong/."""

from __future__ import annotations

from django.urls import path

from thidua.awards.council.views import councils, meetings, voting

app_name = "council"

urlpatterns = [
    path("", councils.home, name="list"),
    path("moi/", councils.new, name="new"),
    path("<int:pk>/", councils.council, name="council"),
    path("<int:pk>/viec/", councils.act, name="council_act"),
    path("<int:pk>/thanh-vien/", councils.add_member, name="add_member"),
    path("<int:pk>/hop-moi/", councils.new_session, name="new_session"),
    path("hop/<int:pk>/", meetings.session, name="session"),
    path("hop/<int:pk>/viec/", meetings.act, name="act"),
    path("hop/<int:pk>/noi-dung/<int:item_pk>/", meetings.item, name="item"),
    path("hop/<int:pk>/khoa/", voting.key, name="key"),
    path("hop/<int:pk>/bo-phieu/", voting.vote, name="vote"),
    path("hop/<int:pk>/phieu-giay/", voting.paper_count, name="paper_count"),
    path("hop/<int:pk>/kiem-phieu/", voting.close, name="close"),
    path("hop/<int:pk>/ket-qua/", voting.results, name="results"),
    path("hop/<int:pk>/goi/", voting.package, name="package"),
]
