"""Counts of the register with what is unknown in rows of its own; what the public may read of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from django.test import Client

from thidua.awards.models import AwardSubjectType, RegisteredAward
from thidua.awards.register import entering, publishing, statistics
from thidua.awards.register.statistics import Row
from thidua.awards.register.tests.makers import NOW, ON, register
from thidua.awards.tests.makers import make_record
from thidua.core import clock
from thidua.households.tests.makers import make_household
from thidua.organisations.tests.world import World, phong_tho

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Iterator[World]:
    """A commune in 2022, a woman and somebody unknown in 2023, a household; one revoked."""
    with clock.fixed_on(ON):
        found = phong_tho()
        district, commune = found.unit("phong-tho"), found.unit("huoi-luong")
        register(commune, district, decided_year=2022, decided_on=None, decision_number="")
        register(
            make_record(commune, "Vàng Thị Mẫu"), district, sex="nu", is_direct_worker=True, bonus=540_000
        )
        register("Người Chưa Rõ", district)
        house = make_household(commune, "HL-01")
        register(
            "Hộ ông Mẫu",
            district,
            subject_type="household",
            household=house,
            form="giay-khen-xa",
            decided_on=date(2023, 12, 25),
        )
        revoked = register(found.unit("dao-san"), district)
        entering.revoke(
            revoked,
            revoked_on=ON,
            by="90/QĐ-UBND",
            reason="Sai",
            actor=found.acting("lanh-dao", on=ON),
            now=NOW,
        )
        yield found


def test_unknown_is_counted_as_unknown_and_revoked_not_at_all(world: World) -> None:
    found = statistics.of(RegisteredAward.objects.all(), on=ON)

    rows = {table.key: table.rows for table in found.tables}
    assert (found.total, found.revoked) == (4, 1)
    assert rows["nam"] == (Row("2022", 1), Row("2023", 3))
    assert rows["gioi"] == (Row("Nữ", 1), Row("Chưa rõ", 1, is_unknown=True))
    assert rows["truc-tiep"] == (Row("Người trực tiếp", 1), Row("Chưa rõ", 1, is_unknown=True))
    assert rows["doi-tuong"] == (Row("Xã, phường", 1), Row("Hộ gia đình", 1), Row("Cá nhân", 2))
    assert rows["cap"] == (Row("Cấp sở, đơn vị", 3), Row("Cấp xã", 1))
    assert "gioi,Chưa rõ,1,co\n" in statistics.as_csv(found)


def test_the_page_counts_what_its_reader_may_see(world: World) -> None:
    client = Client()
    client.force_login(world.people["lanh-dao"])
    page = client.get("/khen-thuong/so/thong-ke/?tu_nam=2023").content.decode()
    assert "3 khoản còn hiệu lực" in page
    assert "không tính 1 khoản đã hủy bỏ" in page
    assert client.get("/khen-thuong/so/thong-ke/?dang=xlsx").content.startswith(b"PK")
    assert client.get("/khen-thuong/so/thong-ke/?dang=csv").content.decode("utf-8-sig").startswith("thong_ke")
    client.force_login(world.people["mu-sang"])
    assert "Chưa có khoản" in client.get("/khen-thuong/so/thong-ke/").content.decode()


def test_the_public_reads_no_more_of_a_person_than_the_decision(world: World) -> None:
    rows = publishing.public_rows(issuers=[world.unit("phong-tho").pk])
    found = publishing.shown(rows, on=ON)

    assert [(one.name, one.unit_name, one.decision_number) for one in found] == [
        ("Một hộ gia đình", "xã Huổi Luông", "12/QĐ-UBND"),
        ("Vàng Thị Mẫu", "xã Huổi Luông", "12/QĐ-UBND"),
        ("Người Chưa Rõ", "", "12/QĐ-UBND"),
    ]
    assert not {"sex", "bonus", "achievement", "person_class", "subject_key"} & set(
        publishing.PublicAward.__slots__
    )
    house = next(row for row in rows if row.subject_type == AwardSubjectType.HOUSEHOLD)
    assert not publishing.found_by_words(rows, house.subject_name.split()).exists()
    assert publishing.found_by_words(rows, ["vang", "mau"]).get().subject_name == "Vàng Thị Mẫu"
