"""The movement that a plan serves: its name, theme, period, short name, and the other names in quotation marks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from thidua.core.text import skeleton

from . import vocabulary
from .matching import flat
from .model import Node, Outline, Role

_QUOTED = re.compile(r"[“\"«„]\s*\**(?P<text>[^“”\"«»„]{4,220}?)\**\s*[”\"»“]")
_PERIOD = re.compile(
    r"(?:giai doan|nhiem ky) (?:tu )?(?:nam )?(?P<from>(?:19|20)\d\d)\s*(?:-|den|va)\s*(?:nam )?(?P<to>(?:19|20)\d\d)"
)
_BARE_PERIOD = re.compile(
    r"\b(?:tu )?nam (?P<from>(?:19|20)\d\d)\s*(?:-|den)\s*(?:nam )?(?P<to>(?:19|20)\d\d)"
)
_PART_OF_YEAR = re.compile(
    r"(?:\d{1,2} thang (?:dau|cuoi)|quy [ivx\d]+|(?:hai|ba|sau) thang (?:dau|cuoi)) nam (?P<from>(?:19|20)\d\d)(?P<to>)"
)
_YEAR = re.compile(r"\bnam (?:hoc )?(?P<from>(?:19|20)\d\d)(?:\s*-\s*(?P<to>(?:19|20)\d\d))?\b")
_HORIZON = re.compile(r"(?:dinh huong|tam nhin) (?:den )?(?:nam )?(?:19|20)\d\d")
_SHORT_NAME = re.compile(
    r"\((?P<raw>(?:sau day )?(?:duoc )?(?:viet|goi) ?(?:chung |tat )?la:? ?(?P<short>[^()]{2,80}))\)"
)
_CLASS_WORDS = [
    ("fund", re.compile(r"\bquy\s*$")),
    (
        "campaign",
        re.compile(r"\b(?:cuoc van dong|thang cao diem|van dong|cac cuoc van dong(?: nhu)?)\s*:?\s*$"),
    ),
    ("programme", re.compile(r"\b(?:chuong trinh|de an|du an)\s*:?\s*$")),
    (
        "other_movement",
        re.compile(
            r"\b(?:phong trao|thi dua|phong trao thi dua dac biet|dac biet|dot thi dua|chuyen de|cac phong trao)\s*:?\s*(?:ve\s*)?$"
        ),
    ),
]
#: how every one of them ends, for a cheap test
_CLASS_WORD_ENDS = (
    "quy", "dong", "diem", "nhu", "trinh", "an", "trao", "dua", "biet", "de", "ve",
)  # fmt: skip
#: words before a quoted name that is neither a movement nor a slogan: a model, a column, a title of honour
_OTHER_THINGS = re.compile(
    r"\b(?:mo hinh|cong trinh|chuyen muc|chuyen trang|chuyen de|danh hieu|giai thuong|cau lac bo|tuyen|to|doi|cuoc thi|hoi thi|ngay hoi|"
    r"de tai|bai|khau hieu|cum tu|tieu chi|phan mem|he thong|nen tang|giai)\s*:?\s*$"
)
_LONGEST_NAME = 160


@dataclass(frozen=True, slots=True)
class _Quote:
    text: str
    node: Node
    lines: tuple[int, ...]
    before: str  # flat text before the quotation mark
    listed_as: str | None = None  # class of the list "các phong trào “A”, “B”" that the name stands in


def read_movement(outline: Outline, citations: list[dict[str, Any]]) -> dict[str, Any]:
    """The `movement` mapping of golden/1."""
    title_nodes = outline.of_kind("trich_yeu", "ten_loai")
    quotes = _quotes(outline)
    name, name_quote = _name(outline, quotes)
    theme = theme_of(" ".join([name or "", " ".join(node.text for node in title_nodes)]))
    return {
        "name": name,
        "theme": theme,
        "period": _period(outline),
        "horizon": _horizon(outline),
        "short_name_defined": _short_name(outline),
        "names": _names(outline, quotes, name_quote, name, theme, citations),
        "slogans": _slogans(quotes, name),
    }


@cache
def _themes() -> list[tuple[str, re.Pattern[str]]]:
    return [(entry["theme"], re.compile(entry["pattern"])) for entry in vocabulary.load("themes")]


def theme_of(text: str) -> str | None:
    """Code of what the movement is about, or None when the words do not tell."""
    key = flat(text)
    return next((theme for theme, expression in _themes() if expression.search(key)), None)


def _quotes(outline: Outline) -> list[_Quote]:
    found = []
    for node in outline.nodes:
        if node.kind in ("so_ky_hieu", "noi_nhan", "luu", "trang") or not any(
            mark in node.text for mark in '“"«„'
        ):
            continue
        listed_as: str | None = None
        last_end = -1
        for match in _QUOTED.finditer(node.text):
            text = match["text"].strip(" *")
            before = flat(node.text[max(0, match.start() - 60) : match.start()])
            own = _class_before(before)
            between = flat(node.text[last_end : match.start()]).strip() if last_end >= 0 else None
            listed_as = own or (listed_as if between in (",", ";", "va", ", va", "") else None)
            last_end = match.end()
            found.append(
                _Quote(text, node, tuple(outline.lines_between(node, *match.span("text"))), before, listed_as)
            )
    return found


def _class_before(before: str) -> str | None:
    """What the words right before a quoted name call it."""
    if not before.rstrip(" :").endswith(_CLASS_WORD_ENDS):
        return None
    return next((relation for relation, expression in _CLASS_WORDS if expression.search(before)), None)


def _name(outline: Outline, quotes: list[_Quote]) -> tuple[str | None, _Quote | None]:
    """The movement's own name: quoted in the title, else in the preamble after "phong trào thi đua"."""
    in_title = [quote for quote in quotes if quote.node.kind in ("trich_yeu", "ten_loai")]
    after_movement = [quote for quote in in_title if re.search(r"\b(?:phong trao|thi dua)\b", quote.before)]
    chosen = next(iter(after_movement or in_title), None)
    if chosen is None:
        chosen = _named_by_issuer(outline, quotes)
    if chosen is None:
        return None, None
    return _even_dashes(_written_small(chosen, quotes)), chosen


