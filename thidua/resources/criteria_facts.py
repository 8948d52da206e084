"""What resources know that criteria ask: loans of households, contributions of units. For awards."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date

from thidua.criteria.facts import Event, Figure, Source
from thidua.resources.credit.taking_in import well_kept
from thidua.resources.models import HoldingKind, Receipt, ReceiptState

LOANS, LOANS_SOURCE = "loan_used_for_purpose_and_repaid_on_time", "von-vay-chinh-sach"
CONTRIBUTIONS, FUNDS_SOURCE = "contributions", "so-quy"


def sources() -> dict[str, Source]:
    """Where the facts of this room come from, by the keys that they name."""
    return {
        LOANS_SOURCE: Source("Số liệu vốn vay của ngân hàng chính sách xã hội"),
        FUNDS_SOURCE: Source("Sổ quỹ: biên nhận ủng hộ bằng tiền"),
    }


#: So many keys go into one question: a database takes no more than some ten thousands.
AT_ONCE = 10_000


def _parts(keys: Collection[int]) -> Iterator[list[int]]:
    rows = sorted(keys)
    for start in range(0, len(rows), AT_ONCE):
        yield rows[start : start + AT_ONCE]


def loan_figures(household_ids: Collection[int], *, on: date) -> dict[int, Figure]:
    """By household the answer to «dùng vốn đúng mục đích, trả gốc, lãi đúng hạn», where it is known."""
    return {
        pk: Figure(answer, LOANS_SOURCE)
        for part in _parts(household_ids)
        for pk, (answer, _) in well_kept(part, on=on).items()
    }


def contribution_events(unit_ids: Collection[int], *, on: date) -> dict[int, tuple[Event, ...]]:
    """By unit its gifts of money to funds, each with its day. Who gave nothing we know of is left out."""
    found: dict[int, list[Event]] = {}
    for part in _parts(unit_ids):
        rows = (
            Receipt.objects.filter(
                donor__unit__in=part,
                state=ReceiptState.ISSUED,
                holding__kind=HoldingKind.MONEY,
                received_on__lte=on,
            )
            .order_by("received_on", "pk")
            .values_list("donor__unit_id", "received_on", "amount", "fund__kind")
        )
        for unit_id, day, amount, kind in rows:
            event = Event(day, amount, (("fund", kind),), FUNDS_SOURCE)
            found.setdefault(unit_id, []).append(event)
    return {unit_id: tuple(events) for unit_id, events in found.items()}
