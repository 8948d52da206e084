"""The search box over a province's work: 100,000 tasks, 20,000 sentences of plans, 5,000 units.

    python bench/search.py [--tasks 100000] [--passes 5]

Ours is the whole answer of `workspace.searching.search`, all kinds; the peer asks for the tasks alone and
folds their titles in Python, which is what a search without stored folded words would do. Both must find the
same tasks. Makes a database of its own in a temporary folder (SQLite), or uses an empty one of DATABASE_URL.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

DAY = date(2023, 11, 5)
NOW = datetime(2023, 11, 5, 2, tzinfo=UTC)
WORDS = (
    "rà soát",
    "hộ nghèo",
    "báo cáo",
    "đôn đốc",
    "tuyên truyền",
    "nhà ở",
    "sơ kết",
    "tập huấn",
    "cầu",
    "y tế",
)
#: Something common, something rare, something that nobody wrote, many words.
QUESTIONS = ("ra soat", "ho ngheo tap huan", "viec 77", "khong co dau", "Đôn đốc y tế tập huấn")


def main() -> None:
    options = arguments()
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("DATABASE_URL", f"sqlite:///{Path(folder) / 'bench.sqlite3'}")
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
        sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        run(options)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=100_000)
    parser.add_argument("--passes", type=int, default=5)
    return parser.parse_args()


def run(options: argparse.Namespace) -> None:
    from django.db import connection

    from thidua.core.text import fold
    from thidua.documents.models import Document
    from thidua.movements.models import Task
    from thidua.movements.visibility import visible_tasks
    from thidua.workspace import searching

    acting = generate(options.tasks)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")

    def ours(query: str) -> object:
        return searching.search(query, acting=acting, documents=Document.objects.none())

    def in_python(query: str) -> list[int]:
        words = fold(query).split()
        titles = visible_tasks(acting).values_list("pk", "title")
        return [pk for pk, title in titles if all(word in fold(title) for word in words)]

    print(f"{connection.vendor}, {Task.objects.count():,} tasks, {options.passes} passes; milliseconds")
    print("| question | tasks found | ours median | ours slowest | folding in Python, median | × |")
    print("|---|---:|---:|---:|---:|---:|")
    for query in QUESTIONS:
        found = in_python(query)
        stored = searching.matching(visible_tasks(acting), searching.words_of(query))
        assert sorted(stored.values_list("pk", flat=True)) == sorted(found)
        mine, theirs = (
            measure(ours, query, options.passes),
            measure(in_python, query, max(1, options.passes // 2)),
        )
        ratio = statistics.median(theirs) / statistics.median(mine)
        print(
            f"| {query} | {len(found):,} | {statistics.median(mine):.0f} | {max(mine):.0f} "
            f"| {statistics.median(theirs):.0f} | {ratio:.1f} |"
        )


def measure(ask: Callable[[str], object], query: str, passes: int) -> list[float]:
    found = []
    for _ in range(passes):
        started = time.perf_counter()
        ask(query)
        found.append((time.perf_counter() - started) * 1000)
    return found


def generate(tasks: int) -> Any:
    """A province with communes, one plan, its sentences and tasks; the standing officer who searches."""
    from thidua.core.text import fold, sort_key
    from thidua.movements.models import (
        ItemDecision,
        ItemKind,
        Movement,
        Plan,
        PlanItem,
        PlanVersion,
        PlanVersionState,
        Task,
    )
    from thidua.organisations.authority import acting
    from thidua.organisations.models import Role, Unit, UnitKind, UnitVersion
    from thidua.organisations.tests.world import make_person, make_unit

    nation = make_unit("n", "Việt Nam", UnitKind.NATION)
    province = make_unit("p", "tỉnh Lai Châu", UnitKind.PROVINCE, parent=nation)
    communes = Unit.objects.bulk_create(Unit(key=f"c{n}", kind=UnitKind.COMMUNE) for n in range(5000))
    UnitVersion.objects.bulk_create(
        UnitVersion(
            unit=unit,
            parent=province,
            form="xã",
            name=f"Bản {n}",
            label=f"xã Bản {n}",
            label_order=f"xa ban {n:05}",
            search_text=f"xa ban {n}",
        )
        for n, unit in enumerate(communes)
    )
    title = "Phong trào thi đua vì người nghèo"
    movement = Movement.objects.create(name=title, name_order=sort_key(title), search_text=fold(title))
    plan = Plan.objects.create(
        movement=movement,
        owner=province,
        standing_body=province,
        title=title,
        title_order=sort_key(title),
        search_text=fold(title),
    )
    version = PlanVersion.objects.create(
        plan=plan, title=title, state=PlanVersionState.ADOPTED, adopted_at=NOW
    )
    sentences = [sentence(n) for n in range(tasks)]
    PlanItem.objects.bulk_create(
        (
            PlanItem(
                version=version,
                kind=ItemKind.TASK,
                key=f"NV{n}",
                quote=text,
                position=n,
                decision=ItemDecision.ACCEPTED,
                search_text=fold(text),
            )
            for n, text in enumerate(sentences[: tasks // 5])
        ),
        batch_size=2000,
    )
    Task.objects.bulk_create(
        (
            Task(
                plan=plan,
                title=text,
                title_order=sort_key(text),
                unit=communes[n % len(communes)],
                giver=province,
                given_at=NOW,
                due_on=DAY,
                search_text=fold(text),
            )
            for n, text in enumerate(sentences)
        ),
        batch_size=2000,
    )
    return acting(make_person("thuong-truc", (province, Role.STANDING)), on=DAY)


def sentence(number: int) -> str:
    words = [WORDS[number * step % len(WORDS)] for step in (1, 3, 7)]
    return f"Việc {number}: {', '.join(words)} trên địa bàn các xã, thị trấn theo kế hoạch của năm"


if __name__ == "__main__":
    main()
