"""Reads settings from the environment, each once, with its type.

Hides the parsing. A value that makes no sense raises `BadSetting`, whose text names the variable, what it
holds, and what to write instead. Every setting that was read is kept in `Environment.declared`, so that a
test can compare them with `docs/reference/settings.md`.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

TRUE_WORDS = ("1", "true", "yes", "on", "có")
FALSE_WORDS = ("0", "false", "no", "off", "không")


class BadSetting(SystemExit):
    """A setting that stops the start. Its text is for the person who runs the server."""

    def __init__(self, name: str, *, value: str, cure: str) -> None:
        super().__init__(f"Không khởi động được: biến {name} đang là «{value}». {cure}")


@dataclass(frozen=True, slots=True)
class Declared:
    """One setting as it is documented: its variable, type, default and what it does."""

    name: str
    kind: str
    default: str
    about: str


@dataclass(slots=True)
class Environment:
    """The variables a process was started with."""

    variables: Mapping[str, str]
    declared: list[Declared] = field(default_factory=list)

    def flag(self, name: str, *, default: bool, about: str) -> bool:
        """Yes or no."""
        raw = self._raw(name, kind="có/không", default="1" if default else "0", about=about)
        if raw is None:
            return default
        if raw.lower() in TRUE_WORDS:
            return True
        if raw.lower() in FALSE_WORDS:
            return False
        raise BadSetting(name, value=raw, cure="Hãy ghi 1 (có) hoặc 0 (không).")

    def number(self, name: str, *, default: int, lowest: int, highest: int, about: str) -> int:
        """A whole number from `lowest` to `highest`, both included."""
        raw = self._raw(name, kind=f"số nguyên {lowest}–{highest}", default=str(default), about=about)
        if raw is None:
            return default
        cure = f"Hãy ghi một số nguyên từ {lowest} đến {highest}, ví dụ {default}."
        try:
            value = int(raw)
        except ValueError:
            raise BadSetting(name, value=raw, cure=cure) from None
        if not lowest <= value <= highest:
            raise BadSetting(name, value=raw, cure=cure)
        return value

    def text(self, name: str, *, default: str, about: str) -> str:
        """Any text."""
        raw = self._raw(name, kind="chữ", default=default, about=about)
        return default if raw is None else raw

    def day(self, name: str, *, about: str) -> date | None:
        """A day as 2023-11-05; None when nothing is set."""
        raw = self._raw(name, kind="ngày (năm-tháng-ngày)", default="", about=about)
        if raw is None:
            return None
        try:
            return date.fromisoformat(raw)
        except ValueError:
            raise BadSetting(name, value=raw, cure="Hãy ghi ngày theo dạng 2023-11-05.") from None

    def choice(self, name: str, *, default: str, among: tuple[str, ...], about: str) -> str:
        """One of the words in `among`."""
        raw = self._raw(name, kind=" | ".join(among), default=default, about=about)
        if raw is None:
            return default
        if raw not in among:
            raise BadSetting(name, value=raw, cure=f"Hãy chọn một trong: {', '.join(among)}.")
        return raw

    def words(self, name: str, *, default: tuple[str, ...], about: str) -> list[str]:
        """Words separated by commas; spaces around them do not count."""
        raw = self._raw(
            name, kind="danh sách, cách nhau bằng dấu phẩy", default=",".join(default), about=about
        )
        if raw is None:
            return list(default)
        return [word.strip() for word in raw.split(",") if word.strip()]

    def folder(self, name: str, *, default: Path, about: str) -> Path:
        """An absolute path of a folder, made when it is missing."""
        raw = self._raw(name, kind="thư mục", default=default.name, about=about)
        path = default if raw is None else Path(raw)
        if not path.is_absolute():
            raise BadSetting(name, value=str(raw), cure="Hãy ghi đường dẫn đầy đủ, bắt đầu bằng dấu «/».")
        try:
            path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            cure = f"Không tạo được thư mục này ({error.strerror}). Hãy chọn thư mục mà bạn có quyền ghi."
            raise BadSetting(name, value=str(path), cure=cure) from None
        return path

    def database(self, name: str, *, default: Path, about: str) -> dict[str, Any]:
        """Django's description of a database, from `sqlite:///<path>` or
        `postgresql://user:password@host/name`.
        """
        raw = self._raw(
            name, kind="địa chỉ cơ sở dữ liệu", default="tệp SQLite trong THIDUA_DATA_DIR", about=about
        )
        if raw is None:
            return sqlite_database(default)
        cure = (
            "Hãy ghi «postgresql://người_dùng:mật_khẩu@máy:5432/tên» hoặc «sqlite:////đường/dẫn/tệp.sqlite3»."
        )
        # The password must not reach the screen or a log, so the message shows the scheme only.
        shown = raw.split(":", 1)[0] + ":…"
        try:
            parts = urlsplit(raw)
            port = parts.port
        except ValueError:
            raise BadSetting(name, value=shown, cure=cure) from None
        if parts.scheme == "sqlite" and parts.path.startswith("/") and len(parts.path) > 1:
            return sqlite_database(Path(unquote(parts.path[1:])))
        if parts.scheme in ("postgresql", "postgres") and len(parts.path) > 1:
            options = dict(parse_qsl(parts.query))
            return {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": unquote(parts.path[1:]),
                "USER": unquote(parts.username or ""),
                "PASSWORD": unquote(parts.password or ""),
                # A socket folder is given as ?host=/path, as libpq does.
                "HOST": options.pop("host", unquote(parts.hostname or "")),
                "PORT": str(port or ""),
                "OPTIONS": options,
                "CONN_MAX_AGE": 60,
                "CONN_HEALTH_CHECKS": True,
            }
        raise BadSetting(name, value=shown, cure=cure)

    def _raw(self, name: str, *, kind: str, default: str, about: str) -> str | None:
        """The value as written; an empty one counts as not set."""
        self.declared.append(Declared(name=name, kind=kind, default=default, about=about))
        return self.variables.get(name, "").strip() or None


def sqlite_database(path: Path) -> dict[str, Any]:
    """SQLite as a server uses it.

    Transactions begin IMMEDIATE: with the usual DEFERRED, two writers that have both read fail with
    "database is locked" at once, without waiting. WAL lets readers go on while one writes.
    """
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; "
                "PRAGMA temp_store=MEMORY; PRAGMA mmap_size=134217728; PRAGMA journal_size_limit=67108864;"
            ),
        },
        # On a file, so that a test's server thread and its other processes see the same rows; with a name of
        # its own, so that two runs of the tests do not disturb each other.
        "TEST": {"NAME": Path(tempfile.gettempdir()) / f"thidua-test-{os.getpid()}.sqlite3"},
    }
