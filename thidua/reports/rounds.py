"""Rounds from a plan's words to the reports that units owe: proposing, opening, moving days, closing.

Everything may run twice without harm: a round exists once per plan, kind and year, a report once per round
and unit. Hides who merges for whom, and that a round of a higher plan takes the merged report of a lower one.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.urls import reverse

from thidua.audit.log import Actor, System, record
from thidua.audit.workflow import advance
from thidua.core.clock import VIETNAM
from thidua.core.errors import ChangedMeanwhile, RuleNotMet
from thidua.core.formats import format_date
from thidua.core.text import nfc
from thidua.movements.models import Plan, PlanVersionState
from thidua.movements.rights import DECIDING
from thidua.notices.telling import tell, tell_units
from thidua.organisations import tree
from thidua.organisations.models import Mandate
from thidua.organisations.successions import heirs_on
from thidua.reports import asked, form_making, owing
from thidua.reports.asked import Asked
from thidua.reports.models import Report, ReportForm, ReportState, Round, RoundKind, RoundState

BATCH = 500


@dataclass
class Proposed:
    """What proposing did: new rounds, rounds whose days moved, rounds that the plan asks for no more."""

    made: list[Round]
    moved: list[Round]
    cancelled: list[Round]


# --- proposing --------------------------------------------------------------------------------------


def title_of(kind: RoundKind, year: int, *, first_year: int | None = None, number: int = 1) -> str:
    if kind == RoundKind.FINAL and first_year is not None and first_year < year:
        return f"Báo cáo tổng kết giai đoạn {first_year}–{year}"
    if kind == RoundKind.MID_TERM:
        return f"Báo cáo sơ kết năm {year}"
    if kind == RoundKind.FINAL:
        return f"Báo cáo tổng kết năm {year}"
    if kind in (RoundKind.PERIODIC, RoundKind.IRREGULAR):
        return f"{kind.label} lần {number} năm {year}"
    return f"Báo cáo năm {year}"


def period_of(kind: RoundKind, year: int, *, first_year: int | None) -> tuple[date, date]:
    """A yearly report is about its year, a review about everything since the plan began."""
    is_review = kind in (RoundKind.MID_TERM, RoundKind.FINAL)
    first = min(first_year or year, year) if is_review else year
    return date(first, 1, 1), date(year + 1, 1, 1)


def propose(plan: Plan, *, now: datetime) -> Proposed:
    """Plan the rounds that the plan in force asks for, and follow an amendment. Idempotent; the program acts.

    A planned round that an officer has changed keeps its days; an open one whose deadline the plan moved
    takes the new one, and its units are told.
    """
    actor = System(on=now.astimezone(VIETNAM).date())
    done = Proposed([], [], [])
    if not plan.versions.filter(state=PlanVersionState.ADOPTED).exists():
        return done
    first_year = asked.first_year_of(plan)
    firm = {(one.kind, one.year): one for one in asked.asked_of(plan) if one.is_firm}
    with transaction.atomic():
        known = {
            (RoundKind(one.kind), one.year): one
            for one in plan.report_rounds.filter(number=1)
            .exclude(kind__in=[RoundKind.IRREGULAR, RoundKind.PERIODIC])
            .exclude(state=RoundState.CANCELLED)
        }
        for key, one in firm.items():
            if key in known:
                if _follow(known[key], one, actor=actor, now=now):
                    done.moved.append(known[key])
                _ask_the_newly_named(known[key], actor=actor, now=now)
            elif one.merged_due_on is not None and one.merged_due_on >= actor.on:
                made = _plan_round(plan, one, first_year=first_year, now=now)
                if made is not None:
                    done.made.append(made)
        for (kind, year), round_ in known.items():
            if (kind, year) not in firm and round_.state == RoundState.PLANNED and round_.made_by_id is None:
                reason = "kế hoạch điều chỉnh không còn yêu cầu báo cáo này"
                advance(round_, "cancel", actor=actor, now=now, reason=reason)
                done.cancelled.append(round_)
    return done


def _plan_round(plan: Plan, one: Asked, *, first_year: int | None, now: datetime) -> Round | None:
    assert one.year is not None
    assert one.units_due_on is not None
    since, until = period_of(one.kind, one.year, first_year=first_year)
    round_ = Round(
        plan=plan,
        kind=one.kind,
        year=one.year,
        title=title_of(one.kind, one.year, first_year=first_year),
        since=since,
        until=until,
        opens_on=one.units_due_on - timedelta(days=asked.OPENS_DAYS_BEFORE),
        units_due_on=one.units_due_on,
        merged_due_on=one.merged_due_on,
        due_text=one.due_text[:300],
        source_text=one.source_text,
        made_at=now,
    )
    try:
        with transaction.atomic():
            round_.save(force_insert=True)
    except IntegrityError:  # somebody proposed it in the same moment
        return None
    return round_


def _follow(round_: Round, one: Asked, *, actor: Actor, now: datetime) -> bool:
    """Take over the days of an amended plan; True when something moved."""
    assert one.units_due_on is not None
    days = (one.units_due_on, one.merged_due_on)
    if days == (round_.units_due_on, round_.merged_due_on) or round_.made_by_id is not None:
        return False
    if round_.state not in Round.LIVING:
        return False
    _move_days(round_, *days, actor=actor, now=now, reason="kế hoạch được điều chỉnh")
    if round_.state == RoundState.PLANNED:
        round_.opens_on = one.units_due_on - timedelta(days=asked.OPENS_DAYS_BEFORE)
        round_.due_text, round_.source_text = one.due_text[:300], one.source_text
        round_.save(update_fields=["opens_on", "due_text", "source_text"])
    return True


def _ask_the_newly_named(round_: Round, *, actor: Actor, now: datetime) -> None:
    """Units that an amendment names while the round is open. Whom it names no more an officer lets off."""
    if round_.state != RoundState.OPEN or round_.asked_unit_ids is not None:
        return
    reports = round_.reports.filter(is_merged=False)
    known = {one for pair in reports.values_list("unit_id", "passed_from_id") for one in pair}
    owed = owing.units_of(round_, on=actor.on)
    merged = round_.reports.filter(is_merged=True).first()
    from_below = set(merged.children.values_list("unit_id", flat=True)) if merged else set()
    new = [one for one in owed.unit_ids if one not in known and one not in from_below]
    if new:
        made = _make_reports(round_, new, merged, owed.passed_from, now=now)
        _log(round_, "Thêm đơn vị theo kế hoạch điều chỉnh", actor=actor, now=now, details={"units": new})
        _tell_opened(round_, made, actor=actor, now=now)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A round as an officer sets it. `unit_ids` None: whoever the plan asks."""

    kind: RoundKind
    year: int
    title: str
    since: date
    until: date
    opens_on: date
    units_due_on: date
    merged_due_on: date | None
    unit_ids: tuple[int, ...] | None = None
    leader_sends: bool = False
    reason: str = ""


