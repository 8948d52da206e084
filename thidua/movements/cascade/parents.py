"""Which plans a plan carries out: found by what it cites, mended by hand, climbed to what can be compared.

Knows that a number alone names no document (KH-UBND numbers repeat in every province, and every year): the
issuer and the year belong to the key. A cited plan that is not in the system stands as a placeholder.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Prefetch

from thidua.audit.log import Actor, record
from thidua.audit.models import Entry
from thidua.core.errors import RuleNotMet
from thidua.core.text import fold, skeleton, sort_key
from thidua.movements.models import Movement, Plan, PlanItem, PlanVersion, PlanVersionState
from thidua.movements.plans.obligations import last_day_of
from thidua.movements.visibility import national_units
from thidua.organisations import matching
from thidua.organisations.models import Unit

LINK, UNLINK = "movements.plan.link", "movements.plan.unlink"
#: A chain of plans is never longer than the levels of government and their departments.
LEVELS = 8


@dataclass(frozen=True, slots=True)
class Cited:
    """A plan as another one cites it."""

    number: str
    issuer: str
    dated: str
    title: str = ""
    #: The date (EDTF) of the document that cites it, which says when a citation without a date was read.
    cited_on: str = ""

    @property
    def day(self) -> date | None:
        """The day on which the issuer is looked up; None when neither document is dated."""
        return last_day_of(self.dated) or last_day_of(self.cited_on)

    @property
    def year(self) -> str:
        return self.dated[:4]


# --- found by citation ----------------------------------------------------------------------------


def cited_plans(record_of: Mapping[str, Any]) -> list[Cited]:
    """The plans that a record says it carries out, each once."""
    wanted = set(record_of.get("parent_plan_ids") or [])
    date_of = (record_of.get("doc") or {}).get("date") or {}
    cited_on = str(date_of.get("edtf") or "") if isinstance(date_of, Mapping) else ""
    found: dict[tuple[str, str, str], Cited] = {}
    for citation in record_of.get("citations") or []:
        if citation.get("id") not in wanted and citation.get("role") != "parent_plan":
            continue
        number = str(citation.get("ref") or "").strip()
        issuer = str(citation.get("issuer") or citation.get("issuer_raw") or "").strip()
        if not number:
            continue
        dated = str(citation.get("date") or citation.get("number_year") or "")
        about = str(citation.get("about_raw") or "").strip()
        kind = str(citation.get("type") or "Văn bản")
        one = Cited(number[:120], issuer[:300], dated[:10], f"{kind} {about}".strip(), cited_on)
        found.setdefault((_number_key(number), skeleton(issuer), one.year), one)
    return list(found.values())


def known_plan(cited: Cited, *, owner: Unit | None = None) -> Plan | None:
    """The plan with this number, issuer and year; None when there is none, or when the issuer is unsure."""
    key = _number_key(cited.number)
    digits = re.match(r"\d+", key)
    if digits is None:
        return None
    rows = Plan.objects.filter(number__startswith=digits.group()).order_by("is_placeholder", "pk")
    named = owner or issuer_of(cited)
    for plan in rows:
        if _number_key(plan.number) != key or (cited.year and plan.dated and plan.dated[:4] != cited.year):
            continue
        # Nothing dates the citation: if it means this plan, its issuer is meant on the day of this plan.
        meant = named or (issuer_of(cited, on=last_day_of(plan.dated)) if cited.day is None else None)
        if meant is not None and plan.owner_id is not None:
            if meant.pk == plan.owner_id:
                return plan
        elif cited.issuer and plan.owner_name and skeleton(plan.owner_name) == skeleton(cited.issuer):
            return plan
    return None


def placeholder_for(number: str, *, owner: Unit, issuer: str, dated: str) -> Plan | None:
    """The placeholder that a document with this number, issuer and date fills; links to it then stay."""
    plan = known_plan(Cited(number, issuer, dated), owner=owner)
    return plan if plan is not None and plan.is_placeholder else None


def fill_placeholder(plan: Plan, *, owner: Unit, title: str, dated: str) -> Plan:
    """The placeholder takes owner, title and date of the real document. Raises RuleNotMet."""
    if not plan.is_placeholder:
        raise RuleNotMet(
            "Chưa thể thay bằng văn bản này",
            why="kế hoạch này đã có văn bản",
            next_step="Lập bản điều chỉnh của kế hoạch nếu văn bản mới thay văn bản cũ",
        )
    plan.owner, plan.title, plan.title_order = owner, title or plan.title, sort_key(title or plan.title)
    plan.dated = dated or plan.dated
    plan.search_text = _search_text(plan)
    plan.save(update_fields=["owner", "title", "title_order", "dated", "search_text"])
    return plan


def link_parents(version: PlanVersion, *, actor: Actor, now: datetime) -> list[Plan]:
    """Link the plan to those that its document cites as carried out; returns the newly linked ones.

    A cited plan that nobody knows becomes a placeholder. A link that a person has removed is not made again.
    Adopting calls it; it may run twice without harm.
    """
    plan = version.plan
    if version.document is None:
        higher = version.written_from.plan if version.written_from else None
        wanted = [higher] if higher is not None else []
    else:
        wanted = [
            _found_or_made(cited, movement=plan.movement, now=now)
            for cited in cited_plans(version.document.record)
        ]
    linked = set(plan.carries_out.values_list("pk", flat=True))
    new = []
    for parent in wanted:
        if parent.pk == plan.pk or parent.pk in linked or _was_removed(plan, parent):
            continue
        if plan.pk in _above([parent.pk]):
            continue  # two documents that cite each other
        linked.add(parent.pk)
        _add(plan, parent, actor=actor, now=now, reason="theo trích dẫn trong văn bản")
        new.append(parent)
    return new


def _found_or_made(cited: Cited, *, movement: Movement, now: datetime) -> Plan:
    owner = issuer_of(cited)
    return known_plan(cited, owner=owner) or make_placeholder(cited, owner=owner, movement=movement, now=now)


def make_placeholder(cited: Cited, *, owner: Unit | None, movement: Movement, now: datetime) -> Plan:
    """A plan that is cited and not in the system."""
    plan = Plan(
        movement=movement,
        owner=owner,
        owner_name=cited.issuer,
        is_placeholder=True,
        title=cited.title or f"Văn bản số {cited.number}",
        number=cited.number,
        dated=cited.dated,
        made_at=now,
    )
    plan.title_order = sort_key(plan.title)
    plan.search_text = _search_text(plan)
    plan.save()
    return plan


def issuer_of(cited: Cited, *, on: date | None = None) -> Unit | None:
    """The unit that a citation names, on the day of the document; None when unsure.

    `on` is used where nothing dates the citation; without it such an issuer stays unknown.
    """
    day = cited.day or on
    if not cited.issuer:
        return None
    if fold(cited.issuer) in ("thu tuong chinh phu", "thu tuong", "chinh phu"):
        government = Unit.objects.filter(key="chinh-phu").first()
        if government is not None:
            return government
    if day is None:
        return None
    province = re.search(r"\b(?:tỉnh|thành phố) (.+)$", cited.issuer)
    return matching.issuer_unit(cited.issuer, province.group(1) if province else None, day)


def _number_key(number: str) -> str:
    """ "666/QĐ-TTg", "666 / QĐ - TTg" and "0666/qđ-ttg" are one number."""
    return re.sub(r"\s+", "", fold(number)).lstrip("0")


def _search_text(plan: Plan) -> str:
    return fold(f"{plan.number} {plan.title} {plan.owner_name}")


# --- a local movement and the one it carries --------------------------------------------------------


def movement_for(record_of: Mapping[str, Any]) -> Movement | None:
    """The movement that a plan's own one is a variant of: of the plans it carries out, else of its theme."""
    for cited in cited_plans(record_of):
        plan = known_plan(cited)
        if plan is not None:
            return plan.movement.variant_of or plan.movement
    about = record_of.get("movement") or {}
    period = about.get("period") or {}
    rows = Movement.objects.filter(theme=about.get("theme") or "-", variant_of__isnull=True).order_by("pk")
    for movement in rows:
        first, last = movement.first_year or 0, movement.last_year or 9999
        if first <= (period.get("to") or 9999) and last >= (period.get("from") or 0):
            return movement
    return None


