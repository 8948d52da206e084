"""An inspection: planned from what a plan asks, units chosen with reasons, found, concluded, put right."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from thidua.core import clock
from thidua.core.errors import NotAllowed, RuleNotMet
from thidua.documents.models import OutgoingPaper
from thidua.documents.writing import typesetting
from thidua.indicators.models import Value
from thidua.indicators.tests.makers import define, give, indicator
from thidua.movements.models import Plan, Target, TargetBinding
from thidua.movements.tasks.evidence import Upload
from thidua.movements.tests.makers import at, make_item, make_task, phong_tho_plan
from thidua.movements.warning_signs import Asked
from thidua.notices.models import Notice
from thidua.organisations.tests.world import DAY, World, phong_tho
from thidua.oversight.inspections import choosing, concluding, inbox, papers, planning, signs, visiting
from thidua.oversight.inspections.open_matters import MatterKind, open_matters
from thidua.oversight.inspections.planning import Planned
from thidua.oversight.models import Finding, Inspection, Visit
from thidua.oversight.tests.makers import make_inspection, make_minuted, make_remedy

pytestmark = pytest.mark.django_db
NOW = at(DAY)
PHOTO = Upload("anh.jpg", b"\xff\xd8\xff\xe0" + b"0" * 200)
COMMUNES = ("huoi-luong", "dao-san", "mu-sang")
PLANNED = Planned(
    "Kiểm tra năm 2023",
    "",
    2023,
    date(2023, 1, 1),
    date(2023, 12, 1),
    date(2023, 11, 20),
    date(2023, 11, 24),
)


@pytest.fixture
def world() -> World:
    return phong_tho()


@pytest.fixture
def plan(world: World) -> Plan:
    """All three communes have a task; that of Dào San is late."""
    plan = phong_tho_plan(world)
    item = make_item(plan.versions.get(), "tasks", "K1", {"quote": "Các xã rà soát hộ nghèo."})
    for key in COMMUNES:
        due_on = date(2023, 10, 20) if key == "dao-san" else date(2023, 11, 30)
        make_task(plan, world.unit(key), item=item, title="Rà soát hộ nghèo", due_on=due_on, year=2023)
    return plan


def measured(plan: Plan) -> None:
    """The plan asks for at most 10 % poor households, measured in each commune."""
    define()
    item = make_item(plan.versions.get(), "targets", "C1", {"quote": "Tỷ lệ hộ nghèo dưới 10 %."})
    target = Target.objects.create(
        plan=plan,
        item=item,
        indicator="poverty_rate",
        label="Tỷ lệ hộ nghèo",
        comparator="lte",
        value=10,
        unit="percent",
    )
    TargetBinding.objects.create(target=target, indicator=indicator("poor_hh_rate"), is_confirmed=True)


def planned(world: World, plan: Plan) -> Inspection:
    return planning.plan_inspection(
        plan, PLANNED, unit_id=world.unit("phong-ldtbxh").pk, actor=world.acting("thuong-truc"), now=NOW
    )


# --- planning --------------------------------------------------------------------------------------


def test_a_plan_that_asks_for_inspections_offers_them_once(world: World, plan: Plan) -> None:
    for key in ("huoi-luong", "phong-ldtbxh"):
        make_task(plan, world.unit(key), title="Kiểm tra, giám sát việc thực hiện phong trào", year=2023)
    make_task(plan, world.unit("dao-san"), title="Kiểm tra năm sau", year=2024)

    (found,) = planning.asked_for(plan, year=2023)
    assert found.unit == world.unit("phong-ldtbxh")


def test_checklist_is_drawn_from_tasks_and_targets_and_drawing_again_adds_nothing(
    world: World, plan: Plan
) -> None:
    make_item(plan.versions.get(), "targets", "C1", {"quote": "Tỷ lệ hộ nghèo dưới 10 %."})
    one, officer = planned(world, plan), world.acting("thuong-truc")

    assert planning.draw_checklist(one, actor=officer, now=NOW) == 2
    assert planning.draw_checklist(one, actor=officer, now=NOW) == 0
    assert list(one.checklist.order_by("position").values_list("kind", "text")) == [
        ("nhiem_vu", "Các xã rà soát hộ nghèo."),
        ("chi_tieu", "Tỷ lệ hộ nghèo dưới 10 %."),
    ]


def test_only_the_bodies_of_the_plan_may_plan(world: World, plan: Plan) -> None:
    with pytest.raises(NotAllowed):
        planning.plan_inspection(
            plan, PLANNED, unit_id=world.unit("huoi-luong").pk, actor=world.acting("huoi-luong"), now=NOW
        )


def test_announcing_needs_head_units_and_checklist(world: World, plan: Plan) -> None:
    one = planned(world, plan)

    with pytest.raises(RuleNotMet, match="trưởng đoàn, đơn vị được kiểm tra, đề cương"):
        concluding.announce(one, actor=world.acting("thuong-truc"), now=NOW)


# --- choosing --------------------------------------------------------------------------------------


def test_by_risk_the_late_commune_comes_first_and_the_reason_is_kept(world: World, plan: Plan) -> None:
    one = planned(world, plan)

    (visit,) = choosing.choose(one, "rui_ro", size=1, actor=world.acting("thuong-truc"), now=NOW)

    assert (visit.unit, visit.score) == (world.unit("dao-san"), 3)
    assert visit.reasons_json[0][0] == "1 nhiệm vụ quá hạn, chậm nhất 16 ngày: Rà soát hộ nghèo"


def test_a_random_sample_can_be_drawn_again(world: World, plan: Plan) -> None:
    one, officer = planned(world, plan), world.acting("thuong-truc")

    first = {v.unit_id for v in choosing.choose(one, "ngau_nhien", size=2, actor=officer, now=NOW)}
    seed = one.seed
    assert len(seed) == 8
    again = choosing.choose(one, "ngau_nhien", size=2, seed=seed, actor=officer, now=NOW)

    assert {v.unit_id for v in again} == first
    assert choosing.is_as_drawn(one)
    one.visits.first().delete()  # type: ignore[union-attr]
    Visit.objects.create(inspection=one, unit=world.unit("tt-van-hoa"))
    assert not choosing.is_as_drawn(one)


def test_all_are_chosen_and_after_the_announcement_nobody_else(world: World, plan: Plan) -> None:
    one, officer = make_inspection(plan), world.acting("thuong-truc")
    choosing.choose(one, "tat_ca", actor=officer, now=NOW)
    assert set(one.visits.values_list("unit__key", flat=True)) == set(COMMUNES)

    concluding.announce(one, actor=officer, now=NOW)

    assert Notice.objects.filter(kind="inspection.announced").count() == 3
    with pytest.raises(RuleNotMet, match="đã thông báo"):
        choosing.choose(one, "tat_ca", actor=officer, now=NOW)


def test_successors_stand_in_the_pool_after_the_reform(world: World, plan: Plan) -> None:
    found = choosing.pool_of(plan, on=date(2025, 8, 1))

    assert [one.key for one in found] == ["xa-dao-san", "xa-phong-tho"]


def test_jumps_and_rates_behind_the_plan_are_signs(world: World, plan: Plan) -> None:
    measured(plan)
    commune = world.unit("mu-sang")
    for year, poor, all_ in ((2022, 50, 500), (2023, 120, 500)):
        give("poor_hh", commune, year, poor, override_reason="Chuẩn mới")
        give("total_households", commune, year, all_, standard_id=None)
    asked = Asked(plan, [commune.pk], date(2023, 1, 1), date(2024, 1, 1), DAY)

    assert [(sign.kind, sign.count) for sign in signs.jumps(asked)] == [("jump", 1)]
    assert "50 → 120 (tăng 140 %)" in signs.jumps(asked)[0].text
    assert [sign.text for sign in signs.unmet(asked)] == ["Tỷ lệ hộ nghèo: 24,0 %, kế hoạch 10 %"]


# --- at the unit -----------------------------------------------------------------------------------


def at_work(world: World, plan: Plan) -> Visit:
    one = make_inspection(plan, world.unit("huoi-luong"), state="da_thong_bao")
    visit = one.visits.get()
    visiting.begin(visit, held_on=DAY, actor=world.acting("thuong-truc"), now=NOW)
    return visit


def test_an_item_sent_twice_is_one_finding_with_each_photo_once(world: World, plan: Plan) -> None:
    visit, officer = at_work(world, plan), world.acting("thuong-truc")
    item = visit.inspection.checklist.get()
    visiting.write(visit, item, outcome="", text="Đang xem", actor=officer, now=NOW)
    for _ in range(2):
        visiting.write(
            visit, item, outcome="chua_dat", text="Chưa họp", files=[PHOTO], actor=officer, now=NOW
        )

    finding = Finding.objects.get()
    assert (finding.outcome, finding.text, finding.proofs.count()) == ("chua_dat", "Chưa họp", 1)


def test_not_met_without_a_word_is_refused(world: World, plan: Plan) -> None:
    visit = at_work(world, plan)

    with pytest.raises(RuleNotMet, match="chưa đạt ở chỗ nào"):
        visiting.write(
            visit,
            visit.inspection.checklist.get(),
            outcome="chua_dat",
            text=" ",
            actor=world.acting("thuong-truc"),
            now=NOW,
        )


def test_people_of_an_office_in_the_team_write_too_and_others_do_not(world: World, plan: Plan) -> None:
    visit = at_work(world, plan)
    item = visit.inspection.checklist.get()
    with pytest.raises(NotAllowed):
        visiting.write(visit, item, outcome="dat", text="", actor=world.acting("noi-vu"), now=NOW)

    planning.add_member(
        visit.inspection,
        name="Trần Thị Vụ",
        unit_id=world.unit("phong-noi-vu").pk,
        actor=world.acting("thuong-truc"),
        now=NOW,
    )
    visiting.write(visit, item, outcome="dat", text="", actor=world.acting("noi-vu"), now=NOW)


def test_minutes_wait_for_every_item(world: World, plan: Plan) -> None:
    visit, officer = at_work(world, plan), world.acting("thuong-truc")
    with pytest.raises(RuleNotMet, match="còn 1 mục"):
        visiting.minute(visit, actor=officer, now=NOW)

    visiting.write(
        visit, visit.inspection.checklist.get(), outcome="khong_co", text="", actor=officer, now=NOW
    )
    visiting.minute(visit, actor=officer, now=NOW)
    with pytest.raises(RuleNotMet, match="Đã lập biên bản"):
        visiting.write(
            visit, visit.inspection.checklist.get(), outcome="dat", text="", actor=officer, now=NOW
        )


def test_a_figure_counted_again_stands_beside_the_reported_one_and_may_correct_it(
    world: World, plan: Plan
) -> None:
    measured(plan)
    visit, leader = at_work(world, plan), world.acting("lanh-dao")
    Inspection.objects.update(until=date(2024, 1, 1))
    visit.inspection.refresh_from_db()
    value = give("poor_hh", visit.unit, 2023, 120)
    assert visiting.figures_of(visit) == [value]

    kept = visiting.recheck(visit, value, found=Decimal(131), note="Đếm sổ thôn", actor=leader, now=NOW)
    assert (kept.reported, kept.found, kept.difference) == (Decimal(120), Decimal(131), Decimal(11))
    assert Value.objects.count() == 1

    new = visiting.put_forward(kept, actor=leader, now=NOW)
    value.refresh_from_db()
    assert (new.amount, new.is_chosen, new.replaces_id) == (Decimal(131), True, value.pk)
    assert (value.amount, value.is_chosen) == (Decimal(120), False)
    kept.refresh_from_db()
    assert (kept.reported, kept.difference) == (Decimal(120), Decimal(11))
    with pytest.raises(RuleNotMet, match="đã đính chính rồi"):
        visiting.put_forward(kept, actor=leader, now=NOW)


def test_a_figure_of_another_unit_is_refused(world: World, plan: Plan) -> None:
    measured(plan)
    value = give("poor_hh", world.unit("mu-sang"), 2023, 120)

    with pytest.raises(RuleNotMet, match="đơn vị khác"):
        visiting.recheck(
            at_work(world, plan), value, found=Decimal(1), actor=world.acting("thuong-truc"), now=NOW
        )


# --- conclusions, remedies, awards -----------------------------------------------------------------


def test_remedy_from_asking_to_closing_the_inspection(world: World, plan: Plan) -> None:
    one = make_inspection(plan, state="da_thong_bao")
    visit, officer = make_minuted(one, world.unit("huoi-luong")), world.acting("thuong-truc")
    commune = world.acting("huoi-luong")
    remedy = concluding.ask_remedy(
        visit, text="Niêm yết danh sách", due_on=date(2023, 11, 30), actor=officer, now=NOW
    )
    assert [row.title for row in inbox.waiting_for(commune, at_most=9)] == ["Niêm yết danh sách"]
    concluding.conclude(one, text="Cơ bản đạt", actor=officer, now=NOW)
    with pytest.raises(RuleNotMet, match="còn 1 kiến nghị"):
        concluding.close(one, actor=officer, now=NOW)
    with pytest.raises(RuleNotMet, match="chưa có tài liệu"):
        concluding.report_remedy(remedy, text="Đã niêm yết", actor=commune, now=NOW)

    concluding.report_remedy(remedy, text="Đã niêm yết", files=[PHOTO], actor=commune, now=NOW)
    concluding.send_back_remedy(remedy, reason="Ảnh mờ", actor=officer, now=NOW)
    concluding.report_remedy(remedy, text="Đã chụp lại", actor=commune, now=NOW)
    concluding.accept_remedy(remedy, actor=officer, now=NOW)
    concluding.close(one, actor=officer, now=NOW)

    assert (remedy.state, one.state) == ("da_xong", "da_xong")


def test_concluding_waits_for_every_unit(world: World, plan: Plan) -> None:
    one = make_inspection(plan, world.unit("huoi-luong"), state="da_thong_bao")

    with pytest.raises(RuleNotMet, match="còn 1 đơn vị"):
        concluding.conclude(one, text="x", actor=world.acting("thuong-truc"), now=NOW)


def test_what_stands_open_about_a_unit(world: World, plan: Plan) -> None:
    one = make_inspection(plan, state="da_thong_bao")
    visit, officer = make_minuted(one, world.unit("huoi-luong")), world.acting("thuong-truc")
    make_remedy(visit, due_on=date(2023, 11, 1))

    def kinds() -> list[str]:
        return [str(matter.kind) for matter in open_matters([visit.unit_id], on=DAY)]

    assert kinds() == [MatterKind.LATE_REMEDY, MatterKind.GOING_ON]
    visiting.note_breach(visit, note="Chi sai đối tượng", actor=officer, now=NOW)
    assert kinds() == [MatterKind.BREACH, MatterKind.LATE_REMEDY]
    assert open_matters([world.unit("dao-san").pk], on=DAY) == []
    visiting.end_breach(visit, note="Không sai", actor=officer, now=NOW)
    assert kinds() == [MatterKind.LATE_REMEDY, MatterKind.GOING_ON]


# --- papers ----------------------------------------------------------------------------------------


def test_papers_are_drafts_of_the_body_and_can_be_printed(world: World, plan: Plan) -> None:
    one = make_inspection(plan, state="da_thong_bao")
    one.how, one.seed, one.pool_json = "ngau_nhien", "ab12cd34", list(COMMUNES)
    one.save()
    visit, leader = make_minuted(one, world.unit("huoi-luong")), world.acting("thuong-truc")
    make_remedy(visit)
    for kind in ("thong_bao", "quyet_dinh"):
        papers.write_announcement(one, kind=kind, actor=leader, now=NOW)
    papers.write_minutes(visit, actor=leader, now=NOW)
    concluding.conclude(one, text="Cơ bản đạt", actor=leader, now=NOW)
    papers.write_conclusion(one, actor=leader, now=NOW)

    kinds = [paper.kind for paper in papers.papers_about(one, visit)]
    assert kinds == ["thong_bao", "bien_ban", "quyet_dinh", "thong_bao"]
    assert set(OutgoingPaper.objects.values_list("unit_id", flat=True)) == {one.unit_id}
    for paper in (
        papers.announcement(one, on=DAY),
        papers.decision(one, on=DAY),
        papers.minutes(visit, on=DAY),
        papers.conclusion(one, on=DAY),
    ):
        assert typesetting.pdf_bytes(paper).startswith(b"%PDF")


# --- pages -----------------------------------------------------------------------------------------


def test_a_unit_reads_what_was_found_once_the_minutes_are_there_and_never_of_others(
    world: World, plan: Plan
) -> None:
    visit = at_work(world, plan)
    other = make_minuted(visit.inspection, world.unit("dao-san"), summary="Việc riêng của Dào San")
    visiting.write(
        visit,
        visit.inspection.checklist.get(),
        outcome="chua_dat",
        text="Chưa họp thôn",
        actor=world.acting("thuong-truc"),
        now=NOW,
    )
    client = Client()
    client.force_login(world.people["huoi-luong"])
    with clock.fixed_on(DAY):
        here = reverse("inspections:visit", args=[visit.pk])
        assert "Chưa họp thôn" not in client.get(here).content.decode()
        visiting.minute(visit, actor=world.acting("thuong-truc"), now=NOW)
        assert "Chưa họp thôn" in client.get(here).content.decode()
        assert client.get(reverse("inspections:visit", args=[other.pk])).status_code == 404
        whole = client.get(reverse("inspections:inspection", args=[visit.inspection_id])).content.decode()
        assert "Huổi Luông" in whole
        assert "Dào San" not in whole
