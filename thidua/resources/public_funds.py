"""What the public may know of funds: who gave and what for, without anybody who did not agree.

Only funds that their body made public. Private donors who did not agree are one line together; households
that received are one line together, without place, purpose or name; groups below `publicity.small_count` of
the lawbook show no count and no amount of their own.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Sum

from thidua.criteria import lawbook
from thidua.organisations import tree
from thidua.resources.funds.amounts import in_words
from thidua.resources.funds.ledger import balances
from thidua.resources.models import (
    Allocation,
    AllocationState,
    Donor,
    Fund,
    Holding,
    Receipt,
    ReceiptState,
    RecipientKind,
)

ON_THE_WAY = (AllocationState.GIVEN, AllocationState.SETTLED)


@dataclass(frozen=True, slots=True)
class PublicLine:
    """A donor or a use: what it is called, how much in words, how many stand behind it (None: not told)."""

    name: str
    amounts: tuple[str, ...]
    count: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class PublicFund:
    """One fund as the portal may show it. All texts are ready to be read."""

    key: int
    name: str
    kind: str
    keeper: str
    keeper_key: str
    purpose: str
    as_of: date
    #: By holding: received, still held, waiting for proof, used.
    totals: tuple[tuple[str, str, str, str, str], ...]
    donors: tuple[PublicLine, ...]
    uses: tuple[PublicLine, ...]
    is_invented: bool = False


@dataclass
class _Sums:
    """Amounts of several holdings under one name."""

    amounts: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    members: set[int] = field(default_factory=set)
    note: str = ""


def public_funds(*, on: date, unit_ids: frozenset[int] | None = None) -> list[PublicFund]:
    """Public funds as they stand at the end of a day, by name; of some keepers or of all."""
    rows = Fund.objects.filter(is_public=True).select_related("unit").order_by("name_order", "pk")
    if unit_ids is not None:
        rows = rows.filter(unit_id__in=unit_ids)
    funds = list(rows)
    labels = tree.labels_on([fund.unit_id for fund in funds], on=on)
    return [_public(fund, labels.get(fund.unit_id, ""), on=on) for fund in funds]


def _public(fund: Fund, keeper: str, *, on: date) -> PublicFund:
    standing = balances(fund, through=on)
    holdings = {one.holding.pk: one.holding for one in standing}
    return PublicFund(
        key=fund.pk,
        name=fund.name,
        kind=str(fund.get_kind_display()),
        keeper=keeper,
        keeper_key=fund.unit.key,
        purpose=fund.purpose,
        as_of=on,
        totals=tuple(
            (
                one.holding.name,
                in_words(one.given, one.holding),
                in_words(one.held, one.holding),
                in_words(one.given_on, one.holding),
                in_words(one.used, one.holding),
            )
            for one in standing
            if one.given
        ),
        donors=tuple(_donors(fund, holdings, on=on)),
        uses=tuple(_uses(fund, holdings, on=on)),
        is_invented=fund.is_invented,
    )


def _donors(fund: Fund, holdings: dict[int, Holding], *, on: date) -> list[PublicLine]:
    rows = (
        Receipt.objects.filter(fund=fund, state=ReceiptState.ISSUED, received_on__lte=on)
        .values("donor_id", "holding_id")
        .annotate(amount=Sum("amount"))
        .order_by("donor__name_order", "donor_id", "holding_id")
    )
    found = list(rows)
    donors = Donor.objects.in_bulk({row["donor_id"] for row in found})
    named: dict[str, _Sums] = {}
    others = _Sums()
    for row in found:
        donor = donors[row["donor_id"]]
        is_told = not donor.is_private or donor.agrees_to_be_named
        sums = named.setdefault(donor.name, _Sums()) if is_told else others
        sums.amounts[row["holding_id"]] += row["amount"]
        sums.members.add(donor.pk)
    lines = [PublicLine(name, _told(sums, holdings)) for name, sums in named.items()]
    if others.members:
        lines.append(_group("Cá nhân, hộ gia đình không nêu tên", others, holdings, on=on))
    return lines


def _uses(fund: Fund, holdings: dict[int, Holding], *, on: date) -> list[PublicLine]:
    rows = list(
        Allocation.objects.filter(fund=fund, state__in=ON_THE_WAY, given_on__lte=on).order_by(
            "given_on", "pk"
        )
    )
    labels = tree.labels_on([one.recipient_unit_id for one in rows if one.recipient_unit_id], on=on)
    told: dict[str, _Sums] = {}
    households = _Sums()
    for one in rows:
        if one.recipient_kind == RecipientKind.HOUSEHOLD:
            households.amounts[one.holding_id] += one.amount
            households.members.add(one.household_id or 0)
            continue
        place = _label(one, labels, on=on)
        sums = told.setdefault(f"{one.purpose} – {place}" if place else one.purpose, _Sums())
        sums.amounts[one.holding_id] += one.amount
        sums.note = str(one.get_state_display())
    lines = [PublicLine(name, _told(sums, holdings), note=sums.note) for name, sums in told.items()]
    if households.members:
        lines.append(_group("Hộ gia đình được hỗ trợ", households, holdings, on=on))
    return lines


def _label(one: Allocation, labels: dict[int, str], *, on: date) -> str:
    if one.recipient_unit_id is None:
        return ""
    if one.recipient_unit_id in labels:
        return labels[one.recipient_unit_id]
    version = tree.last_version(one.recipient_unit_id, on=on)
    return version.label if version else ""


def _group(name: str, sums: _Sums, holdings: dict[int, Holding], *, on: date) -> PublicLine:
    """Fewer than the threshold could be recognised by who knows the place."""
    threshold = int(lawbook.value("publicity.small_count", on=on).value)
    if len(sums.members) < threshold:
        return PublicLine(name, (), None, note=f"dưới {threshold}, không nêu riêng")
    return PublicLine(name, _told(sums, holdings), len(sums.members))


def _told(sums: _Sums, holdings: dict[int, Holding]) -> tuple[str, ...]:
    return tuple(in_words(amount, holdings[pk]) for pk, amount in sorted(sums.amounts.items()))
