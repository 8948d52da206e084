"""Posted lists whose period is over and whose candidates still stand there: for the office of the round."""

from __future__ import annotations

from django.urls import reverse

from thidua.awards.opinions.due_things import to_conclude
from thidua.awards.rights import DECIDING
from thidua.organisations.authority import Acting
from thidua.organisations.waiting import Waiting

MOST = 60


def matters(acting: Acting) -> list[Waiting]:
    """One query. While opinions are taken there is nothing to do, and nothing is shown."""
    mine = acting.unit_ids(DECIDING)
    if not mine:
        return []
    rows = to_conclude(acting.on).filter(round__standing_body_id__in=mine, until__lt=acting.on)
    return [
        Waiting(
            title="Danh sách hết thời gian công khai",
            why="Đã hết hạn nhận ý kiến",
            act="Tổng hợp ý kiến, trình hội đồng",
            address=reverse("opinions:posting", args=[row.pk]),
            about=row.round.name,
            due_on=row.council_from or row.until,
        )
        for row in rows.order_by("until", "pk")[:MOST]
    ]
