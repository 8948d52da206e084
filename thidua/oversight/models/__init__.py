"""Difficulties, guidance, and the files that go with them."""

from thidua.oversight.models.difficulties import Difficulty, DifficultyState, Passage
from thidua.oversight.models.files import Proof
from thidua.oversight.models.guidance import Guidance

__all__ = [
    "Difficulty",
    "DifficultyState",
    "Guidance",
    "Passage",
    "Proof",
]
