"""The variants of a plan text say the same words in another form; they are what repair is tested with."""

from __future__ import annotations

from pathlib import Path

import pytest

from thidua.documents.reading import files

from .makers.plan import PLANS, plan_of
from .makers.variants import arabic_on_top, decomposed, hard_wrapped, header_in_columns
from .makers.word import AGENCY, NATIONAL_TITLE


def words_of(text: str) -> list[str]:
    return [word for line in files.read(text.encode()).lines for word in line.text.split()]


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem[:3])
def test_wrapped_and_decomposed_texts_hold_the_same_words(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert words_of(hard_wrapped(text)) == words_of(text)
    assert words_of(decomposed(text)) == words_of(text)
    assert max(len(line.text) for line in files.read(hard_wrapped(text).encode()).lines) <= 70


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem[:3])
@pytest.mark.parametrize("separator", [" ", "|"])
def test_header_in_columns_stands_above_the_unchanged_rest(path: Path, separator: str) -> None:
    text = path.read_text(encoding="utf-8")

    read = header_in_columns(text, separator=separator)

    first, *_ = read.split("\n")
    assert AGENCY[0] in first
    assert NATIONAL_TITLE[0] in first
    assert read.endswith(text[text.index(plan_of(text).title[0]) :])


def test_sections_renumbered_with_arabic_figures() -> None:
    text = "I. MỤC ĐÍCH\n1. Một\na) Điểm\n2. Hai\nII. NỘI DUNG\n1. Ba"

    assert arabic_on_top(text) == "1. MỤC ĐÍCH\n1.1. Một\na) Điểm\n1.2. Hai\n2. NỘI DUNG\n2.1. Ba"
