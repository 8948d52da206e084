"""The law of commendation as it is read: with its articles, by the right day, and never guessed."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from thidua.criteria import award_law, lawbook
from thidua.criteria.award_law import Effect, Matter
from thidua.criteria.lawbook import NotInLawbook
from thidua.criteria.quotas import Denominator, EarlierWinners, QuotaRule, Rounding
from thidua.criteria.terms import Term, TermUnit

E1, E2, E3 = date(2023, 6, 1), date(2024, 6, 1), date(2025, 12, 20)


def test_eras_follow_each_other_without_a_gap() -> None:
    found = award_law.eras()

    assert [era.code for era in found] == ["E1", "E2", "E3"]
    assert [era.until for era in found] == [date(2024, 1, 1), date(2025, 7, 1), None]
    assert all(era.confirmed for era in found)


def test_bonus_tells_its_steps_and_what_nobody_has_read() -> None:
    found = award_law.bonus("giay-khen", "collective", E3)

    assert found.steps == "0,3 × 2 × 2.340.000 = 1.404.000, làm tròn lên 1.410.000 đồng"
    assert "Nghị định số 73/2024/NĐ-CP" in found.citations
    assert [source.key for source in found.unconfirmed] == [
        "award.bonus.coefficient.giay-khen",
        "award.bonus.multiplier.collective.giay-khen",
    ]


def test_ceiling_is_no_bonus() -> None:
    assert award_law.bonus_ceiling("ky-niem-chuong", E3) == 1_404_000
    with pytest.raises(NotInLawbook, match=r"chưa có mức|không có hệ số tiền thưởng"):
        award_law.bonus("ky-niem-chuong", "individual", E3)


def test_unknown_form_offers_the_nearest() -> None:
    with pytest.raises(
        NotInLawbook, match=r"không có hình thức khen thưởng «giay-ken»; có phải «giay-khen» không\?"
    ):
        award_law.form("giay-ken", E3)


def test_known_form_on_an_unknown_day_says_the_day() -> None:
    with pytest.raises(NotInLawbook, match=r"«Xã, phường.* tiêu biểu» cho ngày 01/06/2023"):
        award_law.form("xa-tieu-bieu", E1)


def test_form_tells_to_whom_it_may_be_given() -> None:
    certificate = award_law.form("giay-khen", E3)
    order = award_law.form("huan-chuong-lao-dong-hang-ba", E3)

    assert (certificate.subjects, certificate.subjects_confirmed) == (
        ("individual", "collective", "household"),
        True,
    )
    assert order.subjects is not None
    assert ("household" in order.subjects, order.subjects_confirmed) == (False, False)
    assert award_law.form("giay-khen", E1).subjects is None


def test_types_lose_and_gain_nothing_between_eras_but_their_subjects() -> None:
    old, new = award_law.commendation_type("movement", E1), award_law.commendation_type("movement", E3)

    assert (old.name, old.subjects) == ("theo đợt (hoặc chuyên đề)", None)
    assert new.subjects == ("individual", "collective", "household")
    assert {one.code for one in award_law.types(E1)} < {one.code for one in award_law.types(E3)}


def test_unconfirmed_principle_warns_and_does_not_block() -> None:
    found = {one.code: one for one in award_law.principles(E3)}

    assert sorted(found) == [f"p{number:02}" for number in range(1, 16)]
    assert (found["p07"].effect, found["p07"].applies) == (Effect.BLOCK, Effect.BLOCK)
    assert (found["p05"].applies, found["p14"].applies) == (Effect.REASON, Effect.WARN)
    assert all(
        one.applies not in (Effect.BLOCK, Effect.REASON) for one in found.values() if not one.confirmed
    )


def test_principle_of_the_decree_names_both_decrees_after_the_change() -> None:
    before = next(one for one in award_law.principles(E2) if one.code == "p09")
    after = next(one for one in award_law.principles(E3) if one.code == "p09")

    assert before.citation == "Điều 4 Nghị định số 98/2023/NĐ-CP"
    assert after.citation == "Điều 4 Nghị định số 98/2023/NĐ-CP; nay là Điều 4 Nghị định số 152/2025/NĐ-CP"
    assert after.confirmed


def test_holds_stop_submitting_and_signing_and_are_unknown_before_2024() -> None:
    assert all(hold.stops_submitting and hold.stops_signing for hold in award_law.holds(E3))
    assert {hold.code for hold in award_law.holds(E3)} >= {"discipline", "complaint", "inspection"}
    with pytest.raises(NotInLawbook, match=r"chưa có «award.hold» nào cho ngày 01/06/2023"):
        award_law.holds(E1)


def test_posting_is_asked_for_orders_not_for_certificates() -> None:
    order = award_law.posting("huan-chuong-lao-dong-hang-ba", E3)
    title = award_law.posting("chien-si-thi-dua-toan-quoc", E3)
    certificate = award_law.posting("giay-khen", E3)

    assert (order.is_needed, order.term) == (True, Term(10, TermUnit.WORKING_DAYS))
    assert (title.is_needed, certificate.is_needed) == (None, False)
    assert award_law.posting("huan-chuong-lao-dong-hang-ba", E1).term is None


def test_council_waits_for_the_whole_posting() -> None:
    found = award_law.earliest_council_day("huan-chuong-lao-dong-hang-ba", date(2025, 4, 21))

    assert found is not None
    assert (found.day, found.is_calendar_known) == (date(2025, 5, 8), True)
    assert award_law.earliest_council_day("giay-khen", date(2025, 4, 21)) is None
    assert award_law.earliest_council_day("huan-chuong-lao-dong-hang-ba", date(2023, 4, 21)) is None


def test_due_day_of_a_step() -> None:
    found = award_law.due_day("giay-khen-xa", date(2025, 11, 3))

    assert found is not None
    assert found.day == date(2025, 11, 17)


def test_vote_by_form_by_kind_and_by_own_rules() -> None:
    title = award_law.vote_threshold("chien-si-thi-dua-bo-tinh", E1)
    order = award_law.vote_threshold("huan-chuong-lao-dong-hang-nhi", E3)
    certificate = award_law.vote_threshold("bang-khen-bo-tinh", E3)

    assert (title.share, title.of_all_members, title.is_secret, title.confirmed) == (
        Fraction(9, 10),
        True,
        True,
        True,
    )
    assert (order.share, order.confirmed) == (Fraction(4, 5), False)
    assert (certificate.is_set_by_council, certificate.confirmed) == (True, False)


def test_council_of_the_centre_and_of_the_province() -> None:
    centre, province = award_law.council_rules("trung-uong", E3), award_law.council_rules("tinh", E2)

    assert (centre.quorum, centre.quorum_of_all) == (Fraction(2, 3), True)
    assert (province.vice_chairs_at_most, province.standing_vice, province.confirmed) == (
        4,
        "Giám đốc Sở Nội vụ",
        True,
    )
    assert award_law.council_rules("tinh", E1).vice_chairs_at_least == 3
    with pytest.raises(NotInLawbook, match="chưa có hội đồng cấp «Hội đồng cấp huyện» cho ngày 20/12/2025"):
        award_law.council_rules("huyen", E3)


def test_movement_route_to_the_order_needs_five_years() -> None:
    found = {one.code: one for one in award_law.standards("huan-chuong-lao-dong-hang-ba", E3)}

    assert found["movement"].figures["movement_years_at_least"] == 5
    assert (found["movement"].confirmed, found["movement-others"].confirmed) == (True, False)
    assert found["merit"].figures["holds"] == "bang-khen-thu-tuong"
    assert award_law.waiting_years("huan-chuong-merit", E3) == 5
    assert award_law.waiting_years("huan-chuong-movement", E3) is None


def test_order_of_forms() -> None:
    assert award_law.is_higher("bang-khen-thu-tuong", "giay-khen", E3)
    assert not award_law.is_higher("giay-khen-xa", "giay-khen", E3)


def test_route_of_the_state_and_the_general_one() -> None:
    assert award_law.route("huan-chuong-lao-dong-hang-ba", E3).submitted_through == "thu-tuong"
    assert award_law.route("giay-khen", E3).submitted_by == ()


def test_consultation() -> None:
    assert award_law.consultation("bang-khen-thu-tuong", E3).is_needed
    assert award_law.consultation("huan-chuong-lao-dong-hang-ba", E3).matters
    assert not award_law.consultation("giay-khen", E3).is_needed


def test_templates_are_renumbered_and_the_newest_are_not_known() -> None:
    assert award_law.template("report-movement", E1).number == "07"
    assert award_law.template("report-individual", E2).number == "03"
    with pytest.raises(NotInLawbook):
        award_law.template("report-individual", E3)


@pytest.mark.parametrize(
    ("matter", "expected"),
    [
        (Matter.BONUS, date(2025, 7, 2)),
        (Matter.AUTHORITY, date(2025, 7, 2)),
        (Matter.STANDARD, date(2025, 7, 2)),
        (Matter.DOSSIER, date(2025, 6, 20)),
        (Matter.PROCEDURE, date(2025, 6, 27)),
    ],
)
def test_each_matter_has_its_day(matter: Matter, expected: date) -> None:
    found = award_law.governing_day(
        matter,
        submitted_on=date(2025, 6, 20),
        acted_on=date(2025, 6, 27),
        decided_on=date(2025, 7, 2),
        today=date(2025, 8, 1),
    )

    assert found.on == expected


def test_day_that_is_still_to_come_is_today() -> None:
    found = award_law.governing_day(Matter.BONUS, submitted_on=date(2025, 6, 20), today=date(2025, 7, 3))

    assert (found.on, found.by, found.confirmed) == (date(2025, 7, 3), "decision", True)


def test_crossing_a_change_of_law_is_told() -> None:
    found = award_law.crossing(submitted_on=date(2025, 6, 30), decided_on=date(2025, 7, 1))

    assert found is not None
    assert found.warning == (
        "Hồ sơ trình theo Nghị định số 98/2023/NĐ-CP, quyết định theo Nghị định số 152/2025/NĐ-CP: "
        "xem khoản 3 Điều 60 Nghị định số 152/2025/NĐ-CP, chưa đối chiếu văn bản gốc"
    )
    assert award_law.crossing(submitted_on=date(2025, 7, 1), decided_on=date(2025, 12, 1)) is None


def test_quotas_of_a_round_become_rules_once_somebody_says_how_to_round() -> None:
    then = date(2019, 10, 1)
    found = {one.subject: one for one in award_law.allotments("nong-thon-moi", then)}

    rule = found["xã"].rule(rounding=Rounding.DOWN)
    assert rule == QuotaRule(
        share=Fraction(1, 20),
        denominator=Denominator.QUALIFIED,
        rounding=Rounding.DOWN,
        must_qualify=True,
        earlier_winners=EarlierWinners.LEAVE_CANDIDATES,
    )
    assert found["xã khó khăn"].rule(rounding=Rounding.DOWN) is None
    assert not any(one.source.confirmed for one in found.values())
    with pytest.raises(NotInLawbook, match="chưa có phân bổ .* cho ngày 01/06/2023"):
        award_law.allotments("nong-thon-moi", E1)


def test_certificate_roles_statistics_and_words() -> None:
    size = award_law.certificate_size("bang-khen-bo-tinh", E3)

    assert (size.width, size.height, size.signature, size.confirmed) == (400, 300, 35, False)
    assert award_law.certificate_layout(E3).items[0] == "Quốc hiệu và tiêu ngữ"
    assert len(award_law.revocation_grounds(E3).items) == 4
    assert "signer" in {role.code for role in award_law.roles(E3)}
    assert len(award_law.statistics_forms(E2).items) == 5
    assert not award_law.statistics_forms(E3).confirmed
    assert {one.code for one in award_law.rules("bonus.rule", E1)} == {
        "base-salary",
        "order",
        "ladder",
        "several",
    }


def test_papers_a_firm_adds() -> None:
    found = award_law.enterprise_papers(E3)

    assert [paper.code for paper in found.papers] == ["tuan-thu-doanh-nghiep", "kiem-toan-doanh-nghiep"]
    assert not found.confirmed


def test_whatever_is_not_confirmed_says_why() -> None:
    silent = [
        f"{parameter.file}:{parameter.line} {parameter.key}"
        for history in lawbook.book().histories.values()
        for parameter in history
        if parameter.key.startswith(("award.", "pay.")) and not parameter.confirmed and not parameter.note
    ]

    assert silent == []


@pytest.mark.parametrize("on", [E1, E2, E3])
def test_every_form_of_an_era_has_somebody_who_decides(on: date) -> None:
    nobody = []
    for form in award_law.forms(on):
        try:
            award_law.authority(form.code, on)
        except NotInLawbook:
            nobody.append(form.code)

    # Of the medals of ministries it was not read who decides.
    assert nobody == ([] if on == E1 else ["ky-niem-chuong"])
