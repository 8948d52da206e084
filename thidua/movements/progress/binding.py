"""What a target is measured by: offered from the reader's code and the scope, confirmed by a person.

`data/indicators/reader_map.yaml` says which indicator stands behind a code. Where it says nothing, or the
scope is no unit, nothing is bound and the reason is told.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import yaml
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from thidua.audit.log import Actor, record
from thidua.audit.models import Entry
from thidua.core.errors import RuleNotMet
from thidua.core.text import fold
from thidua.indicators.models import Indicator, IndicatorKind, Standard
from thidua.movements.models import Target, TargetBinding
from thidua.movements.progress.trajectory import Form
from thidua.organisations.models import Unit, UnitKind

ACTION = "movements.target.bind"
#: Scopes that mean the whole country, without accents.
_NATION = frozenset({"ca nuoc", "toan quoc", "viet nam"})


class BadReaderMap(ValueError):
    """The map of the reader's codes is wrong; says which line and why."""


@dataclass(frozen=True, slots=True)
class Offer:
    """One line of the map."""

    indicator: str
    form: Form
    base: str = ""
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Measured:
    """What a target is measured by."""

    indicator: Indicator
    unit_id: int
    form: Form
    base: Indicator | None = None
    standard: Standard | None = None
    segment: str = ""
    baseline_year: int | None = None
    is_confirmed: bool = False
    remark: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Unbound:
    """Why a target is measured by nothing, a clause without stop."""

    why: str


@cache
def reader_map() -> Mapping[str, Offer]:
    path = settings.BASE_DIR / "data" / "indicators" / "reader_map.yaml"
    return parse_map(yaml.safe_load(path.read_text(encoding="utf-8")), name=path.name)


def parse_map(found: Any, *, name: str) -> dict[str, Offer]:
    """The map with each line checked. Raises BadReaderMap."""
    if not isinstance(found, dict):
        raise BadReaderMap(f"{name}: phải là các dòng «mã: {{indicator: …, form: …}}»")
    offers = {}
    for code, line in found.items():
        if not isinstance(line, dict) or not line.keys() <= {"indicator", "form", "base", "remark"}:
            raise BadReaderMap(f"{name}, {code}: chỉ nhận indicator, form, base, remark")
        if not line.get("indicator") or line.get("form") not in set(Form):
            raise BadReaderMap(f"{name}, {code}: cần indicator và form ({', '.join(Form)})")
        if (line["form"] == Form.SHARE) != bool(line.get("base")):
            raise BadReaderMap(f"{name}, {code}: base đi với form share_of, và chỉ với form đó")
        offers[str(code)] = Offer(
            str(line["indicator"]), Form(line["form"]), str(line.get("base", "")), str(line.get("remark", ""))
        )
    return offers


def measured(targets: Collection[Target]) -> dict[int, Measured | Unbound]:
    """For each target what measures it; two queries, however many there are."""
    ids = [target.pk for target in targets]
    kept = {
        binding.target_id: binding
        for binding in TargetBinding.objects.filter(target_id__in=ids).select_related(
            "indicator__numerator", "indicator__denominator", "standard"
        )
    }
    offers = {target.pk: reader_map().get(target.indicator) for target in targets}
    codes = {code for offer in offers.values() if offer for code in (offer.indicator, offer.base) if code}
    known = {
        row.code: row
        for row in Indicator.objects.filter(code__in=codes).select_related("numerator", "denominator")
    }
    nation_id = _nation_id() if any(is_national(target) for target in targets) else None
    return {
        target.pk: _of(
            target,
            kept.get(target.pk),
            offers[target.pk],
            known,
            place_id=nation_id if is_national(target) else target.scope_unit_id,
        )
        for target in targets
    }


def is_national(target: Target) -> bool:
    return target.scope_unit_id is None and fold(target.scope_text) in _NATION


def _nation_id() -> int | None:
    return Unit.objects.filter(kind=UnitKind.NATION).values_list("pk", flat=True).first()


