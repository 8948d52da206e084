"""The list of targets: its columns, with the judgement of each beside what was asked for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.urls import reverse
from django.utils.text import Truncator

from thidua.movements.models import Target
from thidua.movements.progress.forms import TargetFilters
from thidua.movements.progress.judging import Judged
from thidua.movements.progress.pictures import small
from thidua.movements.progress.verdicts import URGENCY, Judgement, when_of
from thidua.tables.listing import Column, Shown, Table
from thidua.tables.workbooks import Cell


def by_verdict(judged: Sequence[Judged]) -> dict[str, list[int]]:
    """Keys of the targets under each verdict."""
    found: dict[str, list[int]] = defaultdict(list)
    for one in judged:
        found[one.judgement.verdict.value].append(one.target.pk)
    return found


def with_urgency(rows: QuerySet[Target], found: Mapping[str, list[int]]) -> QuerySet[Target]:
    """The targets with what the order of verdicts needs, the worst first."""
    cases = [
        When(pk__in=found[one.value], then=Value(place))
        for place, one in enumerate(URGENCY)
        if found.get(one.value)
    ]
    return rows.annotate(urgency=Case(*cases, default=Value(len(URGENCY)), output_field=IntegerField()))


def targets_table(judged: Mapping[int, Judged], owners: Mapping[int, str], *, query: str) -> Table[Target]:
    """The list as this request shows it; `query` keeps the day that was asked for in the addresses."""

    def judgement(row: Target) -> Judgement:
        return judged[row.pk].judgement

    def label(row: Target) -> Shown:
        address = reverse("progress:target", args=[row.pk]) + query
        return Shown(row.label, href=address, note=owners.get(row.plan.owner_id or 0, row.plan.owner_name))

    def reached(row: Target) -> Shown:
        found = judgement(row)
        latest = found.latest
        note = ""
        if latest is not None:
            note = f"{when_of(latest)}, {latest.stage}"
        return Shown(found.reached_words, note=note)

    def verdict(row: Target) -> Shown:
        found = judgement(row)
        since = judged[row.pk].since
        note = f"từ số liệu năm {since.year}" if since else found.lacks
        return Shown(found.label, tone=found.tone, note=note)

    return Table(
        name="chi-tieu",
        title="Chỉ tiêu",
        columns=(
            Column("chi-tieu", "Chỉ tiêu", label, value=lambda row: row.label, order=("label",), width=60),
            Column(
                "dia-ban",
                "Địa bàn",
                lambda row: judged[row.pk].unit_label or row.scope_text,
                order=("scope_text",),
                width=24,
            ),
            Column("dat-ra", "Mức đặt ra", lambda row: judged[row.pk].words, width=28),
            Column("dat-duoc", "Đạt được", reached, width=22),
            Column(
                "den-nam", "Đến năm", _year, value=lambda row: row.last_year, order=("last_year",), width=10
            ),
            Column(
                "dien-bien",
                "Diễn biến",
                lambda row: Shown(small(judged[row.pk])),
                value=_figure(judged),
                width=14,
            ),
            Column("ket-luan", "Kết luận", verdict, order=("urgency", "label"), width=22),
            Column(
                "ke-hoach",
                "Kế hoạch",
                _plan,
                value=lambda row: row.plan.number,
                order=("plan__number",),
                width=18,
            ),
        ),
        filters=TargetFilters,
        usual_order="ket-luan",
        empty=(
            "Chưa có chỉ tiêu nào. Chỉ tiêu xuất hiện ở đây khi một kế hoạch có chỉ tiêu "
            "được đưa vào thực hiện."
        ),
        tone=lambda row: "late" if judgement(row).tone == "late" else "",
    )


def _year(row: Target) -> str:
    return str(row.last_year or "")


def _plan(row: Target) -> Shown:
    return Shown(
        row.plan.number or Truncator(row.plan.title).chars(40), href=reverse("plans:plan", args=[row.plan_id])
    )


def _figure(judged: Mapping[int, Judged]) -> Callable[[Target], Cell]:
    def cell(row: Target) -> Cell:
        """In Excel the latest figure as a number, in the place of the small picture."""
        latest = judged[row.pk].judgement.latest
        return latest.amount.quantize(Decimal("0.01")) if latest is not None else None

    return cell
