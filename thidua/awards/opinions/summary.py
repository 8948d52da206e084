"""The printed summary of a posting: who was posted, what people said, what the body found.

Goes into the dossier of each posted candidate. Holds no name and no contact of those who wrote.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime

from django.db import transaction

from thidua.audit.log import Actor
from thidua.awards import dossiers, papers
from thidua.awards.models import Candidate, Opinion, OpinionKind, Posting
from thidua.core.errors import RuleNotMet
from thidua.core.formats import format_date
from thidua.documents.letterhead import letterhead_of
from thidua.documents.models import OutgoingPaper
from thidua.documents.papers import drafting
from thidua.documents.writing.paper import (
    Block,
    Column,
    Heading,
    Item,
    Level,
    Paper,
    Paragraph,
    Signature,
    Table,
)

CODE = "tong-hop-y-kien"


def write(posting: Posting, *, actor: Actor, now: datetime) -> OutgoingPaper:
    """Draft the summary and put it into every dossier of the list. Raises NotAllowed, RuleNotMet."""
    actor.require("opinion.answer", posting)
    if posting.is_open(on=actor.on):
        raise RuleNotMet(
            "Chưa lập được bản tổng hợp",
            why=f"còn nhận ý kiến đến hết ngày {format_date(posting.until)}",
            next_step="Chờ hết hạn, trả lời các ý kiến rồi lập bản tổng hợp",
        )
    candidates = list(posting.candidates.select_related("round").order_by("label_order", "pk"))
    with transaction.atomic():
        kept = drafting.draft(
            _paper(posting, candidates, on=actor.on),
            unit_id=posting.unit_id,
            drafting_unit_id=posting.unit_id,
            actor=actor,
            now=now,
            about=posting,
            facts={"posting": posting.pk},
        )
        for candidate in candidates:
            if candidate.state not in Candidate.ENDED and candidate.state not in Candidate.OPEN:
                dossiers.put_paper(dossiers.of(candidate, on=actor.on), CODE, kept, actor=actor, now=now)
    return kept


def _paper(posting: Posting, candidates: list[Candidate], *, on: date) -> Paper:
    head = letterhead_of(posting.unit_id, on=on)
    opinions = list(posting.opinions.order_by("candidate_id", "sent_at", "pk"))
    return Paper(
        kind="bao_cao",
        issuer=head.issuer,
        superior=head.superior,
        issuer_name=head.name,
        place=head.place,
        symbol=head.symbol("bao_cao"),
        title="Tổng hợp ý kiến về danh sách đề nghị khen thưởng",
        body=tuple(_body(posting, candidates, opinions, on=on)),
        signature=Signature(head.authority or ("THỦ TRƯỞNG ĐƠN VỊ",)),
        recipients=("Hội đồng Thi đua – Khen thưởng", "Lưu: VT"),
    )


def _body(posting: Posting, candidates: list[Candidate], opinions: list[Opinion], *, on: date) -> list[Block]:
    by_candidate: dict[int, list[Opinion]] = {}
    for one in opinions:
        by_candidate.setdefault(one.candidate_id, []).append(one)
    found: list[Block] = [
        Paragraph(
            f"Danh sách đề nghị khen thưởng của {posting.round.name} được công khai trên {posting.where} từ "
            f"{format_date(posting.posted_on)} đến hết {format_date(posting.until)}."
        )
    ]
    if posting.taken_down_on:
        found.append(
            Paragraph(
                f"Danh sách gỡ xuống ngày {format_date(posting.taken_down_on)}. Lý do: "
                f"{posting.take_down_reason}"
            )
        )
    found += [Heading(Level.CAPITAL, "Số ý kiến nhận được"), _counts(candidates, by_candidate, on=on)]
    found.append(Heading(Level.CAPITAL, "Nội dung và kết quả xử lý"))
    told = False
    for candidate in candidates:
        for one in by_candidate.get(candidate.pk, []):
            if not one.text:
                continue
            told = True
            found.append(Item(Level.DASH, f"{candidate.label}: {one.get_kind_display().lower()}. {one.text}"))
            found.append(Paragraph(_outcome(one)))
    if not told:
        found.append(Paragraph("Không có ý kiến nào kèm nội dung"))
    return found


def _outcome(one: Opinion) -> str:
    if one.answered_at is None:
        return "Chưa trả lời"
    return f"Kết luận: {one.get_conclusion_display().lower()}. {one.answer}"


def _counts(candidates: list[Candidate], by_candidate: dict[int, list[Opinion]], *, on: date) -> Table:
    columns = (
        Column("Đối tượng", 5),
        Column("Hình thức", 3),
        *(Column(kind.label, 2, is_number=True) for kind in OpinionKind),
    )
    rows = []
    for candidate in candidates:
        counts = Counter(one.kind for one in by_candidate.get(candidate.pk, []))
        rows.append(
            (
                candidate.label,
                papers.printed_form(candidate, on),
                *(str(counts[kind]) for kind in OpinionKind),
            )
        )
    return Table(columns, tuple(rows))
