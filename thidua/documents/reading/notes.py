"""Footnotes with their anchors, short names that the text defines, and capitals that it leaves undefined."""

from __future__ import annotations

import re
from typing import Any

from .matching import flat
from .model import Outline

_FOOTNOTE_MARK = re.compile(r"^([¹²³⁴⁵⁶⁷⁸⁹⁰]+|\[\d{1,2}\])")
_DEFINED = re.compile(
    r"\((?:sau day )?(?:duoc )?(?:viet tat|goi tat|goi chung|goi|viet) (?:tat )?(?:la|:)[: ]*(?P<short>[^()]{2,80})\)"
)
_ACRONYM_IN_BRACKETS = re.compile(r"\((?P<short>[A-ZĐ][A-ZĐ&]{1,11})\)")
_ACRONYM = re.compile(r"(?<![\w/\-.&])(?:[A-ZĐƯƠ]{2,}(?:&[A-ZĐƯƠ]{1,})*)(?![\w&/])(?!-[A-ZĐ])")
_TWO_CAPITALS = re.compile(r"[A-ZĐƯƠ][A-ZĐƯƠ]")
_ROMAN = re.compile(r"^[IVXLC]+$")
_SIGNATURE_MARKS = frozenset({"TM", "KT", "TL", "TUQ", "Q"})


def find_footnotes(outline: Outline) -> list[dict[str, Any]]:
    """The notes in order, each with the words that carry its mark."""
    result = []
    for node in outline.of_kind("chu_thich"):
        line = next(line for line in outline.source.lines if line.number == node.lines[0])
        match = _FOOTNOTE_MARK.match(line.text.strip())
        if not match:
            continue
        mark = match[1]
        anchor_line, anchor_text = _anchor(outline, mark, node.lines[0])
        result.append(
            {
                "mark": mark,
                "line": node.lines[0],
                "anchor_line": anchor_line,
                "anchor_text": anchor_text,
                "text": node.text,
            }
        )
    return result


def _anchor(outline: Outline, mark: str, note_line: int) -> tuple[int | None, str | None]:
    """Line and words of the mark in the body: the two words before it (one when the mark follows a single name)."""
    for line in outline.source.lines:
        if line.number == note_line or mark not in line.text:
            continue
        at = line.text.find(mark)
        while at >= 0:
            following = line.text[at + len(mark) : at + len(mark) + 1]
            preceding = line.text[at - 1 : at] if at else ""
            if at > 0 and preceding not in "¹²³⁴⁵⁶⁷⁸⁹⁰" and following not in set("¹²³⁴⁵⁶⁷⁸⁹⁰"):
                words = line.text[:at].split()
                return line.number, " ".join(words[-2:]) + mark
            at = line.text.find(mark, at + 1)
    return None, None


def find_abbreviations(outline: Outline) -> list[dict[str, Any]]:
    """Short names with what they stand for, verbatim; a short name defined twice is listed once."""
    result: list[dict[str, Any]] = []
    for node in outline.body():
        text = node.text
        if "(" not in text:
            continue
        key = flat(text)
        for match in _DEFINED.finditer(key):
            short = text[match.start("short") : match.end("short")].strip(' .“”"*')
            _add(
                result,
                short,
                _full_form(text, key, match.start(), short),
                outline.lines_between(node, *match.span()),
            )
        for match in _ACRONYM_IN_BRACKETS.finditer(text):
            full = _spelled_out(text[: match.start()], match["short"])
            if full:
                _add(result, match["short"], full, outline.lines_between(node, *match.span()))
    return result


def _add(result: list[dict[str, Any]], short: str, full: str | None, lines: list[int]) -> None:
    known = next((entry for entry in result if flat(entry["short"]) == flat(short)), None)
    if known is not None:
        known["lines"].extend(line for line in lines if line not in known["lines"])
    elif full is not None:
        result.append({"short": short, "full": full, "lines": list(lines)})


def _full_form(text: str, key: str, bracket: int, short: str) -> str | None:
    """What stands before the bracket, from the place where the words of the short name begin."""
    before = key[:bracket].rstrip()
    at = before.rfind(flat(short))
    if at >= 0:
        return text[at : len(before)].strip()
    if short.isupper():
        return _spelled_out(text[:bracket], short)
    clause = re.split(r"[,;.:]\s", text[: len(before)])[-1].strip()
    return clause or None


def _spelled_out(before: str, acronym: str) -> str | None:
    """The last words before a bracket whose initials make the acronym."""
    words = before.split()
    letters = acronym.replace("&", "")
    for length in range(len(letters), min(len(words), len(letters) + 5) + 1):
        tail = words[-length:]
        initials = "".join(word.strip('“”"(,-–')[:1].upper() for word in tail)
        kept = [initial for initial in initials if initial]
        if _is_subsequence(letters, kept) and kept[:1] == [letters[0]]:
            return " ".join(tail).strip('“”"(, ')
    return None


def _is_subsequence(letters: str, initials: list[str]) -> bool:
    remaining = iter(initials)
    return all(any(flat(letter) == flat(initial) for initial in remaining) for letter in letters)


def find_undefined_abbreviations(
    outline: Outline, abbreviations: list[dict[str, Any]], archive: dict[str, Any] | None
) -> list[str]:
    """Capital abbreviations that the text uses without saying what they stand for, in order of appearance."""
    defined = {entry["short"] for entry in abbreviations}
    found: list[str] = []

    def note(short: str) -> None:
        if (
            short not in defined
            and short not in found
            and not _ROMAN.match(short)
            and short not in _SIGNATURE_MARKS
        ):
            found.append(short)

    for node in outline.nodes:
        if node.kind in (
            "so_ky_hieu",
            "ten_loai",
            "quyen_han",
            "chuc_vu",
            "ho_ten",
            "luu",
            "trang",
            "ten_co_quan",
            "quoc_hieu",
            "tieu_ngu",
            "phu_luc",
            "nhieu",
        ):
            continue
        text = node.text
        if text.isupper() and node.kind != "noi_nhan":
            continue
        office = (
            re.match(r"^\s*VP\s*:\s*([A-ZĐ, ]+)", text.rstrip(" ;.")) if node.kind == "noi_nhan" else None
        )
        if office:
            for short in ["VP", *re.split(r"\s*,\s*", office[1].strip())]:
                if short not in defined and short not in found:
                    found.append(short)
            continue
        for match in _ACRONYM.finditer(text) if _TWO_CAPITALS.search(text) else ():
            note(match[0])
    if archive:
        for unit in archive["units"]:
            for short in re.findall(r"[A-ZĐ]{2,}", unit):
                note(short)
    return found
