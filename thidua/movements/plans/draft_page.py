"""The page "Tiếp nhận kế hoạch": items to decide on, doubtful ones first, with their reasons and progress."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from django.db.models import Count

from thidua.movements.models import ItemDecision, ItemKind, PlanItem, PlanVersion
from thidua.movements.plans.cards import Card, cards_of
from thidua.movements.plans.differences import Piece, words_between
from thidua.movements.plans.drafting import seen_of
from thidua.movements.plans.items import Piece as NamingPiece
from thidua.movements.plans.items import doubts_by_key, with_codes

#: Filter in the address, its label, and which items it leaves.
FILTERS = (
    ("", "Tất cả"),
    ("chua-xem", "Chưa xem"),
    ("nghi-ngo", "Có nghi ngờ"),
    ("da-sua", "Đã sửa, thêm"),
    ("bo", "Đã bỏ"),
)
_LEAVES: dict[str, Callable[[PlanItem], bool]] = {
    "chua-xem": lambda item: item.decision == ItemDecision.UNDECIDED,
    "nghi-ngo": lambda item: item.doubts > 0,
    "da-sua": lambda item: item.decision in (ItemDecision.MENDED, ItemDecision.ADDED),
    "bo": lambda item: item.decision == ItemDecision.DROPPED,
}
TONES = {
    ItemDecision.UNDECIDED: "",
    ItemDecision.ACCEPTED: "good",
    ItemDecision.MENDED: "good",
    ItemDecision.ADDED: "good",
    ItemDecision.DROPPED: "late",
}


@dataclass(frozen=True, slots=True)
class DraftCard:
    """One item to decide on."""

    card: Card
    #: Each a sentence in pieces, of which some name items.
    doubts: tuple[tuple[NamingPiece, ...], ...]
    seen: str
    #: The item of the earlier version or of the higher plan, and what is different, word by word.
    before: Card | None = None
    change: tuple[Piece, ...] = ()

    @property
    def item(self) -> PlanItem:
        return self.card.item

    @property
    def tone(self) -> str:
        return TONES[ItemDecision(self.item.decision)]

    @property
    def is_undecided(self) -> bool:
        return self.item.decision == ItemDecision.UNDECIDED

    @property
    def is_dropped(self) -> bool:
        return self.item.decision == ItemDecision.DROPPED

    @property
    def is_added(self) -> bool:
        return not self.item.as_read


@dataclass(frozen=True, slots=True)
class Section:
    key: str
    title: str
    cards: tuple[DraftCard, ...]
    kind: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    decided: int
    total: int
    #: Undecided without any doubt: may be accepted at once.
    clear: int

    @property
    def left(self) -> int:
        return self.total - self.decided

    @property
    def is_done(self) -> bool:
        return self.left == 0


@dataclass(frozen=True, slots=True)
class DraftPage:
    sections: tuple[Section, ...]
    progress: Progress
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def cards(self) -> list[DraftCard]:
        return [one for section in self.sections for one in section.cards]


def draft_page(version: PlanVersion, *, chosen: str = "") -> DraftPage:
    """The items of a draft; `chosen` is one of FILTERS. Doubtful ones stand above, whatever their kind."""
    items = list(version.items.select_related("continues").order_by("position", "pk"))
    cards = _draft_cards(items, version)
    counts = {key: sum(map(_LEAVES[key], items)) if key else len(items) for key, _ in FILTERS}
    leaves = _LEAVES.get(chosen)
    if leaves is not None:
        cards = [one for one in cards if leaves(one.item)]
    doubtful = tuple(one for one in cards if one.item.doubts)
    sections = [
        Section(
            "nghi-ngo",
            "Xem trước: có chỗ nghi ngờ",
            doubtful,
            about="Người cẩn thận có thể hiểu khác. Đối chiếu với văn bản rồi nhận, sửa hoặc bỏ.",
        )
    ]
    for kind in ItemKind:
        rows = tuple(one for one in cards if one.item.kind == kind and not one.item.doubts)
        sections.append(Section(kind.value.replace("_", "-"), kind.label, rows, kind=kind.value))
    if leaves is not None:
        sections = [section for section in sections if section.cards]
    return DraftPage(
        tuple(section for section in sections if section.cards or section.kind),
        _progress(items),
        counts,
    )


def card_of(item: PlanItem, version: PlanVersion) -> DraftCard:
    return _draft_cards([item], version)[0]


def _draft_cards(items: list[PlanItem], version: PlanVersion) -> list[DraftCard]:
    document = version.document
    doubts = doubts_by_key(document.record) if document is not None else {}
    before = {card.item.pk: card for card in cards_of([item.continues for item in items if item.continues])}
    keys = set(version.items.values_list("key", flat=True))
    found = []
    for card in cards_of(items):
        old = before.get(card.item.continues_id or 0)
        change = words_between(old.whole, card.whole) if old and old.whole != card.whole else ()
        said = doubts.get(card.item.key, ()) if card.item.doubts else ()
        own = tuple(with_codes(text, keys - {card.item.key}) for text in said)
        found.append(DraftCard(card, own, seen_of(card.item), old, change))
    return found


def _progress(items: list[PlanItem]) -> Progress:
    undecided = [item for item in items if item.decision == ItemDecision.UNDECIDED]
    return Progress(
        decided=len(items) - len(undecided),
        total=len(items),
        clear=sum(not item.doubts for item in undecided),
    )


def progress_of(version: PlanVersion) -> Progress:
    """How far the deciding is; one query."""
    rows = version.items.values_list("decision", "doubts").annotate(count=Count("pk"))
    total: Counter[str] = Counter()
    for decision, doubts, count in rows:
        total["all"] += count
        if decision == ItemDecision.UNDECIDED:
            total["left"] += count
            total["clear"] += 0 if doubts else count
    return Progress(total["all"] - total["left"], total["all"], total["clear"])
