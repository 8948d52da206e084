"""What a worker does for households: classify a file that was handed in.

The engine is imported when it runs.
"""

from __future__ import annotations

from thidua.jobs.registry import job_kind
from thidua.jobs.worker import JobRefused, Progress


@job_kind("households.classify_file", max_attempts=2)
def classify_file(progress: Progress, *, bulk_file_id: int) -> None:
    from thidua.core.errors import RuleNotMet
    from thidua.households.bulk_files import classify
    from thidua.households.models import BulkFile

    bulk_file = BulkFile.objects.select_related("unit", "file").get(pk=bulk_file_id)
    try:
        classify(bulk_file, progress=progress.report)
    except RuleNotMet as refusal:
        raise JobRefused(refusal.message) from refusal