# --- by hand --------------------------------------------------------------------------------------


def add_parent(plan: Plan, parent: Plan, *, actor: Actor, now: datetime, reason: str = "") -> None:
    """Say that `plan` carries out `parent`. Raises NotAllowed, RuleNotMet."""
    actor.require("plan.draft", plan)
    if parent.pk == plan.pk or plan.pk in _above([parent.pk]):
        raise RuleNotMet(
            "Chưa gắn được kế hoạch cấp trên",
            why="kế hoạch được chọn chính là kế hoạch này hoặc đang thực hiện kế hoạch này",
            next_step="Chọn kế hoạch của cấp trên",
        )
    if plan.carries_out.filter(pk=parent.pk).exists():
        raise RuleNotMet(
            "Chưa gắn được kế hoạch cấp trên",
            why="hai kế hoạch đã được gắn với nhau",
            next_step="Xem danh sách kế hoạch cấp trên ở trang đối chiếu",
        )
    _add(plan, parent, actor=actor, now=now, reason=reason)


def remove_parent(plan: Plan, parent: Plan, *, actor: Actor, now: datetime, reason: str) -> None:
    """Say that `plan` does not carry out `parent`, with the reason. Raises NotAllowed, RuleNotMet."""
    actor.require("plan.draft", plan)
    if not reason.strip():
        raise RuleNotMet(
            "Chưa bỏ được kế hoạch cấp trên", why="chưa ghi lý do", next_step="Ghi lý do rồi bấm lại"
        )
    with transaction.atomic():
        if not plan.carries_out.filter(pk=parent.pk).exists():
            raise RuleNotMet(
                "Chưa bỏ được kế hoạch cấp trên",
                why="hai kế hoạch không còn gắn với nhau",
                next_step="Mở lại trang để xem danh sách mới",
            )
        plan.carries_out.remove(parent)
        _log(UNLINK, "Bỏ kế hoạch cấp trên", plan, parent, actor=actor, now=now, reason=reason.strip())


