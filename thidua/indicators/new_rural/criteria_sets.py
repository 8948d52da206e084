"""Sets of criteria as data: which one holds for a year, its criteria, and which of them read a series.

Read once from `data/indicators/new_rural.yaml`; what no source has confirmed says so.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from thidua.indicators.definitions import BadDefinitions
from thidua.indicators.models import NewRuralLevel, Standard
from thidua.organisations.models import UnitKind


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion: its number in the set; `series` is the code of the indicator that it reads."""

    number: int
    name: str
    group: str = ""
    series: str = ""


@dataclass(frozen=True, slots=True)
class CriteriaSet:
    """The criteria of one standard for one kind of place and one level."""

    standard: str
    level: str
    kind: str
    criteria: tuple[Criterion, ...]
    confirmed: bool
    note: str

    @property
    def numbers(self) -> tuple[int, ...]:
        return tuple(criterion.number for criterion in self.criteria)

    def groups(self) -> list[tuple[str, list[Criterion]]]:
        """The criteria under the headings of the law, in order."""
        found: list[tuple[str, list[Criterion]]] = []
        for criterion in self.criteria:
            if not found or found[-1][0] != criterion.group:
                found.append((criterion.group, []))
            found[-1][1].append(criterion)
        return found


@lru_cache
def all_sets() -> dict[str, CriteriaSet]:
    """Every set by the code of its standard."""
    folder = settings.BASE_DIR / "data" / "indicators"
    return read(folder / "new_rural.yaml")


def read(path: Path) -> dict[str, CriteriaSet]:
    """Raises BadDefinitions with the file, the line and the cure."""
    root = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    if not isinstance(root, yaml.SequenceNode):
        raise BadDefinitions(f"{path.name}, dòng 1: tệp phải là danh sách bộ tiêu chí")
    found: dict[str, CriteriaSet] = {}
    for node in root.value:
        row = yaml.constructor.SafeConstructor().construct_object(node, deep=True)
        try:
            one = _set(row, path.parent)
        except (KeyError, TypeError, ValueError) as error:
            raise BadDefinitions(
                f"{path.name}, dòng {node.start_mark.line + 1}: không hiểu {error}. "
                "Mỗi bộ cần standard, level, kind, confirmed, note và một trong file, criteria, count."
            ) from error
        if one.standard in found:
            raise BadDefinitions(
                f"{path.name}, dòng {node.start_mark.line + 1}: bộ «{one.standard}» ghi hai lần, hãy bỏ một"
            )
        found[one.standard] = one
    return found


def _set(row: Mapping[str, Any], folder: Path) -> CriteriaSet:
    series = row.get("series", {})
    if "file" in row:
        with (folder / row["file"]).open(encoding="utf-8", newline="") as file:
            lines = [(int(one["no"]), one["criterion_vi"], one["group_vi"]) for one in csv.DictReader(file)]
    elif "criteria" in row:
        lines = [(number, name, "") for number, name in enumerate(row["criteria"], start=1)]
    else:
        lines = [(number, f"Tiêu chí {number}", "") for number in range(1, row["count"] + 1)]
    return CriteriaSet(
        standard=row["standard"],
        level=NewRuralLevel(row["level"]).value,
        kind=UnitKind(row["kind"]).value,
        criteria=tuple(
            Criterion(number, name, group, series.get(number, "")) for number, name, group in lines
        ),
        confirmed=row["confirmed"],
        note=row["note"],
    )


def set_of_year(
    year: int, *, kind: str = UnitKind.COMMUNE, level: str = NewRuralLevel.STANDARD
) -> tuple[CriteriaSet, Standard] | None:
    """The set that a year is judged by: the one that held for most of it; None when none did."""
    fitting = [one.standard for one in all_sets().values() if one.kind == kind and one.level == level]
    best: tuple[int, Standard] | None = None
    for standard in Standard.objects.filter(code__in=fitting):
        days = _days_within(standard, year)
        if days > 0 and (best is None or days > best[0]):
            best = (days, standard)
    return (all_sets()[best[1].code], best[1]) if best else None


def _days_within(standard: Standard, year: int) -> int:
    return (min(standard.until, date(year + 1, 1, 1)) - max(standard.since, date(year, 1, 1))).days
