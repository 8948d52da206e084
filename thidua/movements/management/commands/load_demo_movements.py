"""`thidua load-demo-movements`: the movements of a demonstration at work. May be repeated."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from thidua.core import clock
from thidua.movements.plans import demo


class Command(BaseCommand):
    help = "Đưa năm kế hoạch mẫu vào thực hiện; chỉ chạy khi THIDUA_DEMO bật."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Chưa nạp việc mẫu: THIDUA_DEMO chưa bật. Đặt THIDUA_DEMO=1 rồi chạy lại.")
        call_command("load_national_plans", verbosity=0)
        plans = tasks = lived = 0
        for loaded in demo.load_all():
            lived += demo.live(loaded, on=clock.today())
            if loaded.missing and options["verbosity"]:
                sample = loaded.adopting.sample
                self.stdout.write(f"Chưa đưa bản mẫu {sample} vào thực hiện vì thiếu {loaded.missing}.")
            if loaded.is_new and loaded.version is not None:
                plans, tasks = plans + 1, tasks + loaded.version.plan.tasks.count()
        if plans and options["verbosity"]:
            self.stdout.write(f"Đã đưa {plans} kế hoạch mẫu vào thực hiện: {tasks} nhiệm vụ.")
        if lived and options["verbosity"]:
            self.stdout.write(f"Đã ghi tiến độ ví dụ cho {lived} nhiệm vụ.")
