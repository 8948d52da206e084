"""Working at a unit: findings item by item, figures counted again, the minutes.

Each item is saved on its own and may be sent again without harm: what a broken connection did not carry over
is all that is lost. Findings stay open to change until the minutes.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from thidua.audit.log import Actor, record
from thidua.audit.workflow import advance
from thidua.core.errors import RuleNotMet
from thidua.core.text import nfc
from thidua.indicators import values
from thidua.indicators.models import Value
from thidua.movements.tasks.evidence import Upload
from thidua.movements.warning_signs import Asked
from thidua.oversight import proofs
from thidua.oversight.inspections import sampling, signs
from thidua.oversight.models import ChecklistItem, Finding, Found, Inspection, Recheck, Visit, VisitState

#: So many figures of a unit are offered to be counted again.
FIGURES = 6


def begin(visit: Visit, *, held_on: date, actor: Actor, now: datetime) -> None:
    """The team is at the unit."""
    advance(visit, "begin", actor=actor, now=now, changes={"held_on": held_on})


def write(
    visit: Visit,
    item: ChecklistItem,
    *,
    outcome: Found | str,
    text: str,
    files: Sequence[Upload] = (),
    actor: Actor,
    now: datetime,
) -> Finding:
    """Write down one item, over what was written before; files are added. An empty outcome keeps a draft.

    Raises NotAllowed, RuleNotMet (not at the unit, «chưa đạt» without saying what).
    """
    _require_recording(visit, actor)
    text = nfc(text).strip()
    if outcome == Found.NOT_MET and not text:
        raise RuleNotMet(
            "Chưa lưu được mục này",
            why="«Chưa đạt» thì phải ghi chưa đạt ở chỗ nào",
            next_step="Ghi một câu rồi lưu lại",
        )
    with transaction.atomic():
        finding, _ = Finding.objects.update_or_create(
            visit=visit,
            item=item,
            defaults={"outcome": outcome, "text": text, "user": actor.user, "written_at": now},
        )
        proofs.attach(files, now=now, finding=finding)
    return finding


def describe(visit: Visit, *, present: str, summary: str, actor: Actor, now: datetime) -> None:
    """Who spoke for the unit, and what the team says on the whole."""
    _require_recording(visit, actor)
    visit.present, visit.summary = nfc(present).strip(), nfc(summary).strip()
    visit.save(update_fields=["present", "summary"])


def note_breach(visit: Visit, *, note: str, actor: Actor, now: datetime) -> None:
    """Signs of a breach: from today awards of the unit wait until it is cleared up."""
    actor.require("inspection.record", visit)
    if not note.strip():
        raise RuleNotMet(
            "Chưa ghi được dấu hiệu", why="chưa ghi dấu hiệu gì", next_step="Ghi một câu rồi lưu lại"
        )
    _breach(visit, nfc(note).strip(), "note_breach", "Ghi dấu hiệu vi phạm", actor=actor, now=now)


def end_breach(visit: Visit, *, note: str, actor: Actor, now: datetime) -> None:
    """It was cleared up; what came of it stands in the log and in the note."""
    actor.require("inspection.run", visit.inspection)
    if not visit.has_breach_signs or visit.breach_ended_on is not None or not note.strip():
        raise RuleNotMet(
            "Chưa kết thúc được",
            why="không có dấu hiệu đang chờ làm rõ, hoặc chưa ghi kết quả làm rõ",
            next_step="Ghi kết quả làm rõ rồi gửi lại",
        )
    _breach(
        visit,
        f"{visit.breach_note}\nĐã làm rõ: {nfc(note).strip()}",
        "end_breach",
        "Đã làm rõ dấu hiệu vi phạm",
        actor=actor,
        now=now,
        ended_on=actor.on,
    )


def _breach(
    visit: Visit,
    note: str,
    step: str,
    label: str,
    *,
    actor: Actor,
    now: datetime,
    ended_on: date | None = None,
) -> None:
    visit.has_breach_signs, visit.breach_note = True, note
    visit.breach_noted_on = visit.breach_noted_on if ended_on else actor.on
    visit.breach_ended_on = ended_on
    with transaction.atomic():
        visit.save(update_fields=["has_breach_signs", "breach_note", "breach_noted_on", "breach_ended_on"])
        record(
            f"oversight.visit.{step}",
            visit,
            label=label,
            actor=actor,
            now=now,
            object_unit_id=visit.unit_id,
            reason=note,
        )


def minute(visit: Visit, *, actor: Actor, now: datetime) -> None:
    """Nothing changes any more: the minutes may be written. The guard asks for every item."""
    advance(visit, "minute", actor=actor, now=now, changes={"minuted_at": now})


def reopen(visit: Visit, *, reason: str, actor: Actor, now: datetime) -> None:
    advance(visit, "reopen", actor=actor, now=now, reason=reason, changes={"minuted_at": None})


def _require_recording(visit: Visit, actor: Actor) -> None:
    actor.require("inspection.record", visit)
    if visit.state != VisitState.RECORDING:
        raise RuleNotMet(
            "Chưa lưu được",
            why=f"đơn vị này đang ở trạng thái «{visit.get_state_display()}»",
            next_step="Bấm «Bắt đầu kiểm tra» trước"
            if visit.state == VisitState.WAITING
            else "Đã lập biên bản; cần sửa thì đề nghị mở lại",
        )


# --- figures counted again ------------------------------------------------------------------------


def figures_of(visit: Visit) -> list[Value]:
    """A few figures that the unit gave for the period, drawn by the seed of the inspection; and those that
    were counted again already."""
    inspection = visit.inspection
    asked = Asked(inspection.plan, [visit.unit_id], inspection.since, inspection.until, inspection.last_on)
    own = signs.values_of(asked, signs.indicators_of(inspection.plan), since=inspection.since)
    by_key = {value_key(value): value for value in own}
    seed = inspection.seed or f"kiem-tra-{inspection.pk}"
    drawn = sampling.draw(by_key, size=FIGURES, seed=f"{seed}:{visit.unit_id}")
    found = {by_key[key].pk: by_key[key] for key in drawn}
    for recheck in visit.rechecks.select_related("value__indicator").order_by("pk"):
        found.setdefault(recheck.value_id, recheck.value)
    return list(found.values())


def value_key(value: Value) -> str:
    """What a figure is about, and not which row holds it: a correction draws no other sample."""
    return f"{value.indicator.code}|{value.since}|{value.until}|{value.standard_id}|{value.segment}"


def recheck(
    visit: Visit, value: Value, *, found: Decimal, note: str = "", actor: Actor, now: datetime
) -> Recheck:
    """Write what the team counted beside what the unit gave. Nothing of the figure itself changes."""
    _require_recording(visit, actor)
    if value.unit_id != visit.unit_id:
        raise RuleNotMet(
            "Chưa ghi được số kiểm tra",
            why="số này là của đơn vị khác",
            next_step="Chọn số liệu của đơn vị đang kiểm tra",
        )
    kept, _ = Recheck.objects.update_or_create(
        visit=visit,
        value=value,
        defaults={"found": found, "note": nfc(note).strip(), "user": actor.user, "made_at": now},
    )
    return kept


def put_forward(kept: Recheck, *, actor: Actor, now: datetime) -> Value:
    """Correct the unit's figure to what was found, through the indicators; both figures stay readable.

    Raises what `indicators.values.correct` raises, and RuleNotMet when nothing differs or it was done.
    """
    inspection = kept.visit.inspection
    actor.require("inspection.run", inspection)
    if kept.correction_id is not None or kept.difference == 0:
        raise RuleNotMet(
            "Chưa đưa ra đính chính",
            why="đã đính chính rồi" if kept.correction_id else "số kiểm tra bằng số đã báo cáo",
            next_step="Không cần làm gì thêm",
        )
    with transaction.atomic():
        new = values.correct(
            kept.value,
            kept.found,
            reason=f"Kiểm tra lại tại đơn vị: {inspection.title}. {kept.note}".strip(),
            actor=actor,
            now=now,
        )
        kept.correction = new
        kept.save(update_fields=["correction"])
        record(
            "oversight.recheck.correct",
            kept,
            label="Đính chính theo kết quả kiểm tra",
            actor=actor,
            now=now,
            object_unit_id=kept.visit.unit_id,
            details={"value": kept.value_id, "correction": new.pk},
        )
    return new


def progress(inspection: Inspection, visit: Visit) -> tuple[int, int]:
    """How many items of the checklist are filled in, of how many."""
    return visit.findings.exclude(outcome="").count(), inspection.checklist.count()