def plan_one(plan: Plan, wanted: Wanted, *, actor: Actor, now: datetime) -> Round:
    """A round that the plan leaves open ("định kỳ"), or that is asked for beside it (đột xuất)."""
    round_ = Round(plan=plan, kind=wanted.kind, year=wanted.year)
    actor.require("round.run", round_)
    _refuse_days(wanted)
    numbers = plan.report_rounds.filter(kind=wanted.kind, year=wanted.year).values_list("number", flat=True)
    round_.number = max(numbers, default=0) + 1 if _may_repeat(wanted.kind) else 1
    title = " ".join(nfc(wanted.title).split())
    round_.title = title[:300] or title_of(wanted.kind, wanted.year, number=round_.number)
    round_.since, round_.until = wanted.since, wanted.until
    round_.opens_on, round_.units_due_on = wanted.opens_on, wanted.units_due_on
    round_.merged_due_on, round_.leader_sends = wanted.merged_due_on, wanted.leader_sends
    round_.asked_unit_ids = list(wanted.unit_ids) if wanted.unit_ids is not None else None
    round_.source_text = wanted.reason.strip()
    round_.made_by, round_.made_at = actor.user, now
    with transaction.atomic():
        try:
            with transaction.atomic():
                round_.save(force_insert=True)
        except IntegrityError as clash:
            raise RuleNotMet(
                "Chưa lập được đợt báo cáo",
                why=f"kế hoạch đã có «{wanted.kind.label}» năm {wanted.year}",
                next_step="Mở đợt đã có để sửa ngày",
            ) from clash
        _log(round_, "Lập đợt báo cáo", actor=actor, now=now, reason=wanted.reason)
    return round_


