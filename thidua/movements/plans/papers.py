"""A plan as an official paper, for Word and PDF.

A version that came from a document is printed in the words of that document: they are what was issued. One
that was written in the program is put together from its items, in the order in which plans are written.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from thidua.core.text import without_accents
from thidua.documents.letterhead import letterhead_of
from thidua.documents.writing.from_record import paper_of_record
from thidua.documents.writing.paper import Block, Heading, Item, Level, Paper, Paragraph, Signature
from thidua.movements.models import ItemKind, PlanItem, PlanVersion
from thidua.movements.plans.cards import Card, cards_of
from thidua.movements.plans.drafting import kept_items

#: Sections of a plan, each with its parts: title, and the kinds that stand there.
SECTIONS: tuple[tuple[str, tuple[tuple[str, ItemKind], ...]], ...] = (
    ("Mục đích, yêu cầu", (("Mục đích", ItemKind.PURPOSE), ("Yêu cầu", ItemKind.REQUIREMENT))),
    ("Chỉ tiêu, nội dung thi đua", (("Chỉ tiêu", ItemKind.TARGET), ("Nội dung", ItemKind.CONTENT))),
    ("Giải pháp thực hiện", (("", ItemKind.SOLUTION),)),
    (
        "Đối tượng, tiêu chí thi đua và hình thức khen thưởng",
        (("Đối tượng, tiêu chí thi đua", ItemKind.CRITERION), ("Hình thức khen thưởng", ItemKind.AWARD_FORM)),
    ),
    ("Tiến độ thực hiện", (("", ItemKind.MILESTONE),)),
    ("Tổ chức thực hiện", (("", ItemKind.TASK),)),
)


def paper_of(version: PlanVersion, *, on: date) -> Paper:
    """The paper of a version. Raises CannotBePrinted where it is printed, not here."""
    if version.document is not None:
        record = version.document.record
        return paper_of_record(record, [line["text"] for line in version.document.lines])
    return _written(version, on=on)


def file_name(version: PlanVersion) -> str:
    """Name of the file without ending: letters that every system bears."""
    words = without_accents(f"ke hoach {version.document_number} {version.title}").lower()
    plain = "".join(letter if letter.isascii() and letter.isalnum() else " " for letter in words)
    return "-".join(plain.split())[:80].rstrip("-")


def _written(version: PlanVersion, *, on: date) -> Paper:
    owner_id = version.plan.owner_id
    head = letterhead_of(owner_id, on=on) if owner_id is not None else None
    number, _, symbol = version.document_number.partition("/")
    day = _day(version.dated)
    paper = Paper(
        kind="ke_hoach",
        issuer=head.issuer if head else (version.plan.owner_name,),
        superior=head.superior if head else (),
        issuer_name=head.name if head else version.plan.owner_name,
        place=head.place if head else "",
        number=number.strip() or None,
        symbol=symbol.strip() or (head.symbol("ke_hoach") if head else ""),
        dated=day,
        title=version.title,
        body=tuple(_body(version, head.name if head else version.plan.owner_name)),
        signature=Signature(head.authority if head else ()),
        recipients=("Như trên", "Lưu: VT"),
    )
    return replace(paper, is_draft=version.is_draft)


def _day(dated: str) -> date | None:
    try:
        return date.fromisoformat(dated)
    except ValueError:
        return None


def _body(version: PlanVersion, issuer: str) -> Iterator[Block]:
    higher = version.written_from
    basis = f"Thực hiện {_named(higher)}, {issuer}" if higher is not None else issuer
    yield Paragraph(f"{basis} ban hành Kế hoạch {version.title[:1].lower()}{version.title[1:]} như sau:")
    by_kind: dict[str, list[Card]] = defaultdict(list)
    for card in cards_of(kept_items(version)):
        by_kind[card.item.kind].append(card)
    for title, parts in SECTIONS:
        filled = [(name, kind, by_kind[kind]) for name, kind in parts if by_kind[kind]]
        if not filled:
            continue
        yield Heading(Level.CAPITAL, title)
        for name, kind, cards in filled:
            if name:
                yield Heading(Level.CLAUSE, name)
            yield from _part(kind, cards, is_below_clause=bool(name))
    yield Paragraph(
        f"Trên đây là Kế hoạch của {issuer}. Trong quá trình thực hiện, nếu có khó khăn, vướng mắc, các đơn "
        "vị kịp thời phản ánh để được hướng dẫn, giải quyết.",
        is_ending=True,
    )


def _named(higher: PlanVersion) -> str:
    number = f" số {higher.document_number}" if higher.document_number else ""
    owner = f" của {higher.plan.owner_name}" if higher.plan.owner_name else ""
    return f"Kế hoạch{number}{owner} về {higher.title[:1].lower()}{higher.title[1:]}"


def _part(kind: ItemKind, cards: Iterable[Card], *, is_below_clause: bool) -> Iterator[Block]:
    level = Level.POINT if is_below_clause else Level.CLAUSE
    if kind == ItemKind.CRITERION:
        yield from _grouped(((card.subject, card) for card in cards), level)
    elif kind == ItemKind.TASK:
        yield from _grouped(((_leads(card.item), card) for card in cards), level)
    else:
        for words in dict.fromkeys(map(_words, cards)):
            yield Item(level, words)


def _grouped(rows: Iterable[tuple[str, Card]], level: Level) -> Iterator[Block]:
    groups: dict[str, list[Card]] = defaultdict(list)
    for title, card in rows:
        groups[title].append(card)
    for title, cards in groups.items():
        if title:
            yield Heading(level, title)
        for words in dict.fromkeys(map(_words, cards)):
            yield Item(Level.DASH if title else level, words)


def _leads(item: PlanItem) -> str:
    return "; ".join(item.entry.get("lead") or ())


def _words(card: Card) -> str:
    """The sentence of an item; of one that a person added, what it says."""
    said = card.words.quote or str(card.item.entry.get("text") or "") or card.words.title
    return " ".join(said.split())
