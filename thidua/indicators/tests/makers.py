"""The shipped definitions, and figures to enter, for tests of this app and of those above."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings

from thidua.audit.log import System
from thidua.indicators import definitions
from thidua.indicators.models import Indicator, Source, Standard, Value
from thidua.indicators.values import Entry, enter, year
from thidua.organisations.models import Unit

NOW = datetime(2023, 11, 5, 3, 0, tzinfo=UTC)
#: The program itself, which may do everything.
PROGRAM = System(on=date(2023, 11, 5))


def define() -> None:
    """Load what is measured, as it is shipped."""
    definitions.load(definitions.read(settings.BASE_DIR / "data" / "indicators" / "definitions.yaml"))


def indicator(code: str) -> Indicator:
    return Indicator.objects.get(code=code)


def standard(code: str = "ngheo-2022-2026") -> Standard:
    return Standard.objects.get(code=code)


def source(code: str) -> Source:
    return Source.objects.get_or_create(code=code, title=f"Nguồn {code}")[0]


def entry(code: str, unit: Unit, number: int, amount: int | str | None, **more: Any) -> Entry:
    """A figure of a year, under the poverty standard of 2022 unless told otherwise."""
    since, until = year(number)
    more.setdefault("standard_id", standard().pk)
    return Entry(
        indicator(code).pk,
        unit.pk,
        since,
        until,
        None if amount is None else Decimal(amount),
        nothing_arose=amount is None,
        **more,
    )


def give(code: str, unit: Unit, number: int, amount: int | str | None, **more: Any) -> Value:
    """Enter one figure on behalf of the program, and answer its row."""
    [value] = enter([entry(code, unit, number, amount, **more)], actor=PROGRAM, now=NOW).values
    return value
