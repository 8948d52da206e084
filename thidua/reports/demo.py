"""Reports lived through: rounds of two sample plans from 2022 to 2025, up to the day of the demonstration.

Only for demonstrations, and through the real functions: units answer (one late, one sent back, one
corrected after the official result), the standing body merges, the merged report goes up and leaves as a
paper. Texts and figures of communes are invented and marked; they add up to published figures where there
are any. After 1/7/2025 the district is gone: its communes' successors report, and the province merges what
its plan had asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

import yaml
from django.conf import settings
from django.db import transaction

from thidua.audit.log import Actor, System
from thidua.core.formats import format_number
from thidua.core.lived_days import LivedDays, NotYet
from thidua.documents.papers import demo as papers_demo
from thidua.documents.papers import drafting, issuing
from thidua.indicators import values
from thidua.indicators.models import Indicator, Source, Stage
from thidua.movements.models import Plan, PlanVersionState
from thidua.movements.tasks.demo import actor_of
from thidua.organisations.models import Role, Unit, UnitKind
from thidua.organisations.successions import heirs_on
from thidua.reports import correcting, filling, lower_reports, merging, report_paper, rounds, sending
from thidua.reports.filling import WrittenFigure, WrittenReport
from thidua.reports.models import (
    Answer,
    Correction,
    CorrectionState,
    FormItem,
    FormSection,
    Report,
    ReportState,
    Round,
    RoundKind,
    RoundState,
)
from thidua.reports.readiness import items_for

#: Whose plans are lived with, and who officially may act for them.
PHONG_THO, QUANG_BINH = "before-109", "so-tai-nguyen-va-moi-truong-tinh-quang-binh"
DOING = (Role.UNIT_OFFICER, Role.STANDING)
RUNNING = (Role.STANDING, Role.LEADER)
SHARE = Decimal(100)


@dataclass
class Lived:
    """What happened up to the day."""

    rounds: int = 0
    sent: int = 0
    merged: int = 0
    corrected: int = 0
    drafted: int = 0
    papers: int = 0
    notes: list[str] = field(default_factory=list)


#: How many rounds the two stories have.
ROUNDS = 10


@cache
def texts() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(
        (settings.BASE_DIR / "data" / "demo" / "reports.yaml").read_text(encoding="utf-8")
    )
    return found


def live(
    *,
    on: date,
    years: Sequence[int] = (2022, 2023, 2024, 2025),
    told: Callable[[int, int, str], None] | None = None,
) -> Lived:
    """Live through the rounds of the two plans; each once, each in a transaction. May be called again.

    `told(done, known, words)` hears of each round.
    """
    lived = Lived()
    for key, story in ((PHONG_THO, _phong_tho), (QUANG_BINH, _quang_binh)):
        plan = (
            Plan.objects.filter(owner__key=key, versions__state=PlanVersionState.ADOPTED)
            .select_related("owner", "standing_body", "movement")
            .distinct()
            .first()
        )
        if plan is None:
            lived.notes.append(f"chưa có kế hoạch của {key} (thidua load-demo-movements)")
            continue
        story(plan, LivedDays(on, ROUNDS, told), years, lived)
    return lived


# ---- Phong Thổ: yearly rounds, half time, end; figures of communes


def _phong_tho(plan: Plan, clock: LivedDays, years: Sequence[int], lived: Lived) -> None:
    try:
        rounds.propose(plan, now=clock.at(date(2022, 8, 15), 10))
        for year in years:
            _live_round(plan, RoundKind.YEARLY, year, clock, lived)
            with transaction.atomic():
                _official_result(plan, year, clock, lived)
            for kind in (RoundKind.MID_TERM, RoundKind.FINAL):
                _live_round(plan, kind, year, clock, lived)
    except NotYet:
        return


def _quang_binh(plan: Plan, clock: LivedDays, years: Sequence[int], lived: Lived) -> None:
    """The Sở's plan says "sơ kết", "tổng kết" only; its officer asks for the years between."""
    try:
        rounds.propose(plan, now=clock.at(date(2022, 7, 25), 10))
        for year in years:
            if year in (2022, 2024):
                _ask_for(plan, year, clock)
            _live_round(plan, RoundKind.PERIODIC, year, clock, lived)
            for kind in (RoundKind.MID_TERM, RoundKind.FINAL):
                _live_round(plan, kind, year, clock, lived)
    except NotYet:
        return


