"""The record of a read document in the schema `golden/1`: every fact with its lines and its quote.

`record_of` runs the stages one after the other over one outline. Facts that the document does not state are
None or empty; what a person should look at stands in `doubts` (readings that could differ) and `defects`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from .awards import find_award
from .citing import find_citations, find_unnumbered_refs, parent_plan_ids
from .criteria import find_subjects
from .defects import find_defects
from .doubts import find_doubts
from .identity import read_identity
from .milestones import find_milestones
from .model import Node, Outline, Role, SourceText
from .movement import read_movement
from .notes import find_abbreviations, find_footnotes, find_undefined_abbreviations
from .outline import outline_of
from .parties import archive_of, recipients_of, signature_of
from .targets import find_targets
from .tasks import find_tasks

SCHEMA = "golden/1"

#: documents that tell or ask and set no work; head, structure, citations and parties are read all the same
_TELLING_TYPES = frozenset(
    {"Báo cáo", "Tờ trình", "Biên bản", "Giấy mời", "Phiếu gửi", "Phiếu chuyển", "Phiếu báo"}
)


def record_of(source: SourceText) -> dict[str, Any]:
    """The golden/1 record of a read file, as plain values that JSON and YAML can hold."""
    return record_of_outline(outline_of(source))


def record_of_outline(outline: Outline) -> dict[str, Any]:
    """As `record_of`, for a caller that also needs the outline."""
    source = outline.source
    doc, context = read_identity(outline)
    citations = find_citations(outline, context)
    movement = read_movement(outline, citations)
    period = movement["period"]
    if period:
        context = replace(context, period_from=period["from"], period_to=period["to"])
    refs = find_unnumbered_refs(outline, context, citations)
    archive = archive_of(outline.closing)
    abbreviations = find_abbreviations(outline)
    # a report or a request tells what was done or asks for something: its figures and deeds set nobody a target
    sets_work = doc["type"] not in _TELLING_TYPES
    subjects = find_subjects(outline, context) if sets_work else []
    tasks = find_tasks(outline, context) if sets_work else []
    record: dict[str, Any] = {
        "schema": SCHEMA,
        "seed": _source_mapping(source),
        "doc": doc,
        "movement": movement,
        "parent_plan_ids": parent_plan_ids(citations),
        "citations": citations,
        "unnumbered_refs": refs,
        "structure": [_structure_mapping(node) for node in outline.nodes],
        **_passages(outline),
        "targets": find_targets(outline, context) if sets_work else [],
        "tasks": tasks,
        "subjects": subjects,
        "award": find_award(outline, context, refs=refs) if sets_work else _no_award(),
        "milestones": find_milestones(outline, context, tasks) if sets_work else [],
        "recipients": recipients_of(outline.closing),
        "archive": archive,
        "signature": signature_of(outline.closing),
        "footnotes": find_footnotes(outline),
        "abbreviations": abbreviations,
        "undefined_abbreviations": find_undefined_abbreviations(outline, abbreviations, archive),
    }
    record["defects"] = find_defects(outline, record)
    record["doubts"] = find_doubts(outline, record)
    record["expected_counts"] = _counts(record)
    return record


def _no_award() -> dict[str, list[Any]]:
    return {"forms": [], "standards": [], "recipients_mentioned": []}


def _source_mapping(source: SourceText) -> dict[str, Any]:
    mapping: dict[str, Any] = {
        "file": source.file_name,
        "sha256": source.sha256,
        "lines": len(source.lines),
        "codepoints": source.codepoints,
        "unicode_form": source.unicode_form,
        "final_newline": source.final_newline,
        "format": source.format,
    }
    if source.ocr:
        mapping["ocr"] = True
    if source.remarks:
        mapping["remarks"] = list(source.remarks)
    return mapping


def _structure_mapping(node: Node) -> dict[str, Any]:
    mapping: dict[str, Any] = {"path": node.path, "kind": node.kind}
    if node.marker:
        mapping["marker"] = node.marker
    mapping["lines"] = list(node.lines)
    if node.title is not None:
        mapping["title"] = node.title
    if node.page_break_split:
        mapping["page_break_split"] = True
    if node.inline_items:
        mapping["inline_items"] = [{"marker": item.marker, "text": item.text} for item in node.inline_items]
    return mapping


_PASSAGES = {
    Role.PURPOSE: "purposes",
    Role.REQUIREMENT: "requirements",
    Role.CONTENT: "contents",
    Role.SOLUTION: "solutions",
}


def _passages(outline: Outline) -> dict[str, list[dict[str, Any]]]:
    """The sentences under the headings for purposes, requirements, contents and solutions."""
    found: dict[str, list[dict[str, Any]]] = {key: [] for key in _PASSAGES.values()}
    for node in outline.body():
        key = _PASSAGES.get(node.role)
        if key and node.title is None and node.kind not in ("ket", "mo_dau", "can_cu", "bang"):
            found[key].append({"path": node.path, "lines": list(node.lines), "text": node.text})
    return found


def _counts(record: dict[str, Any]) -> dict[str, int]:
    kinds = [node["kind"] for node in record["structure"]]
    return {
        "citation_mentions": len(record["citations"]),
        "citation_unique": sum(citation["occurrence"] == "first" for citation in record["citations"]),
        "targets": len(record["targets"]),
        "tasks": len(record["tasks"]),
        "subjects": len(record["subjects"]),
        "criteria": sum(len(subject["criteria"]) for subject in record["subjects"]),
        "award_forms": len(record["award"]["forms"]),
        "recipients": len(record["recipients"]),
        "footnotes": len(record["footnotes"]),
        "muc": kinds.count("muc"),
        "khoan": kinds.count("khoan"),
        "diem": kinds.count("diem"),
    }
