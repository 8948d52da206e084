"""Names that plans use, and whom they mean. The offices are those a district or department usually has."""

from __future__ import annotations

import pytest

from thidua.organisations import matching
from thidua.organisations.models import Unit, UnitKind
from thidua.organisations.tests.world import DAY, REFORM, World, make_unit, phong_tho

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    """Phong Thổ and Lai Châu, with the bodies that plans name besides offices."""
    world = phong_tho()
    district, province = world.unit("phong-tho"), world.unit("lai-chau")

    def add(key: str, label: str, kind: UnitKind, parent: Unit) -> Unit:
        world.units[key] = make_unit(key, label, kind, parent=parent, until=REFORM)
        return world.units[key]

    add("chinh-phu", "Chính phủ", UnitKind.AGENCY, world.unit("viet-nam"))
    add("mttq", "Ủy ban Mặt trận Tổ quốc Việt Nam huyện Phong Thổ", UnitKind.FRONT, district)
    add("nong-dan", "Hội Nông dân huyện Phong Thổ", UnitKind.MASS, district)
    add("huyen-doan", "Đoàn Thanh niên Cộng sản Hồ Chí Minh huyện Phong Thổ", UnitKind.MASS, district)
    party = add("huyen-uy", "Huyện ủy Phong Thổ", UnitKind.PARTY, district)
    add("tuyen-giao", "Ban Tuyên giáo Huyện ủy Phong Thổ", UnitKind.PARTY, party)
    add("hoi-dong", "Hội đồng Thi đua - Khen thưởng huyện Phong Thổ", UnitKind.COUNCIL, district)
    add("thi-tran", "thị trấn Phong Thổ", UnitKind.COMMUNE, district)
    add("tinh-uy", "Tỉnh ủy Lai Châu", UnitKind.PARTY, province)
    home = add("so-noi-vu", "Sở Nội vụ tỉnh Lai Châu", UnitKind.AGENCY, province)
    add("ban-tdkt", "Ban Thi đua - Khen thưởng tỉnh Lai Châu", UnitKind.DIVISION, home)
    add("vp-so-noi-vu", "Văn phòng Sở Nội vụ tỉnh Lai Châu", UnitKind.DIVISION, home)
    add("phong-cchc", "Phòng Cải cách hành chính Sở Nội vụ tỉnh Lai Châu", UnitKind.DIVISION, home)
    add("tt-luu-tru", "Trung tâm Lưu trữ lịch sử", UnitKind.DIVISION, home)
    add("hd-so", "Hội đồng Thi đua - Khen thưởng Sở Nội vụ tỉnh Lai Châu", UnitKind.COUNCIL, home)
    add("cd-so", "Công đoàn Sở Nội vụ tỉnh Lai Châu", UnitKind.MASS, home)
    inspectorate = add("thanh-tra", "Thanh tra tỉnh Lai Châu", UnitKind.AGENCY, province)
    add("vp-thanh-tra", "Văn phòng Thanh tra tỉnh Lai Châu", UnitKind.DIVISION, inspectorate)
    add("phong-nv1", "Phòng Nghiệp vụ 1 Thanh tra tỉnh Lai Châu", UnitKind.DIVISION, inspectorate)
    return world


def keys(match: matching.Match) -> set[str]:
    return set(Unit.objects.filter(pk__in=match.unit_ids).values_list("key", flat=True))


