"""Việc của tôi: what waits for a person across the apps, by deadline, and what they did lately.

Each source answers with `Waiting` values. Hides which app a matter comes from and which units a person acts
for; the number of queries does not depend on the number of matters.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Min, Q, QuerySet
from django.urls import NoReverseMatch, reverse

from thidua.audit.models import Entry
from thidua.awards import inbox as awards
from thidua.core.clock import VIETNAM
from thidua.core.text import shortened, sort_key
from thidua.documents.models import Document
from thidua.documents.papers import inbox as papers
from thidua.movements.models import (
    Extension,
    PlanVersion,
    PlanVersionState,
    Task,
    TaskState,
)
from thidua.movements.registrations import inbox as registrations
from thidua.movements.rights import DECIDING, PREPARING
from thidua.movements.tasks import inbox as tasks_inbox
from thidua.organisations import tree
from thidua.organisations.authority import Acting
from thidua.organisations.waiting import Waiting as Told
from thidua.oversight import inbox as oversight
from thidua.publicity import inbox as publicity
from thidua.reports import inbox as reports
from thidua.resources import inbox as resources
from thidua.workspace import log_scope, read_plans

#: Apps that tell themselves what waits in them.
APPS = (reports, awards, resources, oversight, publicity)
#: Of each source so many are fetched, the most urgent first; the list pages show all.
MOST = 60
DAYS_AHEAD = 7
#: So many of a group stand open; the others wait behind one click.
SHOWN, SHOWN_OF_THE_REST, UNITS_SHOWN = 12, 5, 8
#: Of a week's acts so many are looked at, and so many lines shown.
MOST_DONE, DONE_SHOWN = 300, 6


@dataclass(frozen=True, slots=True)
class Act:
    """The next step: a link to where it is taken, or a button that takes it at once."""

    label: str
    address: str
    is_post: bool = False


@dataclass(frozen=True, slots=True)
class Waiting:
    """One matter that waits for a person.

    `why` says what is asked ("Chờ nhận"), `about` whence it comes; `tone` is late, warning or empty.
    """

    title: str
    why: str
    about: str
    address: str
    due_on: date | None
    tone: str
    act: Act | None = None
    #: Somebody waits for an answer from this person: shown apart from work with a deadline.
    is_answer: bool = False
    days_late: int = 0
    #: Waits in a group of its own instead of by deadline.
    group: str = ""

    @property
    def short_title(self) -> str:
        return shortened(self.title)


@dataclass(frozen=True, slots=True)
class Group:
    key: str
    title: str
    matters: list[Waiting]

    @property
    def first(self) -> list[Waiting]:
        """What is open to the eye: all that presses, of the rest only some."""
        return self.matters[: SHOWN_OF_THE_REST if self.key in ("later", "open") else SHOWN]

    @property
    def rest(self) -> list[Waiting]:
        return self.matters[len(self.first) :]


@dataclass(frozen=True, slots=True)
class Owing:
    """A unit that owes late work to the units of this person."""

    unit_id: int
    label: str
    late: int
    oldest: date
    address: str
    remind_address: str
    days_late: int


@dataclass(frozen=True, slots=True)
class Done:
    """What this person did this week to one object, or to one plan's names: equal acts are one line."""

    label: str
    times: int
    object_label: str
    at: datetime
    #: Of the log, for this person's entries of this kind; empty when they may not read the log.
    address: str

    @property
    def short_object(self) -> str:
        return shortened(self.object_label, 80)


@dataclass(frozen=True, slots=True)
class Inbox:
    groups: list[Group]
    owing: list[Owing]
    #: Of how many units `owing` shows the first.
    owing_count: int
    done: list[Done]
    #: The log, narrowed to this person; empty when they may not read it.
    log_address: str
    #: Whether a source had more than it may show.
    has_more: bool

    @property
    def count(self) -> int:
        return sum(len(group.matters) for group in self.groups)

    @property
    def late_count(self) -> int:
        return next((len(group.matters) for group in self.groups if group.key == "late"), 0)


