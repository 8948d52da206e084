"""The commands that need Django; it is imported only when one of them is called."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

SERVER_COMMANDS = {
    "serve": "mở trang web và bộ chạy nền, như ./run",
    "work": "chỉ chạy bộ chạy nền",
    "migrate": "cập nhật cấu trúc cơ sở dữ liệu",
    "load-units": "nạp danh mục đơn vị hành chính và cơ quan",
    "load-samples": "nạp các kế hoạch mẫu",
    "load-demo": "tạo tài khoản và việc trình diễn (chỉ khi THIDUA_DEMO bật)",
    "create-admin": "tạo người quản trị đầu tiên, in mật khẩu dùng một lần",
    "load-national-plans": "nạp phong trào, kế hoạch toàn quốc để đối chiếu",
    "erase-households": "xóa thông tin cá nhân của hộ rời sổ đã lâu; không có --that thì chỉ đếm",
    "audit": "kiểm tra chuỗi nhật ký: thidua audit verify",
    "manage": "gọi lệnh quản trị của Django, ví dụ thidua manage shell",
}


def run_server_command(name: str, arguments: Sequence[str]) -> int:
    """Hand over to Django; returns the exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if name in ("serve", "work") and arguments:
        is_help = arguments[0] in ("-h", "--help")
        out = sys.stdout if is_help else sys.stderr
        print(f"Cách dùng: thidua {name}\n\n{SERVER_COMMANDS[name]}.", file=out)
        return 0 if is_help else 2
    if name == "serve":
        # Starts and watches processes of its own and takes the signals, so it replaces this process.
        os.execv(sys.executable, [sys.executable, "-m", "config.serving"])  # noqa: S606 - our own module
    import django

    if name == "work":
        django.setup()
        from thidua.jobs.worker import work_forever

        work_forever()
        return 0
    return _manage(name, arguments)


def _manage(name: str, arguments: Sequence[str]) -> int:
    from django.core.management import execute_from_command_line

    command = [] if name == "manage" else [name.replace("-", "_")]
    try:
        execute_from_command_line(["thidua manage" if name == "manage" else "thidua", *command, *arguments])
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(bool(end.code))
    return 0
