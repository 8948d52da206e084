"""Paragraphs -> the tree of a document: head, numbered parts, bullets, closing, appendices.

Numbering is read by its style (I. – 1. – a) – -) and not by fixed levels: a style seen above is a sibling, a new
one goes a level down, so Arabic or capital top levels, `5.1` and repeated numbers find their place. Every
non-empty paragraph becomes exactly one node.
"""

from __future__ import annotations

import re

from .closing import read_closing
from .head import read_head
from .headings import heading_role
from .matching import flat, pattern
from .model import InlineItem, Node, Outline, Role, SourceText
from .repair import paragraphs_of
from .segments import without_markup
from .tree import TreeBuilder

_INLINE_ITEM = re.compile(r"(?:(?<=[\s:;,.])|^)\((\d{1,2})\)\s+")
_ORDERS = pattern(r"^(?:quyet dinh|quyet nghi|nghi quyet|chi thi)\s*:\s*$")
_LEGAL_BASIS = pattern(r"^(?:can cu|xet|theo de nghi|tren co so)\b")
_CLOSING_WORDS = pattern(
    r"^(?:tren day la|trong qua trinh|can cu (?:noi dung )?ke hoach|nhan duoc ke hoach|yeu cau|de nghi|ke hoach nay|quyet dinh nay|"
    r"uy ban nhan dan .{0,60}(?:yeu cau|de nghi)|[^.]{0,80}(?:yeu cau|de nghi) (?:cac|thu truong)|noi nhan|kinh trinh|kinh de nghi|voi )"
)
_LEAD_IN_END = pattern(r"(?:sau|sau day|nhu sau|duoi day|cu the|cu the nhu sau|bao gom|gom)\s*:$")
_SENTENCE_END = (".", ";", ",", "…")
_LONGEST_HEADING = 260


def outline_of(source: SourceText) -> Outline:
    """The structure of a read file; `nodes` hold every non-empty line exactly once, in reading order."""
    paragraphs = paragraphs_of(source.lines)
    head = read_head(paragraphs)
    closing = read_closing(paragraphs, start=head.end)
    builder = TreeBuilder(paragraphs)
    builder.add_head(head)
    builder.add_body(head.end, closing.start)
    builder.add_closing(closing)
    if closing.end < len(paragraphs):
        builder.add_appendices(closing.end)
    outline = Outline(source=source, paragraphs=paragraphs, nodes=builder.nodes, head=head, closing=closing)
    _mark_headings(outline)
    _mark_closing_sentence(outline)
    _give_roles(outline)
    return outline


def _mark_headings(outline: Outline) -> None:
    """Gives a title to the nodes that head a part, and takes apart items `(1) …; (2) …` printed in a sentence."""
    for node in outline.nodes:
        if node.kind in ("phan", "chuong", "dieu", "muc", "khoan", "diem") and node.title is None:
            node.title = _title_of(node)
        if node.kind in ("gach", "khoan", "diem", "doan", "mo_dau", "ket") and "(1)" in node.text:
            node.inline_items = inline_items_of(node.text)


def _title_of(node: Node) -> str | None:
    text = without_markup(node.text)
    if not text or len(text) > _LONGEST_HEADING:
        return None
    top_level = node.kind in ("phan", "chuong", "muc", "dieu")
    if (
        top_level
        and (text.isupper() or not text.endswith((".", ";", ",")))
        and not _LEAD_IN_END.search(flat(text))
    ):
        return text
    if text.isupper() and len(text) > 3:
        return text
    if text.endswith(_SENTENCE_END) or not node.children:
        # a short bold line without an end mark is a heading even when nothing stands below it
        return text if node.bold and len(text) < 120 and not text.endswith((*_SENTENCE_END, ":")) else None
    if _LEAD_IN_END.search(flat(text)) and len(text) > 40:
        return None
    return text


