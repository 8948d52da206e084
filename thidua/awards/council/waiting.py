"""What of the councils waits for a person: come to a meeting, take a key, vote; for the office: conclude."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from thidua.awards.council.readiness import THERE
from thidua.awards.council.rights import RUNNING
from thidua.awards.models import Attendance, BallotMark, BoxKey, CouncilMember, CouncilSession, SessionState
from thidua.organisations.authority import Acting
from thidua.organisations.waiting import Waiting

#: So many meetings are looked at.
MOST = 30


def matters(acting: Acting) -> list[Waiting]:
    """Three queries, however many there are."""
    return [*_to_vote(acting), *_to_come(acting), *_to_conclude(acting)]


def _day(session: CouncilSession) -> date:
    return timezone.localtime(session.meets_at).date()


def _to_vote(acting: Acting) -> list[Waiting]:
    marked = BallotMark.objects.filter(session=OuterRef("session"), member=OuterRef("member"))
    mine = Q(member__user=acting.user, substitute__isnull=True) | Q(substitute__user=acting.user)
    rows = (
        Attendance.objects.filter(
            mine,
            ~Exists(marked),
            session__state=SessionState.VOTING,
            session__is_on_paper=False,
            presence__in=THERE,
        )
        .select_related("session__council")
        .order_by("session__meets_at", "pk")[:MOST]
    )
    return [
        Waiting(
            title=f"Bỏ phiếu: {row.session.title}",
            why="Đang bỏ phiếu",
            act="Bỏ phiếu",
            address=reverse("council:vote", args=[row.session_id]),
            about=row.session.council.name,
            due_on=_day(row.session),
            is_answer=True,
        )
        for row in rows
    ]


def _to_come(acting: Acting) -> list[Waiting]:
    """Meetings to come; for who leads or writes as long as they hold no key."""
    seats = CouncilMember.objects.filter(user=acting.user, substitutes_for__isnull=True)
    keyed = BoxKey.objects.filter(session=OuterRef("pk"), member__user=acting.user)
    leads = Q(chaired_by__user=acting.user) | Q(secretary__user=acting.user)
    to_key = leads & Q(state=SessionState.MEETING, is_on_paper=False) & ~Exists(keyed)
    rows = (
        CouncilSession.objects.filter(council__members__in=seats.values("pk"))
        .filter(Q(state=SessionState.SUMMONED) | to_key)
        .select_related("council")
        .order_by("meets_at", "pk")[:MOST]
    )
    found = []
    for row in rows:
        is_invited = row.state == SessionState.SUMMONED
        found.append(
            Waiting(
                title=f"{'Dự họp' if is_invited else 'Nhận khóa hòm phiếu'}: {row.title}",
                why="Đã mời họp" if is_invited else "Chủ trì và thư ký giữ hai khóa",
                act="Xem chương trình, hồ sơ" if is_invited else "Nhận khóa",
                address=reverse("council:session", args=[row.pk]),
                about=row.council.name,
                due_on=_day(row),
            )
        )
    return found


def _to_conclude(acting: Acting) -> list[Waiting]:
    mine = acting.unit_ids(RUNNING)
    if not mine:
        return []
    rows = (
        CouncilSession.objects.filter(
            Q(council__unit_id__in=mine) | Q(council__standing_body_id__in=mine), state=SessionState.COUNTED
        )
        .select_related("council")
        .order_by("meets_at", "pk")[:MOST]
    )
    return [
        Waiting(
            title=f"Ghi kết luận vào hồ sơ: {row.title}",
            why="Đã kiểm phiếu",
            act="Soạn biên bản, ghi kết luận",
            address=reverse("council:session", args=[row.pk]),
            about=row.council.name,
            due_on=_day(row),
        )
        for row in rows
    ]
