"""References in invented sentences; names of places and bodies are made up or general."""

import re
import time
import unicodedata
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from thidua.core import citations
from thidua.core.citations import Citation, find, find_named_laws, parse

DATA = Path(__file__).parents[3] / "data"
GOLDEN = sorted((DATA / "golden").glob("0*.yaml"))
COMPARED = (
    *("raw", "type", "type_abbr", "ref", "number", "number_year", "symbol"),
    *("date_raw", "date", "issuer_raw", "about_raw"),
)
EXAMPLES: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parent / "citations.yaml").read_text(encoding="utf-8")
)
NOT_REFERENCES: list[str] = EXAMPLES.pop("no_reference")
SENTENCES = [
    pytest.param(example["text"], example["found"], id=f"{group}-{number}")
    for group, examples in EXAMPLES.items()
    for number, example in enumerate(examples, start=1)
]
Row = dict[str, str]


def read(text: str) -> list[Row]:
    """What `find` says, in the form of the examples: absent where it says nothing."""
    fields = {"type": "type", "ref": "ref", "date": "date", "issuer": "issuer_raw", "about": "about_raw"}
    return [
        {name: value for name, field in fields.items() if (value := getattr(mention, field)) is not None}
        for mention in find(text)
    ]


@pytest.mark.parametrize(("text", "expected"), SENTENCES)
def test_find_reads_type_number_date_issuer_and_title(text: str, expected: list[Row]) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(("text", "expected"), SENTENCES)
def test_find_gives_spans_that_cut_out_what_it_says(text: str, expected: list[Row]) -> None:
    for mention in find(text):
        assert text[slice(*mention.span)] == mention.raw
        if mention.issuer_span:
            assert text[slice(*mention.issuer_span)] == mention.issuer_raw
        if mention.about_span:
            assert text[slice(*mention.about_span)] == mention.about_raw
        assert mention.end >= mention.span[1]


@pytest.mark.parametrize(("text", "expected"), SENTENCES)
def test_find_answers_the_same_for_composed_and_decomposed(text: str, expected: list[Row]) -> None:
    assert find(unicodedata.normalize("NFD", text)) == find(text)


@pytest.mark.parametrize("text", NOT_REFERENCES)
def test_find_leaves_what_is_no_reference(text: str) -> None:
    assert find(text) == []


@pytest.mark.parametrize(
    ("text", "number", "year", "symbol"),
    [
        ("Nghị định số 30/2020/NĐ - CP", "30", 2020, "NĐ-CP"),
        ("Kế hoạch số 152 /KH-UBND", "152", None, "KH-UBND"),
        ("Kế hoạch số 152/ KH – UBND", "152", None, "KH-UBND"),
        ("Nghị quyết số 46 - NQ/TU", "46", None, "NQ/TU"),
        ("Luật số 06/2022/QH15", "06", 2022, "QH15"),
        ("Quyết định số 12/1999/QĐ/UB", "12", 1999, "QĐ-UB"),
        ("Nghị quyết số 46 NQ/TU", "46", None, "NQ/TU"),
        ("Kế hoạch số 152/KH UBND ngày 01/7/2022", "152", None, "KH-UBND"),
    ],
)
def test_find_takes_number_year_and_symbol_apart(
    text: str, number: str, year: int | None, symbol: str
) -> None:
    (mention,) = find(text)
    assert (mention.number, mention.number_year, mention.symbol) == (number, year, symbol)


@pytest.mark.parametrize(
    "printed", ["31/02/2022", "1/13/2022", "00/5/2022", "5/5/202", "30 tháng 02 năm 2022"]
)
def test_a_date_that_cannot_be_is_kept_as_printed(printed: str) -> None:
    (mention,) = find(f"Kế hoạch số 12/KH-UBND ngày {printed} của UBND tỉnh")
    assert (mention.date_raw, mention.date, mention.issuer_raw) == (printed, None, "UBND tỉnh")


def test_a_type_taken_from_the_symbol_is_not_said_to_be_printed() -> None:
    (mention,) = find("các nội dung tại 152/KH-UBND")
    assert (mention.type, mention.type_abbr, mention.type_raw) == ("Kế hoạch", "KH", None)


def joined_lines(path: Path) -> str:
    """The text of a seed with lines cut by page breaks joined, by the rule of the golden records."""
    lines: list[str] = []
    for line in filter(None, map(str.strip, path.read_text(encoding="utf-8").split("\n"))):
        marked = re.match(r"[0-9]+\.\s|[a-zđ]\)", line)
        goes_on = (line[0].islower() or line[0].isdigit()) and not marked
        if lines and goes_on and lines[-1][-1] not in ".;:!?…*":
            lines[-1] += f" {line}"
        else:
            lines.append(line)
    return "\n".join(lines)


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: str(path.stem)[:3])
def test_find_reads_every_reference_of_the_golden_records(path: Path) -> None:
    expected: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))["citations"]
    mentions = find(joined_lines(DATA / "plans" / f"{path.stem}.txt"))
    found = [{field: getattr(mention, field) for field in COMPARED} for mention in mentions]
    assert found == [{field: citation[field] for field in COMPARED} for citation in expected]