def inline_items_of(text: str) -> list[InlineItem]:
    """Items `(1) …; (2) …` inside one paragraph, without the separators; empty when there are not two in order."""
    found = list(_INLINE_ITEM.finditer(text))
    in_order = [match for position, match in enumerate(found) if int(match[1]) == position + 1]
    if len(in_order) < 2 or len(in_order) != len(found):
        return []
    items = []
    for position, match in enumerate(in_order):
        end = in_order[position + 1].start() if position + 1 < len(in_order) else len(text)
        items.append(InlineItem(f"({match[1]})", text[match.end() : end].strip().rstrip(";,.").rstrip()))
    return items


def _mark_closing_sentence(outline: Outline) -> None:
    """The last unnumbered sentence of the body, "Trên đây là …", closes the document as a whole: path `ket`."""
    body = [node for node in outline.body() if node.kind not in ("mo_dau", "can_cu")]
    closing_nodes: list[Node] = []
    for node in reversed(body):
        if node.kind != "doan":
            break
        key = flat(node.text)
        only_of_its_kind = node.parent is not None and all(
            child is node or child.kind != "doan" for child in node.parent.children
        )
        if _CLOSING_WORDS.match(key) or (
            not closing_nodes
            and node.text.rstrip().endswith("./.")
            and only_of_its_kind
            and _follows_numbered(node)
        ):
            if closing_nodes and not (_follows_numbered(node) or key.startswith("tren day la")):
                break
            closing_nodes.append(node)
        else:
            break
    for number, node in enumerate(reversed(closing_nodes)):
        if node.parent is not None:
            node.parent.children.remove(node)
        node.parent = None
        node.kind = "ket"
        node.path = "ket" if number == 0 else f"ket.{number + 1}"


def _follows_numbered(node: Node) -> bool:
    """Whether the paragraph comes after numbered items that are complete sentences of their own."""
    parent = node.parent
    if parent is None:
        return True
    if parent.title is None:
        return True
    return any(child.kind in ("khoan", "diem", "gach") for child in parent.children)


#: "Mục đích: …" printed at the start of the paragraph that it heads
_LABEL = re.compile(r"^([A-ZĐÀ-Ỹ][^:.;,]{3,60}):\s")


def _give_roles(outline: Outline) -> None:
    for node in outline.nodes:
        inherited = node.parent.role if node.parent is not None else Role.OTHER
        if node.title is None:
            node.role = inherited
            label = _LABEL.match(node.text) if node.kind in ("khoan", "diem", "doan", "gach") else None
            if label and (named := heading_role(label[1])) is not Role.OTHER and len(label[1].split()) <= 6:
                node.role = _role_below(inherited, named, node)
            continue
        own = heading_role(node.title)
        node.role = _role_below(inherited, own, node)


def _role_below(inherited: Role, own: Role, node: Node) -> Role:
    """A heading inside a part may only narrow what the part is for; a task list stays a task list."""
    if own is Role.OTHER:
        return inherited
    if node.parent is None or inherited is Role.OTHER or node.parent.kind in ("phan", "chuong"):
        return own
    if inherited in (Role.ORGANISATION, Role.PROGRESS):
        return inherited
    narrower = {
        Role.PURPOSE: {Role.REQUIREMENT, Role.PURPOSE},
        Role.AWARDS: {Role.SUBJECTS, Role.AWARD_FORMS, Role.AWARD_STANDARDS, Role.AWARDS},
        Role.SUBJECTS: {Role.AWARDS, Role.AWARD_FORMS, Role.AWARD_STANDARDS, Role.SUBJECTS},
        Role.CONTENT: {
            Role.SOLUTION,
            Role.CONTENT,
            Role.SUBJECTS,
            Role.AWARDS,
            Role.AWARD_FORMS,
            Role.AWARD_STANDARDS,
            Role.PROGRESS,
        },
        Role.SOLUTION: {Role.CONTENT, Role.SOLUTION},
    }
    return own if own in narrower.get(inherited, {own}) else inherited