def inbox(acting: Acting, *, now: datetime, documents: QuerySet[Document] | None = None) -> Inbox:
    """Everything for the page of one person; `documents` are those that this person may see."""
    tasks = list(tasks_inbox.to_do(acting)[: MOST + 1])
    results = list(tasks_inbox.to_answer(acting)[: MOST + 1])
    extensions = list(tasks_inbox.extensions_to_answer(acting)[: MOST + 1])
    joining = registrations.waiting_for(acting, on=acting.on)
    told = [one for app in APPS for one in app.waiting_for(acting)]
    drafts = list(_drafts(acting)[: MOST + 1])
    written = papers.waiting_for(acting, at_most=MOST + 1)
    readings = [] if documents is None else read_plans.not_yet_started(acting, documents)
    owing = _owing(acting)
    labels = tree.labels_on(
        {
            *(task.giver_id for task in tasks),
            *(task.unit_id for task in tasks),
            *(task.unit_id for task in results),
            *(extension.task.unit_id for extension in extensions),
            *(row["unit_id"] for row in owing[:UNITS_SHOWN]),
        },
        on=acting.on,
    )
    matters = [
        *(_of_task(task, labels, acting) for task in tasks[:MOST]),
        *(_of_result(task, labels) for task in results[:MOST]),
        *(_of_extension(extension, labels) for extension in extensions[:MOST]),
        *(_of_registrations(one, on=acting.on) for one in joining[:MOST] if one.sort != "owed"),
        *(_of_app(one, on=acting.on) for one in told),
        *(_of_draft(version) for version in drafts[:MOST]),
        *(_of_paper(one, on=acting.on) for one in written[:MOST]),
        *(_of_reading(document) for document in readings),
    ]
    sources: tuple[list[Any], ...] = (tasks, results, extensions, joining, drafts, written)
    return Inbox(
        groups=list(grouped(matters, on=acting.on)),
        owing=[_of_owing(row, labels, on=acting.on) for row in owing[:UNITS_SHOWN]],
        owing_count=len(owing),
        done=_done(acting, now=now),
        log_address=_log_address(acting, now=now),
        has_more=any(len(rows) > MOST for rows in sources),
    )


def grouped(matters: Iterable[Waiting], *, on: date) -> Iterator[Group]:
    """Late, within a week, answers that others wait for, later, without deadline. No group is empty."""
    titles = {
        "late": "Quá hạn",
        "soon": f"Trong {DAYS_AHEAD} ngày tới",
        "answers": "Chờ tôi trả lời",
        "read": "Kế hoạch đã đọc, chưa đưa vào thực hiện",
        "later": "Sau đó",
        "open": "Không ghi thời hạn",
    }
    found: dict[str, list[Waiting]] = {key: [] for key in titles}
    for matter in sorted(matters, key=lambda one: (one.due_on or date.max, sort_key(one.title))):
        found[_group_of(matter, on=on)].append(matter)
    for key, title in titles.items():
        if found[key]:
            yield Group(key, title, found[key])


def _group_of(matter: Waiting, *, on: date) -> str:
    if matter.group:
        return matter.group
    if matter.is_answer:
        return "answers"
    if matter.due_on is None:
        return "open"
    if matter.due_on < on:
        return "late"
    return "soon" if matter.due_on <= on + timedelta(days=DAYS_AHEAD) else "later"


# --- what the units of this person owe ------------------------------------------------------------


def _of_task(task: Task, labels: dict[int, str], acting: Acting) -> Waiting:
    on = acting.on
    days_late = task.days_late(on=on)
    is_near = task.due_on is not None and on <= task.due_on <= on + timedelta(days=DAYS_AHEAD)
    page = address("tasks:task", task.pk)
    if task.state == TaskState.GIVEN:
        taking = address("tasks:accept", task.pk)
        act = Act("Nhận nhiệm vụ", taking, is_post=True) if taking else Act("Nhận nhiệm vụ", page)
    else:
        act = Act("Báo cáo tiến độ", f"{page}#bao-cao" if page else "")
    return Waiting(
        title=task.title,
        why=_state_in_words(task),
        about=" · ".join(
            filter(
                None,
                (
                    _whose(task, labels, acting),
                    f"{labels.get(task.giver_id, '')} giao, {_plan_name(task.plan.number, task.plan.title)}",
                ),
            )
        ),
        address=page,
        due_on=task.due_on,
        tone="late" if days_late else "warning" if is_near else "",
        act=act if act.address else None,
        days_late=days_late,
    )


