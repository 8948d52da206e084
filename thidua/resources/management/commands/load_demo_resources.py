"""`thidua manage load_demo_resources`: the invented funds of a demonstration. May be repeated."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from thidua.core import clock
from thidua.resources import demo


class Command(BaseCommand):
    help = "Nạp quỹ, kết nghĩa và đợt thăm hỏi ví dụ; chỉ chạy khi THIDUA_DEMO bật."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Chưa nạp quỹ ví dụ: THIDUA_DEMO chưa bật. Đặt THIDUA_DEMO=1 rồi chạy lại.")
        count = demo.load(on=clock.today(), now=clock.now())
        if count and options["verbosity"]:
            self.stdout.write(f"Đã nạp {count} quỹ ví dụ, người ủng hộ không có thật.")
