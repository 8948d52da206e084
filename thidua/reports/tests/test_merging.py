"""The merged report in the database: figures, words, findings, decisions, and what comes later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest
from django.db.models import QuerySet

from thidua.core.errors import NotAllowed, RuleNotMet
from thidua.indicators.tests import makers as figures
from thidua.movements.tests.makers import at, phong_tho_plan
from thidua.organisations.tests.world import World, phong_tho
from thidua.reports import lower_reports, merging
from thidua.reports.merging import Place
from thidua.reports.models import (
    Answer,
    Correction,
    CorrectionState,
    FormItem,
    Lift,
    Merging,
    PieceDecision,
    Report,
    ReportState,
)
from thidua.reports.tests.makers import (
    ask,
    ask_figure,
    make_figure,
    make_form,
    make_merged,
    make_report,
    make_round,
)

pytestmark = pytest.mark.django_db

NOW = at(date(2023, 11, 15))
COMMUNES = ("huoi-luong", "dao-san", "mu-sang")


@dataclass
class Merge:
    """A round in which two communes were accepted and the third has only been sent."""

    world: World
    merged: Report
    items: dict[str, FormItem]
    reports: dict[str, Report]

    def build(self, username: str = "thuong-truc") -> None:
        merging.build(self.merged, actor=self.world.acting(username), now=NOW)
        self.merged.refresh_from_db()

    @property
    def mergings(self) -> QuerySet[Merging]:
        return Merging.objects.filter(report=self.merged)

    def answer(self, key: str) -> Answer:
        return self.merged.answers.get(item=self.items[key])


@pytest.fixture
def one() -> Merge:
    return begin()


def begin() -> Merge:
    """Phong Thổ in November 2023; journeys begin so, too."""
    world = phong_tho()
    figures.define()
    plan = phong_tho_plan(world)
    form = make_form(world.unit("phong-ldtbxh"))
    standard = figures.standard()
    items = {
        code: ask_figure(form, figures.indicator(code), standard=standard, for_kinds=["commune"])
        for code in ("poor_and_near_poor_hh", "total_households")
    }
    items["multidim_poverty_rate"] = ask_figure(
        form, figures.indicator("multidim_poverty_rate"), standard=standard, is_required=False
    )
    items["ket-qua"] = ask(form, "ket-qua")
    items["kho-khan"] = ask(form, "kho-khan", title="Khó khăn, vướng mắc", lifts=Lift.DIFFICULTY)
    items["kien-nghi"] = ask(
        form, "kien-nghi", title="Đề xuất, kiến nghị", lifts=Lift.PROPOSAL, is_required=False
    )
    round_ = make_round(plan, form)
    states = (ReportState.ACCEPTED, ReportState.ACCEPTED, ReportState.SENT)
    reports = {
        key: make_report(round_, world.unit(key), state=state)
        for key, state in zip(COMMUNES, states, strict=True)
    }
    merged = make_merged(round_)
    for report in reports.values():
        report.refresh_from_db()
    for key, poor, total in (("huoi-luong", 400, 1000), ("dao-san", 300, 1000), ("mu-sang", 50, 500)):
        make_figure(reports[key], items["poor_and_near_poor_hh"], poor, stage="so_bo")
        make_figure(reports[key], items["total_households"], total, stage="so_bo")
        Answer.objects.create(report=reports[key], item=items["kho-khan"], text="Không có")
    Answer.objects.create(
        report=reports["dao-san"], item=items["ket-qua"], text="Bản Hợp 1 có 5 hộ tự nguyện thoát nghèo."
    )
    return Merge(world, merged, items, reports)


def test_figures_are_added_with_coverage_and_the_share_is_counted(one: Merge) -> None:
    one.build()
    poor = one.merged.figures.get(item=one.items["poor_and_near_poor_hh"])
    rate = one.merged.figures.get(item=one.items["multidim_poverty_rate"])

    assert (poor.amount, poor.reported, poor.expected, poor.stage) == (Decimal(700), 2, 3, "so_bo")
    assert (rate.amount, rate.numerator, rate.denominator) == (Decimal(35), Decimal(700), Decimal(2000))
    assert poor.origin == "tong_hop"
    one.reports["huoi-luong"].refresh_from_db()
    one.reports["mu-sang"].refresh_from_db()
    assert one.reports["huoi-luong"].state == ReportState.MERGED
    assert one.reports["mu-sang"].state == ReportState.SENT
    assert one.merged.state == ReportState.DRAFT


def test_what_is_missing_is_kept_by_name(one: Merge) -> None:
    one.build()
    made = one.mergings.get()

    assert [gap["sentence"] for gap in made.findings["gaps"]] == [
        "Xã Mù Sang đã gửi báo cáo nhưng chưa được nhận",
        "Xã Huổi Luông không trả lời «Ket qua»",
    ]
    key = "poor_and_near_poor_hh.2023"
    assert made.uncovered[key] == [one.world.unit("mu-sang").pk]
    assert (made.findings["reported"], made.findings["expected"]) == (2, 3)


def test_words_stand_under_their_question_and_equal_ones_once(one: Merge) -> None:
    one.build()

    assert one.answer("kho-khan").text == "Xã Dào San, xã Huổi Luông: Không có."
    lines = one.answer("ket-qua").text.split("\n")
    assert lines[-1] == "Xã Dào San: Bản Hợp 1 có 5 hộ tự nguyện thoát nghèo."
    assert lines[0].startswith("Poor") is False
    assert any("700 hộ (số sơ bộ); số liệu cộng từ 2/3 đơn vị" in line for line in lines)
    assert not one.merged.answers.filter(item=one.items["kien-nghi"]).exclude(text="").exists()


def test_merging_again_takes_in_what_has_come_and_keeps_what_was_edited(one: Merge) -> None:
    one.build()
    Answer.objects.filter(pk=one.answer("kho-khan").pk).update(text="Các xã không nêu khó khăn.")
    Report.objects.filter(pk=one.reports["mu-sang"].pk).update(state=ReportState.ACCEPTED)

    one.build()

    poor = one.merged.figures.get(item=one.items["poor_and_near_poor_hh"])
    assert (poor.amount, poor.reported, poor.expected) == (Decimal(750), 3, 3)
    assert one.answer("kho-khan").text == "Các xã không nêu khó khăn."
    assert one.mergings.count() == 2


def test_an_accepted_correction_counts_and_both_figures_are_named(one: Merge) -> None:
    figure = one.reports["dao-san"].figures.get(item=one.items["poor_and_near_poor_hh"])
    Correction.objects.create(
        figure=figure, state=CorrectionState.ACCEPTED, old_amount=300, new_amount=310, old_stage="so_bo",
        new_stage="chinh_thuc",
    )  # fmt: skip

    one.build()

    poor = one.merged.figures.get(item=one.items["poor_and_near_poor_hh"])
    rate = one.merged.figures.get(item=one.items["multidim_poverty_rate"])
    found = one.mergings.get().findings["contradictions"]
    assert (poor.amount, poor.stage, rate.numerator) == (Decimal(710), "so_bo", Decimal(710))
    assert [row["sentence"] for row in found] == [
        "Xã Dào San có hai số «Số hộ nghèo và hộ cận nghèo»: 300 (sơ bộ) và 310 (chính thức); lấy 310 "
        "(chính thức)"
    ]


def test_what_the_system_says_is_held_against_the_sum(one: Merge) -> None:
    figures.give("poor_and_near_poor_hh", one.world.unit("phong-tho"), 2023, 600, stage="so_bo")

    one.build()

    found = one.mergings.get().findings["contradictions"]
    assert [row["sentence"] for row in found] == [
        "«Số hộ nghèo và hộ cận nghèo»: cộng từ báo cáo là 700 hộ, số đã công bố ghi 600 hộ, chênh 100 hộ"
    ]


def test_a_piece_is_left_out_only_with_a_reason_and_stays_to_be_seen(one: Merge) -> None:
    ref = f"t{one.reports['dao-san'].pk}.ket-qua"
    actor = one.world.acting("thuong-truc")
    with pytest.raises(RuleNotMet, match="chưa ghi lý do"):
        merging.decide(one.merged, ref, PieceDecision.LEFT, actor=actor, now=NOW)
    merging.decide(one.merged, ref, PieceDecision.LEFT, reason="đã nêu ở năm trước", actor=actor, now=NOW)

    one.build()

    text = one.answer("ket-qua").text
    assert "Bản Hợp 1" not in text
    found = lower_reports.merged_from(one.merged, on=actor.on)
    gathered = next(row for row in found.answers if row.question.key == "ket-qua")
    [piece] = merging.settled(gathered, merging.choices_of(one.merged))
    assert (merging.placed(piece, text), piece.reason) == (Place.LEFT, "đã nêu ở năm trước")


def test_an_edited_piece_goes_in_as_edited(one: Merge) -> None:
    ref = f"t{one.reports['dao-san'].pk}.ket-qua"
    merging.decide(
        one.merged, ref, PieceDecision.EDITED, words="Có 5 hộ thoát nghèo.",
        actor=one.world.acting("thuong-truc"), now=NOW,
    )  # fmt: skip

    one.build()

    assert one.answer("ket-qua").text.split("\n")[-1] == "Xã Dào San: Có 5 hộ thoát nghèo."


def test_only_who_writes_the_merged_report_merges_and_only_before_it_is_sent(one: Merge) -> None:
    for username in ("huoi-luong", "nguoi-xem", "nguoi-la"):
        with pytest.raises(NotAllowed):
            one.build(username)
    Report.objects.filter(pk=one.merged.pk).update(
        state=ReportState.SENT, sent_at=NOW, first_sent_on=date(2023, 11, 15)
    )
    one.merged.refresh_from_db()
    with pytest.raises(RuleNotMet, match="Rút báo cáo về"):
        one.build()
    with pytest.raises(RuleNotMet, match="không phải báo cáo tổng hợp"):
        merging.build(one.reports["dao-san"], actor=one.world.acting("dao-san"), now=NOW)