def _whose(task: Task, labels: dict[int, str], acting: Acting) -> str:
    """Which unit the task was given to, when that goes without saying not."""
    own = {mandate.unit_id for mandate in acting.mandates}
    label = labels.get(task.unit_id, "")
    if task.unit_id not in own:
        return f"kế thừa từ {label}"
    return label if len(own) > 1 else ""


# --- what others wait for -------------------------------------------------------------------------


def _state_in_words(task: Task) -> str:
    if task.state != TaskState.ACCEPTED:
        return task.get_state_display()
    return f"{'Trả lại để làm tiếp' if task.sent_back_at else task.get_state_display()}, {task.percent} %"


def _of_result(task: Task, labels: dict[int, str]) -> Waiting:
    is_reported = task.state == TaskState.REPORTED
    page = address("tasks:task", task.pk)
    return Waiting(
        title=task.title,
        why="Báo đã hoàn thành" if is_reported else "Từ chối nhiệm vụ",
        about=labels.get(task.unit_id, ""),
        address=page,
        due_on=None,
        tone="" if is_reported else "warning",
        act=Act("Xem và xác nhận" if is_reported else "Xem lý do", page) if page else None,
        is_answer=True,
    )


def _of_extension(extension: Extension, labels: dict[int, str]) -> Waiting:
    page = address("tasks:task", extension.task_id)
    return Waiting(
        title=extension.task.title,
        why=f"Đề nghị gia hạn đến {extension.asked_until:%d/%m/%Y}",
        about=f"{labels.get(extension.task.unit_id, '')}: {extension.reason}",
        address=page,
        due_on=extension.due_before,
        tone="",
        act=Act("Trả lời gia hạn", f"{page}#gia-han") if page else None,
        is_answer=True,
    )


def _of_registrations(one: registrations.Waiting, *, on: date) -> Waiting:
    is_late = one.due_on is not None and one.due_on < on
    return Waiting(
        title=one.title,
        why="Đăng ký thi đua",
        about=one.about,
        address=one.address,
        due_on=one.due_on,
        tone="late" if is_late else "",
        act=Act(one.act, one.address),
        is_answer=one.sort == "decide",
        days_late=(on - one.due_on).days if is_late and one.due_on else 0,
    )


def _of_app(one: Told, *, on: date) -> Waiting:
    is_late = one.due_on is not None and one.due_on < on
    is_near = one.due_on is not None and on <= one.due_on <= on + timedelta(days=DAYS_AHEAD)
    return Waiting(
        title=one.title,
        why=one.why,
        about=one.about,
        address=one.address,
        due_on=one.due_on,
        tone="late" if is_late else "warning" if is_near else "",
        act=Act(one.act, one.address),
        is_answer=one.is_answer,
        days_late=(on - one.due_on).days if is_late and one.due_on else 0,
    )


def _drafts(acting: Acting) -> QuerySet[PlanVersion]:
    units = acting.unit_ids(PREPARING | DECIDING)
    return (
        PlanVersion.objects.filter(
            Q(plan__owner_id__in=units) | Q(plan__standing_body_id__in=units), state=PlanVersionState.DRAFT
        )
        .select_related("plan")
        .order_by("-made_at")
    )


def _of_draft(version: PlanVersion) -> Waiting:
    page = address("plans:draft", version.pk)
    return Waiting(
        title=version.title,
        why="Bản nháp chưa đưa vào thực hiện",
        about=version.document_number,
        address=page,
        due_on=None,
        tone="",
        act=Act("Xem tiếp bản nháp", page) if page else None,
        is_answer=True,
    )


