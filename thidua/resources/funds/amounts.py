"""Amounts of a holding: whole đồng for money, hundredths of the measure for all else; to and from words."""

from __future__ import annotations

from decimal import Decimal

from thidua.core.errors import RuleNotMet
from thidua.core.formats import format_number, parse_number
from thidua.resources.models import Holding, HoldingKind

#: Digits after the comma of what is not money.
PLACES = 2
#: So much of anything is surely a slip of the hand; it also keeps sums within the database's whole numbers.
MOST = 10**15


def in_words(amount: int, holding: Holding) -> str:
    """ "1.500.000 đồng", "12,5 kg gạo", "30 ngày công"."""
    if holding.kind == HoldingKind.GOODS:
        return f"{figure(amount, holding)} {holding.measure} {holding.name}"
    return f"{figure(amount, holding)} {holding.measure}"


def titled(holding: Holding) -> str:
    """ "tiền (đồng)", "gạo (kg)", "ngày công"."""
    return holding.name if holding.name == holding.measure else f"{holding.name} ({holding.measure})"


def figure(amount: int, holding: Holding) -> str:
    return format_number(exact(amount, holding))


def exact(amount: int, holding: Holding) -> Decimal | int:
    return amount if holding.is_money else Decimal(amount).scaleb(-PLACES)


def parsed(text: str, kind: str) -> int:
    """What a person wrote as the amount of a holding. Raises RuleNotMet."""
    places = 0 if kind == HoldingKind.MONEY else PLACES
    try:
        number = parse_number(text.strip())
    except ValueError:
        number = Decimal(-1)
    scaled = number.scaleb(places)
    if not (0 < scaled <= MOST) or scaled != scaled.to_integral_value():
        raise RuleNotMet(
            f"«{text.strip()}» chưa dùng được",
            why="tiền ghi bằng đồng tròn; hiện vật, ngày công nhiều nhất hai số lẻ; đều lớn hơn 0",
            next_step="Ghi như 1.500.000 hoặc 12,5",
        )
    return int(scaled)
