"""What a handed-in file of any kind says, held against what is known, before anything is saved."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from thidua.core.text import fold
from thidua.indicators.entry import Batch, Comparison
from thidua.indicators.entry_sheets import CellError
from thidua.indicators.models import Indicator, Stage
from thidua.organisations import tree
from thidua.organisations.authority import Acting
from thidua.organisations.models import Unit

MOST_SHOWN = 20
#: Code of a stage by its name without accents.
STAGES: Mapping[str, str] = {fold(stage.label): stage.value for stage in Stage}
Report = Callable[[int, int, str], None]
#: So many units outside the own ones are asked about in one query.
MOST_ASKED = 5_000


def silent(_done: int, _total: int, _message: str) -> None:
    return None


@dataclass
class Staging:
    """What a file says. Nothing is saved as long as there are errors."""

    batch: Batch | None = None
    comparison: Comparison = field(default_factory=Comparison)
    errors: list[CellError] = field(default_factory=list)
    warnings: list[CellError] = field(default_factory=list)
    #: What the file is about, in words: the set or indicators, the periods, the standards.
    subject: str = ""
    period: str = ""
    standard: str = ""
    #: Rows that only repeat a sum.
    skipped: int = 0
    unit_count: int = 0
    labels: dict[int, str] = field(default_factory=dict)
    indicators: dict[int, Indicator] = field(default_factory=dict)
    source: str = ""
    #: Of a file with a source in each row: titles that are not kept yet, by numbers below zero.
    sources: dict[int, str] = field(default_factory=dict)


def may_enter(units: Sequence[Unit], *, actor: Acting, days: Collection[date]) -> set[int]:
    """Those of the units that a person may enter figures for; few queries however many there are."""
    mine = actor.units_for("value.enter")
    allowed = {unit_id for day in days for unit_id in tree.ids_at_or_below(mine, on=day)} if mine else set()
    rest = [unit for unit in units if unit.pk not in allowed]
    if len(rest) <= MOST_ASKED:
        actor.look_up_places([unit.pk for unit in rest])
    found = {unit.pk for unit in units} & allowed
    return found | {unit.pk for unit in rest if actor.may("value.enter", unit)}
