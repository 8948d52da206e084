"""What a worker does for awards: judge the many subjects of a large round."""

from __future__ import annotations

from thidua.core import clock
from thidua.core.errors import UserError
from thidua.jobs.registry import job_kind
from thidua.jobs.worker import JobRefused, Progress

SUGGEST = "awards.suggest"
LIVE_DEMO = "awards.live_demo"


@job_kind(SUGGEST, label="gợi ý khen thưởng", max_attempts=2)
def suggest(progress: Progress, *, round_id: int, user_id: int) -> None:
    """Suggestions of one round; a second run makes a newer set. What is refused is not tried again."""
    from thidua.accounts.models import User
    from thidua.awards import suggesting
    from thidua.awards.models import AwardRound
    from thidua.organisations.authority import acting

    round_ = AwardRound.objects.select_related("plan__movement", "deciding_body").get(pk=round_id)
    actor = acting(User.objects.get(pk=user_id), on=clock.today())
    progress.report(0, 1, "đối chiếu số liệu với tiêu chí")
    try:
        suggesting.suggest(round_, actor=actor, now=clock.now())
    except UserError as refusal:
        raise JobRefused(refusal.message) from refusal


@job_kind("awards.carry_out", max_attempts=3)
def carry_out(progress: Progress, *, decision_id: int) -> None:
    """A long list takes effect; done again, nothing happens twice."""
    from thidua.awards.decisions import carrying_out
    from thidua.awards.models import AwardDecision

    decision = AwardDecision.objects.get(pk=decision_id)
    try:
        carrying_out.carry_out(
            decision,
            actor=carrying_out.carried_out_by(clock.today()),
            now=clock.now(),
            progress=lambda _done, _total: None,
        )
    except UserError as refusal:
        raise JobRefused(refusal.message) from refusal
    progress.report(1, 1, "đã ghi kết quả")


@job_kind("awards.print_certificates", max_attempts=3)
def print_certificates(progress: Progress, *, print_id: int) -> None:
    """Draw the certificates of one printing; drawn again, the same file comes out."""
    from thidua.awards.decisions import printing
    from thidua.awards.models import CertificatePrint

    asked = CertificatePrint.objects.select_related(
        "design__background", "design__emblem", "design__unit", "decision"
    ).get(pk=print_id)
    try:
        printing.draw(asked, now=clock.now(), progress=progress.report)
    except UserError as refusal:
        raise JobRefused(refusal.message) from refusal


@job_kind(LIVE_DEMO, label="sống thử đợt xét khen thưởng trình diễn", max_attempts=5)
def live_demo(progress: Progress) -> None:
    """Live through the review of the demonstration; tried again while its figures are not there yet."""
    from thidua.awards import demo

    lived = demo.live(on=clock.today(), told=progress.report)
    if lived.notes:
        raise RuntimeError("; ".join(lived.notes))
