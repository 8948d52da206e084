"""A draft of a plan: begun from a read document or from a higher plan, decided on item by item.

Knows who is proposed as issuer, as standing body, as movement, and why; hides how a record becomes rows and
how two people who decide on the same item are kept apart.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max, Q, QuerySet

from thidua.audit.log import Actor, record
from thidua.audit.workflow import advance
from thidua.core.errors import RuleNotMet
from thidua.core.text import fold, skeleton, sort_key
from thidua.documents.models import Document, Record
from thidua.movements.cascade.parents import cited_plans, known_plan, movement_for, placeholder_for
from thidua.movements.models import (
    ItemDecision,
    ItemKind,
    Movement,
    Plan,
    PlanItem,
    PlanVersion,
    PlanVersionState,
)
from thidua.movements.plans import naming, parties
from thidua.movements.plans.editing import changed_meanwhile, locked_draft
from thidua.movements.plans.items import ADDED_LETTERS, as_json, code_of, items_of
from thidua.movements.visibility import visible_movements
from thidua.organisations import tree
from thidua.organisations.authority import Acting
from thidua.organisations.models import Unit

START = "movements.planversion.start"
DECIDE = "movements.planversion.decide"
#: The words that name a standing body in a plan.
_STANDING = "co quan thuong truc"
_OFFICE = "Văn phòng"


# --- beginning ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Beginnings:
    """What is proposed when a document becomes a plan; the sentences say why."""

    owner: Unit | None
    owner_why: str
    standing_body: Unit | None
    standing_why: str
    movement: Movement | None
    movement_why: str
    #: Plans that this document already is, or seems to be.
    known: list[Plan] = field(default_factory=list)


def beginnings(document: Document, *, actor: Actor) -> Beginnings:
    """Who issued a document, who runs it, which movement it belongs to: to be confirmed by a person."""
    rec = document.record
    issuer = (rec.get("doc") or {}).get("issuer") or {}
    day = naming.day_of(document.dated, on=actor.on)
    owner = naming.issuer(issuer.get("name") or "", province=issuer.get("province"), on=day)
    owner_why = (
        f"Văn bản ghi: {issuer['name']}" if owner else "Chưa tìm thấy cơ quan ban hành trong danh mục đơn vị"
    )
    standing, standing_why = _standing_body(rec, owner, actor=actor, on=day)
    known = visible_movements(actor) if isinstance(actor, Acting) else Movement.objects.all()
    movement, movement_why = proposed_movement(rec, known)
    return Beginnings(
        owner, owner_why, standing, standing_why, movement, movement_why, known_plans(document, owner)
    )


def _standing_body(rec: Record, owner: Unit | None, *, actor: Actor, on: date) -> tuple[Unit | None, str]:
    if owner is None:
        return None, "Chọn cơ quan ban hành trước"
    said = [
        name
        for task in rec.get("tasks") or []
        if _STANDING in fold(f"{task.get('quote') or ''} {' '.join(task.get('lead') or [])}")
        for name in task.get("lead") or []
    ]
    proposals = naming.proposed([*said, _OFFICE], owner_id=owner.pk, on=on)
    for name in said:
        found = proposals[name]
        if found.is_sure and len(found.unit_ids) == 1 and may_run(found.unit_ids[0], owner.pk, on=on):
            return Unit.objects.get(pk=found.unit_ids[0]), f"Kế hoạch ghi {name} là cơ quan thường trực"
    if actor.unit_id is not None and may_run(actor.unit_id, owner.pk, on=on):
        return Unit.objects.get(pk=actor.unit_id), "Đơn vị của bạn"
    found = proposals[_OFFICE]
    if found.is_sure and len(found.unit_ids) == 1 and may_run(found.unit_ids[0], owner.pk, on=on):
        return Unit.objects.get(pk=found.unit_ids[0]), "Văn phòng của cơ quan ban hành"
    return owner, "Chưa rõ, tạm lấy chính cơ quan ban hành"


def may_run(standing_id: int, owner_id: int, *, on: date) -> bool:
    """Whether a unit may run the plans of another: it is the same, or a body directly under it."""
    if standing_id == owner_id:
        return True
    version = tree.last_version(standing_id, on=on)
    return version is not None and version.parent_id == owner_id and not version.unit.is_place


def proposed_movement(rec: Record, known: QuerySet[Movement]) -> tuple[Movement | None, str]:
    """The known movement that a record is about, by its name, else None; with the reason."""
    about = rec.get("movement") or {}
    name = about.get("name") or ""
    if not name:
        return None, "Văn bản không nêu tên phong trào: sẽ lập phong trào mới theo trích yếu"
    wanted = skeleton(name)
    for movement in known.order_by("pk"):
        if skeleton(movement.name) == wanted:
            return movement, "Trùng tên phong trào đã có"
    national = national_movement(rec)
    if national is not None:
        return None, f"Sẽ lập phong trào mới, cùng thực hiện «{national.name}»"
    return None, "Chưa có phong trào này: sẽ lập mới"


def national_movement(rec: Record) -> Movement | None:
    """The movement that a local one carries: of a cited plan, else the national one of its theme."""
    found = movement_for(rec)
    if found is None or found.owner_id in naming.national_ids():
        return found
    return found if any(known_plan(cited) for cited in cited_plans(rec)) else None


def known_plans(document: Document, owner: Unit | None) -> list[Plan]:
    """Plans that were made of this file, or that bear its number and issuer."""
    same = Q(versions__document__file=document.file_id)
    if document.number and not document.number.startswith("…") and owner is not None:
        same |= Q(number__iexact=document.number, owner=owner, is_placeholder=False)
    dropped = PlanVersion.objects.filter(state=PlanVersionState.DROPPED).values("pk")
    rows = Plan.objects.filter(same).exclude(
        pk__in=Plan.objects.filter(versions__in=dropped)
        .exclude(versions__state__in=[PlanVersionState.DRAFT, *IN_FORCE])
        .values("pk")
    )
    return list(rows.select_related("owner").distinct().order_by("pk"))


IN_FORCE = (PlanVersionState.ADOPTED, PlanVersionState.SUPERSEDED)


def start(
    document: Document,
    *,
    owner: Unit,
    standing_body: Unit,
    movement: Movement | None = None,
    actor: Actor,
    now: datetime,
) -> PlanVersion:
    """A draft with the items of a read document and a proposal for each name it uses.

    Without `movement` a new one is made, as a local variant where a national movement of its theme is known.
    A placeholder that others cite by this number becomes the plan. Raises NotAllowed, RuleNotMet.
    """
    _require_may_run(standing_body, owner, on=naming.day_of(document.dated, on=actor.on))
    actor.require("plan.draft", Plan(owner=owner, standing_body=standing_body))
    rec = document.record
    with transaction.atomic():
        movement = movement or make_movement(rec, document.title, owner=owner, standing_body=standing_body)
        plan = _placeholder_of(document, owner) or Plan(made_at=now)
        plan.movement = movement
        plan.owner, plan.standing_body = owner, standing_body
        plan.owner_name = plan.owner_name or document.issuer[:300]
        plan.title, plan.title_order = document.title or str(document), sort_key(document.title)
        plan.number = plan.number or _number(document)
        plan.dated = document.dated or plan.dated
        plan.search_text = search_text_of(plan)
        plan.save()
        first, last = period_of(rec)
        version = PlanVersion.objects.create(
            plan=plan,
            number=next_number(plan),
            document=document,
            title=plan.title,
            document_number=_number(document),
            dated=document.dated,
            first_year=first,
            last_year=last,
            made_by=actor.user,
            made_at=now,
        )
        add_items_of(version, rec)
        keep(document, owner)
        parties.sync(version, on=actor.on)
        log_start(version, actor=actor, now=now, details={"document": document.address})
    return version


def keep(document: Document, owner: Unit) -> None:
    """From now on the document is in the files of the unit: its people see it, nobody removes it."""
    Document.objects.filter(pk=document.pk, kept_for__isnull=True).update(kept_for=owner)


def log_start(version: PlanVersion, *, actor: Actor, now: datetime, details: Mapping[str, Any]) -> None:
    record(
        START,
        version,
        label="Lập bản nháp kế hoạch",
        actor=actor,
        now=now,
        object_unit_id=version.plan.owner_id,
        after=PlanVersionState.DRAFT,
        details={**details, "items": version.items.count()},
    )


def _require_may_run(standing_body: Unit, owner: Unit, *, on: date) -> None:
    if not may_run(standing_body.pk, owner.pk, on=on):
        raise RuleNotMet(
            "Chưa lập được bản nháp",
            why="cơ quan thường trực phải là chính cơ quan ban hành hoặc cơ quan, bộ phận trực thuộc nó",
            next_step="Chọn lại cơ quan thường trực",
        )


def next_number(plan: Plan) -> int:
    last: int | None = plan.versions.aggregate(last=Max("number"))["last"]
    return (last or 0) + 1


def search_text_of(plan: Plan) -> str:
    return fold(f"{plan.number} {plan.title} {plan.owner_name}")


def _number(document: Document) -> str:
    return "" if document.number.startswith("…") else document.number


def _placeholder_of(document: Document, owner: Unit) -> Plan | None:
    number = _number(document)
    if not number:
        return None
    return placeholder_for(number, owner=owner, issuer=document.issuer, dated=document.dated)


def make_movement(rec: Record, title: str, *, owner: Unit, standing_body: Unit) -> Movement:
    """A movement from what a record says of it; a variant of the national one of its theme, if known."""
    about = rec.get("movement") or {}
    name = (about.get("name") or title or "Phong trào thi đua")[:500]
    first, last = period_of(rec)
    return Movement.objects.create(
        name=name,
        name_order=sort_key(name)[:1100],
        theme=(about.get("theme") or "")[:60],
        first_year=first,
        last_year=last,
        variant_of=national_movement(rec),
        owner=owner,
        standing_body=standing_body,
        search_text=fold(name),
    )


def period_of(rec: Record) -> tuple[int | None, int | None]:
    """First and last year of a record: of the movement, else of the year of issue."""
    about = rec.get("movement") or {}
    span = about.get("period") or about.get("implementation_period") or {}
    first, last = _year(span.get("from")), _year(span.get("to"))
    if first is None and last is None:
        first = last = ((rec.get("doc") or {}).get("date") or {}).get("year")
    if first is not None and last is not None and last < first:
        first, last = last, first
    return first, last


def _year(moment: Any) -> int | None:
    text = str(moment or "")[:4]
    return int(text) if text.isdigit() else None


def add_items_of(version: PlanVersion, rec: Record) -> None:
    PlanItem.objects.bulk_create(
        PlanItem(
            version=version,
            kind=one.kind,
            key=one.key[:20],
            position=position,
            path=one.path[:60],
            lines_json=as_json_lines(one.lines),
            quote=one.quote,
            as_read=one.content_json,
            content=one.content_json,
            doubts=len(one.doubts),
        )
        for position, one in enumerate(items_of(rec), 1)
    )


def as_json_lines(lines: Sequence[int]) -> str:
    """The lines as JSON; of very many only the first, as the column holds 500 characters."""
    text = str(list(lines)).replace(" ", "")
    return text if len(text) <= 500 else str(list(lines)[:60]).replace(" ", "")


# --- written in the program -----------------------------------------------------------------------


def write_from(
    higher: PlanVersion,
    *,
    owner: Unit,
    standing_body: Unit,
    title: str,
    number: str = "",
    dated: str = "",
    actor: Actor,
    now: datetime,
) -> PlanVersion:
    """A draft without a document: everything the higher version asks for, offered to be narrowed.

    Each item continues the higher one; its work is the owner's own. Raises NotAllowed, RuleNotMet.
    """
    _require_may_run(standing_body, owner, on=actor.on)
    actor.require("plan.draft", Plan(owner=owner, standing_body=standing_body))
    if higher.state not in IN_FORCE:
        raise RuleNotMet(
            "Chưa soạn được kế hoạch",
            why="kế hoạch cấp trên chưa được đưa vào thực hiện",
            next_step="Chờ kế hoạch cấp trên có hiệu lực",
        )
    if not title.strip():
        raise RuleNotMet(
            "Chưa soạn được kế hoạch", why="chưa ghi trích yếu", next_step="Ghi trích yếu rồi gửi lại"
        )
    label = tree.labels_on([owner.pk], on=actor.on).get(owner.pk, "")
    with transaction.atomic():
        plan = Plan(
            movement=higher.plan.movement,
            owner=owner,
            owner_name=label[:300],
            standing_body=standing_body,
            title=title.strip(),
            title_order=sort_key(title.strip()),
            number=number.strip(),
            dated=dated,
            made_at=now,
        )
        plan.search_text = search_text_of(plan)
        plan.save()
        plan.carries_out.add(higher.plan)
        version = PlanVersion.objects.create(
            plan=plan,
            written_from=higher,
            title=plan.title,
            document_number=plan.number,
            dated=dated,
            first_year=higher.first_year,
            last_year=higher.last_year,
            made_by=actor.user,
            made_at=now,
        )
        _offer_items_of(version, higher, owner_label=label)
        parties.sync(version, on=actor.on)
        log_start(version, actor=actor, now=now, details={"written_from": higher.pk})
    return version


def _offer_items_of(version: PlanVersion, higher: PlanVersion, *, owner_label: str) -> None:
    offered = []
    for position, item in enumerate(kept_items(higher), 1):
        content = dict(item.entry)
        if item.kind == ItemKind.TASK:
            # What the higher plan gives to "các địa phương" is here the owner's own work.
            content |= {"lead": [owner_label], "lead_explicit": False, "coordinate_with": []}
        if item.kind == ItemKind.MILESTONE:
            content |= {"who": None}
        if item.kind == ItemKind.TARGET:
            content |= {"scope": owner_label}
        offered.append(
            PlanItem(
                version=version,
                kind=item.kind,
                key=item.key,
                position=position,
                quote=item.quote,
                as_read=as_json(content),
                content=as_json(content),
                continues=item,
            )
        )
    PlanItem.objects.bulk_create(offered)


def kept_items(version: PlanVersion) -> list[PlanItem]:
    """The items that a version stands for, in order."""
    return list(version.items.filter(decision__in=PlanItem.KEPT).order_by("position", "pk"))


# --- deciding -------------------------------------------------------------------------------------


def seen_of(item: PlanItem) -> str:
    """What a form remembers of an item, to notice that somebody else has changed it meanwhile."""
    said = f"{item.decision}\x1f{item.content}\x1f{item.decision_note}"
    return hashlib.sha256(said.encode()).hexdigest()[:12]


def accept(item: PlanItem, *, seen: str, actor: Actor, now: datetime) -> None:
    """The item is right as it stands."""
    decision = ItemDecision.ACCEPTED
    if item.decision == ItemDecision.ADDED or not item.as_read:
        decision = ItemDecision.ADDED
    elif item.content != item.as_read:
        decision = ItemDecision.MENDED
    _decide(item, decision, item.content, "", seen=seen, actor=actor, now=now, label="Nhận mục")


def drop(item: PlanItem, *, note: str, seen: str, actor: Actor, now: datetime) -> None:
    """The item does not belong into the plan; the note says why."""
    _decide(
        item,
        ItemDecision.DROPPED,
        item.content,
        note.strip(),
        seen=seen,
        actor=actor,
        now=now,
        label="Bỏ mục",
    )


def mend(
    item: PlanItem, content: Mapping[str, Any], *, note: str = "", seen: str, actor: Actor, now: datetime
) -> None:
    """The item as a person says it is; what was read stays beside it."""
    decision = ItemDecision.MENDED if item.as_read else ItemDecision.ADDED
    text = as_json(content)
    if text == item.as_read:
        decision = ItemDecision.ACCEPTED
    _decide(item, decision, text, note.strip(), seen=seen, actor=actor, now=now, label="Sửa mục")


def undo(item: PlanItem, *, seen: str, actor: Actor, now: datetime) -> None:
    """Take a decision back: as it was read, not looked at. An item that was added goes away."""
    if item.as_read:
        _decide(
            item,
            ItemDecision.UNDECIDED,
            item.as_read,
            "",
            seen=seen,
            actor=actor,
            now=now,
            label="Hoàn tác mục",
        )
        return
    with transaction.atomic():
        version = locked_draft(item.version, actor=actor)
        _check_seen(item, seen)
        item.delete()
        parties.sync(version, on=actor.on)
        _log_decision(version, item.key, "Bỏ mục đã thêm", {}, actor=actor, now=now)


def add(
    version: PlanVersion, kind: ItemKind, content: Mapping[str, Any], *, actor: Actor, now: datetime
) -> PlanItem:
    """An item that the document does not hold."""
    with transaction.atomic():
        locked = locked_draft(version, actor=actor)
        letters = ADDED_LETTERS[kind]
        taken = set(locked.items.filter(key__startswith=letters).values_list("key", flat=True))
        number = next(number for number in range(1, len(taken) + 2) if f"{letters}{number}" not in taken)
        last: int | None = locked.items.aggregate(last=Max("position"))["last"]
        key = f"{letters}{number}"
        item = PlanItem.objects.create(
            version=locked,
            kind=kind,
            key=key,
            position=(last or 0) + 1,
            quote="",
            content=as_json({"id": key, **content} if kind in WITH_ID else content),
            decision=ItemDecision.ADDED,
        )
        parties.sync(locked, on=actor.on)
        _log_decision(locked, key, "Thêm mục", {"content": item.content}, actor=actor, now=now)
    version.edition = locked.edition
    return item


WITH_ID = (ItemKind.TARGET, ItemKind.TASK, ItemKind.CRITERION)


def accept_clear(version: PlanVersion, *, actor: Actor, now: datetime) -> int:
    """Accept everything that nobody has looked at and that no doubt concerns; returns how many."""
    with transaction.atomic():
        locked = locked_draft(version, actor=actor)
        count = locked.items.filter(decision=ItemDecision.UNDECIDED, doubts=0).update(
            decision=ItemDecision.ACCEPTED
        )
        _log_decision(locked, "", "Nhận tất cả mục không có nghi ngờ", {"count": count}, actor=actor, now=now)
    version.edition = locked.edition
    return count


def drop_draft(version: PlanVersion, *, reason: str = "", actor: Actor, now: datetime) -> None:
    """Put a draft away; the document and the plan in force stay as they are."""
    advance(version, "drop", actor=actor, now=now, reason=reason)


def _decide(
    item: PlanItem,
    decision: ItemDecision,
    content: str,
    note: str,
    *,
    seen: str,
    actor: Actor,
    now: datetime,
    label: str,
) -> None:
    with transaction.atomic():
        version = locked_draft(item.version, actor=actor)
        _check_seen(item, seen)
        names_change = item.kind == ItemKind.TASK and (
            content != item.content or ItemDecision.DROPPED in (decision, item.decision)
        )
        details: dict[str, Any] = {"decision": str(decision)}
        if content != item.content:
            details |= {"before": item.content, "after": content}
        if note:
            details["note"] = note
        PlanItem.objects.filter(pk=item.pk).update(
            decision=decision, content=content, decision_note=note[:500]
        )
        item.decision, item.content, item.decision_note = decision, content, note[:500]
        item.__dict__.pop("entry", None)
        if names_change:
            parties.sync(version, on=actor.on)
        _log_decision(version, item.key, label, details, actor=actor, now=now)
    item.version.edition = version.edition


def _check_seen(item: PlanItem, seen: str) -> None:
    """Behind the lock of the version: the row as it is now must be what the person saw."""
    current = PlanItem.objects.filter(pk=item.pk).first()
    if current is None or seen_of(current) != seen:
        raise changed_meanwhile(f"Chưa ghi được quyết định về mục {code_of(item.key)}")


def _log_decision(
    version: PlanVersion, key: str, label: str, details: Mapping[str, Any], *, actor: Actor, now: datetime
) -> None:
    record(
        DECIDE,
        version,
        label=f"{label} {code_of(key)}".strip(),
        actor=actor,
        now=now,
        object_unit_id=version.plan.owner_id,
        details={"item": code_of(key), **details} if key else details,
    )
