"""A round of 100,000 units: completeness and timeliness along the tree, ours against plain counting.

    python bench/reports_board.py [--units 100000] [--passes 5] [--json FILE]

The peer loads the reports of the round with the path of each unit and counts in Python. Both must give the
same numbers. Makes a database of its own in a temporary folder (SQLite), or uses an empty one of
DATABASE_URL. Prints a table.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

DAY = date(2023, 11, 20)
DUE = date(2023, 11, 9)
NOW = datetime(2023, 11, 20, 3, 0, tzinfo=UTC)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units", type=int, default=100_000)
    parser.add_argument("--passes", type=int, default=5)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    folder = tempfile.TemporaryDirectory()
    os.environ.setdefault("DATABASE_URL", f"sqlite:///{Path(folder.name) / 'bench.sqlite3'}")
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    figures = run(options)
    folder.cleanup()
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1), encoding="utf-8")


def run(options: argparse.Namespace) -> dict[str, Any]:
    from django.db import connection
    from django.db.models import Count
    from unit_tree import generate

    from thidua.organisations import tree
    from thidua.organisations.models import TreeNode
    from thidua.reports import board, tally
    from thidua.reports.models import Report

    ids = generate(options.units)
    round_ = made_round(next(pk for level, pk in ids if level == 0), [pk for level, pk in ids if level >= 3])
    started = time.perf_counter()
    tree.snapshot_on(DAY)
    print(f"snapshot of the tree, once for each change of units: {time.perf_counter() - started:.2f} s")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    nation = next(pk for level, pk in ids if level == 0)
    province = next(pk for level, pk in ids if level == 1)

    def plain(unit_id: int) -> dict[int, tuple[int, int, int]]:
        """As one would write it first: every report, its unit's line upwards, three counters."""
        parents = dict(TreeNode.objects.values_list("unit_id", "version__parent_id").order_by())
        expected: Counter[int] = Counter()
        received: Counter[int] = Counter()
        on_time: Counter[int] = Counter()
        for report in Report.objects.filter(round=round_, is_merged=False, is_owed=True):
            current: int | None = report.unit_id
            while current is not None and parents.get(current) != unit_id:
                current = parents.get(current)
            if current is None:
                continue
            expected[current] += 1
            if report.state in Report.RECEIVED:
                received[current] += 1
                if report.first_sent_on is not None and report.first_sent_on <= report.due_on:
                    on_time[current] += 1
        return {one: (expected[one], received[one], on_time[one]) for one in expected}

    def ours(unit_id: int) -> dict[int, tuple[int, int, int]]:
        rows = tally.below(round_.pk, unit_id, on=DAY)
        return {one.unit_id: (one.tally.expected, one.tally.received, one.tally.on_time) for one in rows}

    def whole() -> tuple[int, int, int]:
        one = tally.of_rounds([round_.pk])[round_.pk]
        return (one.expected, one.received, one.on_time)

    def whole_plain() -> tuple[int, int, int]:
        reports = list(Report.objects.filter(round=round_, is_merged=False, is_owed=True))
        had = [one for one in reports if one.state in Report.RECEIVED]
        return (
            len(reports),
            len(had),
            sum(bool(one.first_sent_on and one.first_sent_on <= one.due_on) for one in had),
        )

    def page() -> int:
        rows: Any = board.grid_units([round_.pk], on=DAY)
        units = rows.order_by("unit_order")[:50]
        cells = board.Cells([round_])
        cells.fill([unit.pk for unit in units])
        return len(units)

    figures: dict[str, Any] = {
        "reports": Report.objects.aggregate(number=Count("pk"))["number"],
        "seconds": {},
    }
    print(
        f"{connection.vendor}, {figures['reports']:,} reports, {options.passes} passes; "
        "milliseconds, median and slowest"
    )
    print("| question | ours | slowest | of it CPU | plain counting | of it CPU | CPU × |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    questions: tuple[tuple[str, Callable[[], Any], Callable[[], Any]], ...] = (
        ("the whole round", whole, whole_plain),
        ("by province", lambda: ours(nation), lambda: plain(nation)),
        ("by district of a province", lambda: ours(province), lambda: plain(province)),
    )
    for title, mine, theirs in questions:
        assert mine() == theirs()
        fast, slow = measured(mine, options.passes), measured(theirs, min(options.passes, 3))
        figures["seconds"][title] = {"ours": fast, "plain": slow}
        (wall, cpu), (peer_wall, peer_cpu) = medians(fast), medians(slow)
        slowest = max(one for one, _ in fast)
        print(
            f"| {title} | {wall:.0f} | {slowest * 1000:.0f} | {cpu:.0f} "
            f"| {peer_wall:.0f} | {peer_cpu:.0f} | {peer_cpu / cpu:.1f} |"
        )
    shown = measured(page, options.passes)
    figures["seconds"]["a page of the board"] = {"ours": shown}
    wall, cpu = medians(shown)
    slowest = max(one for one, _ in shown)
    print(f"| a page of the board | {wall:.0f} | {slowest * 1000:.0f} | {cpu:.0f} | – | – | – |")
    return figures


def made_round(nation_id: int, unit_ids: list[int]) -> Any:
    from thidua.movements.models import Movement, Plan
    from thidua.reports.models import Report, ReportForm, Round

    movement = Movement.objects.create(name="Vì người nghèo")
    plan = Plan.objects.create(movement=movement, owner_id=nation_id, title="Kế hoạch")
    form = ReportForm.objects.create(owner_id=nation_id, name="Mẫu")
    round_ = Round.objects.create(
        plan=plan,
        kind="nam",
        year=2023,
        title="Báo cáo năm 2023",
        since=date(2023, 1, 1),
        until=date(2024, 1, 1),
        opens_on=date(2023, 10, 10),
        units_due_on=DUE,
        form=form,
        state="dang_mo",
        opened_at=NOW,
    )
    dice = random.Random(1)
    reports = []
    for unit_id in unit_ids:
        state = dice.choice(("chua_gui", "nhap", "da_gui", "da_nhan", "da_nhan", "da_tong_hop"))
        sent = state not in ("chua_gui", "nhap")
        reports.append(
            Report(
                round=round_,
                unit_id=unit_id,
                due_on=DUE,
                state=state,
                sent_at=NOW if sent else None,
                first_sent_on=DUE + timedelta(days=dice.randint(-9, 4)) if sent else None,
            )
        )
    Report.objects.bulk_create(reports, batch_size=2000)
    return round_


def measured(act: Callable[[], Any], passes: int) -> list[tuple[float, float]]:
    """Seconds by the clock and of this process's CPU, for each pass. SQLite works in this process."""
    found = []
    for _ in range(passes):
        started, worked = time.perf_counter(), time.process_time()
        act()
        found.append((time.perf_counter() - started, time.process_time() - worked))
    return found


def medians(passes: list[tuple[float, float]]) -> tuple[float, float]:
    """Medians in milliseconds."""
    wall, cpu = zip(*passes, strict=True)
    return statistics.median(wall) * 1000, max(statistics.median(cpu) * 1000, 0.01)


if __name__ == "__main__":
    main()