def _add(plan: Plan, parent: Plan, *, actor: Actor, now: datetime, reason: str) -> None:
    with transaction.atomic():
        plan.carries_out.add(parent)
        _log(LINK, "Gắn kế hoạch cấp trên", plan, parent, actor=actor, now=now, reason=reason)


def _log(
    action: str, label: str, plan: Plan, parent: Plan, *, actor: Actor, now: datetime, reason: str
) -> None:
    record(
        action,
        plan,
        label=label,
        actor=actor,
        now=now,
        object_unit_id=plan.owner_id,
        reason=reason,
        details={"parent": f"#{parent.pk}#", "parent_number": parent.number, "parent_title": parent.title},
    )


def _was_removed(plan: Plan, parent: Plan) -> bool:
    last = (
        Entry.objects.filter(
            action__in=[LINK, UNLINK],
            object_type=plan._meta.label_lower,
            object_id=str(plan.pk),
            details__contains=f'"#{parent.pk}#"',
        )
        .order_by("-number")
        .first()
    )
    return last is not None and last.action == UNLINK


# --- climbing -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Higher:
    """A plan above that can be compared with: its version in force, and the plans without text between."""

    plan: Plan
    version: PlanVersion
    is_direct: bool
    through: tuple[Plan, ...] = ()
    #: Found by the movement, not by a citation.
    is_by_movement: bool = False


