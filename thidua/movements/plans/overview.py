"""What pages about a draft or a plan in force show beside the items: names, units, states of tasks, Excel."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlencode

from django.db.models import Count
from django.http import HttpResponse
from django.urls import NoReverseMatch, reverse

from thidua.core.text import sort_key
from thidua.documents.plan_page import Fact
from thidua.movements.models import (
    ItemKind,
    Milestone,
    PartyName,
    Plan,
    PlanVersion,
    Task,
    TaskState,
)
from thidua.movements.plans import naming, parties
from thidua.movements.plans.adoption import Preview
from thidua.movements.plans.cards import Card, cards_of
from thidua.movements.plans.drafting import kept_items
from thidua.movements.plans.items import PASSAGES, code_of
from thidua.organisations import tree
from thidua.tables.workbooks import Sheet, download, written

# --- names ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NamedUnit:
    unit_id: int
    label: str


@dataclass(frozen=True, slots=True)
class NameRow:
    """One name of a draft, with its units and where it is used."""

    party: PartyName
    units: tuple[NamedUnit, ...]
    uses: parties.Use
    is_sure: bool
    candidates: tuple[NamedUnit, ...] = ()

    @property
    def rank(self) -> tuple[bool, bool, bool, str]:
        """Unsure and needed first; what is confirmed last."""
        return (self.party.is_confirmed, not self.uses.gives_tasks, self.is_sure, sort_key(self.party.name))

    @property
    def where(self) -> str:
        parts = (
            ("làm", self.uses.leads),
            ("phối hợp", self.uses.helps),
            ("nhận báo cáo", self.uses.receives),
        )
        return "; ".join(f"{name}: {', '.join(map(code_of, keys))}" for name, keys in parts if keys)


def name_rows(version: PlanVersion, *, on: date) -> list[NameRow]:
    """All names of a draft, those that need a person first."""
    rows = list(version.parties.prefetch_related("units").order_by("name"))
    return sorted(_name_rows(rows, version, on=on), key=lambda row: row.rank)


@dataclass(frozen=True, slots=True)
class NameGroup:
    """Names that stand for the same units and wait, or do not wait, alike: spellings of one name mostly."""

    rows: tuple[NameRow, ...]

    @property
    def first(self) -> NameRow:
        return self.rows[0]

    @property
    def is_single(self) -> bool:
        return len(self.rows) == 1


def grouped(rows: Iterable[NameRow]) -> list[NameGroup]:
    """In the order of their first names. What nothing is known of stands alone."""
    found: dict[tuple[object, ...], list[NameRow]] = {}
    for row in rows:
        units = frozenset(unit.unit_id for unit in row.units)
        has_answer = bool(units) or row.party.is_outside
        alike = (row.party.is_confirmed, row.is_sure, units) if has_answer else (row.party.pk,)
        found.setdefault(alike, []).append(row)
    return [NameGroup(tuple(group)) for group in found.values()]


def name_row(party: PartyName, version: PlanVersion, *, on: date) -> NameRow:
    return _name_rows([party], version, on=on)[0]


def _name_rows(rows: Sequence[PartyName], version: PlanVersion, *, on: date) -> list[NameRow]:
    day = naming.day_of(version.dated, on=on)
    uses = parties.uses_of(version.items.filter(kind=ItemKind.TASK))
    open_ones = [
        party for party in rows if not party.is_confirmed and not party.is_outside and not party.units.all()
    ]
    found = naming.proposed([party.name for party in open_ones], owner_id=version.plan.owner_id, on=day)
    candidates = {party.pk: found[party.name].candidates for party in open_ones}
    wanted = {row.unit_id for party in rows for row in party.units.all()}
    wanted |= {unit_id for ids in candidates.values() for unit_id in ids}
    labels = tree.labels_on(wanted, on=day)

    def named(ids: Sequence[int]) -> tuple[NamedUnit, ...]:
        return tuple(NamedUnit(unit_id, labels.get(unit_id, str(unit_id))) for unit_id in ids)

    return [
        NameRow(
            party,
            named([row.unit_id for row in party.units.all()]),
            uses.get(party.name, parties.Use()),
            parties.is_sure(party),
            named(candidates.get(party.pk, ())),
        )
        for party in rows
    ]


# --- the preview ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class UnitShare:
    """How many tasks one unit gets, and how many of them are due in each year of the table."""

    label: str
    tasks: int
    #: For each year of the table; the year None: no deadline named.
    by_year: tuple[tuple[int | None, int], ...]


@dataclass(frozen=True, slots=True)
class UnitShares:
    """The units that get tasks, in the order of a dictionary."""

    years: tuple[int | None, ...] = ()
    rows: tuple[UnitShare, ...] = ()

    @property
    def whole(self) -> UnitShare:
        sums = Counter[int | None]()
        for row in self.rows:
            sums.update(dict(row.by_year))
        return UnitShare("Cộng", sums.total(), tuple((year, sums[year]) for year in self.years))


def units_of(found: Preview, *, on: date) -> UnitShares:
    """Who gets how much, by year of the deadline."""
    labels = tree.labels_on(found.by_unit, on=on)
    counts: dict[int, Counter[int | None]] = defaultdict(Counter)
    for row in found.rows:
        counts[row.unit_id][row.due.due_on.year if row.due.due_on else None] += 1
    years = tuple(year for year, _ in found.by_year)
    rows = [
        UnitShare(
            labels.get(unit_id, str(unit_id)),
            by_year.total(),
            tuple((year, by_year[year]) for year in years),
        )
        for unit_id, by_year in counts.items()
    ]
    return UnitShares(years, tuple(sorted(rows, key=lambda row: sort_key(row.label))))


# --- the plan in force ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TaskSummary:
    """How far the tasks of one item, or of the whole plan, are."""

    total: int = 0
    done: int = 0
    late: int = 0
    waiting: int = 0

    @property
    def words(self) -> str:
        if not self.total:
            return "chưa giao cho đơn vị nào"
        parts = [f"{self.done}/{self.total} hoàn thành"]
        if self.late:
            parts.append(f"{self.late} quá hạn")
        if self.waiting:
            parts.append(f"{self.waiting} chờ nhận")
        return ", ".join(parts)


#: What the table of tasks shows in columns of its own.
_IN_COLUMNS = ("Thời hạn", "Định kỳ")
#: A sentence that is not longer than so many letters is shown whole.
SHORT = 120


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One task of the plan as a row: who, the first words, until when, how far."""

    card: Card
    summary: TaskSummary
    #: The tasks of the units in the list of tasks; empty when there is none.
    address: str = ""

    @property
    def words(self) -> str:
        return self.card.words.quote

    @property
    def beginning(self) -> str:
        """The first words of a long sentence; empty for a short one."""
        if len(self.words) <= SHORT:
            return ""
        return self.words[: SHORT - 20].rsplit(" ", 1)[0].rstrip(" ,;:") + " …"

    @property
    def when(self) -> list[str]:
        return [fact.value for fact in self.card.words.facts if fact.label in _IN_COLUMNS]

    @property
    def facts(self) -> list[Fact]:
        return [fact for fact in self.card.words.facts if fact.label not in _IN_COLUMNS]