@pytest.mark.parametrize(
    ("name", "near", "expected"),
    [
        ("Phòng Nội vụ", "phong-tho", "phong-noi-vu"),
        ("Phòng Nội vụ huyện", "phong-tho", "phong-noi-vu"),
        (
            "Phòng Nội vụ huyện (Thường trực Hội đồng Thi đua - Khen thưởng huyện)",
            "phong-tho",
            "phong-noi-vu",
        ),
        ("phòng nội vụ huyện phong thổ", "phong-tho", "phong-noi-vu"),
        ("Phòng Lao động, Thương binh và Xã hội", "phong-tho", "phong-ldtbxh"),
        ("Phòng LĐTBXH huyện", "phong-tho", "phong-ldtbxh"),
        ("Phòng LĐ-TB&XH", "huoi-luong", "phong-ldtbxh"),
        ("Phòng Lao động – Thương binh và Xã hội", "phong-noi-vu", "phong-ldtbxh"),
        ("Trung tâm Văn hoá, Thể thao và Truyền thông huyện", "phong-tho", "tt-van-hoa"),
        ("Sở Lao động - Thương binh và Xã hội tỉnh Lai Châu", "phong-tho", "so-ldtbxh"),
        ("Sở LĐTBXH", "thanh-tra", "so-ldtbxh"),
        ("UBND tỉnh", "phong-tho", "lai-chau"),
        ("Ủy ban nhân dân tỉnh Lai Châu", "phong-tho", "lai-chau"),
        ("Uỷ ban nhân dân huyện", "phong-tho", "phong-tho"),
        ("Ủy ban nhân dân huyện Phong Thổ", "lai-chau", "phong-tho"),
        ("UBND xã Dào San", "phong-tho", "dao-san"),
        ("Chủ tịch UBND huyện", "dao-san", "phong-tho"),
        ("Ban Tuyên giáo Huyện uỷ", "phong-tho", "tuyen-giao"),
        ("Huyện ủy", "phong-tho", "huyen-uy"),
        ("Ban Chấp hành Đảng bộ tỉnh Lai Châu", "lai-chau", "tinh-uy"),
        ("Ủy ban Mặt trận Tổ quốc Việt Nam huyện", "phong-tho", "mttq"),
        ("UBMTTQ huyện", "phong-tho", "mttq"),
        ("Mặt trận Tổ quốc huyện", "phong-tho", "mttq"),
        ("Huyện đoàn", "phong-tho", "huyen-doan"),
        ("Đoàn TNCS Hồ Chí Minh huyện", "phong-tho", "huyen-doan"),
        ("Hội đồng TĐKT huyện", "phong-tho", "hoi-dong"),
        ("Văn phòng Sở", "so-noi-vu", "vp-so-noi-vu"),
        ("Chánh Văn phòng Sở", "so-noi-vu", "vp-so-noi-vu"),
        ("Giám đốc Sở", "so-noi-vu", "so-noi-vu"),
        ("Sở", "so-noi-vu", "so-noi-vu"),
        ("Hội đồng Thi đua - Khen thưởng Sở", "so-noi-vu", "hd-so"),
        ("Công đoàn Sở", "so-noi-vu", "cd-so"),
        ("Ban Chấp hành Công đoàn", "so-noi-vu", "cd-so"),
        ("Trung tâm Lưu trữ lịch sử", "so-noi-vu", "tt-luu-tru"),
        ("Văn phòng Thanh tra tỉnh", "thanh-tra", "vp-thanh-tra"),
        ("Lãnh đạo Thanh tra tỉnh", "thanh-tra", "thanh-tra"),
        ("Ban Thi đua - Khen thưởng tỉnh", "thanh-tra", "ban-tdkt"),
        ("Thủ tướng Chính phủ", "phong-tho", "chinh-phu"),
        ("Toàn thể công chức, người lao động của đơn vị", "thanh-tra", "thanh-tra"),
        ("Cấp ủy, chính quyền Sở Nội vụ", "so-noi-vu", "so-noi-vu"),
    ],
)
def test_find_one_unit(world: World, name: str, near: str, expected: str) -> None:
    match = matching.find(name, near=world.unit(near), on=DAY)

    assert (keys(match), match.is_sure, match.is_outside) == ({expected}, True, False), match.how


@pytest.mark.parametrize(
    ("name", "near", "expected"),
    [
        ("Các phòng, đơn vị", "so-noi-vu", {"ban-tdkt", "vp-so-noi-vu", "phong-cchc", "tt-luu-tru"}),
        (
            "Các phòng, đơn vị thuộc và trực thuộc Sở",
            "so-noi-vu",
            {"ban-tdkt", "vp-so-noi-vu", "phong-cchc", "tt-luu-tru"},
        ),
        ("Các phòng thuộc Thanh tra tỉnh", "thanh-tra", {"phong-nv1"}),
        ("Các cơ quan, ban, ngành huyện", "phong-tho", {"phong-ldtbxh", "phong-noi-vu", "tt-van-hoa"}),
        ("Các cơ quan, đơn vị", "phong-tho", {"phong-ldtbxh", "phong-noi-vu", "tt-van-hoa"}),
        ("Thủ trưởng các cơ quan, đơn vị", "phong-tho", {"phong-ldtbxh", "phong-noi-vu", "tt-van-hoa"}),
        ("Các phòng, ban huyện", "phong-tho", {"phong-ldtbxh", "phong-noi-vu"}),
        ("UBND các xã, thị trấn", "phong-tho", {"huoi-luong", "dao-san", "mu-sang", "thi-tran"}),
        (
            "Chủ tịch Ủy ban nhân dân các xã, thị trấn",
            "phong-tho",
            {"huoi-luong", "dao-san", "mu-sang", "thi-tran"},
        ),
        ("Ủy ban Nhân dân các xã", "phong-ldtbxh", {"huoi-luong", "dao-san", "mu-sang"}),
        ("UBND các huyện, thành phố", "lai-chau", {"phong-tho"}),
        ("Các huyện, thành phố", "so-noi-vu", {"phong-tho"}),
        ("Các tổ chức chính trị - xã hội huyện", "phong-tho", {"nong-dan", "huyen-doan"}),
        ("Các sở, ban, ngành cấp tỉnh", "so-noi-vu", {"so-ldtbxh", "so-noi-vu", "thanh-tra"}),
        ("Các ngành", "thanh-tra", {"so-ldtbxh", "so-noi-vu", "thanh-tra"}),
        ("Phòng Nội vụ và Hội Nông dân huyện", "phong-tho", {"phong-noi-vu", "nong-dan"}),
    ],
)
def test_find_many_units(world: World, name: str, near: str, expected: set[str]) -> None:
    match = matching.find(name, near=world.unit(near), on=DAY)

    assert (keys(match), match.is_sure) == (expected, True), match.how


