"""A council: set up by its decision, its seats and their substitutes, put to work, ended."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction

from thidua.accounts.models import User
from thidua.audit.log import Actor, record
from thidua.audit.workflow import advance
from thidua.awards.models import Council, CouncilMember, CouncilPost, CouncilSession, CouncilState
from thidua.core.errors import RuleNotMet
from thidua.core.text import nfc
from thidua.documents.papers.drafting import OFFICES
from thidua.organisations import tree
from thidua.organisations.models import Unit


@dataclass(frozen=True, slots=True)
class Seat:
    """One member as the decision names them; `substitute` may come instead."""

    name: str
    post: CouncilPost | str = CouncilPost.MEMBER
    office: str = ""
    unit: Unit | None = None
    user: User | None = None
    substitute: Seat | None = None


def form_council(council: Council, *, seats: Collection[Seat] = (), actor: Actor, now: datetime) -> Council:
    """Keep a new council with its seats, still to be put to work (`found`)."""
    actor.require("council.keep", council)
    _refuse_foreign_office(council, on=actor.on)
    council.state, council.made_by, council.made_at = CouncilState.FORMING, actor.user, now
    council.name = nfc(" ".join(council.name.split()))
    with transaction.atomic():
        council.save(force_insert=True)
        record(
            "awards.council.form",
            council,
            label="Lập hội đồng",
            actor=actor,
            now=now,
            object_unit_id=council.unit_id,
            after=council.state,
        )
        for seat in seats:
            add_member(council, seat, actor=actor, now=now)
    return council


def _refuse_foreign_office(council: Council, *, on: date) -> None:
    """A standing body is the body itself or an office of it; no commune keeps a council of its district."""
    own, office = council.unit_id, council.standing_body
    if own == office.pk:
        return
    above = {version.unit_id for version in tree.ancestors(office.pk, on=on)}
    if own not in above or office.kind not in OFFICES:
        raise RuleNotMet(
            "Chưa lập được hội đồng",
            why="cơ quan thường trực không phải đơn vị tham mưu của cơ quan có hội đồng",
            next_step="Chọn chính cơ quan ấy, hoặc một phòng, ban của cơ quan ấy",
        )


def add_member(council: Council, seat: Seat, *, actor: Actor, now: datetime) -> CouncilMember:
    """One more seat, with its substitute. Raises RuleNotMet for a second chair or an account twice."""
    with transaction.atomic():
        made = _add(council, seat, None, actor=actor, now=now)
        if seat.substitute is not None:
            _add(council, seat.substitute, made, actor=actor, now=now)
    return made


def add_substitute(member: CouncilMember, seat: Seat, *, actor: Actor, now: datetime) -> CouncilMember:
    """Who may come in the place of a seat."""
    return _add(member.council, seat, member, actor=actor, now=now)


def _add(
    council: Council, seat: Seat, member: CouncilMember | None, *, actor: Actor, now: datetime
) -> CouncilMember:
    actor.require("council.keep", council)
    _refuse_while_voting(council)
    name = nfc(" ".join(seat.name.split()))
    if not name:
        raise RuleNotMet("Chưa thêm được thành viên", why="chưa ghi họ và tên", next_step="Ghi họ và tên")
    try:
        with transaction.atomic():
            made = CouncilMember.objects.create(
                council=council,
                name=name,
                office=nfc(" ".join(seat.office.split())),
                unit=seat.unit,
                user=seat.user,
                post=CouncilPost.MEMBER if member is not None else seat.post,
                substitutes_for=member,
                position=council.members.count() + 1,
            )
            _log(council, "add_member", f"Thêm thành viên hội đồng: {made}", actor=actor, now=now)
    except IntegrityError:
        raise RuleNotMet(
            "Chưa thêm được thành viên",
            why="hội đồng đã có Chủ tịch, hoặc tài khoản này đã ở trong hội đồng",
            next_step="Xem lại chức danh và tài khoản",
        ) from None
    return made


def remove_member(member: CouncilMember, *, actor: Actor, now: datetime) -> None:
    """Take somebody off who never sat; who sat stays in the minutes and so in the council."""
    council = member.council
    actor.require("council.keep", council)
    _refuse_while_voting(council)
    if member.attendances.exists() or council.state != CouncilState.FORMING:
        raise RuleNotMet(
            "Chưa bỏ thành viên này được",
            why="hội đồng đã hoạt động, thành viên có tên trong biên bản",
            next_step="Kết thúc nhiệm kỳ, lập hội đồng mới theo quyết định kiện toàn",
        )
    with transaction.atomic():
        _log(council, "remove_member", f"Bỏ thành viên hội đồng: {member}", actor=actor, now=now)
        member.delete()


def found(council: Council, *, actor: Actor, now: datetime) -> None:
    """The council may meet. Raises RuleNotMet for what the law or the decision lacks."""
    advance(council, "found", actor=actor, now=now)


def end(council: Council, *, reason: str, actor: Actor, now: datetime) -> None:
    """The term is over; meetings under way must be over first."""
    alive = council.sessions.exclude(state__in=("ket_luan", "da_huy")).count()
    if alive:
        raise RuleNotMet(
            "Chưa kết thúc nhiệm kỳ được",
            why=f"còn {alive} cuộc họp chưa xong",
            next_step="Kết luận hoặc hủy các cuộc họp đó trước",
        )
    advance(council, "end", actor=actor, now=now, reason=reason, changes={"until": council.until or actor.on})


def _refuse_while_voting(council: Council) -> None:
    """The base of a count must not change under it."""
    if CouncilSession.objects.filter(council=council, state="bo_phieu").exists():
        raise RuleNotMet(
            "Chưa sửa được danh sách hội đồng",
            why="hội đồng đang bỏ phiếu",
            next_step="Chờ kiểm phiếu xong",
        )


def _log(council: Council, step: str, label: str, *, actor: Actor, now: datetime) -> None:
    record(
        f"awards.council.{step}", council, label=label[:200], actor=actor, now=now,
        object_unit_id=council.unit_id,
    )  # fmt: skip
