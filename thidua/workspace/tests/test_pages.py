"""Home, error pages and headers, without a browser."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from config.urls import handler400, handler403, handler404, handler500
from config.urls import urlpatterns as real_patterns
from thidua.core.errors import ChangedMeanwhile, NotAllowed, RuleNotMet
from thidua.organisations.tests.world import make_person

__all__ = ["handler400", "handler403", "handler404", "handler500"]

ERRORS: dict[str, Exception] = {
    "400": SuspiciousOperation("x"),
    "403": PermissionDenied("Chỉ người ký được xem."),
    "413": RequestDataTooBig("x"),
    "500": ZeroDivisionError("x"),
    "rule": RuleNotMet(
        "Chưa thể gửi báo cáo", why="còn 2 chỉ tiêu chưa có số liệu", next_step="Nhập số liệu rồi gửi lại"
    ),
    "right": NotAllowed("Bạn chưa được xem", why="báo cáo của đơn vị khác"),
    "race": ChangedMeanwhile("Chưa lưu được", why="người khác vừa sửa", next_step="Tải lại trang"),
}


def broken(request: HttpRequest, name: str) -> HttpResponse:
    raise ERRORS[name]


urlpatterns = [*real_patterns, path("hong/<str:name>/", broken)]


@pytest.mark.parametrize(
    ("name", "status", "heading"),
    [
        ("400", 400, "Máy chủ không hiểu yêu cầu này"),
        ("403", 403, "Bạn chưa được phép làm việc này"),
        ("413", 413, "Dữ liệu gửi lên quá lớn"),
        ("500", 500, "Máy chủ gặp sự cố"),
        ("rule", 422, "Chưa thể gửi báo cáo"),
        ("right", 403, "Bạn chưa được xem"),
        ("race", 409, "Chưa lưu được"),
    ],
)
@override_settings(ROOT_URLCONF=__name__)
def test_error_page_says_what_why_and_what_next(name: str, status: int, heading: str) -> None:
    response = Client(raise_request_exception=False).get(f"/hong/{name}/")

    text = response.content.decode()
    assert response.status_code == status
    assert f"<h1>{heading}</h1>" in text
    assert text.count("<dt>Vì sao</dt>") == text.count("<dt>Làm gì tiếp</dt>") == 1


@override_settings(ROOT_URLCONF=__name__)
def test_refusal_shows_its_reason_and_the_way_out() -> None:
    text = Client().get("/hong/rule/").content.decode()

    assert "<dd>Còn 2 chỉ tiêu chưa có số liệu.</dd>" in text
    assert "<dd>Nhập số liệu rồi gửi lại.</dd>" in text
    assert "Chỉ người ký được xem." in Client().get("/hong/403/").content.decode()


def test_unknown_address() -> None:
    response = Client().get("/khong-co/")

    assert response.status_code == 404
    assert "<h1>Không có trang này</h1>" in response.content.decode()


def test_form_from_elsewhere_is_refused_with_a_page() -> None:
    response = Client(enforce_csrf_checks=True).post("/giao-dien/", {"giao-dien": "toi"})

    assert response.status_code == 403
    assert "<h1>Biểu mẫu đã quá hạn</h1>" in response.content.decode()


def test_choice_of_appearance_returns_to_where_it_was_made() -> None:
    response = Client().post("/giao-dien/", {"giao-dien": "toi", "tro-lai": "/khong-co/?a=1"})

    assert (response.status_code, response["Location"]) == (302, "/khong-co/?a=1")
    assert response.cookies["giao_dien"].value == "toi"


def test_choice_of_appearance_leads_nowhere_else() -> None:
    response = Client().post("/giao-dien/", {"giao-dien": "neon", "tro-lai": "https://vi-du.example/"})

    assert response["Location"] == "/"
    assert "giao_dien" not in response.cookies


def test_pages_allow_nothing_inline_and_nothing_from_elsewhere() -> None:
    policy = Client().get("/")["Content-Security-Policy"]

    assert sorted(policy.split("; ")) == [
        "base-uri 'self'",
        "default-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "img-src 'self' data:",
        "object-src 'none'",
    ]


def test_home_leads_to_sign_in_and_in_a_demonstration_to_its_accounts() -> None:
    with override_settings(DEMO=True):
        demo = Client().get("/").content.decode()
    with override_settings(DEMO=False):
        real = Client().get("/").content.decode()

    assert 'href="/tai-khoan/dang-nhap/"' in real
    assert "trình diễn" not in real
    assert 'href="/tai-khoan/dang-nhap/#trinh-dien"' in demo


def test_who_is_signed_in_begins_with_what_waits(db: None) -> None:
    client = Client()
    client.force_login(make_person("ai-do"))

    assert client.get("/")["Location"] == "/viec-cua-toi/"