def _ask_for(plan: Plan, year: int, clock: LivedDays) -> None:
    now = clock.at(date(year, 10, 15))
    if plan.report_rounds.filter(kind=RoundKind.PERIODIC, year=year).exists():
        return
    assert plan.standing_body_id is not None
    wanted = rounds.Wanted(
        RoundKind.PERIODIC,
        year,
        "",
        date(year, 1, 1),
        date(year + 1, 1, 1),
        opens_on=date(year, 11, 15),
        units_due_on=date(year, 12, 5),
        merged_due_on=date(year, 12, 15),
        reason="Nắm tình hình giữa các kỳ sơ kết, tổng kết (ví dụ)",
    )
    rounds.plan_one(plan, wanted, actor=actor_of(plan.standing_body_id, RUNNING, on=now.date()), now=now)


# ---- one round


def _live_round(plan: Plan, kind: RoundKind, year: int, clock: LivedDays, lived: Lived) -> None:
    """One round as far as the day allows; what has happened already stays as it is."""
    round_ = Round.objects.filter(plan=plan, kind=kind, year=year, state__in=Round.LIVING).first()
    if round_ is None or round_.reports.filter(is_merged=True, sent_at__isnull=False).exists():
        return
    round_.plan = plan
    is_over = True
    clock.say(f"{round_.title}, {plan.number or plan.owner}"[:200])
    with transaction.atomic():
        try:
            _through(round_, clock, lived)
        except NotYet:
            is_over = False
    if not is_over:
        raise NotYet


def _through(round_: Round, clock: LivedDays, lived: Lived) -> None:
    kind = RoundKind(round_.kind)
    if round_.state == RoundState.PLANNED:
        now = clock.at(round_.opens_on, 7)
        rounds.open_round(round_, actor=System(on=now.date()), now=now)
        lived.rounds += 1
    merged = round_.reports.filter(is_merged=True).select_related("round__plan", "unit").first()
    assert merged is not None
    assert round_.merged_due_on is not None
    own = list(round_.reports.filter(is_merged=False).select_related("round__plan", "round__form", "unit"))
    late = None
    is_early = False
    for number, report in enumerate(own):
        if _was(report, "late", kind):
            late = report, number
        elif report.state == ReportState.NOT_SENT and not _is_silent(report, own):
            if _day(round_, number) > clock.until:
                is_early = True  # the day of this unit has not come; others were earlier
                continue
            _answer(report, number, clock.at(_day(round_, number), 8 + number % 9, number % 50), lived)
    if is_early:
        raise NotYet
    _accept_all(merged, clock.at(round_.merged_due_on - timedelta(days=8)), but=_returned(own, kind))
    for report in _returned(own, kind):
        _send_back_and_again(report, merged, clock, lived)
    if late is not None and late[0].state == ReportState.NOT_SENT:
        report, number = late
        now = clock.at(round_.units_due_on + timedelta(days=3))
        _answer(report, number, now, lived)
        _accept_all(merged, now + timedelta(hours=2))
    _merge(merged, clock, lived)
    _leave_as_paper(merged, clock, lived)


def _is_silent(report: Report, own: Sequence[Report]) -> bool:
    """Of many offices only a few answer: the merged report names the others as missing."""
    offices = [one.pk for one in own if one.unit.kind != UnitKind.COMMUNE]
    most = int(texts()["offices_that_answer"])
    return report.pk in offices[most:]


def _day(round_: Round, number: int) -> date:
    return round_.units_due_on - timedelta(days=1 + number % 7)


def _was(report: Report, what: str, kind: RoundKind) -> bool:
    """Whether it is this unit's part in the story; only in yearly rounds, and a successor plays it on."""
    if kind != RoundKind.YEARLY:
        return False
    key = texts()["phong_tho"][what]
    return report.unit.key == key or (report.passed_from is not None and report.passed_from.key == key)


def _returned(own: Sequence[Report], kind: RoundKind) -> list[Report]:
    return [report for report in own if _was(report, "returned", kind)]


