"""What a plan in force asks to be reported: yearly, at half time, at the end, and what it leaves open.

Reads the adopted version's tasks, their units and days, and the milestones; hides how "trước ngày 10 tháng 11
hằng năm", "định kỳ", "sơ kết năm 2023" become rounds with two tiers. Where a plan names a year only, the days
are proposals and say so (`due_text` is empty).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from thidua.core.text import fold
from thidua.movements.models import (
    ItemKind,
    Milestone,
    Plan,
    PlanItem,
    PlanVersion,
    PlanVersionState,
    Task,
    TaskState,
)
from thidua.movements.plans import parties
from thidua.movements.plans.items import listed
from thidua.movements.plans.obligations import Years, is_yearly
from thidua.reports.models import RoundKind

#: Where a plan gives one tier a day and the other none, so many days lie between, as in S002 (9/11, 19/11).
MERGING_DAYS = 10
#: A round opens so many days before its units must have reported.
OPENS_DAYS_BEFORE = 30

#: Word of the plan (without accents) and name of the milestone for the two reviews.
PERIODIC_MILESTONE = "bao_cao_dinh_ky"
REVIEWS = ((RoundKind.MID_TERM, "so ket", "so_ket"), (RoundKind.FINAL, "tong ket", "tong_ket"))


@dataclass(frozen=True, slots=True)
class Asked:
    """One round that a plan asks for. `year` is empty where the plan says "định kỳ" and no more."""

    kind: RoundKind
    year: int | None
    unit_ids: tuple[int, ...] = ()
    units_due_on: date | None = None
    merged_due_on: date | None = None
    #: Whom the merged report goes to, as printed, and the units among them.
    receivers: tuple[str, ...] = ()
    receiver_ids: tuple[int, ...] = ()
    due_text: str = ""
    source_text: str = ""

    @property
    def is_firm(self) -> bool:
        """Whether it opens by itself; otherwise an officer chooses how often and until when."""
        return self.year is not None and self.units_due_on is not None


@dataclass(frozen=True, slots=True)
class _Words:
    """A task item with its words, who must do it, and whether it asks for a report."""

    item: PlanItem
    entry: Mapping[str, Any]
    text: str

    @property
    def recurrence(self) -> str:
        when = self.entry.get("deadline")
        own = when.get("recurrence") if isinstance(when, dict) else None
        return str(self.entry.get("recurrence") or own or "")

    @property
    def is_conditional(self) -> bool:
        return bool(self.entry.get("conditional"))

    @property
    def asks_for_a_report(self) -> bool:
        return bool(self.entry.get("report_to")) and "bao cao" in self.text and not self.is_conditional


def version_in_force(plan: Plan) -> PlanVersion | None:
    return plan.versions.filter(state=PlanVersionState.ADOPTED).order_by("-number").first()


def first_year_of(plan: Plan) -> int | None:
    version = version_in_force(plan)
    if version is None or version.adopted_at is None:
        return None
    years = Years.of(
        first_year=version.first_year,
        last_year=version.last_year,
        dated=version.dated,
        adopted_on=version.adopted_at.date(),
    )
    return years.begins_on.year


def asked_of(plan: Plan) -> list[Asked]:
    """All rounds that the version in force asks for, in the order of their days; five queries."""
    version = version_in_force(plan)
    if version is None:
        return []
    words = [_words_of(item) for item in version.items.order_by("position") if _is_kept_task(item)]
    tasks = list(
        Task.objects.filter(plan=plan, parent__isnull=True)
        .exclude(state=TaskState.CANCELLED)
        .only("pk", "item_id", "unit_id", "year", "due_on", "due_text")
    )
    names = parties.units_by_name(version)
    milestones = list(plan.milestones.filter(is_current=True).select_related("item"))
    everybody = _lower(plan, (task.unit_id for task in tasks))
    found = [
        *_yearly(plan, words, tasks, names, everybody),
        *_reviews(plan, words, tasks, names, milestones, everybody),
        *_open(plan, words, tasks, names, milestones, everybody),
    ]
    return sorted(found, key=lambda one: (one.year is None, one.year or 0, one.units_due_on or date.max))


def _is_kept_task(item: PlanItem) -> bool:
    return item.kind == ItemKind.TASK and item.is_kept


def _words_of(item: PlanItem) -> _Words:
    entry = item.entry
    parts = (entry.get("quote"), entry.get("action"), entry.get("text"), item.quote)
    return _Words(item, entry, fold(" ".join(str(part) for part in parts if part)))


def _running(plan: Plan) -> set[int]:
    return {unit_id for unit_id in (plan.owner_id, plan.standing_body_id) if unit_id is not None}


def _lower(plan: Plan, unit_ids: Iterable[int]) -> tuple[int, ...]:
    """Those that report to the body that runs the plan, each once."""
    running = _running(plan)
    return tuple(unit_id for unit_id in dict.fromkeys(unit_ids) if unit_id not in running)


def _receivers(
    words: Iterable[_Words], names: Mapping[str, list[int]], plan: Plan
) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Names and units that the merged report goes to; not the bodies of the plan itself."""
    running = _running(plan)
    printed = dict.fromkeys(
        name
        for one in words
        for name in listed(one.entry.get("report_to"))
        if not _is_within(names.get(name[:500], ()), running)
    )
    ids = dict.fromkeys(
        unit_id for name in printed for unit_id in names.get(name[:500], ()) if unit_id not in running
    )
    return tuple(printed), tuple(ids)


