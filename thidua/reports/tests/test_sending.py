"""A unit fills in its report and sends it; the receiver accepts, returns, unlocks; figures stay as sent."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from thidua.audit.models import Entry
from thidua.core.errors import ChangedMeanwhile, NotAllowed, RuleNotMet
from thidua.indicators.tests.figure_world import FigureWorld, figure_world
from thidua.movements.models import Plan, TaskNote
from thidua.movements.tests.makers import at, make_task, phong_tho_plan
from thidua.notices.models import Notice
from thidua.organisations.models import Role
from thidua.organisations.tests.world import make_person
from thidua.reports import correcting, filling, prefill, sending
from thidua.reports.filling import WrittenFigure, WrittenReport
from thidua.reports.models import (
    Correction,
    FigureOrigin,
    FormSection,
    Report,
    ReportForm,
    ReportState,
    Round,
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

pytestmark = [pytest.mark.django_db, pytest.mark.database]

NOW = at(date(2023, 11, 5))


class Asked:
    """Phong Thổ's yearly round of 2023: two counts, their rate, one question, the tasks, files."""

    def __init__(self) -> None:
        self.figures: FigureWorld = figure_world()
        self.world = self.figures.world
        self.plan: Plan = phong_tho_plan(self.world)
        self.form: ReportForm = make_form(self.world.unit("phong-ldtbxh"))
        indicators, standard = self.figures.indicators, self.figures.standard
        self.poor = ask_figure(self.form, indicators["poor_hh"], standard=standard)
        self.total = ask_figure(self.form, indicators["total_households"], standard=standard)
        self.rate = ask_figure(self.form, indicators["poor_hh_rate"], standard=standard, is_required=False)
        self.question = ask(self.form, "ket-qua")
        self.tasks = ask(
            self.form,
            "nhiem-vu",
            FormSection.TASKS,
            title="Kết quả thực hiện nhiệm vụ được giao",
            is_required=False,
        )
        self.round: Round = make_round(self.plan, self.form)
        self.report: Report = make_report(self.round, self.world.unit("huoi-luong"))
        self.officer = self.world.acting("huoi-luong")
        self.standing = self.world.acting("thuong-truc")

    def written(self, **changes: object) -> WrittenReport:
        return WrittenReport(
            figures={
                self.poor.pk: WrittenFigure(Decimal(120), **changes),  # type: ignore[arg-type]
                self.total.pk: WrittenFigure(Decimal(1000)),
            },
            answers={self.question.pk: "Đã làm nhà cho 12 hộ."},
        )

    def sent(self) -> Report:
        filling.save(self.report, self.written(explanation="Đã rà soát"), actor=self.officer, now=NOW)
        sending.send(self.report, actor=self.officer, now=NOW)
        return self.report

    def accepted(self) -> Report:
        self.sent()
        sending.accept(self.report, actor=self.standing, now=NOW)
        return self.report


@pytest.fixture
def asked() -> Asked:
    return Asked()


def test_known_figures_stand_in_the_report_with_their_stage_and_source(asked: Asked) -> None:
    value = asked.figures.give("poor_hh", "huoi-luong", 118, stage="so_bo")

    filling.start(asked.report, actor=asked.officer, now=NOW)

    poor = asked.report.figures.get(item=asked.poor)
    assert (poor.amount, poor.stage, poor.origin, poor.value_id) == (
        Decimal(118),
        "so_bo",
        FigureOrigin.SYSTEM,
        value.pk,
    )
    total = asked.report.figures.get(item=asked.total)
    assert (total.amount, total.is_known) == (None, False)
    assert asked.report.figures.get(item=asked.rate).amount is None
    asked.report.refresh_from_db()
    assert asked.report.state == ReportState.NOT_SENT


def test_share_is_computed_from_the_two_counts_as_they_are_written(asked: Asked) -> None:
    filling.save(asked.report, asked.written(), actor=asked.officer, now=NOW)

    rate = asked.report.figures.get(item=asked.rate)
    assert (rate.amount, rate.numerator, rate.denominator) == (
        Decimal("12.0000"),
        Decimal(120),
        Decimal(1000),
    )


