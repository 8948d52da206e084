"""What a worker does for units: hold a long file against them, and take it in."""

from __future__ import annotations

from thidua.core import clock
from thidua.core.errors import UserError
from thidua.jobs.registry import job_kind
from thidua.jobs.worker import JobRefused, Progress
from thidua.organisations.authority import acting
from thidua.organisations.models import UnitImport

CHECK_IMPORT = "organisations.check_import"
CARRY_OUT_IMPORT = "organisations.carry_out_import"


@job_kind(CHECK_IMPORT, label="kiểm tra tệp đơn vị", max_attempts=2)
def check_import(progress: Progress, *, import_id: int) -> None:
    from thidua.organisations import unit_import

    progress.report(0, None, "đang đối chiếu từng ô")
    kept = UnitImport.objects.select_related("user").get(pk=import_id)
    unit_import.check(kept, actor=acting(kept.user, on=kept.on), now=clock.now())


@job_kind(CARRY_OUT_IMPORT, label="nhập tệp đơn vị", max_attempts=2)
def carry_out_import(progress: Progress, *, import_id: int) -> None:
    from thidua.organisations import unit_import

    kept = UnitImport.objects.select_related("user").get(pk=import_id)
    if kept.is_done:  # a worker that died after the commit
        return
    progress.report(0, None, "đang nhập đơn vị")
    try:
        unit_import.carry_out(kept, actor=acting(kept.user, on=kept.on), now=clock.now())
    except UserError as refusal:
        raise JobRefused(refusal.message) from refusal