def higher_plans(version: PlanVersion) -> list[Higher]:
    """The plans above that have items, nearest first; at most one query for each level.

    Where no chain of citations leads to one, the national plan of the same movement.
    """
    plan = version.plan
    found: list[Higher] = []
    seen = {plan.pk}
    level: list[tuple[Plan, tuple[Plan, ...]]] = [(plan, ())]
    for depth in range(LEVELS):
        paths: dict[int, tuple[Plan, ...]] = {}
        for child_id, parent in _parents([child.pk for child, _ in level], version if depth == 0 else None):
            through = next(path for child, path in level if child.pk == child_id)
            if parent.pk in seen:
                continue
            seen.add(parent.pk)
            current = _in_force(parent)
            if current is not None:
                found.append(Higher(parent, current, is_direct=depth == 0, through=through))
                paths[parent.pk] = through
            else:
                paths[parent.pk] = (*through, parent)
            level.append((parent, paths[parent.pk]))
        level = [(one, path) for one, path in level if one.pk in paths]
        if not level:
            break
    if not found:
        found = _by_movement(plan)
    return found


def _parents(child_ids: list[int], draft: PlanVersion | None) -> Iterable[tuple[int, Plan]]:
    links = Plan.carries_out.through.objects.filter(from_plan_id__in=child_ids).order_by("pk")
    pairs = list(links.values_list("from_plan_id", "to_plan_id"))
    plans = {plan.pk: plan for plan in _with_items(Plan.objects.filter(pk__in={pair[1] for pair in pairs}))}
    found = [(child_id, plans[parent_id]) for child_id, parent_id in pairs]
    if not found and draft is not None and draft.is_draft and draft.document is not None:
        # Not adopted, so not linked yet: what its text cites, as far as it is known.
        known = [known_plan(cited) for cited in cited_plans(draft.document.record)]
        ids = [plan.pk for plan in known if plan is not None]
        cited = {plan.pk: plan for plan in _with_items(Plan.objects.filter(pk__in=ids))}
        found = [(draft.plan_id, cited[pk]) for pk in ids]
    if not found and draft is not None and draft.written_from is not None:
        above = _with_items(Plan.objects.filter(pk=draft.written_from.plan_id))
        found = [(draft.plan_id, plan) for plan in above]
    return found


def _with_items(plans: Any) -> Any:
    versions = PlanVersion.objects.filter(state=PlanVersionState.ADOPTED)
    return plans.select_related("owner", "movement").prefetch_related(
        Prefetch("versions", queryset=versions, to_attr="versions_in_force")
    )


def _in_force(plan: Plan) -> PlanVersion | None:
    versions: list[PlanVersion] = getattr(plan, "versions_in_force", [])
    return versions[0] if versions else None


def _by_movement(plan: Plan) -> list[Higher]:
    root = plan.movement.variant_of_id or plan.movement_id
    rows = _with_items(
        Plan.objects.filter(movement_id=root, versions__state=PlanVersionState.ADOPTED).exclude(pk=plan.pk)
    )
    national = set(national_units())
    for higher in rows.order_by("pk"):
        current = _in_force(higher)
        if current is not None and higher.owner_id in national and plan.owner_id not in national:
            return [Higher(higher, current, is_direct=False, is_by_movement=True)]
    return []


def _above(plan_ids: Iterable[int]) -> set[int]:
    """The plans above, through all levels."""
    found: set[int] = set()
    level = set(plan_ids)
    for _ in range(LEVELS):
        links = Plan.carries_out.through.objects.filter(from_plan_id__in=level)
        level = set(links.values_list("to_plan_id", flat=True)) - found
        if not level:
            break
        found |= level
    return found


def kept_items(version: PlanVersion) -> list[PlanItem]:
    """What a version stands for: of a draft also what nobody has decided on yet."""
    rows = version.items.order_by("position")
    if version.is_draft:
        return [item for item in rows if item.decision != "bo"]
    return [item for item in rows if item.is_kept]
