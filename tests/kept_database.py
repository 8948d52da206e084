"""The empty test database, migrated once and kept, because forty migrations take twenty seconds each time.

SQLite only. The copy lies in a folder of the user's own under the system's temporary folder and is
named for everything it depends on, so a changed migration makes a new one. Django still runs `migrate` over
the copy, finds nothing to do, and makes content types and permissions as always.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent
#: Migrations take their triggers from modules of the program.
IMPORTED = re.compile(r"^from (thidua[.\w]+) import|^import (thidua[.\w]+)", re.MULTILINE)


def lay_down_when_made() -> Callable[[], None]:
    """From now on a new test database of SQLite starts as the kept copy. Gives what ends this."""
    if connection.vendor != "sqlite":
        return lambda: None
    creation: Any = connection.creation
    make = creation._create_test_db

    def make_and_lay_down(*arguments: Any, **options: Any) -> str:
        name: str = make(*arguments, **options)
        kept = _kept_file()
        if kept.exists():
            shutil.copyfile(kept, name)
        return name

    creation._create_test_db = make_and_lay_down

    def stop() -> None:
        del creation._create_test_db

    return stop


def copy_to(path: Path) -> None:
    """A migrated database for a process of its own; none when nothing is kept, then it migrates itself."""
    kept = _kept_file()
    if kept.exists():
        shutil.copyfile(kept, path)


def keep() -> None:
    """Keep the migrated database for the next run, in one act, so that two workers may both try."""
    kept = _kept_file()
    if connection.vendor != "sqlite" or kept.exists():
        return
    unfinished = kept.with_suffix(f".{os.getpid()}")
    connection.ensure_connection()
    target = sqlite3.connect(unfinished)
    connection.connection.backup(target)
    target.close()
    unfinished.replace(kept)


def _kept_file() -> Path:
    folder = Path(tempfile.gettempdir()) / f"thidua-tests-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.stat().st_uid != os.getuid():
        raise PermissionError(f"{folder} belongs to somebody else")
    return folder / f"{_key()}.sqlite3"


def _key() -> str:
    digest = hashlib.sha256(f"{django.VERSION} {sqlite3.sqlite_version}".encode())
    migrations = sorted(ROOT.glob("thidua/**/migrations/*.py"))
    imported = set()
    for path in migrations:
        text = path.read_text(encoding="utf-8")
        digest.update(f"{path.relative_to(ROOT)}\n{text}".encode())
        imported |= {first or second for first, second in IMPORTED.findall(text)}
    for module in sorted(imported):
        path = ROOT / module.replace(".", "/")
        path = path.with_suffix(".py") if path.with_suffix(".py").exists() else path / "__init__.py"
        digest.update(path.read_bytes())
    return digest.hexdigest()[:24]
