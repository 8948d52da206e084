"""Addresses of merging, and of the paper of a report, under /bao-cao/."""

from __future__ import annotations

from django.urls import path

from thidua.reports.merge_pages import views

app_name = "merging"

urlpatterns = [
    path("<int:pk>/tong-hop/", views.merge, name="merge"),
    path("<int:pk>/tong-hop/lap/", views.build, name="build"),
    path("<int:pk>/tong-hop/noi-dung/", views.decide, name="decide"),
    path("<int:pk>/tong-hop/chon-so/", views.choose, name="choose"),
    path("<int:pk>/van-ban/", views.paper, name="paper"),
    path("<int:pk>/van-ban/soan/", views.draft_paper, name="draft_paper"),
    path("<int:pk>/van-ban/tep/<slug:form>/", views.paper_file, name="paper_file"),
    path("<int:pk>/van-ban/trang/<int:number>/", views.paper_page, name="paper_page"),
]
