"""Announcing, concluding, following up: remedies with deadline and proof until the inspection is closed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.urls import reverse

from thidua.audit.log import Actor, record
from thidua.audit.workflow import advance
from thidua.core.errors import RuleNotMet
from thidua.core.formats import format_date
from thidua.core.text import fold, nfc, shortened, sort_key
from thidua.movements.tasks.evidence import Upload
from thidua.notices import telling
from thidua.oversight import proofs
from thidua.oversight.models import Finding, Inspection, Remedy, Visit


def announce(inspection: Inspection, *, actor: Actor, now: datetime) -> None:
    """Tell the chosen units that and when they are looked at."""
    days = f"từ {format_date(inspection.first_on)} đến {format_date(inspection.last_on)}"
    with transaction.atomic():
        advance(inspection, "announce", actor=actor, now=now)
        for visit in inspection.visits.all():
            telling.tell(
                kind="inspection.announced",
                text=f"Đơn vị được kiểm tra {days}: «{inspection.title}»",
                address=reverse("inspections:visit", args=[visit.pk]),
                now=now,
                sender=actor.name,
                unit_id=visit.unit_id,
            )


def conclude(inspection: Inspection, *, text: str, actor: Actor, now: datetime) -> None:
    """The conclusion for all units; the guard asks for the minutes of each."""
    text = nfc(text).strip()
    if not text:
        raise RuleNotMet("Chưa kết luận được", why="chưa ghi kết luận", next_step="Ghi kết luận rồi gửi lại")
    with transaction.atomic():
        advance(
            inspection, "conclude", actor=actor, now=now, changes={"conclusion": text, "concluded_at": now}
        )
        for visit in inspection.visits.all():
            telling.tell(
                kind="inspection.concluded",
                text=f"Đã có kết luận kiểm tra: «{inspection.title}»",
                address=reverse("inspections:visit", args=[visit.pk]),
                now=now,
                sender=actor.name,
                unit_id=visit.unit_id,
            )


def close(inspection: Inspection, *, actor: Actor, now: datetime) -> None:
    advance(inspection, "close", actor=actor, now=now)


def cancel(inspection: Inspection, *, reason: str, actor: Actor, now: datetime) -> None:
    with transaction.atomic():
        was_announced = not inspection.is_open_to_change
        advance(inspection, "cancel", actor=actor, now=now, reason=reason)
        for visit in inspection.visits.all() if was_announced else ():
            telling.tell(
                kind="inspection.cancelled",
                text=f"Thôi kiểm tra: «{inspection.title}»",
                address=reverse("inspections:visit", args=[visit.pk]),
                now=now,
                sender=actor.name,
                unit_id=visit.unit_id,
            )


# --- remedies -------------------------------------------------------------------------------------


def page_of(remedy: Remedy) -> str:
    return reverse("inspections:remedy", args=[remedy.pk])


def ask_remedy(
    visit: Visit, *, text: str, due_on: date, finding: Finding | None = None, actor: Actor, now: datetime
) -> Remedy:
    """Something the unit must put right by a day; the unit is told at once."""
    actor.require("inspection.record", visit)
    text = nfc(text).strip()
    if not text or due_on < actor.on:
        raise RuleNotMet(
            "Chưa lập được kiến nghị",
            why="chưa ghi phải làm gì" if not text else "hạn khắc phục đã qua",
            next_step="Ghi việc phải làm và một ngày từ hôm nay trở đi",
        )
    same = visit.remedies.filter(text=text, finding=finding).first()
    if same is not None:
        return same
    with transaction.atomic():
        remedy = Remedy.objects.create(
            visit=visit,
            finding=finding,
            text=text,
            text_order=sort_key(text[:200]),
            due_on=due_on,
            made_at=now,
            search_text=fold(text),
        )
        record(
            "oversight.remedy.ask",
            remedy,
            label="Kiến nghị khắc phục",
            actor=actor,
            now=now,
            object_unit_id=visit.unit_id,
            after=remedy.state,
            details={"due_on": due_on},
        )
        _tell(
            remedy,
            visit.unit_id,
            f"Phải khắc phục trước hết ngày {format_date(due_on)}",
            actor=actor,
            now=now,
        )
    return remedy


def report_remedy(
    remedy: Remedy, *, text: str, files: Sequence[Upload] = (), actor: Actor, now: datetime
) -> None:
    """The unit says what it did, with proof. Raises RuleNotMet without a word or without any proof."""
    text = nfc(text).strip()
    actor.require("remedy.report", remedy)
    if not text or (not files and not remedy.proofs.exists()):
        raise RuleNotMet(
            "Chưa báo cáo được",
            why="chưa ghi đã làm gì" if not text else "chưa có tài liệu hay ảnh chứng minh",
            next_step="Ghi kết quả và kèm ít nhất một tệp hoặc ảnh",
        )
    with transaction.atomic():
        proofs.attach(files, now=now, remedy=remedy)
        advance(remedy, "report", actor=actor, now=now, changes={"report": text, "reported_at": now})
        _tell(remedy, remedy.visit.inspection.unit_id, "Đơn vị đã báo cáo khắc phục", actor=actor, now=now)


def accept_remedy(remedy: Remedy, *, actor: Actor, now: datetime) -> None:
    with transaction.atomic():
        advance(remedy, "accept", actor=actor, now=now, changes={"closed_at": now})
        _tell(remedy, remedy.visit.unit_id, "Đã xác nhận khắc phục", actor=actor, now=now)


def send_back_remedy(remedy: Remedy, *, reason: str, actor: Actor, now: datetime) -> None:
    with transaction.atomic():
        advance(remedy, "send_back", actor=actor, now=now, reason=reason, changes={"reported_at": None})
        _tell(remedy, remedy.visit.unit_id, "Khắc phục chưa đạt, cần làm tiếp", actor=actor, now=now)


def _tell(remedy: Remedy, unit_id: int, what: str, *, actor: Actor, now: datetime) -> None:
    if unit_id != actor.unit_id:
        telling.tell(
            kind="remedy",
            text=f"{what}: «{shortened(remedy.text)}»",
            address=page_of(remedy),
            now=now,
            sender=actor.name,
            unit_id=unit_id,
        )