def test_there_are_golden_records_to_compare_with() -> None:
    assert len(GOLDEN) == 5


LAWS = [
    ("Căn cứ Luật Thi đua, khen thưởng ngày 15/6/2022;", [("Luật", "Thi đua, khen thưởng", "2022-06-15")]),
    ("Luật Thi đua, khen thưởng năm 2022 và các văn bản", [("Luật", "Thi đua, khen thưởng", "2022")]),
    ("theo quy định của Luật Thi đua, Khen thưởng.", [("Luật", "Thi đua, Khen thưởng", None)]),
    (
        "Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015; Luật Ngân sách nhà nước quy định",
        [
            ("Luật", "Tổ chức chính quyền địa phương", "2015-06-19"),
            ("Luật", "Ngân sách nhà nước", None),
        ],
    ),
    (
        "Luật sửa đổi, bổ sung một số điều của Luật Tổ chức Chính phủ và Luật Đất đai ngày 22/11/2019;",
        [
            (
                "Luật",
                "sửa đổi, bổ sung một số điều của Luật Tổ chức Chính phủ và Luật Đất đai",
                "2019-11-22",
            )
        ],
    ),
    (
        "Luật Phòng, chống tham nhũng, Luật Đất đai",
        [("Luật", "Phòng, chống tham nhũng", None), ("Luật", "Đất đai", None)],
    ),
    ("Bộ luật Lao động năm 2019", [("Bộ luật", "Lao động", "2019")]),
    ("Luật Cán bộ, công chức và Nghị định", [("Luật", "Cán bộ, công chức", None)]),
    (
        "Luật Thi đua, Khen thưởng (2003) và Luật sửa đổi, bổ sung một số điều của Luật Thi đua (2013);",
        [
            ("Luật", "Thi đua, Khen thưởng", "2003"),
            ("Luật", "sửa đổi, bổ sung một số điều của Luật Thi đua", "2013"),
        ],
    ),
    (
        "Luật thi đua, khen thưởng ngày 26tháng 11 năm 2003; Luật Thi đua 2022; Luật này; Luật sư",
        [("Luật", "thi đua, khen thưởng", "2003-11-26"), ("Luật", "Thi đua", "2022")],
    ),
    ("Hiến pháp năm 2013", [("Hiến pháp", "", "2013")]),
    ("Luật Thi đua, khen thưởng số 06/2022/QH15 ngày 15/6/2022", []),
    ("Trường Đại học Luật Suối Bạc; pháp luật về thi đua; Luật sư", []),
    ("Luật Đất đai ngày 31/02/2024", [("Luật", "Đất đai", None)]),
]


@pytest.mark.parametrize(("text", "expected"), LAWS)
def test_find_named_laws(text: str, expected: list[tuple[str, str, str | None]]) -> None:
    laws = find_named_laws(text)
    assert [(law.type, law.name, law.date) for law in laws] == expected
    assert all(text[slice(*law.span)] == law.raw for law in laws)


FULL = Citation(
    type="Kế hoạch",
    number="152",
    symbol="KH-UBND",
    date="2022-07-01",
    issuer="UBND tỉnh Suối Bạc",
    about="về tổ chức phong trào thi đua",
)


def test_format_prints_first_and_later_references_by_the_rules() -> None:
    assert FULL.format() == (
        "Kế hoạch số 152/KH-UBND ngày 01/7/2022 của UBND tỉnh Suối Bạc về tổ chức phong trào thi đua"
    )
    assert FULL.format(short=True) == "Kế hoạch số 152/KH-UBND"
    law = Citation(type="Luật", number="06", symbol="QH15", number_year=2022, about="Thi đua, khen thưởng")
    assert law.format() == "Luật Thi đua, khen thưởng số 06/2022/QH15"


