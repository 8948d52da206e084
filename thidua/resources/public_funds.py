"""What the public may know of funds: who gave and what for, without anybody who did not agree.

Only funds that their body made public. Private donors who did not agree are one line together; households
that received are one line together, without place, purpose or name. Such a group below
`publicity.small_count` of the lawbook is added to the smallest named line of each holding, so that taking the
other lines from the total does not give its amount; where there is no such line the totals are kept back.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Sum

from thidua.criteria import lawbook
from thidua.organisations import tree
from thidua.resources.funds.amounts import in_words
from thidua.resources.funds.ledger import Balance, balances
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

#: Stands for a total that would tell the amount of a small group.
NOT_TOLD = "không nêu"

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
    #: Who stands behind the amount of each holding, of people that are told as a group only.
    members: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    note: str = ""


@dataclass(frozen=True, slots=True)
class _Told:
    """Lines as they may be shown, and what must then not be told of holdings by their keys."""

    lines: tuple[PublicLine, ...]
    #: Totals from which the amount of a small group would follow.
    kept_back: frozenset[int] = frozenset()
    #: Holdings in which a small group is part of a line: how far it is settled would tell it apart.
    shared: frozenset[int] = frozenset()


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
    donors, uses = _donors(fund, holdings, on=on), _uses(fund, holdings, on=on)
    return PublicFund(
        key=fund.pk,
        name=fund.name,
        kind=str(fund.get_kind_display()),
        keeper=keeper,
        keeper_key=fund.unit.key,
        purpose=fund.purpose,
        as_of=on,
        totals=tuple(_totals(one, donors, uses) for one in standing if one.given),
        donors=donors.lines,
        uses=uses.lines,
        is_invented=fund.is_invented,
    )


def _totals(one: Balance, donors: _Told, uses: _Told) -> tuple[str, str, str, str, str]:
    key, holding = one.holding.pk, one.holding
    given, held, waiting, used = (
        in_words(amount, holding) for amount in (one.given, one.held, one.given_on, one.used)
    )
    if key in donors.kept_back:
        given = held = waiting = used = NOT_TOLD
    if key in uses.kept_back:
        held = waiting = used = NOT_TOLD
    if key in uses.shared:
        waiting = used = NOT_TOLD
    return holding.name, given, held, waiting, used


def _donors(fund: Fund, holdings: dict[int, Holding], *, on: date) -> _Told:
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
        sums.members[row["holding_id"]].add(donor.pk)
    return _with_group(named, others, "cá nhân, hộ gia đình không nêu tên", holdings, on=on)


def _uses(fund: Fund, holdings: dict[int, Holding], *, on: date) -> _Told:
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
            households.members[one.holding_id].add(one.household_id or 0)
            continue
        place = _label(one, labels, on=on)
        sums = told.setdefault(f"{one.purpose} – {place}" if place else one.purpose, _Sums())
        sums.amounts[one.holding_id] += one.amount
        sums.note = str(one.get_state_display())
    return _with_group(told, households, "hộ gia đình được hỗ trợ", holdings, on=on)


def _label(one: Allocation, labels: dict[int, str], *, on: date) -> str:
    if one.recipient_unit_id is None:
        return ""
    if one.recipient_unit_id in labels:
        return labels[one.recipient_unit_id]
    version = tree.last_version(one.recipient_unit_id, on=on)
    return version.label if version else ""


def _with_group(
    named: dict[str, _Sums], group: _Sums, name: str, holdings: dict[int, Holding], *, on: date
) -> _Told:
    """The named lines, and the group behind them: alone where large, else with the smallest line."""
    lines = {key: PublicLine(key, _told(sums, holdings), note=sums.note) for key, sums in named.items()}
    capital = name[:1].upper() + name[1:]
    threshold = int(lawbook.value("publicity.small_count", on=on).value)
    alone, joined = _Sums(), _Sums()
    partners: dict[int, str] = {}
    kept_back = set()
    for holding, amount in group.amounts.items():
        amounts = [(sums.amounts[holding], key) for key, sums in named.items() if holding in sums.amounts]
        if len(group.members[holding]) >= threshold:
            alone.amounts[holding] = amount
            alone.members[holding] = group.members[holding]
        elif amounts:
            joined.amounts[holding] = amount
            partners[holding] = min(amounts)[1]
        else:
            kept_back.add(holding)
    names = list(dict.fromkeys(partners.values()))
    for key in names:
        lines.pop(key)
        for holding, amount in named[key].amounts.items():
            joined.amounts[holding] += amount
    told = list(lines.values())
    if partners:
        note = f"dưới {threshold} người hoặc hộ, số tiền cộng chung"
        told.append(PublicLine(f"{', '.join(names)} và {name}", _told(joined, holdings), note=note))
    if alone.amounts:
        count = len(set[int]().union(*alone.members.values()))
        told.append(PublicLine(capital, _told(alone, holdings), count))
    elif kept_back and not partners:
        told.append(PublicLine(capital, (), note=f"dưới {threshold}, không nêu riêng"))
    return _Told(tuple(told), kept_back=frozenset(kept_back), shared=frozenset(partners))


def _told(sums: _Sums, holdings: dict[int, Holding]) -> tuple[str, ...]:
    return tuple(in_words(amount, holdings[pk]) for pk, amount in sorted(sums.amounts.items()))
