"""`thidua erase-households`: personal data of households that left long ago. First counts, then erases."""

from __future__ import annotations

import argparse
from datetime import date
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db.models import Count

from thidua.audit.log import System
from thidua.core import clock
from thidua.core.formats import format_date, parse_date
from thidua.households import register
from thidua.organisations import tree


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text) if "-" in text else parse_date(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"«{text}» không phải một ngày; ghi 2020-01-01 hoặc 01/01/2020"
        ) from None


class Command(BaseCommand):
    help = (
        "Xóa thông tin cá nhân của hộ đã rời sổ trước một ngày. Không có --that thì chỉ đếm, không xóa. "
        "Mã hộ, phân loại các năm vẫn giữ; mỗi hộ một dòng nhật ký."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--left-before",
            type=_day,
            help="rời sổ trước ngày này; không ghi thì theo THIDUA_HOUSEHOLD_RETENTION_YEARS",
        )
        parser.add_argument("--commune", help="mã một xã; không ghi thì mọi xã")
        parser.add_argument("--that", action="store_true", help="xóa thật, không lấy lại được")

    def handle(self, *args: Any, **options: Any) -> None:
        today = clock.today()
        left_before: date | None = options["left_before"]
        if left_before is None:
            if not settings.HOUSEHOLD_RETENTION_YEARS:
                raise CommandError(
                    "Chưa biết xóa đến đâu: chưa đặt THIDUA_HOUSEHOLD_RETENTION_YEARS. Ghi --left-before."
                )
            left_before = register.years_before(today, settings.HOUSEHOLD_RETENTION_YEARS)
        if left_before > today:
            raise CommandError(f"{format_date(left_before)} chưa đến. Ghi một ngày đã qua.")
        commune = tree.unit_at(options["commune"]) if options["commune"] else None
        if options["commune"] and commune is None:
            raise CommandError(f"Không có đơn vị mã «{options['commune']}». Xem mã ở trang Đơn vị.")
        rows = register.expired(left_before=left_before, commune=commune)
        by_commune = list(
            rows.order_by().values_list("commune").annotate(number=Count("pk")).order_by("commune")
        )
        labels = tree.labels_on([pk for pk, _ in by_commune], on=today)
        for pk, number in by_commune:
            self.stdout.write(f"{labels.get(pk, pk)}: {number} hộ")
        total = sum(number for _, number in by_commune)
        if not options["that"]:
            self.stdout.write(
                f"Sẽ xóa thông tin cá nhân của {total} hộ rời sổ trước {format_date(left_before)}. "
                "Chưa xóa gì; thêm --that để xóa."
            )
            return
        count = register.erase_expired(
            left_before=left_before, commune=commune, actor=System(on=today), now=clock.now()
        )
        self.stdout.write(f"Đã xóa thông tin cá nhân của {count} hộ.")
