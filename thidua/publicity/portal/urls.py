"""Addresses of the public portal."""

from __future__ import annotations

from django.urls import path, re_path

from thidua.publicity.portal import award_views, data_views, story_views, views

app_name = "portal"

urlpatterns = [
    path("", views.home, name="home"),
    path("phong-trao/", views.movements, name="movements"),
    path("phong-trao/<int:pk>/", views.movement, name="movement"),
    path("ke-hoach/<int:pk>/", views.plan, name="plan"),
    path("ke-hoach/<int:pk>/tep/", views.plan_file, name="plan_file"),
    path("chi-tieu/", views.targets, name="targets"),
    path("chi-tieu/<int:pk>/", views.target, name="target"),
    path("van-ban/", views.papers, name="papers"),
    path("van-ban/<int:pk>.pdf", views.paper_pdf, name="paper_pdf"),
    path("khen-thuong/", award_views.awards, name="awards"),
    path("guong-sang/", story_views.stories, name="stories"),
    path("guong-sang/<int:pk>/", story_views.story, name="story"),
    path("anh/<int:pk>.jpg", story_views.picture, name="picture"),
    path("de-xuat/", story_views.propose, name="propose"),
    path("de-xuat/da-nhan/", story_views.proposed, name="proposed"),
    path("du-lieu/", data_views.datasets, name="datasets"),
    path("du-lieu/danh-muc.jsonld", data_views.catalogue, name="catalogue"),
    path("du-lieu/<slug:key>/", data_views.dataset_page, name="dataset"),
    re_path(
        r"^du-lieu/(?P<key>[a-z-]+)\.(?P<ending>csv|json)$", data_views.dataset_file, name="dataset_file"
    ),
    path("tin.xml", data_views.news, name="news"),
    path("hoi-dap/", data_views.answers, name="answers"),
    path("quy/", data_views.funds, name="funds"),
    path("tim/", views.search, name="search"),
]