def _of(
    target: Target,
    binding: TargetBinding | None,
    offer: Offer | None,
    known: Mapping[str, Indicator],
    *,
    place_id: int | None,
) -> Measured | Unbound:
    if binding is not None:
        unit_id = binding.unit_id or place_id
        if unit_id is None:
            return Unbound("chưa chọn địa bàn lấy số liệu")
        is_offered = offer is not None and offer.indicator == binding.indicator.code
        form = offer.form if is_offered and offer else form_of(target.unit, binding.indicator)
        base = known.get(offer.base) if is_offered and offer else None
        if form is Form.SHARE and base is None:
            base = binding.indicator.part_of
        return Measured(
            indicator=binding.indicator,
            unit_id=unit_id,
            form=form,
            base=base,
            standard=binding.standard,
            segment=binding.segment,
            baseline_year=binding.baseline_year,
            is_confirmed=binding.is_confirmed,
            remark=offer.remark if is_offered and offer else "",
            note=binding.note,
        )
    if offer is None:
        return Unbound("chương trình chưa biết chỉ tiêu này đo bằng số liệu nào")
    indicator = known.get(offer.indicator)
    if indicator is None:
        return Unbound("chỉ tiêu thống kê tương ứng chưa có trong danh mục")
    if place_id is None:
        scope = f"«{target.scope_text}» " if target.scope_text else ""
        return Unbound(f"phạm vi {scope}không phải một đơn vị cụ thể, cần chọn địa bàn lấy số liệu")
    return Measured(
        indicator=indicator,
        unit_id=place_id,
        form=offer.form,
        base=known.get(offer.base),
        remark=offer.remark,
    )


def form_of(unit: str, indicator: Indicator) -> Form:
    """How a target in a unit of measure speaks of an indicator that a person chose."""
    if unit == "pct_point":
        return Form.FALL_PER_YEAR
    if unit == "pct_change":
        return Form.FALL
    if unit == "ratio":
        return Form.RATIO
    if indicator.kind in (IndicatorKind.SHARE, IndicatorKind.MEAN):
        return Form.LEVEL
    if unit == "pct" and indicator.part_of_id:
        return Form.SHARE
    return Form.LEVEL if indicator.kind == IndicatorKind.AMOUNT else Form.COUNT


def bind(
    target: Target,
    *,
    indicator: Indicator,
    unit: Unit | None,
    standard: Standard | None = None,
    segment: str = "",
    baseline_year: int | None = None,
    note: str = "",
    actor: Actor,
    now: datetime,
) -> TargetBinding:
    """Say what measures a target; the log keeps what did before. Raises RuleNotMet, NotAllowed."""
    actor.require("target.bind", target)
    if segment and segment not in indicator.segments:
        raise RuleNotMet(
            "Chưa gắn được số liệu",
            why=f"chỉ tiêu thống kê «{indicator.name}» không có phân tổ «{segment}»",
            next_step="Chọn phân tổ khác, hoặc để trống để lấy số chung",
        )
    if unit is None and target.scope_unit_id is None and not is_national(target):
        raise RuleNotMet(
            "Chưa gắn được số liệu",
            why="phạm vi của chỉ tiêu không phải một đơn vị cụ thể",
            next_step="Chọn địa bàn lấy số liệu",
        )
    with transaction.atomic():
        before = TargetBinding.objects.select_for_update().filter(target=target).first()
        told = _told(before) if before else {}
        binding = before or TargetBinding(target=target)
        binding.indicator, binding.unit, binding.standard = indicator, unit, standard
        binding.segment, binding.baseline_year, binding.note = segment, baseline_year, note
        binding.is_confirmed = True
        binding.save()
        after = _told(binding)
        record(
            ACTION,
            target,
            label="Gắn chỉ tiêu với số liệu" if not told else "Đổi số liệu gắn với chỉ tiêu",
            actor=actor,
            now=now,
            object_label=target.label,
            object_unit_id=target.plan.owner_id,
            reason=note,
            details={"before": told, "after": after},
        )
    return binding


def confirm_offered(targets: Collection[Target], *, note: str = "", actor: Actor, now: datetime) -> int:
    """Confirm what is offered for each target that nobody has bound yet; returns for how many.

    Targets without an offer, and those a person has bound, stay as they are. Raises NotAllowed.
    """
    bound = set(TargetBinding.objects.filter(target__in=targets).values_list("target_id", flat=True))
    found = measured(targets)
    count = 0
    with transaction.atomic():
        for target in targets:
            offered = found[target.pk]
            if target.pk in bound or not isinstance(offered, Measured):
                continue
            bind(target, indicator=offered.indicator, unit=None, note=note, actor=actor, now=now)
            count += 1
    return count


def _told(binding: TargetBinding) -> dict[str, Any]:
    return {
        "indicator": binding.indicator.name,
        "unit_id": binding.unit_id,
        "standard": binding.standard.name if binding.standard else "",
        "segment": binding.segment,
        "baseline_year": binding.baseline_year,
    }


def history_of(target: Target) -> QuerySet[Entry]:
    """Who bound the target when, newest first."""
    return Entry.objects.filter(
        action=ACTION, object_type=Target._meta.label_lower, object_id=str(target.pk)
    ).order_by("-number")
