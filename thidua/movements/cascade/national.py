"""National movements with their plans, and the provincial plans known by number, from data/movements.

Reference data: loaded by `thidua load-national-plans`, also outside demonstrations; may be repeated. Figures
come from data/indicators/targets.csv. A change of the data makes a new version; nothing in force is changed.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction

from thidua.audit.log import Actor
from thidua.core.text import fold, sort_key
from thidua.documents.wording import MILESTONES
from thidua.movements.cascade.figures import figure_of, in_words
from thidua.movements.cascade.parents import Cited, issuer_of, known_plan, make_placeholder
from thidua.movements.models import (
    ItemDecision,
    ItemKind,
    Movement,
    Plan,
    PlanItem,
    PlanVersion,
    PlanVersionState,
)
from thidua.movements.plans.adoption import adopt
from thidua.organisations import tree
from thidua.organisations.matching import search_text
from thidua.organisations.models import Unit, UnitKind, UnitVersion

Entry = dict[str, Any]
_COMPARATORS = {
    ">=": "gte",
    ">": "gt",
    "<=": "lte",
    "<": "lt",
    "between": "between",
    "about": "approx",
    "=": "stated",
}
_UNITS = {
    "percentage points per year": ("pct_point", "year"),
    "percent of units": ("pct", ""),
    "percent": ("pct", ""),
    "ratio": ("ratio", ""),
}


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a run changed."""

    movements: int = 0
    plans: int = 0
    placeholders: int = 0

    @property
    def is_changed(self) -> bool:
        return bool(self.movements or self.plans or self.placeholders)


def load(root: Path, *, actor: Actor, now: datetime) -> Loaded:
    """Bring national movements, plans and placeholders up to date. `root` is the folder `data`."""
    source = yaml.safe_load((root / "movements" / "national.yaml").read_text(encoding="utf-8"))
    rows = _rows(root / "indicators" / "targets.csv")
    movements = plans = placeholders = 0
    with transaction.atomic():
        owner = _government(source["owner"])
        for one in source["movements"]:
            movement, is_new = _movement(one, owner=owner, now=now)
            movements += is_new
            by_number: dict[str, Plan] = {}
            for described in one["plans"]:
                plan, is_new = _plan(described, movement, owner, rows, actor=actor, now=now)
                by_number[described["number"]] = plan
                plans += is_new
            for described in one["placeholders"]:
                placeholders += _placeholder(described, movement, by_number, now=now)
    return Loaded(movements, plans, placeholders)


def _government(described: Mapping[str, str]) -> Unit:
    unit = Unit.objects.filter(key=described["key"]).first()
    if unit is not None:
        return unit
    nation = Unit.objects.filter(kind=UnitKind.NATION).order_by("pk").first()
    if nation is None:
        nation = _made("viet-nam", "Việt Nam", UnitKind.NATION, None)
    return _made(described["key"], described["name"], UnitKind.AGENCY, nation)


def _made(key: str, name: str, kind: UnitKind, parent: Unit | None) -> Unit:
    unit = Unit.objects.create(key=key, kind=kind)
    UnitVersion.objects.create(
        unit=unit,
        parent=parent,
        name=name,
        label=name,
        label_order=sort_key(name),
        search_text=search_text(name, "", ""),
    )
    tree.forget()
    return unit


def _movement(described: Mapping[str, Any], *, owner: Unit, now: datetime) -> tuple[Movement, bool]:
    known = Movement.objects.filter(name=described["name"], owner=owner).first()
    if known is not None:
        return known, False
    made = Movement.objects.create(
        name=described["name"],
        name_order=sort_key(described["name"]),
        theme=described["theme"],
        first_year=described["first_year"],
        last_year=described["last_year"],
        owner=owner,
        search_text=fold(described["name"]),
        made_at=now,
    )
    return made, True


