"""Word files read as the printed page would be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from thidua.documents.reading import files
from thidua.documents.reading.model import Cell, Line, Origin, SourceText

from .makers.plan import PLANS, plan_of
from .makers.word import AGENCY, NATIONAL_TITLE, packed, paragraph, run, word_file


def texts(source: SourceText) -> list[str]:
    return [line.text for line in source.lines if line.text]


def read_body(body: str, **package: str) -> list[Line]:
    return [line for line in files.read(packed(body, **package)).lines if line.text]  # type: ignore[arg-type]


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem[:3])
@pytest.mark.parametrize("national_title", [False, True])
def test_made_word_file_reads_like_the_plan_text(path: Path, national_title: bool) -> None:
    plan = plan_of(path.read_text(encoding="utf-8"))

    source = files.read(word_file(plan, national_title=national_title))

    added = [*AGENCY, *NATIONAL_TITLE] if national_title else []
    assert texts(source) == added + plan.lines()
    assert source.format == "docx"
    assert source.unicode_form == "NFC"