def _may_repeat(kind: RoundKind) -> bool:
    return kind in (RoundKind.PERIODIC, RoundKind.IRREGULAR)


def change(round_: Round, wanted: Wanted, *, actor: Actor, now: datetime) -> None:
    """Mend a planned round, or give an open one other days (units that have not sent are told)."""
    actor.require("round.run", round_)
    _refuse_days(wanted)
    if round_.state not in Round.LIVING:
        raise RuleNotMet(
            "Chưa sửa được đợt báo cáo",
            why=f"đợt đang ở trạng thái «{round_.get_state_display()}»",
            next_step="Mở lại đợt rồi sửa",
        )
    with transaction.atomic():
        _move_days(
            round_, wanted.units_due_on, wanted.merged_due_on, actor=actor, now=now, reason=wanted.reason
        )
        round_.title = " ".join(nfc(wanted.title).split())[:300] or round_.title
        round_.leader_sends, round_.made_by = wanted.leader_sends, actor.user
        if round_.state == RoundState.PLANNED:
            round_.since, round_.until, round_.opens_on = wanted.since, wanted.until, wanted.opens_on
            round_.asked_unit_ids = list(wanted.unit_ids) if wanted.unit_ids is not None else None
        round_.save(
            update_fields=[
                *("title", "leader_sends", "made_by", "since", "until", "opens_on", "asked_unit_ids")
            ]
        )


def _refuse_days(wanted: Wanted) -> None:
    why = ""
    if wanted.opens_on > wanted.units_due_on:
        why = "ngày mở muộn hơn hạn của đơn vị"
    elif wanted.merged_due_on is not None and wanted.merged_due_on < wanted.units_due_on:
        why = "hạn của báo cáo tổng hợp sớm hơn hạn của đơn vị"
    elif wanted.until <= wanted.since:
        why = "kỳ báo cáo kết thúc trước khi bắt đầu"
    if why:
        raise RuleNotMet("Chưa lưu được đợt báo cáo", why=why, next_step="Sửa lại các ngày rồi lưu")


def _move_days(
    round_: Round,
    units_due_on: date,
    merged_due_on: date | None,
    *,
    actor: Actor,
    now: datetime,
    reason: str,
) -> None:
    before = (round_.units_due_on, round_.merged_due_on)
    if before == (units_due_on, merged_due_on):
        return
    round_.units_due_on, round_.merged_due_on = units_due_on, merged_due_on
    round_.save(update_fields=["units_due_on", "merged_due_on"])
    # Whoever has sent was in time or late by the day that held then.
    waiting = round_.reports.filter(first_sent_on__isnull=True)
    waiting.filter(is_merged=True).update(due_on=merged_due_on or units_due_on)
    units = waiting.filter(is_merged=False, is_owed=True)
    units.update(due_on=units_due_on)
    _log(
        round_,
        "Đổi hạn của đợt báo cáo",
        actor=actor,
        now=now,
        reason=reason,
        details={"before": before[0], "after": units_due_on, "merged_after": merged_due_on},
    )
    if round_.state == RoundState.OPEN and before[0] != units_due_on:
        text = f"«{round_.title}» có hạn mới: hết ngày {format_date(units_due_on)}."
        tell_units(
            kind="report.due_moved",
            texts=dict.fromkeys(units.values_list("unit_id", flat=True), text),
            address=reverse("reports:mine"),
            now=now,
            sender=actor.name,
        )


def make_form(round_: Round, *, actor: Actor, now: datetime) -> ReportForm:
    """The form of a planned round, to be looked at and changed before it opens; the second time the same."""
    actor.require("round.run", round_)
    with transaction.atomic():
        # Two who press at once get one form: the second waits here and finds it.
        current = (
            Round.objects.select_for_update(of=("self",)).select_related("plan", "form").get(pk=round_.pk)
        )
        if current.form is not None:
            return current.form
        if current.state != RoundState.PLANNED:
            raise RuleNotMet(
                "Chưa lập được mẫu", why="đợt báo cáo không còn ở dạng dự kiến", next_step="Mở lại trang đợt"
            )
        form = form_making.form_for(current.plan, RoundKind(current.kind), now=now)
        if form_making.is_in_use(form) and actor.user is not None:
            form = form_making.copy_of(form, actor=actor, now=now)
        current.form = round_.form = form
        current.save(update_fields=["form"])
        _log(current, "Lập mẫu báo cáo cho đợt", actor=actor, now=now, details={"form": form.pk})
    return form


