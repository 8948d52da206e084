"""Pages of movements and of comparing: what they show to whom and refuse, how many queries they need."""

from __future__ import annotations

import json
from collections.abc import Iterator
from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from thidua.audit.models import Entry
from thidua.core import clock
from thidua.movements.cascade.tests.phong_tho_system import Cascade, phong_tho_system
from thidua.movements.models import CoverageNote, PlanVersionState
from thidua.movements.tests.makers import make_item, make_movement, make_plan, make_task
from thidua.organisations.tests.world import DAY, make_unit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    with clock.fixed_on(DAY):
        yield


@pytest.fixture
def cascade() -> Cascade:
    return phong_tho_system()


def signed_in(cascade: Cascade, username: str) -> Client:
    client = Client()
    client.force_login(cascade.world.people[username])
    return client


def text_of(client: Client, address: str, *, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


def coverage_of(cascade: Cascade) -> str:
    return reverse("cascade:coverage", args=[cascade.version.pk])


# --- the list -------------------------------------------------------------------------------------


def test_list_shows_visible_movements_and_filters(cascade: Cascade) -> None:
    client = signed_in(cascade, "mu-sang")
    address = reverse("cascade:list")

    page = text_of(client, address)

    assert "3 dòng" in page
    assert "Cùng thực hiện «Vì người nghèo - Không để ai bị bỏ lại phía sau»" in page
    assert "1 dòng theo bộ lọc" in text_of(client, f"{address}?tim=phong+tho")
    assert "1 dòng theo bộ lọc" in text_of(client, f"{address}?chu_de=nong_thon_moi")
    assert "2 dòng theo bộ lọc" in text_of(client, f"{address}?cap=trung-uong")
    assert "1 dòng theo bộ lọc" in text_of(client, f"{address}?cap=huyen")
    assert "Không có dòng nào khớp" in text_of(client, f"{address}?nam=2030")


def test_list_as_workbook(cascade: Cascade) -> None:
    response = signed_in(cascade, "mu-sang").get(reverse("cascade:list") + "?dang=xlsx")

    rows = CalamineWorkbook.from_filelike(BytesIO(response.content)).get_sheet_by_index(0).to_python()
    assert rows[0] == ["Phong trào", "Chủ đề", "Giai đoạn", "Cơ quan phát động", "Cấp", "Kế hoạch"]
    assert rows[2] == [
        "Phong Thổ chung tay vì người nghèo - Không để ai bị bỏ lại phía sau",
        "Giảm nghèo",
        "2021 – 2025",
        "huyện Phong Thổ",
        "Cấp huyện",
        1.0,
    ]


def test_pages_need_a_sign_in(cascade: Cascade) -> None:
    for address in (reverse("cascade:list"), coverage_of(cascade)):
        assert Client().get(address).status_code == 302


def test_list_is_empty_and_teaches_who_has_no_mandate(cascade: Cascade) -> None:
    cascade.national.movement.__class__.objects.update(owner=None)

    assert "Chưa có phong trào nào" in text_of(signed_in(cascade, "nguoi-la"), reverse("cascade:list"))


# --- one movement ---------------------------------------------------------------------------------


def test_tree_goes_from_the_nation_to_the_district_with_marks(cascade: Cascade) -> None:
    page = text_of(signed_in(cascade, "mu-sang"), reverse("cascade:movement", args=[cascade.movement.pk]))

    places = [page.index(text) for text in ("666/QĐ-TTg", "2282/KH-UBND", "12/KH-UBND")]
    assert places == sorted(places)
    assert "Chưa có văn bản" in page
    assert "Còn thiếu <strong>2</strong>" in page
    assert coverage_of(cascade) in page
    assert "880/QĐ-TTg" not in page  # nothing of this movement carries it out


@pytest.mark.parametrize(
    ("tab", "shown"),
    [
        ("chi-tieu", "giảm 6–7 điểm %/năm"),
        ("nhiem-vu", "1 quá hạn"),
        ("moc", "Năm 2025"),
        ("dang-ky", "Đăng ký tham gia phong trào"),
        ("van-ban", "2282/KH-UBND"),
    ],
)
def test_tab(cascade: Cascade, tab: str, shown: str) -> None:
    page = text_of(signed_in(cascade, "thuong-truc"), reverse("cascade:tab", args=[cascade.movement.pk, tab]))

    assert shown in page


def test_late_units_come_first(cascade: Cascade) -> None:
    address = reverse("cascade:tab", args=[cascade.movement.pk, "nhiem-vu"])

    page = text_of(signed_in(cascade, "thuong-truc"), address)

    assert page.index("xã Mù Sang") < page.index("Phòng Nội vụ huyện Phong Thổ")
    assert page.index("xã Mù Sang") < page.index("xã Dào San")


def test_targets_of_all_plans_stand_side_by_side(cascade: Cascade) -> None:
    address = reverse("cascade:tab", args=[cascade.national.movement_id, "chi-tieu"])

    page = text_of(signed_in(cascade, "mu-sang"), address)

    first = page.index("giảm 1–1,5 điểm %/năm")
    assert first < page.index("giảm 6–7 điểm %/năm") < page.index("giảm trên 3 điểm %/năm")


def test_movement_of_others_does_not_exist(cascade: Cascade) -> None:
    foreign = make_movement("Phong trào của tỉnh khác", owner=make_unit("tinh-khac", "Sở của tỉnh khác"))
    client = signed_in(cascade, "mu-sang")

    assert client.get(reverse("cascade:movement", args=[foreign.pk])).status_code == 404
    assert client.get(reverse("cascade:tab", args=[cascade.movement.pk, "la"])).status_code == 302


@pytest.mark.parametrize("tab", ["ke-hoach", "chi-tieu", "nhiem-vu", "moc", "dang-ky", "van-ban"])
def test_number_of_queries_of_a_tab_does_not_grow(cascade: Cascade, tab: str) -> None:
    client = signed_in(cascade, "tinh")
    address = reverse("cascade:tab", args=[cascade.movement.pk, tab])
    counts = []
    for rows in (1, 3):
        for _ in range(rows):
            plan = make_plan(cascade.world.unit("mu-sang"), movement=cascade.movement)
            plan.carries_out.add(cascade.plan)
            make_item(plan.versions.get(), "targets", "T1", {"quote": "giảm", "indicator": "other"})
            make_task(plan, cascade.world.unit("mu-sang"))
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


# --- coverage -------------------------------------------------------------------------------------


def test_coverage_shows_both_sentences_missing_first(cascade: Cascade) -> None:
    page = text_of(signed_in(cascade, "mu-sang"), coverage_of(cascade))

    assert "Mức giảm tỷ lệ nghèo đa chiều: giảm 1–1,5 điểm %/năm (QĐ 666/QĐ-TTg)" in page
    assert "Tỷ lệ nghèo đa chiều duy trì mức giảm 6 - 7%/năm" in page
    assert "Kế hoạch này đặt giảm 6–7 điểm %/năm, cao hơn mức giảm 1–1,5 điểm %/năm của cấp trên." in page
    assert page.index('class="pt-row pt-row-missing"') < page.index('class="pt-row pt-row-weaker"')
    assert "Kế hoạch này thực hiện 2282/KH-UBND của Ủy ban nhân dân tỉnh Lai Châu" in page
    assert "Sửa kế hoạch cấp trên" not in page  # an officer of a commune reads only


def test_coverage_is_narrowed_and_written_to_excel(cascade: Cascade) -> None:
    client, address = signed_in(cascade, "thuong-truc"), coverage_of(cascade)

    assert "2 mục theo bộ lọc" in text_of(client, f"{address}?ket_luan=missing")
    assert "2 mục theo bộ lọc" in text_of(client, f"{address}?loai=milestones")
    assert "3 mục theo bộ lọc" in text_of(client, f"{address}?giai_trinh=con")
    assert "Không có mục nào theo bộ lọc" in text_of(client, f"{address}?giai_trinh=da")
    assert "theo bộ lọc" not in text_of(client, address)
    assert "Không có mục nào theo bộ lọc" in text_of(client, f"{address}?ket_luan=contradicting")
    response = client.get(f"{address}?dang=xlsx&ket_luan=weaker")
    rows = CalamineWorkbook.from_filelike(BytesIO(response.content)).get_sheet_by_index(0).to_python()
    assert [row[0] for row in rows] == ["Kết luận", "Thấp hơn"]
    assert rows[1][4] == (
        "Kế hoạch này đặt 5 xã (5/12 là 41,7 %), thấp hơn mức ít nhất 50 % của cấp trên. "
        "Lưu ý: cấp trên đặt chung cho xã và thôn, ở đây so riêng phần xã."
    )


def test_draft_is_compared_for_its_issuers_only(cascade: Cascade) -> None:
    draft = make_plan(
        cascade.world.unit("phong-tho"),
        movement=cascade.movement,
        state=PlanVersionState.DRAFT,
        standing_body=cascade.world.unit("phong-ldtbxh"),
    )
    make_item(draft.versions.get(), "targets", "T1", {"quote": "giảm", "indicator": "other"})
    address = reverse("cascade:coverage", args=[draft.versions.get().pk])

    page = text_of(signed_in(cascade, "thuong-truc"), address)
    assert "kế hoạch toàn quốc của cùng phong trào" in page
    assert signed_in(cascade, "mu-sang").get(address).status_code == 404


def test_plan_without_higher_plan_teaches(cascade: Cascade) -> None:
    alone = make_plan(cascade.world.unit("mu-sang"), movement=make_movement("Việc riêng", theme="khac"))

    page = text_of(signed_in(cascade, "mu-sang"), reverse("cascade:coverage", args=[alone.versions.get().pk]))

    assert "Chưa có kế hoạch cấp trên nào có nội dung để đối chiếu" in page


def test_number_of_queries_of_coverage_does_not_grow(cascade: Cascade) -> None:
    client, address = signed_in(cascade, "thuong-truc"), coverage_of(cascade)
    national = cascade.national.versions.get()
    assert client.get(address).status_code == 200  # the tree of the day is derived once
    counts = []
    for rows in (1, 3):
        for number in range(rows):
            key = f"K{rows}{number}"
            make_item(national, "tasks", key, {"quote": f"Việc {key} phải làm"})
            make_item(cascade.version, "tasks", f"Z{key}", {"quote": f"Việc {key} sẽ làm"})
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


# --- explanations ---------------------------------------------------------------------------------


def explain_address(cascade: Cascade, indicator: str) -> str:
    return reverse("cascade:explain", args=[cascade.version.pk, cascade.higher_item(indicator).pk])


def test_standing_body_explains_and_the_log_tells(cascade: Cascade) -> None:
    client = signed_in(cascade, "thuong-truc")
    address = explain_address(cascade, "coastal_communes_escaped_share")
    assert "Vì sao mục này thiếu" in text_of(client, address)

    own = cascade.own_item("T3")
    answer = client.post(
        address, {"text": "Huyện không có xã bãi ngang", "verdict": "covered", "own_item": str(own.pk)}
    )

    assert answer.status_code == 302
    note = CoverageNote.objects.get()
    assert (note.text, note.verdict, note.own_item) == ("Huyện không có xã bãi ngang", "covered", own)
    page = text_of(client, coverage_of(cascade))
    assert "Người đối chiếu sửa" in page
    assert "chương trình kết luận «Còn thiếu»" in page
    entry = Entry.objects.order_by("number").last()
    assert entry is not None
    assert (entry.action_label, entry.reason) == ("Giải trình đối chiếu", "Huyện không có xã bãi ngang")
    assert json.loads(entry.details)["verdict"] == "covered"


def test_explanation_is_taken_back(cascade: Cascade) -> None:
    client = signed_in(cascade, "thuong-truc")
    address = explain_address(cascade, "coastal_communes_escaped_share")
    client.post(address, {"text": "Không có xã bãi ngang"})

    assert client.post(f"{address}bo/").status_code == 302

    assert not CoverageNote.objects.exists()
    assert list(Entry.objects.order_by("number").values_list("action_label", flat=True))[-1] == (
        "Bỏ giải trình đối chiếu"
    )


def test_explanation_needs_a_text_and_the_right(cascade: Cascade) -> None:
    address = explain_address(cascade, "coastal_communes_escaped_share")

    assert signed_in(cascade, "thuong-truc").post(address, {"text": " "}).status_code == 422
    assert signed_in(cascade, "mu-sang").post(address, {"text": "Không"}).status_code == 403
    assert signed_in(cascade, "nguoi-xem").get(address).status_code == 403
    assert not CoverageNote.objects.exists()


def test_item_of_another_plan_cannot_be_explained(cascade: Cascade) -> None:
    own = cascade.own_item("T1")

    answer = signed_in(cascade, "thuong-truc").get(
        reverse("cascade:explain", args=[cascade.version.pk, own.pk])
    )

    assert answer.status_code == 404


# --- higher plans by hand -------------------------------------------------------------------------


def test_higher_plan_is_searched_added_and_removed(cascade: Cascade) -> None:
    client = signed_in(cascade, "thuong-truc")
    address = reverse("cascade:parents", args=[cascade.version.pk])
    poor_districts = cascade.plan.__class__.objects.get(number="880/QĐ-TTg")
    assert "880/QĐ-TTg" in text_of(client, f"{address}?tim=880")

    client.post(address, {"viec": "gan", "ke_hoach": poor_districts.pk})
    assert set(cascade.plan.carries_out.all()) == {cascade.province, poor_districts}
    # now the nearest plan with items
    assert "đúng mức của cấp trên" in text_of(client, coverage_of(cascade))
    refused = client.post(address, {"viec": "bo", "ke_hoach": poor_districts.pk, "reason": ""})
    assert refused.status_code == 422
    client.post(address, {"viec": "bo", "ke_hoach": poor_districts.pk, "reason": "Không thuộc danh sách"})

    assert list(cascade.plan.carries_out.all()) == [cascade.province]


def test_higher_plans_are_mended_by_the_issuers_only(cascade: Cascade) -> None:
    address = reverse("cascade:parents", args=[cascade.version.pk])

    assert signed_in(cascade, "mu-sang").get(address).status_code == 403
