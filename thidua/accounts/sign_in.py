"""Who gets in: the check of passwords, and what allauth is told to do our way.

Hides allauth's and axes' ways of being configured. Nothing here says whether an account exists: unknown name,
wrong password, closed account and lock-out sound the same and take the same time.
"""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from thidua.accounts import letters
from thidua.accounts.models import User


class PasswordBackend(ModelBackend):
    """Name and password. For an unknown name Django hashes all the same, so that both take as long."""

    def user_can_authenticate(self, user: Any) -> bool:
        """Not with a closed account, nor a demonstration account elsewhere; open sessions end, too."""
        return may_sign_in(user)


def may_sign_in(user: User) -> bool:
    return user.is_active and (settings.DEMO or not user.is_demo)


def client_address(request: HttpRequest) -> str:
    """The address a request comes from.

    Behind a proxy of ours the last one of X-Forwarded-For, which the proxy wrote; the ones before it are the
    visitor's own claim.
    """
    if settings.BEHIND_PROXY:
        forwarded = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
        if forwarded:
            return forwarded
    return request.META.get("REMOTE_ADDR") or "127.0.0.1"


REFUSED = (
    "Chưa đăng nhập được: tên đăng nhập hoặc mật khẩu không đúng, hoặc tài khoản đang bị khóa. "
    "Kiểm tra lại rồi thử lần nữa; sai nhiều lần liên tiếp thì phải chờ 15 phút. "
    "Quên mật khẩu thì chọn «Quên mật khẩu» hoặc liên hệ người quản trị đơn vị."
)
TOO_OFTEN = "Thử quá nhiều lần trong thời gian ngắn. Chờ vài phút rồi thử lại."
WRONG_CODE = "Mã không đúng hoặc đã hết hạn. Xem mã mới trên điện thoại rồi nhập lại."


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Our words, no self sign-up, letters sent aside."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": REFUSED,
        "too_many_login_attempts": REFUSED,
        "account_inactive": REFUSED,
        "invalid_login": REFUSED,
        "enter_current_password": "Mật khẩu hiện tại không đúng. Nhập lại mật khẩu đang dùng.",
        "incorrect_password": "Mật khẩu không đúng. Nhập lại mật khẩu đang dùng.",
        "invalid_password_reset": "Đường dẫn đặt lại mật khẩu đã hết hạn. Hãy yêu cầu đường dẫn mới.",
        "rate_limited": TOO_OFTEN,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """allauth's own messages are not shown; our pages say what happened."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        letters.post(self.render_mail(template_prefix, email, context))

    def format_email_subject(self, subject: str) -> str:
        return f"[Thi Đua] {subject}"

    def set_password(self, user: User, password: str) -> None:
        """A password of one's own choice; it ends the duty to change a given one."""
        user.set_password(password)
        user.must_change_password = False
        user.save(update_fields=["password", "must_change_password"])

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return "/"


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """Our words; the secrets of second factors lie encrypted in the database."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": WRONG_CODE,
        "cannot_generate_recovery_codes": "Hãy bật xác thực hai lớp trước rồi mới tạo được mã dự phòng.",
    }

    def get_totp_label(self, user: User) -> str:
        return user.username

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return _cipher().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            # Written with another THIDUA_SECRET_KEY: no code will fit, the administrator resets the factor.
            raise ValidationError(WRONG_CODE) from None


def _cipher() -> Fernet:
    key = hashlib.sha256(b"second factor:" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
