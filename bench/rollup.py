"""Totals of 101,000 units: in memory and kept in the database, against a recursive query and pandas.

    python bench/rollup.py [--units 101000] [--columns 50] [--corrections 200] [--json FILE]
    python tests/postgres.py python bench/rollup.py --memory-passes 0

All ways must give the same sums. Makes a database of its own in a temporary folder (SQLite), or uses an empty
one of DATABASE_URL. Prints tables.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

if TYPE_CHECKING:
    from thidua.indicators.rebasing import Carrier
    from thidua.indicators.rollup import Bools, FlatTree, Ints

NOW = datetime(2023, 11, 5, tzinfo=UTC)
SIZES = (1, 63, 700, 10_500)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units", type=int, default=101_000)
    parser.add_argument("--columns", type=int, default=50, help="indicators × years")
    parser.add_argument("--memory-passes", type=int, default=5)
    parser.add_argument("--kept-columns", type=int, default=10, help="columns kept in the database")
    parser.add_argument("--corrections", type=int, default=200)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    folder = tempfile.TemporaryDirectory()
    os.environ.setdefault("DATABASE_URL", f"sqlite:///{Path(folder.name) / 'bench.sqlite3'}")
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    import django

    django.setup()
    figures: dict[str, Any] = {"units": options.units, "columns": options.columns}
    if options.memory_passes:
        figures["memory"] = in_memory(options)
    if options.corrections:
        figures["kept"] = kept(options)
    folder.cleanup()
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1), encoding="utf-8")


# ---- in memory


def in_memory(options: argparse.Namespace) -> dict[str, Any]:
    from thidua.indicators.rollup import below, rolled_up, what_counts

    tree, units = grown(options.units, SIZES)
    dice = np.random.default_rng(1)
    leaves: Bools = tree.rgt == tree.lft + 1
    amounts: Ints = dice.integers(0, 5000, (options.columns, len(tree)))
    reported: Bools = (dice.random(amounts.shape) < 0.9) & leaves
    amounts *= reported
    must: Bools = tree.depth == 3
    carrier = merged(tree, units)
    expected = carrier.expected(must)

    def ours() -> Ints:
        return rolled_up(tree, amounts, reported, expected=must).amount

    def across() -> list[int]:
        totals = []
        for column, mask in zip(amounts, reported, strict=True):
            counted, has_any = what_counts(tree, mask)
            sums = carrier.carried(counted, must & has_any, column, expected=expected)
            totals.append(int(sums.amount[0]))
        return totals

    ways: dict[str, Callable[[], Any]] = {
        "Thi Đua, sums and coverage": ours,
        "Thi Đua, sums only": lambda: [below(tree, column) for column in amounts],
        "the same across a merge of 3 to 1": across,
        "pandas, level by level, sums only": lambda: by_pandas(tree, amounts),
    }
    print(f"{len(tree):,} units × {options.columns} columns; median of {options.memory_passes} passes")
    print("| way | seconds | CPU s | × |")
    print("|---|---:|---:|---:|")
    wanted = ours()
    assert (by_pandas(tree, amounts) == wanted).all()
    assert across() == [int(column[0]) for column in wanted]
    rows: dict[str, tuple[float, float]] = {}
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
    for _ in range(options.memory_passes):
        for name, way in ways.items():
            times[name].append(timed(way))
    for name, found in times.items():
        rows[name] = middle(found)
    rows["recursive query, SQLite in memory, sums only"] = by_query(tree, amounts, wanted)
    first = next(iter(rows.values()))[1]
    for name, (seconds, cpu) in rows.items():
        print(f"| {name} | {seconds:.3f} | {cpu:.3f} | {cpu / first:.1f} |")
    return {name: {"seconds": pair[0], "cpu_seconds": pair[1]} for name, pair in rows.items()}


def timed(way: Callable[[], Any]) -> tuple[float, float]:
    started, worked = time.perf_counter(), time.process_time()
    way()
    return time.perf_counter() - started, time.process_time() - worked


def middle(found: list[tuple[float, float]]) -> tuple[float, float]:
    return statistics.median(pair[0] for pair in found), statistics.median(pair[1] for pair in found)


def grown(wanted: int, sizes: tuple[int, ...]) -> tuple[FlatTree, list[int]]:
    """A nation, provinces, districts, communes, villages in pre-order; and the number of each unit."""
    from thidua.indicators.rollup import FlatTree
    from thidua.organisations.tree import walk

    rows: list[tuple[int, int, int | None, str]] = []
    above: list[int] = []
    for size in (*sizes, max(0, wanted - sum(sizes))):
        here = list(range(len(rows), len(rows) + size))
        rows += [
            (unit, 0, above[place % len(above)] if above else None, "") for place, unit in enumerate(here)
        ]
        above = here
    nodes = walk(rows)
    return FlatTree.of([node[3] for node in nodes], [node[4] for node in nodes]), [node[0] for node in nodes]


def merged(tree: FlatTree, units: list[int]) -> Carrier:
    """Districts end, three communes become one, villages stay: who takes over is the first of the three.

    One commune in twenty goes to two in parts without shares.
    """
    from thidua.indicators.rebasing import Carrier, History, Step
    from thidua.indicators.rollup import FlatTree
    from thidua.organisations.tree import walk

    day = date(2025, 7, 1)
    node_of = {unit: node for node, unit in enumerate(units)}
    communes = [unit for node, unit in enumerate(units) if tree.depth[node] == 3]
    heirs = {unit: communes[place - place % 3] for place, unit in enumerate(communes)}
    steps = {unit: [Step(heir, day, True)] for unit, heir in heirs.items() if heir != unit}
    for place in range(1, len(communes) - 3, 60):
        steps[communes[place]] = [
            Step(communes[place - 1], day, False), Step(communes[place + 2], day, False)
        ]  # fmt: skip
    rows: list[tuple[int, int, int | None, str]] = []
    for node, unit in enumerate(units):
        depth, above = int(tree.depth[node]), int(tree.parent[node])
        if depth == 2 or unit in steps:
            continue
        parent = None if above < 0 else units[above]
        if depth == 3:
            parent = units[int(tree.parent[above])]
        if depth == 4 and parent is not None:
            parent = steps[parent][0].successor if parent in steps else parent
        rows.append((unit, 0, parent, ""))
    nodes = walk(rows)
    shape = FlatTree.of([node[3] for node in nodes], [node[4] for node in nodes])
    gone = {unit for unit in units if unit in steps} | {
        unit for unit, node in node_of.items() if tree.depth[node] == 2
    }
    above_of = {unit: units[int(tree.parent[node_of[unit]])] for unit in gone}
    return Carrier.between(
        units,
        after=date(2025, 6, 30),
        history=History(steps, dict.fromkeys(gone, day), above_of),
        node_of={node[0]: place for place, node in enumerate(nodes)},
        shape=shape,
    )


def by_pandas(tree: FlatTree, amounts: Ints) -> Ints:
    import pandas as pd  # type: ignore[import-untyped]  # comes with Ibis, without stubs

    sums = pd.DataFrame(amounts.T.copy())
    parents = pd.Series(tree.parent)
    for level in range(int(tree.depth.max()), 0, -1):
        here = np.flatnonzero(tree.depth == level)
        risen = sums.iloc[here].groupby(parents.iloc[here].to_numpy()).sum()
        sums.iloc[risen.index] += risen.to_numpy()
    result: Ints = sums.to_numpy().T
    return result


def by_query(tree: FlatTree, amounts: Ints, wanted: Ints) -> tuple[float, float]:
    """One pass: it takes long."""
    base = sqlite3.connect(":memory:")
    names = [f"c{number}" for number in range(len(amounts))]
    base.execute("CREATE TABLE unit (node INTEGER PRIMARY KEY, parent INTEGER)")
    base.execute(f"CREATE TABLE amount (node INTEGER PRIMARY KEY, {', '.join(names)})")
    base.executemany("INSERT INTO unit VALUES (?, ?)", enumerate(tree.parent.tolist()))
    marks = ", ".join("?" * (len(names) + 1))
    base.executemany(
        f"INSERT INTO amount VALUES ({marks})",
        ((node, *column) for node, column in enumerate(amounts.T.tolist())),
    )
    query = (
        "WITH RECURSIVE up(origin, node) AS (SELECT node, node FROM unit UNION ALL "
        "SELECT up.origin, unit.parent FROM up JOIN unit ON unit.node = up.node WHERE unit.parent >= 0) "
        f"SELECT up.node, {', '.join(f'SUM({name})' for name in names)} "
        "FROM up JOIN amount ON amount.node = up.origin GROUP BY up.node"
    )
    rows: list[tuple[int, ...]] = []
    pair = timed(lambda: rows.extend(base.execute(query)))
    base.close()
    assert (wanted == np.array(rows, dtype=np.int64)[:, 1:].T).all()
    return pair


# ---- kept in the database


def kept(options: argparse.Namespace) -> dict[str, Any]:
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    return in_database(options)


def in_database(options: argparse.Namespace) -> dict[str, Any]:
    from django.db import connection, transaction
    from unit_tree import generate

    from thidua.indicators import period_trees, total_keeping, totals
    from thidua.indicators.models import Indicator, Stage, Total, Value

    ids = generate(options.units)
    communes = [pk for level, pk in ids if level == 3]
    dice = random.Random(1)
    since, until = date(2022, 1, 1), date(2023, 1, 1)
    indicators = [
        Indicator.objects.create(
            code=f"i{number}", name=f"Chỉ tiêu {number}", kind="count", system="bao_cao", measure="hộ",
            aggregation="sum",
        )
        for number in range(options.kept_columns)
    ]  # fmt: skip
    for indicator in indicators:
        Value.objects.bulk_create(
            [
                Value(
                    indicator=indicator, unit_id=pk, since=since, until=until, stage=Stage.OFFICIAL,
                    amount=dice.randrange(5000),
                )
                for pk in communes
            ],
            batch_size=5000,
        )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    figures: dict[str, Any] = {"vendor": connection.vendor}
    done: list[total_keeping.Rebuilt] = []
    today, period = NOW.astimezone().date(), period_trees.Period(since, until)
    trees, trees_cpu = timed(lambda: period_trees.frames_of([period], today=today)[period].then)
    seconds, cpu = timed(lambda: done.append(total_keeping.rebuild(now=NOW)))
    again, again_cpu = timed(lambda: done.append(total_keeping.rebuild(now=NOW)))
    assert done[1].differing == 0
    count = len(communes) * len(indicators)
    print(
        f"\n{connection.vendor}: {len(ids):,} units, {count:,} figures of communes, {done[0].rows:,} totals"
    )
    print(f"trees of the period made ready in {trees:.1f} s ({trees_cpu:.1f} s of CPU), once for each day")
    print(f"added up and stored in {seconds:.2f} s ({cpu:.2f} s of CPU here), ", end="")
    print(f"proved equal in {again:.2f} s ({again_cpu:.2f} s of CPU here)")
    figures |= {
        "figures": count,
        "totals": done[0].rows,
        "stored": [seconds, cpu],
        "proved": [again, again_cpu],
    }

    values = list(Value.objects.filter(indicator=indicators[0], unit_id__in=dice.sample(communes, 50)))

    def correct(value: Value) -> None:
        with transaction.atomic():
            Value.objects.filter(pk=value.pk).update(amount=Decimal(dice.randrange(5000)))
            total_keeping.changed([value], now=NOW)

    correct(values[0])
    rows = {"one correction, both trees, committed": spread(
        lambda: correct(dice.choice(values)), options.corrections
    )}  # fmt: skip
    assert total_keeping.rebuild(now=NOW).differing == 0
    units = list(Total.objects.values_list("unit_id", flat=True)[:2000])
    rows["total of a unit"] = spread(
        lambda: totals.total(indicators[0], dice.choice(units), year=2022), options.corrections * 5
    )
    print("| milliseconds | median | p95 | p99 | CPU median | CPU p95 | CPU p99 |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    for name, found in rows.items():
        print(f"| {name} | {' | '.join(f'{one:.2f}' for one in found)} |")
    return figures | {"milliseconds": rows}


def spread(act: Callable[[], Any], times: int) -> list[float]:
    """Median, 95th and 99th percentile in milliseconds, by the clock and in CPU of this process."""
    pairs = [timed(act) for _ in range(times)]
    answer: list[float] = []
    for found in zip(*pairs, strict=True):
        ordered = sorted(one * 1000 for one in found)
        answer += [statistics.median(ordered), ordered[int(times * 0.95)], ordered[int(times * 0.99)]]
    return answer


if __name__ == "__main__":
    main()
