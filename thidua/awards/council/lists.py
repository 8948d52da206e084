"""The list of meetings."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from thidua.awards.models import CouncilSession, SessionState
from thidua.core.formats import format_date
from thidua.core.text import fold
from thidua.tables.listing import Column, FilterForm, Shown, Table

MOST_TITLES = 2000
TONES = {
    SessionState.VOTING: "warning",
    SessionState.COUNTED: "good",
    SessionState.CONCLUDED: "good",
    SessionState.CANCELLED: "late",
}


class SessionFilters(FilterForm):
    tim = forms.CharField(label="Cuộc họp", max_length=200)
    tinh_trang = forms.ChoiceField(label="Trạng thái", choices=[("", "Tất cả"), *SessionState.choices])

    def narrow(self, rows: QuerySet[Any], asked: dict[str, Any]) -> QuerySet[Any]:
        words = fold(asked.get("tim", "")).split()
        if words:
            # a body holds some meetings a year: their titles are few, and are compared without accents
            titles = rows.order_by().values_list("pk", "title")[:MOST_TITLES]
            rows = rows.filter(pk__in=[pk for pk, said in titles if all(one in fold(said) for one in words)])
        return rows.filter(state=asked["tinh_trang"]) if "tinh_trang" in asked else rows


def session_table() -> Table[CouncilSession]:
    return Table(
        name="hop-hoi-dong",
        title="Họp hội đồng",
        columns=(
            Column(
                "ten",
                "Cuộc họp",
                lambda row: Shown(row.title, href=reverse("council:session", args=[row.pk])),
                lambda row: row.title,
                order=("title",),
                width=40,
            ),
            Column("hoi_dong", "Hội đồng", lambda row: row.council.name, order=("council__name",), width=40),
            Column(
                "ngay",
                "Ngày họp",
                lambda row: format_date(timezone.localtime(row.meets_at).date()),
                lambda row: timezone.localtime(row.meets_at).date(),
                order=("meets_at",),
                width=14,
            ),
            Column(
                "tt",
                "Trạng thái",
                lambda row: Shown(row.get_state_display(), tone=TONES.get(SessionState(row.state), "")),
                lambda row: row.get_state_display(),
                order=("state",),
                width=18,
            ),
        ),
        filters=SessionFilters,
        usual_order="-ngay",
        empty="Chưa có cuộc họp nào. Mở trang hội đồng rồi lập cuộc họp.",
    )
