"""What a rule may measure, in which unit, found how, and who supplies it: the file `measures.yaml`.

Hides how the file is written. A code that does not stand in it is measured as it is, and `is_known` says so.
Knows no Django.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).with_name("measures.yaml")


class Form(StrEnum):
    """How what a condition speaks of is found from facts."""

    LEVEL = "level"
    FALL_POINTS = "fall_points"
    RISE_POINTS = "rise_points"
    FALL_RELATIVE = "fall_relative"
    RISE_RELATIVE = "rise_relative"
    RATIO = "ratio"
    FLAG = "flag"
    COUNT_EVENTS = "count_events"
    SUM_EVENTS = "sum_events"
    ELAPSED = "elapsed"
    SINCE_EVENT = "since_event"


#: Compared with an earlier figure.
CHANGES = frozenset((Form.FALL_POINTS, Form.RISE_POINTS, Form.FALL_RELATIVE, Form.RISE_RELATIVE, Form.RATIO))
FALLS = frozenset((Form.FALL_POINTS, Form.FALL_RELATIVE))
POINTS = frozenset((Form.FALL_POINTS, Form.RISE_POINTS))
RELATIVE = frozenset((Form.FALL_RELATIVE, Form.RISE_RELATIVE))
EVENTS = frozenset((Form.COUNT_EVENTS, Form.SUM_EVENTS, Form.SINCE_EVENT))
#: Units that say how a figure changed rather than what it is.
CHANGE_UNITS = frozenset(("pct_point", "pct_change", "ratio"))
#: Units that are no count of things.
MEASURED_UNITS = CHANGE_UNITS | {"pct", "bool"}


@dataclass(frozen=True, slots=True)
class Measure:
    """One code of the language."""

    code: str
    name: str
    form: Form = Form.LEVEL
    #: Code of the figure in the facts; for changes the thing that changes.
    of: str = ""
    units: tuple[str, ...] = ()
    supplier: str = ""
    is_known: bool = True

    @property
    def figure(self) -> str:
        """Code under which facts hold the figure."""
        return self.of or self.code


@dataclass(frozen=True, slots=True)
class UnitOfMeasure:
    code: str
    word: str
    dimension: str
    factor: int = 1


@dataclass(frozen=True)
class Vocabulary:
    """Measures, units, and what counts as near."""

    measures: Mapping[str, Measure]
    units: Mapping[str, UnitOfMeasure]
    near_by_unit: Mapping[str, Fraction]
    near_percent: Fraction

    def measure(self, code: str | None, unit: str | None) -> Measure:
        """The measure of a code; one that is not in the file is taken as it stands."""
        known = self.measures.get(code or "")
        if known is not None:
            return known
        form = Form.FLAG if unit == "bool" else Form.LEVEL
        name = f"«{code}»" if code and code != "other" else "Điều kiện chưa gọi tên"
        return Measure(code or "", name, form, is_known=False)

    def unit(self, code: str | None) -> UnitOfMeasure:
        code = code or ""
        return self.units.get(code) or UnitOfMeasure(code, code.replace("_", " "), code)

    def near(self, unit: str | None, threshold: Fraction) -> Fraction:
        """How far below a threshold still counts as nearly met, in the unit of the threshold."""
        own = self.near_by_unit.get(unit or "")
        return own if own is not None else abs(threshold) * self.near_percent / 100


@lru_cache(maxsize=1)
def vocabulary() -> Vocabulary:
    """The measures of this program."""
    return parse(yaml.safe_load(FILE.read_text(encoding="utf-8")))


def parse(found: Mapping[str, Any]) -> Vocabulary:
    """The vocabulary of a loaded file. Raises ValueError naming the code."""
    suppliers = found["suppliers"]
    near = {code: Fraction(str(value)) for code, value in found["near"].items()}
    percent = near.pop("other_percent_of_threshold")
    units = {
        code: UnitOfMeasure(code, row["word"], row.get("dimension", code), row.get("factor", 1))
        for code, row in found["units"].items()
    }
    measures = {}
    for code, row in found["measures"].items():
        if extra := row.keys() - {"name", "form", "of", "unit", "from"}:
            raise ValueError(f"{FILE.name}, {code}: không hiểu {', '.join(sorted(extra))}")
        form = Form(row.get("form", "level"))
        if (form in CHANGES or form is Form.SINCE_EVENT) != ("of" in row):
            raise ValueError(f"{FILE.name}, {code}: «of» chỉ đi với số thay đổi và thời gian từ một việc")
        fitting = row.get("unit", ())
        measures[code] = Measure(
            code=code,
            name=row["name"],
            form=form,
            of=row.get("of", ""),
            units=(fitting,) if isinstance(fitting, str) else tuple(fitting),
            supplier=suppliers[row.get("from", "unit")],
        )
    return Vocabulary(measures, units, near, percent)
