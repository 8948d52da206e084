"""The list of failed jobs: its columns and what can be asked of it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from thidua.core.clock import VIETNAM
from thidua.core.text import shortened
from thidua.jobs.models import Job
from thidua.jobs.registry import label_of
from thidua.tables.listing import Column, FilterForm, Shown, Table

ACTS_FORM = "viec-da-chon"


class JobFilters(FilterForm):
    loai = forms.ChoiceField(label="Loại việc")
    tu_ngay = forms.DateField(label="Từ ngày")
    den_ngay = forms.DateField(label="Đến ngày")

    def __init__(self, *args: Any, kinds: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["loai"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            ("", "Tất cả"),
            *sorted(((kind, label_of(kind)) for kind in kinds), key=lambda one: one[1]),
        ]
        for name in ("tu_ngay", "den_ngay"):
            self.fields[name].widget.attrs["placeholder"] = "ngày/tháng/năm"

    def narrow(self, rows: QuerySet[Job], asked: dict[str, Any]) -> QuerySet[Job]:
        if "loai" in asked:
            rows = rows.filter(kind=asked["loai"])
        if "tu_ngay" in asked:
            rows = rows.filter(finished_at__date__gte=asked["tu_ngay"])
        if "den_ngay" in asked:
            rows = rows.filter(finished_at__date__lte=asked["den_ngay"])
        return rows


def _what(job: Job) -> Shown:
    label = label_of(job.kind)
    return Shown(f"{label[:1].upper()}{label[1:]}", note=f"số {job.pk}", choose=str(job.pk))


def _why(job: Job) -> Shown:
    line = job.last_line
    return Shown(shortened(line, 160), full=job.error if job.error.strip() != shortened(line, 160) else "")


def _moment(job: Job) -> str:
    return f"{job.finished_at.astimezone(VIETNAM):%H:%M %d/%m/%Y}" if job.finished_at else ""


FAILED_JOBS: Table[Job] = Table(
    name="viec-nen-khong-thanh-cong",
    title="Việc chạy nền không thành công",
    filters=JobFilters,
    acts_form=ACTS_FORM,
    empty="Không có việc nào không thành công.",
    columns=(
        Column(
            "viec",
            "Việc",
            _what,
            value=lambda job: f"{label_of(job.kind)} số {job.pk}",
            order=("kind",),
            width=36,
        ),
        Column("vi-sao", "Vì sao", _why, value=lambda job: job.error, width=60),
        Column(
            "lan",
            "Số lần đã thử",
            lambda job: str(job.attempts),
            value=lambda job: job.attempts,
            is_number=True,
        ),
        Column("nguoi", "Người yêu cầu", lambda job: str(job.requested_by or "Hệ thống"), width=28),
        Column(
            "luc",
            "Dừng lúc",
            _moment,
            value=lambda job: job.finished_at,
            order=("finished_at",),
            width=18,
        ),
    ),
)
