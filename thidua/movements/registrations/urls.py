"""Addresses under /dang-ky/."""

from __future__ import annotations

from django.urls import path

from thidua.movements.registrations import views

app_name = "registrations"

urlpatterns = [
    path("", views.board_home, name="board"),
    path("danh-sach/", views.registration_list, name="list"),
    path("danh-sach/co-ten/", views.unmasked_workbook, name="unmasked"),
    path("ban/<int:pk>/", views.registration, name="registration"),
    path("ban/<int:pk>/sua/", views.mend, name="mend"),
    path("ban/<int:pk>/viec/", views.act, name="act"),
    path("tong-hop/<int:pk>/", views.summary, name="summary"),
    path("tong-hop/<int:pk>/viec/", views.summary_act, name="summary_act"),
    path("<int:plan_pk>/<int:year>/", views.own, name="own"),
    path("<int:plan_pk>/<int:year>/bang/<slug:kind>/", views.plan_board, name="plan_board"),
    path("<int:plan_pk>/<int:year>/bang/<slug:kind>/nhac/", views.remind, name="remind"),
    path("<int:plan_pk>/<int:year>/moi/<slug:kind>/", views.write, name="write"),
    path("<int:plan_pk>/<int:year>/gui-tat-ca/", views.send_drafts, name="send_drafts"),
    path("<int:plan_pk>/<int:year>/ho-tu-excel/", views.households, name="households"),
    path("<int:plan_pk>/<int:year>/ho-tu-excel/nhap/", views.import_households, name="import_households"),
    path("<int:plan_pk>/<int:year>/ho-tu-excel/mau/", views.household_template, name="household_template"),
    path("<int:plan_pk>/<int:year>/duyet/", views.deciding_page, name="deciding"),
    path("<int:plan_pk>/<int:year>/thiet-lap/", views.calling_page, name="calling"),
    path("<int:plan_pk>/<int:year>/thiet-lap/bo/<int:pk>/", views.forget_exception, name="forget_exception"),
    path("<int:plan_pk>/<int:year>/noi-duoc-giup/", views.places_page, name="places"),
    path("<int:plan_pk>/<int:year>/tong-hop/", views.summaries_page, name="summaries"),
    path("<int:plan_pk>/<int:year>/tong-hop/lap/", views.build_summary, name="build_summary"),
]
