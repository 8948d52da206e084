"""Signing and sealing by a worker: asked for on a page, done a moment later, told on the same page."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from thidua.documents.job_names import ISSUE_PAPER, SIGN_PAPER
from thidua.documents.models import OutgoingPaper, PaperState
from thidua.jobs.models import Job, JobState
from thidua.jobs.queue import enqueue, try_again
from thidua.organisations.authority import Acting

KINDS = {"sign": SIGN_PAPER, "issue": ISSUE_PAPER}
#: The state in which a paper waits for each.
FROM = {"sign": PaperState.REVIEWED, "issue": PaperState.NUMBERED}


def ask(paper: OutgoingPaper, step: str, *, acting: Acting) -> Job:
    """Let a worker sign or issue. Asking twice does it once; what failed is tried again."""
    with transaction.atomic():
        job = enqueue(
            KINDS[step],
            args={"paper_id": paper.pk, "user_id": acting.user.pk, "edition": paper.edition},
            key=_key(paper, step),
            requested_by=acting.user,
        )
        if job.state == JobState.FAILED:
            try_again(job, now=timezone.now())
    return job


def waiting(paper: OutgoingPaper) -> Job | None:
    """The job that this paper waits for, or the one that failed; None when there is none."""
    step = next((step for step, state in FROM.items() if state == paper.state), None)
    if step is None:
        return None
    return Job.objects.filter(key=_key(paper, step)).exclude(state=JobState.DONE).first()


def _key(paper: OutgoingPaper, step: str) -> str:
    number = f"-{paper.given_id}" if paper.given_id else ""
    return f"paper-{step}-{paper.pk}-{paper.edition}{number}"
