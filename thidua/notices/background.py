"""What workers do for notices: reminders of the day, and letters every few minutes."""

from __future__ import annotations

from thidua.core import clock
from thidua.jobs.registry import job_kind
from thidua.jobs.worker import Progress


@job_kind("notices.remind", label="nhắc thời hạn trong ngày", is_daily=True)
def remind(progress: Progress) -> None:
    """Write down who is reminded of what today; those inside the program are told at once."""
    from thidua.notices import planning, sending

    now = clock.now()
    planning.remind(now=now, told=progress.report)
    sending.send_due(now=now, told=progress.report)


@job_kind("notices.send", label="gửi thư thông báo", every_minutes=2, max_attempts=1)
def send(progress: Progress) -> None:
    """Letters of new notices, and whatever may leave now."""
    from thidua.notices import planning, sending

    now = clock.now()
    planning.plan_notices(now=now)
    sending.send_due(now=now, told=progress.report)
