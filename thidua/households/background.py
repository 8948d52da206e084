"""What a worker does for households: classify a file that was handed in; erase what has expired, every day.

The engine is imported when it runs.
"""

from __future__ import annotations

from thidua.jobs.registry import job_kind
from thidua.jobs.worker import JobRefused, Progress


@job_kind("households.classify_file", label="phân loại tệp nhiều hộ", max_attempts=2)
def classify_file(progress: Progress, *, bulk_file_id: int) -> None:
    from thidua.core.errors import RuleNotMet
    from thidua.households.bulk_files import classify
    from thidua.households.models import BulkFile

    bulk_file = BulkFile.objects.select_related("unit", "file").get(pk=bulk_file_id)
    try:
        classify(bulk_file, progress=progress.report)
    except RuleNotMet as refusal:
        raise JobRefused(refusal.message) from refusal


@job_kind("households.erase_expired", label="xóa thông tin hộ hết hạn giữ", is_daily=True)
def erase_expired(progress: Progress) -> None:
    """Nothing unless the installation says for how many years personal data of those who left is kept."""
    from django.conf import settings

    from thidua.audit.log import System
    from thidua.core import clock
    from thidua.households import register

    years = settings.HOUSEHOLD_RETENTION_YEARS
    if not years:
        progress.report(0, 0, "không đặt thời hạn lưu giữ")
        return
    today = clock.today()
    count = register.erase_expired(
        left_before=register.years_before(today, years), actor=System(on=today), now=clock.now()
    )
    progress.report(count, count, f"đã xóa thông tin cá nhân của {count} hộ")
