"""Addresses under /don-vi/nguoi-dung/."""

from __future__ import annotations

from django.urls import path

from thidua.organisations.people import views

app_name = "people"

urlpatterns = [
    path("", views.directory, name="list"),
    path("them/", views.create, name="create"),
    path("<int:pk>/", views.person, name="person"),
    path("<int:pk>/ngung/", views.close, name="close"),
    path("<int:pk>/mo-lai/", views.reopen, name="reopen"),
    path("<int:pk>/cap-lai-mat-khau/", views.new_password, name="new_password"),
    path("<int:pk>/dat-lai-hai-lop/", views.reset_second_factor, name="reset_second_factor"),
    path("uy-nhiem/<int:pk>/thu-hoi/", views.revoke, name="revoke"),
    path("uy-nhiem/<int:pk>/doi-ngay/", views.change_end, name="change_end"),
    path("uy-nhiem/<int:pk>/uy-quyen/", views.delegate, name="delegate"),
    path("uy-nhiem/<int:pk>/lay-lai/", views.take_back, name="take_back"),
]