CITATIONS = st.builds(
    Citation,
    type=st.sampled_from([name for name in citations.TYPES if name not in citations.LAW_TYPES]),
    number=st.integers(1, 99999).map(lambda number: f"{number:02}"),
    symbol=st.sampled_from(["KH-UBND", "QĐ-TTg", "UBND-NC", "NQ-HĐND", "KH-SVHTT&DL", "QH15", "CTr-UBND-HC"]),
    number_year=st.none() | st.integers(1990, 2090),
    date=st.none()
    | st.dates(date(1950, 1, 1), date(2099, 1, 1)).map(date.isoformat)
    | st.sampled_from(["2022", "2022-07", "1999-12"]),
    issuer=st.none()
    | st.sampled_from(["UBND tỉnh", "Thủ tướng Chính phủ", "Sở Văn hóa, Thể thao và Du lịch", "Bộ Nội vụ"]),
    about=st.none()
    | st.sampled_from(["về việc khen thưởng", "phê duyệt Đề án “Một, hai; ba”", "ban hành Quy chế (đợt 1)"]),
)
PARTY = st.builds(
    Citation,
    type=st.sampled_from(["Nghị quyết", "Chỉ thị", "Kết luận", "Quy định"]),
    number=st.integers(1, 999).map(str),
    symbol=st.sampled_from(["NQ/TU", "CT/TW", "KL/T.Ư", "QĐ/TW", "KH/ĐU"]),
    date=st.none() | st.just("2021-09-08"),
    issuer=st.none() | st.sampled_from(["Bộ Chính trị", "Ban Chấp hành Đảng bộ tỉnh", "Đảng ủy xã"]),
    about=st.none() | st.just("về xây dựng nông thôn mới"),
)


@given(CITATIONS | PARTY)
def test_parse_reads_what_format_prints(citation: Citation) -> None:
    assert parse(citation.format()) == citation


@pytest.mark.parametrize("text", ["", "Kế hoạch", "theo Kế hoạch số 1/KH-UBND", "5/12"])
def test_parse_answers_none_for_other_text(text: str) -> None:
    assert parse(text) is None


def test_key_names_the_issuer_in_one_spelling() -> None:
    one = find("Kế hoạch số 05/KH-UBND ngày 1/7/2022 của UBND tỉnh Hoà An")[0].key
    two = find("Kế hoạch số 5/KH-UBND ngày 01/7/2022 của Uỷ ban nhân dân tỉnh Hòa An")[0].key
    other = find("Kế hoạch số 5/KH-UBND ngày 01/7/2022 của UBND tỉnh Suối Bạc")[0].key
    assert one == two
    assert one != other


def test_may_be_compares_only_what_both_state() -> None:
    later = Citation(type="Kế hoạch", number="152", symbol="KH-UBND")
    assert FULL.may_be(later)
    assert later.may_be(FULL)
    assert FULL.may_be(Citation(type="Kế hoạch", number="152", symbol="KH-UBND", date="2022-07"))
    assert not FULL.may_be(Citation(type="Kế hoạch", number="152", symbol="KH-UBND", date="2022-07-02"))
    assert not FULL.may_be(
        Citation(type="Kế hoạch", number="152", symbol="KH-UBND", issuer="UBND tỉnh Hòa An")
    )
    assert not FULL.may_be(Citation(type="Kế hoạch", number="153", symbol="KH-UBND"))


WORDS = st.lists(
    st.sampled_from(
        [
            *(
                "Kế hoạch",
                "Quyết định",
                "số",
                "số:",
                "152/KH-UBND",
                "46-NQ/TU",
                "25/2021/QH15",
                "1/",
                "-",
                "–",
            ),
            *("ngày", "01/7/2022", "31/02/2022", "tháng 7 năm 2022", "năm 2022", "của", "UBND tỉnh", "Sở"),
            *("về", "về việc", "ban hành", "xây dựng kế hoạch", "và", "các", "Luật", "Thi đua", "\n", "\n\n"),
            *',;.:“”"()…',
        ]
    ),
    max_size=40,
).map(" ".join)


@given(st.text() | WORDS)
@settings(max_examples=300)
def test_find_never_crashes_and_keeps_to_the_text(text: str) -> None:
    composed = unicodedata.normalize("NFC", text)
    position = 0
    for mention in find(text):
        assert composed[slice(*mention.span)] == mention.raw
        assert mention.span[0] >= position
        position = mention.span[1]
    for law in find_named_laws(text):
        assert composed[slice(*law.span)] == law.raw


@pytest.mark.parametrize(
    "text",
    [
        "1/A-" * 5000,
        "1/" + "A" * 20000,
        "số 1/KH-UBND, " * 800,
        "Kế hoạch số 1/KH-UBND của " + "Sở, " * 4000,
        "Kế hoạch số 1/KH-UBND về " + ", Sở Ban Phòng" * 1000,
        " " * 20000 + "1/KH-UBND",
        "Luật " * 4000,
        "“" * 5000 + "Kế hoạch số 1/KH-UBND về “" + "(" * 5000,
    ],
    ids=range(8),
)
def test_find_takes_no_longer_on_hostile_text(text: str) -> None:
    started = time.perf_counter()
    find(text)
    find_named_laws(text)
    assert time.perf_counter() - started < 2
