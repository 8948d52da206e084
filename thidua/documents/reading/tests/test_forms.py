"""One plan in many shapes gives one record: Word, PDF, web page, wrapped, NFD, other line ends, header in columns."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from thidua.documents.reading import files, read_bytes, read_path
from thidua.documents.reading.files.tests.makers import portal, printed, variants, word
from thidua.documents.reading.files.tests.makers.plan import plan_of

PLANS = sorted((Path(__file__).resolve().parents[4] / "data" / "plans").glob("*.txt"))
#: where a fact stands, and what depends on that: everything else must not change with the shape
PROVENANCE = frozenset(
    {
        "lines",
        "line",
        "title_lines",
        "evidence_lines",
        "anchor_line",
        "seed",
        "page_break_split",
        "id",
        "defects",
    }
)
SHAPES: dict[str, Callable[[str], tuple[bytes, str]]] = {
    "word": lambda text: (word.word_file(plan_of(text)), "plan.docx"),
    "pdf": lambda text: (printed.printed_file(plan_of(text)), "plan.pdf"),
    "web page": lambda text: (portal.portal_page(plan_of(text)), "plan.html"),
    "wrapped": lambda text: (variants.hard_wrapped(text).encode(), "plan.txt"),
    "wrapped at 90": lambda text: (variants.hard_wrapped(text, width=90).encode(), "plan.txt"),
    "decomposed": lambda text: (variants.decomposed(text).encode(), "plan.txt"),
    "carriage returns": lambda text: (variants.with_carriage_returns(text).encode(), "plan.txt"),
}


def _without_provenance(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_provenance(inner) for key, inner in value.items() if key not in PROVENANCE}
    if isinstance(value, list):
        return [_without_provenance(inner) for inner in value]
    return value


def _comparable(record: dict[str, Any]) -> dict[str, Any]:
    plain: dict[str, Any] = _without_provenance(record)
    # two columns and page-foot notes come in another order on paper: the same nodes, not the same sequence
    plain["structure"] = sorted(plain["structure"], key=lambda node: (node["path"], node["kind"]))
    return plain


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.name[:3])
def test_record_is_the_same_in_every_shape(path: Path, shape: str) -> None:
    raw, name = SHAPES[shape](path.read_text(encoding="utf-8"))

    assert _comparable(read_bytes(raw, file_name=name)) == _comparable(read_path(path))


@pytest.mark.parametrize("separator", [" ", "|"])
@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.name[:3])
def test_header_in_columns_changes_only_the_head(path: Path, separator: str) -> None:
    text = path.read_text(encoding="utf-8")

    columns = read_bytes(variants.header_in_columns(text, separator=separator).encode(), file_name="plan.txt")

    expected, found = _comparable(read_path(path)), _comparable(columns)
    for key in ("movement", "citations", "recipients", "signature", "subjects", "award", "milestones"):
        assert found[key] == expected[key], key
    assert found["doc"]["header_present"]["quoc_hieu"] is True
    assert found["doc"]["header_present"]["ten_co_quan"] is True
    assert found["doc"]["title"] == expected["doc"]["title"]


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.name[:3])
def test_arabic_top_level_keeps_the_facts(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    renumbered = read_bytes(variants.arabic_on_top(text).encode(), file_name="plan.txt")

    expected, found = _comparable(read_path(path)), _comparable(renumbered)
    for key in ("doc", "movement", "citations", "recipients", "signature", "footnotes", "abbreviations"):
        assert found[key] == expected[key], key
    assert [target["quote"] for target in found["targets"]] == [
        target["quote"] for target in expected["targets"]
    ]
    assert [task["quote"] for task in found["tasks"]] == [task["quote"] for task in expected["tasks"]]


def test_letters_of_an_old_font_come_back_whole() -> None:
    """A Word file typed in TCVN3 holds ư as the byte of the soft hyphen, which other texts drop."""
    typed = "§Èy m¹nh phong trµo thi ®ua v× ng\u00ad\u00eai nghÌo, gióp nhau v\u00ad\u00acn lªn tho¸t nghÌo bÒn v÷ng."

    source = files.read(word.word_file(plan_of(f"KÕ ho¹ch\n\n{typed}\n\n{typed}")), file_name="cu.docx")

    sentences = [line.text for line in source.lines if line.text]
    assert (
        sentences[-1]
        == "Đẩy mạnh phong trào thi đua vì người nghèo, giúp nhau vươn lên thoát nghèo bền vững."
    )
    assert source.remarks == ("Văn bản dùng phông chữ cũ (TCVN3 hoặc VNI), đã chuyển sang Unicode.",)
