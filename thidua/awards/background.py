"""What a worker does for awards: judge the many subjects of a large round."""

from __future__ import annotations

from thidua.core import clock
from thidua.core.errors import UserError
from thidua.jobs.registry import job_kind
from thidua.jobs.worker import JobRefused, Progress

SUGGEST = "awards.suggest"


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
