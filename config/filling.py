"""What an installation holds from the start: units, national and sample plans, people of a demonstration.

Run as `python -m config.filling` by ./run. Each command may be repeated; all are skipped when neither their
files nor the database have changed since they ran, so that a second start is quick.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command, get_commands

from config.preparing import say

#: What to call, in this order, and only in a demonstration.
ALWAYS = (
    ("load_units", "Đang nạp danh mục đơn vị …"),
    ("load_indicators", "Đang nạp chỉ tiêu và số liệu đã công bố …"),
    ("load_national_plans", "Đang nạp phong trào và kế hoạch toàn quốc …"),
    ("load_samples", "Đang nạp kế hoạch mẫu …"),
)
DEMONSTRATION = (
    ("load_demo", "Đang tạo tài khoản trình diễn …"),
    ("load_demo_register", "Đang ghi khoản khen thưởng ví dụ …"),
    ("load_demo_groups", "Đang lập cụm thi đua ví dụ …"),
    ("load_demo_reports", "Đang giao việc lập báo cáo mẫu …"),
    ("load_demo_awards", "Đang giao việc xét khen thưởng mẫu …"),
    ("load_demo_publicity", "Đang công khai kế hoạch mẫu …"),
)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    fill()


def fill() -> None:
    """Call what is due, and remember with which files."""
    stamp, digest = settings.DATA_DIR / ".filled", current()
    if stamp.exists() and stamp.read_text(encoding="ascii") == digest and is_filled():
        return
    commands = [*ALWAYS, *(DEMONSTRATION if settings.DEMO else ())]
    for name, sentence in commands:
        if name in get_commands():
            say(sentence)
            call_command(name, verbosity=1)
    stamp.write_text(current(), encoding="ascii")


def is_filled() -> bool:
    """Whether this database is the one that was filled: another, or an emptied one, holds nothing."""
    from thidua.accounts.models import User
    from thidua.documents.models import Document

    return Document.objects.filter(is_sample=True).exists() and (
        not settings.DEMO or User.objects.filter(is_demo=True).exists()
    )


def current() -> str:
    """The files that the commands read, and the commands themselves, by size and time of change."""
    digest = hashlib.sha256(f"{settings.DEMO}|{settings.DATABASES['default']['NAME']}\n".encode())
    root: Path = settings.BASE_DIR
    paths = [
        *root.glob("data/**/*"),
        *root.glob("thidua/**/management/commands/*.py"),
        *root.glob("thidua/**/demo*.py"),
    ]
    for path in sorted(path for path in paths if path.is_file()):
        status = path.stat()
        digest.update(f"{path}|{status.st_size}|{status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


if __name__ == "__main__":
    main()
