"""What of awards waits for a person: to send, to mend, to appraise, to answer, to decide; by its day."""

from __future__ import annotations

from django.db.models import Count, Q
from django.urls import reverse

from thidua.awards.council import waiting as council_matters
from thidua.awards.groups import waiting as group_matters
from thidua.awards.models import (
    AwardDecision,
    AwardRoundState,
    Candidate,
    CandidateState,
    Consultation,
    DecisionLine,
    DecisionState,
    Opinion,
)
from thidua.awards.opinions import waiting as posting_matters
from thidua.awards.rights import DECIDING, DOING
from thidua.core.text import shortened
from thidua.organisations.authority import Acting
from thidua.organisations.waiting import Waiting

#: Of each sort so many are fetched, the most urgent first.
MOST = 60


def waiting_for(acting: Acting) -> list[Waiting]:
    """Some dozen queries, however many there are."""
    doing, deciding = acting.unit_ids(DOING), acting.unit_ids(DECIDING)
    return [
        *_to_send(doing),
        *_to_receive(deciding),
        *_to_answer(doing),
        *_opinions(deciding),
        *_to_decide(deciding),
        *_to_carry_out(deciding),
        *council_matters.matters(acting),
        *group_matters.matters(acting),
        *posting_matters.matters(acting),
    ]


def _to_decide(deciding: frozenset[int]) -> list[Waiting]:
    """Passed and on no list yet: one line for each round."""
    if not deciding:
        return []
    rows = (
        Candidate.objects.filter(round__standing_body_id__in=deciding, state=CandidateState.PASSED)
        .exclude(
            pk__in=DecisionLine.objects.filter(is_alive=True, candidate__isnull=False).values("candidate")
        )
        .values("round_id", "round__name")
        .annotate(number=Count("pk"))
        .order_by("round_id")[:MOST]
    )
    return [
        Waiting(
            title=f"{row['number']} đề nghị đã được hội đồng thông qua chờ quyết định",
            why="Chờ quyết định",
            act="Lập quyết định hoặc tờ trình",
            address=reverse("awards:new_decision", args=[row["round_id"]]),
            about=row["round__name"],
        )
        for row in rows
    ]


def _to_carry_out(deciding: frozenset[int]) -> list[Waiting]:
    """Issued, and something kept the list from taking effect."""
    if not deciding:
        return []
    rows = (
        AwardDecision.objects.filter(
            Q(unit_id__in=deciding) | Q(standing_body_id__in=deciding),
            state=DecisionState.PREPARED,
            paper__issued_at__isnull=False,
        )
        .exclude(trouble="")
        .order_by("pk")[:MOST]
    )
    return [
        Waiting(
            title=f"Chưa ghi được kết quả: {row.title}",
            why=shortened(row.trouble),
            act="Xử lý vướng mắc rồi ghi kết quả",
            address=reverse("awards:decision", args=[row.pk]),
            about=row.get_kind_display(),
        )
        for row in rows
    ]


def _to_send(doing: frozenset[int]) -> list[Waiting]:
    if not doing:
        return []
    rows = (
        Candidate.objects.filter(
            proposer_id__in=doing,
            state__in=Candidate.OPEN,
            round__state__in=(AwardRoundState.OPEN, AwardRoundState.CLOSED),
        )
        .select_related("round")
        .order_by("round__due_on", "pk")[:MOST]
    )
    return [
        Waiting(
            title=f"Đề nghị khen thưởng: {row.label}",
            why=str(row.get_state_display()),
            act="Sửa và gửi lại" if row.state == CandidateState.RETURNED else "Lập tiếp, gửi",
            address=reverse("awards:candidate", args=[row.pk]),
            about=row.round.name,
            due_on=row.round.due_on,
        )
        for row in rows
    ]


def _to_receive(deciding: frozenset[int]) -> list[Waiting]:
    """One line for each round, however many candidates wait in it."""
    if not deciding:
        return []
    rows = (
        Candidate.objects.filter(round__standing_body_id__in=deciding, state=CandidateState.SENT)
        .values("round_id", "round__name")
        .annotate(number=Count("pk"))
        .order_by("round_id")[:MOST]
    )
    asked = f"?tinh_trang={CandidateState.SENT.value}"
    return [
        Waiting(
            title=f"{row['number']} đề nghị khen thưởng chờ thẩm định",
            why="Chờ thẩm định",
            act="Thẩm định hoặc trả lại",
            address=f"{reverse('awards:round', args=[row['round_id']])}{asked}",
            about=row["round__name"],
            is_answer=True,
        )
        for row in rows
    ]


def _to_answer(doing: frozenset[int]) -> list[Waiting]:
    if not doing:
        return []
    rows = (
        Consultation.objects.filter(asked_id__in=doing, answer="", candidate__state=CandidateState.CONSULTING)
        .select_related("candidate__round")
        .order_by("due_on", "pk")[:MOST]
    )
    return [
        Waiting(
            title=f"Cho ý kiến về khen thưởng: {row.candidate.label}",
            why="Chờ ý kiến",
            act="Trả lời",
            address=reverse("awards:consultation", args=[row.pk]),
            about=row.candidate.round.name,
            due_on=row.due_on,
            is_answer=True,
        )
        for row in rows
    ]


def _opinions(deciding: frozenset[int]) -> list[Waiting]:
    """One line for each posted list, however many people have spoken against somebody on it."""
    if not deciding:
        return []
    rows = (
        Opinion.objects.filter(
            posting__round__standing_body_id__in=deciding,
            answered_at__isnull=True,
            kind__in=Opinion.AGAINST,
        )
        .values("posting_id", "posting__round__name", "posting__until")
        .annotate(number=Count("pk"))
        .order_by("posting__until", "posting_id")[:MOST]
    )
    return [
        Waiting(
            title=f"{row['number']} ý kiến của nhân dân chờ trả lời",
            why="Chờ trả lời",
            act="Xác minh, trả lời",
            address=f"{reverse('opinions:posting', args=[row['posting_id']])}?tra_loi=chua",
            about=row["posting__round__name"],
            due_on=row["posting__until"],
            is_answer=True,
        )
        for row in rows
    ]
