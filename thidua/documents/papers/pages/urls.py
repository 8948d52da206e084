"""Addresses under /van-ban/."""

from __future__ import annotations

from django.urls import path

from thidua.documents.papers.pages import incoming_views, views

app_name = "papers"

urlpatterns = [
    path("", views.outgoing, name="outgoing"),
    path("di/soan/", views.write, name="write"),
    path("di/<int:pk>/", views.paper, name="paper"),
    path("di/<int:pk>/sua/", views.mend, name="mend"),
    path("di/<int:pk>/viec/", views.act, name="act"),
    path("di/<int:pk>/sao/", views.copy, name="copy"),
    path("di/<int:pk>/sao/<int:copy_pk>.pdf", views.copy_pdf, name="copy_pdf"),
    path("di/<int:pk>/van-ban-moi/", views.relate, name="relate"),
    path("di/<int:pk>/van-ban.pdf", views.pdf, name="pdf"),
    path("di/<int:pk>/van-ban.docx", views.docx, name="docx"),
    path("di/<int:pk>/goi-luu-tru.zip", views.package, name="package"),
    path("di/<int:pk>/trang/<int:page>.png", views.page_picture, name="page_picture"),
    path("den/", incoming_views.incoming, name="incoming"),
    path("den/dang-ky/", incoming_views.register, name="register"),
    path("den/<int:pk>/", incoming_views.arrival, name="arrival"),
    path("den/<int:pk>/chuyen/", incoming_views.forward, name="forward"),
    path("den/<int:pk>/xong/<int:forwarding_pk>/", incoming_views.finish, name="finish"),
    path("den/<int:pk>/tep-goc", incoming_views.original, name="original"),
    path("so/", views.books, name="books"),
    path("so/<int:pk>/", views.book, name="book"),
    path("so/the-thuc/<int:unit_pk>/", views.office, name="office"),
    path("kiem-tra-chu-ky/", views.check, name="check"),
]
