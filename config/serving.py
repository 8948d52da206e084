"""The web server and the job worker of one machine, started and stopped together.

Run as `python -m config.serving` by ./run. When the worker dies it is started again, because its jobs
are kept; when the web server dies, everything stops. Ctrl-C and SIGTERM stop both.
"""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from types import FrameType

import django
from django.conf import settings

from config.preparing import collect_static_files, prepare_database, say

#: How long a running job or request may take to come to its end after a stop was asked for.
GRACE_SECONDS = 10


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    if not is_port_free():
        say(
            f"Cổng {settings.PORT} đang có chương trình khác dùng.\n"
            f"Hãy dừng chương trình đó, hoặc chọn cổng khác: PORT={settings.PORT + 1} ./run"
        )
        return 1
    prepare_database()
    collect_static_files()
    return Serving().run_until_stopped()


class Serving:
    """The two child processes."""

    def __init__(self) -> None:
        self.is_stopping = False
        self.web = start(web_command())
        self.worker = start(worker_command())

    def run_until_stopped(self) -> int:
        """Watch over both; returns the exit code for the shell."""
        signal.signal(signal.SIGINT, self.stop)
        signal.signal(signal.SIGTERM, self.stop)
        announced = False
        while not self.is_stopping:
            if self.web.poll() is not None:
                say("Máy chủ web đã dừng; xem dòng lỗi phía trên.")
                break
            if self.worker.poll() is not None:
                say("Bộ chạy nền đã dừng; đang khởi động lại.")
                time.sleep(1)
                self.worker = start(worker_command())
            if not announced and answers():
                announced = True
                say(welcome())
            time.sleep(0.2)
        return self.end()

    def stop(self, _number: int, _frame: FrameType | None) -> None:
        self.is_stopping = True

    def end(self) -> int:
        """Ask both to end, and insist after a while."""
        failed = self.web.poll() not in (None, 0)
        for process in (self.web, self.worker):
            process.terminate()
        deadline = time.monotonic() + GRACE_SECONDS
        for process in (self.web, self.worker):
            try:
                process.wait(timeout=max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        say("Đã dừng.")
        return 1 if failed else 0


def start(command: list[str]) -> subprocess.Popen[bytes]:
    """Start a child that gets SIGTERM when this process dies, so that no port stays taken after a kill -9."""
    return subprocess.Popen(command, preexec_fn=die_with_parent if sys.platform == "linux" else None)


def die_with_parent() -> None:
    set_parent_death_signal = 1
    ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGTERM)


def web_command() -> list[str]:
    """Gunicorn with thread workers; an event loop was four to seven times slower for these pages."""
    return [
        sys.executable,
        "-m",
        "gunicorn",
        "config.wsgi:application",
        f"--bind={settings.BIND}:{settings.PORT}",
        "--worker-class=gthread",
        f"--workers={settings.WEB_PROCESSES}",
        f"--threads={settings.WEB_THREADS}",
        f"--graceful-timeout={GRACE_SECONDS - 2}",
        "--preload",
        # It would lie in the home folder, one for all servers of the machine.
        "--no-control-socket",
        "--log-level=warning",
    ]


def worker_command() -> list[str]:
    code = "import django; django.setup(); from thidua.jobs.worker import work_forever; work_forever()"
    return [sys.executable, "-c", code]


def is_port_free() -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As gunicorn does it: a connection of an earlier run that is still closing is no obstacle.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.BIND, settings.PORT))
        except OSError:
            return False
    return True


def answers() -> bool:
    """Whether the web server takes connections."""
    host = "127.0.0.1" if settings.BIND == "0.0.0.0" else settings.BIND  # noqa: S104 -- compared, not bound
    with suppress(OSError), socket.create_connection((host, settings.PORT), timeout=1):
        return True
    return False


def welcome() -> str:
    return (
        "\n"
        f"  Thi Đua đang chạy tại  http://localhost:{settings.PORT}\n"
        "  Đọc kế hoạch không cần đăng nhập.\n"
        f"{how_to_sign_in()}"
        "  Nhấn Ctrl-C để dừng.\n"
    )


def how_to_sign_in() -> str:
    """Where, and with which names; without any account, how to make the first."""
    from thidua.accounts import demo
    from thidua.accounts.models import User

    lines = []
    if settings.DEMO:
        if settings.DEMO_DAY:
            lines.append(f"Bản trình diễn, đang sống ở ngày {settings.DEMO_DAY:%d/%m/%Y}.")
        names = demo.examples()
        if names:
            lines += [
                f"Đăng nhập: http://localhost:{settings.PORT}/tai-khoan/dang-nhap/ chọn một người, hoặc gõ",
                f"  tên      {', '.join(names)} …",
                f"  mật khẩu {demo.PASSWORD}",
            ]
    elif not User.objects.filter(is_active=True, is_demo=False).exists():
        lines.append("Chưa có tài khoản nào. Tạo người quản trị đầu tiên: .venv/bin/thidua create-admin")
    return "".join(f"  {line}\n" for line in lines)


if __name__ == "__main__":
    sys.exit(main())
