"""An Excel sheet of 440,000 figures, end to end: made, read, held against what is known, taken in, added up.

    python bench/excel_in.py [--units 10000] [--indicators 44]

Makes a database of its own in a temporary folder (SQLite), or uses an empty one of DATABASE_URL. Proves that
the total of the country is the sum of the cells, and that the same file again changes nothing.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

NOW = datetime(2023, 12, 20, 3, 0, tzinfo=UTC)
COMMUNES_OF_A_PROVINCE = 160


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
    parser.add_argument("--units", type=int, default=10_000)
    parser.add_argument("--indicators", type=int, default=44)
    return parser.parse_args()


def run(options: argparse.Namespace) -> None:
    from thidua.indicators import entry, entry_sheets, figure_files, totals
    from thidua.indicators.entry import Batch, IndicatorSet
    from thidua.indicators.forms import measured
    from thidua.indicators.models import Indicator, System, Value
    from thidua.indicators.staging import STAGES
    from thidua.organisations import tree
    from thidua.organisations.authority import acting
    from thidua.organisations.models import Role, UnitKind
    from thidua.organisations.tests.world import make_person

    nation, communes = make_units(options.units)
    indicators = make_indicators(options.indicators)
    actor = acting(make_person("bench", (nation, Role.STANDING)), on=NOW.date())
    tree.snapshot_on(NOW.date())
    batch = Batch(IndicatorSet(System.REPORT, UnitKind.COMMUNE), date(2023, 1, 1), date(2024, 1, 1))
    cells = options.units * options.indicators
    rows: list[tuple[str, float, float]] = []

    def timed(what: str, act: Callable[[], Any]) -> Any:
        began, busy = time.perf_counter(), time.process_time()
        answer = act()
        rows.append((what, time.perf_counter() - began, time.process_time() - busy))
        return answer

    known = {
        (key, one.code): Decimal(number * 7 % 4000 + place)
        for number, (key, _) in enumerate(communes)
        for place, one in enumerate(indicators)
    }
    head = entry_sheets.Head(batch.set.code, batch.since, batch.until)
    raw: bytes = timed(
        "sheet made",
        lambda: entry_sheets.template(
            head,
            title="Số liệu",
            stages=["Sơ bộ"],
            stage="Sơ bộ",
            indicators=[measured(one) for one in indicators],
            units=communes,
            known=known,
        ),
    )
    timed(
        "  of this: cells read and checked",
        lambda: entry_sheets.read(
            raw, indicators={one.code: measured(one) for one in indicators}, stages=STAGES
        ),
    )
    staging = timed("read, compared, checked", lambda: figure_files.stage(raw, actor=actor))
    assert not staging.errors, staging.errors[:3]
    assert len(staging.comparison.new) == cells
    timed(
        "entered and added up",
        lambda: entry.save(staging.comparison.entries, reason="đo tốc độ", actor=actor, now=NOW),
    )
    again = timed("the same file again: read, compared", lambda: figure_files.stage(raw, actor=actor))
    assert (again.comparison.same, len(again.comparison.entries)) == (cells, 0)
    assert Value.objects.count() == cells
    first = Indicator.objects.get(pk=indicators[0].pk)
    total = totals.total(first, nation.pk, since=batch.since, until=batch.until)
    assert total is not None
    assert total.amount == sum(known[key, first.code] for key, _ in communes)

    print(f"{cells:,} cells, {len(raw) / 1e6:.1f} MB; total of the country and repeat proved")
    print(f"{'':40} {'seconds':>8} {'CPU':>8} {'cells/CPU second':>17}")
    for what, seconds, busy in rows:
        print(f"{what:40} {seconds:8.2f} {busy:8.2f} {cells / busy:17,.0f}")
    end_to_end = [row for row in rows if row[0].startswith(("read", "entered"))]
    print(f"{'end to end (look over, take in)':40} {sum(r[1] for r in end_to_end):8.2f} ", end="")
    print(f"{sum(r[2] for r in end_to_end):8.2f}")


def make_units(count: int) -> tuple[Any, list[tuple[str, str]]]:
    """A nation, provinces, communes; keys and names of the communes."""
    from thidua.core.text import sort_key
    from thidua.organisations import tree
    from thidua.organisations.models import Unit, UnitKind, UnitVersion
    from thidua.organisations.tests.world import make_unit

    nation = make_unit("viet-nam", "Việt Nam", UnitKind.NATION)
    provinces = [
        make_unit(f"tinh-{number}", f"tỉnh Số {number}", UnitKind.PROVINCE, parent=nation)
        for number in range(1 + count // COMMUNES_OF_A_PROVINCE)
    ]
    names = [(f"xa-{number:05}", f"xã Số {number}") for number in range(count)]
    units = Unit.objects.bulk_create([Unit(key=key, kind=UnitKind.COMMUNE) for key, _ in names])
    UnitVersion.objects.bulk_create(
        [
            UnitVersion(
                unit=unit,
                parent=provinces[number // COMMUNES_OF_A_PROVINCE],
                form="xã",
                name=label.removeprefix("xã "),
                label=label,
                label_order=sort_key(label),
            )
            for number, (unit, (_, label)) in enumerate(zip(units, names, strict=True))
        ],
        batch_size=1000,
    )
    tree.forget()
    return nation, names


def make_indicators(count: int) -> list[Any]:
    from thidua.indicators.models import Aggregation, Indicator, IndicatorKind, System

    return [
        Indicator.objects.create(
            code=f"count_{number}",
            name=f"Chỉ tiêu {number}",
            kind=IndicatorKind.COUNT,
            system=System.REPORT,
            measure="hộ",
            aggregation=Aggregation.SUM,
            lowest=Decimal(0),
            jump_percent=60,
        )
        for number in range(count)
    ]


if __name__ == "__main__":
    main()