def _named_by_issuer(outline: Outline, quotes: list[_Quote]) -> _Quote | None:
    """The name in the preamble's own clause, "… ban hành Kế hoạch phát động phong trào thi đua “…”", when the
    title has none."""
    for quote in quotes:
        if quote.node.kind != "mo_dau" or not re.search(r"\b(?:phong trao|thi dua)\s*$", quote.before):
            continue
        key = flat(quote.node.text)
        at = key.find(flat(quote.text))
        own_clause = re.search(
            r"(?:ban hanh|xay dung|trien khai|lap) (?:va trien khai )?ke hoach[^;]*$", key[: max(at, 0)]
        )
        if own_clause is not None:
            return quote
    return None


def _written_small(chosen: _Quote, quotes: list[_Quote]) -> str:
    """The name as a sentence writes it when the title prints it in capitals."""
    if not chosen.text.isupper():
        return chosen.text
    key = skeleton(chosen.text)
    return next(
        (quote.text for quote in quotes if not quote.text.isupper() and skeleton(quote.text) == key),
        chosen.text,
    )


def _even_dashes(name: str) -> str:
    """A hyphen between two words of a name stands between spaces, as official names print it."""
    return re.sub(
        r"(?<=[^\W\d])\s*-\s*(?=[^\W\d])",
        lambda m: m[0] if m[0] == " - " else " - " if _is_joint(name, m) else m[0],
        name,
    )


def _is_joint(name: str, match: re.Match[str]) -> bool:
    """Whether the hyphen joins two clauses ("nghèo-Không") and not the parts of a foreign word."""
    return name[match.end() : match.end() + 1].isupper()


def _period(outline: Outline) -> dict[str, Any] | None:
    for kinds in (("trich_yeu", "ten_loai"), ("mo_dau", "can_cu")):
        for node in outline.of_kind(*kinds):
            key = flat(node.text)
            match = _PERIOD.search(key) or (_BARE_PERIOD.search(key) if kinds[0] == "trich_yeu" else None)
            if match:
                return {
                    "from": int(match["from"]),
                    "to": int(match["to"]),
                    "raw": node.text[match.start() : match.end()],
                }
        if kinds[0] == "trich_yeu":
            for node in outline.of_kind(*kinds):
                match = _PART_OF_YEAR.search(flat(node.text)) or _YEAR.search(flat(node.text))
                if match:
                    to = int(match["to"] or match["from"])
                    return {
                        "from": int(match["from"]),
                        "to": to,
                        "raw": node.text[match.start() : match.end()],
                    }
    return None


def _horizon(outline: Outline) -> str | None:
    for node in outline.nodes:
        key = flat(node.text)
        match = _HORIZON.search(key) if "dinh huong" in key or "tam nhin" in key else None
        if match and not _inside_quotes(node.text, match.start()):
            return node.text[match.start() : match.end()]
    return None


def _inside_quotes(text: str, at: int) -> bool:
    return text.count("“", 0, at) > text.count("”", 0, at)


