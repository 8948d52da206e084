"""`thidua load-indicators`: what is measured, and published figures of both movements. May be repeated."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from thidua.audit.log import System
from thidua.core import clock
from thidua.core.errors import RuleNotMet
from thidua.indicators import definitions, published
from thidua.indicators.new_rural import published as decisions


class Command(BaseCommand):
    help = "Nạp định nghĩa chỉ tiêu và số liệu đã công bố; chạy lại thì chỉ cập nhật phần đã thay đổi."

    def handle(self, *args: Any, **options: Any) -> None:
        folder = settings.BASE_DIR / "data" / "indicators"
        try:
            read = definitions.read(folder / "definitions.yaml")
            loaded = definitions.load(read)
            actor, now = System(on=clock.today()), clock.now()
            report = published.load(folder, read, actor=actor, now=now)
            recognised = decisions.load(folder / "recognitions.csv", read, actor=actor, now=now)
        except definitions.BadDefinitions as error:
            raise CommandError(str(error)) from error
        except RuleNotMet as refusal:
            raise CommandError(refusal.message) from refusal
        if options["verbosity"] and (loaded.is_changed or report.is_changed or recognised.new):
            self.stdout.write(
                f"Đã nạp {loaded.standards} chuẩn, bộ tiêu chí và {loaded.indicators} chỉ tiêu.\n"
                f"{report.sentence()}\n"
                f"Quyết định công nhận nông thôn mới: {recognised.new} xã"
                + (f"; chưa khớp: {', '.join(recognised.unmatched)}." if recognised.unmatched else ".")
            )
