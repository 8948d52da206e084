"""`thidua create-admin`: the first administrator, with a password that is printed once."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email

from thidua.audit.log import System
from thidua.core import clock
from thidua.core.errors import RuleNotMet
from thidua.organisations.people.people import first_administrator
from thidua.organisations.tree import labels_on, unit_at


class Command(BaseCommand):
    help = "Tạo người quản trị đầu tiên; mật khẩu dùng một lần được in ra màn hình."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--username", help="tên đăng nhập")
        parser.add_argument("--name", help="họ và tên")
        parser.add_argument("--email", help="thư điện tử, để đặt lại mật khẩu")
        parser.add_argument(
            "--unit", default="viet-nam", help="mã định danh của đơn vị cao nhất được quản trị (viet-nam)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        unit = unit_at(options["unit"])
        if unit is None:
            raise CommandError(
                f"Chưa có đơn vị «{options['unit']}». Chạy thidua load-units trước, hoặc chọn --unit khác."
            )
        username = options["username"] or input("Tên đăng nhập: ")
        name = options["name"] or input("Họ và tên: ")
        email = options["email"] if options["email"] is not None else input("Thư điện tử (có thể bỏ trống): ")
        try:
            UnicodeUsernameValidator()(username.strip())
            if email.strip():
                validate_email(email.strip())
            given = first_administrator(
                username=username,
                full_name=name,
                email=email,
                unit=unit,
                actor=System(clock.today(), name="Dòng lệnh của máy chủ"),
                now=clock.now(),
                on=clock.today(),
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        except RuleNotMet as refusal:
            raise CommandError(refusal.message) from None
        label = labels_on([unit.pk], on=clock.today()).get(unit.pk, unit.key)
        self.stdout.write(
            f"Đã tạo tài khoản «{given.user.username}», quản trị {label}.\n"
            f"Mật khẩu dùng một lần: {given.password}\n"
            "Mật khẩu này chỉ hiện ở đây; lần đăng nhập đầu tiên chương trình yêu cầu đổi."
        )
