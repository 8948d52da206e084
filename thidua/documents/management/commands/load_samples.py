"""`thidua load-samples`: the plans in data/plans/ as documents that everybody sees. May be repeated."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone
from django.utils.text import slugify

from thidua.documents.plan_reading import take_in_sample


class Command(BaseCommand):
    help = "Nạp các kế hoạch mẫu; chạy lại thì chỉ cập nhật bản đã thay đổi."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--dir",
            type=Path,
            default=settings.BASE_DIR / "data" / "plans",
            help="thư mục chứa kế hoạch mẫu (mặc định data/plans)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        paths = sorted(options["dir"].glob("*.txt"))
        changed = sum(
            take_in_sample(path, address=sample_address(path), now=timezone.now()) for path in paths
        )
        if changed and options["verbosity"]:
            self.stdout.write(f"Đã nạp {changed}/{len(paths)} kế hoạch mẫu.")


def sample_address(path: Path) -> str:
    """ "mau-002" for 002_….txt: stays the same when the file changes."""
    return f"mau-{slugify(path.stem.partition('_')[0])}"[:40]