def test_typed_figure_is_not_overwritten_when_filled_again(asked: Asked) -> None:
    filling.save(asked.report, asked.written(), actor=asked.officer, now=NOW)
    asked.figures.give("poor_hh", "huoi-luong", 118)

    prefill.prefill(asked.report, now=NOW)

    poor = asked.report.figures.get(item=asked.poor)
    assert (poor.amount, poor.origin) == (Decimal(120), FigureOrigin.TYPED)


def test_tasks_of_the_unit_stand_in_the_report_with_the_last_words(asked: Asked) -> None:
    task = make_task(
        asked.plan, asked.world.unit("huoi-luong"), title="Xóa nhà tạm", state="dang_lam", percent=60
    )
    TaskNote.objects.create(task=task, text="Đã xong 6 nhà", percent=60, written_at=at(date(2023, 10, 1)))
    make_task(asked.plan, asked.world.unit("dao-san"), title="Việc của xã khác")

    filling.start(asked.report, actor=asked.officer, now=NOW)

    [row] = asked.report.task_results.all()
    assert (row.task, row.percent, row.text) == (task, 60, "Đã xong 6 nhà")
    assert row.trace == [{"from": "ghi nhận tiến độ", "count": 1}]


def test_report_with_gaps_is_not_sent_and_says_which(asked: Asked) -> None:
    filling.save(asked.report, WrittenReport(), actor=asked.officer, now=NOW)

    with pytest.raises(RuleNotMet) as refusal:
        sending.send(asked.report, actor=asked.officer, now=NOW)

    assert "còn 3 chỗ chưa xong" in str(refusal.value.message)
    assert asked.report.state == ReportState.DRAFT


def test_missing_figure_is_sent_with_a_reason_and_is_not_zero(asked: Asked) -> None:
    written = WrittenReport(
        figures={
            asked.poor.pk: WrittenFigure(missing_reason="Chưa rà soát xong"),
            asked.total.pk: WrittenFigure(Decimal(1000)),
        },
        answers={asked.question.pk: "Đang làm."},
    )
    filling.save(asked.report, written, actor=asked.officer, now=NOW)

    sending.send(asked.report, actor=asked.officer, now=NOW)

    assert asked.report.figures.get(item=asked.poor).counted is None
    assert asked.report.figures.get(item=asked.rate).amount is None


def test_difference_to_the_last_round_beyond_the_threshold_needs_an_explanation(asked: Asked) -> None:
    asked.figures.give("poor_hh", "huoi-luong", 200, year=2022)
    filling.start(asked.report, actor=asked.officer, now=NOW)
    filling.save(asked.report, asked.written(), actor=asked.officer, now=NOW)

    with pytest.raises(RuleNotMet, match="khác kỳ trước quá 20 %"):
        sending.send(asked.report, actor=asked.officer, now=NOW)
    filling.save(asked.report, asked.written(explanation="Thoát nghèo 80 hộ"), actor=asked.officer, now=NOW)
    sending.send(asked.report, actor=asked.officer, now=NOW)

    assert asked.report.state == ReportState.SENT


def test_two_people_of_a_unit_do_not_overwrite_each_other(asked: Asked) -> None:
    filling.save(asked.report, asked.written(), edition=1, actor=asked.officer, now=NOW)
    other = Report.objects.get(pk=asked.report.pk)
    filling.save(asked.report, asked.written(), edition=2, actor=asked.officer, now=NOW)

    with pytest.raises(ChangedMeanwhile, match="người khác"):
        filling.save(other, asked.written(), edition=2, actor=asked.officer, now=NOW)


def test_sending_freezes_what_was_written(asked: Asked) -> None:
    asked.sent()

    frozen = asked.report.frozen

    assert frozen is not None
    assert frozen.number == 1
    assert {one["item"]: one["amount"] for one in frozen.facts["figures"]} == {
        asked.poor.key: "120.0000",
        asked.total.key: "1000.0000",
        asked.rate.key: "12.0000",
    }
    assert [one["text"] for one in frozen.facts["answers"]] == ["Đã làm nhà cho 12 hộ."]
    assert asked.report.first_sent_on == date(2023, 11, 5)
    assert list(Notice.objects.values_list("unit__key", "kind")) == [("phong-ldtbxh", "report.sent")]


