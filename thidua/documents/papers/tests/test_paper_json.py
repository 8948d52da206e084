"""The stored description gives the same paper back."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thidua.documents.papers.tests.makers import a_paper
from thidua.documents.writing import paper as shapes
from thidua.documents.writing import paper_json
from thidua.documents.writing.paper import Paper

TEXT = st.text(max_size=20)
WORDS = st.one_of(
    TEXT, st.lists(st.builds(shapes.Run, TEXT, st.booleans(), st.booleans(), TEXT), max_size=3).map(tuple)
)
LEVELS = st.sampled_from(shapes.Level)
TABLES = st.builds(
    shapes.Table,
    st.lists(st.builds(shapes.Column, TEXT, st.integers(1, 9), st.booleans()), max_size=3).map(tuple),
    st.lists(st.lists(WORDS, max_size=3).map(tuple), max_size=3).map(tuple),
    TEXT,
    st.frozensets(st.integers(0, 9), max_size=3),
    TEXT,
)
BLOCKS = st.lists(
    st.one_of(
        st.builds(shapes.Heading, LEVELS, WORDS, TEXT),
        st.builds(shapes.Paragraph, WORDS, st.booleans()),
        st.builds(shapes.Item, LEVELS, WORDS, TEXT),
        st.builds(shapes.Article, WORDS, TEXT, TEXT, st.lists(WORDS, max_size=2).map(tuple)),
        st.builds(shapes.Figure, TEXT, TEXT, TEXT),
        TABLES,
    ),
    max_size=4,
).map(tuple)
SIGNATURES = st.builds(
    shapes.Signature,
    st.lists(TEXT, max_size=3).map(tuple),
    TEXT,
    st.one_of(st.none(), st.binary(max_size=10)),
)
LINES = st.lists(TEXT, max_size=3).map(tuple)
PAPERS = st.builds(
    Paper,
    kind=TEXT,
    issuer=LINES,
    title=TEXT,
    body=BLOCKS,
    signature=SIGNATURES,
    superior=LINES,
    number=st.one_of(st.none(), TEXT),
    dated=st.one_of(st.none(), st.dates()),
    bases=LINES,
    cosigner=st.one_of(st.none(), SIGNATURES),
    appendices=st.lists(st.builds(shapes.Appendix, TEXT, BLOCKS, TEXT, st.booleans()), max_size=2).map(tuple),
    urgency=st.sampled_from(shapes.Urgency),
    copy_mark=LINES,
)


@given(PAPERS)
def test_paper_comes_back_as_it_was(paper: Paper) -> None:
    text = paper_json.written(paper)

    assert paper_json.read(text) == paper
    assert paper_json.written(paper_json.read(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        '{"form": "paper/2"}',
        '{"form": "paper/1", "kind": "bao_cao"}',
        paper_json.written(a_paper()).replace('"paragraph"', '"picture"'),
        paper_json.written(a_paper()).replace('"place"', '"plaice"'),
        paper_json.written(a_paper(dated=date(2023, 11, 5))).replace("2023-11-05", "2023-13-05"),
    ],
)
def test_what_is_not_a_paper_is_refused(text: str) -> None:
    with pytest.raises(paper_json.UnreadablePaper):
        paper_json.read(text)