# --- opening ----------------------------------------------------------------------------------------


def open_due(*, now: datetime) -> list[Round]:
    """Open every planned round whose day has come, as the program; one that cannot stops no other."""
    on = now.astimezone(VIETNAM).date()
    opened = []
    for round_ in Round.objects.filter(state=RoundState.PLANNED, opens_on__lte=on).select_related("plan"):
        if not _is_run_by_somebody(round_.plan, on=on):
            continue
        try:
            open_round(round_, actor=System(on=on), now=now)
        except (RuleNotMet, ChangedMeanwhile):
            continue
        opened.append(round_)
    return opened


def _is_run_by_somebody(plan: Plan, *, on: date) -> bool:
    """Whether a person may act for the plan: nobody need report to a body that is not in the system."""
    bodies = [one for one in (plan.owner_id, plan.standing_body_id) if one is not None]
    acting_for = {heir for one in bodies for heir in heirs_on(one, on=on)}
    return Mandate.objects.filter(
        unit_id__in=acting_for, role__in=DECIDING, since__lte=on, until__gt=on, revoked_at__isnull=True
    ).exists()


def open_round(round_: Round, *, actor: Actor, now: datetime) -> Round:
    """Make a report for each unit that owes one and the merged one above them, and tell the units.

    A fixed number of queries and a few for each thousand units. Of two at once one wins.
    """
    actor.require("round.run", round_)
    plan = round_.plan
    with transaction.atomic():
        if round_.form is None:
            round_.form = form_making.form_for(plan, RoundKind(round_.kind), now=now)
        advance(round_, "open", actor=actor, now=now, changes={"form": round_.form, "opened_at": now})
        owed = owing.units_of(round_, on=actor.on)
        merged = _make_merged(round_, on=actor.on, now=now)
        taken = _merged_reports_below(round_, owed.unit_ids, merged)
        made = _make_reports(
            round_, [one for one in owed.unit_ids if one not in taken], merged, owed.passed_from, now=now
        )
        _link_upwards(merged)
        _tell_opened(round_, made, actor=actor, now=now)
    return round_


def _make_merged(round_: Round, *, on: date, now: datetime) -> Report | None:
    """The report of the body that merges; none when the round asks for none."""
    merging_id = owing.merging_unit(round_, on=on)
    if round_.merged_due_on is None or merging_id is None:
        return None
    receiver_id, text = owing.receiver_of_merged(round_, on=on)
    return Report.objects.create(
        round=round_,
        unit_id=merging_id,
        is_merged=True,
        receiver_id=receiver_id,
        receiver_text=text[:500],
        due_on=round_.merged_due_on,
        made_at=now,
    )


def _make_reports(
    round_: Round,
    unit_ids: Sequence[int],
    merged: Report | None,
    passed_from: dict[int, int],
    *,
    now: datetime,
) -> list[Report]:
    plan = round_.plan
    receiver_id = merged.unit_id if merged else (plan.standing_body_id or plan.owner_id)
    return Report.objects.bulk_create(
        (
            Report(
                round=round_,
                unit_id=unit_id,
                receiver_id=receiver_id,
                parent=merged,
                due_on=round_.units_due_on,
                passed_from_id=passed_from.get(unit_id),
                made_at=now,
            )
            for unit_id in unit_ids
        ),
        batch_size=BATCH,
    )


