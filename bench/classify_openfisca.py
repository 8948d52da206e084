"""The peer of bench/classify.py: the same rule written for OpenFisca-core, run in an environment of its own.

    python bench/classify_openfisca.py ROWS.npz RULE.json PASSES ANSWER.npy

Whole numbers, -1 where nothing is known, since its variables have no null. Prints seconds, by the
clock and of CPU, as JSON: to fill a simulation, and to calculate the class.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

import numpy as np
from openfisca_core import entities, periods, simulations, taxbenefitsystems, variables

UNKNOWN, POOR, NEAR_POOR, AVERAGE, ABOVE, NOT_POOR = range(6)
PERIOD = "2023"


def system_of(rule: dict[str, Any]) -> taxbenefitsystems.TaxBenefitSystem:
    household = entities.build_entity(key="household", plural="households", label="", is_person=True)
    system = taxbenefitsystems.TaxBenefitSystem([household])
    names = ["area", "score_b1", "income_dong", *(f"d{number}" for number in range(1, 13))]

    def variable(name: str, **more: Any) -> type[Any]:
        fields = {
            "value_type": int,
            "default_value": -1,
            "entity": household,
            "definition_period": periods.DateUnit.YEAR,
            "label": name,
        }
        return type(name, (variables.Variable,), fields | more)

    def formula(households: Any, period: Any) -> Any:
        area = households("area", period)
        score, income = households("score_b1", period), households("income_dong", period)
        answers = [households(name, period) for name in names[3:]]
        least = sum((answer == 1).astype(np.int8) for answer in answers)
        most = least + sum((answer == -1).astype(np.int8) for answer in answers)
        lines = {key: np.where(area == 1, rule["urban"][key], rule["rural"][key]) for key in rule["rural"]}
        by_score = score >= 0
        is_known = (area >= 0) & (by_score | (income >= 0))
        below = np.where(by_score, score <= lines["score"], income <= lines["income"])
        poor_or_near = np.select(
            [least >= rule["poor_from"], most < rule["poor_from"]], [POOR, NEAR_POOR], UNKNOWN
        )
        beyond = np.select([income < 0, income <= lines["average"]], [NOT_POOR, AVERAGE], ABOVE)
        return np.where(is_known, np.where(below, poor_or_near, beyond), UNKNOWN)

    for name in names:
        system.add_variable(variable(name))
    system.add_variable(variable("poverty_class", formula=formula))
    return system


def main() -> None:
    rows = dict(np.load(sys.argv[1]))
    with open(sys.argv[2], encoding="utf-8") as file:
        system = system_of(json.load(file))
    seconds: dict[str, list[float]] = {"fill": [], "calculate": [], "fill cpu": [], "calculate cpu": []}
    count = len(rows["area"])
    for _ in range(int(sys.argv[3])):
        started, worked = time.perf_counter(), time.process_time()
        simulation = simulations.SimulationBuilder().build_default_simulation(system, count)
        for name, values in rows.items():
            simulation.set_input(name, PERIOD, values)
        filled, filling = time.perf_counter(), time.process_time()
        found = simulation.calculate("poverty_class", PERIOD)
        seconds["fill"].append(filled - started)
        seconds["calculate"].append(time.perf_counter() - filled)
        seconds["fill cpu"].append(filling - worked)
        seconds["calculate cpu"].append(time.process_time() - filling)
    np.save(sys.argv[4], found)
    print(json.dumps(seconds))


if __name__ == "__main__":
    main()
