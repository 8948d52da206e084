"""The five plans are read as well as `data/golden/floors.yaml` asks: a figure that falls fails here."""

from __future__ import annotations

import pytest

from thidua.documents.reading import score_folder
from thidua.documents.reading.score import GROUPS


def test_five_plans_reach_their_floors(capsys: pytest.CaptureFixture[str]) -> None:
    code = score_folder.main(["--verbose"])
    printed = capsys.readouterr()
    assert code == 0, f"{printed.err}\n{printed.out}"
    assert printed.out.count(".txt: ") == 5


def test_every_group_of_the_score_has_a_floor() -> None:
    floors = score_folder.load_record(score_folder.DATA / "golden" / "floors.yaml")
    assert set(floors) == set(GROUPS) - {"task_details"}
    assert all(0 < floor <= 1 for floor in floors.values())
