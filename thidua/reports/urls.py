"""Addresses under /bao-cao/."""

from __future__ import annotations

from django.urls import path

from thidua.reports.views import answering, boards, forms, receiving, round_pages

app_name = "reports"

urlpatterns = [
    path("", boards.home, name="board"),
    path("cua-toi/", boards.mine, name="mine"),
    path("<int:pk>/", answering.report, name="report"),
    path("<int:pk>/viet/", answering.write, name="write"),
    path("<int:pk>/tep/", answering.attach, name="attach"),
    path("<int:pk>/tep/<int:file_pk>/", answering.file, name="file"),
    path("<int:pk>/tep/<int:file_pk>/bo/", answering.detach, name="detach"),
    path("<int:pk>/gui/", answering.send, name="send"),
    path("<int:pk>/rut/", answering.recall, name="recall"),
    path("<int:pk>/sua-phan-mo/", answering.change_unlocked, name="change_unlocked"),
    path("<int:pk>/nhan/", receiving.accept, name="accept"),
    path("<int:pk>/tra-lai/", receiving.send_back, name="send_back"),
    path("<int:pk>/mo-khoa/", receiving.unlock, name="unlock"),
    path("<int:pk>/khoa-lai/", receiving.lock_again, name="lock_again"),
    path("<int:pk>/khong-phai-gui/", receiving.let_off, name="let_off"),
    path("<int:pk>/dinh-chinh/tat-ca/", answering.correct_all, name="correct_all"),
    path("<int:pk>/dinh-chinh/<int:correction_pk>/", answering.correct, name="correct"),
    path("ke-hoach/<int:plan_pk>/", boards.plan_board, name="plan_board"),
    path("ke-hoach/<int:plan_pk>/dot-moi/", round_pages.new, name="new_round"),
    path("dot/<int:pk>/", round_pages.round_page, name="round"),
    path("dot/<int:pk>/sua/", round_pages.change, name="change_round"),
    path("dot/<int:pk>/viec/", round_pages.act, name="round_act"),
    path("dot/<int:pk>/don-doc/", round_pages.remind, name="remind"),
    path("dot/<int:pk>/nhan-tat-ca/", round_pages.accept_all, name="accept_all"),
    path("dot/<int:pk>/them-don-vi/", round_pages.ask_also, name="ask_also"),
    path("mau/<int:pk>/", forms.form, name="form"),
    path("mau/<int:pk>/xem-truoc/", forms.preview, name="preview"),
    path("mau/<int:pk>/muc/", forms.item, name="new_item"),
    path("mau/<int:pk>/muc/<int:item_pk>/", forms.item, name="item"),
    path("mau/<int:pk>/muc/<int:item_pk>/viec/", forms.item_act, name="item_act"),
    path("mau/<int:pk>/phien-ban-moi/", forms.new_version, name="new_version"),
]
