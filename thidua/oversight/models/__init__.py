"""Difficulties, guidance, inspections, and the files that go with them."""

from thidua.oversight.models.difficulties import Difficulty, DifficultyState, Passage
from thidua.oversight.models.files import Proof
from thidua.oversight.models.guidance import Guidance
from thidua.oversight.models.inspections import (
    ChecklistItem,
    ChecklistKind,
    Finding,
    Found,
    Inspection,
    InspectionState,
    Recheck,
    Remedy,
    RemedyState,
    SelectionHow,
    TeamMember,
    Visit,
    VisitState,
)
from thidua.oversight.models.trainings import Participant, Training, TrainingState

__all__ = [
    "ChecklistItem",
    "ChecklistKind",
    "Difficulty",
    "DifficultyState",
    "Finding",
    "Found",
    "Guidance",
    "Inspection",
    "InspectionState",
    "Participant",
    "Passage",
    "Proof",
    "Recheck",
    "Remedy",
    "RemedyState",
    "SelectionHow",
    "TeamMember",
    "Training",
    "TrainingState",
    "Visit",
    "VisitState",
]
