"""Holds: discipline, inspection, complaint … while nobody submits or signs (P9), and what follows (P10)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from thidua.audit.log import Actor, record
from thidua.awards import relatives
from thidua.awards.findings import Finding, ground
from thidua.awards.models import Candidate, Hold
from thidua.core.errors import RuleNotMet
from thidua.core.formats import format_date
from thidua.criteria import award_law
from thidua.criteria.award_law import Effect
from thidua.criteria.lawbook import NotInLawbook
from thidua.oversight.inspections.open_matters import MatterKind, open_matters


def kinds(on: date) -> list[tuple[str, str]]:
    """(code, name) of what may hold a case; of today's law where the day's was not read."""
    for day in (on, date(2024, 1, 1)):
        try:
            found = [(one.code, one.name) for one in award_law.holds(day)]
        except NotInLawbook:
            continue
        if found:
            return found
    return []


def findings(candidate: Candidate, *, on: date) -> list[Finding]:
    """What holds the subject, or those near to it; and a discipline that ended within the period."""
    related = relatives.of(candidate, on=on)
    rule, restart = ground("p09", on), ground("p10", on)
    names = dict(kinds(on))
    found = []
    for hold in Hold.objects.filter(subject_key__in=related, since__lte=on).order_by("since", "pk"):
        who = related[hold.subject_key]
        whom = f" ({who})" if who else ""
        name = names.get(hold.kind, hold.kind)
        if hold.until is None or hold.until > on:
            until = f" đến {format_date(hold.until)}" if hold.until else ""
            found.append(
                Finding(
                    f"hold:{hold.pk}",
                    # unread law warns; what it says is never let off by a reason
                    rule.effect,
                    f"{name}{whom}",
                    f"tạm dừng từ {format_date(hold.since)}{until}",
                    "Chờ kết luận; có kết luận thì kết thúc việc tạm dừng kèm văn bản",
                    rule.citation,
                    rule.confirmed,
                )
            )
        elif hold.was_cleared is False and candidate.since < hold.until:
            found.append(
                Finding(
                    f"restart:{hold.pk}",
                    Effect.WARN,
                    f"Thành tích tính lại từ {format_date(hold.until)}{whom}",
                    f"đã bị xử lý kỷ luật, thời hạn kết thúc ngày {format_date(hold.until)}, mà thời gian "
                    f"thành tích bắt đầu ngày {format_date(candidate.since)}",
                    "Sửa thời gian lập thành tích, bắt đầu từ ngày hết thời hạn kỷ luật",
                    restart.citation,
                    restart.confirmed,
                )
            )
    return [*found, *_after_inspections(candidate, on=on)]


def _after_inspections(candidate: Candidate, *, on: date) -> list[Finding]:
    """What stands open about a unit after inspections: signs of a breach hold it, the rest is told."""
    if candidate.unit_id is None or candidate.subject_key != f"unit:{candidate.unit_id}":
        return []
    rule = ground("p09", on)
    return [
        Finding(
            f"oversight:{matter.kind}:{matter.address}",
            rule.effect if matter.kind is MatterKind.BREACH else Effect.WARN,
            matter.text,
            f"từ {format_date(matter.since)}",
            "Chờ làm rõ; làm rõ rồi thì ghi ở trang kiểm tra"
            if matter.kind is MatterKind.BREACH
            else "Xem kết quả kiểm tra trước khi quyết định",
            rule.citation if matter.kind is MatterKind.BREACH else "",
            rule.confirmed,
        )
        for matter in open_matters([candidate.unit_id], on=on)
    ]


def enter(hold: Hold, *, actor: Actor, now: datetime) -> Hold:
    """Keep a new hold. Raises NotAllowed, RuleNotMet for one that names no kind or reason."""
    actor.require("hold.enter", hold)
    hold.reason = hold.reason.strip()
    if not hold.reason or hold.kind not in dict(kinds(actor.on)):
        raise RuleNotMet(
            "Chưa ghi được việc tạm dừng",
            why="chưa chọn trường hợp hoặc chưa ghi nội dung vụ việc",
            next_step="Chọn trường hợp, ghi nội dung và văn bản liên quan",
        )
    hold.user, hold.made_at = actor.user, now
    with transaction.atomic():
        hold.save(force_insert=True)
        _log(hold, "enter", "Tạm dừng xét khen thưởng", actor=actor, now=now)
    return hold


def end(hold: Hold, *, until: date, was_cleared: bool, note: str, actor: Actor, now: datetime) -> None:
    """The case is closed: cleared, or disciplined until `until`, from which achievements count again."""
    actor.require("hold.enter", hold)
    if until <= hold.since:
        raise RuleNotMet(
            "Chưa kết thúc được việc tạm dừng",
            why=f"ngày kết thúc phải sau ngày bắt đầu {format_date(hold.since)}",
            next_step="Ghi lại ngày theo văn bản kết luận",
        )
    with transaction.atomic():
        Hold.objects.filter(pk=hold.pk).update(until=until, was_cleared=was_cleared, end_note=note.strip())
        hold.refresh_from_db()
        _log(hold, "end", "Kết thúc tạm dừng xét khen thưởng", actor=actor, now=now)


def open_on(on: date) -> Q:
    return Q(since__lte=on) & (Q(until__isnull=True) | Q(until__gt=on))


def _log(hold: Hold, step: str, label: str, *, actor: Actor, now: datetime) -> None:
    record(
        f"awards.hold.{step}",
        hold,
        label=label,
        actor=actor,
        now=now,
        object_unit_id=hold.unit_id,
        details={"kind": hold.kind, "since": hold.since, "until": hold.until},
    )
