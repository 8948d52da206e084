"""Numbers, dates, Roman numerals and point letters as Vietnamese documents print them.

Decimal comma and thousands dot; day before month. Everything that is not clearly well-formed is refused with
ValueError: a wrong figure is worse than a missing one.
"""

import re
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal

POINT_LETTERS = "abcdđeghiklmnopqrstuvxy"  # no f, j, w, z in enumerations

_NUMBER = re.compile(
    r"([+\-−–]?)"
    r"(?:([0-9]{1,3}(?:\.[0-9]{3})+)|([0-9]{1,3}(?:[ \u00a0\u202f][0-9]{3})+)|([0-9]+))"
    r"(?:,([0-9]+))?"
)
_NOT_DIGIT = re.compile(r"[^0-9]")
_PERCENT = re.compile(r"\s*%$")
_DATE = re.compile(
    r"(?:ngày\s+)?([0-9]{1,2})\s*(?:([/.\-])\s*([0-9]{1,2})\s*\2\s*([0-9]{4})"
    r"|\s+tháng\s+([0-9]{1,2})\s*,?\s+năm\s+([0-9]{4}))",
    re.IGNORECASE,
)
_ROMAN = re.compile(r"M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")
_ROMAN_VALUES = dict(
    zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        ("M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"),
        strict=True,
    )
)


def parse_number(text: str) -> Decimal:
    """ "2.989,5" as Decimal("2989.5"); "1.234" is a thousand and more, "1,5" one and a half, "01" one.

    Raises ValueError for anything else, also for "1.5", "0.123" and "1,234,567".
    """
    match = _NUMBER.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"not a Vietnamese number: {text!r}")
    sign, dotted, spaced, plain, fraction = match.groups()
    grouped = dotted or spaced
    if grouped and grouped.startswith("0"):
        raise ValueError(f"not a Vietnamese number: {text!r}")
    whole = _NOT_DIGIT.sub("", grouped or plain)
    value = Decimal(f"{whole}.{fraction}" if fraction else whole)
    return value.copy_negate() if sign and sign != "+" else value


def parse_percent(text: str) -> Decimal:
    """ "41,6%" or "41,6 %" as Decimal("41.6"), from 0 to 100. Raises ValueError without the sign."""
    stripped, count = _PERCENT.subn("", text.strip())
    if not count:
        raise ValueError(f"not a percentage: {text!r}")
    return parse_number(stripped)


def format_number(value: Decimal | int, *, places: int | None = None) -> str:
    """1.234,5: with `places` decimals, rounded half up, or with those the value has, less final zeros."""
    number = Decimal(value)
    if not number.is_finite():
        raise ValueError(f"not a finite number: {value!r}")
    if places is not None:
        number = _round(number, places=places)
    digits = f"{number.copy_abs():f}"  # abs() would round to the precision of the context
    whole, _, fraction = digits.partition(".")
    if places is None:
        fraction = fraction.rstrip("0")
    grouped = f"{int(whole):,}".replace(",", ".")
    negative = number < 0
    return f"{'-' if negative else ''}{grouped}{',' + fraction if fraction else ''}"


def _round(number: Decimal, *, places: int) -> Decimal:
    digits = len(number.as_tuple().digits) + abs(number.adjusted()) + places + 2
    return number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP, context=Context(prec=digits))


def format_percent(percent: Decimal | int, *, places: int | None = None) -> str:
    """41,6 % for Decimal("41.6"); `percent` runs from 0 to 100."""
    return f"{format_number(percent, places=places)} %"


def parse_date(text: str) -> date:
    """ "02/6/2022", "18-07-2022", "1.7.2022" or "ngày 10 tháng 11 năm 2022": day first, always.

    Raises ValueError for other forms and for days that do not exist.
    """
    match = _DATE.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"not a Vietnamese date: {text!r}")
    day, _, month, year, long_month, long_year = match.groups()
    return date(int(year or long_year), int(month or long_month), int(day))


def format_date(day: date) -> str:
    """20/11/2026."""
    return f"{day.day:02}/{day.month:02}/{day.year:04}"


def format_date_nd30(day: date) -> str:
    """ "ngày 05 tháng 01 năm 2026": zero only before days below 10 and months 1 and 2.

    Source: Nghị định 30/2020/NĐ-CP, Annex I, Part I, II.4.b.
    """
    return f"ngày {day.day:02} tháng {_nd30_month(day.month)} năm {day.year:04}"


def format_date_nd30_short(day: date) -> str:
    """ "05/01/2026", "18/7/2022": the short form of citations, padded by the same rule as the long one."""
    return f"{day.day:02}/{_nd30_month(day.month)}/{day.year:04}"


def _nd30_month(month: int) -> str:
    return f"{month:02}" if month <= 2 else str(month)


def parse_roman(text: str) -> int:
    """ "IV" as 4, from 1 to 3999, capitals only. Raises ValueError."""
    if not text or _ROMAN.fullmatch(text) is None:
        raise ValueError(f"not a Roman numeral: {text!r}")
    total, rest = 0, text
    for value, letters in _ROMAN_VALUES.items():
        while rest.startswith(letters):
            total += value
            rest = rest[len(letters) :]
    return total


def format_roman(number: int) -> str:
    """4 as "IV". Raises ValueError outside 1 to 3999."""
    if not 1 <= number <= 3999:
        raise ValueError(f"no Roman numeral for {number}")
    letters = ""
    for value, numeral in _ROMAN_VALUES.items():
        count, number = divmod(number, value)
        letters += numeral * count
    return letters


def point_letter(position: int) -> str:
    """Letter of the point at `position`, counted from 1: a, b, c, d, đ, e, g … Raises ValueError beyond y."""
    if not 1 <= position <= len(POINT_LETTERS):
        raise ValueError(f"no point letter for position {position}")
    return POINT_LETTERS[position - 1]


def point_position(letter: str) -> int:
    """Position of a point letter, counted from 1; case does not matter. Raises ValueError for other text."""
    position = POINT_LETTERS.find(letter.lower()) + 1
    if len(letter) != 1 or position == 0:
        raise ValueError(f"not a point letter: {letter!r}")
    return position


def next_point_letter(letter: str) -> str | None:
    """The letter that follows in a list of points, or None after y."""
    position = point_position(letter)
    return POINT_LETTERS[position] if position < len(POINT_LETTERS) else None


def previous_point_letter(letter: str) -> str | None:
    """The letter before, or None for a."""
    position = point_position(letter)
    return POINT_LETTERS[position - 2] if position > 1 else None