@dataclass(frozen=True, slots=True)
class PlanView:
    """The items of a version in the order of the page."""

    targets: list[Card] = field(default_factory=list)
    tasks: list[TaskRow] = field(default_factory=list)
    subjects: list[tuple[str, list[Card]]] = field(default_factory=list)
    award_forms: list[Card] = field(default_factory=list)
    milestones: list[Card] = field(default_factory=list)
    dates: list[Milestone] = field(default_factory=list)
    passages: list[tuple[str, list[Card]]] = field(default_factory=list)
    whole: TaskSummary = TaskSummary()
    tasks_address: str = ""

    @property
    def criteria_and_awards(self) -> int:
        return sum(len(cards) for _, cards in self.subjects) + len(self.award_forms)

    @property
    def passages_count(self) -> int:
        return sum(len(cards) for _, cards in self.passages)


def plan_view(plan: Plan, version: PlanVersion, *, on: date) -> PlanView:
    cards = cards_of(kept_items(version))
    summaries = _summaries(plan, on=on)
    subjects: dict[str, list[Card]] = {}
    for card in cards:
        if card.item.kind == ItemKind.CRITERION:
            subjects.setdefault(card.subject or "Chưa rõ đối tượng", []).append(card)
    return PlanView(
        targets=[card for card in cards if card.item.kind == ItemKind.TARGET],
        tasks=[
            _task_row(card, summaries.get(card.item.pk, TaskSummary()), plan)
            for card in cards
            if card.item.kind == ItemKind.TASK
        ],
        subjects=list(subjects.items()),
        award_forms=[card for card in cards if card.item.kind == ItemKind.AWARD_FORM],
        milestones=[card for card in cards if card.item.kind == ItemKind.MILESTONE],
        dates=list(
            Milestone.objects.filter(plan=plan, is_current=True, last_day__gte=on).order_by("last_day", "pk")[
                :5
            ]
        ),
        passages=[
            (kind.label, [card for card in cards if card.item.kind == kind])
            for kind in PASSAGES
            if any(card.item.kind == kind for card in cards)
        ],
        whole=summaries.get(0, TaskSummary()),
        tasks_address=_tasks_address(plan),
    )


