"""Judging 100,000 communes by ten criteria: columns, single rows, zen-engine with trace.

    python bench/verdicts.py [--subjects 100000] [--passes 5] [--no-peers] [--no-store] [--json FILE]

Outcomes of ours and of zen-engine must be the same for every commune and criterion that both judge. Then the
verdicts are stored in a new database: SQLite in a temporary folder, or that of DATABASE_URL. The peer is
installed into bench/.env (see peers.txt). Prints tables; docs/benchmarks.md keeps the figures.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np

BENCH = Path(__file__).resolve().parent
sys.path.insert(0, str(BENCH.parent))

from thidua.core.clock import VIETNAM  # noqa: E402
from thidua.criteria.columns import Column, Table, evidence, facts_of_line  # noqa: E402
from thidua.criteria.explaining import explain  # noqa: E402
from thidua.criteria.reasons import reason_json, reasons  # noqa: E402
from thidua.criteria.rule_sets import RuleSet, read_rule_set  # noqa: E402
from thidua.criteria.vectorised import ColumnVerdicts, judge  # noqa: E402
from thidua.criteria.verdicts import evaluate  # noqa: E402

ON = date(2025, 11, 15)
#: How many of ours are explained one by one, and judged by the peer, for comparison.
SAMPLE = 3000
PEER_SAMPLE = 5000

RATE, HOUSEHOLDS, POINTS = "multidim_poverty_rate", "poor_and_near_poor_hh", "emulation_score"


def condition(indicator: str, op: str, value: Any, unit: str, **more: Any) -> dict[str, Any]:
    return {"indicator": indicator, "op": op, "value": value, "unit": unit, **more}


#: Those of S002 and others that plans have; whole numbers everywhere, so that both engines are exact.
CRITERIA: dict[str, dict[str, Any]] = {
    "c1": condition(
        "multidim_poverty_rate_decrease", "gte", 4, "pct_point", per="year", window={"consecutive_years": 3}
    ),
    "c2": condition("poor_and_near_poor_hh_count_decrease", "gt", 60, "pct_change", baseline="đầu kỳ"),
    "c3": condition("poor_and_near_poor_hh_count_decrease", "gt", 50, "pct_change", baseline="đầu kỳ"),
    "c4": condition(RATE, "lte", 30, "pct"),
    "c5": condition(POINTS, "gte", 90, "point", window={"consecutive_years": 2}),
    "c6": condition("tasks_on_time_share", "gte", 90, "pct"),
    "c7": {
        "any_of": [
            condition("registered_supported_communes", "gte", 1, "commune"),
            condition("registered_supported_villages", "gte", 1, "village"),
        ]
    },
    "c8": {
        "all_of": [
            condition("registered_for_emulation", "is", True, "bool"),
            condition("no_complaint", "is", True, "bool"),
        ]
    },
    "c9": condition("rural_income_ratio", "gte", 1.5, "ratio", baseline="năm 2020"),
    "c10": condition("ntm_criteria_met", "gte", 15, "criterion"),
}


def rule_set() -> RuleSet:
    return read_rule_set(
        {
            "code": "bench",
            "title": "Ten criteria",
            "setting": {"period": [2021, 2025], "baseline_year": 2021},
            "subjects": [
                {
                    "id": "S",
                    "subject_type": "commune",
                    "label": "Xã",
                    "criteria": [{"id": key, "text": key, "rule": rule} for key, rule in CRITERIA.items()],
                }
            ],
        }
    )


def invented(count: int) -> Table:
    """Communes that do not exist, 2 % of the figures unknown; rates and points with decimals."""
    dice = np.random.default_rng(1)

    def column(values: Any, *, scale: int = 1, is_flag: bool = False) -> Column:
        known = dice.random(count) >= 0.02
        return Column(
            np.where(known, values, 0).astype(np.int64), known, scale, is_flag,
            sources=("qd-1",), stages=("chinh_thuc",), standards=("ngheo-2022-2026",),
        )  # fmt: skip

    rate = dice.integers(2000, 6500, count)
    figures = {(RATE, "2021"): column(rate, scale=100)}
    for year in ("2022", "2023", "2024"):
        rate = np.maximum(rate - dice.integers(300, 900, count), 0)
        figures[RATE, year] = column(rate, scale=100)
    households = dice.integers(80, 900, count)
    figures |= {
        (HOUSEHOLDS, "2021"): column(households),
        (HOUSEHOLDS, "2024"): column(households * dice.integers(20, 80, count) // 100),
        (POINTS, "2023"): column(dice.integers(800, 1000, count), scale=10),
        (POINTS, "2024"): column(dice.integers(800, 1000, count), scale=10),
        ("tasks_on_time_share", "2024"): column(dice.integers(8000, 10001, count), scale=100),
        ("registered_supported_communes", "2024"): column(dice.integers(0, 2, count)),
        ("registered_supported_villages", "2024"): column(dice.integers(0, 2, count)),
        ("registered_for_emulation", "2024"): column(dice.random(count) < 0.9, is_flag=True),
        ("no_complaint", "2024"): column(dice.random(count) < 0.9, is_flag=True),
        ("rural_income", "2020"): column(dice.integers(20_000, 40_000, count)),
        ("rural_income", "2024"): column(dice.integers(28_000, 60_000, count)),
        ("ntm_criteria_met", "2024"): column(dice.integers(10, 20, count)),
    }
    return Table(tuple(f"unit:{number}" for number in range(count)), figures, {})


# --- measuring ------------------------------------------------------------------------------------


def main() -> None:
    options = arguments()
    rules, table = rule_set(), invented(options.subjects)
    rule, setting = rules.of("S").rule, rules.setting
    found: dict[str, Any] = {"subjects": options.subjects, "criteria": len(CRITERIA), "rates": {}}
    verdicts = options.subjects * len(CRITERIA)
    print(f"{options.subjects:,} subjects × {len(CRITERIA)} criteria, load {os.getloadavg()[0]:.1f}")
    print("| way | verdicts | seconds | CPU s | verdicts per CPU second |")
    print("|---|---:|---:|---:|---:|")

    def report(title: str, count: int, seconds: float, cpu: float) -> None:
        found["rates"][title] = {"verdicts": count, "seconds": seconds, "cpu_seconds": cpu}
        print(f"| {title} | {count:,} | {seconds:.2f} | {cpu:.2f} | {count / cpu:,.0f} |")

    judged, *times = middle(lambda: judge(rule, table, ON, setting=setting), options.passes)
    report("Thi Đua, columns: outcomes and margins of every period", verdicts, *times)
    _, *times = middle(lambda: with_evidence(rules, table), options.passes)
    report("Thi Đua, the same and each subject's facts as a line of JSON", verdicts, *times)
    rows = random.Random(1).sample(range(options.subjects), min(SAMPLE, options.subjects))
    _, *times = middle(lambda: singly(rules, table, rows), 1)
    report("Thi Đua, single rows: whole tree of reasons", len(rows) * len(CRITERIA), *times)
    same_as_single_rows(rules, judged, rows)
    if not options.no_peers:
        with_peer(judged, min(PEER_SAMPLE, options.subjects), report)
    if not options.no_store:
        found["store"] = stored(rules, table, judged, rows)
    if options.json:
        options.json.write_text(json.dumps(found, indent=1), encoding="utf-8")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--subjects", type=int, default=100_000)
    parser.add_argument("--passes", type=int, default=5)
    parser.add_argument("--no-peers", action="store_true", help="measure ours only; nothing is installed")
    parser.add_argument("--no-store", action="store_true")
    parser.add_argument("--json", type=Path)
    return parser.parse_args()


def middle(way: Callable[[], Any], passes: int) -> tuple[Any, float, float]:
    """What it gives, and the median of seconds by the clock and of the CPU."""
    seconds, cpu = [], []
    for _ in range(passes):
        started, worked = time.perf_counter(), time.process_time()
        result = way()
        seconds.append(time.perf_counter() - started)
        cpu.append(time.process_time() - worked)
    return result, statistics.median(seconds), statistics.median(cpu)


def with_evidence(rules: RuleSet, table: Table) -> tuple[ColumnVerdicts, list[str]]:
    return judge(rules.of("S").rule, table, ON, setting=rules.setting), evidence(table).lines


def singly(rules: RuleSet, table: Table, rows: list[int]) -> list[Any]:
    facts = [(table.facts(row), table.subjects[row]) for row in rows]
    return [
        evaluate(rules.of("S").rule, known, ON, subject=subject, setting=rules.setting)
        for known, subject in facts
    ]


def same_as_single_rows(rules: RuleSet, judged: ColumnVerdicts, rows: list[int]) -> None:
    """Every outcome and margin of a sample, and its explanation read from the line of evidence."""
    rule, kept = rules.of("S").rule, evidence(judged.table)
    words = 0
    for row in rows:
        subject = judged.table.subjects[row]
        facts = facts_of_line(kept.head, kept.lines[row], subject)
        single = evaluate(rule, facts, ON, subject=subject, setting=rules.setting)
        assert (single.outcome, single.is_near) == (judged.outcomes[row], judged.near[row])
        for reason in reasons(single.reason):
            part = judged.parts[reason.place]
            assert (reason.outcome, reason.is_near) == (part.outcomes[row], part.near[row])
            assert [step.margin for step in reason.steps] == [step.margin_of(row) for step in part.steps]
        assert reason_json(judged.explained(row).reason) == reason_json(single.reason)
        words += len(explain(single, rule, facts))
    print(f"\n{len(rows):,} explanations read from their evidence, {words:,} lines: the same in columns.\n")


# --- the peer -------------------------------------------------------------------------------------


def with_peer(judged: ColumnVerdicts, count: int, report: Callable[..., None]) -> None:
    """zen-engine on the first subjects, with trace and without; every outcome is compared."""
    from read_plans import peer_python

    names = {key: "_".join(key).replace("/", "_") for key in judged.table.figures}
    rows = [
        {
            names[key]: int(column.values[row]) if column.known[row] else None
            for key, column in judged.table.figures.items()
        }
        for row in range(count)
    ]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "rows.json").write_text(json.dumps(rows))
        environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
        done = subprocess.run(
            [peer_python(), BENCH / "verdicts_zen.py", folder / "rows.json", folder / "answer.json"],
            capture_output=True,
            text=True,
            check=False,
            env=environment,
        )
        if done.returncode:
            raise SystemExit(f"zen-engine did not run:\n{done.stderr[-2000:]}")
        answer = json.loads((folder / "answer.json").read_text())
    ours = [judged.parts[str(number)].outcomes[:count].tolist() for number in range(len(CRITERIA))]
    theirs = [[row[key] for row in answer["outcomes"]] for key in CRITERIA]
    assert ours == theirs, "the outcomes differ"
    for title, seconds in answer["seconds"].items():
        report(f"zen-engine, {title}", count * len(CRITERIA), *seconds)
    print(f"\n{count:,} subjects × {len(CRITERIA)} criteria: the same outcomes from both engines.\n")


# --- storing --------------------------------------------------------------------------------------


def stored(rules: RuleSet, table: Table, judged: ColumnVerdicts, rows: list[int]) -> dict[str, Any]:
    """Judged and stored in a migrated database; a sample is explained from what was stored."""
    folder = tempfile.TemporaryDirectory()
    os.environ.setdefault("DATABASE_URL", f"sqlite:///{Path(folder.name) / 'bench.sqlite3'}")
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from thidua.criteria.storing import explained, is_unchanged, judge_and_store

    call_command("migrate", verbosity=0)
    now = datetime(2025, 11, 15, 9, 0, tzinfo=VIETNAM)
    started, worked = time.perf_counter(), time.process_time()
    kept = judge_and_store(rules, table, subject_rules="S", on=ON, now=now)
    seconds, cpu = time.perf_counter() - started, time.process_time() - worked
    print("| database | verdicts | seconds, judged and stored | CPU s of our process |")
    print("|---|---:|---:|---:|")
    print(f"| {connection.vendor} | {len(table) * len(CRITERIA):,} | {seconds:.2f} | {cpu:.2f} |")
    by_subject = {
        row.subject: row
        for row in kept.verdicts.filter(
            subject__in=[table.subjects[row] for row in rows[:500]]
        ).select_related("verdict_set")
    }
    for row in rows[:500]:
        assert explained(by_subject[table.subjects[row]]) == judged.explained(row)
    assert is_unchanged(kept)
    assert kept.verdicts.count() == len(table)
    print(f"\n{len(by_subject)} explanations read from the database: the same.")
    connection.close()
    folder.cleanup()
    return {"vendor": connection.vendor, "seconds": seconds, "cpu_seconds": cpu}


if __name__ == "__main__":
    main()
