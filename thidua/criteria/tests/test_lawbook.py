"""The lawbook: what holds on a day, and how wrong files are refused."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from thidua.criteria import lawbook
from thidua.criteria.lawbook import BadLawbook, Lawbook, NotInLawbook

HEAD = """citation: Điều 1
since: 2020-01-01
until: null
parameters:
"""
LINE = "  a.b: {value: 1, unit: đồng, name: Mức, confirmed: true}\n"


def write(folder: Path, text: str, name: str = "luat.yaml") -> Lawbook:
    (folder / name).write_text(text, encoding="utf-8")
    return lawbook.read(folder)


def test_value_of_a_day_comes_with_its_article() -> None:
    line = lawbook.value("poverty.income_line.rural", on=date(2023, 11, 5))

    assert (line.value, line.unit, line.citation, line.confirmed) == (
        1_500_000,
        "đồng/người/tháng",
        "Điều 3 Nghị định số 07/2021/NĐ-CP",
        True,
    )
    assert (line.since, line.until) == (date(2022, 1, 1), date(2026, 1, 1))


@pytest.mark.parametrize(
    ("on", "rural", "urban"),
    [
        (date(2016, 1, 1), 1_000_000, 1_300_000),
        (date(2021, 12, 31), 1_000_000, 1_300_000),
        (date(2022, 1, 1), 1_500_000, 2_000_000),
        (date(2026, 12, 31), 1_500_000, 2_000_000),
        (date(2027, 1, 1), 2_200_000, 2_800_000),
        (date(2030, 12, 31), 2_200_000, 2_800_000),
    ],
)
def test_lines_change_on_their_day(on: date, rural: int, urban: int) -> None:
    assert lawbook.value("poverty.income_line.rural", on=on).value == rural
    assert lawbook.value("poverty.income_line.urban", on=on).value == urban


def test_kept_in_force_names_both_articles() -> None:
    line = lawbook.value("poverty.income_line.rural", on=date(2021, 6, 1))

    assert line.citation == (
        "Quyết định số 59/2015/QĐ-TTg; kéo dài hết năm 2021 theo Điều 2 Nghị định số 07/2021/NĐ-CP"
    )


def test_repealed_is_known_and_differs_from_unknown() -> None:
    assert lawbook.value("poverty.income_alone_line.rural", on=date(2023, 1, 1)).value is None
    with pytest.raises(
        NotInLawbook, match=r"chưa có «poverty.average_line.rural» cho ngày 01/01/2028, chỉ có"
    ):
        lawbook.value("poverty.average_line.rural", on=date(2028, 1, 1))


def test_unknown_key_offers_the_nearest() -> None:
    with pytest.raises(NotInLawbook, match=r"không có khóa .*có phải «poverty.income_line.rural»"):
        lawbook.value("poverty.income_lin.rural", on=date(2023, 1, 1))


def test_share_is_exact() -> None:
    assert lawbook.value("review.meeting_quorum", on=date(2023, 11, 5)).value == Decimal("0.5")


def test_figure_of_a_place_stands_before_that_of_the_country(tmp_path: Path) -> None:
    write(tmp_path, HEAD + LINE)
    book = write(tmp_path, "place: lai-chau\n" + HEAD + LINE.replace("1", "2"), "lai_chau.yaml")

    assert book.value("a.b", on=date(2023, 1, 1), place="lai-chau").value == 2
    assert book.value("a.b", on=date(2023, 1, 1), place="lang-son").value == 1
    assert book.value("a.b", on=date(2023, 1, 1)).value == 1
    assert book.places() == ["lai-chau"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: [1", "luat.yaml, dòng 1: không đọc được YAML"),
        (HEAD + "  a.b: 5\n", "luat.yaml, dòng 5: «a.b» phải là một bảng"),
        (HEAD + LINE + LINE, "luat.yaml, dòng 6: khóa «a.b» ghi hai lần"),
        (HEAD + LINE.replace("unit: đồng, ", ""), "luat.yaml, dòng 5: «a.b» thiếu unit"),
        (HEAD + LINE.replace("value: 1, ", ""), "luat.yaml, dòng 5: «a.b» thiếu value"),
        (HEAD + LINE.replace("unit", "units"), "luat.yaml, dòng 5: không hiểu khóa «units», chỉ nhận"),
        (HEAD + LINE.replace("true", "có"), "luat.yaml, dòng 5: confirmed phải là true hoặc false"),
        (HEAD.replace("2020-01-01", "năm 2020") + LINE, "luat.yaml, dòng 2: since phải là một ngày"),
        (HEAD.replace("null", "2019-01-01") + LINE, "luat.yaml, dòng 3: until 2019-01-01 không sau since"),
        (HEAD.replace("citation: Điều 1\n", "") + LINE, "luat.yaml, dòng 4: «a.b» thiếu citation"),
        (HEAD.replace("since: 2020-01-01\n", "") + LINE, "luat.yaml, dòng 4: «a.b» thiếu since"),
        ("extended: 5\n" + HEAD + LINE, "luat.yaml, dòng 1: extended phải là một danh sách"),
        (
            "place: lai-chau\n" + HEAD + LINE,
            "luat.yaml, dòng 6: «a.b» của lai-chau không có khóa chung của cả nước",
        ),
    ],
)
def test_wrong_file_is_refused_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(BadLawbook) as refusal:
        write(tmp_path, text)

    assert str(refusal.value).startswith(message)


def test_two_files_may_not_overlap(tmp_path: Path) -> None:
    write(tmp_path, HEAD + LINE)

    with pytest.raises(
        BadLawbook, match=r"sau.yaml, dòng 5: «a.b» từ 2022-01-01 chồng lên luat.yaml, dòng 5"
    ):
        write(tmp_path, HEAD.replace("2020", "2022") + LINE, "sau.yaml")


def test_gap_needs_a_reason(tmp_path: Path) -> None:
    write(tmp_path, HEAD.replace("null", "2021-01-01") + LINE)
    later = HEAD.replace("2020", "2022") + LINE

    with pytest.raises(BadLawbook, match=r"sau.yaml, dòng 5: «a.b» bỏ trống từ 2021-01-01 đến 2022-01-01"):
        write(tmp_path, later, "sau.yaml")
    stated = later.replace("confirmed", "gap_before: chưa đọc được, confirmed")
    assert write(tmp_path, stated, "sau.yaml").find("a.b", on=date(2021, 6, 1)) is None


def test_unit_of_a_key_stays_the_same(tmp_path: Path) -> None:
    write(tmp_path, HEAD.replace("null", "2022-01-01") + LINE)

    with pytest.raises(BadLawbook, match=r"tính bằng điểm, nhưng luat.yaml, dòng 5 tính bằng đồng"):
        write(tmp_path, HEAD.replace("2020", "2022") + LINE.replace("đồng", "điểm"), "sau.yaml")


def test_extension_follows_on_the_end(tmp_path: Path) -> None:
    extended = (
        "extended:\n  - {since: 2023-01-01, until: 2024-01-01, citation: Điều 2, confirmed: true}\n"
        + HEAD.replace("null", "2022-01-01")
        + LINE
    )

    with pytest.raises(
        BadLawbook, match=r"luat.yaml, dòng 7: kéo dài từ 2023-01-01 không nối tiếp 2022-01-01"
    ):
        write(tmp_path, extended)


FORM = "  award.form.a: {value: {name: A, kind: k, level: xa}, unit: hình thức, name: A, confirmed: true}\n"
KIND = "  award.kind.k: {value: K, unit: loại, name: K, confirmed: true}\n"
LONG = """  award.vote.a:
    value:
      share: 0.9
      base: all-members
      secret: true
    unit: tỷ lệ
    name: Bỏ phiếu
    confirmed: true
