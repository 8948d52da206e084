"""Questions to a tree of 111,000 generated units: the derived snapshot against a recursive query.

    python bench/unit_tree.py [--units 111000] [--questions 40]

Both must give the same answers. Makes a database of its own in a temporary folder (SQLite), or uses an
empty one of DATABASE_URL. Prints a table.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

DAY = date(2023, 11, 5)
RECURSIVE = """
WITH RECURSIVE below(unit_id) AS (
    SELECT %s
    UNION ALL
    SELECT version.unit_id FROM organisations_unitversion AS version
    JOIN below ON version.parent_id = below.unit_id
    WHERE version.since <= %s AND version.until > %s AND version.annulled_by_id IS NULL
) SELECT unit_id FROM below
"""


def main() -> None:
    options = arguments()
    folder = tempfile.TemporaryDirectory()
    os.environ.setdefault("DATABASE_URL", f"sqlite:///{Path(folder.name) / 'bench.sqlite3'}")
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    run(options)
    folder.cleanup()


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units", type=int, default=111_000)
    parser.add_argument("--questions", type=int, default=40)
    return parser.parse_args()


def run(options: argparse.Namespace) -> None:
    from django.db import connection

    from thidua.organisations import tree

    ids = generate(options.units)
    started, worked = time.perf_counter(), time.process_time()
    tree.snapshot_on(DAY)
    built, worked = time.perf_counter() - started, time.process_time() - worked
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")

    dice = random.Random(1)
    province = [pk for level, pk in ids if level == 1]
    district = [pk for level, pk in ids if level == 2]
    leaves = [pk for level, pk in ids if level == 4]

    def recursive(unit_id: int) -> set[int]:
        with connection.cursor() as cursor:
            cursor.execute(RECURSIVE, [unit_id, DAY, DAY])
            return {row[0] for row in cursor.fetchall()}

    def snapshot(unit_id: int) -> set[int]:
        return set(tree.ids_at_or_below([unit_id], on=DAY))

    print(f"{connection.vendor}, {len(ids):,} units, {options.questions} questions each; milliseconds")
    print(f"snapshot built in {built:.2f} s, of which CPU of this process {worked:.2f} s")
    print("| question | ours median | ours p95 | recursive median | recursive p95 | × |")
    print("|---|---:|---:|---:|---:|---:|")
    for title, pool in (("ids below a province", province), ("ids below a district", district)):
        asked = [dice.choice(pool) for _ in range(options.questions)]
        for unit_id in asked[:3]:
            assert snapshot(unit_id) == recursive(unit_id)
        ours, theirs = measure(snapshot, asked), measure(recursive, asked)
        report(title, ours, theirs)

    def is_within(unit_id: int) -> bool:
        return tree.is_within(unit_id, province[0], on=DAY)

    def is_within_recursive(unit_id: int) -> bool:
        return unit_id in recursive(province[0])

    asked = [dice.choice(leaves) for _ in range(options.questions)]
    assert [is_within(pk) for pk in asked[:5]] == [is_within_recursive(pk) for pk in asked[:5]]
    report("is a village in a province", measure(is_within, asked), measure(is_within_recursive, asked))
    path = measure(lambda pk: tree.ancestors(pk, on=DAY), asked)
    print(f"| path of a village | {path[0]:.2f} | {path[1]:.2f} | – | – | – |")


def generate(wanted: int) -> list[tuple[int, int]]:
    """A nation, provinces, districts, communes, villages: (level, key of unit)."""
    from thidua.core.text import sort_key
    from thidua.organisations.models import Unit, UnitKind, UnitVersion

    kinds = (UnitKind.NATION, UnitKind.PROVINCE, UnitKind.DISTRICT, UnitKind.COMMUNE, UnitKind.VILLAGE)
    sizes = [1, 63, 700, 10_500]
    sizes.append(max(0, wanted - sum(sizes)))
    found: list[tuple[int, int]] = []
    above: list[int] = []
    for level, size in enumerate(sizes):
        units = Unit.objects.bulk_create(
            [Unit(key=f"u{level}-{number}", kind=kinds[level]) for number in range(size)], batch_size=5000
        )
        UnitVersion.objects.bulk_create(
            [
                UnitVersion(
                    unit=unit,
                    parent_id=above[number % len(above)] if above else None,
                    name=f"Đơn vị {number}",
                    label=f"Đơn vị {number}",
                    label_order=sort_key(f"Đơn vị {number}"),
                    search_text=f"don vi {number}",
                )
                for number, unit in enumerate(units)
            ],
            batch_size=5000,
        )
        above = [unit.pk for unit in units]
        found += [(level, pk) for pk in above]
    return found


def measure(ask: Callable[[int], object], asked: list[int]) -> tuple[float, float]:
    """Median and 95th percentile in milliseconds."""
    ask(asked[0])
    times = []
    for unit_id in asked:
        started = time.perf_counter()
        ask(unit_id)
        times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times), sorted(times)[int(len(times) * 0.95)]


def report(title: str, ours: tuple[float, float], theirs: tuple[float, float]) -> None:
    print(
        f"| {title} | {ours[0]:.2f} | {ours[1]:.2f} | {theirs[0]:.2f} | {theirs[1]:.2f} "
        f"| {theirs[0] / ours[0]:.1f} |"
    )


if __name__ == "__main__":
    main()
