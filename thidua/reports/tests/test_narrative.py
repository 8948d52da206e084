"""Drafted sentences: exact words, unknown as unknown, traces that survive editing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from thidua.reports import narrative
from thidua.reports.narrative import (
    ActivitiesFact,
    Aim,
    Before,
    Fact,
    FigureFact,
    LateTaskFact,
    PieceFact,
    PlanFact,
    RegistrationsFact,
    Sentence,
    SuccessorFact,
    TasksFact,
    UnitsFact,
    draft,
    follow,
    sentence,
)

RATE = FigureFact(
    "ty_le",
    "Tỷ lệ hộ nghèo đa chiều",
    Decimal("37.9"),
    period="năm 2023",
    is_rate=True,
    stage="so_bo",
    before=Before(Decimal("43.8"), "năm 2022"),
    aim=Aim("giảm 6–7 điểm phần trăm/năm", "behind", "/chi-tieu/1/"),
    address="/so-lieu/5/",
    source="báo cáo của 17 xã",
)
COUNT = FigureFact("ho", "Số hộ nghèo", Decimal(12855), "hộ", "năm 2022", stage="chinh_thuc")


@pytest.mark.parametrize(
    ("fact", "text"),
    [
        (
            RATE,
            "Tỷ lệ hộ nghèo đa chiều năm 2023 là 37,90% (số sơ bộ), giảm 5,90 điểm phần trăm so với năm "
            "2022, "
            "chưa đạt chỉ tiêu kế hoạch (giảm 6–7 điểm phần trăm/năm).",
        ),
        (
            replace(RATE, amount=Decimal(5), numerator=Decimal(12855), denominator=Decimal(257085),
                    count_unit="hộ", stage="", before=None, aim=None),
            "Tỷ lệ hộ nghèo đa chiều năm 2023 là 5,00% (12.855/257.085 hộ).",
        ),
        (
            replace(RATE, numerator=Decimal(379), denominator=Decimal(1000), before=None, aim=None),
            "Tỷ lệ hộ nghèo đa chiều năm 2023 là 37,90% (số sơ bộ, 379/1.000).",
        ),
        (
            replace(RATE, before=Before(Decimal("16.33"), "năm 2020", is_other_standard=True), aim=None),
            "Tỷ lệ hộ nghèo đa chiều năm 2023 là 37,90% (số sơ bộ); không so sánh với năm 2020 vì hai năm áp "
            "dụng hai chuẩn khác nhau.",
        ),
        (
            replace(RATE, amount=None, reason="chưa rà soát xong", aim=None),
            "Tỷ lệ hộ nghèo đa chiều năm 2023: chưa có số liệu (chưa rà soát xong).",
        ),
        (
            replace(RATE, before=Before(None, "năm 2022"), aim=Aim("dưới 1,5%", "not_judged")),
            "Tỷ lệ hộ nghèo đa chiều năm 2023 là 37,90% (số sơ bộ); chưa có số liệu năm 2022 để so sánh; "
            "chưa "
            "xác định được mức đạt chỉ tiêu kế hoạch (dưới 1,5%).",
        ),
        (
            replace(COUNT, before=Before(Decimal(13000), "năm 2021", "so_bo"), reported=150, expected=151),
            "Số hộ nghèo năm 2022 là 12.855 hộ, giảm 145 hộ so với năm 2021 (số sơ bộ); số liệu cộng từ "
            "150/151 "
            "đơn vị, các đơn vị còn lại chưa có số.",
        ),
        (
            replace(COUNT, before=Before(Decimal(12855), "năm 2021"), explanation="Không đổi do thiên tai."),
            "Số hộ nghèo năm 2022 là 12.855 hộ, không đổi so với năm 2021. Nguyên nhân: Không đổi do thiên "
            "tai.",
        ),
        (replace(COUNT, amount=None, nothing_arose=True), "Số hộ nghèo năm 2022: không phát sinh."),
        (
            UnitsFact(15, 17, late=1, missing=("xã Mù Sang", "xã Dào San")),
            "Báo cáo này tổng hợp từ báo cáo của 15/17 đơn vị (1 đơn vị gửi sau thời hạn); "
            "chưa có báo cáo của xã Mù Sang, xã Dào San.",
        ),
        (TasksFact(8, 5, going=2, late=1), "Đã hoàn thành 5/8 nhiệm vụ được giao trong kỳ; 2 nhiệm vụ đang "
         "thực hiện; 1 nhiệm vụ quá hạn."),
        (TasksFact(3, 0), "Trong 3 nhiệm vụ được giao trong kỳ, chưa nhiệm vụ nào hoàn thành."),
        (
            LateTaskFact("Rà soát hộ nghèo.", 12, 40),
            "Nhiệm vụ «Rà soát hộ nghèo» quá hạn 12 ngày, tiến độ 40%.",
        ),
        (
            ActivitiesFact("tang_qua", 4, people=120, with_people=3, value=20_000_000, with_value=4),
            "Đã tổ chức 4 lượt tặng quà, hỗ trợ với ít nhất 120 lượt người tham gia (một số hoạt động chưa "
            "ghi "
            "số người), tổng trị giá 20.000.000 đồng.",
        ),
        (
            SuccessorFact("UBND huyện", date(2025, 7, 1), "UBND tỉnh", ("xã Dào San", "xã Phong Thổ")),
            "Từ ngày 01/7/2025, UBND huyện kết thúc hoạt động; báo cáo này do UBND tỉnh lập với tư cách "
            "đơn vị kế thừa, tổng hợp từ báo cáo của các đơn vị kế thừa: xã Dào San, xã Phong Thổ.",
        ),
        (
            replace(COUNT, name="Số xã thoát nghèo, tính từ đầu kỳ", amount=None),
            "Số xã thoát nghèo, tính từ đầu kỳ, năm 2022: chưa có số liệu.",
        ),
        (RegistrationsFact(31, "hộ", "thoát nghèo"), "Có 31 hộ đăng ký thoát nghèo."),
        (PieceFact("kho_khan", "xã Dào San", "Thiếu vốn.", "a"), "Xã Dào San: Thiếu vốn."),
        (
            PlanFact("Kế hoạch số 79/KH-UBND", "Ủy ban nhân dân huyện Phong Thổ"),
            "Thực hiện Kế hoạch số 79/KH-UBND, Ủy ban nhân dân huyện Phong Thổ đã triển khai "
            "phong trào thi đua đến các cơ quan, đơn vị.",
        ),
    ],
)  # fmt: skip
def test_a_fact_becomes_one_sentence(fact: Fact, text: str) -> None:
    assert sentence(fact).text == text


def test_every_figure_in_a_sentence_has_its_trace() -> None:
    found = sentence(RATE)

    assert [(one.key, one.printed, one.address) for one in found.traces] == [
        ("ty_le/amount", "37,90%", "/so-lieu/5/"),
        ("ty_le/change", "5,90 điểm phần trăm", "/so-lieu/5/"),
        ("ty_le/aim", "giảm 6–7 điểm phần trăm/năm", "/chi-tieu/1/"),
    ]
    assert [one.stage for one in found.traces] == ["so_bo", "so_bo", ""]


def test_sections_come_in_the_order_of_a_report_and_none_is_bare() -> None:
    sections = draft(
        [COUNT, PieceFact("kho_khan", "xã Dào San", "Thiếu vốn", "a"), PlanFact("Kế hoạch", "Xã")]
    )

    assert [(one.key, len(one.sentences)) for one in sections] == [
        ("chi_dao", 1),
        ("ket_qua", 1),
        ("kho_khan", 1),
        ("phuong_huong", 0),
        ("kien_nghi", 0),
    ]
    assert all(one.empty for one in sections)


def test_words_asked_for_are_words_provided() -> None:
    """A sentence of the data file that asks for something unknown is found before anybody reads it."""
    kinds = {
        "figure": replace(RATE, numerator=Decimal(1), denominator=Decimal(3), reported=1, expected=2,
                          corrected_from=Decimal(3), explanation="x", reason="y"),
        "units": UnitsFact(1, 2, 1, ("a",)),
        "tasks": TasksFact(1, 1, 1, 1, 1),
        "late_task": LateTaskFact("a", 1, 1),
        "activities": ActivitiesFact("khac", 1, 1, 1, 1, 1),
        "registrations": RegistrationsFact(1, "hộ", "x"),
        "piece": PieceFact("kho_khan", "a", "b", "c"),
        "plan": PlanFact("a", "b"),
        "successor": SuccessorFact("a", date(2025, 7, 1), "b", ("c",)),
    }  # fmt: skip
    for kind, fact in kinds.items():
        said = narrative._SAID[type(fact)](fact)
        assert narrative.placeholders(kind) <= set(said.words), kind


# ---- after editing

FIRST, SECOND, THIRD = sentence(RATE), sentence(COUNT), sentence(TasksFact(8, 5))


def test_untouched_sentences_are_kept_however_they_are_wrapped() -> None:
    text = f"{FIRST.text}\n  {SECOND.text.replace(' là ', chr(10) + 'là ')} {THIRD.text}"

    found = follow([FIRST, SECOND, THIRD], text)

    assert (found.kept, found.changed, found.gone, found.added) == ((FIRST, SECOND, THIRD), (), (), ())
    assert found.warnings == ()


def test_a_changed_figure_in_a_changed_sentence_is_warned_about() -> None:
    text = FIRST.text.replace("5,90", "6,10").replace("chưa đạt", "đạt")

    found = follow([FIRST], text)

    assert [one.printed for one in found.changed[0].lost] == ["5,90 điểm phần trăm"]
    assert found.changed[0].new_numbers == ("6,10",)
    assert len(found.warnings) == 2
    assert "không còn ghi 5,90 điểm phần trăm" in found.warnings[0]
    assert "ghi 6,10, chưa có số liệu nguồn" in found.warnings[1]


def test_better_words_around_the_same_figures_bring_no_warning() -> None:
    text = "Đáng chú ý, " + FIRST.text[0].lower() + FIRST.text[1:]

    found = follow([FIRST], text)

    assert (found.kept, len(found.changed), found.warnings) == ((), 1, ())


def test_dropped_and_added_sentences_are_told_apart() -> None:
    found = follow([FIRST, SECOND], f"{SECOND.text} Huyện đã huy động được 500 triệu đồng ủng hộ Quỹ.")

    assert (found.kept, found.gone) == ((SECOND,), (FIRST,))
    assert found.added == (("Huyện đã huy động được 500 triệu đồng ủng hộ Quỹ.", ("500",)),)


def test_a_figure_that_came_later_makes_the_text_stale() -> None:
    later = sentence(replace(RATE, amount=Decimal("38.2"), stage="chinh_thuc"))

    found = follow([FIRST], FIRST.text, now=[later])

    assert [(one.trace.printed, one.now.printed) for one in found.stale] == [
        ("37,90%", "38,20%"),
        ("5,90 điểm phần trăm", "5,60 điểm phần trăm"),
    ]
    assert found.warnings[0] == ("Tỷ lệ hộ nghèo đa chiều: văn bản ghi 37,90%, số liệu hiện nay là 38,20%.")


def test_sentences_survive_being_kept() -> None:
    bare = Sentence("Không có gì.", "kien_nghi")

    assert narrative.from_json(narrative.as_json([FIRST, bare, SECOND])) == (FIRST, bare, SECOND)
    assert {"text", "from", "address"} <= set(narrative.as_json([FIRST])[0])
    assert narrative.from_json([{"text": "x", "from": "y", "address": "z"}]) == ()
