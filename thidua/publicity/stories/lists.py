"""The lists of stories and of proposals."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.urls import reverse

from thidua.core.formats import format_date
from thidua.core.text import fold, shortened
from thidua.publicity.models import Proposal, ProposalState, Story, StoryKind, StoryState
from thidua.tables.listing import Column, FilterForm, Shown, Table
from thidua.tables.words import holding

ANY = [("", "Tất cả")]
TONES = {
    StoryState.PUBLISHED: "good",
    StoryState.OFFERED: "warning",
    StoryState.RETURNED: "late",
}


class _WordsForm(FilterForm):
    tim = forms.CharField(label="Tìm", max_length=200)
    loai = forms.ChoiceField(label="Loại", choices=[*ANY, *StoryKind.choices])

    def narrow(self, rows: QuerySet[Any], asked: dict[str, Any]) -> QuerySet[Any]:
        rows = holding(rows, fold(asked.get("tim", "")).split())
        if "loai" in asked:
            rows = rows.filter(kind=asked["loai"])
        return rows.filter(state=asked["tinh_trang"]) if "tinh_trang" in asked else rows


class StoryFilters(_WordsForm):
    tinh_trang = forms.ChoiceField(label="Trạng thái", choices=[*ANY, *StoryState.choices])


class ProposalFilters(_WordsForm):
    tinh_trang = forms.ChoiceField(label="Trạng thái", choices=[*ANY, *ProposalState.choices])


def story_table(labels: dict[int, str]) -> Table[Story]:
    def title(row: Story) -> Shown:
        return Shown(row.title, href=reverse("stories:story", args=[row.pk]), note=row.subject)

    return Table(
        name="guong-sang",
        title="Gương sáng",
        columns=(
            Column("ten", "Bài", title, lambda row: row.title, order=("title_order",), width=60),
            Column("loai", "Loại", lambda row: str(row.get_kind_display()), order=("kind",), width=26),
            Column("don-vi", "Đơn vị viết", lambda row: labels.get(row.unit_id, ""), width=32),
            Column(
                "tt",
                "Trạng thái",
                lambda row: Shown(str(row.get_state_display()), tone=TONES.get(StoryState(row.state), "")),
                lambda row: str(row.get_state_display()),
                order=("state",),
                width=16,
            ),
            Column(
                "sua",
                "Sửa cuối",
                lambda row: format_date(row.changed_at.date()),
                lambda row: row.changed_at.date(),
                order=("changed_at",),
                width=14,
            ),
        ),
        filters=StoryFilters,
        usual_order="-sua",
        empty="Chưa có bài nào. Bấm «Viết bài» để kể một gương tốt, một sáng kiến hay một mô hình.",
    )


def proposal_table(labels: dict[int, str]) -> Table[Proposal]:
    def about(row: Proposal) -> Shown:
        return Shown(shortened(row.subject, 90), href=reverse("stories:proposal", args=[row.pk]))

    return Table(
        name="de-xuat",
        title="Đề xuất từ người dân",
        columns=(
            Column("ve", "Về ai, ở đâu", about, lambda row: row.subject, width=60),
            Column("loai", "Loại", lambda row: str(row.get_kind_display()), order=("kind",), width=26),
            Column("don-vi", "Gửi cơ quan", lambda row: labels.get(row.unit_id, ""), width=32),
            Column(
                "gui",
                "Gửi ngày",
                lambda row: format_date(row.sent_at.date()),
                lambda row: row.sent_at.date(),
                order=("sent_at",),
                width=14,
            ),
            Column(
                "tt",
                "Trạng thái",
                lambda row: Shown(
                    str(row.get_state_display()), tone="warning" if row.state == ProposalState.NEW else ""
                ),
                lambda row: str(row.get_state_display()),
                order=("state",),
                width=16,
            ),
        ),
        filters=ProposalFilters,
        usual_order="-gui",
        empty="Chưa có đề xuất nào từ người dân. Mẫu gửi ở trang Gương sáng của cổng công khai.",
    )
