"""What an amendment changes: items added, removed, changed word by word. Pure over loaded rows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from thidua.movements.models import ItemKind, PlanItem
from thidua.movements.plans.cards import Card, cards_of

SAME, ADDED, REMOVED = "", "them", "bo"
#: Below this likeness two passages are two things, not one that was changed.
ALIKE = 0.55
_WORD = re.compile(r"\s*\S+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words that stayed, came or went."""

    text: str
    change: str = SAME


@dataclass(frozen=True, slots=True)
class Difference:
    """One item that came, went or changed."""

    change: str  # them, bo, sua
    card: Card
    pieces: tuple[Piece, ...]

    @property
    def label(self) -> str:
        return {"them": "Thêm", "bo": "Bỏ", "sua": "Sửa"}[self.change]

    @property
    def tone(self) -> str:
        return {"them": "good", "bo": "late", "sua": "warning"}[self.change]

    @property
    def kind(self) -> str:
        return ItemKind(self.card.item.kind).label


@dataclass(frozen=True, slots=True)
class Differences:
    rows: tuple[Difference, ...]
    unchanged: int

    @property
    def counts(self) -> list[tuple[str, int]]:
        names = (("them", "mục thêm"), ("bo", "mục bỏ"), ("sua", "mục sửa"))
        found = [(name, sum(row.change == code for row in self.rows)) for code, name in names]
        return [pair for pair in found if pair[1]]


def between(old: Sequence[PlanItem], new: Sequence[PlanItem]) -> Differences:
    """The kept items of two versions compared; `continues` says which item is which."""
    old_cards = {card.item.pk: card for card in cards_of(old)}
    rows: list[Difference] = []
    answered: set[int] = set()
    unchanged = 0
    for card in cards_of(new):
        before = old_cards.get(card.item.continues_id or 0)
        if before is None:
            rows.append(Difference("them", card, (Piece(card.whole, ADDED),)))
            continue
        answered.add(before.item.pk)
        if before.whole == card.whole:
            unchanged += 1
        else:
            rows.append(Difference("sua", card, words_between(before.whole, card.whole)))
    rows += [
        Difference("bo", card, (Piece(card.whole, REMOVED),))
        for pk, card in old_cards.items()
        if pk not in answered
    ]
    return Differences(tuple(rows), unchanged)


def words_between(old: str, new: str) -> tuple[Piece, ...]:
    """Both texts in one, word by word. Joining what stayed and came gives the new text."""
    before, after = _WORD.findall(old), _WORD.findall(new)
    pieces: list[Piece] = []
    for act, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if act == "equal":
            pieces.append(Piece("".join(after[c:d])))
            continue
        if b > a:
            pieces.append(Piece("".join(before[a:b]), REMOVED))
        if d > c:
            pieces.append(Piece("".join(after[c:d]), ADDED))
    return tuple(pieces)


def likeness(first: str, second: str) -> float:
    """From 0 to 1, by words."""
    one, other = _WORD.findall(first.lower()), _WORD.findall(second.lower())
    if not one or not other:
        return 0.0
    return SequenceMatcher(None, one, other, autojunk=False).ratio()
