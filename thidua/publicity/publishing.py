"""Showing a plan or an issued paper to the public, and taking it back.

Nothing is public by accident: a thing is shown only while its own row says so. Hides that the row is made
with the first press of the switch.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from thidua.audit import log
from thidua.audit.log import Actor
from thidua.audit.workflow import Move, advance
from thidua.core.errors import RuleNotMet
from thidua.core.text import nfc
from thidua.documents.models import OutgoingPaper, PaperState
from thidua.movements.models import Plan, PlanVersion, PlanVersionState, Target
from thidua.publicity.models import Publication, PublicationState


def is_fit_to_be_seen(publication: Publication, move: Move) -> None:
    """Guard: a plan in force, an issued paper."""
    plan, paper = publication.plan, publication.paper
    if plan is not None and not in_force().filter(plan=plan).exists():
        raise RuleNotMet(
            "Chưa thể công khai kế hoạch này",
            why="kế hoạch chưa được đưa vào thực hiện",
            next_step="Đưa kế hoạch vào thực hiện rồi công khai",
        )
    if paper is not None and paper.state != PaperState.ISSUED:
        raise RuleNotMet(
            "Chưa thể công khai văn bản này",
            why="văn bản chưa phát hành, hoặc đã bị thu hồi",
            next_step="Phát hành văn bản rồi công khai",
        )


def in_force() -> QuerySet[PlanVersion]:
    return PlanVersion.objects.filter(state=PlanVersionState.ADOPTED)


def of(thing: Plan | OutgoingPaper, *, now: datetime) -> Publication:
    """The row of a plan or paper; one that is not yet saved when nobody has touched the switch."""
    key = "plan" if isinstance(thing, Plan) else "paper"
    found = Publication.objects.select_related("plan", "paper").filter(**{key: thing}).first()
    return found or Publication(**{key: thing}, changed_at=now)


def publish(
    thing: Plan | OutgoingPaper, *, summary: str = "", shows_file: bool = False, actor: Actor, now: datetime
) -> Publication:
    """Show it from now on. Pressed twice it only takes the new words."""
    publication = of(thing, now=now)
    actor.require("publication.switch", publication)
    changes: dict[str, Any] = {"summary": nfc(summary).strip(), "shows_file": shows_file, "changed_at": now}
    with transaction.atomic():
        if publication._state.adding:
            publication.save()
        if publication.state != PublicationState.PUBLISHED:
            advance(publication, "publish", actor=actor, now=now, changes={**changes, "published_at": now})
            return publication
        for name, value in changes.items():
            setattr(publication, name, value)
        publication.save(update_fields=list(changes))
        log.record(
            "publicity.publication.change",
            publication,
            label="Sửa mục công khai",
            actor=actor,
            now=now,
            details={"shows_file": shows_file},
        )
    return publication


def withdraw(publication: Publication, *, reason: str, actor: Actor, now: datetime) -> None:
    """Take it from the portal at once."""
    advance(publication, "withdraw", actor=actor, now=now, reason=reason, changes={"changed_at": now})


# --- what is shown -------------------------------------------------------------------------------------


def public_plans() -> QuerySet[Plan]:
    """Plans that are shown: published, and still in force."""
    shown = Publication.objects.filter(state=PublicationState.PUBLISHED, plan__isnull=False)
    return Plan.objects.filter(pk__in=shown.values("plan_id")).filter(
        pk__in=in_force().values("plan_id"), is_placeholder=False
    )


def public_papers() -> QuerySet[OutgoingPaper]:
    """Papers that are shown: published, and not recalled since."""
    shown = Publication.objects.filter(state=PublicationState.PUBLISHED, paper__isnull=False)
    return OutgoingPaper.objects.filter(pk__in=shown.values("paper_id"), state=PaperState.ISSUED)


def public_targets() -> QuerySet[Target]:
    return (
        Target.objects.filter(plan__in=public_plans().values("pk"), is_current=True)
        .select_related("item", "plan__movement", "plan__owner")
        .order_by("plan__dated", "plan_id", "item__position", "pk")
    )
