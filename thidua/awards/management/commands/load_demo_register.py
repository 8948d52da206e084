"""`thidua manage load_demo_register`: a handful of invented old awards. May be repeated."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from thidua.awards.register import demo
from thidua.core import clock


class Command(BaseCommand):
    help = "Ghi vài khoản khen thưởng cũ làm ví dụ; chỉ chạy khi THIDUA_DEMO bật."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Chưa nạp sổ khen thưởng mẫu: THIDUA_DEMO chưa bật. Đặt THIDUA_DEMO=1.")
        new = demo.load(on=clock.today(), now=clock.now())
        if new and options["verbosity"]:
            self.stdout.write(f"Đã ghi {new} khoản khen thưởng ví dụ vào sổ.")
