"""Classes from planning to the roll call, and guidance documents on their own."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.urls import reverse

from thidua.audit.log import Actor, record
from thidua.audit.workflow import advance
from thidua.core.errors import RuleNotMet
from thidua.core.formats import format_date
from thidua.core.text import fold, nfc, sort_key
from thidua.movements.models import Plan
from thidua.movements.tasks.evidence import Upload
from thidua.notices import telling
from thidua.oversight import proofs
from thidua.oversight.models import Guidance, Participant, Training, TrainingState


@dataclass(frozen=True, slots=True)
class Planned:
    """A class as a form gives it."""

    title: str
    content: str
    first_on: date
    last_on: date
    place: str


def plan_class(
    planned: Planned,
    *,
    unit_id: int,
    invited: Collection[int],
    plan: Plan | None = None,
    actor: Actor,
    now: datetime,
) -> Training:
    """A new class; the invited units are told. Raises NotAllowed, RuleNotMet."""
    title = nfc(planned.title).strip()[:300]
    if not title or planned.last_on < planned.first_on or not invited:
        raise RuleNotMet(
            "Chưa lập được lớp tập huấn",
            why="chưa ghi tên lớp"
            if not title
            else "chưa chọn đơn vị được mời"
            if not invited
            else "ngày kết thúc trước ngày bắt đầu",
            next_step="Xem lại tên, ngày và đơn vị được mời",
        )
    training = Training(
        unit_id=unit_id,
        plan=plan,
        title=title,
        title_order=sort_key(title),
        content=nfc(planned.content).strip(),
        first_on=planned.first_on,
        last_on=planned.last_on,
        place=nfc(planned.place).strip()[:300],
        user=actor.user,
        made_at=now,
        search_text=fold(f"{title} {planned.content} {planned.place}"),
    )
    actor.require("training.run", training)
    with transaction.atomic():
        training.save(force_insert=True)
        training.units.set(invited)
        record(
            "oversight.training.plan",
            training,
            label="Lập lớp tập huấn",
            actor=actor,
            now=now,
            object_unit_id=unit_id,
            after=training.state,
            details={"invited": sorted(invited)},
        )
        text = f"Mời dự lớp tập huấn ngày {format_date(training.first_on)}: «{title}»"
        telling.tell_units(
            kind="training",
            texts={invited_id: text for invited_id in invited if invited_id != unit_id},
            address=reverse("trainings:training", args=[training.pk]),
            now=now,
            sender=actor.name,
        )
    return training


def put_down(
    training: Training, *, unit_id: int, name: str, post: str = "", actor: Actor, now: datetime
) -> Participant:
    """A unit names somebody who comes; the organiser may do so for any invited unit."""
    actor.require("training.register", Participant(training=training, unit_id=unit_id))
    name = nfc(name).strip()[:200]
    invited = training.units.filter(pk=unit_id).exists()
    if not name or not invited or training.state != TrainingState.PLANNED:
        raise RuleNotMet(
            "Chưa đăng ký được người dự",
            why="chưa ghi họ tên"
            if not name
            else "đơn vị này không được mời"
            if not invited
            else f"lớp đang ở trạng thái «{training.get_state_display()}»",
            next_step="Xem lại họ tên và đơn vị, hoặc liên hệ đơn vị tổ chức",
        )
    kept, _ = Participant.objects.update_or_create(
        training=training, unit_id=unit_id, name=name, defaults={"post": nfc(post).strip()[:200]}
    )
    return kept


def call_the_roll(
    training: Training, came: Collection[int], *, actor: Actor, now: datetime
) -> tuple[int, int]:
    """Who of those put down came; the others did not. Returns how many came, of how many. May be repeated."""
    actor.require("training.run", training)
    if training.state == TrainingState.CANCELLED or training.first_on > actor.on:
        raise RuleNotMet(
            "Chưa điểm danh được",
            why="lớp đã hủy" if training.state == TrainingState.CANCELLED else "lớp chưa đến ngày",
            next_step="Điểm danh từ ngày mở lớp",
        )
    with transaction.atomic():
        training.participants.filter(pk__in=came).update(came=True)
        training.participants.exclude(pk__in=came).update(came=False)
        found = training.participants.filter(came=True).count(), training.participants.count()
        record(
            "oversight.training.roll",
            training,
            label="Điểm danh",
            actor=actor,
            now=now,
            object_unit_id=training.unit_id,
            details={"came": found[0], "of": found[1]},
        )
        if training.state == TrainingState.PLANNED:
            advance(training, "hold", actor=actor, now=now)
    return found


def cancel(training: Training, *, reason: str, actor: Actor, now: datetime) -> None:
    text = f"Hủy lớp tập huấn: «{training.title}»"
    with transaction.atomic():
        advance(training, "cancel", actor=actor, now=now, reason=reason)
        telling.tell_units(
            kind="training",
            texts=dict.fromkeys(training.units.values_list("pk", flat=True), text),
            address=reverse("trainings:training", args=[training.pk]),
            now=now,
            sender=actor.name,
        )


def write_guidance(
    *,
    unit_id: int,
    title: str,
    text: str,
    number: str = "",
    plan: Plan | None = None,
    files: Sequence[Upload] = (),
    actor: Actor,
    now: datetime,
) -> Guidance:
    """A guidance document of a body, with its file."""
    title, text = nfc(title).strip()[:500], nfc(text).strip()
    if not title or (not text and not files):
        raise RuleNotMet(
            "Chưa ra được hướng dẫn",
            why="chưa ghi tên" if not title else "chưa có nội dung hay tệp",
            next_step="Ghi tên, và nội dung hoặc kèm tệp",
        )
    guidance = Guidance(
        unit_id=unit_id,
        plan=plan,
        title=title,
        title_order=sort_key(title),
        number=number.strip()[:100],
        dated=actor.on,
        text=text,
        search_text=fold(f"{number} {title} {text}"),
        user=actor.user,
        made_at=now,
    )
    actor.require("guidance.write", guidance)
    with transaction.atomic():
        guidance.save(force_insert=True)
        proofs.attach(files, now=now, guidance=guidance)
        record(
            "oversight.guidance.write",
            guidance,
            label="Ra hướng dẫn",
            actor=actor,
            now=now,
            object_unit_id=unit_id,
        )
    return guidance
