"""Pages of units: tree, list, one unit, search for pickers."""

from __future__ import annotations

import re
from datetime import date
from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from thidua.core import clock
from thidua.organisations.models import (
    Change,
    ChangeKind,
    Grouping,
    GroupingKind,
    LegalAct,
    Membership,
    UnitKind,
    UnitVersion,
)
from thidua.organisations.tests.world import REFORM, World, make_unit, phong_tho

pytestmark = pytest.mark.django_db

TODAY = date(2023, 11, 5)


@pytest.fixture
def world() -> World:
    return phong_tho()


@pytest.fixture
def client(world: World) -> Client:
    client = Client()
    client.force_login(world.people["noi-vu"])
    return client


def get(client: Client, address: str) -> str:
    with clock.fixed_on(TODAY):
        response = client.get(address)
    assert response.status_code == 200, address
    return re.sub(r"\s+", " ", response.content.decode())


def words(html: str) -> str:
    """What the page itself says; its head names the unit of the person."""
    main = html.partition("<main")[2].partition("</main>")[0] or html
    return " ".join(re.sub(r"<[^>]+>", " ", f"<main{main}").split())


@pytest.mark.parametrize(
    "address", ["/don-vi/", "/don-vi/danh-sach/", "/don-vi/tim/?q=a", "/don-vi/phong-tho/"]
)
def test_pages_need_a_sign_in(world: World, address: str) -> None:
    response = Client().get(address)

    assert response.status_code == 302
    assert response["Location"].startswith("/tai-khoan/")


def test_tree_opens_the_root_and_what_is_asked(client: Client) -> None:
    closed = words(get(client, "/don-vi/"))
    opened = words(get(client, "/don-vi/?mo=phong-tho"))

    assert "Cây đơn vị vào ngày 05/11/2023 (hôm nay)" in closed
    assert "tỉnh Lai Châu" in closed
    assert "huyện Phong Thổ" not in closed
    assert "xã Huổi Luông" in opened


def test_tree_of_another_day(client: Client) -> None:
    text = words(get(client, "/don-vi/?ngay=2025-07-01&mo=lai-chau"))

    assert "xã Phong Thổ" in text
    assert "huyện Phong Thổ" not in text
    assert "01/07/2025 9 đơn vị" in text


def test_tree_of_nonsense_is_that_of_today(client: Client) -> None:
    assert "05/11/2023 (hôm nay)" in words(get(client, "/don-vi/?ngay=hom-qua&mo=khong-co"))


def test_branch_gives_what_stands_below(client: Client) -> None:
    html = get(client, "/don-vi/phong-tho/nhanh/?ngay=2023-11-05")

    assert "<h1" not in html
    assert re.findall(r">(xã [^<]+)</a>", html) == ["xã Dào San", "xã Huổi Luông", "xã Mù Sang"]
    assert client.get("/don-vi/khong-co/nhanh/").status_code == 404


def test_unit_tells_its_life_with_the_act_of_each_event(client: Client, world: World) -> None:
    act = LegalAct.objects.create(number="1670/NQ-UBTVQH15", issuer="UBTVQH", title="Sắp xếp cấp xã")
    change = Change.objects.create(kind=ChangeKind.IMPORT, takes_effect_on=REFORM, act=act, summary="Sắp xếp")
    UnitVersion.objects.filter(unit=world.unit("dao-san")).update(ended_by=change)
    poor = Grouping.objects.create(kind=GroupingKind.POOR_DISTRICT, name="Huyện nghèo 2021 - 2025")
    Membership.objects.create(grouping=poor, unit=world.unit("phong-tho"), confirmed=False)

    commune = words(get(client, "/don-vi/dao-san/"))
    district = words(get(client, "/don-vi/phong-tho/"))

    assert "Từ trước Có từ trước với tên xã Dào San, trực thuộc huyện Phong Thổ" in commune
    assert "01/07/2025 Kết thúc hoạt động Căn cứ 1670/NQ-UBTVQH15, UBTVQH: Sắp xếp cấp xã" in commune
    assert "01/07/2025 Toàn bộ chuyển sang xã Dào San" in commune
    assert "3 đơn vị trực tiếp" not in district
    assert "6 đơn vị trực tiếp, 6 đơn vị ở tất cả các cấp bên dưới" in district
    assert "Huyện nghèo 2021 - 2025" in district
    assert "Lanh Dao Lãnh đạo" in district


