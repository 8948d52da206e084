"""`thidua load-national-plans`: national movements and plans, provincial numbers. May be repeated."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from thidua.audit.log import System
from thidua.core import clock
from thidua.movements.cascade.national import load


class Command(BaseCommand):
    help = "Nạp phong trào và kế hoạch toàn quốc; chạy lại thì chỉ cập nhật phần đã thay đổi."

    def handle(self, *args: Any, **options: Any) -> None:
        now = clock.now()
        loaded = load(settings.BASE_DIR / "data", actor=System(on=clock.today()), now=now)
        if loaded.is_changed and options["verbosity"]:
            self.stdout.write(
                f"Đã nạp {loaded.movements} phong trào, {loaded.plans} kế hoạch toàn quốc, "
                f"{loaded.placeholders} kế hoạch cấp tỉnh chưa có văn bản."
            )
