"""Classifying 1,000,000 households: the one expression on DuckDB against OpenFisca-core, on the same rows.

    python bench/classify.py [--households 1000000] [--passes 7] [--no-peers]

The core: numbers that lie in memory, with a number of their own for unknown, become one number a household.
So far both are alike; one side holds a table, the other a simulation that was filled. "From given columns"
begins a step before: with Arrow columns that may be null, and with arrays that fill a simulation.
Both must give the same class for every household. The peer is installed into bench/.env (see peers.txt).
Prints a table; docs/benchmarks.md keeps the figures.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

BENCH = Path(__file__).resolve().parent
sys.path.insert(0, str(BENCH.parent))

from thidua.households.classes import Area, PovertyClass  # noqa: E402
from thidua.households.classifying import (  # noqa: E402
    DEPRIVATION_COLUMNS,
    NUMBERS,
    classify,
    coded,
    numbered,
)
from thidua.households.standards import standard_of  # noqa: E402

YEAR = 2023
#: Classes in the order of the numbers that the peer answers with; 0 is not known.
PEER_CLASSES = (
    PovertyClass.POOR,
    PovertyClass.NEAR_POOR,
    PovertyClass.AVERAGE,
    PovertyClass.ABOVE,
    PovertyClass.NOT_POOR,
)
Columns = dict[str, "np.ndarray[Any, Any]"]


def main() -> None:
    options = arguments()
    rows = generate(options.households)
    ours, classes = measured(rows, passes=options.passes)
    print(f"{options.households:,} households, {options.passes} passes, load {os.getloadavg()[0]:.1f}")
    print("| way | median ms | best ms | CPU ms | × |")
    print("|---|---:|---:|---:|---:|")
    best = statistics.median(ours["core"])
    for title, name in (
        ("Thi Đua, vectorised core", "core"),
        ("Thi Đua, vectorised core, one thread", "single"),
        ("Thi Đua, from given columns, one thread", "given"),
        ("Thi Đua, a new table with all columns and words", "table"),
    ):
        report(title, ours[name], ours[f"{name} cpu"], best)
    if options.no_peers:
        return
    peer, answer = peer_measured(rows, passes=options.passes)
    differing = int((classes != np.array([0, *map(NUMBERS.get, PEER_CLASSES)])[answer]).sum())
    assert not differing, f"{differing} households differ"
    report("OpenFisca-core, calculate (one thread)", peer["calculate"], peer["calculate cpu"], best)
    report(
        "OpenFisca-core, from given columns: fill, calculate",
        [sum(pair) for pair in zip(peer["fill"], peer["calculate"], strict=True)],
        [sum(pair) for pair in zip(peer["fill cpu"], peer["calculate cpu"], strict=True)],
        best,
    )
    print("The same class for every household.")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--households", type=int, default=1_000_000)
    parser.add_argument("--passes", type=int, default=7)
    parser.add_argument("--no-peers", action="store_true", help="measure ours only; nothing is installed")
    return parser.parse_args()


def generate(count: int) -> Columns:
    """Invented households, whole numbers, -1 for unknown: half with a score, 2 % of answers unknown."""
    dice = np.random.default_rng(1)
    score = np.where(dice.random(count) < 0.5, dice.integers(50, 300, count), -1)
    income = np.where(dice.random(count) < 0.95, dice.integers(300_000, 6_000_000, count), -1)
    rows: Columns = {
        "area": (dice.random(count) < 0.3).astype(np.int8),
        "score_b1": score.astype(np.int16),
        "income_dong": income.astype(np.int32),
    }
    for column in DEPRIVATION_COLUMNS:
        answers = (dice.random(count) < 0.2).astype(np.int8)
        rows[column] = np.where(dice.random(count) < 0.02, np.int8(-1), answers)
    return rows


def measured(rows: Columns, *, passes: int) -> tuple[dict[str, list[float]], np.ndarray[Any, Any]]:
    import ibis
    import pyarrow as pa

    areas = np.array([area.value for area in (Area.RURAL, Area.URBAN)])
    table = pa.table(
        {
            name: pa.array(areas[values] if name == "area" else values, mask=values == -1)
            for name, values in rows.items()
        }
    )
    backend, standard = ibis.duckdb.connect(), standard_of(YEAR)
    given = backend.create_table("given", table)
    ready = backend.create_table("ready", coded(given))
    names = {"core": numbered(ready, standard).select("class_number")}
    names["given"] = numbered(coded(given), standard).select("class_number")
    names["table"] = classify(given, standard)
    query = {name: str(ibis.to_sql(one)) for name, one in names.items()}
    ways: dict[str, Any] = {
        "core": lambda: backend.con.execute(query["core"]).to_arrow_table(),
        "single": lambda: backend.con.execute(query["core"]).to_arrow_table(),
        "given": lambda: backend.con.execute(query["given"]).to_arrow_table(),
        "table": lambda: backend.con.execute(
            f"CREATE OR REPLACE TABLE judged AS {query['table']}"
        ).fetchall(),
    }
    seconds: dict[str, list[float]] = {}
    for name, ask in ways.items():
        backend.con.execute(f"SET threads = {1 if name in ('single', 'given') else os.cpu_count()}")
        ask()
        for _ in range(passes):
            started, worked = time.perf_counter(), time.process_time()
            found = ask()
            seconds.setdefault(name, []).append(time.perf_counter() - started)
            seconds.setdefault(f"{name} cpu", []).append(time.process_time() - worked)
        if name == "core":
            numbers = found["class_number"].fill_null(0).to_numpy()
    return seconds, numbers


def peer_python() -> Path:
    """The interpreter of bench/.env, with OpenFisca in it."""
    from read_plans import peer_python

    return peer_python()


def peer_measured(rows: Columns, *, passes: int) -> tuple[dict[str, list[float]], np.ndarray[Any, Any]]:
    standard = standard_of(YEAR)
    rule: dict[str, Any] = {"poor_from": standard.poor_from}
    for area, lines in standard.lines.items():
        rule[area.name.lower()] = {
            "score": lines.score,
            "income": lines.income,
            "average": lines.average,
        }
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        np.savez(folder / "rows.npz", **rows)  # type: ignore[arg-type]  # columns by their names
        (folder / "rule.json").write_text(json.dumps(rule))
        command = [peer_python(), BENCH / "classify_openfisca.py", folder / "rows.npz", folder / "rule.json"]
        environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
        done = subprocess.run(
            [*map(str, command), str(passes), str(folder / "answer.npy")],
            capture_output=True,
            text=True,
            check=False,
            env=environment,
        )
        if done.returncode:
            raise SystemExit(f"OpenFisca-core did not run:\n{done.stderr[-2000:]}")
        return json.loads(done.stdout), np.load(folder / "answer.npy")


def report(title: str, seconds: list[float], cpu: list[float] | None, best: float) -> None:
    median = statistics.median(seconds)
    worked = f"{statistics.median(cpu) * 1000:.0f}" if cpu else "–"
    print(f"| {title} | {median * 1000:.0f} | {min(seconds) * 1000:.0f} | {worked} | {median / best:.1f} |")


if __name__ == "__main__":
    main()
