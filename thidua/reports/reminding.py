"""Reminders to all whose report has not come, in one act, with their history; nobody twice on one day."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time

from django.db import transaction
from django.db.models import Count, QuerySet
from django.urls import reverse

from thidua.audit.log import Actor, record
from thidua.core.clock import VIETNAM
from thidua.core.errors import RuleNotMet
from thidua.core.formats import format_date
from thidua.core.text import nfc
from thidua.notices.models import Notice
from thidua.notices.telling import written
from thidua.reports.models import Reminding, Report, Round, RoundState


def waiting(round_: Round) -> QuerySet[Report]:
    """Reports of this round that have not come, also returned ones."""
    return Report.objects.filter(round=round_, is_merged=False, is_owed=True, state__in=Report.UNSENT)


def late(round_: Round, *, now: datetime) -> QuerySet[Report]:
    return waiting(round_).filter(due_on__lt=now.astimezone(VIETNAM).date())


def usual_text(round_: Round, *, now: datetime) -> str:
    day = format_date(round_.units_due_on)
    if now.astimezone(VIETNAM).date() > round_.units_due_on:
        return f"«{round_.title}» đã quá hạn ngày {day}. Đề nghị đơn vị gửi ngay."
    return f"Đề nghị gửi «{round_.title}» hết ngày {day}."


def remind(
    round_: Round,
    *,
    text: str = "",
    only_late: bool = True,
    unit_ids: Collection[int] | None = None,
    actor: Actor,
    now: datetime,
) -> int:
    """One reminder to each unit that owes a report (late ones only, unless told otherwise); how many.

    Units that were reminded of this report today are left out. A fixed number of queries and some for each
    thousand units. Raises RuleNotMet when nobody is left.
    """
    actor.require("round.run", round_)
    if round_.state != RoundState.OPEN:
        raise RuleNotMet("Chưa đôn đốc được", why="đợt báo cáo không mở", next_step="Mở lại đợt rồi đôn đốc")
    text = nfc(text).strip() or usual_text(round_, now=now)
    with transaction.atomic():
        # Of two who press at once the second waits, and finds everybody reminded.
        Round.objects.select_for_update(of=("self",)).get(pk=round_.pk)
        rows = late(round_, now=now) if only_late else waiting(round_)
        if unit_ids is not None:
            rows = rows.filter(unit_id__in=unit_ids)
        owing = rows.count()
        morning = datetime.combine(now.astimezone(VIETNAM).date(), time.min, tzinfo=VIETNAM)
        today = Reminding.objects.filter(report__round=round_, sent_at__gte=morning)
        reports = list(rows.exclude(pk__in=today.values("report_id")).order_by("pk"))
        if not reports:
            raise RuleNotMet(
                "Không có đơn vị nào để đôn đốc",
                why="các đơn vị còn nợ đã được đôn đốc hôm nay" if owing else "không đơn vị nào chậm",
                next_step="Đôn đốc lại vào ngày khác"
                if owing
                else "Xem bảng để biết đơn vị nào chưa đến hạn",
            )
        _store(reports, text, actor=actor, now=now)
        record(
            "reports.round.remind",
            round_,
            label="Đôn đốc các đơn vị chưa gửi báo cáo",
            actor=actor,
            now=now,
            object_unit_id=round_.plan.owner_id,
            details={"units": len(reports), "text": text},
        )
    return len(reports)


def _store(reports: list[Report], text: str, *, actor: Actor, now: datetime) -> None:
    Reminding.objects.bulk_create(
        (
            Reminding(report=report, text=text, sender_unit_id=actor.unit_id, user=actor.user, sent_at=now)
            for report in reports
        ),
        batch_size=500,
    )
    Notice.objects.bulk_create(
        (
            written(
                kind="report.reminder",
                text=text,
                address=reverse("reports:report", args=[report.pk]),
                now=now,
                sender=actor.name,
                unit_id=report.unit_id,
            )
            for report in reports
        ),
        batch_size=500,
    )


@dataclass(frozen=True, slots=True)
class Sent:
    """One act of reminding: when, by whom, what, to how many units."""

    at: datetime
    sender: str
    text: str
    units: int


def history(round_: Round, *, most: int = 20) -> list[Sent]:
    """The last acts, newest first; one query."""
    rows = (
        Reminding.objects.filter(report__round=round_)
        .order_by()
        .values("sent_at", "user__full_name", "text")
        .annotate(units=Count("report_id"))
        .order_by("-sent_at")[:most]
    )
    return [
        Sent(row["sent_at"], row["user__full_name"] or "Hệ thống", row["text"], row["units"]) for row in rows
    ]
