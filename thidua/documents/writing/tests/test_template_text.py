"""Templates of papers: what each sign becomes, and that a mistake names its line."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thidua.documents.writing.asked_values import GIVEN, Shape, Unfit, asked_by, value_of
from thidua.documents.writing.filling import Fault, wanted
from thidua.documents.writing.paper import (
    Appendix,
    Article,
    Column,
    Heading,
    Item,
    Level,
    Paper,
    Paragraph,
    Run,
    Signature,
    Table,
    Urgency,
)
from thidua.documents.writing.template_text import (
    BadTemplate,
    faults_of,
    kind_of,
    labels_of,
    paper_of_template,
)
from thidua.documents.writing.typesetting import pdf_bytes

READY_MADE = sorted((Path(__file__).parents[1] / "ready_made").glob("*.txt"))
HEAD = Paper(
    kind="ke_hoach",
    issuer=("Sở Nội vụ",),
    title="",
    body=(),
    signature=Signature(("Giám đốc",)),
    superior=("Ủy ban nhân dân tỉnh Lạng Sơn",),
    symbol="KH-SNV",
)
TOP = "loai: bao_cao\ntrich_yeu: Kết quả năm {{ nam|nam }}\n---\n"


def made(text: str, **values: Any) -> Paper:
    return paper_of_template(text, {"nam": 2023, **values}, head=HEAD)


def body(text: str, **values: Any) -> tuple[Any, ...]:
    return made(TOP + text, **values).body


def faults(text: str, **values: Any) -> list[str]:
    with pytest.raises(BadTemplate) as caught:
        made(text, **values)
    return [str(fault) for fault in caught.value.faults]


# --- signs ------------------------------------------------------------------------------------------


def test_signs_become_parts_of_a_paper() -> None:
    assert body("# Mục\n## Khoản\n### Điểm\n1. một\na) hai\n- ba\nđoạn\nhết./.") == (
        Heading(Level.CAPITAL, "Mục"),
        Heading(Level.CLAUSE, "Khoản"),
        Heading(Level.POINT, "Điểm"),
        Item(Level.CLAUSE, "một"),
        Item(Level.POINT, "hai"),
        Item(Level.DASH, "ba"),
        Paragraph("đoạn"),
        Paragraph("hết./.", is_ending=True),
    )


def test_parts_chapters_and_articles() -> None:
    assert body("Phần: A\nChương: B\nĐiều: Tên\nđoạn\nĐiều. Nội dung") == (
        Heading(Level.PART, "A"),
        Heading(Level.CHAPTER, "B"),
        Article("", title="Tên"),
        Paragraph("đoạn"),
        Article("Nội dung"),
    )


def test_bold_italic_and_notes() -> None:
    assert body("Xã **Tân Tiến**^[Nay là xã Tân Thành.] *đạt*.") == (
        Paragraph(
            (
                Run("Xã "),
                Run("Tân Tiến", is_bold=True, note="Nay là xã Tân Thành."),
                Run(" "),
                Run("đạt", is_italic=True),
                Run("."),
            )
        ),
    )


def test_tables_know_their_shares_numbers_and_totals() -> None:
    text = "Bảng: Hộ nghèo\n| Xã | Số hộ |\n|---|-:|\n| A | 3 |\n| **Cộng** | **3** |\nGhi chú bảng: Sơ bộ"

    assert body(text) == (
        Table(
            (Column("Xã", 3), Column("Số hộ", 1, is_number=True)),
            (("A", "3"), ((Run("Cộng", is_bold=True),), (Run("3", is_bold=True),))),
            caption="Hộ nghèo",
            bold_rows=frozenset({1}),
            note="Sơ bộ",
        ),
    )


def test_appendices() -> None:
    paper = made(TOP + "x\nPhụ lục I: Danh sách\ny\nPhụ lục II ngang: Bảng\nz")

    assert paper.appendices == (
        Appendix("Danh sách", (Paragraph("y"),), "I"),
        Appendix("Bảng", (Paragraph("z"),), "II", is_landscape=True),
    )


def test_head_of_a_template() -> None:
    paper = made(
        "loai: to_trinh\ntrich_yeu: Về việc X\nkinh_gui:\n- Ủy ban nhân dân tỉnh\ncan_cu:\n- Luật A\n"
        "noi_nhan:\n- Như trên\n- Lưu: VT\nquyen_han:\n- KT. Giám đốc\n- Phó Giám đốc\nnguoi_ky: Lê An\n"
        "khan: hỏa tốc\n---\nx"
    )

    assert (paper.kind, paper.title, paper.addressees) == ("to_trinh", "Về việc X", ("Ủy ban nhân dân tỉnh",))
    assert (paper.bases, paper.recipients) == (("Luật A",), ("Như trên", "Lưu: VT"))
    assert paper.signature == Signature(("KT. Giám đốc", "Phó Giám đốc"), "Lê An")
    assert paper.urgency is Urgency.AT_ONCE
    assert paper.issuer == HEAD.issuer


# --- values -----------------------------------------------------------------------------------------


def test_values_are_printed_as_papers_print_them() -> None:
    assert body(
        "{{ a }} {{ b|phan_tram(1) }} {{ c }} {{ c|ngay_chu }} {{ nam|nam }} {{ d|la_ma }} "
        "{{ e|default('không') }}",
        a=Decimal("1234.5"),
        b=Decimal("41.66"),
        c=date(2023, 2, 7),
        d=4,
    ) == (Paragraph("1.234,5 41,7 % 07/02/2023 ngày 07 tháng 02 năm 2023 2023 IV không"),)


def test_loops_and_conditions() -> None:
    text = "{% for x in xa %}\n1. {{ x.ten }}{% if x.dat %} đạt{% endif %}\n{% endfor %}"

    assert body(text, xa=[{"ten": "A", "dat": True}, {"ten": "B", "dat": False}]) == (
        Item(Level.CLAUSE, "A đạt"),
        Item(Level.CLAUSE, "B"),
    )


def test_a_ready_block_stands_where_its_name_stands() -> None:
    table = Table((Column("A"),), (("1",),))

    assert body("x\n{{ bang }}\ny", bang=table) == (Paragraph("x"), table, Paragraph("y"))


def test_text_of_several_paragraphs() -> None:
    assert body("{{ y_kien|doan }}", y_kien="Một.\n\nHai.") == (Paragraph("Một."), Paragraph("Hai."))


HOSTILE = "# 1. a) - | ** * ^[x] {{ nam }} {% if %} --- Điều. Phụ lục: x"


def test_a_value_is_never_read_as_a_sign() -> None:
    assert body("{{ ten }}", ten=HOSTILE) == (Paragraph(HOSTILE),)
    assert body("- {{ ten }}", ten=HOSTILE) == (Item(Level.DASH, HOSTILE),)
    assert body("| A |\n| {{ ten }} |", ten="x | y **z**")[0].rows == (("x | y **z**",),)
    assert made("loai: bao_cao\ntrich_yeu: {{ ten }}\n---\nx", ten="---\nloai: ke_hoach").title == (
        "--- loai: ke_hoach"
    )


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="#*|^[](){}%-.:ab \n1)Điều\ue001\ue123", max_size=40))
def test_no_value_breaks_out_of_its_paragraph(value: str) -> None:
    blocks = body("{{ ten }}", ten=value)

    assert len(blocks) <= 1
    assert all(isinstance(block, Paragraph) for block in blocks)


# --- mistakes ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{ thieu }}", "Dòng 5: chưa có giá trị «thieu»"),
        ("{{ nam", "Dòng 5: thiếu }} để đóng {{ trên cùng dòng"),
        ("{{ xa }}", "Dòng 5: không tính được giá trị ở dòng này (không phải chữ, số hay ngày"),
        ("{% for x in xa %}\n{{ x }}", "Dòng 6: thiếu {% endif %} hoặc {% endfor %} cho một lệnh đã mở"),
        ("{{ nam|xyz }}", "Dòng 5: không có bộ lọc «xyz»"),
        ("{% lam %}", "Dòng 5: không có lệnh «lam», hoặc nó đứng sai chỗ"),
        ("{{ range(9) }}", "Dòng 5: mẫu không gọi được hàm"),
        ("{% include 'x' %}", "Dòng 5: lệnh hoặc phép tính này không dùng được trong mẫu"),
        ("{{ 'a' * 9 }}", "Dòng 5: lệnh hoặc phép tính này không dùng được trong mẫu"),
        ("#### quá sâu", "Dòng 5: chỉ có ba cấp tiêu đề"),
        ("a **b", "Dòng 5: dấu ** hoặc ^[ mở mà không đóng"),
        ("| A | B |\n| 1 |", "Dòng 6: hàng này có 1 ô, đầu bảng có 2 cột"),
        ("vui 😀", "Dòng 5: không in được ký tự «😀»"),
        ("{{ trong }}", "Dòng 5: giá trị ở dòng này chưa có số liệu"),
    ],
)
def test_mistake_names_its_line(text: str, expected: str) -> None:
    found = faults(f"{TOP}một\n{text}\nhai", trong=None, xa=[1])

    assert found[0].startswith(expected)


def test_mistake_in_a_loop_names_the_line_of_the_template() -> None:
    text = f"{TOP}{{% for x in xa %}}\nđoạn\n\n#### {{{{ x }}}}\n{{% endfor %}}"

    assert faults(text, xa=["a", "b"]) == ["Dòng 7: chỉ có ba cấp tiêu đề: # (I.), ## (1.) và ### (a))"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x", ["Dòng 1: thiếu dòng --- ngăn phần đầu (loai, trich_yeu…) với nội dung"]),
        ("loai: thu\ntrich_yeu: x\n---\n", ["Dòng 1: không có loại văn bản «thu»; ghi một trong "]),
        ("loai: bao_cao\n---\n", ["Dòng 1: thiếu trich_yeu"]),
        ("loai: bao_cao\ntrich_yeu: x\nmau: đỏ\n---\n", ["Dòng 3: không có khóa «mau»; các khóa: "]),
        ("loai: bao_cao\ntrich_yeu: x\ntrich_yeu: y\n---\n", ["Dòng 3: «trich_yeu» ghi hai lần"]),
        ("loai: bao_cao\ntrich_yeu: x\n- y\n---\n", ["Dòng 3: dòng bắt đầu bằng - phải đứng dưới"]),
        ("loai: bao_cao\ntrich_yeu: x\nkhan: gấp\n---\n", ["Dòng 3: khan chỉ nhận"]),
    ],
)
def test_mistake_in_the_head_names_its_line(text: str, expected: list[str]) -> None:
    found = faults(text)

    assert [one[: len(start)] for one, start in zip(found, expected, strict=True)] == expected


def test_all_mistakes_are_told_at_once() -> None:
    assert len(faults(f"{TOP}#### a\nb **c\nd ^[e")) == 3


def test_endless_loops_and_methods_are_out_of_reach() -> None:
    for text in ("{{ ''.__class__ }}", "{{ nam.__class__.__mro__ }}", "{{ ten.upper() }}", "{{ self }}"):
        assert faults(TOP + text, ten="x") != []


def test_too_long_a_paper_is_refused() -> None:
    found = faults(f"{TOP}{{% for x in xa %}}{'chữ ' * 500}\n{{% endfor %}}", xa=range(1000))

    assert found == ["văn bản dài quá một triệu chữ; xem lại các vòng lặp for"]


# --- preview, and what is ready made ----------------------------------------------------------------


def test_preview_shows_the_names_of_missing_values() -> None:
    paper = paper_of_template(
        f"{TOP}{{{{ ten }}}} {{{{ so_ho|so }}}}\n{{% for x in xa %}}\n- {{{{ x.ten }}}}\n{{% endfor %}}",
        {},
        head=HEAD,
        is_preview=True,
    )

    assert paper.title == "Kết quả năm [nam]"
    assert paper.body == (Paragraph("[ten] [so_ho]"), Item(Level.DASH, "[xa.ten]"))


def test_there_is_a_template_for_each_of_the_nine_types() -> None:
    assert [path.stem for path in READY_MADE] == sorted(
        [
            *("ke_hoach", "bao_cao", "to_trinh", "cong_van", "thong_bao", "giay_moi", "bien_ban"),
            *("quyet_dinh", "giay_xac_nhan"),
        ]
    )


@pytest.mark.parametrize("path", READY_MADE, ids=lambda path: path.stem)
def test_ready_made_template_is_right_and_can_be_printed(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert kind_of(text) == path.stem
    assert faults_of(text, head=HEAD) == ()
    paper = paper_of_template(text, {}, head=HEAD, is_preview=True)
    assert pdf_bytes(paper).startswith(b"%PDF-1.7")


@pytest.mark.parametrize("path", READY_MADE, ids=lambda path: path.stem)
def test_ready_made_template_names_its_values(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    labels = labels_of(text)

    assert [name for name in wanted(text) if name not in GIVEN and name not in labels] == []
    parts = [f"{one.name}.{part}" for one in asked_by(text) for part, _ in one.parts]
    assert [part for part in parts if part not in labels] == []


def test_form_asks_for_values_in_their_shape() -> None:
    text = (
        "loai: bao_cao\ntrich_yeu: {{ viec }} {{ nam }}\n---\n"
        "{{ y_kien|doan }} {{ khi|ngay }} {{ ty_le|so }}\n"
        "{% for x in xa %}{{ x }}{% endfor %}{% for h in ho %}{{ h.ten }} {{ h.ngay|ngay }}{% endfor %}"
        "{% if bang is defined %}\n{{ bang }}\n{% endif %}"
    )
    asked = {one.name: one for one in asked_by(text)}

    assert {name: one.shape for name, one in asked.items()} == {
        "viec": Shape.TEXT,
        "y_kien": Shape.PARAGRAPHS,
        "khi": Shape.DATE,
        "ty_le": Shape.NUMBER,
        "xa": Shape.LIST,
        "ho": Shape.ROWS,
    }
    assert asked["ho"].parts == (("ten", Shape.TEXT), ("ngay", Shape.DATE))
    assert value_of(asked["xa"], "A\n\n B ") == ["A", "B"]
    assert value_of(asked["ho"], "An | 07/02/2023\nBình") == [
        {"ten": "An", "ngay": date(2023, 2, 7)},
        {"ten": "Bình", "ngay": None},
    ]
    assert value_of(asked["ty_le"], "1.234,5") == Decimal("1234.5")
    for name, typed, told in (
        ("khi", "mai", "«mai» chưa đúng cách ghi ngày, ví dụ 20/11/2026"),
        ("ty_le", "nhiều", "«nhiều» chưa đúng cách ghi số, ví dụ 1.234,5"),
        ("ho", "An | 07/02/2023 | x", "dòng 1 có 3 phần, chỉ cần 2"),
    ):
        with pytest.raises(Unfit, match=re.escape(told)):
            value_of(asked[name], typed)


def test_fault_without_a_line_is_told_alone() -> None:
    assert (str(Fault(3, "sai")), str(Fault(0, "sai"))) == ("Dòng 3: sai", "sai")
