"""Addresses under /khen-thuong/cum-khoi/."""

from __future__ import annotations

from django.urls import path

from thidua.awards.groups.views import rankings, score_sheets, score_tables, setting_up, years

app_name = "groups"

urlpatterns = [
    path("", years.home, name="list"),
    path("moi/", setting_up.new, name="new"),
    path("nhom-moi/", setting_up.new_group, name="new_group"),
    path("nhom/<int:pk>/", setting_up.group, name="group"),
    path("<int:pk>/", years.season, name="season"),
    path("<int:pk>/sua/", setting_up.change, name="change"),
    path("<int:pk>/viec/", years.act, name="act"),
    path("<int:pk>/xep-hang/", rankings.ranking, name="ranking"),
    path("<int:pk>/xep-hang/<int:number>/", rankings.publication, name="publication"),
    path("phieu/<int:pk>/", score_sheets.sheet, name="sheet"),
    path("phieu/<int:pk>/viec/", score_sheets.act, name="sheet_act"),
    path("phieu/<int:pk>/minh-chung/<int:evidence_pk>/", score_sheets.evidence, name="evidence"),
    path("bang/", score_tables.tables_page, name="tables"),
    path("bang/moi/", score_tables.new, name="new_table"),
    path("bang/<int:pk>/", score_tables.table, name="table"),
    path("bang/<int:pk>/sua/", score_tables.change, name="change_table"),
    path("bang/<int:pk>/viec/", score_tables.act, name="table_act"),
    path("bang/<int:pk>/mau-excel/", score_tables.template, name="table_template"),
    path("bang/<int:pk>/nhap/", score_tables.from_excel, name="table_from_excel"),
    path("bang/<int:pk>/dong-moi/", score_tables.new_item, name="new_item"),
    path("bang/<int:pk>/dong/<int:item_pk>/", score_tables.item, name="item"),
]
