"""Job kinds that only tests run."""

from __future__ import annotations

import time
from pathlib import Path

from thidua.jobs.registry import job_kind
from thidua.jobs.worker import JobRefused, Progress


@job_kind("tests.count", max_attempts=2)
def count(progress: Progress, *, to: int) -> None:
    for step in range(1, to + 1):
        progress.report(step, to, f"bước {step}")


@job_kind("tests.fail", max_attempts=2)
def fail(progress: Progress) -> None:
    raise OSError("đĩa đầy")


@job_kind("tests.refuse")
def refuse(progress: Progress) -> None:
    raise JobRefused("Tệp trống.")


@job_kind("tests.sleep")
def sleep(progress: Progress, *, seconds: float) -> None:
    """Sleeps in its first attempt only, so that a second one can be seen to come through."""
    progress.report(1, 2, "đang ngủ")
    if progress.attempt == 1:
        time.sleep(seconds)
    progress.report(2, 2, "đã dậy")


@job_kind("tests.note", max_attempts=2)
def note(_progress: Progress, *, file: str, line: str) -> None:
    """Leaves a trace outside the database."""
    with Path(file).open("a") as out:
        out.write(f"{line}\n")


@job_kind("tests.every_five_minutes", every_minutes=5)
def every_five_minutes(_progress: Progress) -> None:
    pass
