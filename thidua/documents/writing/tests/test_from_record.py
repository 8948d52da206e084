"""A plan that was read, printed as Word and PDF and read again says the same."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from thidua.documents.reading.files import intake
from thidua.documents.reading.record import record_of
from thidua.documents.reading.score import score_record
from thidua.documents.writing.from_record import paper_of_record
from thidua.documents.writing.paper import Paper, Run, Table
from thidua.documents.writing.typesetting import pdf_bytes
from thidua.documents.writing.word import docx_bytes

ROOT = Path(__file__).parents[4]
SAMPLES = sorted((ROOT / "data" / "plans").glob("*.txt"))
OTHERS = sorted((ROOT / "tests" / "plans" / "dev").glob("*.txt"))

#: Which lines something stands on is another matter in another file; so is the form of the old head.
PLACES = {"lines", "line", "anchor_line", "title_lines", "cells", "wrapped", "page_break_split", "number_raw"}
#: The printing has a whole head, mends what the old form lacked, and writes the head in capitals.
NOT_COMPARED = {"structure", "defects", "undefined_abbreviations"}
HEAD = {"type", "number", "symbol", "place", "title", "addressees"}


def bare(value: Any, *, without: frozenset[str]) -> Any:
    """A record without places, and with small signs set aside: bullets, last signs, marks of notes."""
    if isinstance(value, Mapping):
        return {
            key: _formless(key, bare(item, without=without))
            for key, item in value.items()
            if key not in PLACES | without
        }
    if isinstance(value, list):
        return [bare(item, without=without) for item in value]
    return value


def _formless(key: str, value: Any) -> Any:
    if key in ("raw", "text", "anchor_text", "mark", "full", "about_raw") and isinstance(value, str):
        text = re.sub(r"\[(\d)\]", lambda found: "¹²³⁴"[int(found[1]) - 1], value)
        return " ".join(text.replace(" ", " ").split()).lstrip("-•*+ ").rstrip(";., ")
    return value


@cache
def read(path: Path) -> tuple[dict[str, Any], Paper]:
    source = intake.read_path(path)
    record = record_of(source)
    return record, paper_of_record(record, [line.text for line in source.lines])


def again(paper: Paper, face: str) -> dict[str, Any]:
    made = docx_bytes(paper) if face == "docx" else pdf_bytes(paper)
    return record_of(intake.read(made, file_name=f"a.{face}"))


def differing(path: Path, face: str, *, without: frozenset[str] = frozenset()) -> dict[str, list[str]]:
    record, paper = read(path)
    before, after = bare(record, without=without), bare(again(paper, face), without=without)
    for one in (before, after):
        one["doc"] = {key: value for key, value in one["doc"].items() if key in HEAD}
    score = score_record(before, after)
    return {
        group: [str(difference) for difference in tally.differences]
        for group, tally in score.items()
        if not tally.is_exact and group not in NOT_COMPARED
    }


@pytest.mark.parametrize("face", ["docx", "pdf"])
@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem[:3])
def test_sample_plan_printed_and_read_again_says_the_same(path: Path, face: str) -> None:
    assert differing(path, face) == {}


#: Groups that differ in papers of other hands, and why.
KNOWN = {
    # the line «Kèm theo …» of an appendix is written anew, with the date in its long form
    **{
        (stem, face, "citations"): "Kèm theo" for stem in ("03", "14", "15", "19") for face in ("docx", "pdf")
    },
    # the reader of PDF does not join a title or a name that fills two lines of the right-hand column
    ("07", "pdf", "signature"): "two lines",
    ("07", "pdf", "recipients"): "two lines",
    ("13", "pdf", "signature"): "two lines",
    # nor the last line of the body, when it is short and «Nơi nhận» follows
    ("10", "pdf", "tasks"): "last line",
    ("10", "pdf", "milestones"): "last line",
    ("12", "pdf", "tasks"): "last line",
}


@pytest.mark.parametrize("face", ["docx", "pdf"])
@pytest.mark.parametrize("path", OTHERS, ids=lambda path: path.stem)
def test_other_paper_printed_and_read_again_says_the_same(path: Path, face: str) -> None:
    """Paths may differ: headings without number, which the decree does not know, are printed in bold."""
    found = differing(path, face, without=frozenset({"path"}))

    assert {group: rows for group, rows in found.items() if (path.stem[:2], face, group) not in KNOWN} == {}


# --- parts ------------------------------------------------------------------------------------------


def paper_of(name: str) -> Paper:
    return read(next(path for path in [*SAMPLES, *OTHERS] if path.stem.startswith(name)))[1]


def test_notes_stand_where_they_are_marked() -> None:
    runs = [
        run
        for block in paper_of("02").body + paper_of("002").body
        if not isinstance(getattr(block, "words", ""), str)
        for run in getattr(block, "words", ())
        if isinstance(run, Run) and run.note
    ]

    assert runs[0].note.startswith("Là tổng số hộ nghèo và cận nghèo tại thời điểm bình xét khen thưởng")


def test_tables_keep_their_columns() -> None:
    tables = [block for block in paper_of("11").body if isinstance(block, Table)]

    assert [column.title for column in tables[0].columns] == ["STT", "Nội dung", "Điểm tối đa"]
    assert [len(table.rows) for table in tables] == [4, 3]


def test_appendices_and_drafts_are_known() -> None:
    assert [(one.number, one.title) for one in paper_of("12").appendices] == [
        ("I", "DANH MỤC SÁNG KIẾN ĐĂNG KÝ"),
        ("II", "MẪU BÁO CÁO"),
    ]
    assert paper_of("11").is_draft


def test_decision_keeps_who_decides_and_its_articles() -> None:
    paper = paper_of("15")

    assert (paper.kind, paper.decider) == ("quyet_dinh", "CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH")
    assert len(paper.bases) >= 3
