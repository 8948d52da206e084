"""Published decisions of recognition, from `data/indicators/recognitions.csv`, with their sources."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from thidua.audit.log import Actor
from thidua.core.text import skeleton
from thidua.indicators.definitions import BadDefinitions, Definitions
from thidua.indicators.models import NewRuralLevel, Recognition, Source
from thidua.indicators.new_rural.recognitions import recognise
from thidua.organisations import tree
from thidua.organisations.models import Unit, UnitKind, UnitVersion


@dataclass
class Recognised:
    """What loading did; `unmatched` are places that are no commune of that province on the day."""

    new: int = 0
    known: int = 0
    unmatched: list[str] = field(default_factory=list)


def load(path: Path, definitions: Definitions, *, actor: Actor, now: datetime) -> Recognised:
    """Write down the decisions that are not there yet. Raises BadDefinitions with file and line."""
    report = Recognised()
    with path.open(encoding="utf-8", newline="") as file:
        for line, row in enumerate(csv.DictReader(file), start=2):
            try:
                _load(row, report, definitions, actor=actor, now=now)
            except (KeyError, ValueError) as error:
                raise BadDefinitions(
                    f"{path.name}, dòng {line}: không hiểu {error}. Sửa dòng này theo các dòng khác."
                ) from error
    return report


def _load(
    row: Mapping[str, str], report: Recognised, definitions: Definitions, *, actor: Actor, now: datetime
) -> None:
    level, for_year = NewRuralLevel(row["level"]), int(row["for_year"])
    decided_on = date.fromisoformat(row["decided_on"])
    unit = _commune(row["province"], row["place"], on=decided_on)
    if unit is None:
        report.unmatched.append(row["place"])
    elif unit.recognitions.filter(level=level, for_year=for_year).exists():
        report.known += 1
    else:
        found = recognise(
            unit,
            level,
            for_year=for_year,
            number=row["number"],
            issuer=row["issuer"],
            decided_on=decided_on,
            actor=actor,
            now=now,
        )
        title = definitions.sources.get(row["source_id"], row["source"])
        source, _ = Source.objects.get_or_create(
            code=row["source_id"], title=title, defaults={"url": row["source_url"]}
        )
        Recognition.objects.filter(pk=found.pk).update(source=source)
        report.new += 1


def _commune(province: str, name: str, *, on: date) -> Unit | None:
    """The one commune (xã) of a name in a province on a day."""
    rows = UnitVersion.objects.filter(tree.valid_on(on)).select_related("unit")
    above = [
        row for row in rows.filter(unit__kind=UnitKind.PROVINCE) if skeleton(row.name) == skeleton(province)
    ]
    if len(above) != 1:
        return None
    below = rows.filter(
        unit_id__in=tree.ids_at_or_below([above[0].unit_id], on=on), unit__kind=UnitKind.COMMUNE, form="xã"
    )
    fitting = [row.unit for row in below if skeleton(row.name) == skeleton(name)]
    return fitting[0] if len(fitting) == 1 else None
