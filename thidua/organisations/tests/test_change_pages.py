"""Pages of changes: fill in, look, carry out, undo; who may not; what is refused and why."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from thidua.audit.models import Entry
from thidua.core import clock
from thidua.organisations import matters, tree
from thidua.organisations.models import Change, ChangeKind, Role, Unit, UnitKind, UnitVersion
from thidua.organisations.tests.world import World, make_person, make_unit, phong_tho

pytestmark = pytest.mark.django_db
PAGE = "/don-vi/thay-doi/"
ON = date(2024, 3, 1)
TODAY = date(2023, 11, 5)
BASIS = {"on": "01/03/2024", "number": "12/NQ-HĐND", "dated": "15/02/2024", "issuer": "HĐND tỉnh Lai Châu"}


@pytest.fixture
def world() -> World:
    """The small world without the reform, so that changes are open towards the future."""
    world = phong_tho()
    UnitVersion.objects.filter(unit__key__in=("xa-phong-tho", "xa-dao-san")).update(since=date(2030, 1, 1))
    UnitVersion.objects.filter(until=date(2025, 7, 1)).update(until=date(9999, 12, 31))
    tree.forget()
    return world


def client_of(world: World, username: str = "quan-tri") -> Client:
    client = Client()
    client.force_login(world.people[username])
    return client


def post(client: Client, change_kind: str, /, **answers: Any) -> Any:
    with clock.fixed_on(TODAY):
        return client.post(f"{PAGE}moi/{change_kind}/", {**BASIS, **answers})


def previewed(client: Client, change_kind: str, /, **answers: Any) -> Any:
    response: Any = post(client, change_kind, buoc="xem", **answers)
    assert response.status_code == 200, (
        response.context["refusal"]
        or [(slot.slot.name, slot.error) for slot in response.context["slots"]]
        or response.context["form"].errors
    )
    return response.context["preview"], response.context["fingerprint"]


def carried_out(client: Client, change_kind: str, /, **answers: Any) -> Change:
    before = Change.objects.count()
    _, mark = previewed(client, change_kind, **answers)
    assert Change.objects.count() == before
    response = post(client, change_kind, buoc="lam", dau=mark, **answers)
    assert response.status_code == 302
    return Change.objects.latest("pk")


def label_on(world: World, key: str, on: date = ON) -> str | None:
    version = tree.version_on(world.unit(key).pk, on=on)
    return version.label if version else None


@pytest.mark.parametrize("username", ["thuong-truc", "lanh-dao", "noi-vu", "nguoi-xem", "nguoi-la"])
def test_only_administrators_change_units(world: World, username: str) -> None:
    client = client_of(world, username)
    answers = {"don_vi": world.unit("huoi-luong").pk, "name": "xã Mới"}

    assert client.get(f"{PAGE}moi/").status_code == 403
    assert client.get(f"{PAGE}moi/doi-ten/").status_code == 403
    assert post(client, "doi-ten", buoc="lam", **answers).status_code == 403
    assert client.get(PAGE).status_code == 200
    assert "Ghi thay đổi" not in client.get(PAGE).content.decode()
    assert Change.objects.count() == 0


def test_pages_need_a_sign_in() -> None:
    for page in ("", "moi/", "moi/nhap/", "1/"):
        assert Client().get(PAGE + page).status_code == 302


def test_every_kind_has_a_page(world: World) -> None:
    client = client_of(world)
    kinds = client.get(f"{PAGE}moi/").context["kinds"]

    assert [client.get(f"{PAGE}moi/{kind.name}/").status_code for kind in kinds] == [200] * 6
    assert client.get(f"{PAGE}moi/khac/").status_code == 404


def test_establish(world: World) -> None:
    client = client_of(world)
    change = carried_out(
        client, "thanh-lap", cap_tren_tim="huyen phong tho", name="xã Vàng Ma Chải", kind="commune"
    )

    made = UnitVersion.objects.get(made_by=change)
    assert (made.form, made.name, made.since) == ("xã", "Vàng Ma Chải", ON)
    assert (made.parent, made.unit.kind) == (world.unit("phong-tho"), UnitKind.COMMUNE)
    assert change.act is not None
    assert (change.act.number, change.act.issuer) == ("12/NQ-HĐND", "HĐND tỉnh Lai Châu")
    assert Entry.objects.filter(action="organisations.units.establish").count() == 1


def test_rename(world: World) -> None:
    carried_out(client_of(world), "doi-ten", don_vi=world.unit("huoi-luong").pk, name="thị trấn Huổi Luông")

    assert label_on(world, "huoi-luong") == "thị trấn Huổi Luông"
    assert label_on(world, "huoi-luong", TODAY) == "xã Huổi Luông"


def test_move(world: World) -> None:
    answers = {"don_vi": world.unit("huoi-luong").pk, "cap_tren": world.unit("lai-chau").pk}
    carried_out(client_of(world), "chuyen", **answers)

    assert [row.label for row in tree.ancestors(world.unit("huoi-luong").pk, on=ON)] == [
        "Việt Nam",
        "tỉnh Lai Châu",
        "xã Huổi Luông",
    ]


def test_merge_into_a_new_unit(world: World) -> None:
    units = [world.unit(key).pk for key in ("huoi-luong", "mu-sang")]
    change = carried_out(client_of(world), "nhap", don_vi=units, name="xã Sì Choang", kind="commune")

    assert (label_on(world, "huoi-luong"), label_on(world, "mu-sang")) == (None, None)
    assert [one.predecessor_id for one in change.successions.order_by("predecessor_id")] == units
    assert "2 đơn vị" not in change.summary
    assert change.summary == "Nhập xã Huổi Luông, xã Mù Sang thành xã Sì Choang"


def test_merge_into_one_that_is_there(world: World) -> None:
    carried_out(
        client_of(world),
        "nhap",
        don_vi=[world.unit("huoi-luong").pk],
        vao=world.unit("dao-san").pk,
        kind="commune",
    )

    assert (label_on(world, "huoi-luong"), label_on(world, "dao-san")) == (None, "xã Dào San")


def test_split_asks_where_units_below_go(world: World) -> None:
    bon = make_unit("ban-a", "bản Ma Lù Thàng", UnitKind.VILLAGE, parent=world.unit("huoi-luong"))
    client = client_of(world)
    answers = {"don_vi": world.unit("huoi-luong").pk, "parts": "xã Huổi\nxã Luông"}

    first: Any = post(client, "chia-tach", buoc="xem", **answers)
    assert first.status_code == 422
    assert "chưa rõ bản Ma Lù Thàng thuộc phần nào" in first.content.decode()
    assert first.context["parts"] == [("0", "xã Huổi"), ("1", "xã Luông")]

    carried_out(client, "chia-tach", **answers, **{f"con-{bon.pk}": "1"})
    assert [row.label for row in tree.ancestors(bon.pk, on=ON)][-2:] == ["xã Luông", "bản Ma Lù Thàng"]


def test_dissolve(world: World) -> None:
    carried_out(
        client_of(world), "giai-the", don_vi=world.unit("mu-sang").pk, ke_thua=[world.unit("dao-san").pk]
    )

    assert label_on(world, "mu-sang") is None


def test_preview_counts_what_hangs_on_the_units(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matters, "_matters", {})
    matters.register("x", "nhiệm vụ chưa xong", lambda unit_ids: 10 * len(unit_ids))
    matters.register("y", "không có", lambda _unit_ids: 0)
    response: Any = post(client_of(world), "giai-the", buoc="xem", don_vi=world.unit("mu-sang").pk)

    assert response.context["counts"] == [("ủy nhiệm ở đơn vị kết thúc", 1), ("nhiệm vụ chưa xong", 10)]


def test_name_that_fits_several_is_asked(world: World) -> None:
    response: Any = post(client_of(world), "doi-ten", buoc="xem", don_vi_tim="phong", name="xã Mới")
    (slot,) = response.context["slots"]
    assert slot.error == "Có nhiều đơn vị khớp «phong». Đánh dấu đơn vị đúng rồi gửi lại"
    assert world.unit("phong-noi-vu").pk in [option.pk for option in slot.options]


def test_units_outside_the_own_area_cannot_be_chosen(world: World) -> None:
    world.people["quan-tri-xa"] = make_person("quan-tri-xa", (world.unit("huoi-luong"), Role.ADMINISTRATOR))
    client = client_of(world, "quan-tri-xa")
    outside = world.unit("dao-san")

    for answers in ({"don_vi": outside.pk}, {"don_vi_tim": "xã Dào San"}, {"don_vi": "x' OR 1=1"}):
        response: Any = post(client, "doi-ten", buoc="lam", name="xã Mới", **answers)
        assert response.status_code == 422
        assert response.context["slots"][0].chosen == []
    assert Change.objects.count() == 0


def test_what_was_not_shown_is_not_done(world: World) -> None:
    client = client_of(world)
    answers = {"don_vi": world.unit("huoi-luong").pk, "name": "xã Mới"}
    _, mark = previewed(client, "doi-ten", **answers)

    response = post(client, "doi-ten", buoc="lam", dau=mark, **{**answers, "name": "xã Khác"})
    assert response.status_code == 422
    assert "nội dung đã khác với bản bạn vừa xem trước" in response.content.decode()
    assert Change.objects.count() == 0


@pytest.mark.parametrize(
    ("changed", "field"), [({"on": "32/13/2024"}, "on"), ({"number": ""}, "number"), ({"name": ""}, "name")]
)
def test_missing_and_wrong_answers_are_said(world: World, changed: dict[str, str], field: str) -> None:
    answers = {"don_vi": world.unit("huoi-luong").pk, "name": "xã Mới", **changed}
    response: Any = post(client_of(world), "doi-ten", buoc="xem", **answers)

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]


def test_change_is_undone_with_a_reason(world: World) -> None:
    client = client_of(world)
    change = carried_out(client, "doi-ten", don_vi=world.unit("huoi-luong").pk, name="xã Mới")
    page = f"{PAGE}{change.pk}/"

    with clock.fixed_on(TODAY):
        refused = client.post(page, {"ly_do": " "})
        assert (refused.status_code, "chưa ghi lý do" in refused.content.decode()) == (422, True)
        assert client_of(world, "thuong-truc").post(page, {"ly_do": "Nhầm"}).status_code == 403
        assert client.post(page, {"ly_do": "Ghi nhầm tên"}).status_code == 302
        after = client.get(page).content.decode()

    assert label_on(world, "huoi-luong") == "xã Huổi Luông"
    assert Change.objects.filter(kind=ChangeKind.COUNTER, counters=change).count() == 1
    assert "Đã hủy bỏ" in after
    assert "Hủy bỏ thay đổi này" not in after


def test_later_change_keeps_an_earlier_one_from_being_undone(world: World) -> None:
    client = client_of(world)
    change = carried_out(client, "doi-ten", don_vi=world.unit("huoi-luong").pk, name="xã Mới")
    carried_out(client, "doi-ten", on="01/04/2024", don_vi=world.unit("huoi-luong").pk, name="xã Mới Nữa")

    text = client.get(f"{PAGE}{change.pk}/").content.decode()
    assert "thay đổi sau đã dựa vào thay đổi này" in text.lower()


def test_list_filters_and_counts_queries(world: World) -> None:
    client = client_of(world)
    change = carried_out(client, "doi-ten", don_vi=world.unit("huoi-luong").pk, name="xã Mới")

    def shown(query: str = "") -> list[str]:
        return [one.summary for one in client.get(PAGE + query).context["listing"].page]

    summary = change.summary
    assert shown() == [summary]
    assert shown("?loai=rename&tu_ngay=1/3/2024&den_ngay=1/3/2024&tim=12/NQ") == [summary]
    assert (shown("?loai=merge"), shown("?tu_ngay=2/3/2024"), shown("?tim=khác")) == ([], [], [])
    with CaptureQueriesContext(connection) as one:
        shown()
    Change.objects.bulk_create(
        Change(kind="rename", takes_effect_on=ON, summary=f"Đổi {n}", act=change.act) for n in range(300)
    )
    with CaptureQueriesContext(connection) as many:
        shown()
    assert len(many) == len(one)
    assert Unit.objects.exists()