def _task_row(card: Card, summary: TaskSummary, plan: Plan) -> TaskRow:
    # The list finds words, not items: the first words of a sentence are enough to tell it from the others.
    words = " ".join(card.words.quote.split()[:14])[:200].rsplit(" ", 1)[0]
    return TaskRow(card, summary, _tasks_address(plan, tim=words) if summary.total else "")


def _tasks_address(plan: Plan, **asked: str) -> str:
    query = {"xem": "tat-ca", "ke_hoach": str(plan.pk), "hien": "tat-ca", **asked}
    return f"{reverse('tasks:list')}?{urlencode(query)}"


def _summaries(plan: Plan, *, on: date) -> dict[int, TaskSummary]:
    """By item; under 0 the whole plan. Withdrawn tasks do not count."""
    rows = (
        Task.objects.filter(plan=plan, parent__isnull=True)
        .exclude(state=TaskState.CANCELLED)
        .values_list("item_id", "state", "due_on")
        .annotate(count=Count("pk"))
    )
    found: dict[int, Counter[str]] = defaultdict(Counter)
    for item_id, state, due_on, count in rows:
        for key in (item_id or -1, 0):
            found[key]["total"] += count
            found[key]["done"] += count if state == TaskState.DONE else 0
            found[key]["waiting"] += count if state == TaskState.GIVEN else 0
            if state in Task.OWED and due_on is not None and due_on < on:
                found[key]["late"] += count
    return {key: TaskSummary(**counts) for key, counts in found.items()}


def _address(name: str, *arguments: int) -> str:
    """The address of a page of another room; empty as long as it does not exist."""
    try:
        return reverse(name, args=arguments)
    except NoReverseMatch:
        return ""


def coverage_address(version: PlanVersion | None) -> str:
    return _address("cascade:coverage", version.pk) if version is not None else ""


def movement_address(plan: Plan) -> str:
    return _address("cascade:movement", plan.movement_id)


def workbook(plan: Plan, version: PlanVersion) -> HttpResponse:
    """The version as Excel: items, and the tasks as they were given to units."""
    cards = cards_of(kept_items(version))
    items = Sheet(
        "Các mục",
        (("Mã", 8), ("Loại", 18), ("Nội dung", 70), ("Mức, thời gian", 24), ("Chi tiết", 50), ("Dòng", 10)),
        (
            [
                card.words.code,
                ItemKind(card.item.kind).label,
                ". ".join(part for part in (card.subject, card.words.title, card.words.quote) if part),
                card.words.measure,
                "; ".join(f"{fact.label}: {fact.value}" for fact in card.words.facts),
                ", ".join(map(str, card.item.lines)),
            ]
            for card in cards
        ),
    )
    rows = list(
        Task.objects.filter(plan=plan).select_related("item").order_by("item__position", "unit_id", "year")
    )
    labels = tree.labels_on({task.unit_id for task in rows}, on=naming.day_of(version.dated, on=date.max))
    tasks = Sheet(
        "Nhiệm vụ theo đơn vị",
        (("Mục", 8), ("Nội dung", 70), ("Đơn vị", 40), ("Năm", 8), ("Hạn", 12), ("Trạng thái", 18)),
        (
            [
                code_of(task.item.key) if task.item else "",
                task.title,
                labels.get(task.unit_id, ""),
                task.year,
                task.due_on,
                TaskState(task.state).label,
            ]
            for task in rows
        ),
    )
    return download(written([items, tasks]), name=f"ke-hoach-{plan.pk}.xlsx")
