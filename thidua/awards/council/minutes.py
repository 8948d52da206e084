"""The papers of a meeting: invitation (giấy mời) and minutes (biên bản), drafts in `documents.papers`.

The minutes are written from what was marked and counted; what people said is what the secretary noted.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from thidua.audit.log import Actor, record
from thidua.awards import dossiers
from thidua.awards.council import composition
from thidua.awards.models import (
    Attendance,
    BallotMark,
    BallotMethod,
    Conflict,
    CouncilMember,
    CouncilSession,
    Dossier,
    ItemResult,
    Presence,
    SessionItem,
)
from thidua.awards.papers import printed_form
from thidua.core.errors import RuleNotMet
from thidua.core.formats import format_date
from thidua.documents.letterhead import Letterhead, letterhead_of
from thidua.documents.models import OutgoingPaper, PaperState
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

CODE = "bien-ban-hoi-dong"


def draft_summons(session: CouncilSession, *, actor: Actor, now: datetime) -> OutgoingPaper:
    """The invitation of a meeting, to all members, with the agenda. `sessions.summon` links it."""
    head = letterhead_of(session.council.unit_id, on=actor.on)
    return _draft(session, _summons(session, head), actor=actor, now=now)


def draft_minutes(session: CouncilSession, *, actor: Actor, now: datetime) -> OutgoingPaper:
    """The minutes of a counted meeting, once; they take their place in the dossiers of the candidates."""
    actor.require("councilsession.run", session)
    if session.state not in CouncilSession.KNOWN:
        raise RuleNotMet(
            "Chưa soạn được biên bản", why="chưa kiểm phiếu", next_step="Kiểm phiếu xong thì soạn biên bản"
        )
    if session.minutes is not None and session.minutes.state != PaperState.DROPPED:
        return session.minutes
    head = letterhead_of(session.council.unit_id, on=actor.on)
    with transaction.atomic():
        kept = _draft(session, _minutes(session, head), actor=actor, now=now)
        session.minutes = kept
        session.save(update_fields=["minutes"])
        record(
            "awards.councilsession.minutes",
            session,
            label="Soạn biên bản họp hội đồng",
            actor=actor,
            now=now,
            object_unit_id=session.council.unit_id,
        )
        rows = Dossier.objects.filter(candidate__council_items__session=session)
        for dossier in rows.select_related("candidate__round"):
            if dossier.candidate.state not in dossier.candidate.ENDED:
                dossiers.put_paper(dossier, CODE, kept, actor=actor, now=now)
    return kept


def _draft(session: CouncilSession, paper: Paper, *, actor: Actor, now: datetime) -> OutgoingPaper:
    return drafting.draft(
        paper,
        unit_id=session.council.unit_id,
        drafting_unit_id=session.council.standing_body_id,
        actor=actor,
        now=now,
        about=session,
        facts={"session": session.pk},
    )


def _when(session: CouncilSession) -> str:
    at = timezone.localtime(session.meets_at)
    return f"{at.hour} giờ {at.minute:02d}, ngày {format_date(at.date())}"


def _summons(session: CouncilSession, head: Letterhead) -> Paper:
    chair = f"{session.chaired_by.name}, {session.chaired_by.office}" if session.chaired_by else ""
    members = composition.seats(session.council)
    return Paper(
        kind="giay_moi",
        issuer=head.issuer,
        superior=head.superior,
        issuer_name=head.name,
        place=head.place,
        symbol=head.symbol("giay_moi"),
        title=session.title,
        body=(
            Paragraph(f"{session.council.name} trân trọng kính mời:"),
            *(Item(Level.DASH, _named(member)) for member in members),
            Paragraph(f"Tới dự: {session.title}"),
            *([Paragraph(f"Chủ trì: {chair.strip(', ')}")] if chair else []),
            Paragraph(f"Thời gian: {_when(session)}"),
            *([Paragraph(f"Địa điểm: {session.place}")] if session.place else []),
            Paragraph(f"Nội dung: bỏ phiếu kín xét khen thưởng {session.items.count()} trường hợp sau:"),
            *(Item(Level.DASH, _case(item)) for item in _items(session)),
            *([Paragraph(session.note)] if session.note else []),
            Paragraph(
                "Đề nghị các thành viên đọc hồ sơ trước khi họp; ai không dự được thì báo trước",
                is_ending=True,
            ),
        ),
        signature=Signature(("TM. HỘI ĐỒNG", "CHỦ TỊCH")),
        recipients=("Như trên", "Lưu: VT"),
    )


def _named(member: CouncilMember) -> str:
    office = f", {member.office}" if member.office else ""
    return f"{member.name}{office}, {member.get_post_display()} Hội đồng"


def _items(session: CouncilSession) -> list[SessionItem]:
    return list(session.items.select_related("candidate__round").order_by("position", "pk"))


def _case(item: SessionItem) -> str:
    return f"{item.candidate.label}: {printed_form(item.candidate, item.candidate.since)}"


def _minutes(session: CouncilSession, head: Letterhead) -> Paper:
    chair, secretary = session.chaired_by, session.secretary
    return Paper(
        kind="bien_ban",
        issuer=head.issuer,
        superior=head.superior,
        issuer_name=head.name,
        place=head.place,
        symbol=head.symbol("bien_ban"),
        title=session.title,
        body=tuple(_minutes_body(session)),
        signature=Signature(("CHỦ TRÌ",), name=chair.name if chair else ""),
        cosigner=Signature(("THƯ KÝ",), name=secretary.name if secretary else ""),
        recipients=("Thành viên Hội đồng", "Lưu: VT, hồ sơ khen thưởng"),
    )


def _minutes_body(session: CouncilSession) -> Iterator[Block]:
    items = _items(session)
    council = session.council
    yield Heading(Level.CAPITAL, "Thời gian, địa điểm, thành phần")
    place = f", tại {session.place}" if session.place else ""
    decision = ""
    if council.decision_number and council.decision_date:
        decision = (
            f", thành lập theo Quyết định số {council.decision_number} "
            f"ngày {format_date(council.decision_date)}"
        )
    yield Paragraph(f"Bắt đầu lúc {_when(session)}{place}.")
    yield Paragraph(f"{council.name}{decision}, có {session.members} thành viên.")
    yield from _attendance(session)
    yield Heading(Level.CAPITAL, "Nội dung")
    yield Paragraph(
        f"Hội đồng xét khen thưởng {len(items)} trường hợp, bỏ phiếu kín."
        + (f" {session.note}" if session.note else "")
    )
    for item in items:
        if item.discussion:
            yield Item(Level.DASH, f"{_case(item)}. Ý kiến: {item.discussion}")
    yield from _conflicts(session)
    yield Heading(Level.CAPITAL, "Kết quả bỏ phiếu")
    yield from _count(session, items)
    yield Heading(Level.CAPITAL, "Kết luận")
    for words, result in (
        ("Hội đồng thông qua, đề nghị khen thưởng", ItemResult.PASSED),
        ("Hội đồng không thông qua", ItemResult.FAILED),
        ("Đủ phiếu nhưng hết số lượng được phân bổ", ItemResult.NOT_CHOSEN),
        ("Bằng phiếu ở vị trí cuối, bỏ phiếu lại ở cuộc họp sau", ItemResult.TIED),
    ):
        labels = [item.candidate.label for item in items if item.result == result]
        if labels:
            yield Item(Level.DASH, f"{words} ({len(labels)}): {'; '.join(labels)}.")
    yield Paragraph(
        f"Gói kiểm phiếu kèm theo biên bản, mã băm SHA-256: {json.loads(session.package)['sha256']}."
    )
    yield Paragraph(
        "Cuộc họp kết thúc cùng ngày. Biên bản đã được đọc lại, những người dự họp nhất trí thông qua",
        is_ending=True,
    )


def _attendance(session: CouncilSession) -> Iterator[Block]:
    rows = Attendance.objects.filter(session=session).select_related("member", "substitute")
    by_seat = {row.member_id: row for row in rows}
    table = []
    for number, member in enumerate(composition.seats(session.council), 1):
        row = by_seat.get(member.pk)
        words = row.get_presence_display() if row else ""
        if row and row.substitute:
            words = f"Người dự thay: {row.substitute.name}"
        if row and row.note:
            words = f"{words} ({row.note})"
        name = f"{member.name}, {member.office}" if member.office else member.name
        table.append((str(number), name, member.get_post_display(), words))
    there = sum(row.presence in (Presence.PRESENT, Presence.SUBSTITUTED) for row in by_seat.values())
    written = sum(row.presence == Presence.WRITTEN for row in by_seat.values())
    quorum = json.loads(session.package)["quorum"]
    yield Table(
        (Column("TT", 1), Column("Họ và tên, chức vụ", 6), Column("Chức danh", 4), Column("Dự họp", 4)),
        tuple(table),
    )
    more = f"; {written} người vắng gửi phiếu bằng văn bản" if written else ""
    enough = "đủ" if quorum["reached"] else "chưa đủ"
    yield Paragraph(
        f"Dự họp {there}/{session.members} thành viên{more}. "
        f"Số người dự họp {enough} theo mức {quorum['share']} tổng số thành viên ({quorum['source']})."
    )
    if session.chaired_by and session.secretary:
        yield Paragraph(f"Chủ trì: {session.chaired_by.name}. Thư ký: {session.secretary.name}.")


def _conflicts(session: CouncilSession) -> Iterator[Block]:
    rows = list(
        Conflict.objects.filter(item__session=session)
        .select_related("item__candidate", "member")
        .order_by("item__position", "member__position", "kind")
    )
    if not rows:
        yield Paragraph("Không có thành viên nào phải từ chối bỏ phiếu.")
        return
    for row in rows:
        what = "không bỏ phiếu" if row.is_recused else f"vẫn bỏ phiếu, lý do: {row.set_aside}"
        how = "tự khai" if row.is_declared else row.get_kind_display().lower()
        yield Item(Level.DASH, f"{row.member.name} {what} về {row.item.candidate.label} ({how}).")


def _count(session: CouncilSession, items: list[SessionItem]) -> Iterator[Block]:
    marks = list(BallotMark.objects.filter(session=session).values_list("method", flat=True))
    paper = marks.count(BallotMethod.PAPER)
    yield Paragraph(
        f"Đã bỏ phiếu {len(marks)}/{session.members} thành viên"
        + (f", trong đó {paper} phiếu giấy do hai người kiểm phiếu cùng đếm." if paper else ".")
    )
    yield Table(
        (
            Column("TT", 1),
            Column("Đề nghị", 6),
            Column("Đồng ý", 2, is_number=True),
            Column("Không", 2, is_number=True),
            Column("Trắng", 2, is_number=True),
            Column("Hỏng", 2, is_number=True),
            Column("Cần", 2, is_number=True),
            Column("Kết quả", 4),
        ),
        tuple(
            (
                str(number),
                _case(item),
                f"{item.yes}/{item.base}",
                str(item.no),
                str(item.blank),
                str(item.spoilt),
                str(item.needed),
                item.get_result_display(),
            )
            for number, item in enumerate(items, 1)
        ),
    )
    rules = {
        (row["threshold"]["share"], row["threshold"]["strict"], row["threshold"]["source"])
        for row in json.loads(session.package)["questions"]
    }
    for share, strict, source in sorted(rules):
        yield Paragraph(f"Mức thông qua: {'quá' if strict else 'từ'} {share} ({source}).")
