"""`thidua load-demo-movements`: the movement of a demonstration at work. May be repeated."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from thidua.core import clock
from thidua.movements.plans import demo


class Command(BaseCommand):
    help = "Đưa kế hoạch mẫu của huyện Phong Thổ vào thực hiện; chỉ chạy khi THIDUA_DEMO bật."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Chưa nạp việc mẫu: THIDUA_DEMO chưa bật. Đặt THIDUA_DEMO=1 rồi chạy lại.")
        call_command("load_national_plans", verbosity=0)
        loaded = demo.load()
        lived = demo.live(loaded, on=clock.today())
        if not options["verbosity"]:
            return
        if loaded.missing:
            self.stdout.write(f"Chưa đưa kế hoạch mẫu vào thực hiện vì thiếu {loaded.missing}.")
        elif loaded.is_new and loaded.version is not None:
            tasks = loaded.version.plan.tasks.count()
            self.stdout.write(f"Đã đưa kế hoạch mẫu của huyện Phong Thổ vào thực hiện: {tasks} nhiệm vụ.")
        if lived:
            self.stdout.write(f"Đã ghi tiến độ ví dụ cho {lived} nhiệm vụ.")