def _short_name(outline: Outline) -> dict[str, Any] | None:
    found: dict[str, Any] | None = None
    for node in outline.body():
        if "(" not in node.text:
            continue
        for match in _SHORT_NAME.finditer(flat(node.text)):
            text = node.text[match.start("short") : match.end("short")].strip(' .“”"')
            if "phong trao" not in flat(text) and "thi dua" not in flat(text):
                continue
            lines = outline.lines_between(node, *match.span())
            if found is None:
                found = {"text": text, "lines": list(lines), "raw": node.text[match.start() : match.end()]}
            elif flat(found["text"]) == flat(text):
                found["lines"].extend(lines)
    return found


def _names(
    outline: Outline,
    quotes: list[_Quote],
    own: _Quote | None,
    name: str | None,
    theme: str | None,
    citations: list[dict[str, Any]],
) -> list[dict[str, Any]]:
    own_key = skeleton(name) if name else None
    parents = {
        skeleton(match["text"].strip(" *"))
        for citation in citations
        if citation["role"] == "parent_plan" and citation["about_raw"]
        for match in _QUOTED.finditer(citation["about_raw"])
    }
    entries: dict[str, dict[str, Any]] = {}
    for quote in quotes:
        relation = _relation(quote, own_key, parents, theme)
        if relation is None or len(quote.text) > _LONGEST_NAME:
            continue
        entry = entries.setdefault(quote.text, {"text": quote.text, "lines": [], "relation": relation})
        entry["lines"].extend(line for line in quote.lines if line not in entry["lines"])
        if entry["relation"] == "programme" and relation != "programme":
            entry["relation"] = relation
    if name:
        for entry in _unquoted_short_forms(outline, name):
            known = entries.get(entry["text"])
            if known is None:
                entries[entry["text"]] = entry
    return list(entries.values())


def _relation(quote: _Quote, own_key: str | None, parents: set[str], theme: str | None) -> str | None:
    """How a quoted name relates to the plan's movement; None when the words are no name but a slogan."""
    key = skeleton(quote.text)
    if own_key and key == own_key:
        return "self"
    if _OTHER_THINGS.search(quote.before):
        return None
    if key in parents:
        return "parent"
    for relation, expression in _CLASS_WORDS:
        if expression.search(quote.before) or quote.listed_as == relation:
            if relation == "other_movement":
                if own_key and (key in own_key or own_key in key):
                    return "self_or_national"
                if theme and theme_of(quote.text) == theme and quote.node.role is Role.OTHER:
                    return "national"
            return relation
    known = next((entry for entry in vocabulary.load("known_names") if skeleton(entry["name"]) == key), None)
    return known["relation"] if known else None


def _unquoted_short_forms(outline: Outline, name: str) -> list[dict[str, Any]]:
    """ "Phong trào thi đua <first words of the name>" printed without quotation marks."""
    words = flat(name).split()
    if len(words) < 5:
        return []
    start = re.compile(r"phong trao thi dua (" + r"\s+".join(map(re.escape, words[:4])) + r")")
    found: dict[str, dict[str, Any]] = {}
    for node in outline.body():
        key = flat(node.text)
        for match in start.finditer(key):
            rest = key[match.start(1) :].split()
            length = 0
            while (
                length < len(words)
                and length < len(rest)
                and rest[length].strip(".,;:") == words[length].strip(".,;:")
            ):
                length += 1
                if rest[length - 1].endswith((".", ",", ";", ":")):
                    break
            printed = " ".join(node.text[match.start(1) :].split()[:length]).rstrip(".,;: -")
            entry = found.setdefault(printed, {"text": printed, "lines": [], "relation": "self"})
            entry["lines"].extend(outline.lines_between(node, match.start(1), match.end(1)))
    return list(found.values())


def _slogans(quotes: list[_Quote], name: str | None) -> list[dict[str, Any]]:
    """Quoted words that are neither a name nor a longer passage (with figures) quoted from elsewhere."""
    own_key = skeleton(name) if name else None
    found: dict[str, dict[str, Any]] = {}
    for quote in quotes:
        key = skeleton(quote.text)
        words = quote.text.split()
        if (
            (own_key and (key == own_key or key in own_key))
            or len(words) < 4
            or any(letter.isdigit() for letter in quote.text)
        ):
            continue
        if quote.node.kind in ("trich_yeu", "ten_loai") or len(quote.text) > _LONGEST_NAME:
            continue
        if _OTHER_THINGS.search(quote.before) or any(
            expression.search(quote.before) for _, expression in _CLASS_WORDS
        ):
            continue
        if any(skeleton(entry["name"]) == key for entry in vocabulary.load("known_names")):
            continue
        if quote.listed_as is not None:
            continue
        entry = found.setdefault(quote.text, {"text": quote.text, "lines": []})
        entry["lines"].extend(line for line in quote.lines if line not in entry["lines"])
    return list(found.values())
