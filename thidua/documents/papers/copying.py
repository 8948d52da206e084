"""Copies of issued and received papers: sao y, sao lục, trích sao, with numbers of the series of copies.

An electronic copy is the file with one more mark on top right of its first page: form, body, moment (Annex I,
Part II). An extract is drawn anew from the part that was chosen; a copy keeps the seal of the copying body.
Source: NĐ 30/2020, art. 25–26.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from thidua.audit.log import Actor, record
from thidua.core.clock import VIETNAM
from thidua.core.errors import RuleNotMet
from thidua.documents.file_store import store
from thidua.documents.models import BookKind, CopyForm, OutgoingPaper, PaperCopy, PaperState
from thidua.documents.papers import numbering
from thidua.documents.papers.drafting import description
from thidua.documents.writing.paper import Block, Heading, Level, Paper, plain
from thidua.documents.writing.typesetting import pdf_bytes
from thidua.organisations import tree

MARKS = {CopyForm.TRUE_COPY: "SAO Y", CopyForm.COPY_OF_COPY: "SAO LỤC", CopyForm.EXTRACT: "TRÍCH SAO"}


def make(
    paper: OutgoingPaper,
    form: CopyForm,
    *,
    actor: Actor,
    now: datetime,
    extract: str = "",
    recipients: str = "",
    of_copy: PaperCopy | None = None,
) -> PaperCopy:
    """A copy of an issued paper of the same body. Raises RuleNotMet when the form does not fit."""
    copy = PaperCopy(
        unit_id=paper.unit_id, form=form, paper=paper, extract=extract.strip(), recipients=recipients.strip()
    )
    actor.require("copy.make", copy)
    _check(paper, copy, of_copy)
    abbreviation = numbering.office_of(paper.unit_id)
    symbol = f"{form.value}-{abbreviation}"
    body = tree.labels_on([paper.unit_id], on=actor.on)[paper.unit_id]
    mark = (
        MARKS[form],
        body[:1].upper() + body[1:],
        now.astimezone(VIETNAM).replace(microsecond=0).isoformat(),
    )
    described = _part(description(paper), copy.extract) if form == CopyForm.EXTRACT else description(paper)
    copy.file = store(pdf_bytes(replace(described, copy_mark=mark)))
    copy.of_copy, copy.made_at, copy.made_by = of_copy, now, actor.user
    with transaction.atomic():
        copy.given = numbering.give(
            paper.unit_id,
            BookKind.COPIES,
            dated=actor.on,
            symbol=symbol,
            label=f"{MARKS[form]} {paper.notation}: {paper.title}",
            actor=actor,
            now=now,
        )
        copy.save(force_insert=True)
        record(
            "documents.papercopy.make",
            paper,
            label=f"{form.label} văn bản",
            actor=actor,
            now=now,
            object_unit_id=paper.unit_id,
            details={"số": str(copy.given), "phần trích": copy.extract, "nơi nhận": copy.recipients},
        )
    return copy


def _check(paper: OutgoingPaper, copy: PaperCopy, of_copy: PaperCopy | None) -> None:
    what = "Chưa sao được văn bản"
    if paper.state != PaperState.ISSUED:
        raise RuleNotMet(
            what,
            why=f"văn bản đang ở trạng thái «{PaperState(paper.state).label}»",
            next_step="Chỉ sao văn bản đã phát hành và còn hiệu lực lưu hành",
        )
    if copy.form == CopyForm.EXTRACT and not copy.extract:
        raise RuleNotMet(what, why="chưa nêu phần trích", next_step="Ghi tên mục cần trích, ví dụ «I»")
    is_of_true_copy = of_copy is not None and of_copy.form == CopyForm.TRUE_COPY and of_copy.paper == paper
    if copy.form == CopyForm.COPY_OF_COPY and not is_of_true_copy:
        raise RuleNotMet(
            what,
            why="sao lục chỉ làm từ bản sao y (Điều 25 NĐ 30/2020/NĐ-CP)",
            next_step="Chọn bản sao y cần sao lục, hoặc chọn «Sao y»",
        )


def _part(paper: Paper, wanted: str) -> Paper:
    """The paper with one of its parts only, found by its number or title. Raises RuleNotMet."""
    number = wanted.removeprefix("Mục ").removeprefix("mục ").strip(" .")
    chosen: list[Block] = []
    is_inside = False
    for block in paper.body:
        if isinstance(block, Heading) and block.level in (Level.PART, Level.CHAPTER, Level.CAPITAL):
            is_inside = number.casefold() in (block.number.casefold(), plain(block.title).casefold())
        if is_inside:
            chosen.append(block)
    if not chosen:
        raise RuleNotMet(
            "Chưa trích sao được",
            why=f"văn bản không có mục «{wanted}»",
            next_step="Ghi đúng số mục, ví dụ «II», hoặc tên mục",
        )
    return replace(paper, body=tuple(chosen), appendices=())
