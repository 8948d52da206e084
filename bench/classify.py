"""Classifying 1,000,000 households: the one expression on DuckDB against OpenFisca-core, on the same rows.

    python bench/classify.py [--households 1000000] [--passes 7] [--no-peers]

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
from thidua.households.classifying import DEPRIVATION_COLUMNS, classify  # noqa: E402
from thidua.households.standards import standard_of  # noqa: E402

YEAR = 2023
#: Numbers that the peer answers with; 0 is not known.
CODES = {
    PovertyClass.POOR.value: 1,
    PovertyClass.NEAR_POOR.value: 2,
    PovertyClass.AVERAGE.value: 3,
    PovertyClass.ABOVE.value: 4,
    PovertyClass.NOT_POOR.value: 5,
}
Columns = dict[str, "np.ndarray[Any, Any]"]


def main() -> None:
    options = arguments()
    rows = generate(options.households)
    ours, codes = measured(rows, passes=options.passes)
    print(f"{options.households:,} households, {options.passes} passes, load {os.getloadavg()[0]:.1f}")
    print("| way | median ms | best ms | CPU ms | × |")
    print("|---|---:|---:|---:|---:|")
    best = statistics.median(ours["core"])
    for title, name in (
        ("Thi Đua, class only (vectorised core)", "core"),
        ("Thi Đua, core, one thread", "single"),
        ("Thi Đua, a new table with all columns", "table"),
    ):
        report(title, ours[name], ours[f"{name} cpu"], best)
    if options.no_peers:
        return
    peer, answer = peer_measured(rows, passes=options.passes)
    assert np.array_equal(codes, answer), f"{int((codes != answer).sum())} households differ"
    report("OpenFisca-core, calculate", peer["calculate"], None, best)
    report("OpenFisca-core, fill and calculate", list(map(sum, zip(*peer.values(), strict=True))), None, best)
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
    backend = ibis.duckdb.connect()
    judged = classify(backend.create_table("households", table), standard_of(YEAR))
    core, whole = (str(ibis.to_sql(one)) for one in (judged.select("national_class"), judged))
    ways: dict[str, Any] = {
        "core": lambda: backend.con.execute(core).to_arrow_table(),
        "single": lambda: backend.con.execute(core).to_arrow_table(),
        "table": lambda: backend.con.execute(f"CREATE OR REPLACE TABLE judged AS {whole}").fetchall(),
    }
    seconds: dict[str, list[float]] = {}
    for name, ask in ways.items():
        backend.con.execute(f"SET threads = {1 if name == 'single' else os.cpu_count()}")
        ask()
        for _ in range(passes):
            started, worked = time.perf_counter(), time.process_time()
            found = ask()
            seconds.setdefault(name, []).append(time.perf_counter() - started)
            seconds.setdefault(f"{name} cpu", []).append(time.process_time() - worked)
        if name == "core":
            answers = found["national_class"].to_pylist()
    codes = np.array([CODES.get(answer, 0) for answer in answers], dtype=np.int8)
    return seconds, codes


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
