"""What a worker does for reports: rounds of a plan that came into force, and the work of each day."""

from __future__ import annotations

from thidua.core import clock
from thidua.core.errors import UserError
from thidua.jobs.registry import job_kind
from thidua.jobs.worker import JobRefused, Progress

PROPOSE = "reports.propose_rounds"
DAILY = "reports.daily"
OFFER = "reports.offer_corrections"
MERGE = "reports.merge"
LIVE_DEMO = "reports.live_demo"


@job_kind(PROPOSE, label="lập đợt báo cáo của kế hoạch")
def propose_rounds(_progress: Progress, plan_id: int) -> None:
    """Plan the rounds of one plan and open those whose day has come."""
    from thidua.movements.models import Plan
    from thidua.reports import rounds

    plan = Plan.objects.filter(pk=plan_id).first()
    if plan is not None:
        rounds.propose(plan, now=clock.now())
        rounds.open_due(now=clock.now())


@job_kind(DAILY, label="việc hằng ngày của báo cáo", is_daily=True)
def daily(progress: Progress) -> None:
    """Rounds not yet proposed, rounds that open today, reports of units that ended, corrections."""
    from thidua.movements.models import Plan, PlanVersionState
    from thidua.reports import correcting, rounds

    now = clock.now()
    without = Plan.objects.filter(
        versions__state=PlanVersionState.ADOPTED, report_rounds__isnull=True
    ).distinct()
    for plan in without:
        rounds.propose(plan, now=now)
    progress.report(1, 4, "mở các đợt đến ngày")
    rounds.open_due(now=now)
    progress.report(2, 4, "chuyển báo cáo cho đơn vị kế thừa")
    rounds.pass_to_successors(now=now)
    progress.report(3, 4, "đối chiếu số liệu chính thức")
    correcting.offer(now=now)


@job_kind(OFFER, label="đối chiếu số đã báo cáo")
def offer_corrections(_progress: Progress) -> None:
    from thidua.reports import correcting

    correcting.offer(now=clock.now())


@job_kind(MERGE, label="tổng hợp báo cáo", max_attempts=2)
def merge_reports(progress: Progress, *, report_id: int, user_id: int) -> None:
    """Put many accepted reports into the merged one; what a user did wrong is said, not tried again."""
    from thidua.accounts.models import User
    from thidua.organisations.authority import acting
    from thidua.reports import merging
    from thidua.reports.models import Report

    report = Report.objects.select_related("round__plan__movement", "round__form", "unit").get(pk=report_id)
    actor = acting(User.objects.get(pk=user_id), on=clock.today())
    try:
        merging.build(report, actor=actor, now=clock.now(), told=progress.report)
    except UserError as refusal:
        raise JobRefused(refusal.message) from refusal


@job_kind(LIVE_DEMO, label="sống thử các đợt báo cáo trình diễn", max_attempts=3)
def live_demo(progress: Progress) -> None:
    """Live through the rounds of the demonstration; goes on where a worker died."""
    from thidua.reports import demo

    demo.live(on=clock.today(), told=progress.report)