def test_unit_that_has_ended_names_who_goes_on(client: Client) -> None:
    text = words(get(client, "/don-vi/phong-noi-vu/?ngay=2025-07-02"))

    assert "Vào ngày này đơn vị không tồn tại. Việc của đơn vị do tỉnh Lai Châu xử lý tiếp." in text


def test_unit_shows_what_is_invented_or_not_confirmed(client: Client, world: World) -> None:
    world.unit("phong-noi-vu").versions.update(confirmed=False, note="tên chưa đối chiếu")
    unit = world.unit("phong-ldtbxh")
    unit.is_invented = True
    unit.save()

    assert "Chưa đối chiếu văn bản gốc: tên chưa đối chiếu." in words(get(client, "/don-vi/phong-noi-vu/"))
    assert "Đơn vị này là ví dụ, không có thật." in words(get(client, "/don-vi/phong-ldtbxh/"))


def test_unit_unknown_is_not_found(client: Client) -> None:
    assert client.get("/don-vi/khong-co/").status_code == 404


def test_list_finds_without_accents_by_kind_and_below(client: Client) -> None:
    found = get(client, "/don-vi/danh-sach/?tim=huoi+luong")
    below = get(client, "/don-vi/danh-sach/?duoi=phong-tho&loai=commune")
    nothing = words(get(client, "/don-vi/danh-sach/?tim=khong+ten"))

    assert re.findall(r"ngay=2023-11-05\">([^<]+)</a>", found)[1:] == ["xã Huổi Luông"]
    assert "3 dòng" in below
    assert "Không có dòng nào khớp." in nothing


def test_list_as_excel_holds_the_subtree(client: Client) -> None:
    with clock.fixed_on(TODAY):
        response = client.get("/don-vi/danh-sach/?duoi=phong-tho&dang=xlsx")

    rows = CalamineWorkbook.from_filelike(BytesIO(response.content)).get_sheet_by_index(0).to_python()
    assert rows[0] == ["Tên", "Loại", "Mã số", "Trực thuộc", "Từ ngày"]
    assert len(rows) == 8
    assert ["xã Mù Sang", "Cấp xã", "", "huyện Phong Thổ", "chưa rõ"] in rows


def test_list_and_tree_ask_as_much_for_many_rows_as_for_few(client: Client, world: World) -> None:
    addresses = ("/don-vi/danh-sach/?duoi=dao-san", "/don-vi/?mo=dao-san", "/don-vi/dao-san/")

    def queries() -> list[int]:
        counts = []
        for address in addresses:
            get(client, address)
            with CaptureQueriesContext(
                connection,
            ) as captured:
                get(client, address)
            counts.append(len(captured))
        return counts

    make_unit("ban-0", "bản Một", UnitKind.VILLAGE, parent=world.unit("dao-san"), until=REFORM)
    few = queries()
    for number in range(1, 40):
        make_unit(
            f"ban-{number}", f"bản {number}", UnitKind.VILLAGE, parent=world.unit("dao-san"), until=REFORM
        )

    assert queries() == few


def test_find_gives_units_for_a_picker(client: Client) -> None:
    with clock.fixed_on(TODAY):
        answer = client.get("/don-vi/tim/?q=huoi luong").json()
        options = client.get("/don-vi/tim/?q=huoi luong", headers={"HX-Request": "true"}).content.decode()
        nothing = client.get("/don-vi/tim/?q=").json()
        within = client.get("/don-vi/tim/?q=dao san&trong=phong-tho&loai=commune").json()

    assert answer["day"] == "2023-11-05"
    assert [(unit["key"], unit["label"], unit["kind"], unit["above"]) for unit in answer["units"]] == [
        ("huoi-luong", "xã Huổi Luông", "Cấp xã", "huyện Phong Thổ")
    ]
    assert '<option value="xã Huổi Luông" data-key="huoi-luong"' in options
    assert nothing["units"] == []
    assert [unit["key"] for unit in within["units"]] == ["dao-san"]
