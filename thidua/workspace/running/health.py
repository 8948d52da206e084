"""Whether the program is well: database, tables, workers, queue, disk.

Each check answers by itself and never raises, so that one that fails hides no other; a database that is away
leaves the checks that need it unanswered.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.migration import Migration

from thidua.core.formats import format_number
from thidua.jobs import life


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at. `detail` is for administrators; `cure` says what to do when it is not well."""

    key: str
    label: str
    is_well: bool
    detail: str
    cure: str = ""


@dataclass(frozen=True, slots=True)
class Health:
    checks: tuple[Check, ...]

    @property
    def is_well(self) -> bool:
        return all(check.is_well for check in self.checks)


def look(*, now: datetime) -> Health:
    """`now` is the machine's clock, also in a demonstration that lives on another day."""
    database = _database()
    checks = [database]
    if database.is_well:
        checks += [_asked(*one) for one in ((_migrations, now), (_workers, now), (_queue, now))]
    return Health((*checks, _disk()))


def free_bytes() -> int:
    return shutil.disk_usage(settings.DATA_DIR).free


def _asked(check: Callable[[datetime], Check], now: datetime) -> Check:
    try:
        return check(now)
    except DatabaseError as error:
        return Check(
            check.__name__.strip("_"),
            "Bảng dữ liệu",
            False,
            " ".join(str(error).split()),
            "Chạy thidua migrate rồi khởi động lại chương trình",
        )


def _database() -> Check:
    label, cure = "Cơ sở dữ liệu", "Kiểm tra máy chủ cơ sở dữ liệu và biến DATABASE_URL"
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
    except DatabaseError as error:
        return Check("database", label, False, " ".join(str(error).split()), cure)
    return Check("database", label, True, f"Trả lời ({connection.vendor})")


def _migrations(_now: datetime) -> Check:
    waiting = _waiting_migrations()
    return Check(
        "migrations",
        "Cấu trúc dữ liệu",
        not waiting,
        f"{len(waiting)} bước cập nhật chưa chạy" if waiting else "Đã cập nhật",
        "Chạy thidua migrate rồi khởi động lại chương trình",
    )


#: Names of databases that were seen up to date: this process brings no later steps along.
_up_to_date: set[str] = set()


def _waiting_migrations() -> list[tuple[Migration, bool]]:
    """Reading all steps takes a while, and anybody may ask: once up to date is enough."""
    name = str(connection.settings_dict["NAME"])
    if name in _up_to_date:
        return []
    executor = MigrationExecutor(connection)
    waiting: list[tuple[Migration, bool]] = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if not waiting:
        _up_to_date.add(name)
    return waiting


def _workers(now: datetime) -> Check:
    alive = sum(seen.is_alive for seen in life.workers(now=now))
    return Check(
        "workers",
        "Bộ chạy nền",
        alive > 0,
        f"{alive} bộ đang chạy" if alive else "Không bộ nào đang chạy",
        "Chạy thidua work, hoặc khởi động lại chương trình bằng ./run",
    )


def _queue(now: datetime) -> Check:
    seconds = life.longest_wait_seconds(now=now)
    most = settings.HEALTH_LONGEST_WAIT_SECONDS
    return Check(
        "queue",
        "Hàng đợi việc chạy nền",
        seconds <= most,
        f"Việc đến giờ chờ lâu nhất {seconds // 60} phút {seconds % 60} giây"
        if seconds
        else "Không việc nào chờ",
        "Xem trang Việc chạy nền; nếu việc nhiều, chạy thêm một bộ bằng thidua work",
    )


def _disk() -> Check:
    label, cure = "Ổ đĩa", "Dọn bớt tệp hoặc mở rộng ổ đĩa chứa THIDUA_DATA_DIR"
    try:
        free = free_bytes()
    except OSError as error:
        return Check("disk", label, False, str(error), cure)
    return Check(
        "disk",
        label,
        free >= settings.HEALTH_MIN_FREE_BYTES,
        f"Còn trống {format_number(free // 1024**2)} MB",
        cure,
    )
