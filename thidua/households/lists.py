"""The lists of this room as tables. Excel holds masked names unless somebody asked for them with a reason."""

from __future__ import annotations

from typing import Any

from django.db.models import CharField, Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse

from thidua.households import register
from thidua.households.balance import Change
from thidua.households.classes import PovertyClass
from thidua.households.forms import RegisterFilters, ResultFilters
from thidua.households.models import Assessment, Household, Review
from thidua.organisations import tree
from thidua.organisations.authority import Acting
from thidua.organisations.models import Unit, UnitKind, UnitVersion
from thidua.tables.listing import Column, FilterForm, Shown, Table

TONES = {
    PovertyClass.POOR.value: "late",
    PovertyClass.NEAR_POOR.value: "warning",
}
CLASSES = dict(PovertyClass.choices)


def shown_class(value: str | None) -> Shown | str:
    return Shown(str(CLASSES[value]), tone=TONES.get(value, "")) if value else ""


def name_column(*, is_masked: bool, address: str = "") -> Column[Any]:
    def show(row: Household) -> Shown:
        href = reverse(address, args=[row.commune.key, row.pk]) if address else ""
        return Shown(row.head_name, href=href)

    def value(row: Household) -> str:
        return register.masked(row.head_name) if is_masked else row.head_name

    return Column("chu_ho", "Chủ hộ", show, value, order=("head_name_order",), width=28)


def register_table(*, is_masked: bool = True) -> Table[Household]:
    return Table(
        name="so-ho",
        title="Sổ hộ",
        columns=(
            Column("ma", "Mã hộ", lambda row: row.code, order=("code",), width=14),
            name_column(is_masked=is_masked, address="households:household"),
            Column("thon", "Thôn, bản", lambda row: row.village_name, order=("village_name",), width=24),
            Column("dan_toc", "Dân tộc", lambda row: row.ethnicity, width=14),
            Column("khu_vuc", "Khu vực", lambda row: str(row.get_area_display()), width=12),
        ),
        filters=RegisterFilters,
        usual_order="ma",
        empty="Sổ chưa có hộ nào. Bấm «Thêm hộ» để ghi hộ đầu tiên.",
    )


def with_classes(rows: QuerySet[Household], review: Review) -> QuerySet[Any]:
    """Households with `now_class` of a review and `before_class` of the year before."""

    def of(reviews: QuerySet[Review]) -> Subquery:
        found = Assessment.objects.filter(household=OuterRef("pk"), review__in=reviews)
        return Subquery(found.values("national_class")[:1], output_field=CharField())

    return rows.select_related("commune").annotate(
        now_class=of(Review.objects.filter(pk=review.pk)),
        before_class=of(Review.objects.in_force().filter(year=review.year - 1)),
    )


def result_table(review: Review, changes: dict[int, Change], *, is_masked: bool = True) -> Table[Any]:
    def survey(row: Any) -> Shown:
        address = reverse("households:survey", args=[review.commune.key, review.year, row.pk])
        return Shown(row.head_name, href=address)

    by_change: dict[Change, list[int]] = {}
    for pk, change in changes.items():
        by_change.setdefault(change, []).append(pk)

    class Filters(ResultFilters):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, changes=by_change, **kwargs)

    return Table(
        name=f"ket-qua-{review.year}",
        title=f"Kết quả rà soát năm {review.year}",
        columns=(
            Column("ma", "Mã hộ", lambda row: row.code, order=("code",), width=14),
            Column(
                "chu_ho",
                "Chủ hộ",
                survey,
                lambda row: register.masked(row.head_name) if is_masked else row.head_name,
                order=("head_name_order",),
                width=28,
            ),
            Column("thon", "Thôn, bản", lambda row: row.village_name, order=("village_name",), width=24),
            Column("truoc", f"Năm {review.year - 1}", lambda row: shown_class(row.before_class), width=18),
            Column("nay", f"Năm {review.year}", lambda row: shown_class(row.now_class), width=18),
            Column("thay_doi", "Thay đổi", lambda row: _change(changes.get(row.pk)), width=24),
        ),
        filters=Filters,
        usual_order="ma",
        empty="Sổ chưa có hộ nào để rà soát.",
    )


def _change(change: Change | None) -> str:
    return change.label if change and change is not Change.NONE else ""


def communes_below(acting: Acting, *, year: int) -> QuerySet[Any]:
    """Communes at or below the own units with counts of a year; no name of a household."""
    ids = tree.ids_at_or_below(sorted(acting.unit_ids()), on=acting.on)
    review = Review.objects.in_force().filter(commune=OuterRef("unit_id"), year=year)

    def counted(condition: Q) -> Subquery:
        rows = Assessment.objects.filter(
            condition,
            review__commune=OuterRef("unit_id"),
            review__in=Review.objects.in_force().filter(year=year),
        ).order_by()
        return Subquery(
            rows.values("review").annotate(number=Count("pk")).values("number"), output_field=IntegerField()
        )

    return (
        UnitVersion.objects.filter(tree.valid_on(acting.on), unit__kind=UnitKind.COMMUNE, unit_id__in=ids)
        .select_related("unit")
        .annotate(
            stage=Subquery(review.values("stage")[:1]),
            total=Subquery(review.values("households_total")[:1]),
            surveyed=counted(Q()),
            poor=counted(Q(national_class=PovertyClass.POOR)),
            near_poor=counted(Q(national_class=PovertyClass.NEAR_POOR)),
        )
    )


class CommuneFilters(FilterForm):
    pass


def commune_table(year: int) -> Table[Any]:
    from thidua.indicators.models import Stage

    stages = dict(Stage.choices)

    def number(name: str) -> Any:
        return lambda row: "" if getattr(row, name) is None else str(getattr(row, name))

    def value(name: str) -> Any:
        return lambda row: getattr(row, name)

    def commune(row: Any) -> Shown:
        return Shown(row.label, href=reverse("households:commune", args=[row.unit.key]))

    return Table(
        name=f"ho-theo-xa-{year}",
        title=f"Kết quả rà soát năm {year} theo xã",
        columns=(
            Column("xa", "Xã", commune, order=("label_order",), width=34),
            Column("muc", "Mức độ", lambda row: str(stages.get(row.stage, "Chưa rà soát")), width=16),
            *(
                Column(name, title, number(name), value(name), order=(name,), is_number=True, width=14)
                for name, title in (
                    ("total", "Tổng số hộ"),
                    ("surveyed", "Đã điều tra"),
                    ("poor", "Hộ nghèo"),
                    ("near_poor", "Hộ cận nghèo"),
                )
            ),
        ),
        filters=CommuneFilters,
        usual_order="xa",
        empty="Vào ngày này địa bàn của bạn không có xã nào. Đơn vị đã sáp nhập thì xem ở đơn vị tiếp nhận.",
    )


def count_facts(commune: Unit, *, acting: Acting) -> list[tuple[int, str, int, int, int]]:
    """Of each review of a commune: year, stage, surveyed, poor, near-poor. What levels above see."""
    rows: QuerySet[Any] = (
        Review.objects.in_force()
        .filter(commune__in=register.communes_of(commune, on=acting.on))
        .annotate(
            surveyed=Count("assessments"),
            poor=Count("assessments", filter=Q(assessments__national_class=PovertyClass.POOR)),
            near_poor=Count("assessments", filter=Q(assessments__national_class=PovertyClass.NEAR_POOR)),
        )
        .order_by("-year")
    )
    return [(row.year, row.get_stage_display(), row.surveyed, row.poor, row.near_poor) for row in rows]
