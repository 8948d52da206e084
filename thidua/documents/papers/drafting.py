"""Drafting a paper, changing it, reviewing it; what other apps call to let a paper be written.

A paper is kept as the description it was drawn from (`documents.writing.paper`). While it is open anybody
with the right may change it, each over the edition that they saw.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Model

from thidua.audit.log import Actor, canonical, record
from thidua.audit.workflow import advance
from thidua.core.errors import ChangedMeanwhile, NotAllowed, RuleNotMet
from thidua.core.text import fold, nfc, sort_key
from thidua.documents.models import OutgoingPaper, PaperOffice, PaperRelation, PaperState
from thidua.documents.papers import owners, symbols
from thidua.documents.papers.secrecy import lines_of, refuse_secret
from thidua.documents.writing import paper_json
from thidua.documents.writing.form import kinds
from thidua.documents.writing.paper import Paper
from thidua.organisations import tree
from thidua.organisations.models import Unit, UnitKind

#: Units that write for the body above them; a commune does not write for its district.
OFFICES = (UnitKind.AGENCY, UnitKind.DIVISION, UnitKind.COUNCIL)


def draft(
    paper: Paper,
    *,
    unit_id: int,
    actor: Actor,
    now: datetime,
    about: Model | None = None,
    drafting_unit_id: int | None = None,
    template: str = "",
    facts: Mapping[str, Any] | None = None,
    due_on: date | None = None,
    names: OutgoingPaper | None = None,
    relation: PaperRelation | str = "",
) -> OutgoingPaper:
    """A new paper of the body `unit_id`, as a draft.

    `about` is the object of an app above that it writes about; `template` and `facts` say what it was made
    from; `names` with `relation` is the issued paper that it corrects, amends, replaces or recalls. Number
    and date of `paper` are left out: the clerk gives them. Raises NotAllowed, RuleNotMet for secret content.
    """
    about_type, about_id = owners.key_of(about)
    kept = OutgoingPaper(
        unit_id=unit_id,
        drafting_unit_id=drafting_unit_id or _drafting_unit(actor, unit_id),
        about_type=about_type,
        about_id=about_id,
        template=template,
        facts_json=canonical(facts or {}),
        due_on=due_on,
        names=names,
        relation=relation,
        drafted_by=actor.user,
        drafted_at=now,
    )
    actor.require("paper.draft", kept)
    _refuse_foreign_drafter(kept, actor)
    if names is not None and names.state not in OutgoingPaper.FINAL:
        raise RuleNotMet(
            "Chưa soạn được văn bản này",
            why="văn bản được nêu chưa phát hành; bản chưa phát hành thì sửa trực tiếp",
            next_step="Mở văn bản đó và trả lại để sửa",
        )
    _take_over(kept, paper, now=now)
    with transaction.atomic():
        kept.save(force_insert=True)
        record(
            "documents.outgoingpaper.draft",
            kept,
            label="Soạn văn bản",
            actor=actor,
            now=now,
            object_unit_id=unit_id,
            after=kept.state,
            details={"template": template} if template else {},
        )
    return kept


def _drafting_unit(actor: Actor, unit_id: int) -> int:
    return actor.unit_id if actor.unit_id is not None else unit_id


def _refuse_foreign_drafter(kept: OutgoingPaper, actor: Actor) -> None:
    """A body's papers are drafted by itself, by its own offices, or by whom the object of the paper names."""
    if actor.user is None or kept.drafting_unit_id == kept.unit_id:
        return
    owner = owners.owner_of(kept.about_type)
    if owner is not None and kept.drafting_unit_id in owner.drafting_units(kept.about_id):
        return
    above = {version.unit_id for version in tree.ancestors(kept.drafting_unit_id, on=actor.on)}
    kind = Unit.objects.values_list("kind", flat=True).get(pk=kept.drafting_unit_id)
    if kept.unit_id not in above or kind not in OFFICES:
        labels = tree.labels_on([kept.unit_id, kept.drafting_unit_id], on=actor.on)
        raise NotAllowed(
            "Bạn chưa được soạn văn bản của cơ quan này",
            why=f"{labels.get(kept.drafting_unit_id, 'đơn vị của bạn')} không phải đơn vị tham mưu của "
            f"{labels.get(kept.unit_id, 'cơ quan ban hành')}",
            next_step="Soạn văn bản của chính đơn vị mình, hoặc gửi đề nghị tới cơ quan đó",
        )


