"""The lists of awards: rounds, candidates, suggestions."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.urls import reverse

from thidua.awards.duplicates import form_name
from thidua.awards.models import (
    AwardRoundState,
    AwardSubjectType,
    Candidate,
    CandidateState,
    SuggestionSet,
)
from thidua.core.formats import format_date
from thidua.core.text import fold
from thidua.criteria.models import OutcomeChoice
from thidua.criteria.reasons import Outcome
from thidua.tables.listing import Column, FilterForm, Shown, Table
from thidua.tables.words import holding

ANY = [("", "Tất cả")]
NEAR = "gan"
OUTCOMES = (
    (str(Outcome.MET.value), "Đạt"),
    (NEAR, "Gần đạt"),
    (str(Outcome.UNKNOWN.value), "Chưa xác định được"),
    (str(Outcome.NOT_MET.value), "Không đạt"),
    (str(Outcome.NOT_APPLICABLE.value), "Không áp dụng"),
)
TONES = {
    CandidateState.RETURNED: "late",
    CandidateState.AWARDED: "gold",
    CandidateState.PASSED: "good",
    CandidateState.REFUSED: "late",
    CandidateState.SENT: "warning",
}


def outcome_shown(outcome: int, is_near: bool) -> tuple[str, str]:
    """(words, tone) of an outcome."""
    if is_near:
        return "Gần đạt", "warning"
    tones = {Outcome.MET: "good", Outcome.UNKNOWN: "warning"}
    return str(OutcomeChoice(outcome).label), tones.get(Outcome(outcome), "")


class _WordsForm(FilterForm):
    tim = forms.CharField(label="Tên", max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.pop("on", None)
        super().__init__(*args, **kwargs)

    def narrow(self, rows: QuerySet[Any], asked: dict[str, Any]) -> QuerySet[Any]:
        return holding(rows, fold(asked.get("tim", "")).split())


class RoundFilters(_WordsForm):
    tinh_trang = forms.ChoiceField(label="Trạng thái", choices=[*ANY, *AwardRoundState.choices])

    def narrow(self, rows: QuerySet[Any], asked: dict[str, Any]) -> QuerySet[Any]:
        rows = super().narrow(rows, asked)
        return rows.filter(state=asked["tinh_trang"]) if "tinh_trang" in asked else rows


class CandidateFilters(_WordsForm):
    tinh_trang = forms.ChoiceField(label="Trạng thái", choices=[*ANY, *CandidateState.choices])
    loai = forms.ChoiceField(label="Đối tượng", choices=[*ANY, *AwardSubjectType.choices])

    def narrow(self, rows: QuerySet[Any], asked: dict[str, Any]) -> QuerySet[Any]:
        rows = super().narrow(rows, asked)
        if "tinh_trang" in asked:
            rows = rows.filter(state=asked["tinh_trang"])
        return rows.filter(subject_type=asked["loai"]) if "loai" in asked else rows


class SuggestionFilters(_WordsForm):
    ket_luan = forms.ChoiceField(label="Kết luận", choices=[*ANY, *OUTCOMES])
    loai = forms.ChoiceField(label="Đối tượng", choices=[*ANY, *AwardSubjectType.choices])

    def __init__(self, *args: Any, sets: Collection[SuggestionSet], **kwargs: Any) -> None:
        """`sets` are those that the suggestions come from."""
        self.sets = sets
        super().__init__(*args, **kwargs)

    def narrow(self, rows: QuerySet[Any], asked: dict[str, Any]) -> QuerySet[Any]:
        rows = super().narrow(rows, asked)
        if asked.get("ket_luan") == NEAR:
            rows = rows.filter(is_near=True)
        elif "ket_luan" in asked:
            rows = rows.filter(outcome=int(asked["ket_luan"]), is_near=False)
        if "loai" in asked:
            # a few keys instead of a join: the indexes begin with the set
            rows = rows.filter(set_id__in=[one.pk for one in self.sets if one.subject_type == asked["loai"]])
        return rows


def round_table(labels: dict[int, str], sent: dict[int, int]) -> Table[Any]:
    """`labels` and `sent` (candidates of a round) may be filled when it is known which rounds are shown."""

    def body(row: Any) -> str:
        return labels.get(row.deciding_body_id, "")

    return Table(
        name="dot-xet",
        title="Đợt xét khen thưởng",
        columns=(
            Column(
                "ten",
                "Đợt xét",
                lambda row: Shown(row.name, href=reverse("awards:round", args=[row.pk])),
                lambda row: row.name,
                order=("name",),
                width=44,
            ),
            Column(
                "co_quan", "Cơ quan quyết định", lambda row: labels.get(row.deciding_body_id, ""), width=34
            ),
            Column("ky", "Kỳ xét", lambda row: row.get_kind_display(), order=("kind",), width=16),
            Column(
                "han",
                "Hạn gửi",
                lambda row: format_date(row.due_on),
                lambda row: row.due_on,
                order=("due_on",),
                width=14,
            ),
            Column(
                "tt",
                "Trạng thái",
                lambda row: Shown(
                    row.get_state_display(), tone="good" if row.state == AwardRoundState.OPEN else ""
                ),
                lambda row: row.get_state_display(),
                order=("state",),
                width=18,
            ),
            Column(
                "so",
                "Đề nghị",
                lambda row: str(sent.get(row.pk, 0)),
                lambda row: sent.get(row.pk, 0),
                is_number=True,
                width=10,
            ),
        ),
        filters=RoundFilters,
        usual_order="-han",
        empty="Chưa có đợt xét nào. Cơ quan thường trực lập đợt từ kế hoạch của phong trào.",
    )


def candidate_table(labels: dict[int, str], *, with_round: bool = False) -> Table[Candidate]:
    columns: list[Column[Candidate]] = [
        Column(
            "ten",
            "Đối tượng",
            lambda row: Shown(row.label, href=reverse("awards:candidate", args=[row.pk])),
            lambda row: row.label,
            order=("label_order",),
            width=36,
        ),
        Column("loai", "Loại", lambda row: row.get_subject_type_display(), order=("subject_type",), width=20),
        Column(
            "hinh_thuc", "Hình thức", lambda row: form_name(row.form, row.since), order=("form",), width=30
        ),
        Column("don_vi", "Đơn vị đề nghị", lambda row: labels.get(row.proposer_id, ""), width=34),
        Column(
            "tt",
            "Trạng thái",
            lambda row: Shown(row.get_state_display(), tone=TONES.get(CandidateState(row.state), "")),
            lambda row: row.get_state_display(),
            order=("state",),
            width=22,
        ),
    ]
    if with_round:
        columns.insert(3, Column("dot", "Đợt xét", lambda row: row.round.name, width=34))
    return Table(
        name="de-nghi-khen-thuong",
        title="Đề nghị khen thưởng",
        columns=tuple(columns),
        filters=CandidateFilters,
        usual_order="ten",
        empty="Chưa có đề nghị nào. Mở một đợt xét rồi lập đề nghị, hoặc lập từ trang Gợi ý.",
        keys_first=True,
    )


def suggestion_table(labels: dict[int, str], proposed: dict[str, int]) -> Table[Any]:
    def subject(row: Any) -> Shown:
        unit = labels.get(row.unit_id, "")
        note = unit if unit != row.label else ""
        return Shown(row.label, href=reverse("awards:suggestion", args=[row.pk]), note=note)

    def taken(row: Any) -> Shown | str:
        pk = proposed.get(row.subject_key)
        return Shown("đã lập đề nghị", href=reverse("awards:candidate", args=[pk])) if pk else ""

    def outcome(row: Any) -> Shown:
        words, tone = outcome_shown(row.outcome, row.is_near)
        return Shown(words, tone=tone)

    return Table(
        name="goi-y-khen-thuong",
        title="Gợi ý khen thưởng",
        columns=(
            Column("ten", "Đối tượng", subject, lambda row: row.label, order=("label_order",), width=40),
            Column("loai", "Loại", lambda row: row.set.get_subject_type_display(), width=22),
            Column(
                "kl",
                "Kết luận",
                outcome,
                lambda row: outcome_shown(row.outcome, row.is_near)[0],
                order=("outcome", "is_near"),
                width=20,
            ),
            Column("de_nghi", "Đề nghị", taken, width=18),
        ),
        filters=SuggestionFilters,
        usual_order="-kl",
        empty=(
            "Chưa có gợi ý. Cơ quan thường trực bấm «Xét gợi ý» ở trang đợt xét: chương trình đối chiếu số "
            "liệu với tiêu chí của kế hoạch."
        ),
        keys_first=True,
    )