def _is_within(unit_ids: Iterable[int], running: set[int]) -> bool:
    """Whether a name stands for the bodies that run the plan, and nobody else."""
    ids = set(unit_ids)
    return bool(ids) and ids <= running


# --- yearly -----------------------------------------------------------------------------------------


def _has_a_day(one: _Words) -> bool:
    when = one.entry.get("deadline")
    return isinstance(when, dict) and bool(when.get("month") or when.get("quarter"))


def _yearly(
    plan: Plan,
    words: list[_Words],
    tasks: list[Task],
    names: Mapping[str, list[int]],
    everybody: tuple[int, ...],
) -> Iterable[Asked]:
    asking = [one for one in words if one.asks_for_a_report and is_yearly(one.recurrence) and _has_a_day(one)]
    by_item = {one.item.pk: one for one in asking}
    of_year: dict[int, list[Task]] = {}
    for task in tasks:
        if task.item_id in by_item and task.year is not None and task.due_on is not None:
            of_year.setdefault(task.year, []).append(task)
    running = _running(plan)
    for year, rows in sorted(of_year.items()):
        # "Các cơ quan … báo cáo về Phòng": the Phòng itself is among them and owes itself nothing.
        above = [
            task
            for task in rows
            if task.unit_id in running and _receivers([by_item[task.item_id or 0]], names, plan)[0]
        ]
        below = [task for task in rows if task.unit_id not in running]
        receivers, receiver_ids = _receivers((by_item[task.item_id or 0] for task in above), names, plan)
        yield _with_both_days(
            Asked(
                RoundKind.YEARLY,
                year,
                _lower(plan, (task.unit_id for task in below)) or everybody,
                max((task.due_on for task in below if task.due_on), default=None),
                max((task.due_on for task in above if task.due_on), default=None),
                receivers,
                receiver_ids,
                "; ".join(dict.fromkeys(task.due_text for task in [*below, *above] if task.due_text)),
                _quotes(by_item[task.item_id or 0] for task in [*below, *above]),
            )
        )


def _with_both_days(asked: Asked) -> Asked:
    """The tier that the plan gives no day gets one, some days before or after the other."""
    between = timedelta(days=MERGING_DAYS)
    units, merged = asked.units_due_on, asked.merged_due_on
    if units is None and merged is not None:
        units = merged - between
    elif merged is None and units is not None:
        merged = units + between
    if units is not None and merged is not None and merged < units:
        units = merged
    return replace(asked, units_due_on=units, merged_due_on=merged)


def _quotes(words: Iterable[_Words]) -> str:
    return "\n".join(dict.fromkeys(one.item.quote or str(one.entry.get("action") or "") for one in words))


# --- half time and end --------------------------------------------------------------------------------


