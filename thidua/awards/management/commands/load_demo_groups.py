"""`thidua manage load_demo_groups`: a cluster, one year published, one being scored. May be repeated."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from thidua.awards.groups import demo
from thidua.core import clock


class Command(BaseCommand):
    help = "Lập cụm thi đua mẫu với hai năm chấm điểm; chỉ chạy khi THIDUA_DEMO bật."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Chưa nạp cụm thi đua mẫu: THIDUA_DEMO chưa bật. Đặt THIDUA_DEMO=1.")
        new = demo.load(on=clock.today())
        if new and options["verbosity"]:
            self.stdout.write(f"Đã lập cụm thi đua ví dụ với {new} năm chấm điểm.")
