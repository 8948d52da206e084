"""Taking in units from Excel: parents found, nothing twice, all or nothing, pages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from thidua.audit.models import Entry
from thidua.core import clock
from thidua.core.errors import ChangedMeanwhile, NotAllowed, RuleNotMet
from thidua.jobs.models import Job
from thidua.jobs.worker import run_pending
from thidua.organisations import tree, unit_import
from thidua.organisations.change_pages import import_pages
from thidua.organisations.models import BEGINNING, Change, ChangeKind, Role, Unit, UnitImport, UnitVersion
from thidua.organisations.tests.test_spreadsheets import file_of
from thidua.organisations.tests.world import DAY, REFORM, World, make_person, make_unit, phong_tho

pytestmark = pytest.mark.django_db
PAGE = "/don-vi/nhap-tu-excel/"
NOW = datetime(2023, 11, 5, 3, 0, tzinfo=UTC)
VILLAGE = "Thôn, bản, tổ dân phố"


@pytest.fixture
def world() -> World:
    return phong_tho()


def row(label: str, parent: str, *, kind: str = VILLAGE, code: str = "", since: Any = "") -> list[Any]:
    return [code, label, kind, parent, "", since, ""]


def staged(
    world: World, *rows: Sequence[Any], username: str = "quan-tri", on: date = DAY
) -> unit_import.Staging:
    return unit_import.stage(file_of(*rows), actor=world.acting(username, on=on), on=on)


def errors(world: World, *rows: Sequence[Any], **arguments: Any) -> list[str]:
    staging = staged(world, *rows, **arguments)
    return [str(error) for error in staging.errors]


def taken_in(world: World, *rows: Sequence[Any], on: date = DAY) -> Change | None:
    actor = world.acting("quan-tri", on=on)
    kept = unit_import.keep(file_of(*rows), file_name="don-vi.xlsx", actor=actor, now=NOW)
    return unit_import.carry_out(kept, actor=actor, now=NOW)


def test_villages_are_taken_in_under_their_communes(world: World) -> None:
    change = taken_in(
        world,
        row("bản Ma Lù Thàng", "xã Huổi Luông", code="0012"),
        row("Trường Tiểu học số 1", "phong-tho", kind="Cơ quan nhà nước"),
    )

    assert change is not None
    village, school = UnitVersion.objects.filter(made_by=change).order_by("pk")
    assert (village.form, village.name, village.code) == ("bản", "Ma Lù Thàng", "0012")
    assert (village.parent, village.since) == (world.unit("huoi-luong"), BEGINNING)
    assert (village.unit.key, school.unit.key) == ("ban-ma-lu-thang", "truong-tieu-hoc-so-1")
    assert (school.form, school.label) == ("", "Trường Tiểu học số 1")
    assert tree.is_within(village.unit_id, world.unit("phong-tho").pk, on=DAY)
    assert (change.kind, change.summary) == (ChangeKind.IMPORT, "Nhập 2 đơn vị từ tệp don-vi.xlsx")
    assert Entry.objects.get().action == "organisations.units.import"


def test_parent_may_be_a_later_row_of_the_file(world: World) -> None:
    change = taken_in(
        world,
        row("Tổ chuyên môn", "Trường Mầm non", kind="Phòng, ban, đơn vị bên trong"),
        row("Trường Mầm non", "xã Dào San", kind="Cơ quan nhà nước", since="01/09/2010"),
    )

    school = UnitVersion.objects.get(label="Trường Mầm non", made_by=change)
    team = UnitVersion.objects.get(label="Tổ chuyên môn")
    assert (team.parent_id, team.since, school.since) == (school.unit_id, date(2010, 9, 1), date(2010, 9, 1))


def test_same_file_twice_makes_nothing_twice(world: World) -> None:
    rows = [row("bản Ma Lù Thàng", "xã Huổi Luông"), row("tổ 1", "bản Ma Lù Thàng")]
    taken_in(world, *rows)
    before = Unit.objects.count()

    staging = staged(world, *rows)
    assert (staging.known, staging.planned, staging.errors) == (2, [], [])
    assert taken_in(world, *rows, row("bản Mới", "xã Huổi Luông")) is not None
    assert Unit.objects.count() == before + 1


def test_unit_of_a_new_commune_does_not_begin_before_it(world: World) -> None:
    change = taken_in(world, row("bản Mới", "xã Phong Thổ"), on=REFORM)

    assert UnitVersion.objects.get(made_by=change).since == REFORM
    assert errors(world, row("bản Cũ", "xã Phong Thổ", since="01/01/2020"), on=REFORM) == [
        "Ô F2: sớm hơn ngày cấp trên được lập (01/07/2025). Sửa ngày, hoặc bỏ trống để lấy ngày của cấp trên."
    ]


def test_same_name_gives_another_key(world: World) -> None:
    change = taken_in(world, row("bản Mới", "xã Huổi Luông"), row("bản Mới", "xã Dào San"))

    keys = UnitVersion.objects.filter(made_by=change).order_by("pk").values_list("unit__key", flat=True)
    assert list(keys) == ["ban-moi", "ban-moi-2"]


def test_wrong_parents_are_named(world: World) -> None:
    make_unit("dao-san-2", "xã Dào San", parent=world.unit("phong-tho"))
    assert errors(
        world,
        row("bản A", "xã Không Có"),
        row("bản B", "xã Dào San"),
        row("bản C", "bản D"),
        row("bản D", "bản C"),
        row("bản E", "xã Mù Sang"),
        row("bản E", "xã Mù Sang"),
        row("bản F", "bản A"),
    ) == [
        "Ô D2: không có đơn vị «xã Không Có» trong phạm vi bạn quản trị. "
        "Kiểm tra tên, hoặc thêm cấp trên thành một dòng của tệp này.",
        "Ô D3: có nhiều đơn vị tên «xã Dào San». Ghi mã số hoặc mã định danh của cấp trên thay cho tên.",
        "Ô D4: đơn vị nằm dưới chính nó. Sửa cột «Trực thuộc» của các dòng này.",
        "Ô B7: trùng dòng 6: cùng tên, cùng cấp trên. Xóa một trong hai dòng.",
    ]


def test_units_outside_the_own_area_are_no_parents(world: World) -> None:
    world.people["xa"] = make_person("xa", (world.unit("huoi-luong"), Role.ADMINISTRATOR))

    assert errors(world, row("bản A", "xã Huổi Luông"), username="xa") == []
    assert "không có đơn vị «xã Dào San»" in errors(world, row("bản A", "xã Dào San"), username="xa")[0]


def test_one_wrong_cell_keeps_everything_out(world: World) -> None:
    before = Unit.objects.count()
    with pytest.raises(RuleNotMet, match="tệp còn 1 ô sai"):
        taken_in(world, row("bản A", "xã Huổi Luông"), row("bản B", "xã Không Có"))
    assert (Unit.objects.count(), Change.objects.count(), Entry.objects.count()) == (before, 0, 0)


def test_file_is_carried_out_once(world: World) -> None:
    actor = world.acting("quan-tri")
    raw = file_of(row("bản A", "xã Huổi Luông"))
    kept = unit_import.keep(raw, file_name="a.xlsx", actor=actor, now=NOW)
    unit_import.carry_out(kept, actor=actor, now=NOW)

    with pytest.raises(ChangedMeanwhile):
        unit_import.carry_out(kept, actor=actor, now=NOW)


def test_who_lost_the_mandate_meanwhile_is_refused(world: World) -> None:
    raw = file_of(row("bản A", "xã Huổi Luông"))
    kept = unit_import.keep(raw, file_name="a.xlsx", actor=world.acting("quan-tri"), now=NOW)

    with pytest.raises((NotAllowed, RuleNotMet)):
        unit_import.carry_out(kept, actor=world.acting("thuong-truc"), now=NOW)
    assert Change.objects.count() == 0


# --- pages ------------------------------------------------------------------------------------------


def client_of(world: World, username: str = "quan-tri") -> Client:
    client = Client()
    client.force_login(world.people[username])
    return client


def handed_in(client: Client, raw: bytes) -> Any:
    with clock.fixed_on(DAY):
        return client.post(PAGE, {"tep": SimpleUploadedFile("don-vi.xlsx", raw)}, follow=True)


@pytest.mark.parametrize("username", ["thuong-truc", "noi-vu", "nguoi-la"])
def test_only_administrators_take_units_in(world: World, username: str) -> None:
    client = client_of(world, username)

    assert client.get(PAGE).status_code == 403
    assert handed_in(client, file_of(row("bản A", "xã Huổi Luông"))).status_code == 403
    assert UnitImport.objects.count() == 0


def test_page_shows_what_would_happen_and_does_it(world: World) -> None:
    client = client_of(world)
    page = handed_in(client, file_of(row("bản A", "xã Huổi Luông"), row("bản B", "xã Dào San")))
    assert "Nhập 2 đơn vị" in page.content.decode()
    assert Change.objects.count() == 0

    with clock.fixed_on(DAY):
        done = client.post(page.redirect_chain[-1][0], follow=True).content.decode()
    assert "Đã ghi thành thay đổi" in done
    assert Change.objects.count() == 1


def test_page_names_wrong_cells(world: World) -> None:
    client = client_of(world)
    page = handed_in(client, file_of(row("bản A", "xã Không Có")))

    assert "Ô D2" in page.content.decode()
    assert client.post(page.redirect_chain[-1][0]).status_code == 422
    assert client.get(page.redirect_chain[-1][0] + "loi.xlsx").status_code == 200


def test_page_says_when_it_is_no_excel_file(world: World) -> None:
    assert "đây không phải tệp Excel .xlsx" in handed_in(client_of(world), b"xin chao").content.decode()
    response = client_of(world).post(PAGE)
    assert (response.status_code, "Chưa chọn tệp" in response.content.decode()) == (422, True)


def test_file_of_somebody_else_is_not_found(world: World) -> None:
    page = handed_in(client_of(world), file_of(row("bản A", "xã Huổi Luông")))
    world.people["khac"] = make_person("khac", (world.unit("lai-chau"), Role.ADMINISTRATOR))

    assert client_of(world, "khac").get(page.redirect_chain[-1][0]).status_code == 404


def test_long_files_are_a_workers(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_pages, "SMALL_BYTES", 10)
    monkeypatch.setattr(import_pages, "SMALL_ROWS", 0)
    client = client_of(world)
    page = handed_in(client, file_of(row("bản A", "xã Huổi Luông")))
    address = page.redirect_chain[-1][0]
    assert "Đang làm" in page.content.decode()
    with clock.fixed_on(DAY):
        run_pending()
        assert "Nhập 1 đơn vị" in client.get(address).content.decode()
        client.post(address)
        client.post(address)
        assert Job.objects.exclude(state="done").count() == 1
        run_pending()
        part = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "Đã ghi thành thay đổi" in part
    assert Change.objects.count() == 1


def test_template_can_be_filled_and_read(world: World) -> None:
    from thidua.organisations import spreadsheets

    raw = client_of(world).get(PAGE + "tep-mau.xlsx").content
    assert [str(error) for error in spreadsheets.read(raw).errors] == [
        "Ô B2: tệp chưa có đơn vị nào. Ghi mỗi đơn vị một dòng, từ dòng 2."
    ]
