"""One box over everything a person may see, without accents.

Knows where each kind of thing keeps its words (`search_text`, folded) and who may see it
(`movements.visibility`). Hides the order: what begins with the words stands before what holds them somewhere.
There is no index of its own that could grow stale.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Length

from thidua.accounts.models import User
from thidua.core.text import fold, shortened
from thidua.criteria.law_pages.law_list import found_by_name
from thidua.documents.models import Document
from thidua.movements.models import Plan, PlanItem, PlanVersionState
from thidua.movements.registrations import names
from thidua.movements.visibility import (
    visible_movements,
    visible_plans,
    visible_registrations,
    visible_tasks,
)
from thidua.organisations import tree
from thidua.organisations.authority import Acting
from thidua.organisations.models import FOREVER, Mandate, Role, UnitVersion
from thidua.workspace.inbox import address

#: So many of each kind on the common page, and on the page of one kind.
FEW, MANY = 6, 50
MOST_WORDS, MOST_LETTERS = 8, 100


@dataclass(frozen=True, slots=True)
class Found:
    """One thing: its name, small print about it, its page (never empty)."""

    title: str
    note: str
    address: str


@dataclass(frozen=True, slots=True)
class Kind:
    key: str
    title: str
    found: list[Found]
    #: Whether there are more than are shown.
    has_more: bool


@dataclass(frozen=True, slots=True)
class Command:
    """A page or act that may be called by its name, with other words for it."""

    title: str
    words: str
    page: str
    roles: frozenset[Role] | None = None


PREPARING = frozenset({Role.STANDING})
COMMANDS = (
    Command("Việc của tôi", "viec cua toi inbox hop viec", "workspace:inbox"),
    Command("Phong trào", "phong trao thi dua cay ke hoach", "cascade:list"),
    Command("Kế hoạch", "ke hoach danh sach", "plans:list"),
    Command("Nhiệm vụ", "nhiem vu danh sach cong viec", "tasks:list"),
    Command("Nhiệm vụ trễ hạn, đơn vị chậm", "tre han cham don vi cham qua han don doc", "tasks:late"),
    Command("Đăng ký thi đua", "dang ky thi dua giup do thoat ngheo", "registrations:board"),
    Command("Lịch, mốc thời gian", "lich moc thoi gian so ket tong ket", "timeline:timeline"),
    Command("Đơn vị", "don vi co cau to chuc cay xa huyen tinh", "organisations:tree"),
    Command("Đọc một kế hoạch mới", "doc ke hoach tai len dua van ban tao ke hoach", "documents:list"),
    Command("Soạn kế hoạch từ kế hoạch cấp trên", "soan tao ke hoach moi cap tren", "plans:write", PREPARING),
    Command("Sổ luật", "so luat dieu luat nghi dinh muc thuong tham quyen", "law:list"),
    Command("Luật đã thay đổi những gì", "luat thay doi nghi dinh moi so sanh thoi ky", "law:changes"),
    Command("Thông báo", "thong bao chua doc", "notices:list"),
    Command("Hồ sơ của tôi", "ho so tai khoan doi mat khau", "accounts:profile"),
    Command(
        "Người dùng và ủy nhiệm",
        "nguoi dung tai khoan uy nhiem vai tro quan tri",
        "people:list",
        frozenset({Role.ADMINISTRATOR}),
    ),
    Command(
        "Nhật ký",
        "nhat ky kiem tra chuoi bam",
        "workspace:log",
        frozenset({Role.ADMINISTRATOR, Role.STANDING, Role.LEADER}),
    ),
)


def words_of(query: str) -> list[str]:
    """What is looked for: folded words, none twice."""
    text = fold(query[:MOST_LETTERS].replace("\0", " "))
    return list(dict.fromkeys(text.split()))[:MOST_WORDS]


def search(
    query: str, *, acting: Acting, documents: QuerySet[Document], only: str = "", few: int = FEW
) -> list[Kind]:
    """Kinds with what was found; empty kinds are left out. `only` names one kind, then up to `MANY` of it.

    `documents` are those that this person may see. Without a word only the commands are answered.
    """
    words = words_of(query)
    if not words:
        return [
            kind for kind in [_kind("pages", "Trang và việc", _commands(acting, words), MANY)] if kind.found
        ]
    most = MANY if only else few
    sources: dict[str, tuple[str, Callable[[], Iterable[Found]]]] = {
        "pages": ("Trang và việc", lambda: _commands(acting, words)),
        "movements": ("Phong trào", lambda: _movements(acting, words, most)),
        "plans": ("Kế hoạch", lambda: _plans(acting, words, most)),
        "tasks": ("Nhiệm vụ", lambda: _tasks(acting, words, most)),
        "items": ("Câu trong kế hoạch", lambda: _items(acting, words, most)),
        "registrations": ("Đăng ký", lambda: _registrations(acting, words, most)),
        "units": ("Đơn vị", lambda: _units(words, most, on=acting.on)),
        "documents": ("Văn bản đã đọc", lambda: _documents(documents, words, most)),
        "law": ("Sổ luật", lambda: _law(words, most, on=acting.on)),
        "people": ("Người dùng", lambda: _people(acting, words, most)),
    }
    kinds = [
        _kind(key, title, find(), most) for key, (title, find) in sources.items() if not only or key == only
    ]
    return [kind for kind in kinds if kind.found]


def _kind(key: str, title: str, found: Iterable[Found], most: int) -> Kind:
    rows = [one for one in found if one.address]
    return Kind(key, title, rows[:most], has_more=len(rows) > most)


# --- matching -------------------------------------------------------------------------------------


def matching(rows: QuerySet[Any], words: list[str], *, field: str = "search_text") -> QuerySet[Any]:
    """Rows that hold every word, with the best on top: that begin with the whole, hold it, hold all at the
    beginning of words.
    """
    for word in words:
        rows = rows.filter(**{f"{field}__contains": word})
    whole = " ".join(words)
    at_beginnings = Q()
    for word in words:
        at_beginnings &= Q(**{f"{field}__startswith": word}) | Q(**{f"{field}__contains": f" {word}"})
    best: QuerySet[Any] = rows.annotate(
        fit=Case(
            When(**{f"{field}__startswith": whole}, then=Value(0)),
            When(**{f"{field}__contains": f" {whole}"}, then=Value(1)),
            When(at_beginnings, then=Value(2)),
            default=Value(3),
            output_field=IntegerField(),
        )
    )
    return best


# --- the kinds ------------------------------------------------------------------------------------


def _commands(acting: Acting, words: list[str]) -> list[Found]:
    found = []
    for command in COMMANDS:
        if command.roles is not None and not acting.has_role(*command.roles):
            continue
        known = f"{fold(command.title)} {command.words}"
        if all(word in known for word in words):
            found.append(Found(command.title, "", address(command.page)))
    return found


def _movements(acting: Acting, words: list[str], most: int) -> list[Found]:
    rows = matching(visible_movements(acting), words).order_by("fit", "name_order", "pk")
    return [
        Found(row.name, _years(row.first_year, row.last_year), address("cascade:movement", row.pk))
        for row in rows[: most + 1]
    ]


def _plans(acting: Acting, words: list[str], most: int) -> list[Found]:
    rows = matching(visible_plans(acting), words).order_by("fit", "-made_at", "pk")[: most + 1]
    return [Found(row.title, _plan_note(row), address("plans:plan", row.pk)) for row in rows]


def _plan_note(plan: Plan) -> str:
    parts = (plan.number, plan.owner_name, "chưa có văn bản" if plan.is_placeholder else "")
    return " · ".join(part for part in parts if part)


def _tasks(acting: Acting, words: list[str], most: int) -> list[Found]:
    rows = list(matching(visible_tasks(acting), words).order_by("fit", "-due_on", "-pk")[: most + 1])
    labels = tree.labels_on({row.unit_id for row in rows}, on=acting.on) if rows else {}
    return [
        Found(
            shortened(row.title, 130),
            " · ".join(
                part
                for part in (
                    labels.get(row.unit_id, ""),
                    str(row.get_state_display()),
                    f"hạn {row.due_on:%d/%m/%Y}" if row.due_on else "",
                )
                if part
            ),
            address("tasks:task", row.pk),
        )
        for row in rows
    ]


def _items(acting: Acting, words: list[str], most: int) -> list[Found]:
    """Sentences of the versions in force; what was dropped is not part of a plan."""
    rows = matching(
        PlanItem.objects.filter(
            version__state=PlanVersionState.ADOPTED,
            decision__in=PlanItem.KEPT,
            version__plan__in=visible_plans(acting).values("pk"),
        ),
        words,
    )
    rows = rows.select_related("version__plan").order_by("fit", "-version__adopted_at", "position", "pk")
    found = []
    for row in rows[: most + 1]:
        plan = row.version.plan
        page = address("plans:plan", plan.pk)
        note = f"{row.get_kind_display()} · {plan.number or plan.title}"
        found.append(
            Found(shortened(row.quote or str(row), 130), note, f"{page}#muc-{row.key}" if page else "")
        )
    return found


def _registrations(acting: Acting, words: list[str], most: int) -> list[Found]:
    """Who may not read the name of a person or household cannot find it either: a hit would tell."""
    rows = visible_registrations(acting).filter(
        names.readable_to(acting) | ~Q(subject_type__in=names.PERSONAL)
    )
    rows = names.with_readable(rows, acting=acting)
    best = list(matching(rows, words).order_by("fit", "-year", "-pk")[: most + 1])
    labels = tree.labels_on({row.unit_id for row in best}, on=acting.on) if best else {}
    found = []
    for row in best:
        name = names.shown_name(row, is_readable=row.is_readable)
        note = " · ".join(
            part for part in (name, labels.get(row.unit_id, ""), row.get_state_display()) if part
        )
        found.append(Found(str(row), note, address("registrations:registration", row.pk)))
    return found


def _units(words: list[str], most: int, *, on: date) -> list[Found]:
    """Units by any of their names; what exists on the day stands before what has ended."""
    rows = matching(UnitVersion.objects.filter(annulled_by__isnull=True), words)
    rows = rows.annotate(
        is_past=Case(When(tree.valid_on(on), then=Value(0)), default=Value(1), output_field=IntegerField()),
        # "lai chau": the province before its agencies, which carry its name within theirs.
        length=Length("label"),
    )
    # A unit with many names is one unit: fetch some more, keep the first of each.
    first: dict[int, UnitVersion] = {}
    for row in rows.select_related("unit").order_by("is_past", "fit", "length", "label_order", "-since")[
        : 3 * most + 1
    ]:
        first.setdefault(row.unit_id, row)
    return [
        Found(row.label, _unit_note(row, on=on), address("organisations:unit", row.unit.key))
        for row in first.values()
    ]


def _unit_note(version: UnitVersion, *, on: date) -> str:
    kind = str(version.unit.get_kind_display())
    if version.until <= on:
        return f"{kind} · đến trước ngày {version.until:%d/%m/%Y}"
    if version.since > on:
        return f"{kind} · từ ngày {version.since:%d/%m/%Y}"
    return kind if version.until == FOREVER else f"{kind} · sẽ hết từ ngày {version.until:%d/%m/%Y}"


def _documents(documents: QuerySet[Document], words: list[str], most: int) -> list[Found]:
    rows = matching(documents, words).order_by("fit", "-read_at", "pk").defer("record_json", "lines_json")
    return [
        Found(
            str(row),
            " · ".join(part for part in (row.number, row.issuer) if part),
            address("documents:plan", row.address),
        )
        for row in rows[: most + 1]
    ]


def _law(words: list[str], most: int, *, on: date) -> list[Found]:
    return [
        Found(row.parameter.name, shortened(row.value, 80), address("law:entry", row.parameter.key))
        for row in found_by_name(words, on)[: most + 1]
    ]


def _people(acting: Acting, words: list[str], most: int) -> list[Found]:
    """People with a mandate in the units of an administrator, or below."""
    units = acting.unit_ids([Role.ADMINISTRATOR])
    if not units:
        return []
    near = Mandate.objects.filter(unit_id__in=tree.ids_at_or_below(units, on=acting.on)).values("user_id")
    rows = User.objects.filter(pk__in=near).order_by("name_order", "pk")
    found = []
    for pk, username, name, position in rows.values_list("pk", "username", "full_name", "position"):
        if all(word in fold(f"{name} {username} {position}") for word in words):
            note = " · ".join(part for part in (username, position) if part)
            found.append(Found(name or username, note, address("people:person", pk)))
            if len(found) > most:
                break
    return found


def _years(first: int | None, last: int | None) -> str:
    if first is None and last is None:
        return ""
    return str(first) if first == last else f"{first or '…'}–{last or '…'}"
