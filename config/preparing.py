"""What stands between installed packages and a program that can be opened: database and static files.

Run as `python -m config.preparing` by ./run. May be repeated; does only what is missing.
"""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    prepare_database()
    collect_static_files()


def prepare_database() -> None:
    """Bring the tables up to date; quick when nothing is to be done."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        say("Đang chuẩn bị cơ sở dữ liệu …")
        call_command("migrate", verbosity=0, interactive=False)


def collect_static_files() -> None:
    """Gather, compress and fingerprint the static files when any of them has changed."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            status = Path(storage.path(name)).stat()
            digest.update(f"{name}|{status.st_size}|{status.st_mtime_ns}\n".encode())
    stamp = settings.STATIC_ROOT / ".gathered"
    if stamp.exists() and stamp.read_text(encoding="ascii") == digest.hexdigest():
        return
    say("Đang gom tệp tĩnh …")
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    stamp.write_text(digest.hexdigest(), encoding="ascii")


def say(text: str) -> None:
    sys.stderr.write(text + "\n")


if __name__ == "__main__":
    main()
