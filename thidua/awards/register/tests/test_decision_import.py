"""An issued decision in Word: read, confirmed row by row, entered once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from io import BytesIO

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from thidua.awards.models import AwardSource, ImportRow, RegisteredAward
from thidua.awards.register import decision_reading
from thidua.awards.register.tests.makers import ON, register
from thidua.awards.tests.makers import make_record
from thidua.core import clock
from thidua.organisations.tests.world import World, phong_tho

pytestmark = pytest.mark.django_db
FORMS = {"Giấy khen của sở, đơn vị, huyện": "giay-khen"}


def decision() -> bytes:
    """A decision of the district of 2019 with two lists, made with invented names."""
    out, made = BytesIO(), docx.Document()

    def table(*rows: tuple[str, ...]) -> None:
        grid = made.add_table(rows=len(rows), cols=len(rows[0]))
        for number, row in enumerate(rows):
            for column, text in enumerate(row):
                grid.cell(number, column).text = text

    table(
        (
            "ỦY BAN NHÂN DÂN\nHUYỆN PHONG THỔ\nSố: 1245/QĐ-UBND",
            "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n"
            "Phong Thổ, ngày 20 tháng 12 năm 2019",
        )
    )
    made.add_paragraph("QUYẾT ĐỊNH\nVề việc tặng Giấy khen cho các tập thể, cá nhân năm 2019")
    made.add_paragraph("CHỦ TỊCH ỦY BAN NHÂN DÂN HUYỆN PHONG THỔ")
    made.add_paragraph("Điều 1. Tặng Giấy khen cho 01 tập thể và 02 cá nhân (có danh sách kèm theo).")
    table(("Nơi nhận:\n- Lưu: VT.", "CHỦ TỊCH\n\n\nNguyễn Văn Mẫu"))
    made.add_paragraph("I. TẬP THỂ")
    table(("STT", "Tên tập thể"), ("1", "Nhân dân và cán bộ xã Huổi Luông"))
    made.add_paragraph("II. CÁ NHÂN")
    table(
        ("STT", "Họ và tên", "Chức vụ", "Đơn vị công tác"),
        ("1", "Ông Lò Văn Mẫu", "Trưởng bản", "xã Huổi Luông"),
        ("2", "Bà Vàng Thị Mẫu", "Công chức", "xã Dào San"),
    )
    made.save(out)
    return out.getvalue()


@pytest.fixture
def world() -> Iterator[World]:
    with clock.fixed_on(ON):
        yield phong_tho()


def test_number_day_body_form_and_names_are_read() -> None:
    found = decision_reading.read(decision(), file_name="qd.docx", forms=FORMS)

    assert (found.number, found.decided_on, found.form) == ("1245/QĐ-UBND", date(2019, 12, 20), "giay-khen")
    assert (found.issuer_name, found.signer) == ("Ủy ban nhân dân huyện Phong Thổ", "Nguyễn Văn Mẫu")
    assert [(row.name, row.unit_name, row.subject_type) for row in found.rows] == [
        ("Nhân dân và cán bộ xã Huổi Luông", "", "commune"),
        ("Lò Văn Mẫu", "xã Huổi Luông", "individual"),
        ("Vàng Thị Mẫu", "xã Dào San", "individual"),
    ]


def test_numbered_lines_are_a_list_too() -> None:
    text = (
        "ỦY BAN NHÂN DÂN XÃ DÀO SAN\nQUYẾT ĐỊNH\nVề việc tặng Giấy khen\n"
        "Điều 1. Tặng Giấy khen cho các cá nhân:\n"
        "1. Ông Lò Văn Mẫu, Trưởng bản, bản Mẫu;\n2. Bà Tẩn Thị Mẫu, bản Mẫu.\n"
        "Điều 2. Quyết định có hiệu lực từ ngày ký.\n"
    )

    found = decision_reading.read(text.encode(), file_name="qd.txt", forms=FORMS)

    assert [(row.name, row.unit_name) for row in found.rows] == [
        ("Lò Văn Mẫu", "bản Mẫu"),
        ("Tẩn Thị Mẫu", "bản Mẫu"),
    ]


def test_rows_are_confirmed_one_by_one_and_enter_once(world: World) -> None:
    person = make_record(world.unit("huoi-luong"))
    register(person, world.unit("phong-tho"), decided_year=2019, decided_on=None, commendation_type="")
    client = Client()
    client.force_login(world.people["lanh-dao"])
    keeper = str(world.unit("phong-tho").pk)

    def hand_in() -> str:
        upload = SimpleUploadedFile("qd.docx", decision())
        answer = client.post("/khen-thuong/so/nhap/quyet-dinh/", {"keeper": keeper, "file": upload})
        return str(answer["Location"])

    address = hand_in()
    first, second, third = ImportRow.objects.order_by("position")
    page = client.get(address).content.decode()
    assert "3 chưa xem" in page
    assert f'value="unit:{world.unit("huoi-luong").pk}"' in page
    client.post(address, {"viec": "nhap"})
    assert RegisteredAward.objects.count() == 1
    sent = {"viec": "dong"}
    for row, take, key in (
        (first, "co", f"unit:{world.unit('huoi-luong').pk}"),
        (second, "co", f"person:{person.pk}"),
        (third, "khong", ""),
    ):
        sent |= {f"lay-{row.pk}": take, f"loai-{row.pk}": row.subject_type, f"ten-{row.pk}": row.name}
        sent |= {f"don_vi-{row.pk}": row.unit_name, f"doi_tuong-{row.pk}": key}
    client.post(address, sent)
    assert "Lò Văn Mẫu đã được tặng" in client.get(address).content.decode()

    client.post(address, {"viec": "nhap"})

    commune, one = RegisteredAward.objects.filter(source=AwardSource.DECISION).order_by("pk")
    assert (commune.subject_key, commune.decision_number) == (
        f"unit:{world.unit('huoi-luong').pk}",
        "1245/QĐ-UBND",
    )
    assert (one.person, one.sex, one.signer, one.place_in_file) == (
        person,
        "nam",
        "Nguyễn Văn Mẫu",
        "bảng 4, dòng 2",
    )
    client.get(hand_in())
    assert "đã có trong sổ" in client.get(hand_in()).content.decode().lower()
