"""The lists of plans and of issued papers, each with its place on the portal."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.db.models import OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse

from thidua.core.formats import format_date
from thidua.core.text import fold, shortened
from thidua.documents.models import OutgoingPaper
from thidua.movements.models import Plan
from thidua.publicity.models import Publication, PublicationState
from thidua.tables.listing import Column, FilterForm, Shown, Table
from thidua.tables.words import holding

TONES = {PublicationState.PUBLISHED: "good", PublicationState.WITHDRAWN: "warning"}


def with_publication(rows: QuerySet[Any], *, key: str) -> QuerySet[Any]:
    """With the state of the switch; `key` names what the rows are: plan or paper."""
    switched = Publication.objects.filter(**{key: OuterRef("pk")})
    found: QuerySet[Any] = rows.annotate(
        public_state=Coalesce(Subquery(switched.values("state")[:1]), Value(PublicationState.HIDDEN.value)),
        public_at=Subquery(switched.values("published_at")[:1]),
    )
    return found


class SwitchFilters(FilterForm):
    tim = forms.CharField(label="Số, trích yếu", max_length=200)
    cong_khai = forms.ChoiceField(label="Công khai", choices=[("", "Tất cả"), *PublicationState.choices])

    def narrow(self, rows: QuerySet[Any], asked: dict[str, Any]) -> QuerySet[Any]:
        rows = holding(rows, fold(asked.get("tim", "")).split())
        return rows.filter(public_state=asked["cong_khai"]) if "cong_khai" in asked else rows


def _state(row: Any) -> Shown:
    state = PublicationState(cast(Any, row).public_state)
    return Shown(str(state.label), tone=TONES.get(state, ""))


def _since(row: Any) -> str:
    moment = cast(Any, row).public_at
    return format_date(moment.date()) if moment and row.public_state == PublicationState.PUBLISHED else ""


_STATE: Column[Any] = Column("cong-khai", "Công khai", _state, order=("public_state",), width=18)
_SINCE: Column[Any] = Column("tu", "Từ ngày", _since, order=("public_at",), width=14)


def _plan(row: Plan) -> Shown:
    return Shown(shortened(row.title), href=reverse("switching:plan", args=[row.pk]), note=row.number)


def _paper(row: OutgoingPaper) -> Shown:
    return Shown(shortened(row.title), href=reverse("switching:paper", args=[row.pk]), note=row.notation)


def plans_table(labels: dict[int, str]) -> Table[Any]:
    return Table(
        name="cong-khai-ke-hoach",
        title="Kế hoạch",
        columns=(
            Column("ten", "Kế hoạch", _plan, lambda row: row.title, order=("title_order",), width=60),
            Column("co-quan", "Cơ quan", lambda row: labels.get(row.owner_id or 0, row.owner_name), width=34),
            _STATE,
            _SINCE,
        ),
        filters=SwitchFilters,
        usual_order="ten",
        empty=(
            "Chưa có kế hoạch nào của cơ quan đang có hiệu lực. Đưa một kế hoạch vào thực hiện rồi công khai "
            "ở đây."
        ),
    )


def papers_table(labels: dict[int, str]) -> Table[Any]:
    return Table(
        name="cong-khai-van-ban",
        title="Văn bản đã phát hành",
        columns=(
            Column("ten", "Văn bản", _paper, lambda row: row.title, order=("title_order",), width=60),
            Column("co-quan", "Cơ quan", lambda row: labels.get(row.unit_id, ""), width=34),
            Column(
                "phat-hanh",
                "Phát hành",
                lambda row: format_date(row.issued_at.date()) if row.issued_at else "",
                order=("issued_at",),
                width=14,
            ),
            _STATE,
            _SINCE,
        ),
        filters=SwitchFilters,
        usual_order="-phat-hanh",
        empty="Chưa có văn bản nào đã phát hành. Văn bản phát hành xong thì công khai được ở đây.",
    )
