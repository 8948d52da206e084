"""Settings from the environment: read with their type, refused with a sentence."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from config.environment import BadSetting, Environment


def read(**variables: str) -> Environment:
    return Environment(variables)


@pytest.mark.parametrize(
    ("raw", "value"), [("1", True), ("có", True), ("No", False), ("0", False), ("", True)]
)
def test_flag(raw: str, value: bool) -> None:
    assert read(A=raw).flag("A", default=True, about="") is value


def test_flag_of_neither_kind_is_refused() -> None:
    with pytest.raises(BadSetting) as refusal:
        read(A="perhaps").flag("A", default=True, about="")

    assert str(refusal.value) == (
        "Không khởi động được: biến A đang là «perhaps». Hãy ghi 1 (có) hoặc 0 (không)."
    )


@pytest.mark.parametrize("raw", ["0", "11", "five", "1.5"])
def test_number_outside_its_range_is_refused(raw: str) -> None:
    with pytest.raises(BadSetting, match="Hãy ghi một số nguyên từ 1 đến 10, ví dụ 3"):
        read(A=raw).number("A", default=3, lowest=1, highest=10, about="")


def test_choice_outside_its_words_is_refused() -> None:
    with pytest.raises(BadSetting, match="Hãy chọn một trong: x, y"):
        read(A="z").choice("A", default="x", among=("x", "y"), about="")


def test_words_are_stripped() -> None:
    assert read(A=" a.vn, b.vn ,").words("A", default=(), about="") == ["a.vn", "b.vn"]


def test_folder_must_be_absolute() -> None:
    with pytest.raises(BadSetting, match="bắt đầu bằng dấu «/»"):
        read(A="var").folder("A", default=Path("/x"), about="")


def test_database_on_a_postgresql_server() -> None:
    found = read(A="postgresql://u:p%40ss@db.local:5433/thidua").database("A", default=Path("/x"), about="")

    assert {key: found[key] for key in ("ENGINE", "NAME", "USER", "PASSWORD", "HOST", "PORT")} == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "thidua",
        "USER": "u",
        "PASSWORD": "p@ss",
        "HOST": "db.local",
        "PORT": "5433",
    }


def test_database_behind_a_socket() -> None:
    found = read(A="postgresql://u@/thidua?host=/run/pg").database("A", default=Path("/x"), about="")

    assert (found["HOST"], found["PORT"], found["OPTIONS"]) == ("/run/pg", "", {})


def test_database_in_a_file() -> None:
    found = read(A="sqlite:////srv/thi-dua.sqlite3").database("A", default=Path("/x"), about="")

    assert (found["NAME"], found["OPTIONS"]["transaction_mode"]) == (
        Path("/srv/thi-dua.sqlite3"),
        "IMMEDIATE",
    )


@pytest.mark.parametrize(
    "raw", ["mysql://u:secret@h/d", "postgresql://u:secret@h", "secret", "sqlite://secret"]
)
def test_refused_database_address_keeps_its_password(raw: str) -> None:
    with pytest.raises(BadSetting) as refusal:
        read(A=raw).database("A", default=Path("/x"), about="")

    assert "secret" not in str(refusal.value).replace("secret:…", "")


def test_senseless_setting_stops_the_start_with_a_sentence() -> None:
    result = subprocess.run(
        [sys.executable, "-c", "import django; django.setup()"],
        env={**os.environ, "PORT": "http", "DJANGO_SETTINGS_MODULE": "config.settings"},
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == (
        "Không khởi động được: biến PORT đang là «http». Hãy ghi một số nguyên từ 1 đến 65535, ví dụ 8000.\n"
    )


def test_secret_key_is_made_once_and_read_by_its_owner_only(tmp_path: Path) -> None:
    from config.settings import secret_key

    path = tmp_path / "key"
    first = secret_key(path)

    assert (secret_key(path), path.stat().st_mode & 0o777) == (first, 0o600)
    assert len(first) >= 50
