"""How fast the chain of the log is verified: ours against the same chain read row by row through the ORM.

    .venv/bin/python bench/verify_log.py                       a million entries, about three minutes
    .venv/bin/python bench/verify_log.py --entries 100000      a look, half a minute

Fills a SQLite database of its own in a temporary folder, or the empty PostgreSQL database that DATABASE_URL
names. All ways must find the chain whole, and the same forged entry. Prints a table (Markdown) and writes
figures as JSON; docs/benchmarks.md explains them.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from read_plans import ROOT, machine

BATCH = 5_000
TITLES = {
    "ours": "Thi Đua, `audit.verifying.verify`",
    "one thread": "the same in one thread",
    "orm": "row by row, `hash_of` of each entry",
}
BEGIN = datetime(2023, 11, 5, 1, 0, tzinfo=UTC)
ACTS = (
    ("accept", "Nhận nhiệm vụ", "da_giao", "dang_lam", ""),
    ("report_done", "Báo hoàn thành", "dang_lam", "cho_xac_nhan", ""),
    ("send_back", "Trả lại để làm tiếp", "cho_xac_nhan", "dang_lam", "Chưa có danh sách hộ kèm theo"),
    ("confirm", "Xác nhận hoàn thành", "cho_xac_nhan", "hoan_thanh", ""),
)


def fill(count: int) -> None:
    """A chain as `audit.log.record` writes it, only faster."""
    from django.db import transaction

    from thidua.audit.log import FIRST_HASH
    from thidua.audit.models import ChainHead, Entry

    previous = FIRST_HASH
    with transaction.atomic():
        for first in range(1, count + 1, BATCH):
            batch = list(entries(first, min(first + BATCH, count + 1), previous=previous))
            Entry.objects.bulk_create(batch)
            previous = batch[-1].hash
        ChainHead.objects.update_or_create(pk=1, defaults={"number": count, "hash": previous})


def entries(first: int, until: int, *, previous: str) -> Iterator[Any]:
    from thidua.audit.log import canonical, hash_of
    from thidua.audit.models import Entry
    from thidua.core.text import fold

    for number in range(first, until):
        name, label, before, after, reason = ACTS[number % len(ACTS)]
        at = BEGIN + timedelta(seconds=number, microseconds=number % 1_000_000)
        title = f"Rà soát hộ nghèo, hộ cận nghèo trên địa bàn xã, đợt {number // len(ACTS)}"
        actor = f"Nguyễn Văn {number % 300}, cán bộ đơn vị, xã Huổi Luông"
        entry = Entry(
            number=number,
            at=at,
            written_at=at,
            actor=actor,
            unit_id=number % 3_321 + 1,
            object_unit_id=number % 3_321 + 1,
            action=f"movements.task.{name}",
            action_label=label,
            object_type="movements.task",
            object_id=str(number // len(ACTS)),
            object_label=title,
            state_before=before,
            state_after=after,
            reason=reason,
            details=canonical({"set.reported_at": at}),
            search_text=fold(f"{label} {title} {actor} {reason}"),
            previous_hash=previous,
        )
        entry.hash = previous = hash_of(entry)
        yield entry


def ours() -> int | None:
    """Number of the first broken entry, or None."""
    from thidua.audit.verifying import verify

    broken = verify().broken
    return broken.number if broken else None


def one_thread() -> int | None:
    from thidua.audit.verifying import verify

    broken = verify(threads=1).broken
    return broken.number if broken else None


def orm() -> int | None:
    from thidua.audit.log import FIRST_HASH, hash_of
    from thidua.audit.models import Entry

    previous, expected = FIRST_HASH, 1
    for entry in Entry.objects.order_by("number").iterator(chunk_size=2_000):
        if entry.number != expected or entry.previous_hash != previous or hash_of(entry) != entry.hash:
            return expected
        previous, expected = entry.hash, expected + 1
    return None


def measured(
    ways: dict[str, Callable[[], int | None]], *, passes: int
) -> dict[str, list[tuple[float, float]]]:
    """Seconds by the clock and of CPU of each way, in turns; each must find the chain whole."""
    seconds: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
    for _ in range(passes):
        for name, way in ways.items():
            begun, busy = time.perf_counter(), time.process_time()
            assert way() is None, name
            seconds[name].append((time.perf_counter() - begun, time.process_time() - busy))
    return seconds


def forged_entry_found(number: int, ways: dict[str, Callable[[], int | None]]) -> dict[str, int | None]:
    """What each way finds after one entry in the middle was changed behind the program's back."""
    from thidua.audit.models import Entry
    from thidua.audit.tests.unprotected import unprotected_log

    with unprotected_log():
        Entry.objects.filter(number=number).update(reason="Người khác đã sửa")
    return {name: way() for name, way in ways.items()}


def table(seconds: dict[str, list[tuple[float, float]]], count: int) -> str:
    lines = ["| way | seconds | entries/s | ours is × as fast | CPU s |", "|---|" + "---:|" * 4]
    ours_seconds = statistics.median(clock for clock, _ in seconds["ours"])
    for name, found in seconds.items():
        clock = statistics.median(clock for clock, _ in found)
        busy = statistics.median(busy for _, busy in found)
        lines.append(
            f"| {TITLES[name]} | {clock:.2f} | {count / clock:,.0f} | {clock / ours_seconds:.2f} "
            f"| {busy:.2f} |"
        )
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> None:
    options = parsed(arguments)
    with tempfile.TemporaryDirectory(prefix="thidua-bench-") as folder:
        os.environ["THIDUA_DATA_DIR"] = folder
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connection

        call_command("migrate", verbosity=0)
        fill(options.entries)
        ways: dict[str, Callable[[], int | None]] = {"ours": ours, "one thread": one_thread, "orm": orm}
        about = machine() | {"database": connection.vendor, "entries": options.entries}
        print(", ".join(f"{key} {value}" for key, value in about.items()) + "\n")
        seconds = measured(ways, passes=options.passes)
        print(table(seconds, options.entries))
        found = forged_entry_found(options.entries // 2, ways)
        print(f"\nForged entry {options.entries // 2:,} found as: {found}")
        connection.close()
    results = {"machine": about, "seconds": seconds, "found": found}
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps(results, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def parsed(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument("--passes", type=int, default=3)
    parser.add_argument(
        "--json", type=Path, default=ROOT / "var" / "bench" / "verify_log.json", help="where the figures go"
    )
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