def _plan(
    described: Mapping[str, Any],
    movement: Movement,
    owner: Unit,
    rows: Mapping[tuple[str, str, str], Mapping[str, str]],
    *,
    actor: Actor,
    now: datetime,
) -> tuple[Plan, bool]:
    cited = Cited(described["number"], described["issuer"], described["dated"], described["title"])
    plan = known_plan(cited, owner=owner) or make_placeholder(cited, owner=owner, movement=movement, now=now)
    entries = list(_entries(described, rows))
    current = plan.versions.filter(state=PlanVersionState.ADOPTED).first()
    if current is not None and current.document_id is not None:
        return plan, False  # somebody has put the real document in: it says it better
    if current is not None and [(item.kind, item.content) for item in current.items.order_by("position")] == [
        (kind, _json(entry)) for kind, entry in entries
    ]:
        return plan, False
    version = PlanVersion.objects.create(
        plan=plan,
        number=(plan.versions.order_by("-number").values_list("number", flat=True).first() or 0) + 1,
        replaces=current,
        title=described["title"],
        document_number=described["number"],
        dated=described["dated"],
        first_year=described["first_year"],
        last_year=described["last_year"],
        amendment_note="Cập nhật dữ liệu tham chiếu" if current else "",
        made_at=now,
    )
    counts: dict[str, int] = {}
    items = []
    for position, (kind, entry) in enumerate(entries, 1):
        counts[kind] = counts.get(kind, 0) + 1
        item = PlanItem(
            version=version,
            kind=kind,
            key=f"{'T' if kind == ItemKind.TARGET else 'M'}{counts[kind]}",
            position=position,
            quote=entry["quote"],
            as_read=_json(entry),
            content=_json(entry),
            decision=ItemDecision.ADDED,
            decision_note=_source_note(entry),
        )
        item.search_text = item.words_to_find
        items.append(item)
    PlanItem.objects.bulk_create(items)
    adopt(version, actor=actor, now=now)
    return plan, True


def _source_note(entry: Entry) -> str:
    confirmed = "đã đối chiếu" if entry["confirmed"] else "chưa đối chiếu văn bản gốc"
    return f"Nguồn: {entry['source']}; {confirmed}"[:500]


def _entries(
    described: Mapping[str, Any], rows: Mapping[tuple[str, str, str], Mapping[str, str]]
) -> list[tuple[str, Entry]]:
    found: list[tuple[str, Entry]] = []
    for target in described["targets"]:
        scope, name = target["row"]
        row = rows[(described["movement_in_csv"], scope, name)]
        found.append((ItemKind.TARGET, _target(target, row, described)))
    for milestone in described.get("milestones") or []:
        year, name = milestone["year"], MILESTONES.get(milestone["kind"], milestone["kind"])
        quote = f"{name[:1].upper()}{name[1:]} phong trào vào năm {year}"
        found.append(
            (
                ItemKind.MILESTONE,
                {
                    "kind": milestone["kind"],
                    "when": {"year": year, "raw": f"năm {year}"},
                    "who": None,
                    "quote": quote,
                    "source": described["number"]
                    if milestone["confirmed"]
                    else "kế hoạch của các địa phương",
                    "confirmed": milestone["confirmed"],
                    "remark": "" if milestone["confirmed"] else "chưa đối chiếu văn bản gốc",
                },
            )
        )
    return found


def _target(target: Mapping[str, Any], row: Mapping[str, str], described: Mapping[str, Any]) -> Entry:
    unit, per = _UNITS.get(row["unit"], (target.get("unit", ""), ""))
    low = Decimal(str(target["value"])) if "value" in target else Decimal(row["value_low"])
    high = Decimal(row["value_high"]) if row["value_high"] and "value" not in target else None
    last_year = described["last_year"]
    entry: Entry = {
        "indicator": target["indicator"],
        "label_vi": target["label"],
        "comparator": target.get("comparator") or _COMPARATORS[row["operator"]],
        **({"value": _plain(low)} if high is None else {"value_min": _plain(low), "value_max": _plain(high)}),
        "unit": target.get("unit") or unit,
        **({"per": per} if per else {"deadline": {"year": last_year, "raw": f"đến năm {last_year}"}}),
        "period": {"from": described["first_year"], "to": last_year, "stated": True},
        "scope": target.get("scope") or described["scope"],
        "source": row["source"],
        "confirmed": True,
        "remark": target.get("remark", ""),
    }
    if target.get("baseline_year"):
        entry["baseline"] = {"year": target["baseline_year"]}
    if target.get("national_only"):
        entry["national_only"] = True
    figure = figure_of(entry)
    assert figure is not None
    until = "" if per else f" đến năm {last_year}"
    entry["quote"] = f"{target['label']}: {in_words(figure)}{until} ({row['source']})"
    return entry


def _plain(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def _json(entry: Entry) -> str:
    return json.dumps(entry, ensure_ascii=False)


def _placeholder(
    described: Mapping[str, Any], movement: Movement, by_number: Mapping[str, Plan], *, now: datetime
) -> bool:
    cited = Cited(described["number"], described["issuer"], described["dated"], described["title"])
    owner = issuer_of(cited)
    plan = known_plan(cited, owner=owner)
    is_new = plan is None
    plan = plan or make_placeholder(cited, owner=owner, movement=movement, now=now)
    if plan.owner_id is None and owner is not None:  # the units came later
        plan.owner = owner
        plan.save(update_fields=["owner"])
    if is_new:
        plan.carries_out.add(*(by_number[number] for number in described["carries_out"]))
    return is_new


def _rows(path: Path) -> dict[tuple[str, str, str], Mapping[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return {(row["movement"], row["scope"], row["indicator_vi"]): row for row in csv.DictReader(file)}
