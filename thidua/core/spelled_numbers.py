"""Whole numbers in Vietnamese words, as money papers want them: "một triệu năm trăm nghìn"."""

from __future__ import annotations

from collections.abc import Iterator

_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_GROUPS = ("", "nghìn", "triệu")


def spelled(number: int) -> str:
    """1505021 as "một triệu năm trăm linh năm nghìn không trăm hai mươi mốt". Raises ValueError below 0."""
    if number < 0:
        raise ValueError(f"below zero: {number}")
    if number == 0:
        return _DIGITS[0]
    return " ".join(_billions(number))


def spelled_dong(amount: int) -> str:
    """A sum as papers write it: "Năm trăm bốn mươi nghìn đồng". Raises ValueError below 0."""
    words = f"{spelled(amount)} đồng"
    return words[:1].upper() + words[1:]


def _billions(number: int) -> Iterator[str]:
    """Billions are counted like units: "một nghìn tỷ", "hai tỷ tỷ"."""
    high, low = divmod(number, 10**9)
    if high:
        yield from _billions(high)
        yield "tỷ"
    for place in (2, 1, 0):
        group = low // 1000**place % 1000
        if group:
            is_first = not high and low < 1000 ** (place + 1)
            yield from _group(group, is_first=is_first)
            if _GROUPS[place]:
                yield _GROUPS[place]


def _group(group: int, *, is_first: bool) -> Iterator[str]:
    """Three digits; inside a number the hundreds are said even when there are none."""
    hundreds, tens, ones = group // 100, group // 10 % 10, group % 10
    if hundreds or not is_first:
        yield _DIGITS[hundreds]
        yield "trăm"
    if tens > 1:
        yield _DIGITS[tens]
        yield "mươi"
    elif tens == 1:
        yield "mười"
    elif ones and (hundreds or not is_first):
        yield "linh"
    if ones == 1 and tens > 1:
        yield "mốt"
    elif ones == 5 and tens:
        yield "lăm"
    elif ones:
        yield _DIGITS[ones]
