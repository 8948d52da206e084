"""What a record `golden/1` offers as items of a plan, each with its words, lines and doubts.

Pure: takes the record, gives plain values. Hides how doubts and defects of a record are tied to the items
that they concern.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from thidua.core.text import fold
from thidua.documents import sentences
from thidua.documents.wording import DEFECTS
from thidua.movements.models import ItemKind

Record = Mapping[str, Any]
Entry = dict[str, Any]

#: Kinds whose entries are passages of text, with the letter of their keys.
PASSAGES = {
    ItemKind.PURPOSE: "P",
    ItemKind.REQUIREMENT: "R",
    ItemKind.CONTENT: "N",
    ItemKind.SOLUTION: "G",
}
#: Letters of the keys of items that a person adds.
ADDED_LETTERS = {
    ItemKind.TARGET: "TX",
    ItemKind.TASK: "KX",
    ItemKind.CRITERION: "SX",
    ItemKind.AWARD_FORM: "FX",
    ItemKind.MILESTONE: "MX",
    **{kind: f"{letter}X" for kind, letter in PASSAGES.items()},
}
_IDS = re.compile(r"\b(?:T\d+|K\d+|S\d+(?:\.c\d+)?)\b")
_KEY = re.compile(r"(?P<letter>[TKSFMPRNG])(?P<added>X?)(?P<rest>\d.*)")
_CODES = {"T": "CT", "K": "NV", "S": "TC", "F": "KT", "M": "MT", "P": "MĐ", "R": "YC", "N": "ND", "G": "GP"}
#: Kinds of defects that say nothing about what an item means.
_HARMLESS = frozenset({"page_break_split", "case", "spacing", "punctuation", "dash_variant", "layout"})


@dataclass(frozen=True, slots=True)
class Offered:
    """One item that a record offers. `doubts` are sentences: why a person should look at it first."""

    kind: ItemKind
    key: str
    path: str
    lines: tuple[int, ...]
    quote: str
    content: Entry
    doubts: tuple[str, ...] = ()

    @property
    def content_json(self) -> str:
        return as_json(self.content)


def as_json(entry: Mapping[str, Any]) -> str:
    return json.dumps(entry, ensure_ascii=False)


def items_of(record: Record) -> list[Offered]:
    """All items of a record, in the order of the page: figures and work first, passages last."""
    doubts = doubts_by_key(record)
    return [
        Offered(kind, key, path, lines, quote, content, tuple(doubts.get(key, ())))
        for kind, key, path, lines, quote, content in _entries(record)
    ]


def doubts_by_key(record: Record) -> dict[str, list[str]]:
    """For the key of each item, the doubts that name it and the defects of the words it comes from."""
    found: dict[str, list[str]] = defaultdict(list)
    entries = list(_entries(record))
    subjects = {key.partition(".")[0] for _, key, *_ in entries if key.startswith("S")}
    for text in record.get("doubts") or []:
        for name in dict.fromkeys(_IDS.findall(text)):
            if name in subjects:
                for _, key, *_ in entries:
                    if key.startswith(f"{name}."):
                        found[key].append(text)
            else:
                found[name].append(text)
    for defect in record.get("defects") or []:
        if defect["kind"] in _HARMLESS or not defect.get("lines"):
            continue
        words = _defect_in_words(defect)
        for kind, key, _, lines, quote, _ in entries:
            # A passage is kept as it stands; only what was read out of it can be wrong.
            if kind not in PASSAGES and set(lines) & set(defect["lines"]) and _concerns(defect, quote):
                found[key].append(words)
    return dict(found)


def _concerns(defect: Mapping[str, Any], quote: str) -> bool:
    raw = fold(defect.get("raw") or "").strip(" .;,…")
    said = fold(quote)
    return not raw or raw in said or said in raw


def _defect_in_words(defect: Mapping[str, Any]) -> str:
    what = DEFECTS.get(defect["kind"], sentences.plain_code(defect["kind"]))
    words = f"Văn bản: {what}"
    if defect.get("raw"):
        words += f" («{defect['raw']}»)"
    if defect.get("note"):
        words += f". {defect['note']}"
    return words.rstrip(".") + "."


_Entry = tuple[ItemKind, str, str, tuple[int, ...], str, Entry]


def _entries(record: Record) -> Iterable[_Entry]:
    for kind, name in ((ItemKind.TARGET, "targets"), (ItemKind.TASK, "tasks")):
        for entry in record.get(name) or []:
            words = entry.get("quote") or entry.get("action") or entry.get("label_vi") or ""
            yield kind, entry["id"], entry.get("path") or "", _lines(entry), words, dict(entry)
    for subject in record.get("subjects") or []:
        for criterion in subject.get("criteria") or []:
            content = {
                **criterion,
                "subject_type": subject.get("subject_type"),
                "subject_label": subject.get("label"),
            }
            path = criterion.get("path") or subject.get("path") or ""
            yield ItemKind.CRITERION, criterion["id"], path, _lines(criterion), criterion["text"], content
    for number, form in enumerate((record.get("award") or {}).get("forms") or [], 1):
        lines = (form["line"],) if form.get("line") else ()
        yield ItemKind.AWARD_FORM, f"F{number}", "", lines, form.get("as_printed") or form["name"], dict(form)
    for number, milestone in enumerate(record.get("milestones") or [], 1):
        words = (milestone.get("when") or {}).get("raw") or ""
        yield (
            ItemKind.MILESTONE,
            f"M{number}",
            milestone.get("path") or "",
            _lines(milestone),
            words,
            dict(milestone),
        )
    for kind, letter in PASSAGES.items():
        for number, passage in enumerate(record.get(kind.value) or [], 1):
            path = passage.get("path") or ""
            yield kind, f"{letter}{number}", path, _lines(passage), passage["text"], dict(passage)


def _lines(entry: Mapping[str, Any]) -> tuple[int, ...]:
    return tuple(entry.get("lines") or ())


def code_of(key: str) -> str:
    """The code of an item as people see it, for its key: CT1, NV12, TC5.3 for T1, K12, S5.c3.

    The same codes as on the page of a read document. What a person added bears a plus: NV+1 for KX1.
    """
    hit = _KEY.fullmatch(key)
    if hit is None:
        return key
    rest = hit["rest"].replace(".c", ".")
    if hit["letter"] == "S" and not hit["added"] and rest == hit["rest"]:
        return f"ĐT{rest}"  # whom criteria judge
    return f"{_CODES[hit['letter']]}{'+' if hit['added'] else ''}{rest}"


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a sentence; `key` is that of the item that it names, when there is such an item."""

    text: str
    key: str = ""


def with_codes(text: str, keys: Collection[str] = ()) -> tuple[Piece, ...]:
    """A sentence of a record with the codes that people see; of the items `keys` with links."""
    pieces, position = [], 0
    for hit in _IDS.finditer(text):
        pieces.append(Piece(text[position : hit.start()]))
        pieces.append(Piece(code_of(hit[0]), hit[0] if hit[0] in keys else ""))
        position = hit.end()
    pieces.append(Piece(text[position:]))
    return tuple(piece for piece in pieces if piece.text)


def names_in(kind: str, entry: Mapping[str, Any]) -> list[str]:
    """Names of who acts, helps or is reported to, of a task; each once, in the order of the text."""
    if kind != ItemKind.TASK:
        return []
    names = [name for key in ("lead", "coordinate_with", "report_to") for name in listed(entry.get(key))]
    return list(dict.fromkeys(names))


def listed(names: Any) -> list[str]:
    """A list of names, from a list, one name, or nothing."""
    if not names:
        return []
    return [names] if isinstance(names, str) else [str(name) for name in names]
