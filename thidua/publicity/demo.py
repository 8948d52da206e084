"""The demonstration's portal: the adopted sample plans and an issued paper, published by their officers."""

from __future__ import annotations

from datetime import date, datetime

from thidua.accounts.models import User
from thidua.documents.models import OutgoingPaper, PaperState
from thidua.movements.models import Plan
from thidua.organisations.authority import Acting, acting
from thidua.organisations.models import Mandate, Role
from thidua.publicity import publishing

SUMMARY = "Kế hoạch mẫu của bản trình diễn: người dân xem được chỉ tiêu, tiến độ và nguồn số liệu."


def load(*, on: date, now: datetime) -> int:
    """Publish what the invented officers may publish; how many things are new. May be repeated."""
    new = 0
    plans = Plan.objects.filter(pk__in=publishing.in_force().values("plan_id")).order_by("pk")
    for plan in plans:
        officer = _officer([plan.owner_id, plan.standing_body_id], on=on)
        if officer is not None and publishing.of(plan, now=now).pk is None:
            publishing.publish(plan, summary=SUMMARY, shows_file=True, actor=officer, now=now)
            new += 1
    for paper in OutgoingPaper.objects.filter(state=PaperState.ISSUED, drafted_by__is_demo=True).order_by(
        "pk"
    ):
        officer = _officer([paper.unit_id], on=on)
        if officer is not None and publishing.of(paper, now=now).pk is None:
            publishing.publish(paper, actor=officer, now=now)
            new += 1
    return new


def _officer(units: list[int | None], *, on: date) -> Acting | None:
    """An invented person who may publish for one of the units."""
    mandates = Mandate.objects.filter(
        unit_id__in=[unit for unit in units if unit],
        role__in=(Role.STANDING, Role.LEADER),
        user__is_demo=True,
        since__lte=on,
        until__gt=on,
        revoked_at__isnull=True,
    )
    user_id = mandates.order_by("pk").values_list("user_id", flat=True).first()
    return acting(User.objects.get(pk=user_id), on=on) if user_id else None
