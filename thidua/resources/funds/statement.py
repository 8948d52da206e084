"""The statement of a fund for a period: opening, in, out, closing of each holding, by donor and by use.

All of it is summed from the entries, so that it says the same whenever it is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q, Sum

from thidua.resources.funds.ledger import balances, signed
from thidua.resources.models import Account, DonorKind, Fund, Holding, LedgerEntry


@dataclass(frozen=True, slots=True)
class Line:
    """One holding over a period; what was reversed is taken off where it had been added."""

    holding: Holding
    opening: int
    received: int
    given_on: int
    closing: int
    used: int
    #: Given on and not yet shown to be used, at the end.
    waiting: int

    @property
    def closes(self) -> bool:
        return self.opening + self.received - self.given_on == self.closing


@dataclass(frozen=True, slots=True)
class DonorLine:
    """What one kind of donor gave of one holding: how many donors, how much."""

    kind: str
    holding: Holding
    donors: int
    amount: int


@dataclass(frozen=True, slots=True)
class Statement:
    fund: Fund
    since: date
    until: date
    lines: list[Line]
    by_donors: list[DonorLine]

    @property
    def closes(self) -> bool:
        return all(line.closes for line in self.lines)


def statement(fund: Fund, *, since: date, until: date) -> Statement:
    """From the first to the last day, both included."""
    before = {one.holding.pk: one for one in balances(fund, through=since - timedelta(days=1))}
    lines = [
        Line(
            one.holding,
            opening=before[one.holding.pk].held,
            received=one.given - before[one.holding.pk].given,
            given_on=(one.given_on + one.used)
            - (before[one.holding.pk].given_on + before[one.holding.pk].used),
            closing=one.held,
            used=one.used - before[one.holding.pk].used,
            waiting=one.given_on,
        )
        for one in balances(fund, through=until)
    ]
    return Statement(fund, since, until, lines, _by_donors(fund, since=since, until=until))


def _by_donors(fund: Fund, *, since: date, until: date) -> list[DonorLine]:
    rows = (
        LedgerEntry.objects.filter(
            fund=fund, booked_on__gte=since, booked_on__lte=until, receipt__isnull=False
        )
        .values("receipt__donor__kind", "holding_id")
        .annotate(
            amount=-Sum(signed(Account.DONORS)),
            donors=Count("receipt__donor", filter=Q(reverses__isnull=True), distinct=True),
        )
        .order_by("receipt__donor__kind", "holding_id")
    )
    holdings = Holding.objects.filter(fund=fund).in_bulk()
    kinds = dict(DonorKind.choices)
    return [
        DonorLine(
            str(kinds[row["receipt__donor__kind"]]), holdings[row["holding_id"]], row["donors"], row["amount"]
        )
        for row in rows
        if row["amount"]
    ]
