"""Pages of plans without a browser: the way from a document to a plan in force, refusals, rights, queries."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from thidua.core import clock
from thidua.documents.models import Document
from thidua.movements.models import ItemDecision, PlanItem, PlanVersion, PlanVersionState, Task
from thidua.movements.plans import adoption, drafting
from thidua.movements.plans.tests.makers import (
    DAY,
    NOW,
    Issuer,
    decide_all,
    issuer_of,
    sample_document,
    started,
)
from thidua.movements.tests.makers import make_plan
from thidua.organisations.models import Role, Unit
from thidua.organisations.tests.world import make_person, make_unit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_the_day() -> object:
    with clock.fixed_on(DAY):
        yield


@pytest.fixture
def issuer() -> Issuer:
    return issuer_of(1)


@pytest.fixture
def officer(client: Client, issuer: Issuer) -> Client:
    client.force_login(issuer.officer)
    return client


def text_of(response: object) -> str:
    return str(response.content.decode())  # type: ignore[attr-defined]


def seen_on(page: str, item: PlanItem) -> str:
    found = re.search(rf'id="muc-{item.key}".*?name="da_thay" value="(\w+)"', page, re.DOTALL)
    assert found is not None
    return found[1]


def test_a_document_becomes_a_plan_without_a_script(officer: Client, issuer: Issuer) -> None:
    document = sample_document(1)
    assert f"/ke-hoach/tiep-nhan/{document.address}/" in text_of(
        officer.get(f"/doc-ke-hoach/{document.address}/")
    )
    page = text_of(officer.get(f"/ke-hoach/tiep-nhan/{document.address}/"))
    assert "Thanh tra tỉnh Đắk Nông" in page
    response = officer.post(
        f"/ke-hoach/tiep-nhan/{document.address}/",
        {"owner": issuer.owner.pk, "standing_body": issuer.standing_body.pk, "movement": ""},
    )
    version = PlanVersion.objects.get()
    assert response["Location"] == f"/ke-hoach/nhap/{version.pk}/"

    page = text_of(officer.get(response["Location"]))
    assert page.index("Xem trước: có chỗ nghi ngờ") < page.index('id="ten-targets"')
    assert "0/25" in page
    target = version.items.get(key="T3")
    mend = f"/ke-hoach/nhap/{version.pk}/muc/{target.pk}/sua/"
    form = text_of(officer.get(mend))
    assert 'value="1,5"' in form
    answers = {
        "label_vi": "Tỷ lệ hộ nghèo",
        "comparator": "lt",
        "value": "1.25",
        "unit": "pct",
        "per": "",
        "first_year": "",
        "last_year": "2025",
        "scope": "tỉnh Đắk Nông",
        "da_thay": drafting.seen_of(target),
    }
    refused = officer.post(mend, answers)
    assert refused.status_code == 422
    assert "Dùng dấu phẩy cho phần lẻ" in text_of(refused)
    response = officer.post(mend, {**answers, "value": "1,25"})
    assert response["Location"] == f"/ke-hoach/nhap/{version.pk}/#muc-T3"
    target.refresh_from_db()
    assert (target.decision, target.entry["value"], target.entry["deadline"]["raw"]) == (
        ItemDecision.MENDED,
        1.25,
        "đến năm 2025",
    )

    officer.post(f"/ke-hoach/nhap/{version.pk}/nhan-tat-ca/")
    for item in version.items.filter(decision=ItemDecision.UNDECIDED):
        officer.post(
            f"/ke-hoach/nhap/{version.pk}/muc/{item.pk}/quyet-dinh/",
            {"viec": "nhan", "da_thay": drafting.seen_of(item)},
        )
    page = text_of(officer.get(f"/ke-hoach/nhap/{version.pk}/don-vi/"))
    assert page.index("Ban Chấp hành Chi đoàn") < page.index("Các phòng thuộc Thanh tra tỉnh")
    officer.post(f"/ke-hoach/nhap/{version.pk}/don-vi/xac-nhan/")
    preview = text_of(officer.get(f"/ke-hoach/nhap/{version.pk}/xem-truoc/"))
    assert "Còn 2 tên gọi chưa xác nhận đơn vị" in preview
    for party in version.parties.filter(is_confirmed=False):
        found = text_of(officer.get(f"/ke-hoach/nhap/{version.pk}/don-vi/{party.pk}/?tim=phong nghiep vu 1"))
        unit = Unit.objects.get(key="ttr-dn-2")
        assert f'value="{unit.pk}" checked' in found
        refused = officer.post(f"/ke-hoach/nhap/{version.pk}/don-vi/{party.pk}/", {"viec": "xac-nhan"})
        assert refused.status_code == 422
        officer.post(
            f"/ke-hoach/nhap/{version.pk}/don-vi/{party.pk}/", {"viec": "xac-nhan", "don_vi": unit.pk}
        )
    version.refresh_from_db()
    response = officer.post(f"/ke-hoach/nhap/{version.pk}/dua-vao-thuc-hien/", {"lan_sua": version.edition})
    assert response["Location"] == f"/ke-hoach/{version.plan_id}/"
    version.refresh_from_db()
    assert version.state == PlanVersionState.ADOPTED
    page = text_of(officer.get(response["Location"]))
    assert "Đang có hiệu lực" in page
    assert "Dưới 1,25 %" in page
    assert Task.objects.count() == 14
    again = officer.post(f"/ke-hoach/nhap/{version.pk}/dua-vao-thuc-hien/", {"lan_sua": version.edition})
    assert again["Location"] == f"/ke-hoach/{version.plan_id}/"
    assert Task.objects.count() == 14


def test_under_htmx_the_answer_is_the_item_and_the_progress(officer: Client, issuer: Issuer) -> None:
    version = started(1, issuer)
    item = version.items.get(key="K5")
    address = f"/ke-hoach/nhap/{version.pk}/muc/{item.pk}/"
    htmx = {"HX-Request": "true"}
    response = officer.post(
        f"{address}quyet-dinh/", {"viec": "nhan", "da_thay": drafting.seen_of(item)}, headers=htmx
    )
    page = text_of(response)
    assert page.strip().startswith('<li class="muc k-nhiem-vu kn-xong" id="muc-K5"')
    assert 'id="tien-do" hx-swap-oob="true"' in page
    assert "<strong>1/25</strong>" in page
    stale = officer.post(f"{address}quyet-dinh/", {"viec": "bo", "da_thay": "cu"}, headers=htmx)
    assert "người khác vừa sửa đúng chỗ này" in text_of(stale)
    assert 'id="muc-K5"' in text_of(officer.get(f"{address}sua/", headers=htmx))
    item.refresh_from_db()
    assert item.decision == ItemDecision.ACCEPTED


def test_without_htmx_the_loser_gets_a_page_that_says_so(officer: Client, issuer: Issuer) -> None:
    version = started(1, issuer)
    item = version.items.get(key="K5")
    response = officer.post(
        f"/ke-hoach/nhap/{version.pk}/muc/{item.pk}/quyet-dinh/", {"viec": "nhan", "da_thay": "cu"}
    )
    assert response.status_code == 409


def test_an_item_is_added_and_taken_away_again(officer: Client, issuer: Issuer) -> None:
    version = started(1, issuer)
    address = f"/ke-hoach/nhap/{version.pk}/them/milestones/"
    refused = officer.post(address, {"kind": "so_ket", "when": "31/02/2024", "recurrence": ""})
    assert "Không có ngày này trong lịch" in text_of(refused)
    officer.post(address, {"kind": "so_ket", "when": "quý III/2024", "recurrence": ""})
    item = version.items.get(key="MX1")
    assert item.entry == {
        "kind": "so_ket",
        "who": None,
        "when": {"quarter": 3, "year": 2024, "raw": "quý III/2024"},
    }
    officer.post(
        f"/ke-hoach/nhap/{version.pk}/muc/{item.pk}/quyet-dinh/",
        {"viec": "hoan-tac", "da_thay": drafting.seen_of(item)},
    )
    assert not version.items.filter(key="MX1").exists()


def test_every_kind_of_item_opens_its_form_and_is_saved_unchanged(officer: Client, issuer: Issuer) -> None:
    from thidua.movements.models import ItemKind
    from thidua.movements.plans.forms import ITEM_FORMS

    for number in range(5):
        for item in started(number, issuer if number == 1 else issuer_of(number)).items.all():
            made = ITEM_FORMS[ItemKind(item.kind)]
            initial = made.initial_of(item.entry)
            form = made(
                {key: "" if value is None else str(value) for key, value in initial.items()}, initial=initial
            )
            assert form.is_valid(), (number, item.key, form.errors)
            same = {key: value for key, value in form.content(item.entry).items() if value}
            assert same == {key: value for key, value in item.entry.items() if value}, (number, item.key)


def test_a_stranger_sees_no_draft_and_the_public_is_sent_to_sign_in(client: Client, issuer: Issuer) -> None:
    version = started(1, issuer)
    assert client.get(f"/ke-hoach/nhap/{version.pk}/")["Location"].startswith("/tai-khoan/")
    stranger = make_person("la", (make_unit("xa-la", "xã La"), Role.STANDING))
    client.force_login(stranger)
    assert client.get(f"/ke-hoach/nhap/{version.pk}/").status_code == 404
    assert client.get(f"/ke-hoach/{version.plan_id}/").status_code == 404
    viewer = make_person("xem", (issuer.owner, Role.VIEWER))
    client.force_login(viewer)
    assert client.get(f"/ke-hoach/nhap/{version.pk}/").status_code == 403


def test_the_document_of_a_plan_is_seen_by_the_people_of_its_unit_and_not_removed(
    client: Client, issuer: Issuer
) -> None:
    sample = sample_document(1)
    Document.objects.filter(pk=sample.pk).update(is_sample=False, owner="trinh-duyet-khac")
    colleague = make_person("dong-nghiep", (issuer.owner, Role.VIEWER))
    client.force_login(colleague)
    assert client.get(f"/doc-ke-hoach/{sample.address}/").status_code == 404
    started(1, issuer)
    assert client.get(f"/doc-ke-hoach/{sample.address}/").status_code == 200
    client.post(f"/doc-ke-hoach/{sample.address}/go/")
    sample.refresh_from_db()
    assert (sample.kept_for, sample.removed_at) == (issuer.owner, None)


def test_the_same_document_again_offers_an_amendment(officer: Client, issuer: Issuer) -> None:
    version = started(1, issuer)
    decide_all(version, actor=issuer.acting())
    adoption.adopt(version, actor=issuer.acting(), now=NOW)
    page = text_of(officer.get(f"/ke-hoach/tiep-nhan/{sample_document(1).address}/"))
    assert f"/ke-hoach/{version.plan_id}/dieu-chinh/" in page
    officer.post(f"/ke-hoach/{version.plan_id}/dieu-chinh/", {"note": "Kéo dài", "document": ""})
    draft = PlanVersion.objects.get(state=PlanVersionState.DRAFT)
    page = text_of(officer.get(f"/ke-hoach/nhap/{draft.pk}/xem-truoc/"))
    assert "Không có mục nào thay đổi; 25 mục giữ nguyên." in page


def test_a_lower_unit_writes_its_plan_from_a_plan_in_force(client: Client) -> None:
    issuer = issuer_of(2)
    version = started(2, issuer)
    decide_all(version, actor=issuer.acting())
    adoption.adopt(version, actor=issuer.acting(), now=NOW)
    commune = Unit.objects.get(key="huoi-luong")
    client.force_login(make_person("xa", (commune, Role.STANDING)))
    address = f"/ke-hoach/{version.plan_id}/soan-ke-hoach/"
    answers = {
        "owner": commune.pk,
        "standing_body": commune.pk,
        "title": "Kế hoạch xã",
        "dated": "2022-09-01",
    }
    refused = client.post(address, answers)
    assert "chưa đúng cách ghi ngày" in text_of(refused)
    response = client.post(address, {**answers, "dated": "01/9/2022"})
    draft = PlanVersion.objects.get(state=PlanVersionState.DRAFT)
    assert response["Location"] == f"/ke-hoach/nhap/{draft.pk}/"
    assert draft.items.count() == 76
    assert set(draft.parties.values_list("name", flat=True)) >= {"xã Huổi Luông"}
    assert list(draft.plan.carries_out.all()) == [version.plan]
    target = draft.items.get(key="T4")
    client.post(
        f"/ke-hoach/nhap/{draft.pk}/muc/{target.pk}/sua/",
        {
            "label_vi": target.entry["label_vi"],
            "comparator": "gte",
            "value": "60",
            "unit": "pct",
            "last_year": "2025",
            "scope": "xã Huổi Luông",
            "da_thay": drafting.seen_of(target),
        },
    )
    page = text_of(client.get(f"/ke-hoach/nhap/{draft.pk}/"))
    assert "Khác kế hoạch cấp trên" in page
    assert client.get(f"/ke-hoach/nhap/{draft.pk}/xem-truoc/").status_code == 200


def test_the_list_asks_as_much_for_three_plans_as_for_one(officer: Client, issuer: Issuer) -> None:
    counts = []
    for more in (1, 2):
        for _ in range(more):
            make_plan(issuer.owner, standing_body=issuer.standing_body)
        officer.get("/ke-hoach/")
        with CaptureQueriesContext(connection) as queries:
            assert officer.get("/ke-hoach/").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert officer.get("/ke-hoach/?dang=xlsx")["Content-Type"].startswith("application/vnd.openxml")


def test_the_list_is_filtered_and_an_empty_one_teaches(officer: Client, issuer: Issuer) -> None:
    assert "Đưa vào thực hiện" in text_of(officer.get("/ke-hoach/"))
    make_plan(issuer.owner, title="Kế hoạch giảm nghèo", number="12/KH-TTr")
    assert "1 dòng" in text_of(officer.get("/ke-hoach/?tim=giam ngheo"))
    assert "Không có dòng nào khớp" in text_of(officer.get("/ke-hoach/?tim=nong thon"))
    assert "1 dòng" in text_of(officer.get("/ke-hoach/?tinh_trang=hieu-luc&nam=2023"))


def test_plan_page_shows_earlier_versions_sources_and_excel(officer: Client, issuer: Issuer) -> None:
    version = started(1, issuer)
    decide_all(version, actor=issuer.acting())
    adoption.adopt(version, actor=issuer.acting(), now=NOW)
    page = text_of(officer.get(f"/ke-hoach/{version.plan_id}/"))
    assert f"/ke-hoach/van-ban/{version.pk}/#dong-19" in page
    assert 'id="dong-19"' in text_of(officer.get(f"/ke-hoach/van-ban/{version.pk}/"))
    assert "0/13 hoàn thành" in page
    response = officer.get(f"/ke-hoach/{version.plan_id}/?dang=xlsx")
    assert response["Content-Type"].startswith("application/vnd.openxml")


def test_preview_counts_by_unit_and_year_in_the_order_of_a_dictionary(client: Client) -> None:
    issuer = issuer_of(2)
    client.force_login(issuer.officer)
    version = started(2, issuer)
    decide_all(version, actor=issuer.acting())

    page = text_of(client.get(f"/ke-hoach/nhap/{version.pk}/xem-truoc/"))

    table = page[page.index('id="theo-don-vi"') :]
    assert re.findall(r'<th scope="col"[^>]*>(.*?)</th>', table) == [
        *("Đơn vị", "2022", "2023", "2024", "2025", "Không ghi hạn", "Tất cả"),
    ]
    units = re.findall(r'<td data-label="Đơn vị">(.*?)</td>', table)
    assert units == [
        "Ban Tuyên giáo Huyện ủy Phong Thổ",
        "Hội Liên hiệp Phụ nữ huyện Phong Thổ",
        "Phòng Lao động - Thương binh và Xã hội huyện Phong Thổ",
        "Phòng Nội vụ huyện Phong Thổ",
        "thị trấn Phong Thổ",
        "Trung tâm Văn hóa, Thể thao và Truyền thông huyện Phong Thổ",
        "Ủy ban Mặt trận Tổ quốc Việt Nam huyện Phong Thổ",
        "xã Dào San",
        "xã Huổi Luông",
    ]
    assert "NV4" in page


def test_plan_page_is_a_summary_and_parts_that_open(officer: Client, issuer: Issuer) -> None:
    version = started(1, issuer)
    decide_all(version, actor=issuer.acting())
    adoption.adopt(version, actor=issuer.acting(), now=NOW)

    page = text_of(officer.get(f"/ke-hoach/{version.plan_id}/"))

    parts = re.findall(r'<details class="td-panel kn-phan" id="([\w-]+)"( open)?', page)
    assert parts == [
        ("chi-tieu", " open"),
        ("nhiem-vu", " open"),
        ("moc", ""),
        ("noi-dung", ""),
        ("lich-su", ""),
    ]
    linked = re.findall(r'class="kn-tinh-hinh" href="(.*?)">0/(\d+) xong<span class="td-hidden">: NV\d', page)
    assert sum(int(count) for _, count in linked) == 13
    assert len(linked) == 8
    for address, count in linked:
        tasks = text_of(officer.get(address.replace("&amp;", "&")))
        assert f"{count} dòng" in tasks


def test_people_see_codes_and_never_keys(officer: Client, issuer: Issuer) -> None:
    version = started(1, issuer)
    key = re.compile(r">[^<]*\b(?:T|K|M|F|P|R|N|G)X?\d+\b[^<]*<|>[^<]*\bS\d+\.c\d")
    address = f"/ke-hoach/nhap/{version.pk}/"
    draft = text_of(officer.get(address))
    assert f'<a href="{address}#muc-T2">CT2</a>: “%/năm”' in draft
    for page in (draft, text_of(officer.get(f"{address}don-vi/"))):
        assert not key.findall(page[page.index("<h1") :].partition('id="van-ban"')[0])
    decide_all(version, actor=issuer.acting())
    page = text_of(officer.get(f"{address}xem-truoc/"))
    assert not key.findall(page[page.index("<h1") :])
    adoption.adopt(version, actor=issuer.acting(), now=NOW)
    page = text_of(officer.get(f"/ke-hoach/{version.plan_id}/"))
    assert not key.findall(page[page.index("<h1") :])


def test_spellings_that_mean_the_same_units_are_confirmed_together(client: Client) -> None:
    issuer = issuer_of(2)
    client.force_login(issuer.officer)
    version = started(2, issuer)
    address = f"/ke-hoach/nhap/{version.pk}/don-vi/"
    page = text_of(client.get(address))
    assert page.count("gợi ý chắc chắn</button>") == 2
    group = next(part for part in page.split("<li ") if "Xác nhận cả 4 tên" in part and "Thương binh" in part)
    names = re.findall(r"<h2>(.*?)</h2>", group)
    assert names == [
        "Phòng Lao động - Thương binh và Xã hội",
        "Phòng Lao động - Thương binh và Xã hội huyện",
        "Phòng Lao động, Thương binh và Xã hội",
        "Phòng Lao động - Thương binh và xã hội",
    ]
    keys = re.findall(r'name="ten" value="(\d+)"', group)
    client.post(f"{address}xac-nhan/", {"ten": keys})
    confirmed = version.parties.filter(is_confirmed=True)
    assert sorted(confirmed.values_list("name", flat=True)) == sorted(names)


def test_a_unit_is_typed_or_picked_for_a_name(officer: Client, issuer: Issuer) -> None:
    version = started(1, issuer)
    party = version.parties.get(name="Ban Chấp hành Chi đoàn")
    address = f"/ke-hoach/nhap/{version.pk}/don-vi/{party.pk}/"
    assert "data-don-vi=" in text_of(officer.get(address))

    several = officer.post(address, {"viec": "xac-nhan", "tim": "nghiep vu"})
    assert several.status_code == 422
    assert "có 2 đơn vị khớp «nghiep vu»" in text_of(several)
    nothing = officer.post(address, {"viec": "xac-nhan", "tim": "khong co"})
    assert "không có đơn vị nào khớp «khong co»" in text_of(nothing)
    sought = officer.post(address, {"viec": "tim", "tim": "nghiep vu"})
    assert sought.status_code == 200
    assert "Phòng Nghiệp vụ 2" in text_of(sought)

    officer.post(
        address,
        {"viec": "xac-nhan", "tim": "Phòng Nghiệp vụ 2", "tim_khoa": "ttr-dn-3"},
    )
    assert list(party.units.values_list("unit__key", flat=True)) == ["ttr-dn-3"]