def _merged_reports_below(round_: Round, unit_ids: Collection[int], merged: Report | None) -> set[int]:
    """Units whose own plan already gathers this report: theirs goes up as it is. Answers those units."""
    if merged is None:
        return set()
    asked_ids = set(unit_ids)
    rows = Report.objects.filter(
        round__plan__carries_out=round_.plan,
        round__kind=round_.kind,
        round__year=round_.year,
        round__number=round_.number,
        round__state__in=Round.OPENED,
        is_merged=True,
        parent__isnull=True,
    ).select_related("round__plan")
    found: set[int] = set()
    for row in rows:
        bodies = {row.unit_id, row.round.plan.owner_id or 0, row.round.plan.standing_body_id or 0} & asked_ids
        if bodies:
            Report.objects.filter(pk=row.pk).update(parent=merged, receiver_id=merged.unit_id)
            found |= bodies
    return found


def _link_upwards(merged: Report | None) -> None:
    """The merged report answers what the higher plan's open round asks of the same body."""
    if merged is None:
        return
    round_ = merged.round
    higher = (
        Report.objects.filter(
            round__plan__in=round_.plan.carries_out.all(),
            round__kind=round_.kind,
            round__year=round_.year,
            round__number=round_.number,
            round__state=RoundState.OPEN,
            is_merged=True,
        )
        .order_by("pk")
        .first()
    )
    if higher is None:
        return
    merged.parent, merged.receiver_id = higher, higher.unit_id
    merged.save(update_fields=["parent", "receiver"])
    # What the higher round had asked of this body and nobody has begun falls away: it is not asked twice.
    bodies = [
        unit_id
        for unit_id in (merged.unit_id, round_.plan.owner_id, round_.plan.standing_body_id)
        if unit_id is not None
    ]
    higher.children.filter(
        round=higher.round, unit_id__in=bodies, is_merged=False, state=ReportState.NOT_SENT
    ).update(is_owed=False, not_owed_reason=f"thay bằng báo cáo tổng hợp của đợt «{round_.title}»"[:500])


def _tell_opened(round_: Round, reports: Sequence[Report], *, actor: Actor, now: datetime) -> None:
    text = f"«{round_.title}»: gửi báo cáo hết ngày {format_date(round_.units_due_on)}."
    tell_units(
        kind="report.asked",
        texts=dict.fromkeys((report.unit_id for report in reports), text),
        address=reverse("reports:mine"),
        now=now,
        sender=actor.name,
    )
    runs = round_.plan.standing_body_id or round_.plan.owner_id
    if runs is not None and actor.user is None:
        tell(
            kind="report.round_opened",
            text=f"Đã mở «{round_.title}» cho {len(reports)} đơn vị.",
            address=reverse("reports:round", args=[round_.pk]),
            now=now,
            sender=actor.name,
            unit_id=runs,
        )


# --- while it is open ---------------------------------------------------------------------------------


def ask_also(round_: Round, unit_id: int, *, actor: Actor, now: datetime) -> Report:
    """Ask one more unit in an open round."""
    actor.require("round.run", round_)
    if round_.state != RoundState.OPEN:
        raise RuleNotMet(
            "Chưa thêm được đơn vị", why="đợt báo cáo không mở", next_step="Mở đợt rồi thêm đơn vị"
        )
    merged = round_.reports.filter(is_merged=True).first()
    with transaction.atomic():
        known = round_.reports.filter(unit_id=unit_id, is_merged=False).first()
        if known is not None and known.is_owed:
            raise RuleNotMet(
                "Chưa thêm được đơn vị", why="đơn vị đã có trong đợt", next_step="Tìm đơn vị trong bảng"
            )
        if known is not None:
            known.is_owed, known.not_owed_reason = True, ""
            known.save(update_fields=["is_owed", "not_owed_reason"])
            report = known
        else:
            [report] = _make_reports(round_, [unit_id], merged, {}, now=now)
        _log(round_, "Thêm đơn vị phải báo cáo", actor=actor, now=now, details={"unit": unit_id})
        _tell_opened(round_, [report], actor=actor, now=now)
    return report


def let_off(report: Report, *, reason: str, actor: Actor, now: datetime) -> None:
    """Nothing is owed any more; the reason stays readable."""
    actor.require("round.run", report.round)
    reason = reason.strip()
    if not reason:
        raise RuleNotMet("Chưa bỏ được đơn vị", why="chưa ghi lý do", next_step="Ghi lý do rồi lưu lại")
    with transaction.atomic():
        count = Report.objects.filter(pk=report.pk, state__in=Report.UNSENT, is_owed=True).update(
            is_owed=False, not_owed_reason=reason[:500]
        )
        if not count:
            raise ChangedMeanwhile(
                "Chưa bỏ được đơn vị", why="đơn vị vừa gửi báo cáo", next_step="Mở lại trang để xem báo cáo"
            )
        report.is_owed, report.not_owed_reason = False, reason[:500]
        record(
            "reports.report.let_off",
            report,
            label="Cho đơn vị không phải báo cáo",
            actor=actor,
            now=now,
            object_unit_id=report.unit_id,
            reason=reason,
        )


