"""CSV and DHIS2 files: read row by row, every error with its place, out and in again without a change."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from thidua.core import clock, periods
from thidua.core.errors import RuleNotMet
from thidua.indicators import figure_rows
from thidua.indicators.entry_sheets import Measured
from thidua.indicators.exchange import dhis2_period
from thidua.indicators.figure_rows import ReadRows, parse_dhis2_period
from thidua.indicators.models import FigureFile, Source, Stage, Value
from thidua.indicators.staging import STAGES
from thidua.indicators.tests.figure_world import DAY, FigureWorld, figure_world, make_indicator

POOR = Measured("poor_hh", "Số hộ nghèo", "hộ", lowest=Decimal(0))
INCOME = Measured("income", "Thu nhập", "triệu đồng", decimals=3)
ANSWER = Measured("answer", "Đạt", "", is_yes_no=True)
KNOWN = {one.code: one for one in (POOR, INCOME, ANSWER)}
HEAD = "mã chỉ tiêu,kỳ,mã đơn vị,giá trị"


def read(text: str | bytes) -> ReadRows:
    raw = text.encode() if isinstance(text, str) else text
    return figure_rows.read(raw, indicators=KNOWN, stages=STAGES)


def one(row: str, head: str = HEAD) -> Any:
    found = read(f"{head}\n{row}\n")
    assert found.errors == []
    [figure] = found.figures
    return figure


def data_values(*rows: dict[str, Any], **common: Any) -> str:
    return json.dumps({**common, "dataValues": list(rows)})


# --- CSV ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("period", "since", "until"),
    [
        ("2023", date(2023, 1, 1), date(2024, 1, 1)),
        ("năm 2023", date(2023, 1, 1), date(2024, 1, 1)),
        ("2023Q2", date(2023, 4, 1), date(2023, 7, 1)),
        ("Quý II/2023", date(2023, 4, 1), date(2023, 7, 1)),
        ("2023S2", date(2023, 7, 1), date(2024, 1, 1)),
        ("202309", date(2023, 9, 1), date(2023, 10, 1)),
    ],
)
def test_periods_are_read_in_both_ways_of_writing(period: str, since: date, until: date) -> None:
    found = one(f"poor_hh,{period},dao-san,12")
    assert (found.period.since, found.period.until) == (since, until)


@pytest.mark.parametrize(
    ("code", "text", "amount"),
    [
        ("poor_hh", "1234", Decimal(1234)),
        ("poor_hh", "1.234", Decimal(1234)),
        ("poor_hh", "không", None),
        ("income", "41.6", Decimal("41.6")),
        ("income", "'-41.6", Decimal("-41.6")),
        ("answer", "có", Decimal(1)),
        ("income", '"1.234,5"', Decimal("1234.5")),
    ],
)
def test_amounts_of_people_and_of_programs(code: str, text: str, amount: Decimal | None) -> None:
    assert one(f"{code},2023,dao-san,{text}").amount == amount


def test_separators_marks_and_encodings_of_excel() -> None:
    text = "Mã chỉ tiêu;Kỳ;Mã đơn vị;Giá trị;Mức độ;Ghi chú\r\npoor_hh;2023;dao-san;12;Chính thức;a, b\r\n"
    for raw in (text.encode("utf-8-sig"), text.replace(";", "\t").encode("utf-16")):
        [figure] = read(raw).figures
        assert (figure.amount, figure.stage, figure.note) == (Decimal(12), Stage.OFFICIAL, "a, b")


@pytest.mark.parametrize(
    ("row", "place", "what"),
    [
        ("gi-do,2023,dao-san,12", "dòng 2, cột «mã chỉ tiêu»", "không có chỉ tiêu mã «gi-do»"),
        ("poor_hh,hôm qua,dao-san,12", "dòng 2, cột «kỳ»", "không rõ kỳ «hôm qua»"),
        ("poor_hh,202313,dao-san,12", "dòng 2, cột «kỳ»", "không rõ kỳ «202313»"),
        ("poor_hh,2023,,12", "dòng 2, cột «mã đơn vị»", "thiếu mã đơn vị"),
        ("poor_hh,2023,dao-san,", "dòng 2, cột «giá trị»", "thiếu giá trị"),
        ("poor_hh,2023,dao-san,mười", "dòng 2, cột «giá trị»", "«mười» không phải là số"),
        ("poor_hh,2023,dao-san,-3", "dòng 2, cột «giá trị»", "-3 nằm ngoài khoảng cho phép"),
        ("poor_hh,2023,dao-san,1.5", "dòng 2, cột «giá trị»", "1,5 có quá nhiều số lẻ"),
        ("income,2023,dao-san,1.234", "dòng 2, cột «giá trị»", "«1.234» không rõ là phần nghìn hay phần lẻ"),
        (f"poor_hh,2023,dao-san,{'9' * 70}", "dòng 2, cột «giá trị»", "giá trị quá dài"),
    ],
)
def test_what_is_wrong_is_told_by_row_and_column(row: str, place: str, what: str) -> None:
    [error] = read(f"{HEAD}\n{row}\n").errors
    assert (error.place, error.what) == (place, what)


def test_every_wrong_cell_is_named_at_once() -> None:
    found = read(f"{HEAD}\npoor_hh,2023,dao-san,12\nx,y,,z\n")
    assert [error.place for error in found.errors] == [
        "dòng 3, cột «mã chỉ tiêu»",
        "dòng 3, cột «kỳ»",
        "dòng 3, cột «mã đơn vị»",
    ]
    assert len(found.figures) == 1


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"a,b\n1,2\n", "dòng đầu thiếu cột"),
        ("mã chỉ tiêu,kỳ\n".encode("utf-16-le"), "không phải Excel, cũng không phải văn bản UTF-8"),
        (b"\xff\xff\xff", "không phải Excel, cũng không phải văn bản UTF-8"),
        (b"{not json", "tệp không đúng dạng JSON"),
        (b"[1, 2]", "không có danh sách «dataValues»"),
        (b'{"dataValues": {}}', "không có danh sách «dataValues»"),
        (b"[" * 100_000, "tệp không đúng dạng JSON"),
    ],
)
def test_what_cannot_be_gone_through_is_refused(raw: bytes, why: str) -> None:
    with pytest.raises(RuleNotMet) as caught:
        read(raw)
    assert why in caught.value.message


def test_file_without_figures_says_so() -> None:
    [error] = read(HEAD).errors
    assert (error.place, error.what) == ("cả tệp", "tệp chưa có số liệu nào")


# --- DHIS2 ----------------------------------------------------------------------------------------


def test_data_values_with_common_parts_and_remarks() -> None:
    text = data_values(
        {
            "dataElement": "income",
            "value": "1.250",
            "categoryOptionCombo": "default",
            "comment": "cơ sở: Theo đơn vị lúc đó; mức độ: chinh_thuc; nguồn: QĐ 83/QĐ-UBND; đã rà soát",
        },
        {"dataElement": "poor_hh", "orgUnit": "mu-sang", "value": "0", "comment": "không phát sinh"},
        {"dataElement": "poor_hh", "orgUnit": "huoi", "value": 7},
        {"dataElement": "answer", "value": True},
        period="2023",
        orgUnit="dao-san",
    )
    found = read(text)
    assert found.errors == []
    assert [(one.unit, one.indicator, one.amount) for one in found.figures] == [
        ("dao-san", "income", Decimal("1.25")),
        ("mu-sang", "poor_hh", None),
        ("huoi", "poor_hh", Decimal(7)),
        ("dao-san", "answer", Decimal(1)),
    ]
    first = found.figures[0]
    assert (first.stage, first.source, first.note) == (Stage.OFFICIAL, "QĐ 83/QĐ-UBND", "đã rà soát")


def test_wrong_data_values_are_told_by_number_and_name() -> None:
    text = data_values(
        {"dataElement": "poor_hh", "orgUnit": "x", "period": "2023W1", "value": "1"},
        {"dataElement": "poor_hh", "orgUnit": "x", "period": "2023", "value": "1", "deleted": True},
        "sai",  # type: ignore[arg-type]
    )
    assert [error.place for error in read(text).errors] == [
        "dataValues số 1, «period»",
        "dataValues số 2, «deleted»",
        "dataValues số 3",
    ]


@given(
    st.integers(1900, 2200), st.sampled_from(["year", "half", "quarter", "month", "day"]), st.integers(1, 12)
)
def test_periods_of_dhis2_are_read_back(year: int, kind: str, number: int) -> None:
    period = {
        "year": lambda: periods.year(year),
        "half": lambda: periods.half_year(year, number % 2 + 1),
        "quarter": lambda: periods.quarter(year, number % 4 + 1),
        "month": lambda: periods.month(year, number),
        "day": lambda: periods.day(date(year, number, number)),
    }[kind]()
    assert parse_dhis2_period(dhis2_period(period.since, period.until)) == period


@given(st.text(max_size=30))
def test_no_text_breaks_the_reading_of_a_period(text: str) -> None:
    parse_dhis2_period(text)


@given(st.text(max_size=200))
def test_no_file_breaks_the_reader(text: str) -> None:
    try:
        read(text)
        read(f"{HEAD}\n{text}")
    except RuleNotMet:
        pass


# --- through the pages ----------------------------------------------------------------------------


@pytest.fixture
def made() -> Iterator[FigureWorld]:
    with clock.fixed_on(DAY):
        yield figure_world()


def client_of(made: FigureWorld, username: str) -> Client:
    client = Client()
    client.force_login(made.world.people[username])
    return client


def hand_in(client: Client, text: str, *, name: str = "so-lieu.csv") -> str:
    answer = client.post(
        reverse("indicators:hand_in"), {"tep": SimpleUploadedFile(name, text.encode("utf-8-sig"))}
    )
    assert answer.status_code == 302
    return str(answer["Location"])


def page(client: Client, address: str) -> str:
    return " ".join(client.get(address).content.decode().split())


@pytest.mark.django_db
def test_csv_is_previewed_taken_in_whole_and_again_changes_nothing(made: FigureWorld) -> None:
    client = client_of(made, "lanh-dao")
    made.give("poor_hh", "mu-sang", 40)
    text = (
        "mã chỉ tiêu,kỳ,mã đơn vị,giá trị,mức độ,nguồn,theo chuẩn\n"
        "total_households,2023,dao-san,1500,Sơ bộ,QĐ 12,ngheo-2022-2026\n"
        "poor_hh,2023,dao-san,600,Sơ bộ,QĐ 12,Chuẩn nghèo 2022 – 2025\n"
        "poor_hh,2022,dao-san,không,Chính thức,,\n"
        "poor_hh,2023,mu-sang,41,,,\n"
    )
    address = hand_in(client, text)
    preview = page(client, address)
    assert "Sẽ nhập" in preview
    assert "Số hộ nghèo, Tổng số hộ dân cư, năm 2022, năm 2023, Chuẩn nghèo 2022 – 2025" in preview
    assert Value.objects.count() == 1

    assert client.post(address).status_code == 302
    rows = Value.objects.filter(is_chosen=True).order_by("unit__key", "since", "indicator__code")
    assert [(one.unit.key, one.indicator.code, one.since.year, one.amount, one.stage) for one in rows] == [
        ("dao-san", "poor_hh", 2022, None, Stage.OFFICIAL),
        ("dao-san", "poor_hh", 2023, Decimal(600), Stage.PRELIMINARY),
        ("dao-san", "total_households", 2023, Decimal(1500), Stage.PRELIMINARY),
        ("mu-sang", "poor_hh", 2023, Decimal(41), Stage.PRELIMINARY),
    ]
    assert Source.objects.filter(title="QĐ 12").count() == 1
    assert rows[2].source == Source.objects.get(title="QĐ 12")

    count = Value.objects.count()
    again = hand_in(client, text)
    assert "Không có gì mới" in page(client, again)
    assert client.post(again).status_code == 302
    assert Value.objects.count() == count


@pytest.mark.django_db
def test_planted_errors_of_rows_are_all_named_and_nothing_changes(made: FigureWorld) -> None:
    make_indicator("thang", "Số hộ trong tháng", frequency="month")
    client = client_of(made, "dao-san")
    rows = (
        "poor_hh,2023,dao-san,600",
        "poor_hh,2023,khong-co,1",
        "poor_hh,2023,mu-sang,1",
        "poor_hh_rate,2023,dao-san,40",
        "poor_hh,2023Q1,dao-san,1",
        "thang,2023,dao-san,1",
        "poor_hh,2023,dao-san,601",
        "poor_hh,2023,dao-san,x",
    )
    address = hand_in(client, f"{HEAD}\n" + "\n".join(rows))
    errors = json.loads(FigureFile.objects.get().findings)["errors"]
    assert sorted((one["place"], one["what"]) for one in errors) == [
        ("dòng 3", "không có đơn vị mã «khong-co»"),
        ("dòng 4", "bạn chưa được nhập cho đơn vị «mu-sang»"),
        ("dòng 5", "«Tỷ lệ hộ nghèo» được tính từ số đếm, không nhập"),
        ("dòng 6", "«Số hộ nghèo» không được nhập cho kỳ Quý I/2023"),
        ("dòng 7", "«Số hộ trong tháng» không được nhập cho kỳ năm 2023"),
        ("dòng 8", "số này đã có ở dòng 2"),
        ("dòng 9, cột «giá trị»", "«x» không phải là số"),
    ]
    shown = page(client, address)
    assert "7 ô cần sửa" in shown
    assert "<strong>Dòng 3</strong>" in shown
    assert client.post(address).status_code == 422
    assert Value.objects.count() == 0


@pytest.mark.django_db
def test_checks_of_figures_name_their_rows_and_warnings_need_a_reason(made: FigureWorld) -> None:
    client = client_of(made, "lanh-dao")
    made.give("poor_hh", "dao-san", 100, year=2022)
    stopped = hand_in(client, f"{HEAD}\ntotal_households,2023,dao-san,50\npoor_hh,2023,dao-san,60\n")
    assert "Dòng 3" in page(client, stopped)
    address = hand_in(client, f"{HEAD}\npoor_hh,2023,dao-san,10\n")
    assert "1 ô bị cảnh báo" in page(client, address)
    assert client.post(address, {"ly_do": ""}).status_code == 422
    assert client.post(address, {"ly_do": "Đã rà soát lại"}).status_code == 302


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["csv", "dhis2"])
def test_what_was_taken_out_goes_in_again_without_a_change(made: FigureWorld, kind: str) -> None:
    source = Source.objects.create(code="P06", title="QĐ 3627/QĐ-UBND")
    for unit, amount in (("dao-san", 600), ("mu-sang", None), ("huoi-luong", 0)):
        made.give("poor_hh", unit, amount, source=source, stage=Stage.OFFICIAL)
    made.give("poor_hh", "phong-tho", 777, source=source, stage=Stage.OFFICIAL)
    client = client_of(made, "tinh")
    out = client.get(reverse("indicators:indicator", args=["poor_hh"]), {"noi": "lai-chau", "dang": kind})
    text = b"".join(out).decode("utf-8-sig")
    address = hand_in(client, text, name=f"so-lieu.{kind}")
    shown = page(client, address)
    assert "Không có gì mới" in shown
    found = json.loads(FigureFile.objects.get().findings)
    assert (found["new"], found["changed"], found["same"], found["errors"]) == (0, 0, 4, [])
