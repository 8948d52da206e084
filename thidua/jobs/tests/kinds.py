"""Job kinds that only tests run."""

from __future__ import annotations

import time

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
