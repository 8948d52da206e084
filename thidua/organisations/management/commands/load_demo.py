"""`thidua load-demo`: the accounts of a demonstration, and what they have done. May be repeated."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError

from thidua.accounts import demo as demo_accounts
from thidua.audit.log import System
from thidua.core import clock
from thidua.core.errors import RuleNotMet
from thidua.organisations.people import demo

#: Commands of apps above that fill the demonstration with work, when they exist.
FURTHER = (
    "load_demo_movements",
    "load_demo_households",
    "load_demo_papers",
    "load_demo_oversight",
    "load_demo_resources",
)


class Command(BaseCommand):
    help = "Tạo tài khoản trình diễn và việc mẫu; chỉ chạy khi THIDUA_DEMO bật."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            loaded = demo.load(
                settings.BASE_DIR / "data" / "demo" / "people.yaml",
                actor=System(clock.today()),
                now=clock.now(),
            )
        except RuleNotMet as refusal:
            raise CommandError(refusal.message) from None
        if loaded.made:
            self.stdout.write(f"Đã tạo {loaded.made} tài khoản trình diễn.")
        if loaded.skipped:
            self.stdout.write(
                f"Bỏ qua {len(loaded.skipped)} tài khoản trình diễn vì chưa có đơn vị của họ "
                f"({', '.join(loaded.skipped[:3])} …). Chạy thidua load-units rồi chạy lại lệnh này."
            )
        for name in FURTHER:
            if name in get_commands():
                call_command(name, verbosity=options["verbosity"])
        if options["verbosity"] > 1:
            self.stdout.write(f"Mật khẩu chung: {demo_accounts.PASSWORD}")
