"""A summary in words: figures with labels for the page, the print and Excel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from thidua.movements.models import (
    Plan,
    RegistrationKind,
    RegistrationSummary,
    SubjectType,
    SummaryState,
)
from thidua.movements.registrations import merging, summaries
from thidua.movements.rights import DOING
from thidua.organisations import tree
from thidua.organisations.authority import Acting
from thidua.organisations.models import UnitVersion
from thidua.tables.workbooks import Cell, Sheet, written

TONES = {
    SummaryState.DRAFT: "",
    SummaryState.SENT: "warning",
    SummaryState.RETURNED: "late",
    SummaryState.ACCEPTED: "good",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page of figures shows; every pair is a name with a number."""

    unit_label: str
    receiver_label: str
    tone: str
    total: int
    subjects: list[tuple[str, str, int]]
    places: list[tuple[str, int]]
    households: list[tuple[str, int]]
    household_total: int
    units: list[tuple[str, int]]
    gaps: list[summaries.Gap]
    #: How many more or fewer there are now than when it was merged.
    drift: int


def shown(summary: RegistrationSummary, *, on: date) -> Shown:
    figures = merging.from_text(summary.figures)
    owner = [summary.plan.owner_id] if summary.plan.owner_id is not None else []
    labels = tree.labels_on(
        {summary.unit_id, *owner, *_unit_ids(figures)},
        on=on,
    )
    now = summaries.registrations_of(summary.plan, summary.year, summary.unit_id, on=on).count()
    return Shown(
        unit_label=labels.get(summary.unit_id, ""),
        receiver_label=labels.get(summary.plan.owner_id or 0, summary.plan.owner_name),
        tone=TONES[SummaryState(summary.state)],
        total=figures.total,
        subjects=_subjects(figures),
        places=_places(figures, labels),
        households=_named(figures.households, labels),
        household_total=figures.household_total,
        units=_named(figures.units, labels),
        gaps=summaries.gaps(summary.plan, summary.year, summary.unit_id, on=on),
        drift=now - figures.total,
    )


def _unit_ids(figures: merging.Figures) -> set[int]:
    return {*figures.units, *figures.households, *(unit_id for unit_id, _ in figures.places)}


def _subjects(figures: merging.Figures) -> list[tuple[str, str, int]]:
    """In the order of the kinds, with a zero nowhere: what nobody registered is not a line."""
    return [
        (str(kind.label), str(subject.label), figures.subjects[kind.value, subject.value])
        for kind in RegistrationKind
        for subject in SubjectType
        if figures.subjects[kind.value, subject.value]
    ]


def _places(figures: merging.Figures, labels: dict[int, str]) -> list[tuple[str, int]]:
    return sorted(
        (f"{village}, {labels.get(unit_id, '')}" if village else labels.get(unit_id, ""), count)
        for (unit_id, village), count in figures.places.items()
    )


def _named(counts: dict[int, int], labels: dict[int, str]) -> list[tuple[str, int]]:
    return sorted((labels.get(unit_id, str(unit_id)), count) for unit_id, count in counts.items())


def total_of(summary: RegistrationSummary) -> int:
    return merging.from_text(summary.figures).total


def whole_of(plan: Plan, year: int, *, on: date) -> merging.Figures | None:
    """The figures of everything at or below the issuing body, as they are today."""
    if plan.owner_id is None:
        return None
    return summaries.figures_of(summaries.registrations_of(plan, year, plan.owner_id, on=on))


def places_run_by(plan: Plan, acting: Acting) -> list[UnitVersion]:
    """Places whose own plan under this one is run by a unit of this person."""
    mine = acting.unit_ids(DOING)
    owners = plan.carried_out_by.filter(standing_body__in=mine).values("owner")
    return list(
        UnitVersion.objects.filter(tree.valid_on(acting.on), unit__in=owners)
        .exclude(unit__in=mine)
        .select_related("unit")
        .order_by("label_order")
    )


def workbook(summary: RegistrationSummary, *, on: date) -> bytes:
    """One sheet for each table; no name of a person or household."""
    found = shown(summary, on=on)
    head: list[list[Cell]] = [
        ["Đơn vị tổng hợp", found.unit_label],
        ["Gửi", found.receiver_label],
        ["Kế hoạch", f"{summary.plan.number} {summary.plan.title}".strip()],
        ["Năm", summary.year],
        ["Trạng thái", summary.get_state_display()],
        ["Lúc tổng hợp", summary.built_at],
        ["Tổng số đăng ký", found.total],
    ]
    gaps: list[list[Cell]] = [
        [gap.label, gap.sent, gap.expected, "; ".join(gap.missing)] for gap in found.gaps
    ]
    return written(
        [
            Sheet("Tổng hợp", (("Mục", 24), ("Nội dung", 70)), head),
            Sheet("Theo loại", (("Loại", 34), ("Đối tượng", 34), ("Số lượng", 12)), found.subjects),
            Sheet("Nơi được giúp", (("Nơi", 50), ("Số cơ quan", 12)), found.places),
            Sheet("Hộ theo xã", (("Đơn vị", 50), ("Số hộ", 12)), found.households),
            Sheet("Theo đơn vị", (("Đơn vị", 50), ("Số đăng ký", 12)), found.units),
            Sheet(
                "Chưa gửi",
                (("Loại đơn vị", 20), ("Đã gửi", 10), ("Phải gửi", 10), ("Chưa gửi", 90)),
                gaps,
            ),
        ]
    )
