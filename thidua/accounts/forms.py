"""The forms of sign-in: allauth's, with our words."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account_forms
from allauth.mfa.base import forms as code_forms
from allauth.mfa.totp import forms as totp_forms
from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest

from thidua.accounts.happenings import tell
from thidua.accounts.models import User
from thidua.accounts.sign_in import may_sign_in

LOCKED = (
    "Tên đăng nhập này đã nhập sai quá 5 lần từ máy của bạn nên tạm khóa 15 phút. "
    "Chờ hết thời gian rồi thử lại, hoặc liên hệ người quản trị đơn vị."
)
WHAT_IS_ASKED_OF_IT = (
    "Ít nhất 10 ký tự, không chỉ gồm chữ số, không giống tên của bạn, không phải mật khẩu quá phổ biến. "
    "Nên dùng một câu ngắn dễ nhớ."
)


class OurWords(forms.Form):
    """Labels and help in Vietnamese, no placeholders in place of labels."""

    words: dict[str, tuple[str, str]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        for name, field in self.fields.items():
            label, help_text = self.words.get(name, (field.label, ""))
            field.label, field.help_text = label, help_text
            field.widget.attrs.pop("placeholder", None)
            field.widget.attrs["class"] = "form-control"


class SignInForm(OurWords, account_forms.LoginForm):  # type: ignore[misc]  # allauth has no types
    words = {"login": ("Tên đăng nhập", ""), "password": ("Mật khẩu", "")}
    request: HttpRequest

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs |= {"autocapitalize": "none", "spellcheck": "false"}

    def clean(self) -> dict[str, Any]:
        try:
            cleaned: dict[str, Any] = super().clean() or {}
        except ValidationError:
            if getattr(self.request, "axes_locked_out", False):
                raise ValidationError(LOCKED) from None
            raise
        return cleaned


class PasswordAgainForm(OurWords, account_forms.ReauthenticateForm):  # type: ignore[misc]
    words = {"password": ("Mật khẩu", "")}


class ChangePasswordForm(OurWords, account_forms.ChangePasswordForm):  # type: ignore[misc]
    words = {
        "oldpassword": ("Mật khẩu hiện tại", ""),
        "password1": ("Mật khẩu mới", WHAT_IS_ASKED_OF_IT),
        "password2": ("Nhập lại mật khẩu mới", ""),
    }

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        new = cleaned.get("password1")
        if new and new == cleaned.get("oldpassword"):
            self.add_error("password1", "Mật khẩu mới trùng mật khẩu hiện tại. Hãy chọn mật khẩu khác.")
        return cleaned

    def save(self) -> None:
        with transaction.atomic():
            super().save()
            tell("password_changed", self.user, label="Đổi mật khẩu", by=self.user)


class ForgottenPasswordForm(OurWords, account_forms.ResetPasswordForm):  # type: ignore[misc]
    words = {"email": ("Địa chỉ thư điện tử", "Địa chỉ mà người quản trị đã ghi cho tài khoản của bạn.")}
    users: list[User]

    def clean_email(self) -> str:
        email: str = super().clean_email()
        self.users = [user for user in self.users if may_sign_in(user)]
        return email


class NewPasswordForm(OurWords, account_forms.ResetPasswordKeyForm):  # type: ignore[misc]
    words = {"password1": ("Mật khẩu mới", WHAT_IS_ASKED_OF_IT), "password2": ("Nhập lại mật khẩu mới", "")}

    def save(self) -> None:
        with transaction.atomic():
            super().save()
            tell("password_reset", self.user, label="Đặt lại mật khẩu qua thư", by=self.user)


CODE_WORDS = {"code": ("Mã xác thực", "6 chữ số trên ứng dụng xác thực, hoặc một mã dự phòng.")}


class CodeWords(OurWords):
    words = CODE_WORDS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs |= {"spellcheck": "false", "autocapitalize": "none"}


class CodeForm(CodeWords, code_forms.AuthenticateForm):  # type: ignore[misc]
    pass


class CodeAgainForm(CodeWords, code_forms.ReauthenticateForm):  # type: ignore[misc]
    pass


class FirstCodeForm(CodeWords, totp_forms.ActivateTOTPForm):  # type: ignore[misc]
    words = {"code": ("Mã trên ứng dụng", "6 chữ số mà ứng dụng vừa hiện.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs |= {"inputmode": "numeric"}
