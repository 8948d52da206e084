"""Addresses under /nong-thon-moi/."""

from __future__ import annotations

from django.urls import path

from thidua.indicators.new_rural import views

app_name = "new_rural"

urlpatterns = [
    path("", views.board, name="board"),
    path("cong-nhan/", views.recognition_list, name="recognitions"),
    path("cong-nhan/<int:pk>/thu-hoi/", views.withdraw, name="withdraw"),
    path("don-vi/<slug:key>/", views.place, name="place"),
    path("don-vi/<slug:key>/cong-nhan/", views.recognise, name="recognise"),
    path("don-vi/<slug:key>/<int:year>/", views.status, name="status"),
]
