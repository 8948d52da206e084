"""Addresses under /tai-khoan/.

Our own names stand in the namespace `accounts`; allauth asks for its steps by its own names.
"""

from __future__ import annotations

from allauth.account import views as account_views
from allauth.mfa.base import views as factor_views
from allauth.mfa.recovery_codes import views as recovery_views
from allauth.mfa.totp import views as totp_views
from django.urls import include, path, re_path

from thidua.accounts import views

ours = [
    path("dang-nhap/", views.sign_in, name="sign_in"),
    path("dang-nhap-trinh-dien/", views.demo_sign_in, name="demo_sign_in"),
    path("dang-xuat/", views.sign_out, name="sign_out"),
    path("ho-so/", views.own_profile, name="profile"),
    path("doi-mat-khau/", views.change_password, name="change_password"),
    path("quen-mat-khau/", views.forgotten_password, name="forgotten_password"),
    path("xac-thuc-hai-lop/", factor_views.index, name="second_factor"),
    path("phien-dang-nhap/", views.own_sessions, name="sessions"),
]

steps = [
    path("dang-nhap/", views.sign_in, name="account_login"),
    path("dang-xuat/", views.sign_out, name="account_logout"),
    path("nhap-lai-mat-khau/", account_views.reauthenticate, name="account_reauthenticate"),
    path("doi-mat-khau/", views.change_password, name="account_change_password"),
    path("doi-mat-khau/", views.change_password, name="account_set_password"),
    path("quen-mat-khau/", views.forgotten_password, name="account_reset_password"),
    path("quen-mat-khau/da-gui/", account_views.password_reset_done, name="account_reset_password_done"),
    path(
        "dat-lai-mat-khau/xong/",
        account_views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^dat-lai-mat-khau/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account_views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("khong-hoat-dong/", account_views.account_inactive, name="account_inactive"),
    path("xac-thuc-hai-lop/", factor_views.index, name="mfa_index"),
    path("xac-thuc-hai-lop/nhap-ma/", factor_views.authenticate, name="mfa_authenticate"),
    path("xac-thuc-hai-lop/nhap-lai-ma/", factor_views.reauthenticate, name="mfa_reauthenticate"),
    path("xac-thuc-hai-lop/bat/", totp_views.activate_totp, name="mfa_activate_totp"),
    path("xac-thuc-hai-lop/tat/", totp_views.deactivate_totp, name="mfa_deactivate_totp"),
    path("xac-thuc-hai-lop/ma-du-phong/", recovery_views.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "xac-thuc-hai-lop/ma-du-phong/tao-lai/",
        recovery_views.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path("phien-dang-nhap/", views.own_sessions, name="usersessions_list"),
]

urlpatterns = [path("", include((ours, "accounts"))), *steps]
