"""Signing in, and everything that must not let anybody in."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import struct
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.core import mail
from django.test import Client, override_settings
from django.urls import reverse

from thidua.accounts import demo, letters
from thidua.accounts.happenings import Happening, happened
from thidua.accounts.models import User

pytestmark = pytest.mark.django_db
PASSWORD = "mot-cau-de-nho-2023"
HERE = reverse("accounts:sign_in")


def make_user(username: str = "can-bo", **fields: object) -> User:
    user = User(username=username, full_name="Lò Thị Mai", email=f"{username}@example.vn", **fields)
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in(client: Client, username: str = "can-bo", password: str = PASSWORD, **extra: str) -> str:
    """What the page says, or where it leads."""
    response = client.post(HERE, {"login": username, "password": password, **extra})
    if response.status_code == 302:
        return str(response["Location"])
    found = re.search(r'role="alert">([^<]*)<', response.content.decode())
    return found[1] if found else f"{response.status_code}"


def is_signed_in(client: Client) -> bool:
    return client.get(reverse("accounts:profile")).status_code == 200


def totp(secret: str, at: float) -> str:
    """RFC 6238: six digits, SHA-1, 30 seconds."""
    digest = hmac.new(base64.b32decode(secret), struct.pack(">Q", int(at) // 30), hashlib.sha1).digest()
    place = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[place : place + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


@pytest.fixture(autouse=True)
def told() -> Iterator[list[Happening]]:
    """What was told to the log."""
    found: list[Happening] = []

    def hear(sender: Any, *, happening: Happening, **_: Any) -> None:
        found.append(happening)

    happened.connect(hear)
    yield found
    happened.disconnect(hear)


def actions(told: list[Happening]) -> list[str]:
    return [happening.action for happening in told]


def test_right_password_leads_back_to_the_page_that_asked(client: Client, told: list[Happening]) -> None:
    make_user()

    assert sign_in(client, next="/don-vi/") == "/don-vi/"
    assert is_signed_in(client)
    assert actions(told) == ["accounts.signed_in"]


def test_sign_in_leads_to_no_other_host(client: Client) -> None:
    make_user()

    assert sign_in(client, next="https://example.com/") == "/"


def test_unknown_name_wrong_password_and_closed_account_sound_the_same(client: Client) -> None:
    make_user()
    make_user("da-nghi", is_active=False)

    answers = {
        sign_in(client, "can-bo", "sai"),
        sign_in(client, "khong-co-ai", PASSWORD),
        sign_in(client, "da-nghi", PASSWORD),
    }

    assert len(answers) == 1
    assert answers.pop().startswith("Chưa đăng nhập được: tên đăng nhập hoặc mật khẩu không đúng")
    assert not is_signed_in(client)


@pytest.mark.parametrize("username", ["can-bo", "khong-co-ai"])
def test_five_failures_lock_a_name_for_an_address(
    client: Client, username: str, told: list[Happening]
) -> None:
    make_user()
    for _ in range(5):
        last = sign_in(client, username, "sai")

    assert last.startswith("Tên đăng nhập này đã nhập sai quá 5 lần")
    assert sign_in(client, username, PASSWORD) == last
    assert actions(told) == ["accounts.locked_out"]
    assert [happening.user and happening.user.username for happening in told] == [
        username if username == "can-bo" else None
    ]


def test_lock_out_of_one_address_leaves_another_alone(client: Client) -> None:
    make_user()
    for _ in range(5):
        sign_in(client, "can-bo", "sai")

    assert sign_in(Client(REMOTE_ADDR="10.0.0.9")) == "/"


def test_many_addresses_together_are_stopped_too() -> None:
    make_user()
    for number in range(10):
        sign_in(Client(REMOTE_ADDR=f"10.0.0.{number}"), "can-bo", "sai")

    assert sign_in(Client(REMOTE_ADDR="10.0.1.1")).startswith("Chưa đăng nhập được")


def test_session_is_another_one_and_keeps_what_it_held(client: Client) -> None:
    make_user()
    session = client.session
    session["anything"] = "trinh-duyet-nay"
    session.save()
    before = session.session_key

    sign_in(client)

    assert client.session.session_key != before
    assert client.session["anything"] == "trinh-duyet-nay"


def test_sign_out_ends_the_session(client: Client, told: list[Happening]) -> None:
    make_user()
    sign_in(client)

    response = client.post(reverse("accounts:sign_out"))

    assert response["Location"] == HERE
    assert not is_signed_in(client)
    assert actions(told) == ["accounts.signed_in", "accounts.signed_out"]


def test_sign_out_needs_a_post(client: Client) -> None:
    make_user()
    sign_in(client)

    client.get(reverse("accounts:sign_out"))

    assert is_signed_in(client)


@pytest.mark.parametrize(("key", "age"), [("seen_at", 61 * 60), ("signed_in_at", 12 * 3600 + 1)])
def test_session_ends_when_idle_or_after_a_working_day(client: Client, key: str, age: int) -> None:
    make_user()
    sign_in(client)
    assert is_signed_in(client)
    session = client.session
    session[key] = time.time() - age
    session.save()

    response = client.get(reverse("accounts:profile"))

    assert response["Location"] == f"{HERE}?next={reverse('accounts:profile')}"
    assert not is_signed_in(client)


def test_htmx_is_sent_to_the_whole_sign_in_page(client: Client) -> None:
    make_user()
    sign_in(client)
    is_signed_in(client)
    session = client.session
    session["seen_at"] = 0
    session.save()

    response = client.get(reverse("accounts:profile"), headers={"HX-Request": "true"})

    assert response["HX-Redirect"].startswith(HERE)


def test_given_password_must_be_changed_before_anything_else(client: Client, told: list[Happening]) -> None:
    make_user(must_change_password=True)
    sign_in(client)
    change = reverse("accounts:change_password")
    assert client.get("/")["Location"] == change

    new = "cau-khac-cung-de-nho"
    response = client.post(change, {"oldpassword": PASSWORD, "password1": new, "password2": new})

    assert response["Location"] == "/"
    assert client.get("/viec-cua-toi/").status_code == 200
    assert actions(told) == ["accounts.signed_in", "accounts.password_changed"]


def test_new_password_must_differ(client: Client) -> None:
    make_user()
    sign_in(client)

    response = client.post(
        reverse("accounts:change_password"),
        {"oldpassword": PASSWORD, "password1": PASSWORD, "password2": PASSWORD},
    )

    assert "Mật khẩu mới trùng mật khẩu hiện tại" in response.content.decode()


def test_weak_password_is_refused_in_vietnamese(client: Client) -> None:
    make_user()
    sign_in(client)

    page = client.post(
        reverse("accounts:change_password"), {"oldpassword": PASSWORD, "password1": "12345", "password2": "1"}
    ).content.decode()

    assert "Mật khẩu này quá ngắn" in page
    assert "Mật khẩu này chỉ gồm chữ số" in page
    assert "This password" not in page


def test_change_of_password_ends_the_other_sessions(client: Client) -> None:
    make_user()
    other = Client()
    sign_in(other)
    sign_in(client)

    new = "cau-khac-cung-de-nho"
    client.post(
        reverse("accounts:change_password"), {"oldpassword": PASSWORD, "password1": new, "password2": new}
    )

    assert is_signed_in(client)
    assert not is_signed_in(other)


def forget(client: Client, address: str) -> tuple[int, str]:
    response = client.post(reverse("accounts:forgotten_password"), {"email": address})
    letters.wait_until_posted()
    return response.status_code, response["Location"]


def test_forgotten_password_answers_the_same_for_everybody(client: Client) -> None:
    make_user()
    make_user("da-nghi", is_active=False)
    make_user("mau", is_demo=True)

    answers = {forget(client, f"{name}@example.vn") for name in ("can-bo", "da-nghi", "mau", "khong-co-ai")}

    assert answers == {(302, reverse("account_reset_password_done"))}
    assert [letter.to for letter in mail.outbox] == [["can-bo@example.vn"]]


def test_letter_leads_to_a_new_password_once(client: Client, told: list[Happening]) -> None:
    make_user()
    forget(client, "can-bo@example.vn")
    letter = mail.outbox[0]
    assert letter.subject == "[Thi Đua] Đặt lại mật khẩu"
    address = re.search(r"http://testserver(\S+)", str(letter.body))[1]  # type: ignore[index]

    form = client.get(address)["Location"]
    new = "cau-khac-cung-de-nho"
    done = client.post(form, {"password1": new, "password2": new})

    assert done["Location"] == reverse("account_reset_password_from_key_done")
    assert not is_signed_in(client)
    assert sign_in(client, password=new) == "/"
    assert "không còn dùng được" in Client().get(address).content.decode()
    assert "accounts.password_reset" in actions(told)


def enrol(client: Client) -> str:
    """Turn the second factor on; returns its secret."""
    again = client.get(reverse("mfa_activate_totp"))["Location"]
    client.post(again, {"password": PASSWORD})
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    secret = re.search(r'ac-secret">([A-Z2-7]+)<', page)[1]  # type: ignore[index]
    response = client.post(reverse("mfa_activate_totp"), {"code": totp(secret, time.time())})
    assert response["Location"] == reverse("mfa_view_recovery_codes")
    return secret


def test_second_factor_is_asked_for_and_a_code_works_once(client: Client) -> None:
    make_user()
    sign_in(client)
    secret = enrol(client)
    client.post(reverse("accounts:sign_out"))

    assert sign_in(client) == reverse("mfa_authenticate")
    assert not is_signed_in(client)
    wrong = client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert "Mã không đúng" in wrong.content.decode()
    code = totp(secret, time.time())
    assert client.post(reverse("mfa_authenticate"), {"code": code})["Location"] == "/"
    client.post(reverse("accounts:sign_out"))
    sign_in(client)
    again = client.post(reverse("mfa_authenticate"), {"code": code})

    assert "Mã không đúng" in again.content.decode()


def test_second_factor_in_the_log(
    client: Client, django_capture_on_commit_callbacks: Any, told: list[Happening]
) -> None:
    make_user()
    sign_in(client)
    with django_capture_on_commit_callbacks(execute=True):
        enrol(client)
    client.post(reverse("mfa_deactivate_totp"))

    assert [happening.label for happening in told] == [
        "Đăng nhập",
        "Bật xác thực hai lớp",
        "Tạo mã dự phòng",
        "Tắt xác thực hai lớp",
        "Tắt mã dự phòng",
    ]


def test_recovery_code_works_once(client: Client) -> None:
    make_user()
    sign_in(client)
    enrol(client)
    page = client.get(reverse("mfa_view_recovery_codes")).content.decode()
    codes = re.findall(r"<li><code>(\w+)</code>", page)
    client.post(reverse("accounts:sign_out"))

    for expected in (302, 200):
        sign_in(client)
        response = client.post(reverse("mfa_authenticate"), {"code": codes[0]})
        assert response.status_code == expected
        client.post(reverse("accounts:sign_out"))
    assert len(codes) == 10


def test_secret_of_the_second_factor_is_not_readable_in_the_database(client: Client) -> None:
    from allauth.mfa.models import Authenticator

    user = make_user()
    sign_in(client)
    secret = enrol(client)

    assert secret not in str(list(Authenticator.objects.filter(user=user).values_list("data", flat=True)))


def test_other_sessions_are_shown_and_ended(client: Client, told: list[Happening]) -> None:
    make_user()
    other = Client(HTTP_USER_AGENT="Máy ở phòng họp")
    sign_in(other)
    sign_in(client)
    assert "Máy ở phòng họp" in client.get(reverse("accounts:sessions")).content.decode()

    client.post(reverse("accounts:sessions"))

    assert is_signed_in(client)
    assert not is_signed_in(other)
    assert actions(told)[-1] == "accounts.sessions_ended"


def test_session_of_somebody_else_cannot_be_ended(client: Client) -> None:
    from allauth.usersessions.models import UserSession

    make_user()
    make_user("khac")
    other = Client()
    sign_in(other, "khac")
    sign_in(client)

    client.post(
        reverse("accounts:sessions"), {"phien": str(UserSession.objects.get(user__username="khac").pk)}
    )

    assert is_signed_in(other)


def test_nobody_signs_up(client: Client) -> None:
    assert client.get("/tai-khoan/signup/").status_code == 404


@override_settings(DEMO=True)
def test_demonstration_offers_its_accounts_by_group(client: Client) -> None:
    for order, (username, group) in enumerate([("a", "Huyện"), ("b", "Huyện"), ("c", "Tỉnh")]):
        make_user(username, is_demo=True, demo_group=group, demo_order=order)

    assert [(group.label, len(group.users)) for group in demo.groups()] == [("Huyện", 2), ("Tỉnh", 1)]
    assert client.post(reverse("accounts:demo_sign_in"), {"ten": "c"})["Location"] == "/"
    assert is_signed_in(client)


@override_settings(DEMO=True)
def test_one_click_works_for_demonstration_accounts_only(client: Client) -> None:
    make_user()

    assert client.post(reverse("accounts:demo_sign_in"), {"ten": "can-bo"}).status_code == 404


def test_demonstration_account_cannot_sign_in_elsewhere(client: Client) -> None:
    make_user("mau", is_demo=True)

    assert sign_in(client, "mau").startswith("Chưa đăng nhập được")
    assert client.post(reverse("accounts:demo_sign_in"), {"ten": "mau"}).status_code == 404


def test_open_session_of_a_demonstration_ends_with_it(client: Client) -> None:
    make_user("mau", is_demo=True)
    with override_settings(DEMO=True):
        sign_in(client, "mau")
        assert is_signed_in(client)

    assert not is_signed_in(client)


def test_behind_a_proxy_the_address_is_what_the_proxy_saw(client: Client, told: list[Happening]) -> None:
    make_user()
    with override_settings(BEHIND_PROXY=True):
        client.post(
            HERE,
            {"login": "can-bo", "password": PASSWORD},
            headers={"X-Forwarded-For": "1.1.1.1, 203.0.113.7"},
        )

    assert [happening.details for happening in told] == [{"address": "203.0.113.7"}]