def _answer(report: Report, number: int, now: datetime, lived: Lived) -> None:
    """The unit writes and sends."""
    actor = actor_of(report.unit_id, DOING, on=now.date())
    items = items_for(report)
    written = WrittenReport(
        figures=_figures(report, items, year=report.round.year, on=now.date()),
        answers=_answers(report, items, number),
    )
    filling.save(report, written, actor=actor, now=now - timedelta(hours=1))
    sending.send(report, actor=actor, now=now)
    lived.sent += 1


def _accept_all(merged: Report, now: datetime, *, but: Sequence[Report] = ()) -> None:
    waiting = list(
        merged.children.filter(state=ReportState.SENT)
        .exclude(pk__in=[one.pk for one in but])
        .select_related("round__plan", "unit", "parent__round")
    )
    sending.accept_many(waiting, actor=_runner(merged, now), now=now)


def _runner(merged: Report, now: datetime) -> Actor:
    return actor_of(merged.unit_id, RUNNING, on=now.date())


def _send_back_and_again(report: Report, merged: Report, clock: LivedDays, lived: Lived) -> None:
    now = clock.at(report.round.units_due_on - timedelta(days=1), 10)
    report.refresh_from_db()
    if report.state != ReportState.SENT or report.submissions.count() > 1:
        return
    item = FormItem.objects.filter(form_id=report.round.form_id, key__startswith="poor-and-near").first()
    reason = f"{texts()['phong_tho']['returned_reason']} {texts()['mark']}"
    sending.send_back(
        report,
        reason=reason,
        marks={item: "Đối chiếu lại với biên bản họp thôn, bản (ví dụ)"} if item is not None else {},
        actor=_runner(merged, now),
        now=now,
    )
    again = now + timedelta(hours=5)
    actor = actor_of(report.unit_id, DOING, on=again.date())
    answer = {item_.pk: f"Đã rà lại, số liệu khớp với biên bản họp thôn, bản {texts()['mark']}."
              for item_ in items_for(report) if item_.key == "ket-qua"}  # fmt: skip
    filling.save(report, WrittenReport(answers=answer), actor=actor, now=again)
    sending.send(report, actor=actor, now=again + timedelta(minutes=20))
    lived.sent += 1
    _accept_all(merged, again + timedelta(hours=1))


def _merge(merged: Report, clock: LivedDays, lived: Lived) -> None:
    round_ = merged.round
    assert round_.merged_due_on is not None
    now = clock.at(round_.merged_due_on - timedelta(days=4), 14)
    actor = _runner(merged, now)
    merging.build(merged, actor=actor, now=now)
    _complete(merged, actor, now)
    sent = clock.at(round_.merged_due_on - timedelta(days=2), 15)
    merged.refresh_from_db()
    found = lower_reports.merged_from(merged, on=sent.date())
    missing = merging.gaps_in_words(found) if found.missing_units else ""
    sending.send(merged, gaps_named=missing, actor=_runner(merged, sent), now=sent)
    lived.merged += 1
    if merged.receiver_id is not None:
        taken = clock.at(round_.merged_due_on + timedelta(days=2))
        sending.accept(merged, actor=actor_of(merged.receiver_id, RUNNING, on=taken.date()), now=taken)


def _complete(merged: Report, actor: Actor, now: datetime) -> None:
    """What the standing body still has to write itself: reasons for figures, words where no unit gave any."""
    figures = {
        figure.item_id: WrittenFigure(
            figure.amount,
            figure.nothing_arose,
            explanation="Tổng hợp từ báo cáo của các đơn vị (ví dụ)" if figure.change else "",
            missing_reason=figure.missing_reason or ("" if figure.is_known else "chưa có số liệu (ví dụ)"),
        )
        for figure in merged.figures.all()
    }
    for item in items_for(merged):
        if item.section == FormSection.FIGURES and item.pk not in figures:
            figures[item.pk] = WrittenFigure(missing_reason="chưa có số liệu (ví dụ)")
    mark = texts()["mark"]
    answered = set(Answer.objects.filter(report=merged).exclude(text="").values_list("item__key", flat=True))
    words = {
        item.pk: f"Tiếp tục đôn đốc các đơn vị thực hiện phong trào theo kế hoạch {mark}."
        for item in items_for(merged)
        if item.section == FormSection.QUESTIONS
        and item.key not in answered
        and (item.is_required or item.key == "phuong-huong")
    }
    for row in merged.figures.select_related("item"):
        written = figures[row.item_id]
        row.explanation, row.missing_reason = written.explanation, written.missing_reason
        row.save(update_fields=["explanation", "missing_reason"])
    filling.save(merged, WrittenReport(answers=words), actor=actor, now=now)