def test_recalled_report_is_written_again_and_keeps_the_day_it_first_came(asked: Asked) -> None:
    asked.sent()

    sending.recall(asked.report, actor=asked.officer, now=at(date(2023, 11, 6)))
    filling.save(asked.report, asked.written(), actor=asked.officer, now=at(date(2023, 11, 6)))
    sending.send(asked.report, actor=asked.officer, now=at(date(2023, 11, 12)))

    asked.report.refresh_from_db()
    assert asked.report.first_sent_on == date(2023, 11, 5)
    assert asked.report.submissions.count() == 2


def test_returned_report_shows_reason_and_marked_places_until_it_is_sent_again(asked: Asked) -> None:
    asked.sent()

    sending.send_back(
        asked.report,
        reason="Số hộ nghèo chưa khớp",
        marks={asked.poor: "Tháng trước là 118", asked.question: " "},
        actor=asked.standing,
        now=NOW,
    )

    assert [(mark.item, mark.remark) for mark in asked.report.marks.all()] == [
        (asked.poor, "Tháng trước là 118")
    ]
    assert asked.report.returned_reason == "Số hộ nghèo chưa khớp"
    filling.save(asked.report, asked.written(), actor=asked.officer, now=NOW)
    sending.send(asked.report, actor=asked.officer, now=NOW)
    assert asked.report.marks.filter(settled_at__isnull=True).count() == 0


def test_accepted_report_is_locked(asked: Asked) -> None:
    asked.accepted()

    with pytest.raises(RuleNotMet, match="mở khóa"):
        filling.save(asked.report, asked.written(), actor=asked.officer, now=NOW)
    with pytest.raises(RuleNotMet):
        sending.recall(asked.report, actor=asked.officer, now=NOW)


def test_unlock_opens_only_its_parts_once_and_until_its_end(asked: Asked) -> None:
    asked.accepted()
    until = NOW + timedelta(days=2)
    change = WrittenReport(figures={asked.poor.pk: WrittenFigure(Decimal(119))})
    other = WrittenReport(answers={asked.question.pk: "Khác"})

    with pytest.raises(RuleNotMet, match="chưa ghi lý do"):
        sending.unlock(
            asked.report, items=[asked.poor], until=until, reason="", actor=asked.standing, now=NOW
        )
    with pytest.raises(NotAllowed):
        sending.unlock(
            asked.report, items=[asked.poor], until=until, reason="Sai", actor=asked.officer, now=NOW
        )
    sending.unlock(
        asked.report, items=[asked.poor], until=until, reason="Nhập nhầm", actor=asked.standing, now=NOW
    )
    with pytest.raises(ChangedMeanwhile, match="đang được mở khóa"):
        sending.unlock(
            asked.report, items=[asked.total], until=until, reason="Nữa", actor=asked.standing, now=NOW
        )
    with pytest.raises(RuleNotMet, match="phạm vi"):
        filling.change_unlocked(asked.report, other, actor=asked.officer, now=NOW)
    with pytest.raises(RuleNotMet, match="đã hết"):
        filling.change_unlocked(asked.report, change, actor=asked.officer, now=until)
    filling.change_unlocked(asked.report, change, actor=asked.officer, now=NOW)
    with pytest.raises(RuleNotMet, match="đang khóa"):
        filling.change_unlocked(asked.report, change, actor=asked.officer, now=NOW)

    asked.report.refresh_from_db()
    assert asked.report.state == ReportState.ACCEPTED
    assert asked.report.figures.get(item=asked.rate).amount == Decimal("11.9000")
    assert [(one.number, one.is_after_unlock) for one in asked.report.submissions.order_by("number")] == [
        (1, False),
        (2, True),
    ]


def test_round_may_ask_for_the_leaders_hand(asked: Asked) -> None:
    asked.round.leader_sends = True
    asked.round.save()
    asked.report.refresh_from_db()
    filling.save(asked.report, asked.written(), actor=asked.officer, now=NOW)
    chair = make_person("chu-tich", (asked.world.unit("huoi-luong"), Role.LEADER))
    asked.world.people["chu-tich"] = chair

    with pytest.raises(NotAllowed):
        sending.send(asked.report, actor=asked.officer, now=NOW)
    sending.send(asked.report, actor=asked.world.acting("chu-tich"), now=NOW)

    assert asked.report.state == ReportState.SENT


