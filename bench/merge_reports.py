"""Many commune reports made into one national report, against loading each with its rows and against pandas.

    python bench/merge_reports.py [--reports 3321] [--figures 12] [--passes 3] [--json FILE]
    python tests/postgres.py python bench/merge_reports.py

All ways must give the same sums, shares and coverage. Makes a database of its own in a temporary folder
(SQLite), or uses an empty one of DATABASE_URL. Prints a table of seconds and of the memory that a pass added.
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
import tracemalloc
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

if TYPE_CHECKING:
    from thidua.reports.models import Report

NOW = datetime(2023, 11, 15, tzinfo=UTC)
#: By column: sum, numerator, denominator, units that gave it.
Answer = dict[str, tuple[Decimal, Decimal, Decimal, int]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=3321)
    parser.add_argument(
        "--figures", type=int, default=12, help="of them every fourth a share with its counts"
    )
    parser.add_argument("--answers", type=int, default=6)
    parser.add_argument("--passes", type=int, default=3)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    folder = tempfile.TemporaryDirectory()
    os.environ.setdefault("DATABASE_URL", f"sqlite:///{Path(folder.name) / 'bench.sqlite3'}")
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    report = filled(options)
    figures = measured(report, options)
    folder.cleanup()
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1), encoding="utf-8")


def filled(options: argparse.Namespace) -> Report:
    """A nation with so many communes, nine in ten of which have sent all their figures."""
    from thidua.indicators.models import Indicator
    from thidua.movements.models import Movement, Plan
    from thidua.organisations.models import Unit, UnitKind, UnitVersion
    from thidua.reports.models import (
        Answer,
        FormItem,
        FormSection,
        Lift,
        Report,
        ReportFigure,
        ReportForm,
        ReportState,
        Round,
        RoundKind,
        RoundState,
    )

    dice = random.Random(1)
    nation = Unit.objects.create(key="viet-nam", kind=UnitKind.NATION)
    UnitVersion.objects.create(unit=nation, label="Việt Nam", name="Việt Nam")
    communes = Unit.objects.bulk_create(
        Unit(key=f"xa-{number}", kind=UnitKind.COMMUNE) for number in range(options.reports)
    )
    UnitVersion.objects.bulk_create(
        UnitVersion(unit=unit, parent=nation, label=f"xã {unit.key}", name=unit.key, form="xã")
        for unit in communes
    )
    counts = [
        Indicator.objects.create(
            code=f"so_{number}",
            name=f"Số {number}",
            kind="count",
            system="bao_cao",
            measure="hộ",
            aggregation="sum",
        )
        for number in range(options.figures)
    ]
    parts = [
        Indicator.objects.create(
            code=code, name=code, kind="count", system="bao_cao", measure="hộ", aggregation="sum"
        )
        for code in ("tu_so", "mau_so")
    ]
    for number in range(0, options.figures, 4):
        counts[number] = Indicator.objects.create(
            code=f"ty_le_{number}", name=f"Tỷ lệ {number}", kind="share", system="bao_cao", measure="%",
            aggregation="ratio", numerator=parts[0], denominator=parts[1],
        )  # fmt: skip
    plan = Plan.objects.create(movement=Movement.objects.create(name="Thử"), owner=nation, title="Thử")
    form = ReportForm.objects.create(owner=nation, name="Mẫu")
    items = FormItem.objects.bulk_create(
        [
            *(
                FormItem(
                    form=form, section=FormSection.FIGURES, position=n, key=row.code, title=row.name,
                    indicator=row,
                )
                for n, row in enumerate(counts)
            ),
            *(
                FormItem(
                    form=form, section=FormSection.QUESTIONS, position=n, key=f"cau-{n}", title=f"Câu {n}",
                    lifts=Lift.DIFFICULTY if n == 1 else Lift.NONE,
                )
                for n in range(options.answers)
            ),
        ]
    )  # fmt: skip
    round_ = Round.objects.create(
        plan=plan, kind=RoundKind.YEARLY, year=2023, title="Báo cáo năm 2023", since=date(2023, 1, 1),
        until=date(2024, 1, 1), opens_on=date(2023, 10, 10), units_due_on=date(2023, 11, 9),
        merged_due_on=date(2023, 11, 19), form=form, state=RoundState.OPEN, opened_at=NOW,
    )  # fmt: skip
    top = Report.objects.create(round=round_, unit=nation, is_merged=True, due_on=date(2023, 11, 19))
    reports = Report.objects.bulk_create(
        Report(
            round=round_, unit=unit, parent=top, due_on=date(2023, 11, 9), state=ReportState.ACCEPTED,
            sent_at=NOW, first_sent_on=date(2023, 11, 8),
        )
        for unit in communes
    )  # fmt: skip
    rows, words = [], []
    for report in reports:
        for item, indicator in zip(items, counts, strict=False):
            is_known = dice.random() < 0.9
            row = ReportFigure(
                report=report,
                item=item,
                indicator=indicator,
                since=round_.since,
                until=round_.until,
                stage="so_bo",
            )
            if is_known and indicator.kind == "share":
                row.numerator, row.denominator = (
                    Decimal(dice.randint(0, 900)),
                    Decimal(dice.randint(901, 5000)),
                )
                row.amount = (row.numerator * 100 / row.denominator).quantize(Decimal("0.0001"))
            elif is_known:
                row.amount = Decimal(dice.randint(0, 5000))
            else:
                row.missing_reason = "chưa rà soát xong"
            rows.append(row)
        for number, item in enumerate(items[options.figures :]):
            words.append(
                Answer(report=report, item=item, text=f"Nội dung {number} của đơn vị {report.unit_id}. " * 8)
            )
    ReportFigure.objects.bulk_create(rows, batch_size=500)
    Answer.objects.bulk_create(words, batch_size=500)
    print(f"{len(reports):,} reports, {len(rows):,} figures, {len(words):,} answers")
    return top


# ---- three ways


def ours(report: Report) -> tuple[Answer, int]:
    """Everything that the page needs: figures, coverage, words under their question, gaps, contradictions."""
    from thidua.reports.lower_reports import merged_from

    found = merged_from(report, on=date(2023, 11, 15))
    zero = Decimal(0)
    answer = {
        row.measure.key.split(".")[0]: (
            (zero, row.amount or zero, row.base or zero, row.reported)
            if row.measure.rule.value == "ratio"
            else (row.amount or zero, zero, zero, row.reported)
        )
        for row in found.tallies
    }
    return answer, sum(len(row.texts) for row in found.answers)


def one_by_one(report: Report) -> tuple[Answer, int]:
    """As one writes it first: each report with its figures and answers, added in a loop."""
    zero = Decimal(0)
    sums: dict[str, list[Any]] = {}
    words = 0
    for child in report.children.all():
        for row in child.figures.select_related("item", "indicator"):
            found = sums.setdefault(row.item.key, [zero, zero, zero, 0])
            if row.amount is None:
                continue
            found[3] += 1
            if row.indicator.kind == "share":
                found[1] += row.numerator
                found[2] += row.denominator
            else:
                found[0] += row.amount
        for answer in child.answers.select_related("item"):
            words += bool(answer.text.strip())
    return {key: (one[0], one[1], one[2], one[3]) for key, one in sums.items()}, words


def by_pandas(report: Report) -> tuple[Answer, int]:
    """All rows at once into frames, added by group; whole numbers, so that the sums are exact."""
    # without stubs, and comes with Ibis
    pd: Any = import_module("pandas")

    from thidua.reports.models import Answer as Words
    from thidua.reports.models import ReportFigure

    fields = ("item__key", "indicator__kind", "amount", "numerator", "denominator")
    frame = pd.DataFrame(
        list(ReportFigure.objects.filter(report__parent=report).values_list(*fields)), columns=list(fields)
    )
    frame = frame[frame["amount"].notna()]
    is_share = frame["indicator__kind"] == "share"
    scaled = pd.DataFrame({"key": frame["item__key"], "many": 1})
    for name in ("amount", "numerator", "denominator"):
        column = frame[name].map(lambda value: 0 if value is None else int(value * 10_000))
        scaled[name] = column.where(~is_share if name == "amount" else is_share, 0)
    grouped = scaled.groupby("key").sum()
    answer = {
        str(key): (
            Decimal(int(row.amount)) / 10_000,
            Decimal(int(row.numerator)) / 10_000,
            Decimal(int(row.denominator)) / 10_000,
            int(row.many),
        )
        for key, row in grouped.iterrows()
    }
    texts = pd.DataFrame(
        list(Words.objects.filter(report__parent=report).values_list("item__key", "text")),
        columns=["key", "text"],
    )
    return answer, int((texts["text"].str.strip() != "").sum())


def measured(report: Report, options: argparse.Namespace) -> dict[str, Any]:
    ways: dict[str, Callable[[Report], tuple[Answer, int]]] = {
        "Thi Đua, figures, words, gaps, contradictions": ours,
        "each report by itself, sums and count of words only": one_by_one,
        "pandas over all rows, sums and count of words only": by_pandas,
    }
    wanted = ours(report)
    for name, way in ways.items():
        assert _same(way(report), wanted), name
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
    for _ in range(options.passes):
        for name, way in ways.items():
            started, worked = time.perf_counter(), time.process_time()
            way(report)
            times[name].append((time.perf_counter() - started, time.process_time() - worked))
    figures: dict[str, Any] = {"reports": options.reports, "figures": options.figures, "ways": {}}
    print("| way | seconds | CPU s | memory at most, MB |")
    print("|---|---:|---:|---:|")
    for name, way in ways.items():
        tracemalloc.start()
        way(report)
        peak = tracemalloc.get_traced_memory()[1] / 1e6
        tracemalloc.stop()
        seconds = statistics.median(one for one, _ in times[name])
        cpu = statistics.median(one for _, one in times[name])
        figures["ways"][name] = {"seconds": seconds, "cpu_seconds": cpu, "peak_mb": peak}
        print(f"| {name} | {seconds:.2f} | {cpu:.2f} | {peak:.0f} |")
    return figures


def _same(one: tuple[Answer, int], other: tuple[Answer, int]) -> bool:
    def plain(answer: Answer) -> dict[str, tuple[Fraction, Fraction, Fraction, int]]:
        return {
            key: (Fraction(row[0]), Fraction(row[1]), Fraction(row[2]), row[3]) for key, row in answer.items()
        }

    return plain(one[0]) == plain(other[0]) and one[1] == other[1]


if __name__ == "__main__":
    main()
