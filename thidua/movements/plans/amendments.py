"""An amendment (điều chỉnh, bổ sung): a new draft version that continues the one in force.

Hides how the items of an amending document find the items that they change.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from thidua.audit.log import Actor
from thidua.core.errors import RuleNotMet
from thidua.documents.models import Document
from thidua.movements.models import (
    ItemDecision,
    PartyName,
    PartyUnit,
    Plan,
    PlanItem,
    PlanVersion,
    PlanVersionState,
)
from thidua.movements.plans import differences, parties
from thidua.movements.plans.drafting import as_json_lines, keep, kept_items, log_start, next_number, period_of
from thidua.movements.plans.items import Offered, as_json, items_of


def start(
    plan: Plan, document: Document | None = None, *, note: str, actor: Actor, now: datetime
) -> PlanVersion:
    """A draft that replaces the version in force once it is adopted.

    Without a document every item is taken over as it stands, to be mended. With one, its items are matched to
    those in force: what says the same is taken over, the rest, and what the document does not mention, waits
    for a person. Raises NotAllowed, RuleNotMet (no version in force, a draft is open already, no note).
    """
    actor.require("plan.draft", plan)
    current = plan.versions.filter(state=PlanVersionState.ADOPTED).select_related("plan").first()
    if current is None:
        raise RuleNotMet(
            "Chưa lập được bản điều chỉnh",
            why="kế hoạch chưa có bản nào đang có hiệu lực",
            next_step="Đưa kế hoạch vào thực hiện trước",
        )
    if plan.versions.filter(state=PlanVersionState.DRAFT).exists():
        raise RuleNotMet(
            "Chưa lập được bản điều chỉnh",
            why="kế hoạch đang có một bản nháp",
            next_step="Mở bản nháp đó để làm tiếp, hoặc bỏ nó đi",
        )
    if not note.strip():
        raise RuleNotMet(
            "Chưa lập được bản điều chỉnh",
            why="chưa ghi nội dung điều chỉnh",
            next_step="Ghi một câu điều chỉnh gì, vì sao",
        )
    with transaction.atomic():
        version = PlanVersion.objects.create(
            plan=plan,
            number=next_number(plan),
            replaces=current,
            document=document,
            title=current.title,
            document_number=_number_of(document),
            dated=document.dated if document else "",
            first_year=current.first_year,
            last_year=current.last_year,
            amendment_note=note.strip()[:500],
            made_by=actor.user,
            made_at=now,
        )
        if document is None:
            _copy(version, kept_items(current), decision=ItemDecision.ACCEPTED)
        else:
            _take_over(version, document, kept_items(current))
            assert plan.owner is not None
            keep(document, plan.owner)
            _, last = period_of(document.record)
            if last and current.last_year and last > current.last_year:
                version.last_year = last
                version.save(update_fields=["last_year"])
        _copy_parties(version, current)
        parties.sync(version, on=actor.on)
        log_start(version, actor=actor, now=now, details={"replaces": current.number, "note": note.strip()})
    return version


def _number_of(document: Document | None) -> str:
    if document is None or document.number.startswith("…"):
        return ""
    return document.number


def _copy(version: PlanVersion, items: Sequence[PlanItem], *, decision: ItemDecision, after: int = 0) -> None:
    taken = set(version.items.values_list("key", flat=True))
    copies = []
    for position, item in enumerate(items, after + 1):
        key = item.key
        while key in taken:
            key = f"{key[:18]}b"
        taken.add(key)
        copies.append(
            PlanItem(
                version=version,
                kind=item.kind,
                key=key,
                position=position,
                path=item.path,
                lines_json=item.lines_json if version.document_id is None else "[]",
                quote=item.quote,
                as_read=item.content,
                content=item.content,
                decision=decision,
                continues=item,
            )
        )
    PlanItem.objects.bulk_create(copies)


def _take_over(version: PlanVersion, document: Document, before: Sequence[PlanItem]) -> None:
    offered = items_of(document.record)
    pairs = matched(before, offered)
    rows = []
    for position, one in enumerate(offered, 1):
        old = pairs.get(one.key)
        is_same = old is not None and _says(old) == one.quote
        rows.append(
            PlanItem(
                version=version,
                kind=one.kind,
                key=one.key[:20],
                position=position,
                path=one.path[:60],
                lines_json=as_json_lines(one.lines),
                quote=one.quote,
                as_read=one.content_json,
                # What a person mended before stays mended where the text has not changed.
                content=as_json(old.entry) if old is not None and is_same else one.content_json,
                decision=ItemDecision.ACCEPTED if is_same else ItemDecision.UNDECIDED,
                doubts=len(one.doubts),
                continues=old,
            )
        )
    PlanItem.objects.bulk_create(rows)
    continued = {old.pk for old in pairs.values()}
    rest = [item for item in before if item.pk not in continued]
    _copy(version, rest, decision=ItemDecision.UNDECIDED, after=len(rows))


def matched(before: Sequence[PlanItem], offered: Sequence[Offered]) -> dict[str, PlanItem]:
    """Which earlier item each new one continues: the likest of its kind, each earlier one once."""
    scored = []
    for one in offered:
        for item in before:
            if item.kind != one.kind:
                continue
            score = differences.likeness(_says(item), one.quote)
            if score >= differences.ALIKE:
                # Of equally like ones that with the same key: two targets may stand in one sentence.
                scored.append((score, item.key == one.key, one.key, item.pk))
    by_pk = {item.pk: item for item in before}
    pairs: dict[str, PlanItem] = {}
    taken: set[int] = set()
    for _, _, key, pk in sorted(scored, reverse=True):
        if key not in pairs and pk not in taken:
            pairs[key] = by_pk[pk]
            taken.add(pk)
    return pairs


def _says(item: PlanItem) -> str:
    return item.quote or str(
        item.entry.get("quote") or item.entry.get("text") or item.entry.get("name") or ""
    )


def _copy_parties(version: PlanVersion, current: PlanVersion) -> None:
    """Names that were confirmed stay confirmed; `sync` lets go of those that are no longer used."""
    rows = list(current.parties.prefetch_related("units"))
    PartyName.objects.bulk_create(
        PartyName(
            version=version,
            name=party.name,
            is_confirmed=party.is_confirmed,
            is_outside=party.is_outside,
            matched_by=party.matched_by,
        )
        for party in rows
    )
    keys = dict(version.parties.values_list("name", "pk"))
    PartyUnit.objects.bulk_create(
        PartyUnit(party_id=keys[party.name], unit_id=row.unit_id)
        for party in rows
        for row in party.units.all()
    )
