"""A sheet: scored by the unit, checked by another, verified; who may, and what is refused."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.http import Http404

from thidua.awards.groups import access, publishing, seasons, sheets
from thidua.awards.groups.sheets import Suggested, WrongPoints
from thidua.awards.groups.tests.makers import NOW, SYSTEM, Scoring, leader_of, open_scoring
from thidua.awards.groups.waiting import matters
from thidua.awards.models import ScoreItem, ScoreLine, ScoreSheetState
from thidua.core.errors import ChangedMeanwhile, NotAllowed, RuleNotMet
from thidua.documents.models import StoredFile
from thidua.indicators.models import Value
from thidua.indicators.tests.figure_world import make_indicator
from thidua.notices.due import sources
from thidua.notices.models import Notice
from thidua.organisations.models import Role
from thidua.organisations.tests.world import DAY, make_person, phong_tho

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 minh chung"


@pytest.fixture
def scoring() -> Scoring:
    """Huổi Luông is checked by Mù Sang; Dào San is head, Huổi Luông deputy."""
    return open_scoring(phong_tho(), cross_due=date(2023, 11, 4))


def test_points_outside_the_table_are_refused_by_criterion_and_nothing_is_saved(scoring: Scoring) -> None:
    sheet, own = scoring.sheet("huoi-luong"), scoring.world.acting("huoi-luong")
    points = scoring.points(n1=61, n2="20.125", n3=-1, n4=5)

    with pytest.raises(WrongPoints) as caught:
        sheets.self_score(sheet, points, {}, actor=own, now=NOW)

    assert str(caught.value) == (
        "Chưa lưu được điểm tự chấm: «1 Kinh tế - xã hội»: điểm 61 vượt điểm tối đa 60; "
        "«2 Xây dựng Đảng»: điểm 20,125 có quá hai số lẻ; "
        "«3 Mô hình mới»: điểm -1 không phải số từ 0 trở lên. "
        "Sửa các tiêu chí đó rồi lưu lại."
    )
    assert set(caught.value.by_item) == {scoring.item("1"), scoring.item("2"), scoring.item("3")}
    assert not ScoreLine.objects.filter(self_points__isnull=False).exists()
    foreign = ScoreItem.objects.get(table=scoring.season.table, number="I").pk
    with pytest.raises(RuleNotMet, match="không thuộc bảng của phiếu này"):
        sheets.self_score(sheet, {foreign: Decimal(1)}, {}, actor=own, now=NOW)


def test_sheet_is_sent_with_all_base_points_and_the_evidence_asked_for(scoring: Scoring) -> None:
    sheet, own = scoring.sheet("huoi-luong"), scoring.world.acting("huoi-luong")
    ScoreItem.objects.filter(pk__in=[scoring.item("1"), scoring.item("5")]).update(needs_evidence=True)
    sheets.self_score(sheet, scoring.points(n1=50, n5=2), {}, actor=own, now=NOW)
    with pytest.raises(RuleNotMet, match="chưa chấm 1 tiêu chí: «2 Xây dựng Đảng»"):
        sheets.submit(sheet, actor=own, now=NOW)
    sheets.self_score(sheet, scoring.points(n2=0), {}, actor=own, now=NOW)
    with pytest.raises(RuleNotMet, match="thiếu minh chứng cho 1 tiêu chí: «1 Kinh tế - xã hội»"):
        sheets.submit(sheet, actor=own, now=NOW)

    line = scoring.line("huoi-luong", "1")
    with pytest.raises(RuleNotMet, match="chưa chọn tệp"):
        sheets.add_evidence(line, actor=own, now=NOW)
    with pytest.raises(RuleNotMet, match="đuôi tên tệp"):
        sheets.add_evidence(line, raw=b"khong phai", file_name="a.pdf", actor=own, now=NOW)
    with pytest.raises(NotAllowed):
        sheets.add_evidence(line, words="12/BC-UBND", actor=scoring.world.acting("mu-sang"), now=NOW)
    file = sheets.add_evidence(line, raw=PDF, file_name="Báo cáo.pdf", actor=own, now=NOW)
    paper = sheets.add_evidence(line, words=" 12/BC-UBND ngày 1/11/2023 ", actor=own, now=NOW)
    assert (file.words, paper.words) == ("Báo cáo.pdf", "12/BC-UBND ngày 1/11/2023")
    again = sheets.add_evidence(line, raw=PDF, file_name="Gửi lại.pdf", actor=own, now=NOW)
    said_again = sheets.add_evidence(line, words="12/BC-UBND ngày 1/11/2023", actor=own, now=NOW)
    assert (again, said_again) == (file, paper)
    sheets.remove_evidence(file, actor=own, now=NOW)
    assert not StoredFile.objects.exists()

    sheets.submit(sheet, actor=own, now=NOW)

    assert sheet.state == ScoreSheetState.SELF_SCORED
    told = Notice.objects.get(unit=scoring.world.unit("mu-sang"), text__contains="mời chấm chéo")
    assert told.text.endswith("xã Huổi Luông đã tự chấm, mời chấm chéo, hạn 04/11/2023")
    with pytest.raises(RuleNotMet, match="phiếu đang ở trạng thái «Đã tự chấm»"):
        sheets.add_evidence(scoring.line("huoi-luong", "1"), words="Muộn", actor=own, now=NOW)


def test_judgement_falls_where_the_unit_changes_what_was_judged(scoring: Scoring) -> None:
    sheet = scoring.checked("huoi-luong", n1=50, n2=30)
    sheets.verify(sheet, scoring.points(n1=50, n2=30), {}, actor=SYSTEM, now=NOW)
    sheets.send_back(sheet, reason="Tính lại", actor=SYSTEM, now=NOW)
    sheets.self_score(sheet, scoring.points(n1=45, n2=30), {}, actor=SYSTEM, now=NOW)

    one, two = scoring.line("huoi-luong", "1"), scoring.line("huoi-luong", "2")
    assert (one.cross_points, one.verified_points) == (None, None)
    assert (two.cross_points, two.verified_points) == (Decimal(30), Decimal(30))
    sheets.submit(sheet, actor=SYSTEM, now=NOW)
    with pytest.raises(RuleNotMet, match="chưa có điểm chấm chéo của 1 tiêu chí: «1 Kinh tế - xã hội»"):
        sheets.finish_cross(sheet, actor=SYSTEM, now=NOW)


def test_verified_points_that_differ_need_a_word_why(scoring: Scoring) -> None:
    sheet = scoring.self_scored("huoi-luong", n1=50, n2=30, n3=4)
    sheets.cross_score(sheet, scoring.points(n1=48, n2=30, n3=4), {}, actor=SYSTEM, now=NOW)
    sheets.finish_cross(sheet, actor=SYSTEM, now=NOW)
    with pytest.raises(WrongPoints, match="điểm 50 khác điểm đề nghị 48 mà chưa ghi lý do"):
        sheets.verify(sheet, scoring.points(n1=50), {}, actor=SYSTEM, now=NOW)
    note = {scoring.item("1"): "Báo cáo 12 chứng minh"}
    sheets.verify(sheet, scoring.points(n1=50), note, actor=SYSTEM, now=NOW)
    with pytest.raises(RuleNotMet, match="chưa có điểm thẩm định của 2 tiêu chí"):
        sheets.finish_verifying(sheet, actor=SYSTEM, now=NOW)
    sheets.accept_proposed(sheet, actor=SYSTEM, now=NOW)
    # a bonus that nobody claimed needs no judgement
    sheets.finish_verifying(sheet, actor=SYSTEM, now=NOW)

    total = publishing.totals_of(scoring.season)[sheet.pk]
    assert total.by_self is not None
    assert total.by_cross is not None
    assert total.verified is not None
    found = [one.total for one in (total.by_self, total.by_cross, total.verified)]
    assert found == [Decimal(84), Decimal(82), Decimal(84)]
    assert total.verified.missing == (scoring.item("4"), scoring.item("5"))
    sheets.unverify(sheet, reason="Xem lại", actor=SYSTEM, now=NOW)
    assert sheet.state == ScoreSheetState.CROSS_CHECKED


def test_of_two_who_looked_at_the_same_sheet_the_second_is_told(scoring: Scoring) -> None:
    sheet = scoring.sheet("huoi-luong")
    seen = sheets.revision_of(sheet)
    sheets.self_score(sheet, scoring.points(n1=50), {}, actor=SYSTEM, now=NOW, seen=seen)
    with pytest.raises(ChangedMeanwhile):
        sheets.self_score(sheet, scoring.points(n1=40), {}, actor=SYSTEM, now=NOW, seen=seen)
    assert scoring.line("huoi-luong", "1").self_points == 50


def test_who_checks_and_who_verifies_never_belongs_to_the_unit(scoring: Scoring) -> None:
    world = scoring.world
    sheet = scoring.self_scored("huoi-luong", n1=50, n2=30)
    own, checker = world.acting("huoi-luong"), world.acting("mu-sang")
    for actor in (own, world.acting("dao-san"), world.acting("lanh-dao")):
        with pytest.raises(NotAllowed):
            sheets.cross_score(sheet, scoring.points(n1=50), {}, actor=actor, now=NOW)
    # somebody who works for both
    world.people["ca-hai"] = make_person(
        "ca-hai",
        (world.unit("mu-sang"), Role.UNIT_OFFICER),
        (world.unit("huoi-luong"), Role.LEADER),
        (world.unit("dao-san"), Role.LEADER),
    )
    both = world.acting("ca-hai")
    with pytest.raises(NotAllowed, match="bạn cũng làm việc cho xã Huổi Luông"):
        sheets.cross_score(sheet, scoring.points(n1=50), {}, actor=both, now=NOW)
    sheets.cross_score(sheet, scoring.points(n1=50, n2=30), {}, actor=checker, now=NOW)
    with pytest.raises(NotAllowed, match="bạn cũng làm việc cho xã Huổi Luông"):
        sheets.finish_cross(sheet, actor=world.acting("ca-hai"), now=NOW)
    sheets.finish_cross(sheet, actor=checker, now=NOW)

    head, deputy, owner = (
        leader_of(world, "dao-san"),
        leader_of(world, "huoi-luong"),
        world.acting("lanh-dao"),
    )
    for actor in (deputy, checker, own, both):
        with pytest.raises(NotAllowed):
            sheets.accept_proposed(sheet, actor=actor, now=NOW)
    sheets.accept_proposed(sheet, actor=head, now=NOW)
    sheets.finish_verifying(sheet, actor=owner, now=NOW)
    # the head's own sheet: the deputy or the owner
    heads = scoring.checked("dao-san", n1=50, n2=30)
    with pytest.raises(NotAllowed):
        sheets.accept_proposed(heads, actor=head, now=NOW)
    sheets.accept_proposed(heads, actor=deputy, now=NOW)
    sheets.finish_verifying(heads, actor=owner, now=NOW)


def test_check_that_is_late_may_be_passed_over_with_a_reason(scoring: Scoring) -> None:
    sheet = scoring.self_scored("huoi-luong", n1=50, n2=30)
    head = leader_of(scoring.world, "dao-san")
    scoring.season.cross_due = date(2023, 11, 5)
    seasons.keep_season(scoring.season, actor=SYSTEM, now=NOW)
    sheet = scoring.sheet("huoi-luong")
    with pytest.raises(RuleNotMet, match="hạn chấm chéo là 05/11/2023"):
        sheets.skip_cross(sheet, reason="Chưa chấm", actor=head, now=NOW)
    scoring.season.cross_due = date(2023, 11, 4)
    seasons.keep_season(scoring.season, actor=SYSTEM, now=NOW)
    sheet = scoring.sheet("huoi-luong")
    sheets.skip_cross(sheet, reason="Mù Sang chưa chấm", actor=head, now=NOW)
    sheets.accept_proposed(sheet, actor=head, now=NOW)
    sheets.finish_verifying(sheet, actor=head, now=NOW)
    assert scoring.line("huoi-luong", "1").verified_points == 50


def test_who_checks_sends_back_and_the_unit_recalls_only_what_is_not_checked(scoring: Scoring) -> None:
    world = scoring.world
    own, checker = world.acting("huoi-luong"), world.acting("mu-sang")
    sheet = scoring.self_scored("huoi-luong", n1=50, n2=30)
    sheets.recall(sheet, actor=own, now=NOW)
    sheets.submit(sheet, actor=own, now=NOW)
    sheets.send_back(sheet, reason="Thiếu số liệu", actor=checker, now=NOW)
    assert sheet.state == ScoreSheetState.RETURNED
    told = Notice.objects.filter(unit=world.unit("huoi-luong"), text__contains="trả lại: Thiếu số liệu")
    assert told.count() == 1
    sheets.submit(sheet, actor=own, now=NOW)
    sheets.cross_score(sheet, scoring.points(n1=50, n2=30), {}, actor=checker, now=NOW)
    sheets.finish_cross(sheet, actor=checker, now=NOW)
    with pytest.raises(RuleNotMet, match="trạng thái hiện nay là «Đã chấm chéo»"):
        sheets.recall(sheet, actor=own, now=NOW)
    with pytest.raises(NotAllowed):
        sheets.send_back(sheet, reason="Muộn", actor=checker, now=NOW)


def test_nothing_is_scored_once_the_ranking_is_out(scoring: Scoring) -> None:
    done = scoring.verified("dao-san", n1=50, n2=30)
    open_sheet = scoring.sheet("huoi-luong")
    publishing.publish(scoring.season, actor=SYSTEM, now=NOW)
    acts = (
        lambda: sheets.self_score(open_sheet, scoring.points(n1=1), {}, actor=SYSTEM, now=NOW),
        lambda: sheets.submit(open_sheet, actor=SYSTEM, now=NOW),
        lambda: sheets.unverify(done, reason="Xem lại", actor=SYSTEM, now=NOW),
        lambda: sheets.add_evidence(scoring.line("huoi-luong", "1"), words="A", actor=SYSTEM, now=NOW),
    )
    for act in acts:
        with pytest.raises(RuleNotMet, match="đang ở trạng thái «Đã công bố»"):
            act()


def test_points_are_suggested_by_the_figure_of_the_year_and_an_unknown_one_gives_none(
    scoring: Scoring,
) -> None:
    houses = make_indicator("nha-tam", "Nhà tạm đã xóa", measure="nhà")
    roads = make_indicator("duong-moi", "Đường mới", measure="km")
    for number, indicator in (("1", houses), ("2", roads)):
        ScoreItem.objects.filter(pk=scoring.item(number)).update(indicator=indicator, zero_at=0, full_at=40)
    unit = scoring.world.unit("huoi-luong")
    days = {"since": date(2023, 1, 1), "until": date(2024, 1, 1)}
    Value.objects.create(indicator=houses, unit=unit, amount=30, is_chosen=True, **days)
    sheet = scoring.sheet("huoi-luong")

    assert sheets.suggestions_from_figures(sheet) == {
        scoring.item("1"): Suggested(Decimal("45.00"), Decimal(30), "Nhà tạm đã xóa năm 2023: 30 nhà")
    }
    assert sheets.suggestions_from_figures(scoring.sheet("mu-sang")) == {}


def test_sheets_of_others_are_seen_by_the_group_only_once_the_ranking_is_out(scoring: Scoring) -> None:
    world = scoring.world
    scoring.verified("huoi-luong", n1=50, n2=30)
    pk = scoring.sheet("huoi-luong").pk
    for username in ("huoi-luong", "mu-sang", "dao-san", "lanh-dao", "nguoi-xem", "tinh"):
        assert access.get_sheet(pk, world.acting(username)).pk == pk
        assert access.get_season(scoring.season.pk, world.acting(username)) == scoring.season
        table = scoring.season.table
        assert access.get_table(table.pk, world.acting(username)) == table
    for username in ("noi-vu", "nguoi-la"):
        assert not access.seasons_seen(world.acting(username)).exists()
        assert not access.tables_seen(world.acting(username)).exists()
    head_pk = scoring.sheet("dao-san").pk  # checked by Huổi Luông
    mu_sang = scoring.world.acting("mu-sang")
    with pytest.raises(Http404):
        access.get_sheet(head_pk, mu_sang)
    publishing.publish(scoring.season, actor=SYSTEM, now=NOW)
    assert access.get_sheet(head_pk, mu_sang).pk == head_pk


def test_each_hears_what_waits_for_them(scoring: Scoring) -> None:
    world = scoring.world
    head, deputy, owner = (
        leader_of(world, "dao-san"),
        leader_of(world, "huoi-luong"),
        world.acting("lanh-dao"),
    )

    def waits(*actors: object) -> list[list[str]]:
        return [[one.act for one in matters(actor)] for actor in actors]  # type: ignore[arg-type]

    mu_sang = world.acting("mu-sang")
    assert waits(mu_sang, owner) == [["Tự chấm, gửi"], []]
    scoring.self_scored("huoi-luong", n1=1, n2=1)
    assert waits(mu_sang, deputy) == [["Chấm chéo", "Tự chấm, gửi"], []]
    scoring.checked("dao-san", n1=1, n2=1)
    assert waits(head, deputy, owner) == [[], ["Thẩm định"], ["Thẩm định"]]
    sheet = scoring.sheet("huoi-luong")
    sheets.skip_cross(sheet, reason="Muộn", actor=SYSTEM, now=NOW)
    assert waits(head, deputy, owner) == [["Thẩm định"], ["Thẩm định"], ["Thẩm định"]]
    assert matters(owner)[0].title == f"2 phiếu chấm điểm chờ thẩm định: {scoring.season}"
    for key in ("dao-san", "huoi-luong"):
        one = scoring.sheet(key)
        sheets.accept_proposed(one, actor=SYSTEM, now=NOW)
        sheets.finish_verifying(one, actor=SYSTEM, now=NOW)
    assert waits(owner) == [[]]
    scoring.verified("mu-sang", n1=1, n2=1)
    assert waits(head, mu_sang, owner) == [
        ["Xem xếp hạng, công bố"],
        [],
        ["Xem xếp hạng, công bố"],
    ]


def test_each_step_falls_due_for_who_owes_it(scoring: Scoring) -> None:
    season = scoring.season
    days = [date(2023, 11, 10), date(2023, 11, 20), date(2023, 11, 30)]
    season.self_due, season.cross_due, season.verify_due = days
    seasons.keep_season(season, actor=SYSTEM, now=NOW)
    scoring.self_scored("huoi-luong", n1=1, n2=1)
    scoring.checked("dao-san", n1=1, n2=1)
    known = {source.name: source for source in sources()}

    found = {
        name: [(one.unit_id, one.due_on) for one in known[name].find(days, DAY)]
        for name in ("group_self_scores", "group_cross_checks", "group_verifications")
    }

    unit = scoring.world.unit
    assert found == {
        "group_self_scores": [(unit("mu-sang").pk, days[0])],
        "group_cross_checks": [(unit("mu-sang").pk, days[1])],  # checks Huổi Luông
        "group_verifications": [(unit("huoi-luong").pk, days[2])],  # the deputy, of the head's own
    }
    done = str(scoring.sheet("dao-san").pk)
    assert known["group_self_scores"].still([done], DAY) == {}