def update(kept: OutgoingPaper, paper: Paper, *, seen: int, actor: Actor, now: datetime) -> OutgoingPaper:
    """Other words for an open paper. `seen` is the edition they were written over.

    Raises ChangedMeanwhile when there is a newer one, RuleNotMet when the paper is not open any more.
    """
    actor.require("paper.draft", kept)
    if not kept.is_open:
        raise RuleNotMet(
            "Chưa sửa được văn bản",
            why=f"văn bản đang ở trạng thái «{PaperState(kept.state).label}»",
            next_step="Đề nghị người soát trả lại để sửa"
            if not kept.is_final
            else "Soạn văn bản đính chính, sửa đổi hoặc thay thế",
        )
    _take_over(kept, paper, now=now)
    fields = ("kind", "symbol", "title", "title_order", "search_text", "description_json", "changed_at")
    with transaction.atomic():
        changed = OutgoingPaper.objects.filter(pk=kept.pk, edition=seen, state__in=OutgoingPaper.OPEN).update(
            edition=seen + 1, **{name: getattr(kept, name) for name in fields}
        )
        if not changed:
            raise ChangedMeanwhile(
                "Chưa lưu được bản nháp",
                why="người khác vừa sửa hoặc vừa trình văn bản này",
                next_step="Mở lại trang, xem bản mới rồi sửa tiếp",
            )
        kept.edition = seen + 1
        record(
            "documents.outgoingpaper.update",
            kept,
            label="Sửa văn bản",
            actor=actor,
            now=now,
            object_unit_id=kept.unit_id,
            details={"lần sửa": kept.edition},
        )
    return kept


def description(kept: OutgoingPaper) -> Paper:
    """The description as it will be printed: with number and date once they were given."""
    paper = paper_json.read(kept.description_json)
    if kept.given is None:
        return paper
    return replace(paper, number=kept.given.text, dated=kept.given.dated)


def offer(kept: OutgoingPaper, *, actor: Actor, now: datetime) -> None:
    """Ask for a review."""
    advance(kept, "offer", actor=actor, now=now)


def review(kept: OutgoingPaper, *, actor: Actor, now: datetime) -> None:
    """Form and words are right; the leader may sign."""
    advance(kept, "review", actor=actor, now=now, changes={"reviewed_at": now})


def send_back(kept: OutgoingPaper, *, reason: str, actor: Actor, now: datetime) -> None:
    advance(
        kept,
        "send_back",
        actor=actor,
        now=now,
        reason=reason,
        changes={"reviewed_at": None, "edition": kept.edition + 1},
    )


def drop(kept: OutgoingPaper, *, reason: str, actor: Actor, now: datetime) -> None:
    advance(kept, "drop", actor=actor, now=now, reason=reason)


def _take_over(kept: OutgoingPaper, paper: Paper, *, now: datetime) -> None:
    """Put a description into the row, with what lists show of it. Does not save."""
    refuse_secret(lines_of(paper), what="Chưa lưu được văn bản")
    if paper.kind not in kinds():
        raise RuleNotMet(
            "Chưa lưu được văn bản",
            why=f"không có loại văn bản «{paper.kind}»",
            next_step="Chọn một loại trong danh sách",
        )
    title = nfc(" ".join(paper.title.split()))
    symbol = paper.symbol or usual_symbol(kept.unit_id, paper.kind)
    paper = replace(paper, number=None, dated=None, symbol=symbol)
    kept.kind, kept.symbol, kept.title, kept.changed_at = paper.kind, symbol, title, now
    kept.title_order = sort_key(title)
    kept.search_text = fold(f"{symbols.kind_name(paper.kind)} {symbol} {title}")
    kept.description_json = paper_json.written(paper)


def usual_symbol(unit_id: int, kind: str) -> str:
    """The symbol of a kind at a body; empty while the body has not said its abbreviation."""
    office = PaperOffice.objects.filter(unit_id=unit_id).first()
    return symbols.symbol(kind, office.abbreviation) if office else ""
