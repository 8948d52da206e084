"""`thidua manage load_demo_oversight`: inspections and difficulties of a demonstration. May be repeated."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from thidua.core import clock
from thidua.oversight import demo


class Command(BaseCommand):
    help = "Tạo cuộc kiểm tra và vướng mắc ví dụ; chỉ chạy khi THIDUA_DEMO bật."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Chưa nạp ví dụ: THIDUA_DEMO chưa bật. Đặt THIDUA_DEMO=1 rồi chạy lại.")
        with transaction.atomic():
            lived = demo.live(clock.today())
        if options["verbosity"]:
            self.stdout.write(
                f"Có {lived.inspections} cuộc kiểm tra ví dụ, thêm {lived.difficulties} vướng mắc ví dụ."
            )
