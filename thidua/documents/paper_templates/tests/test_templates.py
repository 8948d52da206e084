"""Templates of bodies: which one serves, versions that never change, pages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from thidua.audit.models import Entry
from thidua.core import clock
from thidua.core.errors import ChangedMeanwhile, NotAllowed, RuleNotMet
from thidua.documents.models import OutgoingPaper, PaperOffice, PaperTemplate, PaperTemplateVersion
from thidua.documents.paper_templates import editing, templates
from thidua.documents.papers import drafting
from thidua.documents.writing.paper import Column, Paragraph, Table
from thidua.documents.writing.template_text import BadTemplate
from thidua.organisations.authority import Acting, acting
from thidua.organisations.models import Role, Unit, UnitKind
from thidua.organisations.tests.world import DAY, make_person, make_unit

pytestmark = [pytest.mark.django_db, pytest.mark.database]

NOW = datetime(2023, 11, 5, 3, 0, tzinfo=UTC)
OWN = "loai: bao_cao\ntrich_yeu: Báo cáo {{ viec }}\n---\n# Kết quả\n{{ ket_qua|doan }}\n"


@pytest.fixture
def body() -> Unit:
    nation = make_unit("viet-nam", "Việt Nam", UnitKind.NATION)
    province = make_unit("lang-son", "tỉnh Lạng Sơn", UnitKind.PROVINCE, parent=nation)
    made = make_unit("so-noi-vu", "Sở Nội vụ tỉnh Lạng Sơn", UnitKind.AGENCY, parent=province)
    PaperOffice.objects.create(unit=made, abbreviation="SNV", place="Lạng Sơn")
    return made


@pytest.fixture
def clerk(body: Unit) -> Acting:
    return acting(make_person("van-thu", (body, Role.CLERK)), on=DAY)


@pytest.fixture
def template(body: Unit, clerk: Acting) -> PaperTemplate:
    return editing.start(unit=body, kind="bao_cao", name="Báo cáo năm", text=OWN, actor=clerk, now=NOW)


# --- which one serves -------------------------------------------------------------------------------


def test_ready_made_template_serves_as_long_as_the_body_has_none(body: Unit) -> None:
    paper, ref = templates.rendered(
        "giay_moi",
        unit=body,
        facts={
            "cuoc_hop": "Hội nghị sơ kết",
            "khach_moi": "Lãnh đạo các huyện",
            "chu_tri": "Giám đốc Sở",
            "gio": "08 giờ 00",
            "ngay_hop": date(2023, 11, 20),
            "dia_diem": "Hội trường",
        },
        on=DAY,
    )

    assert ref == "san-co/giay_moi"
    assert (paper.issuer, paper.symbol, paper.place) == (("Sở Nội vụ",), "GM-SNV", "Lạng Sơn")
    assert (paper.number, paper.dated) == (None, None)
    assert Paragraph("Thời gian: 08 giờ 00, ngày 20 tháng 11 năm 2023") in paper.body


def test_own_template_serves_from_the_day_it_is_issued(
    body: Unit, clerk: Acting, template: PaperTemplate
) -> None:
    facts = {"viec": "năm 2023", "ket_qua": "Tốt.\nNhanh."}
    before = templates.chosen_for("bao_cao", unit_id=body.pk, on=DAY)
    editing.issue(template, seen=1, actor=clerk, now=NOW)

    assert before.ref == "san-co/bao_cao"
    assert (
        templates.chosen_for("bao_cao", unit_id=body.pk, on=DAY - timedelta(days=1)).ref == "san-co/bao_cao"
    )
    paper, ref = templates.rendered("bao_cao", unit=body, facts=facts, on=DAY)
    assert ref == f"{template.pk}@1"
    assert (paper.title, paper.body[1:]) == ("Báo cáo năm 2023", (Paragraph("Tốt."), Paragraph("Nhanh.")))


def test_ready_blocks_go_into_a_paper(body: Unit) -> None:
    table = Table((Column("Xã"),), (("A",),))
    paper = templates.render(
        "bao_cao",
        unit=body,
        facts={
            "phong_trao": "Vì người nghèo",
            "ky_bao_cao": "năm 2023",
            "ket_qua": "Đạt.",
            "bang_so_lieu": table,
            "kho_khan": "Không.",
            "phuong_huong": "Tiếp tục.",
        },
        on=DAY,
    )

    assert table in paper.body


def test_missing_value_names_its_line(body: Unit) -> None:
    with pytest.raises(BadTemplate, match="Dòng 3: chưa có giá trị «cuoc_hop»"):
        templates.render("giay_moi", unit=body, facts={}, on=DAY)


def test_type_without_template_is_refused(body: Unit) -> None:
    with pytest.raises(RuleNotMet, match="Chưa có mẫu cho loại văn bản «Nghị quyết»"):
        templates.render("nghi_quyet", unit=body, facts={}, on=DAY)


# --- versions ---------------------------------------------------------------------------------------


def test_issued_version_never_changes_and_a_change_is_a_new_one(
    body: Unit, clerk: Acting, template: PaperTemplate
) -> None:
    first = editing.issue(template, seen=1, actor=clerk, now=NOW)
    second = editing.save(template, OWN + "- thêm\n", seen=0, note="thêm dòng", actor=clerk, now=NOW)

    assert (second.number, second.is_draft) == (2, True)
    assert templates.chosen_for("bao_cao", unit_id=body.pk, on=DAY).ref.endswith("@1")
    editing.issue(template, seen=1, actor=clerk, now=NOW)
    assert templates.chosen_for("bao_cao", unit_id=body.pk, on=DAY).ref.endswith("@2")
    for act in (
        lambda: PaperTemplateVersion.objects.filter(pk=first.pk).update(text="x"),
        lambda: PaperTemplateVersion.objects.filter(pk=first.pk).delete(),
    ):
        with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
            act()
    assert PaperTemplateVersion.objects.get(pk=first.pk).text == OWN


def test_who_saves_over_what_they_have_not_seen_is_told(clerk: Acting, template: PaperTemplate) -> None:
    editing.save(template, OWN + "a\n", seen=1, actor=clerk, now=NOW)

    for seen in (0, 1):
        with pytest.raises(ChangedMeanwhile):
            editing.save(template, OWN + "b\n", seen=seen, actor=clerk, now=NOW)
    assert editing.draft_of(template).text == OWN + "a\n"  # type: ignore[union-attr]


def test_faulty_draft_may_be_kept_and_not_be_used(clerk: Acting, template: PaperTemplate) -> None:
    editing.save(template, OWN + "#### sâu\n", seen=1, actor=clerk, now=NOW)

    with pytest.raises(RuleNotMet, match="Dòng 6: chỉ có ba cấp tiêu đề"):
        editing.issue(template, seen=2, actor=clerk, now=NOW)


def test_template_of_another_type_is_not_put_to_use(clerk: Acting, template: PaperTemplate) -> None:
    editing.save(template, OWN.replace("bao_cao", "ke_hoach"), seen=1, actor=clerk, now=NOW)

    with pytest.raises(RuleNotMet, match="mẫu này lập cho «bao_cao»"):
        editing.issue(template, seen=2, actor=clerk, now=NOW)


def test_every_act_is_written_down(clerk: Acting, template: PaperTemplate) -> None:
    editing.issue(template, seen=1, actor=clerk, now=NOW)
    editing.save(template, OWN, seen=0, actor=clerk, now=NOW)
    editing.drop_draft(template, actor=clerk, now=NOW)
    editing.retire(template, actor=clerk, now=NOW)

    assert list(
        Entry.objects.filter(action__startswith="documents.papertemplate")
        .order_by("pk")
        .values_list("action", flat=True)
    ) == [f"documents.papertemplate.{act}" for act in ("start", "issue", "save", "drop_draft", "retire")]


def test_retired_template_serves_no_more(body: Unit, clerk: Acting, template: PaperTemplate) -> None:
    editing.issue(template, seen=1, actor=clerk, now=NOW)
    editing.retire(template, actor=clerk, now=NOW)
    template.refresh_from_db()

    assert templates.chosen_for("bao_cao", unit_id=body.pk, on=DAY).ref == "san-co/bao_cao"
    with pytest.raises(RuleNotMet, match="mẫu đã thôi dùng"):
        editing.save(template, OWN, seen=0, actor=clerk, now=NOW)
    editing.start(unit=body, kind="bao_cao", name="Báo cáo năm", text=OWN, actor=clerk, now=NOW)


def test_one_template_of_a_type_is_the_usual_one(body: Unit, clerk: Acting, template: PaperTemplate) -> None:
    other = editing.start(unit=body, kind="bao_cao", name="Báo cáo quý", text=OWN, actor=clerk, now=NOW)
    assert (template.is_usual, other.is_usual) == (True, False)

    editing.make_usual(other, actor=clerk, now=NOW)

    assert list(templates.usual("bao_cao", unit_id=body.pk)) == [other]


@pytest.mark.parametrize("role", [Role.UNIT_OFFICER, Role.VIEWER, Role.COUNCIL, Role.ADMINISTRATOR])
def test_others_do_not_write_templates(body: Unit, role: Role) -> None:
    person = acting(make_person("ai-do", (body, role)), on=DAY)

    with pytest.raises(NotAllowed):
        editing.start(unit=body, kind="bao_cao", name="X", text=OWN, actor=person, now=NOW)


# --- pages ------------------------------------------------------------------------------------------


@pytest.fixture
def pages(client: Client, clerk: Acting) -> Iterator[Client]:
    client.force_login(clerk.user)
    with clock.fixed_on(DAY):
        yield client


def page(pages: Client, address: str) -> str:
    answer = pages.get(address)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_a_template_is_begun_written_looked_at_and_put_to_use(pages: Client, body: Unit) -> None:
    assert "Mẫu sẵn của chương trình" in page(pages, "/van-ban/mau/")
    assert "[cuoc_hop]" not in page(pages, "/van-ban/mau/san-co/giay_moi/")  # it stands in the picture
    picture = pages.get("/van-ban/mau/san-co/giay_moi/trang-1.png")
    assert (picture["Content-Type"], picture.content[:4]) == ("image/png", b"\x89PNG")

    answer = pages.post("/van-ban/mau/moi/", {"unit": body.pk, "kind": "giay_moi", "name": "Giấy mời họp"})
    made = PaperTemplate.objects.get()
    edit = f"/van-ban/mau/{made.pk}/sua/"
    assert answer["Location"] == edit
    assert "trân trọng kính mời" in page(pages, edit)

    faulty = pages.post(edit, {"text": "loai: giay_moi\ntrich_yeu: x\n---\n{{ a\n", "note": "", "seen": 1})
    assert faulty["Location"] == edit
    assert "Dòng 4: thiếu }} để đóng {{ trên cùng dòng" in page(pages, edit)
    refused = pages.post(f"/van-ban/mau/{made.pk}/dua-vao-dung/", {"seen": 2}, follow=True)
    assert "Chưa đưa mẫu vào dùng" in refused.content.decode()

    pages.post(edit, {"text": "loai: giay_moi\ntrich_yeu: x\n---\n{{ a }}\n", "note": "sửa", "seen": 2})
    assert f"/van-ban/mau/{made.pk}/lan-1/trang-1.png?v=3" in page(pages, edit)
    assert pages.get(f"/van-ban/mau/{made.pk}/lan-1/trang-1.png").content[:4] == b"\x89PNG"
    assert pages.get(f"/van-ban/mau/{made.pk}/lan-1/trang-2.png").status_code == 404
    done = pages.post(f"/van-ban/mau/{made.pk}/dua-vao-dung/", {"seen": 3})
    assert done["Location"] == f"/van-ban/mau/{made.pk}/"
    shown = page(pages, f"/van-ban/mau/{made.pk}/")
    assert "Đang dùng lần 1" in shown
    assert "Lập mẫu văn bản" in shown


def test_page_tells_that_somebody_else_changed_the_draft(
    pages: Client, template: PaperTemplate, clerk: Acting
) -> None:
    editing.save(template, OWN, seen=1, actor=clerk, now=NOW)
    answer = pages.post(f"/van-ban/mau/{template.pk}/sua/", {"text": "của tôi", "note": "", "seen": 1})

    assert answer.status_code == 409
    assert "của tôi" in answer.content.decode()
    assert "người khác vừa sửa" in answer.content.decode()


def test_a_paper_is_drafted_from_the_values_of_its_template(pages: Client, body: Unit) -> None:
    address = "/van-ban/mau/soan/quyet_dinh/"
    shown = page(pages, address)
    assert "các phần ngăn bằng dấu |: tên | đơn vị | thành tích" in shown
    values = {
        "nguoi_quyet_dinh": "Giám đốc Sở Nội vụ",
        "hinh_thuc": "Giấy khen của Giám đốc Sở",
        "can_cu": "Luật Thi đua, khen thưởng ngày 15 tháng 6 năm 2022",
        "de_nghi": "Chánh Văn phòng Sở",
        "danh_sach": "Nông Văn Một | Văn phòng | Hoàn thành xuất sắc\nTrần Thị Hai | Thanh tra | Sáng kiến",
        "thi_hanh": "Chánh Văn phòng Sở",
    }
    assert pages.post(address, {**values, "danh_sach": "a | b | c | d"}).status_code == 422

    answer = pages.post(address, values)

    made = OutgoingPaper.objects.get()
    assert answer["Location"] == f"/van-ban/{made.pk}/" or str(made.pk) in answer["Location"]
    paper = drafting.description(made)
    assert (made.template, made.symbol) == ("san-co/quyet_dinh", "QĐ-SNV")
    assert paper.title == "Về việc tặng Giấy khen của Giám đốc Sở"
    (appendix,) = paper.appendices
    table = appendix.body[0]
    assert isinstance(table, Table)
    assert table.rows[1] == ("2", "Trần Thị Hai", "Thanh tra", "Sáng kiến")


def test_stranger_sees_no_template_of_another_body(client: Client, template: PaperTemplate) -> None:
    client.force_login(make_person("nguoi-la"))
    with clock.fixed_on(DAY):
        assert client.get(f"/van-ban/mau/{template.pk}/").status_code == 403
        assert client.get(f"/van-ban/mau/{template.pk}/lan-1/trang-1.png").status_code == 403
        assert "Báo cáo năm" not in client.get("/van-ban/mau/").content.decode()