def close(round_: Round, *, actor: Actor, now: datetime) -> None:
    advance(round_, "close", actor=actor, now=now, changes={"closed_at": now})


def reopen(round_: Round, *, reason: str, actor: Actor, now: datetime) -> None:
    advance(round_, "reopen", actor=actor, now=now, reason=reason, changes={"closed_at": None})


def cancel(round_: Round, *, reason: str, actor: Actor, now: datetime) -> None:
    with transaction.atomic():
        advance(round_, "cancel", actor=actor, now=now, reason=reason)
        round_.reports.filter(is_owed=True).update(
            is_owed=False, not_owed_reason=f"đợt báo cáo đã bỏ: {reason.strip()}"[:500]
        )


# --- after a reform -----------------------------------------------------------------------------------


def pass_to_successors(*, now: datetime) -> int:
    """Reports that units owe which have ended pass to who took over; nothing stays owed by the dissolved.

    Of several that became one unit one report remains; the others say why they are owed no more. How many
    moved.
    """
    actor = System(on=now.astimezone(VIETNAM).date())
    rows = Report.objects.filter(
        round__state=RoundState.OPEN, is_owed=True, state__in=Report.UNSENT
    ).select_related("round__plan")
    ended = owing.ended(rows.values_list("unit_id", flat=True).distinct(), on=actor.on)
    if not ended:
        return 0
    count = 0
    for report in rows.filter(unit_id__in=ended).order_by("pk"):
        with transaction.atomic():
            count += _pass(report, ended[report.unit_id], actor=actor, now=now)
    return count


def _pass(report: Report, heirs: Sequence[int], *, actor: Actor, now: datetime) -> int:
    old_id = report.unit_id
    others = report.round.reports.filter(is_merged=report.is_merged)
    # The first heir took over wholly, or the largest part; it owes one report, whatever it took over.
    heir_id = heirs[0] if heirs and not others.filter(unit_id=heirs[0]).exists() else None
    if heir_id is None:
        labels = tree.labels_on(heirs, on=actor.on)
        names = ", ".join(labels[one] for one in heirs if one in labels)
        reason = f"{names} kế thừa và báo cáo" if names else "đơn vị đã kết thúc, không có đơn vị kế thừa"
        changed = Report.objects.filter(pk=report.pk, state=report.state, unit_id=old_id).update(
            is_owed=False, not_owed_reason=reason[:500]
        )
    else:
        changed = Report.objects.filter(pk=report.pk, state=report.state, unit_id=old_id).update(
            unit_id=heir_id, passed_from_id=report.passed_from_id or old_id
        )
        if changed and report.is_merged:
            report.children.update(receiver_id=heir_id)
    if not changed:
        return 0
    report.refresh_from_db()
    record(
        "reports.report.pass",
        report,
        label="Chuyển báo cáo cho đơn vị kế thừa",
        actor=actor,
        now=now,
        object_unit_id=report.unit_id,
        details={"from": old_id, "to": heir_id},
    )
    if heir_id is not None:
        old = tree.labels_on([old_id], on=actor.on).get(old_id, "")
        tell(
            kind="report.passed",
            text=f"«{report.round.title}» của {old} chuyển cho đơn vị; hạn {format_date(report.due_on)}.",
            address=reverse("reports:mine"),
            now=now,
            sender=actor.name,
            unit_id=heir_id,
        )
    return changed


def _log(
    round_: Round,
    label: str,
    *,
    actor: Actor,
    now: datetime,
    reason: str = "",
    details: dict[str, object] | None = None,
) -> None:
    record(
        "reports.round.change",
        round_,
        label=label,
        actor=actor,
        now=now,
        object_unit_id=round_.plan.owner_id,
        reason=reason,
        details=details,
    )