"""


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (FORM.replace("form.a", "frm.a"), "luat.yaml, dòng 5: không hiểu khóa «award.frm.a»"),
        (
            FORM.replace("level: xa", "level: tổ"),
            "luat.yaml, dòng 5: «award.form.a», level phải là một trong",
        ),
        (FORM.replace(", level: xa", ""), "luat.yaml, dòng 5: «award.form.a» thiếu level"),
        (FORM.replace("level", "levels"), "luat.yaml, dòng 5: «award.form.a»: không hiểu «levels», chỉ nhận"),
        (
            FORM.replace("kind: k,", "kind: k, kind: k,"),
            "luat.yaml, dòng 5: «award.form.a»: «kind» ghi hai lần",
        ),
        (
            FORM.replace("{name: A, kind: k, level: xa}", "A"),
            "luat.yaml, dòng 5: «award.form.a» phải là một bảng",
        ),
        (LONG.replace("0.9", "90"), "luat.yaml, dòng 7: «award.vote.a», share phải là phần lớn hơn 0"),
        (LONG.replace("0.9", '"7/6"'), "luat.yaml, dòng 7: «award.vote.a», share phải là phần lớn hơn 0"),
        (
            LONG.replace("true\n    unit", "kín\n    unit"),
            "luat.yaml, dòng 9: «award.vote.a», secret phải là true",
        ),
        (
            LONG.replace("all-members", "[a]"),
            "luat.yaml, dòng 8: «award.vote.a», base phải là một giá trị đơn",
        ),
        (
            "  award.procedure.steps: {value: [a, a], unit: bước, name: A, confirmed: true}\n",
            "luat.yaml, dòng 5: «award.procedure.steps» ghi «a» hai lần",
        ),
        (
            "  award.procedure.steps: {value: [], unit: bước, name: A, confirmed: true}\n",
            "luat.yaml, dòng 5: «award.procedure.steps» cần ít nhất 1 mục",
        ),
        (
            "  award.procedure.steps: {value: [a, 5], unit: bước, name: A, confirmed: true}\n",
            "luat.yaml, dòng 5: «award.procedure.steps», mục 2 phải là chữ",
        ),
        (
            "  award.processing.a: {value: 0, unit: ngày, name: A, confirmed: true}\n",
            "luat.yaml, dòng 5: «award.processing.a» phải là số nguyên từ 1 trở lên",
        ),
        (
            '  award.yearly_deadline.a: {value: "31-03", unit: tháng-ngày, name: A, confirmed: true}\n',
            "luat.yaml, dòng 5: «award.yearly_deadline.a» phải là tháng-ngày",
        ),
        (
            "  award.bonus.ceiling.a: {value: -0.6, unit: lần, name: A, confirmed: true}\n",
            "luat.yaml, dòng 5: «award.bonus.ceiling.a» phải là số lớn hơn 0",
        ),
        (
            KIND + "  award.authority.b: {value: [a], unit: hình thức, name: B, confirmed: true}\n",
            "luat.yaml, dòng 6: «award.authority.b» nêu «a» nhưng sổ luật không có «award.form.a» hoặc",
        ),
    ],
)
def test_wrong_value_of_the_law_of_commendation_is_refused_with_its_line(
    tmp_path: Path, text: str, message: str
) -> None:
    with pytest.raises(BadLawbook) as refusal:
        write(tmp_path, HEAD + text)

    assert str(refusal.value).startswith(message)


def test_value_that_names_what_exists_is_taken(tmp_path: Path) -> None:
    book = write(tmp_path, HEAD + KIND + FORM + LONG)

    assert book.value("award.vote.a", on=date(2023, 1, 1)).value["share"] == Decimal("0.9")
    assert [one.key for one in book.below("award.form", on=date(2023, 1, 1))] == ["award.form.a"]
    with pytest.raises(NotInLawbook, match="chưa có «award.form» nào cho ngày 01/01/2019"):
        book.below("award.form", on=date(2019, 1, 1))


def test_note_is_kept_through_an_extension(tmp_path: Path) -> None:
    text = (
        "extended:\n  - {since: 2022-01-01, until: null, citation: Điều 2, confirmed: true}\n"
        + HEAD.replace("null", "2022-01-01")
        + LINE.replace("confirmed: true", "confirmed: false, note: chưa đọc")
    )

    assert write(tmp_path, text).value("a.b", on=date(2024, 1, 1)).note == "chưa đọc"


def test_province_may_set_what_the_law_of_commendation_leaves_open(tmp_path: Path) -> None:
    write(tmp_path, HEAD + KIND + FORM)
    book = write(tmp_path, "place: lai-chau\n" + HEAD + LONG, "lai_chau.yaml")

    assert book.value("award.vote.a", on=date(2023, 1, 1), place="lai-chau").value["share"] == Decimal("0.9")
    assert book.find("award.vote.a", on=date(2023, 1, 1)) is None
    assert book.find("award.vote.a", on=date(2023, 1, 1), place="lang-son") is None


def test_own_entries_of_a_place_stand_beside_those_of_the_country(tmp_path: Path) -> None:
    write(tmp_path, HEAD + KIND + KIND.replace("kind.k", "kind.m"))
    own = KIND.replace("value: K", "value: Riêng")
    book = write(
        tmp_path, "place: lai-chau\n" + HEAD + own + KIND.replace("kind.k", "kind.n"), "lai_chau.yaml"
    )
    on = date(2023, 1, 1)

    assert [one.value for one in book.below("award.kind", on=on)] == ["K", "K"]
    assert {one.key: one.value for one in book.below("award.kind", on=on, place="lai-chau")} == {
        "award.kind.k": "Riêng",
        "award.kind.m": "K",
        "award.kind.n": "K",
    }
