"""The lists of the room: postings of a body, opinions on one posting, what is posted for everybody."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.urls import reverse

from thidua.awards.duplicates import form_name
from thidua.awards.models import Candidate, Opinion, OpinionKind
from thidua.core.clock import VIETNAM
from thidua.core.formats import format_date
from thidua.core.text import fold, shortened
from thidua.tables.listing import Column, FilterForm, Shown, Table
from thidua.tables.words import holding

ANY = [("", "Tất cả")]
TONES = {OpinionKind.OBJECTION: "warning", OpinionKind.COMPLAINT: "late", OpinionKind.SUPPORT: "good"}


class OpinionFilters(FilterForm):
    loai = forms.ChoiceField(label="Loại ý kiến", choices=[*ANY, *OpinionKind.choices])
    tra_loi = forms.ChoiceField(
        label="Trả lời", choices=[*ANY, ("chua", "Chưa trả lời"), ("roi", "Đã trả lời")]
    )

    def narrow(self, rows: QuerySet[Any], asked: dict[str, Any]) -> QuerySet[Any]:
        if "loai" in asked:
            rows = rows.filter(kind=asked["loai"])
        if "tra_loi" in asked:
            rows = rows.filter(answered_at__isnull=asked["tra_loi"] == "chua")
        return rows


class PostedFilters(FilterForm):
    tim = forms.CharField(label="Tên", max_length=200)

    def narrow(self, rows: QuerySet[Any], asked: dict[str, Any]) -> QuerySet[Any]:
        return holding(rows, fold(asked.get("tim", "")).split())


def posting_table(on: date) -> Table[Any]:
    def state(row: Any) -> Shown:
        if row.taken_down_on:
            return Shown("đã gỡ", tone="late")
        return Shown("đang lấy ý kiến", tone="good") if row.is_open(on=on) else Shown("đã hết hạn", tone="")

    def waiting(row: Any) -> Shown:
        return Shown(str(row.waiting), tone="warning") if row.waiting else Shown("0")

    return Table(
        name="danh-sach-cong-khai",
        title="Danh sách công khai",
        columns=(
            Column(
                "dot",
                "Đợt xét",
                lambda row: Shown(row.round.name, href=reverse("opinions:posting", args=[row.pk])),
                lambda row: row.round.name,
                order=("round__name",),
                width=44,
            ),
            Column(
                "tu",
                "Từ ngày",
                lambda row: format_date(row.posted_on),
                lambda row: row.posted_on,
                order=("posted_on",),
                width=14,
            ),
            Column(
                "den",
                "Đến hết ngày",
                lambda row: format_date(row.until),
                lambda row: row.until,
                order=("until",),
                width=14,
            ),
            Column("tt", "Tình trạng", state, width=18),
            Column("so", "Ý kiến", lambda row: str(row.said), lambda row: row.said, is_number=True, width=10),
            Column("cho", "Chờ trả lời", waiting, lambda row: row.waiting, is_number=True, width=12),
        ),
        usual_order="-tu",
        empty="Chưa công khai danh sách nào. Mở một đợt xét, bấm «Công khai danh sách».",
    )


def opinion_table() -> Table[Opinion]:
    def kind(row: Opinion) -> Shown:
        return Shown(str(row.get_kind_display()), tone=TONES.get(OpinionKind(row.kind), ""))

    def answered(row: Opinion) -> Shown:
        if row.answered_at is None:
            return Shown("chưa trả lời", tone="warning" if row.is_against else "")
        return Shown(str(row.get_conclusion_display()))

    return Table(
        name="y-kien",
        title="Ý kiến nhận được",
        columns=(
            Column(
                "nd",
                "Nội dung",
                lambda row: Shown(
                    shortened(row.text or "(không ghi nội dung)"),
                    href=reverse("opinions:opinion", args=[row.pk]),
                    note=row.candidate.label,
                ),
                lambda row: row.text,
                width=60,
            ),
            Column("loai", "Loại", kind, lambda row: row.get_kind_display(), order=("kind",), width=24),
            Column(
                "luc",
                "Lúc gửi",
                lambda row: f"{row.sent_at.astimezone(VIETNAM):%H:%M %d/%m/%Y}",
                lambda row: row.sent_at.astimezone(VIETNAM).date(),
                order=("sent_at",),
                width=18,
            ),
            Column("kl", "Trả lời", answered, order=("answered_at",), width=20),
        ),
        filters=OpinionFilters,
        usual_order="-luc",
        empty="Chưa có ý kiến nào.",
    )


def posted_table(may_say: bool) -> Table[Candidate]:
    """What everybody may read: names as on the list, form, achievement in short."""

    def act(row: Candidate) -> Shown | str:
        if not may_say:
            return ""
        return Shown("Gửi ý kiến", href=reverse("hearing:form", args=[row.posting_id, row.pk]))

    return Table(
        name="danh-sach-lay-y-kien",
        title="Danh sách lấy ý kiến",
        columns=(
            Column(
                "ten",
                "Đối tượng",
                lambda row: Shown(row.label, note=about(row)),
                lambda row: row.label,
                order=("label_order",),
                width=44,
            ),
            Column(
                "ht",
                "Hình thức đề nghị",
                lambda row: form_name(row.form, row.since),
                order=("form",),
                width=34,
            ),
            Column(
                "tich",
                "Thành tích tóm tắt",
                lambda row: shortened(row.achievement or "chưa ghi", 400),
                width=60,
            ),
            Column("gui", "Ý kiến của bạn", act, lambda _row: "", width=16),
        ),
        filters=PostedFilters,
        usual_order="ten",
        empty="Danh sách không còn đối tượng nào.",
    )


def about(row: Candidate) -> str:
    """Office of a person, so that the right one of two of a name is meant; nothing else about them."""
    return row.person.position if row.person is not None else str(row.get_subject_type_display()).lower()
