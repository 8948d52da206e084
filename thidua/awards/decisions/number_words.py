"""Whole numbers in Vietnamese words, as papers write sums of money: «một triệu không trăm tám mươi nghìn»."""

from __future__ import annotations

DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
SCALES = ("", "nghìn", "triệu")


def in_words(number: int) -> str:
    """Raises ValueError below zero."""
    if number < 0:
        raise ValueError("only numbers from zero up")
    if number == 0:
        return DIGITS[0]
    return " ".join(_groups(number).split())


def money_in_words(amount: int) -> str:
    """«Một triệu không trăm tám mươi nghìn đồng»."""
    words = f"{in_words(amount)} đồng"
    return words[:1].upper() + words[1:]


def _groups(number: int, *, is_inner: bool = False) -> str:
    """In groups of nine digits, each ended by «tỷ» as often as it stands above the last."""
    billions, rest = divmod(number, 10**9)
    words = []
    if billions:
        words.append(f"{_groups(billions, is_inner=is_inner)} tỷ")
    for power in (2, 1, 0):
        group = rest // 1000**power % 1000
        if group:
            words.append(f"{_three(group, is_whole=bool(words) or is_inner)} {SCALES[power]}")
    return " ".join(words)


def _three(number: int, *, is_whole: bool) -> str:
    """Three digits; `is_whole` says the hundreds even when there are none."""
    hundreds, rest = divmod(number, 100)
    words = [f"{DIGITS[hundreds]} trăm"] if hundreds or is_whole else []
    tens, ones = divmod(rest, 10)
    if tens == 0:
        if ones:
            words.append(f"linh {DIGITS[ones]}" if words else DIGITS[ones])
        return " ".join(words)
    words.append("mười" if tens == 1 else f"{DIGITS[tens]} mươi")
    if ones == 1:
        words.append("mốt" if tens > 1 else "một")
    elif ones == 5:
        words.append("lăm")
    elif ones:
        words.append(DIGITS[ones])
    return " ".join(words)
