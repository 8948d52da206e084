"""Pages by the test client: a table, a group, its year, sheets on three faces, the published ranking."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from python_calamine import CalamineWorkbook

from thidua.awards.groups import publishing, tables
from thidua.awards.groups.table_files import HEADINGS, MOST_ITEMS
from thidua.awards.groups.tests.makers import COMMUNES, make_table, open_scoring
from thidua.awards.models import (
    GroupSeason,
    ScoreEvidence,
    ScoreItem,
    ScoreItemKind,
    ScoreLine,
    ScoreSheet,
    ScoreTable,
)
from thidua.awards.tests.makers import make_award_round, offer
from thidua.core import clock
from thidua.indicators.models import Value
from thidua.indicators.tests.figure_world import make_indicator
from thidua.organisations.models import Grouping
from thidua.organisations.tests.world import DAY, World, phong_tho
from thidua.tables.workbooks import Sheet, written

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_is_enough]
ADDRESS = "/khen-thuong/cum-khoi/"


@pytest.fixture
def world() -> Iterator[World]:
    with clock.fixed_on(DAY):
        yield phong_tho()


def client_of(world: World, username: str) -> Client:
    client = Client()
    client.force_login(world.people[username])
    return client


def fields(sheet: ScoreSheet, *given: str, notes: str = "", **more: object) -> dict[str, object]:
    """What the form of a sheet sends: points in the order of the criteria."""
    items = sheet.season.table.items.exclude(kind=ScoreItemKind.SECTION).order_by("position")
    sent: dict[str, object] = {}
    for item, said in zip(items, given, strict=True):
        sent |= {f"diem-{item.pk}": said, f"ly-{item.pk}": notes}
    return sent | more


def test_a_table_is_drafted_filled_from_excel_and_put_in_force(world: World) -> None:
    client = client_of(world, "lanh-dao")
    owner = str(world.unit("phong-tho").pk)
    made = client.post(f"{ADDRESS}bang/moi/", {"owner": owner, "name": "Bảng 2024", "bonus_cap": "5,5"})
    table = ScoreTable.objects.get()
    page = f"{ADDRESS}bang/{table.pk}/"
    assert (made.headers["Location"], str(table.bonus_cap)) == (page, "5.50")

    wrong = client.post(f"{page}dong-moi/", {"kind": "chuan", "text": "Giảm nghèo", "points": "abc"})
    assert (wrong.status_code, "Viết như 8 hoặc 8,5" in wrong.content.decode()) == (422, True)
    poor = {
        "kind": "chuan",
        "text": "Hộ nghèo",
        "points": "9",
        "indicator": str(make_indicator("ho", "Hộ").pk),
    }
    wrong = client.post(f"{page}dong-moi/", poor | {"zero_at": "9" * 20, "full_at": "0"})
    assert (wrong.status_code, "Số quá lớn" in wrong.content.decode()) == (422, True)
    client.post(f"{page}dong-moi/", {"kind": "nhom", "number": "I", "text": "Nhóm"})
    client.post(f"{page}dong-moi/", {"kind": "chuan", "number": "1", "text": "Giảm nghèo", "points": "40"})
    client.post(f"{page}dong-moi/", {"kind": "thuong", "number": "2", "text": "Mô hình", "points": "8"})
    _, second, third = table.items.order_by("position")
    client.post(f"{page}viec/", {"viec": "len", "dong": str(third.pk)})
    assert [one.number for one in table.items.order_by("position")] == ["I", "2", "1"]
    client.post(f"{page}dong/{second.pk}/", {"kind": "chuan", "text": "Giảm nghèo bền vững", "points": "60"})
    client.post(f"{page}viec/", {"viec": "bo", "dong": str(third.pk)})
    assert [str(one) for one in table.items.order_by("position")] == ["I Nhóm", "Giảm nghèo bền vững"]

    book = CalamineWorkbook.from_filelike(BytesIO(client.get(f"{page}mau-excel/").content))
    _, section, line = book.get_sheet_by_name("Tiêu chí").to_python()
    wrong = client.post(f"{page}nhap/", {"file": _file(section, [*line[:3], "nhiều"])})
    assert (wrong.status_code, "Ô D3" in wrong.content.decode()) == (422, True)
    assert client.post(f"{page}nhap/", {"file": _file(section, [*line[:3], 70])}).status_code == 302
    assert tables.fullness(table).base == 70

    client.post(f"{page}viec/", {"viec": "put_in_force"})
    refused = client.get(f"{page}").content.decode()
    assert "Nhập từ Excel" not in refused
    copied = client.post(f"{page}viec/", {"viec": "chep"}).headers["Location"]
    assert client.get(copied).context["is_draft"]
    assert client_of(world, "dao-san").get(page).status_code == 404
    assert "Bảng 2024" in client.get(f"{ADDRESS}bang/").content.decode()


def _file(*rows: Sequence[Any]) -> SimpleUploadedFile:
    head = tuple((one.title, one.width) for one in HEADINGS)
    return SimpleUploadedFile("bang.xlsx", written([Sheet("Tiêu chí", head, rows)]))


def test_a_group_and_its_year_are_set_up(world: World) -> None:
    client = client_of(world, "lanh-dao")
    empty = client.get(ADDRESS).content.decode()
    assert "lập bảng tiêu chí và đưa vào áp dụng" in empty
    table = make_table(world)
    units = [str(world.unit(key).pk) for key in COMMUNES]
    sent = {
        "owner": str(world.unit("phong-tho").pk),
        "kind": "cum",
        "name": "Cụm 1",
        "since": "2023-01-01",
        "units": units,
    }
    assert client.post(f"{ADDRESS}nhom-moi/", sent | {"units": units[:1]}).status_code == 422
    following = client.post(f"{ADDRESS}nhom-moi/", sent).headers["Location"]
    page = client.get(following)
    form = page.context["form"]
    # nobody has headed it yet: the first by name, then the second
    assert form.initial["head"] == world.unit("dao-san").pk
    year = {
        **{name: str(form.initial[name]) for name in ("head", "deputy", "self_due", "cross_due")},
        "table": str(table.pk),
        "covenant": "Thi đua giảm nghèo.",
    }
    wrong = client.post(following, year | {"deputy": year["head"]})
    assert (wrong.status_code, "phải là đơn vị khác" in wrong.content.decode()) == (422, True)
    address = client.post(following, year).headers["Location"]
    season = GroupSeason.objects.get()
    assert (address, season.sheets.count()) == (f"{ADDRESS}{season.pk}/", 3)

    for step in ("phan-cong", "start"):
        client.post(f"{address}viec/", {"viec": step})
    own = season.sheets.get(unit=world.unit("dao-san"))
    unit = client_of(world, "dao-san")
    signing = {"viec": "ky", "phieu": str(own.pk), "nguoi_ky": "Chủ tịch Mẫu", "ngay": "31/2/2023"}
    wrong = unit.post(f"{address}viec/", signing)
    assert (wrong.status_code, 'value="Chủ tịch Mẫu"' in wrong.content.decode()) == (422, True)
    unit.post(f"{address}viec/", signing | {"ngay": "2023-11-05"})
    own.refresh_from_db()
    assert (own.signed_by, own.signed_on) == ("Chủ tịch Mẫu", DAY)
    client.post(f"{address}viec/", {"viec": "open_scoring"})
    season.refresh_from_db()
    assert season.state == "cham_diem"
    group = f"{ADDRESS}nhom/{Grouping.objects.get().pk}/"
    client.post(group, {"since": "2024-01-01", "units": units[:2]})
    assert "đến trước 01/01/2024" in client.get(group).content.decode()
    assert client_of(world, "nguoi-la").get(address).status_code == 404
    assert client_of(world, "dao-san").get(f"{ADDRESS}moi/").status_code == 403


def test_a_sheet_keeps_what_is_right_and_shows_what_was_typed(world: World) -> None:
    scoring = open_scoring(world)
    sheet = scoring.sheet("dao-san")
    page, unit = f"{ADDRESS}phieu/{sheet.pk}/", client_of(world, "dao-san")
    key = scoring.item("1")
    photo = SimpleUploadedFile("anh.jpg", b"\xff\xd8\xff" + b"0" * 20)
    sent = fields(sheet, "", "50", "5", "4", "x", notes="Đã làm", viec="luu")
    sent |= {f"tep-{key}": photo, f"mc-{key}": "Báo cáo 12/BC"}
    answer = unit.post(page, sent)
    said = answer.content.decode()

    assert (answer.status_code, 'value="50"' in said, 'value="x"' in said) == (422, True, True)
    assert "Điểm 50 vượt điểm tối đa 40." in said
    kept = sheet.lines.order_by("item__position").values_list("self_points", "self_note")
    # a penalty that was no number keeps its words
    assert [(str(points or ""), note) for points, note in kept] == [
        ("", "Đã làm"),
        ("", ""),
        ("5.00", "Đã làm"),
        ("4.00", "Đã làm"),
        ("", "Đã làm"),
    ]
    assert sorted(ScoreEvidence.objects.values_list("words", flat=True)) == ["Báo cáo 12/BC", "anh.jpg"]
    # bonus 9 counts as 6
    assert "thưởng 6 (của 9) · còn 2 tiêu chí chưa chấm" in said

    file = ScoreEvidence.objects.get(words="anh.jpg")
    got = unit.get(f"{page}minh-chung/{file.pk}/")
    assert got.headers["Content-Disposition"] == 'attachment; filename="anh.jpg"'
    unit.post(page, fields(sheet, "60", "25.5", "5", "4", "", viec=f"bo-{file.pk}"))
    unit.post(page, fields(sheet, "60", "25,5", "5", "4", "", viec="xong"))
    sheet.refresh_from_db()
    assert (sheet.state, ScoreEvidence.objects.count()) == ("tu_cham", 1)
    late = unit.post(page, fields(sheet, "1", "1", "", "", "", viec="luu"), follow=True)
    assert "Chưa lưu: phiếu đang ở trạng thái «Đã tự chấm»" in late.content.decode()
    # who checks may read it before the ranking is out; who only competes may not
    readers = {one: client_of(world, one).get(page).status_code for one in COMMUNES}
    assert readers == {"dao-san": 200, "huoi-luong": 200, "mu-sang": 404}


def test_a_sheet_of_the_longest_table_is_taken_as_a_browser_sends_it(world: World) -> None:
    """With a field for files at every criterion, left empty."""
    table = make_table(world)
    count = MOST_ITEMS - table.items.count()
    ScoreItem.objects.bulk_create(
        ScoreItem(table=table, position=10 + at, text=f"Tiêu chí {at}", points=1) for at in range(count)
    )
    sheet = open_scoring(world, table=table).sheet("dao-san")
    keys = sheet.lines.values_list("item_id", flat=True)
    parts = [_part("viec", "luu")]
    for key in keys:
        parts += [_part(f"diem-{key}", "1"), _part(f"ly-{key}"), _part(f"mc-{key}")]
        parts.append(_part(f"tep-{key}", after='; filename=""\r\nContent-Type: application/octet-stream'))
    answer = client_of(world, "dao-san").post(
        f"{ADDRESS}phieu/{sheet.pk}/",
        "".join(parts) + "--ranh--\r\n",
        content_type="multipart/form-data; boundary=ranh",
    )

    assert answer.status_code == 302
    assert sheet.lines.filter(self_points=1).count() == len(keys) > 290


def _part(name: str, said: str = "", *, after: str = "") -> str:
    return f'--ranh\r\nContent-Disposition: form-data; name="{name}"{after}\r\n\r\n{said}\r\n'


def test_points_of_a_figure_are_put_in_by_one_button(world: World) -> None:
    scoring = open_scoring(world)
    key, unit = scoring.item("1"), world.unit("dao-san")
    houses = make_indicator("nha-tam", "Nhà tạm đã xóa", measure="nhà")
    ScoreItem.objects.filter(pk=key).update(indicator=houses, zero_at=0, full_at=40)
    since, until = date(2023, 1, 1), date(2024, 1, 1)
    Value.objects.create(indicator=houses, unit=unit, amount=30, is_chosen=True, since=since, until=until)
    sheet, client = scoring.sheet("dao-san"), client_of(world, "dao-san")
    page = f"{ADDRESS}phieu/{sheet.pk}/"
    assert "Nhà tạm đã xóa năm 2023: 30 nhà → <strong>45 điểm" in client.get(page).content.decode()

    answer = client.post(page, fields(sheet, "", "7", "", "", "", viec=f"so-{key}"))
    assert answer.headers["Location"] == f"{page}#tc-{key}"
    kept = sheet.lines.order_by("item__position").values_list("self_points", flat=True)
    assert [None if one is None else int(one) for one in kept] == [45, 7, None, None, None]


def test_checking_and_verifying_on_the_same_page(world: World) -> None:
    scoring = open_scoring(world)
    sheet = scoring.self_scored("mu-sang", n1=55, n2=40, n5=2)
    page, checker = f"{ADDRESS}phieu/{sheet.pk}/", client_of(world, "dao-san")
    assert "Chấm chéo xã Mù Sang" in checker.get(ADDRESS).content.decode()
    filled = checker.post(page, fields(sheet, "50", "", "", "", "", viec="dien"))
    typed = [card.typed for card in filled.context["cards"] if not card.is_section]
    assert typed == ["50", "40", "", "", "2"]
    checker.post(page, fields(sheet, "50", "40", "", "", "2", viec="xong"))
    leader = client_of(world, "lanh-dao")
    seen = leader.get(page)
    assert (seen.context["editing"], seen.context["cards"][1].difference) == (
        "verified",
        "chấm chéo −5 so với tự chấm",
    )
    lacking = leader.post(page, fields(sheet, "52", "40", "", "", "2", viec="xong"))
    assert (lacking.status_code, "chưa ghi lý do" in lacking.content.decode()) == (422, True)
    assert ScoreLine.objects.filter(verified_points__isnull=False).count() == 2
    stale = fields(sheet, "52", "40", "", "", "2", notes="Xét lại", viec="xong", lan="cũ")
    assert "người khác vừa sửa phiếu này" in leader.post(page, stale).content.decode()
    del stale["lan"]
    leader.post(page, stale)
    sheet.refresh_from_db()
    assert sheet.state == "tham_dinh"
    leader.post(f"{page}viec/", {"viec": "unverify", "ly_do": "Nhầm"})
    sheet.refresh_from_db()
    assert sheet.state == "cham_cheo"


def test_a_ranking_is_published_with_a_tie_and_withdrawn(world: World) -> None:
    scoring = open_scoring(world)
    scoring.verified("huoi-luong", n1=50, n2=30)
    scoring.verified("dao-san", n1=50, n2=30)
    address = f"{ADDRESS}{scoring.season.pk}/"
    leader = client_of(world, "lanh-dao")
    assert "Xếp hạng tạm" in leader.get(address).content.decode()
    rows = _rows(leader.get(f"{address}?dang=xlsx").content)
    assert (len(rows[0]), rows[-1][1:4]) == (3 + 3 * 3, ["Tổng điểm", "", 80.0])
    assert "Chưa công bố kết quả" in leader.get(f"{address}xep-hang/").content.decode()
    leader.post(f"{address}viec/", {"viec": "publish"})
    round_ = make_award_round(world.unit("phong-tho"), takes_own=False)
    offer(round_)
    page = leader.get(f"{address}xep-hang/")
    said = page.content.decode()

    assert [(one.rank, one.tied) for one in page.context["places"]] == [(1, True), (1, True), (None, False)]
    assert ("đồng hạng" in said, "chưa chấm" in said, page.context["is_untouched"]) == (True, True, True)
    link = f"/khen-thuong/dot/{round_.pk}/de-nghi-moi/?doi_tuong=unit:{world.unit('dao-san').pk}"
    assert link in said
    assert f'value="unit:{world.unit("dao-san").pk}" selected' in leader.get(link).content.decode()
    assert link not in client_of(world, "dao-san").get(f"{address}xep-hang/").content.decode()
    assert _rows(leader.get(f"{address}xep-hang/?dang=xlsx").content)[1][:2] == [1.0, "đồng hạng"]

    leader.post(f"{address}viec/", {"viec": "reopen", "ly_do": "Nhập nhầm"})
    assert "Nhập nhầm" in leader.get(f"{address}xep-hang/1/").content.decode()
    assert publishing.valid_publication(scoring.season) is None


def _rows(raw: bytes) -> list[list[object]]:
    return CalamineWorkbook.from_filelike(BytesIO(raw)).get_sheet_by_index(0).to_python()  # type: ignore[return-value]
