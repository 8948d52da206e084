"""What a worker does for the log: verify the whole chain."""

from __future__ import annotations

from thidua.core import clock
from thidua.jobs.registry import job_kind
from thidua.jobs.worker import Progress

VERIFY_CHAIN = "audit.verify_chain"


@job_kind(VERIFY_CHAIN, label="kiểm tra chuỗi nhật ký", max_attempts=2)
def verify_chain(progress: Progress) -> None:
    from thidua.audit.verifying import check_and_remember

    def show(done: int, total: int) -> None:
        progress.report(done, total, "đang kiểm tra chuỗi nhật ký")

    check_and_remember(now=clock.now(), report=show)
