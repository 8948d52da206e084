"""`thidua load-demo-publicity`: what the portal of a demonstration shows. May be repeated."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from thidua.core import clock
from thidua.publicity import demo


class Command(BaseCommand):
    help = "Công khai kế hoạch, văn bản, gương sáng mẫu; chỉ chạy khi THIDUA_DEMO bật."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Chưa nạp cổng mẫu: THIDUA_DEMO chưa bật. Đặt THIDUA_DEMO=1 rồi chạy lại.")
        new = demo.load(on=clock.today(), now=clock.now())
        if new and options["verbosity"]:
            self.stdout.write(f"Đã đưa {new} mục lên cổng công khai.")