def _reviews(
    plan: Plan,
    words: list[_Words],
    tasks: list[Task],
    names: Mapping[str, list[int]],
    milestones: list[Milestone],
    everybody: tuple[int, ...],
) -> Iterable[Asked]:
    by_item = {one.item.pk: one for one in words}
    for kind, phrase, code in REVIEWS:
        marked = {one.last_day.year for one in milestones if one.kind == code and one.last_day}
        rows: dict[int, list[Task]] = {year: [] for year in marked}
        for task in tasks:
            one = by_item.get(task.item_id or 0)
            year = task.year or (task.due_on.year if task.due_on else None)
            if one is not None and year is not None and _is_review(one, task, phrase, code, year, marked):
                rows.setdefault(year, []).append(task)
        for year, found in sorted(rows.items()):
            yield _review(plan, kind, year, found, by_item, names, everybody, milestones, code)


def _is_review(one: _Words, task: Task, phrase: str, code: str, year: int, marked: set[int]) -> bool:
    """Whether a task is the review of this kind in that year: "… tổng kết vào năm 2025" is the last one."""
    if phrase not in one.text:
        return False
    when = one.entry.get("deadline")
    when = when if isinstance(when, dict) else {}
    if when.get("so_ket") or when.get("tong_ket"):
        return str(when.get(code) or "") == str(year)
    others = [other for _, other, _ in REVIEWS if other != phrase]
    if when.get("applies_to"):
        return phrase in fold(str(when["applies_to"]))
    return year in marked or not any(other in one.text for other in others)


def _review(
    plan: Plan,
    kind: RoundKind,
    year: int,
    rows: list[Task],
    by_item: Mapping[int, _Words],
    names: Mapping[str, list[int]],
    everybody: tuple[int, ...],
    milestones: list[Milestone],
    code: str,
) -> Asked:
    running = _running(plan)
    words = [by_item[task.item_id or 0] for task in rows]
    above = [by_item[task.item_id or 0] for task in rows if task.unit_id in running]
    receivers, receiver_ids = _receivers(above, names, plan)
    texts = [one.when_text for one in milestones if one.kind == code and one.last_day]
    # "năm 2023" is no day: the whole year is open, and the merged report closes it.
    days = {task.due_on for task in rows if task.due_on and task.due_on != date(year, 12, 31)}
    merged = max(days) if days else date(year, 12, 31)
    return _with_both_days(
        Asked(
            kind,
            year,
            _lower(plan, (task.unit_id for task in rows)) or everybody,
            None,
            merged,
            receivers,
            receiver_ids,
            "; ".join(dict.fromkeys(text for text in texts if text)) if days else "",
            _quotes(words) or "; ".join(dict.fromkeys(texts)),
        )
    )


# --- left open ----------------------------------------------------------------------------------------


def _open(
    plan: Plan,
    words: list[_Words],
    tasks: list[Task],
    names: Mapping[str, list[int]],
    milestones: list[Milestone],
    everybody: tuple[int, ...],
) -> Iterable[Asked]:
    """ "Định kỳ tổng hợp báo cáo …": asked, but nobody says how often."""
    open_ones = [
        one
        for one in words
        if one.asks_for_a_report
        and not _has_a_day(one)
        and not isinstance(one.entry.get("deadline"), dict)
        and not is_yearly(one.recurrence)
    ]
    # The words may stand as a date only, when the reader saw no task in them.
    dates = [one for one in milestones if one.kind == PERIODIC_MILESTONE and one.last_day is None]
    if not open_ones and not dates:
        return
    keys = {one.item.pk for one in open_ones}
    receivers, receiver_ids = _receivers(open_ones, names, plan)
    asked = _lower(plan, (task.unit_id for task in tasks if task.item_id in keys))
    yield Asked(
        RoundKind.PERIODIC,
        None,
        asked or everybody,
        receivers=receivers,
        receiver_ids=receiver_ids,
        due_text="định kỳ" if dates or any(one.recurrence for one in open_ones) else "",
        source_text=_quotes(open_ones) or "; ".join(one.item.quote or one.title for one in dates),
    )