# ---- the official result


def _official_result(plan: Plan, year: int, clock: LivedDays, lived: Lived) -> None:
    """Shortly before New Year the review is official: communes' figures are entered, one of them another."""
    now = clock.at(date(year, 12, 19), 16)
    is_there = Source.objects.filter(code=f"vi-du-ra-soat-{year}").exists()
    round_ = Round.objects.filter(plan=plan, kind=RoundKind.YEARLY, year=year, state=RoundState.OPEN).first()
    if round_ is None or is_there:
        return
    source, _ = Source.objects.get_or_create(
        code=f"vi-du-ra-soat-{year}",
        title=f"Kết quả rà soát hộ nghèo năm {year} (ví dụ)",
        defaults={"is_invented": True},
    )
    entries = []
    items = {item.indicator_id: item for item in _figure_items(round_)}
    since, until = date(year, 1, 1), date(year + 1, 1, 1)
    for report in round_.reports.filter(is_merged=False).select_related("unit"):
        for indicator, amount in figures_of(report.unit, year, on=now.date(), is_official=True).items():
            known = Indicator.objects.get(code=indicator)
            if known.pk in items:
                entries.append(
                    values.Entry(
                        known.pk,
                        report.unit_id,
                        since,
                        until,
                        Decimal(amount),
                        stage=Stage.OFFICIAL,
                        standard_id=items[known.pk].standard_id,
                        source_id=source.pk,
                        note=texts()["mark"],
                        override_reason="Số liệu ví dụ",
                    )
                )
    program = System(on=now.date())
    values.enter(entries, actor=program, now=now)
    correcting.offer(now=now + timedelta(hours=1))
    for day, is_merged in ((1, False), (2, True)):
        later = clock.at(now.date() + timedelta(days=day))
        waiting = Correction.objects.filter(
            state=CorrectionState.OFFERED, figure__report__round=round_, figure__report__is_merged=is_merged
        ).select_related(
            "figure__report__round__plan",
            "figure__report__parent__round",
            "figure__item",
            "figure__indicator",
        )
        for correction in waiting.order_by("pk"):
            unit_id = correction.figure.report.unit_id
            correcting.accept(
                correction, actor=actor_of(unit_id, DOING + RUNNING, on=later.date()), now=later
            )
            lived.corrected += 1


def _figure_items(round_: Round) -> list[FormItem]:
    return list(
        FormItem.objects.filter(form_id=round_.form_id, section=FormSection.FIGURES).select_related(
            "indicator"
        )
    )


# ---- invented figures


@cache
def _communes() -> tuple[str, ...]:
    """Keys of the district's communes, in the order of their codes."""
    keys = Unit.objects.filter(
        kind="commune", versions__parent__key=PHONG_THO, versions__annulled_by__isnull=True
    )
    return tuple(sorted(set(keys.values_list("key", flat=True))))


