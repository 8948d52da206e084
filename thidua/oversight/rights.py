"""Who may do what to difficulties, guidance and inspections. `docs/reference/rights.md` is drawn from it."""

from __future__ import annotations

from django.urls import reverse

from thidua.documents.papers import owners
from thidua.movements.rights import DECIDING, DOING, issuing_units
from thidua.organisations.authority import Reach, Right, register
from thidua.organisations.models import Role
from thidua.oversight.models import (
    Difficulty,
    Guidance,
    Inspection,
    InspectionState,
    Participant,
    Remedy,
    Training,
    Visit,
)

Units = tuple[int | None, ...]


def raising_unit(difficulty: Difficulty) -> Units:
    return (difficulty.unit_id,)


def answering_units(difficulty: Difficulty) -> Units:
    """The body that has it; while that is one of the two bodies of the plan, both of them."""
    plan = difficulty.plan
    bodies = issuing_units(plan) if plan is not None else ()
    return (difficulty.receiver_id, *(bodies if difficulty.receiver_id in bodies else ()))


def concerned_units(difficulty: Difficulty) -> Units:
    """Who raised it, who has it or had it, who runs the plan."""
    plan = difficulty.plan
    passed = difficulty.passages.values_list("receiver_id", flat=True)
    return (
        difficulty.unit_id,
        difficulty.receiver_id,
        *passed,
        *(issuing_units(plan) if plan is not None else ()),
    )


def guiding_unit(guidance: Guidance) -> Units:
    return (guidance.unit_id,)


def running_units(on_object: Inspection | Visit | Remedy) -> Units:
    """The body that inspects; while that is one of the two bodies of the plan, both of them."""
    inspection = inspection_of(on_object)
    bodies = issuing_units(inspection.plan)
    return (inspection.unit_id, *(bodies if inspection.unit_id in bodies else ()))


def inspection_of(on_object: Inspection | Visit | Remedy) -> Inspection:
    if isinstance(on_object, Remedy):
        return on_object.visit.inspection
    return on_object.inspection if isinstance(on_object, Visit) else on_object


def team_units(on_object: Inspection | Visit | Remedy) -> Units:
    """Who inspects, and the offices that send somebody into the team."""
    inspection = inspection_of(on_object)
    return (*running_units(inspection), *inspection.team.values_list("unit_id", flat=True))


def knowing_units(inspection: Inspection) -> Units:
    """From the announcement on also the units that are looked at."""
    looked_at: Units = ()
    if inspection.state not in (InspectionState.PLANNED, InspectionState.CANCELLED):
        looked_at = tuple(inspection.visits.values_list("unit_id", flat=True))
    return (*team_units(inspection), *looked_at)


def visited_unit(remedy: Remedy) -> Units:
    return (remedy.visit.unit_id,)


def visit_readers(on_object: Visit | Remedy) -> Units:
    """The team, and the unit itself once it was told: nobody else reads what was found there."""
    visit = on_object.visit if isinstance(on_object, Remedy) else on_object
    was_told = visit.inspection.state != InspectionState.PLANNED
    return (*team_units(visit), *((visit.unit_id,) if was_told else ()))


def organising_unit(training: Training) -> Units:
    return (training.unit_id,)


def sending_units(participant: Participant) -> Units:
    """The unit that sends somebody, or the one that holds the class."""
    return (participant.unit_id, participant.training.unit_id)


def training_readers(training: Training) -> Units:
    return (training.unit_id, *training.units.values_list("pk", flat=True))


for right in (
    Right("training.run", "lập, điểm danh, hủy lớp tập huấn", DECIDING, organising_unit),
    Right("training.register", "đăng ký người dự tập huấn", DOING, sending_units),
    Right("training.read", "xem lớp tập huấn", frozenset(Role), training_readers, reach=Reach.ABOVE),
    Right("inspection.run", "lập, thông báo, kết luận cuộc kiểm tra", DECIDING, running_units),
    Right("inspection.record", "ghi kết quả kiểm tra", DOING, team_units),
    Right("inspection.read", "xem cuộc kiểm tra", frozenset(Role), knowing_units, reach=Reach.ABOVE),
    Right("visit.read", "xem kết quả kiểm tra đơn vị", frozenset(Role), visit_readers, reach=Reach.ABOVE),
    Right("remedy.report", "báo cáo khắc phục", DOING, visited_unit),
    Right("difficulty.raise", "nêu, rút hay nêu lại vướng mắc", DOING, raising_unit),
    Right("difficulty.answer", "tiếp nhận, chuyển hay trả lời vướng mắc", DECIDING, answering_units),
    Right("difficulty.read", "xem vướng mắc", frozenset(Role), concerned_units, reach=Reach.ABOVE),
    Right("guidance.write", "ban hành hướng dẫn", DECIDING, guiding_unit),
):
    register(right)


def _units_of(found: Units) -> list[int]:
    return [unit_id for unit_id in found if unit_id is not None]


def _inspection(pk: str) -> Inspection | None:
    return Inspection.objects.filter(pk=pk).select_related("plan").first()


def _visit(pk: str) -> Visit | None:
    return Visit.objects.filter(pk=pk).select_related("inspection__plan").first()


def _readers_of_inspection(pk: str) -> list[int]:
    found = _inspection(pk)
    return _units_of(knowing_units(found)) if found else []


def _drafters_of_inspection(pk: str) -> list[int]:
    found = _inspection(pk)
    return _units_of(running_units(found)) if found else []


def _readers_of_visit(pk: str) -> list[int]:
    found = _visit(pk)
    return _units_of(visit_readers(found)) if found else []


def _drafters_of_visit(pk: str) -> list[int]:
    found = _visit(pk)
    return _units_of(team_units(found)) if found else []


owners.register(
    owners.Owner(
        "oversight.inspection",
        "Cuộc kiểm tra",
        reading_units=_readers_of_inspection,
        drafting_units=_drafters_of_inspection,
        address=lambda pk: reverse("inspections:inspection", args=[int(pk)]),
    )
)
owners.register(
    owners.Owner(
        "oversight.visit",
        "Buổi kiểm tra tại đơn vị",
        reading_units=_readers_of_visit,
        drafting_units=_drafters_of_visit,
        address=lambda pk: reverse("inspections:visit", args=[int(pk)]),
    )
)