def _of_paper(one: papers.WaitingPaper, *, on: date) -> Waiting:
    is_late = one.due_on is not None and one.due_on < on
    return Waiting(
        title=one.title,
        why=one.why,
        about=one.about,
        address=one.address,
        due_on=one.due_on,
        tone="late" if is_late else "",
        act=Act(one.act, one.address),
        is_answer=True,
        days_late=(on - one.due_on).days if is_late and one.due_on else 0,
    )


def _of_reading(document: Document) -> Waiting:
    page = address("plans:start", document.address)
    return Waiting(
        title=document.title or document.file_name,
        why=" ".join(filter(None, (document.type_name, document.number))) or "Văn bản đã đọc",
        about=f"{document.tasks} nhiệm vụ, {document.targets} chỉ tiêu",
        address=address("documents:plan", document.address),
        due_on=None,
        tone="",
        act=Act("Đưa vào thực hiện", page) if page else None,
        group="read",
    )


# --- what others owe ------------------------------------------------------------------------------


def _owing(acting: Acting) -> list[dict[str, Any]]:
    """Late work that other units owe this person's units, the longest lists first."""
    if not acting.unit_ids(DECIDING):
        return []
    rows = tasks_inbox.owed_late(acting).exclude(unit_id__in=acting.unit_ids()).values("unit_id")
    counted = rows.annotate(late=Count("pk"), oldest=Min("due_on")).order_by("-late", "oldest", "unit_id")
    return [dict(row) for row in counted]


def _of_owing(row: dict[str, Any], labels: dict[int, str], *, on: date) -> Owing:
    page = address("tasks:late")
    label = labels.get(row["unit_id"], "")
    return Owing(
        unit_id=row["unit_id"],
        label=label,
        late=row["late"],
        oldest=row["oldest"],
        address=f"{page}?{urlencode({'don_vi': label})}" if page else "",
        remind_address=address("workspace:remind", row["unit_id"]),
        days_late=(on - row["oldest"]).days,
    )


# --- what this person did -------------------------------------------------------------------------


def _done(acting: Acting, *, now: datetime) -> list[Done]:
    """What was done this week, from Monday, newest first; the same act many times is one line with its count.

    Acts on one object stand together; so do acts of one kind whose name says no more than the kind.
    """
    done = Entry.objects.filter(user=acting.user, at__gte=_monday(now), at__lte=now)
    # Coming and going is no work.
    newest = done.exclude(action__startswith="accounts.").order_by("-number")[:MOST_DONE]
    alike: dict[tuple[str, str], list[Entry]] = {}
    for entry in newest:
        alike.setdefault((entry.action, entry.action_label), []).append(entry)
    log = _log_address(acting, now=now)
    return [_done_line(entries, log) for entries in list(alike.values())[:DONE_SHOWN]]


def _done_line(entries: list[Entry], log: str) -> Done:
    objects = {(entry.object_type, entry.object_id): entry.object_label for entry in entries}
    one = next(iter(objects.values())) if len(objects) == 1 else ""
    return Done(
        entries[0].action_label,
        len(entries),
        one,
        entries[0].at,
        f"{log}&{urlencode({'tim': entries[0].action_label})}" if log else "",
    )


def _log_address(acting: Acting, *, now: datetime) -> str:
    page = address("workspace:log") if log_scope.may_read(acting) else ""
    answers = {"cua": "toi", "tu_ngay": f"{_monday(now):%d/%m/%Y}"}
    return f"{page}?{urlencode(answers)}" if page else ""


def _monday(now: datetime) -> datetime:
    local = now.astimezone(VIETNAM)
    return (local - timedelta(days=local.weekday())).replace(hour=0, minute=0, second=0, microsecond=0)


def address(name: str, *arguments: object) -> str:
    """The address of a page; empty as long as it does not exist."""
    try:
        return reverse(name, args=arguments)
    except NoReverseMatch:
        return ""


def _plan_name(number: str, title: str) -> str:
    return f"Kế hoạch {number}" if number else shortened(title, 70)