@pytest.mark.parametrize(
    "name",
    [
        "Các hộ gia đình",
        "Các hộ khá giả",
        "Thôn, bản, cộng đồng dân cư",
        "Các doanh nghiệp",
        "Các doanh nghiệp đóng trên địa bàn huyện",
        "Nhân dân các dân tộc trong huyện",
    ],
)
def test_find_names_outside_the_tree(world: World, name: str) -> None:
    match = matching.find(name, near=world.unit("phong-tho"), on=DAY)

    assert (match.unit_ids, match.is_outside, match.is_sure) == ((), True, True)


@pytest.mark.parametrize(
    "name",
    [
        "Cấp ủy, tổ chức đảng, chính quyền các cấp",
        "Cấp ủy, tổ chức đảng, chính quyền và đảng viên",
        "Các cơ quan, đơn vị có liên quan",
        "Hội đồng thi đua khen thưởng cấp trên",
        "Các tổ chức chính trị - xã hội huyện, cấp xã",
        "Ủy ban Mặt trận Tổ quốc Việt Nam huyện, cấp xã",
        "Phòng Tư pháp huyện",
        "Văn phòng tổng hợp",
        "",
    ],
)
def test_find_leaves_what_is_not_sure_to_people(world: World, name: str) -> None:
    match = matching.find(name, near=world.unit("phong-tho"), on=DAY)

    assert (match.unit_ids, match.is_sure, match.is_outside) == ((), False, False)
    assert match.how


def test_find_offers_what_is_known_of_a_name_at_several_levels(world: World) -> None:
    match = matching.find(
        "Ủy ban Mặt trận Tổ quốc Việt Nam huyện, cấp xã", near=world.unit("phong-tho"), on=DAY
    )

    assert match.candidates == (world.unit("mttq").pk,)


def test_find_offers_the_like_of_a_misspelt_name(world: World) -> None:
    match = matching.find("Phòng Nội vu vụ huyện", near=world.unit("phong-tho"), on=DAY)

    assert match.candidates[0] == world.unit("phong-noi-vu").pk


def test_find_does_not_choose_between_two_of_one_name(world: World) -> None:
    make_unit("b", "xã Dào San", UnitKind.COMMUNE, parent=world.unit("phong-tho"), until=REFORM)

    match = matching.find("xã Dào San", near=world.unit("phong-tho"), on=DAY)

    assert (match.unit_ids, match.is_sure, len(match.candidates)) == ((), False, 2)


def test_find_after_the_reform_gives_the_communes_of_that_day(world: World) -> None:
    match = matching.find("UBND các xã, phường", near=world.unit("lai-chau"), on=REFORM)

    assert keys(match) == {"xa-phong-tho", "xa-dao-san"}


def test_issuer_unit_by_full_name(world: World) -> None:
    found = [
        matching.issuer_unit(name, province, DAY)
        for name, province in (
            ("Ủy ban nhân dân huyện Phong Thổ", "Lai Châu"),
            ("Sở Nội vụ tỉnh Lai Châu", "Lai Châu"),
            ("Thủ tướng Chính phủ", None),
            ("Ủy ban nhân dân tỉnh Lai Châu", "Lai Châu"),
            ("Sở Xây dựng tỉnh Lai Châu", "Lai Châu"),
        )
    ]

    assert [unit and unit.key for unit in found] == ["phong-tho", "so-noi-vu", "chinh-phu", "lai-chau", None]


def test_search_needs_no_accents_and_puts_the_beginning_first(world: World) -> None:
    found = [row.label for row in matching.search("so noi", on=DAY)]

    assert found == [
        "Sở Nội vụ tỉnh Lai Châu",
        "Phòng Cải cách hành chính Sở Nội vụ tỉnh Lai Châu",
        "Văn phòng Sở Nội vụ tỉnh Lai Châu",
        "Hội đồng Thi đua - Khen thưởng Sở Nội vụ tỉnh Lai Châu",
        "Công đoàn Sở Nội vụ tỉnh Lai Châu",
    ]
    assert [row.label for row in matching.search("dao san", on=DAY, kinds=[UnitKind.COMMUNE])] == [
        "xã Dào San"
    ]
    assert matching.search("phong noi vu", on=REFORM) == []
    within = matching.search("so", on=DAY, within=world.unit("phong-tho").pk)
    assert "Sở Nội vụ tỉnh Lai Châu" not in [row.label for row in within]
