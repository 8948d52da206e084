"""The ten criteria of bench/verdicts.py in zen-engine; runs in bench/.env, prints nothing.

    python bench/verdicts_zen.py ROWS.json ANSWER.json

Outcomes are 0 not met, 1 unknown, 2 met. One expression node holds all criteria, so that its way from node to
node is walked once for ten verdicts: the way that favours it most.
"""

from __future__ import annotations

import json
import sys
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import zen


def measured(test: str, *names: str) -> str:
    """1 when something is not known, else 2 or 0."""
    unknown = " or ".join(f"{name} == null" for name in names)
    return f"{unknown} ? 1 : ({test} ? 2 : 0)"


RATE, HOUSEHOLDS = "multidim_poverty_rate", "poor_and_near_poor_hh"
YEARS = ("2021", "2022", "2023", "2024")
FALLS = [
    measured(f"{RATE}_{one} - {RATE}_{other} >= 400", f"{RATE}_{one}", f"{RATE}_{other}")
    for one, other in pairwise(YEARS)
]


def shrunk(percent: int) -> str:
    old, new = f"{HOUSEHOLDS}_2021", f"{HOUSEHOLDS}_2024"
    return measured(f"100 * ({old} - {new}) > {percent} * {old}", old, new)


def single(test: str) -> str:
    return measured(test, test.split(" ", 1)[0])


EXPRESSIONS = {
    "c1": f"min([{', '.join(f'({fall})' for fall in FALLS)}])",
    "c2": shrunk(60),
    "c3": shrunk(50),
    "c4": single(f"{RATE}_2024 <= 3000"),
    "c5": f"min([({single('emulation_score_2023 >= 900')}), ({single('emulation_score_2024 >= 900')})])",
    "c6": single("tasks_on_time_share_2024 >= 9000"),
    "c7": f"max([({single('registered_supported_communes_2024 >= 1')}), "
    f"({single('registered_supported_villages_2024 >= 1')})])",
    "c8": f"min([({single('registered_for_emulation_2024 == 1')}), ({single('no_complaint_2024 == 1')})])",
    "c9": measured(
        "2 * rural_income_2024 >= 3 * rural_income_2020", "rural_income_2020", "rural_income_2024"
    ),
    "c10": single("ntm_criteria_met_2024 >= 15"),
}
MODEL = {
    "nodes": [
        {"id": "in", "name": "in", "type": "inputNode", "content": {}},
        {
            "id": "judge",
            "name": "judge",
            "type": "expressionNode",
            "content": {
                "expressions": [{"id": key, "key": key, "value": text} for key, text in EXPRESSIONS.items()]
            },
        },
        {"id": "out", "name": "out", "type": "outputNode", "content": {}},
    ],
    "edges": [
        {"id": "1", "sourceId": "in", "targetId": "judge", "type": "edge"},
        {"id": "2", "sourceId": "judge", "targetId": "out", "type": "edge"},
    ],
}


def main() -> None:
    source, target = map(Path, sys.argv[1:])
    rows = json.loads(source.read_text())
    decision = zen.ZenEngine().create_decision(json.dumps(MODEL))
    seconds: dict[str, list[float]] = {}
    outcomes: list[dict[str, Any]] = []
    for title, options in (("with trace", {"trace": True}), ("without trace", {})):
        started, worked = time.perf_counter(), time.process_time()
        found = [decision.evaluate(row, options) for row in rows]
        seconds[title] = [time.perf_counter() - started, time.process_time() - worked]
        answers = [{key: answer["result"][key] for key in EXPRESSIONS} for answer in found]
        assert not outcomes or answers == outcomes
        outcomes = answers
        assert all(("trace" in answer and bool(answer["trace"])) == bool(options) for answer in found)
    target.write_text(json.dumps({"seconds": seconds, "outcomes": outcomes}))


if __name__ == "__main__":
    main()