def test_merged_report_waits_for_the_lower_ones_or_names_the_gaps(asked: Asked) -> None:
    asked.accepted()
    make_report(asked.round, asked.world.unit("dao-san"))
    merged = make_merged(asked.round, state=ReportState.DRAFT)
    asked.form.items.update(is_required=False)

    with pytest.raises(RuleNotMet, match="1 báo cáo cấp dưới chưa được nhận: xã Dào San"):
        sending.send(merged, actor=asked.standing, now=NOW)
    sending.send(merged, gaps_named="Chưa có xã Dào San", actor=asked.standing, now=NOW)

    merged.refresh_from_db()
    assert merged.gaps_named == "Chưa có xã Dào San"


# --- later figures ------------------------------------------------------------------------------------


def test_official_figure_is_offered_as_a_correction_and_the_sent_one_stays(asked: Asked) -> None:
    asked.accepted()
    value = asked.figures.give("poor_hh", "huoi-luong", 115, stage="chinh_thuc")
    # Figures of this world are entered at one moment; it came after the report.
    type(value).objects.update(entered_at=at(date(2023, 12, 20)))

    assert correcting.offer(now=at(date(2023, 12, 20))) == 1
    assert correcting.offer(now=at(date(2023, 12, 21))) == 0
    [correction] = Correction.objects.all()
    correcting.accept(correction, actor=asked.officer, now=at(date(2023, 12, 21)))

    poor, rate = asked.report.figures.get(item=asked.poor), asked.report.figures.get(item=asked.rate)
    now = correcting.in_force([poor, rate])
    assert (poor.amount, now[poor.pk].amount, now[poor.pk].stage) == (
        Decimal(120),
        Decimal(115),
        "chinh_thuc",
    )
    assert (rate.amount, now[rate.pk].amount) == (Decimal(12), Decimal("11.5"))
    assert Notice.objects.filter(kind="report.correction", unit__key="huoi-luong").count() == 1


def test_official_figure_that_agrees_is_noted_and_asks_nobody(asked: Asked) -> None:
    asked.accepted()
    value = asked.figures.give("poor_hh", "huoi-luong", 120, stage="chinh_thuc")
    type(value).objects.update(entered_at=at(date(2023, 12, 20)))

    assert correcting.offer(now=at(date(2023, 12, 20))) == 0
    poor = asked.report.figures.get(item=asked.poor)
    assert correcting.in_force([poor])[poor.pk].stage == "chinh_thuc"


def test_accepted_correction_reaches_the_merged_report_by_name(asked: Asked) -> None:
    asked.accepted()
    merged = make_merged(asked.round, state=ReportState.SENT)
    above = make_figure(merged, asked.poor, 500, origin=FigureOrigin.MERGED)
    asked.report.refresh_from_db()
    poor = asked.report.figures.get(item=asked.poor)

    correcting.correct_by_hand(poor, amount=Decimal(110), reason="Cộng sai", actor=asked.officer, now=NOW)
    [offered] = Correction.objects.filter(figure=above)
    correcting.accept(offered, actor=asked.standing, now=NOW)

    assert offered.carried_from is not None
    assert offered.carried_from.figure == poor
    assert offered.reason == "xã Huổi Luông đính chính «Số hộ nghèo»"
    assert correcting.in_force([above])[above.pk].amount == Decimal(490)
    above.refresh_from_db()
    assert above.amount == Decimal(500)


def test_declined_correction_says_why_and_changes_nothing(asked: Asked) -> None:
    asked.accepted()
    value = asked.figures.give("poor_hh", "huoi-luong", 115, stage="chinh_thuc")
    type(value).objects.update(entered_at=at(date(2023, 12, 20)))
    correcting.offer(now=at(date(2023, 12, 20)))
    correction = Correction.objects.get()

    with pytest.raises(RuleNotMet, match="chưa ghi lý do"):
        correcting.decline(correction, reason="", actor=asked.officer, now=NOW)
    correcting.decline(correction, reason="Số này của xã cũ", actor=asked.officer, now=NOW)

    poor = asked.report.figures.get(item=asked.poor)
    assert correcting.in_force([poor])[poor.pk].amount == Decimal(120)
    assert Entry.objects.filter(action="reports.correction.decline").count() == 1
