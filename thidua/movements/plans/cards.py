"""Items of a version as pages show them: the same words as the page of the read document.

Pure over rows that are loaded already. Hides that the wording of documents works on records.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from thidua.documents.plan_page import MARKED, Item, plan_page
from thidua.movements.models import ItemKind, PlanItem
from thidua.movements.plans.items import PASSAGES, code_of

#: The name of a kind on the page, and the class that gives it its colour.
LOOKS = {
    ItemKind.TARGET: "chi-tieu",
    ItemKind.TASK: "nhiem-vu",
    ItemKind.CRITERION: "tieu-chi",
    ItemKind.AWARD_FORM: "khen-thuong",
    ItemKind.MILESTONE: "moc",
    **dict.fromkeys(PASSAGES, "noi-dung"),
}


@dataclass(frozen=True, slots=True)
class Card:
    """One item with its words. `subject` is whom a criterion judges."""

    item: PlanItem
    words: Item
    subject: str = ""

    @property
    def look(self) -> str:
        return LOOKS[ItemKind(self.item.kind)]

    @property
    def whole(self) -> str:
        """Everything it says, in one text, for comparing two versions."""
        said = [self.subject, self.words.title, self.words.measure, self.words.quote]
        said += [tag.text for tag in self.words.tags]
        said += [f"{fact.label}: {fact.value}" for fact in self.words.facts]
        said += self.words.points
        return ". ".join(text.rstrip(". ") for text in said if text)


def cards_of(items: Iterable[PlanItem]) -> list[Card]:
    """A card for each item, in the same order."""
    items = list(items)
    record, keys = _record_of(items)
    found = {item.key: item for item in plan_page(record, []).items()}
    cards = []
    for item in items:
        words = found[keys[item.key]]
        lines = tuple(item.lines)
        places = tuple(replace(place, lines=lines) for place in words.places[:1])
        if item.kind in PASSAGES:
            places = tuple(replace(place, quote="") for place in places)
        words = replace(words, key=item.key, code=code_of(item.key), places=places, tags=_tags(words))
        subject = str(item.entry.get("subject_label") or "") if item.kind == ItemKind.CRITERION else ""
        cards.append(Card(item, words, subject))
    return cards


def _tags(words: Item) -> tuple[Any, ...]:
    return tuple(tag for tag in words.tags if tag.text)


def marked(cards: Sequence[Card]) -> list[Item]:
    """The items that are marked in the source."""
    return [card.words for card in cards if card.words.kind in MARKED and card.words.places]


def _record_of(items: Sequence[PlanItem]) -> tuple[dict[str, Any], dict[str, str]]:
    """A record that holds only these items, and the key that its page gives to each of them."""
    record: dict[str, Any] = {"award": {"forms": []}, "subjects": [], "milestones": []}
    keys: dict[str, str] = {}
    letters = {"purposes": "MĐ", "requirements": "YC", "contents": "ND", "solutions": "GP"}
    for item in items:
        # A place with a line, so that each item has one; the true lines are put in afterwards.
        entry: Mapping[str, Any] = {**item.entry, "id": item.key, "lines": item.lines or [1]}
        keys[item.key] = item.key
        if item.kind in (ItemKind.TARGET, ItemKind.TASK):
            record.setdefault(item.kind, []).append(entry)
        elif item.kind == ItemKind.CRITERION:
            entry = {**entry, "kind": entry.get("kind") or "qualitative", "text": entry.get("text") or ""}
            record["subjects"].append({"id": f"nhom-{item.key}", "criteria": [entry]})
        elif item.kind == ItemKind.AWARD_FORM:
            record["award"]["forms"].append({**entry, "line": (item.lines or [1])[0]})
            keys[item.key] = f"A{len(record['award']['forms'])}"
        elif item.kind == ItemKind.MILESTONE:
            record["milestones"].append({**entry, "kind": entry.get("kind") or "khac"})
            keys[item.key] = f"M{len(record['milestones'])}"
        else:
            passages = record.setdefault(item.kind, [])
            passages.append(entry)
            keys[item.key] = f"{letters[item.kind]}{len(passages)}"
    return record, keys
