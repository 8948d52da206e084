"""The sum of a bonus, exactly: coefficient × multiplier × base salary, rounded up once, at the end.

Pure: what the law says on a day is handed in; `award_law.bonus` does that.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from thidua.core.formats import format_number


@dataclass(frozen=True, slots=True)
class Sum:
    """A bonus in đồng with the figures it comes from. `product` is before rounding."""

    coefficient: Decimal
    multiplier: Decimal
    base: int
    rounding: int
    product: Fraction
    amount: int

    @property
    def steps(self) -> str:
        """ "3,5 × 2 × 1.490.000 = 10.430.000 đồng"."""
        factors = [format_number(self.coefficient)]
        if self.multiplier != 1:
            factors.append(format_number(self.multiplier))
        line = " × ".join([*factors, format_number(self.base)])
        if self.product == self.amount:
            return f"{line} = {format_number(self.amount)} đồng"
        exact = Decimal(self.product.numerator) / Decimal(self.product.denominator)
        return f"{line} = {format_number(exact)}, làm tròn lên {format_number(self.amount)} đồng"


def bonus_sum(*, coefficient: Decimal, multiplier: Decimal, base: int, rounding: int) -> Sum:
    """Multiplied first, rounded up last: 3.5 × 2 × 1,490,000 is 10,430,000 and not twice 5,220,000.

    `base` and `rounding` in đồng. Raises ValueError when one of the four is not above zero.
    """
    if min(coefficient, multiplier, Decimal(base), Decimal(rounding)) <= 0:
        raise ValueError("Hệ số, mức nhân, lương cơ sở và hàng làm tròn phải lớn hơn 0")
    product = Fraction(coefficient) * Fraction(multiplier) * base
    amount = -(-product // rounding) * rounding
    return Sum(coefficient, multiplier, base, rounding, product, int(amount))
