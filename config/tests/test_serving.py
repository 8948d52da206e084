"""The server as ./run starts it: it answers, it stops, and it leaves nothing behind."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings

from tests import kept_database


@pytest.fixture
def environment(tmp_path: Path, django_db_setup: None) -> dict[str, str]:
    """An installation of its own, on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    variables = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    variables |= {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "THIDUA_DATA_DIR": str(tmp_path),
        "THIDUA_WEB_PROCESSES": "1",
        "PORT": str(port),
    }
    kept_database.copy_to(tmp_path / "thidua.sqlite3")
    run_module("config.preparing", variables)
    return variables


def run_module(name: str, variables: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", name],
        env=variables,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )


def start(variables: dict[str, str]) -> subprocess.Popen[str]:
    server = subprocess.Popen(
        [sys.executable, "-m", "config.serving"],
        env=variables,
        cwd=settings.BASE_DIR,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    wait_until(lambda: is_taken(variables))
    return server


def is_taken(variables: dict[str, str]) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", int(variables["PORT"]))) == 0


def wait_until(is_true: Callable[[], bool], *, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def test_server_answers_with_fingerprinted_files_and_stops_on_ctrl_c(environment: dict[str, str]) -> None:
    server = start(environment)
    connection = http.client.HTTPConnection("127.0.0.1", int(environment["PORT"]), timeout=10)

    connection.request("GET", "/")
    home = connection.getresponse()
    text = home.read().decode()
    style = text.split('<link rel="stylesheet" href="')[1].split('"')[0]
    connection.request("GET", style)
    sheet = connection.getresponse()
    sheet.read()
    taken = run_module("config.serving", environment)
    os.killpg(server.pid, signal.SIGINT)
    _, said = server.communicate(timeout=30)

    assert (home.status, sheet.status) == (200, 200)
    assert sheet.getheader("Cache-Control") == "max-age=315360000, public, immutable"
    assert taken.returncode == 1
    assert f"Cổng {environment['PORT']} đang có chương trình khác dùng." in taken.stderr
    assert server.returncode == 0
    assert f"http://localhost:{environment['PORT']}" in said
    assert said.endswith("Đã dừng.\n")
    assert not is_taken(environment)


def test_server_that_was_killed_leaves_its_port_free(environment: dict[str, str]) -> None:
    server = start(environment)

    server.kill()
    server.communicate(timeout=30)

    wait_until(lambda: not is_taken(environment))


def test_preparing_twice_does_nothing_the_second_time(environment: dict[str, str]) -> None:
    again = run_module("config.preparing", environment)

    assert (again.returncode, again.stderr) == (0, "")
