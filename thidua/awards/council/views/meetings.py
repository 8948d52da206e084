"""One meeting: agenda, attendance, conflicts, notes, and the steps from the summons to the conclusion."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from thidua.audit import workflow
from thidua.audit.reader import history
from thidua.awards.council import (
    access,
    composition,
    conflicts,
    counting,
    minutes,
    sessions,
    tellers,
    voting,
)
from thidua.awards.council.readiness import THERE
from thidua.awards.duplicates import form_name
from thidua.awards.models import (
    Attendance,
    BallotMark,
    Conflict,
    ConflictKind,
    CouncilMember,
    CouncilSession,
    Presence,
    SessionState,
)
from thidua.core import clock
from thidua.core.errors import ChangedMeanwhile, NotAllowed, RuleNotMet
from thidua.core.text import row_key
from thidua.organisations.authority import Acting
from thidua.organisations.signed_in import signed_in, who

#: Steps with a button of their own place on the page.
ELSEWHERE = ("count",)
TONES = {"thong_qua": "good", "khong_thong_qua": "late", "bang_phieu": "warning", "qua_so_luong": "warning"}


@require_safe
@never_cache
@signed_in
def session(request: HttpRequest, pk: int) -> HttpResponse:
    acting = who(request)
    found = access.session_at(pk, acting=acting)
    return render(request, "awards/council/session.html", _context(found, acting))


def _context(found: CouncilSession, acting: Acting) -> dict[str, object]:
    council = found.council
    seats = composition.seats(council)
    holders = conflicts.holders(found)
    own_seat = next((pk for pk, person in holders.items() if person.user_id == acting.user.pk), None)
    attendance = {row.member_id: row for row in Attendance.objects.filter(session=found)}
    marks = dict(BallotMark.objects.filter(session=found).values_list("member_id", "method"))
    present = sum(row.presence in THERE for row in attendance.values())
    may_run = acting.may("councilsession.run", found)
    is_open = found.state in CouncilSession.OPEN
    by_item: dict[int, list[Conflict]] = {}
    for one in Conflict.objects.filter(item__session=found).select_related("member"):
        by_item.setdefault(one.item_id, []).append(one)
    items = list(found.items.select_related("candidate__round").order_by("position", "pk"))
    rules = {
        form: voting.rule_of(council, form, on=acting.on) for form in {item.candidate.form for item in items}
    }
    keyed = set(found.box_keys.values_list("member_id", flat=True))
    leaders = [one for one in (found.chaired_by, found.secretary) if one is not None]
    voting_seats = {key for key, row in attendance.items() if row.presence in THERE}
    return {
        "session": found,
        "council": council,
        "items": [
            (
                item,
                form_name(item.form, item.candidate.since),
                voting.frozen_rule(item) or rules[item.candidate.form],
                by_item.get(item.pk, []),
                TONES.get(item.result, ""),
            )
            for item in items
        ],
        "seats": [
            (seat, holders[seat.pk], attendance.get(seat.pk), marks.get(seat.pk), seat.pk in voting_seats)
            for seat in seats
        ],
        "present": present,
        "quorum": composition.quorum_of(council, members=len(seats), on=acting.on),
        "presences": Presence.choices,
        "substituted": {seat.pk for seat in seats if seat.substitutes.exists()} if is_open else (),
        "may_run": may_run,
        "is_open": is_open,
        "is_voting": found.state == SessionState.VOTING,
        "is_known": found.state in CouncilSession.KNOWN,
        "steps": [step for step in workflow.possible(found, actor=acting) if step.name not in ELSEWHERE],
        "keys": [(one, one.pk in keyed) for one in leaders],
        "may_take_key": is_open and not found.is_on_paper and own_seat in {one.pk for one in leaders},
        "has_own_key": own_seat in keyed,
        "own_seat": own_seat,
        "may_vote": found.state == SessionState.VOTING
        and not found.is_on_paper
        and own_seat in voting_seats
        and own_seat not in marks,
        "has_voted": own_seat in marks,
        "voted": len(marks),
        "waiting": list(access.waiting_candidates(council)[:200]) if may_run and is_open else [],
        "needs_tellers": any(tellers.expected(found).values())
        if found.state == SessionState.VOTING
        else False,
        "may_tell": tellers.may_tell(found, acting),
        "kinds": [
            (ConflictKind.DECLARED.value, "Lý do khác"),
            (ConflictKind.KIN.value, "Người thân được xét"),
        ],
        "history": history(found)[:40],
    }


Act = Callable[[CouncilSession, HttpRequest, Acting], str]


def _summon(found: CouncilSession, _request: HttpRequest, acting: Acting) -> str:
    sessions.summon(found, actor=acting, now=clock.now())
    return "Đã mời họp. Giấy mời ở dạng nháp, đọc lại rồi trình ký."


def _begin(found: CouncilSession, _request: HttpRequest, acting: Acting) -> str:
    sessions.begin(found, actor=acting, now=clock.now())
    return "Cuộc họp bắt đầu. Điểm danh, nhận khóa hòm phiếu rồi mở bỏ phiếu."


def _open(found: CouncilSession, _request: HttpRequest, acting: Acting) -> str:
    voting.open_voting(found, actor=acting, now=clock.now())
    return "Đã mở bỏ phiếu."


def _void(found: CouncilSession, request: HttpRequest, acting: Acting) -> str:
    voting.void_voting(found, reason=request.POST.get("ly_do", ""), actor=acting, now=clock.now())
    return "Đã hủy lần bỏ phiếu. Chủ trì và thư ký nhận khóa mới rồi mở lại."


def _conclude(found: CouncilSession, _request: HttpRequest, acting: Acting) -> str:
    counting.conclude(found, actor=acting, now=clock.now())
    return "Đã ghi kết quả vào hồ sơ của từng đề nghị."


def _cancel(found: CouncilSession, request: HttpRequest, acting: Acting) -> str:
    sessions.cancel(found, reason=request.POST.get("ly_do", ""), actor=acting, now=clock.now())
    return "Đã hủy cuộc họp."


def _minutes(found: CouncilSession, _request: HttpRequest, acting: Acting) -> str:
    minutes.draft_minutes(found, actor=acting, now=clock.now())
    return "Đã soạn biên bản. Đọc lại, trình ký."


def _attend(found: CouncilSession, request: HttpRequest, acting: Acting) -> str:
    for seat in composition.seats(found.council):
        said = request.POST.get(f"du_{seat.pk}", "")
        if said in Presence.values:
            note = request.POST.get(f"ghi_{seat.pk}", "")
            sessions.mark_attendance(found, seat, said, note=note, actor=acting, now=clock.now())
    return "Đã điểm danh."


def _agenda(found: CouncilSession, request: HttpRequest, acting: Acting) -> str:
    keys = {row_key(key) for key in request.POST.getlist("de_nghi")}
    rows = [one for one in access.waiting_candidates(found.council) if one.pk in keys]
    if not rows:
        raise RuleNotMet(
            "Chưa đưa vào chương trình họp được", why="chưa chọn đề nghị nào", next_step="Chọn rồi làm lại"
        )
    sessions.put_on_agenda(found, rows, actor=acting, now=clock.now())
    return f"Đã đưa {len(rows)} đề nghị vào chương trình họp."


def _member(found: CouncilSession, said: str) -> CouncilMember:
    member = found.council.members.filter(pk=row_key(said) or 0, substitutes_for__isnull=True).first()
    if member is None:
        raise Http404("no such member")
    return member


def _lead(found: CouncilSession, request: HttpRequest, acting: Acting) -> str:
    chair = _member(found, request.POST.get("chu_tri", ""))
    secretary = _member(found, request.POST.get("thu_ky", ""))
    sessions.lead_by(found, chair=chair, secretary=secretary, actor=acting, now=clock.now())
    return "Đã ghi chủ trì, thư ký."


def _hand_in(found: CouncilSession, request: HttpRequest, acting: Acting) -> str:
    member = _member(found, request.POST.get("thanh_vien", ""))
    voting.hand_in_paper(found, member, actor=acting, now=clock.now())
    return f"Đã nhận phiếu giấy của {member.name}."


ACTS: dict[str, Act] = {
    "summon": _summon,
    "begin": _begin,
    "open_voting": _open,
    "void_voting": _void,
    "conclude": _conclude,
    "cancel": _cancel,
    "bien-ban": _minutes,
    "diem-danh": _attend,
    "chuong-trinh": _agenda,
    "chu-tri": _lead,
    "phieu-giay": _hand_in,
}


@require_POST
@signed_in
def act(request: HttpRequest, pk: int) -> HttpResponse:
    acting = who(request)
    found = access.session_at(pk, acting=acting)
    do = ACTS.get(request.POST.get("viec", ""))
    try:
        if do is not None:
            messages.success(request, do(found, request, acting))
    except (RuleNotMet, ChangedMeanwhile) as refusal:
        messages.error(request, refusal.message)
    return redirect("council:session", pk=pk)


@require_POST
@signed_in
def item(request: HttpRequest, pk: int, item_pk: int) -> HttpResponse:
    """One question: what was said, a conflict declared or set aside, off the agenda, out of the meeting."""
    acting = who(request)
    found = access.session_at(pk, acting=acting)
    row = access.item_at(found, item_pk)
    what, text, now = request.POST.get("viec", ""), request.POST.get("noi_dung", ""), clock.now()
    try:
        if what == "y-kien":
            sessions.note_discussion(row, text, actor=acting, now=now)
            messages.success(request, "Đã ghi ý kiến.")
        elif what == "bo":
            sessions.take_off_agenda(row, actor=acting, now=now)
            messages.success(request, "Đã bỏ khỏi chương trình họp.")
        elif what == "khai":
            _declare(found, request, acting, row.pk)
            messages.success(request, "Đã ghi. Thành viên này không bỏ phiếu nội dung đó.")
        elif what == "cho-bo-phieu":
            conflict = row.conflicts.filter(pk=row_key(request.POST.get("xung_dot", "")) or 0).first()
            if conflict is None:
                raise Http404("no such conflict")
            conflict.item = row
            conflicts.set_aside(conflict, reason=text, actor=acting, now=now)
            messages.success(request, "Đã ghi lý do; thành viên này vẫn bỏ phiếu.")
        elif what == "dua-ra":
            workflow.advance(
                row.candidate,
                "take_from_council",
                actor=acting,
                now=now,
                reason=text,
                changes={"moved_at": now},
            )
            messages.success(request, "Đã đưa ra khỏi phiên họp.")
    except (RuleNotMet, ChangedMeanwhile) as refusal:
        messages.error(request, refusal.message)
    return redirect("council:session", pk=pk)


def _declare(found: CouncilSession, request: HttpRequest, acting: Acting, item_pk: int) -> None:
    said = request.POST.get("thanh_vien", "")
    if said:
        member = _member(found, said)
    else:
        own = next(
            (pk for pk, person in conflicts.holders(found).items() if person.user_id == acting.user.pk), None
        )
        if own is None:
            raise NotAllowed(
                "Bạn chưa được khai", why="bạn không giữ ghế trong cuộc họp này", next_step="Báo thư ký ghi"
            )
        member = CouncilMember.objects.get(pk=own)
    kind = ConflictKind.KIN if request.POST.get("ly_do") == ConflictKind.KIN else ConflictKind.DECLARED
    row = access.item_at(found, item_pk)
    why = request.POST.get("noi_dung", "")
    conflicts.declare_conflict(row, member, kind=kind, why=why, actor=acting, now=clock.now())
