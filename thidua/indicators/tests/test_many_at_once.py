"""A sheet taken in as columns leaves the same rows, totals and proof as its figures entered one by one."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from thidua.audit.models import Entry as LogEntry
from thidua.indicators import checking, entry, entry_sheets, figure_files, total_keeping, value_rows, values
from thidua.indicators.entry import Batch, IndicatorSet
from thidua.indicators.entry_sheets import Head
from thidua.indicators.forms import measured
from thidua.indicators.models import Indicator, Stage, System, Total, Value
from thidua.indicators.tests.figure_world import NOW, FigureWorld, figure_world, filled
from thidua.indicators.values import Entry
from thidua.organisations import tree
from thidua.organisations.models import Unit, UnitKind, UnitVersion

pytestmark = pytest.mark.django_db
REASON = "đã hỏi lại"
COMMUNES = 10


@dataclass(frozen=True)
class Sheet:
    """One file: what it says at the top, and an amount or "nothing arose" by unit and code."""

    stage: Stage
    source: str
    note: str
    cells: dict[tuple[str, str], Decimal | None]


@pytest.fixture
def here(settings: Any, tmp_path: Path) -> FigureWorld:
    settings.MEDIA_ROOT = tmp_path
    made = figure_world()
    Indicator.objects.filter(code="poor_hh").update(decimals=4)
    units = Unit.objects.bulk_create(Unit(key=f"c-{n}", kind=UnitKind.COMMUNE) for n in range(COMMUNES))
    above = made.world.unit("phong-tho")
    UnitVersion.objects.bulk_create(
        UnitVersion(unit=one, parent=above, name=one.key, label=one.key, label_order=one.key) for one in units
    )
    tree.forget()
    return made


def sheets_by_chance(dice: random.Random) -> list[Sheet]:
    """Several files about the same communes: first ones, corrections, other stages and sources."""

    def cells() -> Iterator[tuple[tuple[str, str], Decimal | None]]:
        for number in dice.sample(range(COMMUNES), k=COMMUNES - 3):
            whole = dice.randint(90, 100)
            yield (f"c-{number}", "total_households"), Decimal(whole)
            poor = dice.choice(
                [None, Decimal(dice.randint(0, 80)), Decimal(dice.randint(0, 800_000)) / 10_000]
            )
            if dice.random() < 0.8:
                yield (f"c-{number}", "poor_hh"), poor

    tops = [
        (Stage.PRELIMINARY, "BC 12/BC-UBND"),
        (Stage.PRELIMINARY, "BC 12/BC-UBND"),
        (Stage.REGULAR, ""),
        (Stage.OFFICIAL, "Niên giám"),
        (Stage.OFFICIAL, "Niên giám"),
    ]
    return [Sheet(stage, source, dice.choice(["", "lần hai"]), dict(cells())) for stage, source in tops]


def take_in(here: FigureWorld, sheet: Sheet) -> None:
    keys = sorted({key for key, _ in sheet.cells})
    raw = entry_sheets.template(
        Head("ra_soat.commune", date(2023, 1, 1), date(2024, 1, 1), here.standard.code),
        title="Số liệu",
        stages=Stage.labels,
        stage=str(sheet.stage.label),
        indicators=[measured(Indicator.objects.get(code=code)) for code in ("total_households", "poor_hh")],
        units=[(key, key) for key in keys],
        known=sheet.cells,
    )
    raw = filled(raw, {"C4": sheet.source, "C5": sheet.note})
    kept = figure_files.keep(raw, file_name="so-lieu.xlsx", actor=here.world.acting("tinh"), now=NOW)
    figure_files.take_in(kept, reason=REASON, actor=here.world.acting("tinh"), now=NOW)


def enter_one_by_one(here: FigureWorld, sheet: Sheet) -> None:
    batch = Batch(
        IndicatorSet(System.REVIEW, UnitKind.COMMUNE), date(2023, 1, 1), date(2024, 1, 1), here.standard
    )
    source = entry.source_named(sheet.source)
    unit_ids = dict(Unit.objects.values_list("key", "pk"))
    for (key, code), amount in sorted(sheet.cells.items()):
        one = batch.entry(here.indicators[code].pk, unit_ids[key], amount, sheet.stage)
        one = replace(one, note=sheet.note, source_id=source.pk if source else None)
        values.enter([one], actor=here.world.acting("tinh"), now=NOW, reason=REASON)


def left_behind() -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """All columns of figures and totals but the numbers of rows and sources."""
    own = {field.attname for field in Value._meta.concrete_fields} - {"id", "replaces_id", "source_id"}
    figures = Value.objects.values_list(*sorted(own), "source__title", "replaces__amount", "replaces__stage")
    totals = {field.attname for field in Total._meta.concrete_fields} - {"id"}
    return sorted(figures, key=str), sorted(Total.objects.values_list(*sorted(totals)), key=str)


@pytest.mark.parametrize("seed", range(2))
def test_a_sheet_is_its_figures_one_by_one(
    here: FigureWorld, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheets = sheets_by_chance(random.Random(seed))
    ways: list[tuple[int, Callable[[FigureWorld, Sheet], None]]] = [(1, take_in), (10**9, enter_one_by_one)]
    found = []
    for many, way in ways:
        monkeypatch.setattr(value_rows, "MANY", many)
        monkeypatch.setattr(total_keeping, "MANY", many)
        monkeypatch.setattr(checking, "MANY", many)
        with transaction.atomic():
            for sheet in sheets:
                way(here, sheet)
            found.append(left_behind())
            assert total_keeping.rebuild(now=NOW).differing == 0
            transaction.set_rollback(True)
    assert found[0][0] == found[1][0]
    assert found[0][1] == found[1][1]
    assert any(row[-2] is not None for row in found[0][0])


def test_the_proof_in_the_log_is_that_of_the_rows(here: FigureWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    units = {unit.key: unit for unit in Unit.objects.filter(key__startswith="c-")}
    poor, since, until = here.indicators["poor_hh"].pk, date(2023, 1, 1), date(2024, 1, 1)

    def of(key: str, amount: str | None, stage: Stage = Stage.PRELIMINARY) -> Entry:
        exact = None if amount is None else Decimal(amount)
        return Entry(poor, units[key].pk, since, until, exact, amount is None, stage)

    monkeypatch.setattr(value_rows, "MANY", 1)
    values.enter([of("c-1", "5")], actor=here.world.acting("tinh"), now=NOW)
    batch = [
        of("c-1", "6"),
        of("c-2", "1.2500"),
        of("c-3", None),
        of("c-4", "7"),
        of("c-4", "8", Stage.REGULAR),
    ]

    done = values.enter(batch, actor=here.world.acting("tinh"), now=NOW)

    line = LogEntry.objects.filter(action="indicators.value.enter").order_by("-number")[0]
    stored = Value.objects.in_bulk([value.pk for value in done.values])
    assert values.content_hash(stored.values()) in line.details
    rows = [(value.amount, value.stage, value.is_chosen, value.replaces_id is None) for value in done.values]
    assert rows == [
        (Decimal("1.25"), Stage.PRELIMINARY, True, True),
        (None, Stage.PRELIMINARY, True, True),
        (Decimal(6), Stage.PRELIMINARY, True, False),
        (Decimal(7), Stage.PRELIMINARY, True, True),
        (Decimal(8), Stage.REGULAR, False, True),
    ]
    assert (done.replaced, len(done.beside), set(stored.values())) == (1, 1, set(done.values))
