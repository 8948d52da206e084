"""The list of templates: its columns, and what stands in them."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Max, Q, QuerySet
from django.urls import reverse

from thidua.documents.models import PaperTemplate
from thidua.documents.paper_templates.forms import TemplateFilters
from thidua.documents.papers.symbols import kind_name
from thidua.tables.listing import Column, Shown, Table


def with_versions(rows: QuerySet[PaperTemplate]) -> QuerySet[PaperTemplate]:
    """The templates with number and day of the version in use, and the number of the draft."""
    used = Q(versions__issued_at__isnull=False)
    return rows.annotate(
        used_number=Max("versions__number", filter=used),
        used_on=Max("versions__issued_on", filter=used),
        draft_number=Max("versions__number", filter=Q(versions__issued_at__isnull=True)),
    )


def _state(row: PaperTemplate) -> Shown:
    used, draft = row.used_number, row.draft_number  # type: ignore[attr-defined]
    if used is None:
        return Shown("Đang soạn", tone="warning")
    note = f"lần {draft} đang soạn" if draft else ""
    return Shown(f"Lần {used}, từ {row.used_on:%d/%m/%Y}", tone="good", note=note)  # type: ignore[attr-defined]


def template_table(labels: Mapping[int, str]) -> Table[PaperTemplate]:
    """The list of this request; `labels` are the names of the bodies."""
    return Table(
        name="mau-van-ban",
        title="Mẫu văn bản",
        columns=(
            Column(
                "ten",
                "Mẫu",
                lambda row: Shown(
                    row.name,
                    href=reverse("paper_templates:template", args=[row.pk]),
                    note="dùng khi không chọn mẫu khác" if row.is_usual else "",
                ),
                order=("name_order",),
                width=50,
            ),
            Column("loai", "Loại văn bản", lambda row: kind_name(row.kind), order=("kind", "name_order")),
            Column("co-quan", "Cơ quan", lambda row: labels.get(row.unit_id, ""), width=40),
            Column("tinh-trang", "Đang dùng", _state, width=24),
        ),
        filters=TemplateFilters,
        usual_order="ten",
        empty="Cơ quan chưa lập mẫu riêng; chương trình dùng các mẫu sẵn bên dưới.",
    )
