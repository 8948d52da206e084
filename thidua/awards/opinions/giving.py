"""Taking in what a citizen says about a posted candidate: nobody signs in, and only the body reads it."""

from __future__ import annotations

import secrets
from datetime import date, datetime, timedelta

from django.db import transaction
from django.urls import reverse

from thidua.audit.log import System, record
from thidua.awards.models import Candidate, CandidateState, Opinion, OpinionKind, Posting
from thidua.core.errors import RuleNotMet
from thidua.core.formats import format_date
from thidua.notices.telling import tell

WHAT = "Chưa gửi được ý kiến"
#: So many are taken in for one list in an hour; a machine sends more.
MOST_PER_HOUR = 300
#: Letters and figures that nobody mistakes for others.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def give(
    posting: Posting,
    candidate: Candidate,
    *,
    kind: str,
    text: str,
    author: str = "",
    contact: str = "",
    on: date,
    now: datetime,
) -> Opinion:
    """Keep one opinion; the same words twice are one. Raises RuleNotMet."""
    text, author, contact = text.strip(), " ".join(author.split()), contact.strip()
    _still_taken(posting, candidate, on=on)
    _complete(posting, kind, text, author, contact)
    same = Opinion.objects.filter(
        posting=posting, candidate=candidate, kind=kind, text=text, author=author
    ).first()
    if same is not None and text:
        return same
    if Opinion.objects.filter(posting=posting, sent_at__gt=now - timedelta(hours=1)).count() >= MOST_PER_HOUR:
        raise RuleNotMet(WHAT, why="đang có quá nhiều ý kiến gửi cùng lúc", next_step="Gửi lại sau một giờ")
    with transaction.atomic():
        made = Opinion.objects.create(
            candidate=candidate,
            posting=posting,
            kind=kind,
            text=text,
            author=author[:200],
            contact=contact[:200],
            sent_at=now,
            receipt=new_receipt(),
        )
        round_ = candidate.round
        record(
            "awards.opinion.give",
            made,
            label="Người dân gửi ý kiến về danh sách công khai",
            actor=System(on=on, name="Người dân"),
            now=now,
            # neither words nor name: the log is read by more people than the opinion
            object_label=OpinionKind(kind).label,
            object_unit_id=round_.standing_body_id,
            details={"kind": kind, "candidate": candidate.pk},
        )
        if made.is_against:
            tell(
                kind="awards.opinion",
                text=f"Có ý kiến «{OpinionKind(kind).label.lower()}» về danh sách công khai: {round_.name}",
                address=reverse("opinions:opinion", args=[made.pk]),
                now=now,
                sender="Người dân",
                unit_id=round_.standing_body_id,
            )
    return made


def new_receipt() -> str:
    """Twelve signs in groups of four: some 59 bits, so nobody guesses another's."""
    signs = "".join(secrets.choice(ALPHABET) for _ in range(12))
    return f"{signs[:4]}-{signs[4:8]}-{signs[8:]}"


def read_receipt(written: str) -> str:
    """A code as people type it: small letters, spaces, without dashes."""
    signs = "".join(sign for sign in written.upper() if sign.isalnum())
    return f"{signs[:4]}-{signs[4:8]}-{signs[8:]}" if len(signs) == 12 else ""


def _still_taken(posting: Posting, candidate: Candidate, *, on: date) -> None:
    if not posting.is_open(on=on):
        raise RuleNotMet(
            WHAT,
            why=f"danh sách nhận ý kiến đến hết ngày {format_date(posting.until)}",
            next_step="Gửi văn bản tới cơ quan thường trực của đợt xét",
        )
    if candidate.posting_id != posting.pk or candidate.state != CandidateState.POSTED:
        raise RuleNotMet(
            WHAT, why="đối tượng này không còn trong danh sách", next_step="Xem lại danh sách đang công khai"
        )


def _complete(posting: Posting, kind: str, text: str, author: str, contact: str) -> None:
    if kind not in OpinionKind.values:
        raise RuleNotMet(WHAT, why="chưa chọn loại ý kiến", next_step="Chọn loại ý kiến rồi gửi lại")
    if kind != OpinionKind.SUPPORT and not text:
        raise RuleNotMet(WHAT, why="chưa ghi nội dung, lý do", next_step="Ghi nội dung rồi gửi lại")
    if len(text) > 4000:
        raise RuleNotMet(WHAT, why="nội dung dài hơn 4.000 chữ", next_step="Rút gọn rồi gửi lại")
    if kind == OpinionKind.COMPLAINT and not (author and contact):
        raise RuleNotMet(
            WHAT,
            why="khiếu nại, tố cáo phải ghi họ tên và nơi liên hệ",
            next_step="Ghi họ tên và nơi liên hệ, hoặc chọn «Không đồng tình»",
        )
    if not posting.takes_anonymous and not author:
        raise RuleNotMet(
            WHAT, why="danh sách này không nhận ý kiến không ghi tên", next_step="Ghi họ tên rồi gửi lại"
        )
