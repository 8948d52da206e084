"""What the log says of figures: one line for each batch, with a hash by which its content can be proven."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import chain
from typing import Any

import numpy as np

from thidua.audit.log import Actor, canonical, record
from thidua.audit.models import Entry as LogEntry
from thidua.indicators.entries import Entries
from thidua.indicators.models import Indicator, Value
from thidua.indicators.value_rows import Written
from thidua.organisations.authority import Acting


def log(
    act: str,
    label: str,
    written: Written,
    *,
    actor: Actor,
    now: datetime,
    reason: str = "",
    before: Value | None = None,
    more: dict[str, Any] | None = None,
) -> None:
    """One line for a batch: how many of what, and a hash by which the content can be proven."""
    first = written[0]
    indicator = Indicator.objects.get(pk=first.indicator_id)
    others = written.others
    unit_ids = {*np.unique(written.first.unit_ids).tolist(), *(value.unit_id for value in others)}
    indicator_ids = {*np.unique(written.first.indicator_ids).tolist(), *(one.indicator_id for one in others)}
    spans = [(one.since, one.until) for one in written.first.contexts]
    spans += [(one.since, one.until) for one in others]
    details: dict[str, Any] = {
        "values": len(written),
        "units": len(unit_ids),
        "indicators": sorted(indicator_ids),
        "since": min(since for since, _ in spans),
        "until": max(until for _, until in spans),
        "sha256": _hash(chain(_lines(written.first), map(_line, others))),
        **(more or {}),
    }
    standing_in = actor.stands_in("value.enter", unit_ids) if isinstance(actor, Acting) else []
    if standing_in:
        details["on_behalf_of"] = [str(one) for one in standing_in]
    if len(written) == 1:
        details |= {"value": first.pk, "amount": first.amount, "stage": first.stage}
    if before is not None:
        details |= {"before": before.pk, "before_amount": before.amount}
    count = len(indicator_ids) - 1
    record(
        f"indicators.value.{act}",
        indicator,
        label=label,
        actor=actor,
        now=now,
        object_label=f"{indicator.name}{f' và {count} chỉ tiêu khác' if count else ''}",
        object_unit_id=next(iter(unit_ids)) if len(unit_ids) == 1 else None,
        reason=reason,
        details=details,
    )


@dataclass(frozen=True, slots=True)
class EnteredBy:
    """Who gave a figure, as the log keeps it: with role and unit, and for which places it was given."""

    by: str = ""
    on_behalf_of: tuple[str, ...] = ()


def entered_by(value: Value) -> EnteredBy:
    """What the log says of the batch that a figure came in with; empty when the program loaded it."""
    if value.user_id is None:
        return EnteredBy()
    lines = LogEntry.objects.filter(
        user=value.user_id,
        at=value.entered_at,
        action__in=("indicators.value.enter", "indicators.value.correct"),
    )
    line = lines.order_by("number").first()
    if line is None:
        return EnteredBy()
    return EnteredBy(line.actor, tuple(json.loads(line.details).get("on_behalf_of", ())))


def content_hash(values: Iterable[Value]) -> str:
    """SHA-256 of figures in a fixed order: the same whichever way they were listed."""
    return _hash(map(_line, values))


def _hash(lines: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()


def _line(value: Value) -> str:
    return canonical(
        [
            value.indicator_id,
            value.unit_id,
            value.since,
            value.until,
            value.standard_id,
            value.segment,
            value.stage,
            _said(value.amount),
            value.source_id,
        ]
    )


def _said(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:.4f}"


def _lines(entries: Entries) -> Iterator[str]:
    """The same lines of many figures: what they have in common is put into words once."""
    middle = entries.by_shared(lambda one: canonical([*one.context, one.stage])[1:-1])
    end = entries.by_shared(lambda one: canonical(one.source_id))
    whole, fractions = entries.parts
    columns = entries.indicator_ids.tolist(), entries.unit_ids.tolist(), entries.amounts, whole, fractions
    for indicator_id, unit_id, amount, integer, fraction, shared, source in zip(
        *columns, middle, end, strict=True
    ):
        # to print a whole number is four times as quick
        said = f'"{amount:.4f}"' if fraction else "null" if amount is None else f'"{integer}.0000"'
        yield f"[{indicator_id},{unit_id},{shared},{said},{source}]"