def _parts(total: int, weights: Sequence[int]) -> list[int]:
    """A whole number by weights, largest remainder, so that the parts add up exactly."""
    whole = sum(weights)
    parts = [total * weight // whole for weight in weights]
    rest = total - sum(parts)
    by_rest = sorted(range(len(weights)), key=lambda n: (-(total * weights[n] % whole), n))
    for number in by_rest[:rest]:
        parts[number] += 1
    return parts


@cache
def _table(year: int, is_official: bool) -> dict[str, dict[str, int]]:
    """Figures of every commune of the district in a year: invented, adding up to the published rate."""
    story = texts()["phong_tho"]
    keys = _communes()
    households = int(story["households"][year])
    poor = int((Decimal(story["rates"][year]) * households / SHARE).to_integral_value())
    size = [700 + int(key.rpartition("-")[2]) * 37 % 600 for key in keys]
    totals = _parts(households, size)
    needs = [80 + int(key.rpartition("-")[2]) * 13 % 45 for key in keys]
    need = [count * weight for count, weight in zip(totals, needs, strict=True)]
    poors = _parts(poor, need)
    found = {}
    for key, total, many in zip(keys, totals, poors, strict=True):
        if key == story["corrected"] and not is_official:
            many -= int(story["corrected_by"])
        minority = total * int(Decimal(story["minority_share"])) // 100
        villages = int(story["hard_villages"])
        found[key] = {
            "poor_and_near_poor_hh": many,
            "total_households": total,
            "minority_hh": minority,
            "minority_poor_hh": min(many * 6 // 10, minority),
            "hard_villages": villages,
            "hard_villages_escaped": min(villages, max(0, year - 2021) * (1 + int(key[-1]) % 2)),
        }
    return found


def figures_of(unit: Unit, year: int, *, on: date, is_official: bool = False) -> dict[str, int]:
    """What a unit has: its own invented figures, or the sum of the communes that it took over from."""
    table = _table(year, is_official)
    if unit.key in table:
        return table[unit.key]
    if unit.kind != UnitKind.COMMUNE:
        return {}
    behind = [key for key in table if unit.pk in _heirs(key, on)]
    found: dict[str, int] = {}
    for key in behind:
        for code, amount in table[key].items():
            found[code] = found.get(code, 0) + amount
    return found


@cache
def _heirs(key: str, on: date) -> tuple[int, ...]:
    return tuple(heirs_on(Unit.objects.get(key=key).pk, on=on))


def _figures(report: Report, items: Sequence[FormItem], *, year: int, on: date) -> dict[int, WrittenFigure]:
    """A review comes after the official result: what the system knows is left as it was filled in."""
    is_review = report.round.kind in (RoundKind.MID_TERM, RoundKind.FINAL)
    now = figures_of(report.unit, year, on=on, is_official=is_review)
    before = figures_of(report.unit, year - 1, on=on, is_official=True) if year > 2022 else {}
    found = {}
    for item in items:
        if item.section != FormSection.FIGURES or item.indicator is None or item.indicator.code not in now:
            continue
        code = item.indicator.code
        moved = code in before and abs(now[code] - before[code]) * 100 > 20 * before[code]
        found[item.pk] = WrittenFigure(
            Decimal(now[code]),
            explanation=f"Theo kết quả rà soát tại thôn, bản {texts()['mark']}" if moved else "",
        )
    return found


def _answers(report: Report, items: Sequence[FormItem], number: int) -> dict[int, str]:
    is_office = not report.unit.is_place
    book = texts()["office_answers" if is_office else "answers"]
    found = {}
    for item in items:
        choices = book.get(item.key)
        if item.section != FormSection.QUESTIONS or not choices:
            continue
        words = choices[(number + report.round.year) % len(choices)]
        if words and words != "Không có":
            words = f"{words} {texts()['mark']}."
        if item.key == "ket-qua" and _was(report, "said_otherwise", RoundKind(report.round.kind)):
            told = figures_of(report.unit, report.round.year, on=report.due_on)["poor_and_near_poor_hh"] + 3
            words = f"Toàn xã còn {format_number(told)} hộ nghèo và hộ cận nghèo. {words}"
        if words:
            found[item.pk] = words
    return found


# ---- the paper


def _leave_as_paper(merged: Report, clock: LivedDays, lived: Lived) -> None:
    """The merged report as an official paper: signed, numbered and issued where the body has its people.

    Where it has none in the demonstration the paper stays a draft; so does the final report of 2025.
    """
    assert merged.round.merged_due_on is not None
    now = clock.at(merged.round.merged_due_on - timedelta(days=1), 9)
    merged = Report.objects.select_related("round__plan__movement", "round__form", "unit").get(pk=merged.pk)
    runner = _runner(merged, now)
    kept = report_paper.draft(merged, actor=runner, now=now)
    lived.drafted += 1
    leader = actor_of(kept.unit_id, (Role.LEADER,), on=now.date())
    clerk = actor_of(kept.unit_id, (Role.CLERK,), on=now.date())
    if leader.user is None or clerk.user is None or merged.round.kind == RoundKind.FINAL:
        return
    papers_demo.prepare_office(kept.unit_id, leader=leader.user, has_common_series=False, now=now)
    drafting.review(kept, actor=runner, now=now + timedelta(minutes=30))
    issuing.sign(kept, actor=leader, now=now + timedelta(hours=2))
    issuing.number(kept, actor=clerk, now=now + timedelta(hours=3))
    issuing.issue(kept, actor=clerk, now=now + timedelta(hours=4))
    lived.papers += 1
