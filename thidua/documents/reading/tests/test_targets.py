"""Targets: an invented sentence for each way a plan prints a figure, and for figures that are no targets."""

from __future__ import annotations

from typing import Any

import pytest

from thidua.documents.reading.context import Context
from thidua.documents.reading.model import Line, SourceText
from thidua.documents.reading.outline import outline_of
from thidua.documents.reading.targets import find_targets

CONTEXT = Context(issuer_level="ubnd_tinh", province="Hà Nam", period_from=2021, period_to=2025, year=2022)


def targets_in(
    *lines: str, part: str = "CHỈ TIÊU THI ĐUA", context: Context = CONTEXT
) -> list[dict[str, Any]]:
    """The targets of a plan whose second part holds `lines`."""
    text = (
        *(
            "KẾ HOẠCH",
            "Tổ chức phong trào thi đua giai đoạn 2021 - 2025",
            "Ủy ban nhân dân tỉnh ban hành như sau:",
        ),
        *(
            "I. YÊU CẦU",
            "Bảo đảm thiết thực.",
            f"II. {part}",
            *lines,
            "III. TỔ CHỨC THỰC HIỆN",
            "Sở Nội vụ theo dõi./.",
        ),
    )
    numbered = tuple(Line(number, line) for number, line in enumerate(text, 1))
    return find_targets(outline_of(SourceText(lines=numbered, format="txt", sha256="")), context)


def brief(target: dict[str, Any]) -> tuple[Any, ...]:
    value = target["value"] if "value" in target else (target["value_min"], target["value_max"])
    return target["comparator"], value, target["unit"], target.get("per"), target["indicator"]


YEAR, AVERAGE = "year", "year_average"

FIGURES: list[tuple[str, list[tuple[Any, ...]]]] = [
    # levels and changes of rates
    ("Phấn đấu đến năm 2025, tỷ lệ hộ nghèo giảm còn 3%.", [("lte", 3, "pct", None, "poor_hh_rate")]),
    (
        "Giảm tỷ lệ hộ nghèo xuống còn dưới 1,5% so với tổng số hộ.",
        [("lt", 1.5, "pct", None, "poor_hh_rate")],
    ),
    ("Tỷ lệ hộ nghèo: giảm 2%/năm.", [("stated", 2, "pct_point", YEAR, "poor_hh_rate_decrease")]),
    (
        "Giảm tỷ lệ hộ nghèo đa chiều bình quân 1,5 - 2%/năm, riêng vùng đồng "
        "bào dân tộc thiểu số giảm 3 - 4%/năm.",
        [
            ("between", (1.5, 2), "pct_point", AVERAGE, "multidim_poor_hh_rate_decrease"),
            ("between", (3, 4), "pct_point", YEAR, "ethnic_poor_hh_rate_decrease"),
        ],
    ),
    (
        "Phấn đấu giảm tỷ lệ nghèo đa chiều 1 - 1,5 điểm %/năm.",
        [("between", (1, 1.5), "pct_point", YEAR, "multidim_poverty_rate_decrease")],
    ),
    (
        "Hằng năm giảm từ 10% trở lên số hộ nghèo.",
        [("gte", 10, "pct_change", YEAR, "poor_hh_count_decrease")],
    ),
    (
        "Nâng tỷ lệ lao động qua đào tạo từ 55% lên 65%.",
        [("stated", 65, "pct", None, "trained_workers_share")],
    ),
    ("Tỷ lệ che phủ rừng duy trì ổn định ở mức 57%.", [("stated", 57, "pct", None, "forest_cover")]),
    # relative changes
    (
        "Quy mô hộ nghèo và hộ cận nghèo giảm trên 60% so với đầu kỳ.",
        [("gt", 60, "pct_change", None, "poor_and_near_poor_hh_count_decrease")],
    ),
    (
        "Số vụ tai nạn giao thông, số người chết, số người bị thương giảm ít nhất 5% so với năm 2022.",
        [("gte", 5, "pct_change", None, "traffic_accidents_decrease")],
    ),
    (
        "Giảm ít nhất 20% thời gian, 15% chi phí tuân thủ thủ tục hành chính.",
        [
            ("gte", 20, "pct_change", None, "procedures_reduced_share"),
            ("stated", 15, "pct_change", None, "procedures_reduced_share"),
        ],
    ),
    (
        "Tốc độ tăng trưởng kinh tế (GRDP) bình quân đạt 8 - 8,5%/năm.",
        [("between", (8, 8.5), "pct_change", AVERAGE, "grdp_growth")],
    ),
    ("Tiết kiệm 10% chi thường xuyên.", [("stated", 10, "pct", None, "spending_saved_share")]),
    ("Giảm tổng nợ thuế không vượt quá 5% tổng thu.", [("lte", 5, "pct", None, "other")]),
    # comparators
    ("Ít nhất 87% số xã đạt chuẩn nông thôn mới.", [("gte", 87, "pct", None, "communes_ntm_share")]),
    (
        "Có từ 90% trở lên số hộ đạt danh hiệu Gia đình văn hóa.",
        [("gte", 90, "pct", None, "cultural_family_share")],
    ),
    ("Có 70% thôn, bản trở lên đạt chuẩn nông thôn mới.", [("gte", 70, "pct", None, "villages_ntm_share")]),
    ("Không dưới 98% hồ sơ được giải quyết đúng hạn.", [("gte", 98, "pct", None, "files_on_time_share")]),
    ("Phấn đấu đạt và vượt 95% kế hoạch giao.", [("gte", 95, "pct", None, "other")]),
    ("Trên 98% dân số tham gia bảo hiểm y tế.", [("gt", 98, "pct", None, "health_insurance_coverage")]),
    ("Tỷ lệ hồ sơ trễ hạn không quá 2%.", [("lte", 2, "pct", None, "late_files_share")]),
    ("Tỷ lệ thất nghiệp dưới 3%.", [("lt", 3, "pct", None, "other")]),
    (
        "Khoảng 30% số xã đạt chuẩn nông thôn mới nâng cao.",
        [("approx", 30, "pct", None, "communes_ntm_advanced_share")],
    ),
    (
        "Tỷ lệ hồ sơ tiếp nhận trực tuyến đạt 60-70 %.",
        [("between", (60, 70), "pct", None, "online_applications_share")],
    ),
    (
        "Đạt từ 90% đến 95% số trường đạt chuẩn quốc gia.",
        [("between", (90, 95), "pct", None, "national_standard_schools_share")],
    ),
    ("Điểm chất lượng bệnh viện ≥ 3,5 điểm.", [("gte", 3.5, "point", None, "emulation_score")]),
    ("90% chi bộ hoàn thành tốt nhiệm vụ trở lên.", [("stated", 90, "pct", None, "party_cells_good_share")]),
    # counts
    (
        "Có 02 ấp được công nhận ấp nông thôn mới kiểu mẫu.",
        [("stated", 2, "village", None, "villages_ntm_model")],
    ),
    (
        "Có 01 - 02 đơn vị cấp huyện đạt chuẩn nông thôn mới.",
        [("between", (1, 2), "district_unit", None, "district_units_ntm")],
    ),
    (
        "Còn nhiều nhất là 04 xã đạt dưới 15 tiêu chí.",
        [("lte", 4, "commune", None, "communes_below_15_criteria")],
    ),
    ("Không còn xã đạt dưới 15 tiêu chí.", [("lte", 0, "commune", None, "communes_below_15_criteria")]),
    ("Có ít nhất 01 huyện thoát nghèo.", [("gte", 1, "district", None, "poor_districts_escaped")]),
    (
        "Xây dựng mới 250 căn nhà đại đoàn kết và sửa chữa 120 căn nhà cho hộ nghèo.",
        [
            ("stated", 250, "house", None, "houses_newly_built"),
            ("stated", 120, "house", None, "houses_repaired"),
        ],
    ),
    ("Trồng mới 1.000.000 cây xanh.", [("stated", 1000000, "tree", None, "trees_planted")]),
    ("Hoàn thành ít nhất 20 km đường giao thông nông thôn.", [("gte", 20, "km", None, "rural_roads_built")]),
    (
        "Mỗi năm mỗi chi bộ kết nạp từ 01 đến 02 đảng viên mới.",
        [("between", (1, 2), "person", YEAR, "party_members_admitted")],
    ),
    ("Mỗi tổ dân phố xây dựng ít nhất một mô hình văn minh.", [("gte", 1, "model", None, "models_count")]),
    ("Tổ chức ít nhất 10 lớp dạy nghề/năm.", [("gte", 10, "course", YEAR, "courses_held")]),
    (
        "Đoàn viên đóng góp bình quân 02 ngày công/người.",
        [("stated", 2, "workday", "person", "workdays_per_member")],
    ),
    (
        "Trong tổng số 128 xã có 112 xã đạt chuẩn nông thôn mới.",
        [("stated", 112, "commune", None, "communes_ntm")],
    ),
    (
        "Giữ vững 58 xã đã đạt chuẩn nông thôn mới, phấn đấu có thêm 10 xã đạt chuẩn.",
        [("stated", 10, "commune", None, "communes_ntm")],
    ),
    # times, money, ranks
    (
        "Thu nhập bình quân của người dân nông thôn tăng ít nhất 1,5 lần so với năm 2020.",
        [("gte", 1.5, "ratio", None, "rural_income_ratio")],
    ),
    (
        "Thu nhập bình quân đầu người đạt 60 triệu đồng/người/năm.",
        [("stated", 60, "million_vnd", "person", "income_per_capita")],
    ),
    (
        "Thu ngân sách trên địa bàn đạt từ 1.250 tỷ đồng trở lên.",
        [("gte", 1250, "billion_vnd", None, "budget_revenue")],
    ),
    (
        "Vận động đóng góp khoảng 2.989,5 triệu đồng.",
        [("approx", 2989.5, "million_vnd", None, "fund_money_received")],
    ),
    ("Chỉ số chuyển đổi số (DTI) xếp thứ 25 trở lên.", [("lte", 25, "rank", None, "dti_rank")]),
    # words that look like others without accents, names that hold words of the past
    (
        "Tỷ lệ hộ nghèo của tỉnh đến năm 2025 còn 2,5%, bình quân mỗi năm giảm 1,2%.",
        [
            ("lte", 2.5, "pct", None, "poor_hh_rate"),
            ("stated", 1.2, "pct_point", AVERAGE, "poor_hh_rate_decrease"),
        ],
    ),
    (
        "Thực hiện mục tiêu giảm 1/2 số hộ nghèo và hộ cận nghèo so với đầu kỳ theo chuẩn nghèo đa chiều.",
        [("stated", 50, "pct_change", None, "poor_and_near_poor_hh_count_decrease")],
    ),
    ("Đón 500.000 lượt khách.", [("stated", 500000, "person", None, "tourists")]),
    ("Kim ngạch xuất khẩu đạt 2,5 tỷ USD.", [("stated", 2.5, "billion_usd", None, "other")]),
    ("Mức tăng trưởng doanh thu từ 8 - 10%.", [("between", (8, 10), "pct_change", None, "other")]),
    # several in one sentence
    (
        "Tỷ lệ hồ sơ giải quyết đúng hạn đạt tối thiểu 98%; trong đó cấp tỉnh 99%, cấp huyện 98%.",
        [
            ("gte", 98, "pct", None, "files_on_time_share"),
            ("stated", 99, "pct", None, "files_on_time_share"),
            ("stated", 98, "pct", None, "files_on_time_share"),
        ],
    ),
    (
        "Số sáng kiến được công nhận cấp cơ sở: 15 sáng kiến; cấp tỉnh: 02 sáng kiến.",
        [
            ("stated", 15, "initiative", None, "initiatives_count"),
            ("stated", 2, "initiative", None, "initiatives_count"),
        ],
    ),
    (
        "Phấn đấu có 30% huyện nghèo, 30% xã đặc biệt khó khăn vùng bãi ngang "
        "thoát khỏi tình trạng đặc biệt khó khăn.",
        [
            ("stated", 30, "pct", None, "poor_districts_escaped_share"),
            ("stated", 30, "pct", None, "especially_difficult_communes_escaped_share"),
        ],
    ),
]


@pytest.mark.parametrize(("sentence", "expected"), FIGURES, ids=[sentence[:48] for sentence, _ in FIGURES])
def test_figure_in_part_on_targets(sentence: str, expected: list[tuple[Any, ...]]) -> None:
    assert [brief(target) for target in targets_in(f"- {sentence}")] == expected


@pytest.mark.parametrize(("sentence", "expected"), FIGURES)
def test_figure_without_accents(sentence: str, expected: list[tuple[Any, ...]]) -> None:
    from thidua.documents.reading.matching import flat

    bare = "".join(
        letter.upper() if printed.isupper() else letter
        for letter, printed in zip(flat(sentence), sentence, strict=True)
    )
    found = targets_in(f"- {bare}", part="CHI TIEU THI DUA")
    assert [brief(target)[:3] for target in found] == [entry[:3] for entry in expected]


NO_TARGETS = [
    # quotas of awards, scales of points, votes
    "Mỗi huyện, thành phố đề nghị không quá 03 tập thể, 05 cá nhân, 02 gia đình.",
    "Mỗi khối thi đua lựa chọn 01 đơn vị dẫn đầu đề nghị tặng Cờ thi đua.",
    "Tặng 05 Bằng khen cho các tập thể; thưởng 0,6 lần mức lương cơ sở.",
    "Khen thưởng người lao động trực tiếp chiếm ít nhất 60% tổng số cá nhân được khen.",
    "Thang điểm 100, trong đó nội dung 1 tối đa 40 điểm.",
    "Tập thể đạt từ 90 điểm trở lên xếp loại xuất sắc.",
    "Trừ 02 điểm nếu báo cáo chậm quá 05 ngày.",
    "Đạt tỷ lệ phiếu bầu từ 80% trở lên của Hội đồng.",
    # results
    "Giai đoạn 2016-2020, tỷ lệ hộ nghèo giảm bình quân 2,5%/năm.",
    "Tính đến tháng 6/2022, toàn tỉnh có 85/128 xã đạt chuẩn nông thôn mới.",
    "Phong trào đã huy động được 1.200 tỷ đồng, xây dựng 350 km đường.",
    "Toàn tỉnh hiện có 1.250 doanh nghiệp, 320 hợp tác xã đang hoạt động.",
    "Kết quả năm 2021 đạt 95% kế hoạch.",
    # money and thresholds of policies
    "Kinh phí thực hiện: 500 triệu đồng từ ngân sách tỉnh.",
    "Kinh phí hỗ trợ tối đa 70% tổng mức đầu tư.",
    "Cho vay ưu đãi với lãi suất 3,3%/năm.",
    "Chi hỗ trợ 50 triệu đồng/nhà xây mới, 25 triệu đồng/nhà sửa chữa.",
    "Hộ nghèo có từ 03 thành viên trở lên được hỗ trợ 50 triệu đồng.",
    "Đối với các hộ có thu nhập từ 1,5 triệu đồng/người/tháng trở xuống, hỗ trợ vay vốn ưu đãi.",
    # names, dates, documents, ages, audiences, frequencies
    "Tập trung thực hiện 3 chương trình mục tiêu quốc gia, 19 tiêu chí xây dựng nông thôn mới.",
    "Triển khai Đề án 06; thực hiện mức độ 4 đối với 25 dịch vụ công thiết yếu.",
    "Thực hiện Luật số 06/2022/QH15, Nghị định 98/2023/NĐ-CP có 117 điều.",
    "Xây dựng gia đình “5 không, 3 sạch”, phong trào “3 đảm đang”.",
    "Chào mừng kỷ niệm 93 năm Ngày thành lập Đảng, 20 năm thành lập tỉnh.",
    "Phát động đợt thi đua 90 ngày đêm, từ ngày 01/7 đến ngày 30/9/2023.",
    "Phối hợp tổ chức 01 lớp tập huấn cho 45 cán bộ cấp xã.",
    "Phát huy vai trò của 05 tổ chức chính trị - xã hội trong phong trào.",
    "Sinh hoạt chuyên môn theo nghiên cứu bài học 02 tuần/lần.",
    "Tổ chức hội thi “Công sở xanh - sạch - đẹp”, mỗi năm 01 lần.",
    "Đẩy nhanh tiến độ, phấn đấu hoàn thành trước thời hạn 6 tháng.",
    "Rà soát các xã có nguy cơ không đạt từ 95% chỉ tiêu trở lên.",
]


@pytest.mark.parametrize("sentence", NO_TARGETS)
def test_figure_that_is_no_target(sentence: str) -> None:
    assert targets_in(f"- {sentence}", part="NỘI DUNG THI ĐUA") == []


def test_figure_in_part_on_awards_is_no_target() -> None:
    assert targets_in("- Tập thể có ít nhất 70% cá nhân tiên tiến.", part="TIÊU CHUẨN KHEN THƯỞNG") == []


def test_figure_in_content_needs_a_comparison_or_a_goal() -> None:
    lines = (
        "1. Tổ chức 03 lớp tập huấn cho cán bộ.",
        "2. Mỗi cơ quan, đơn vị đăng ký giúp đỡ ít nhất 01 hộ nghèo.",
        "3. Các xã khởi công 100% số nhà trong tháng 4/2024.",
    )
    assert [brief(target)[:3] for target in targets_in(*lines, part="NỘI DUNG THI ĐUA")] == [
        ("gte", 1, "household"),
        ("stated", 100, "pct"),
    ]


# --- deadlines, periods, bases ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "deadline"),
    [
        ("Phấn đấu đến 2025 có ít nhất 01 huyện thoát nghèo.", {"year": 2025, "raw": "đến 2025"}),
        ("Đến hết năm 2023, 80% hồ sơ được xử lý trên mạng.", {"year": 2023, "raw": "Đến hết năm 2023"}),
        ("Năm 2023: 40% hộ có tài khoản.", {"year": 2023, "raw": "Năm 2023"}),
        ("Xóa 512 nhà tạm trong năm 2024.", {"year": 2024, "bound": "within", "raw": "trong năm 2024"}),
        (
            "Tiếp nhận trên 6,5 tỷ đồng ủng hộ trước 30/6/2024.",
            {"year": 2024, "month": 6, "day": 30, "bound": "before", "raw": "trước 30/6/2024"},
        ),
        (
            "100% đơn vị ban hành quy tắc, hoàn thành trong quý I/2023.",
            {"year": 2023, "quarter": 1, "bound": "within", "raw": "hoàn thành trong quý I/2023"},
        ),
        (
            "Làm 20 km đường, xong trước ngày 30 tháng 9 năm 2023.",
            {
                "year": 2023,
                "month": 9,
                "day": 30,
                "bound": "before",
                "raw": "xong trước ngày 30 tháng 9 năm 2023",
            },
        ),
        ("Tỷ lệ hộ nghèo giảm 2% so với cuối năm 2020.", None),
        ("Đến năm 2025, định hướng đến năm 2030, 100% xã đạt chuẩn.", {"year": 2025, "raw": "Đến năm 2025"}),
    ],
)
def test_deadline_of_a_figure(sentence: str, deadline: dict[str, Any] | None) -> None:
    assert [target["deadline"] for target in targets_in(f"- {sentence}")] == [deadline]


def test_deadline_comes_from_the_heading_above() -> None:
    lines = (
        "1. Mục tiêu đến hết năm 2023",
        "- 80% hồ sơ được xử lý trên mạng.",
        "2. Đến năm 2025",
        "- 100% thôn có sóng 4G.",
    )
    found = [target["deadline"] for target in targets_in(*lines)]
    assert found == [{"year": 2023, "raw": "đến hết năm 2023"}, {"year": 2025, "raw": "Đến năm 2025"}]


def test_deadline_that_heads_a_list_holds_for_the_list_but_not_backwards() -> None:
    sentence = (
        "- Tỷ lệ hộ nghèo giảm 2%/năm; phấn đấu đến năm 2025 có 5/12 xã thoát "
        "khỏi tình trạng khó khăn; 50% số thôn thoát khỏi tình trạng khó khăn."
    )
    found = [target["deadline"] for target in targets_in(sentence)]
    assert found == [None, {"year": 2025, "raw": "đến năm 2025"}, {"year": 2025, "raw": "đến năm 2025"}]


def test_figure_without_deadline_holds_for_the_period_of_the_movement() -> None:
    (target,) = targets_in("- 100% thôn có sóng 4G.")
    assert target["deadline"] is None
    assert target["period"] == {"from": 2021, "to": 2025, "stated": False}


def test_period_printed_with_the_figure_is_stated() -> None:
    (target,) = targets_in("- Giai đoạn 2023 - 2025 có thêm 06 xã đạt chuẩn nông thôn mới.")
    assert target["period"] == {"from": 2023, "to": 2025, "stated": True}


def test_share_printed_beside_its_count() -> None:
    text = (
        "- Có 5/12 (đạt 41,6%) xã thoát khỏi tình trạng khó khăn; 87% số xã đạt chuẩn nông thôn mới (112 xã)."
    )
    assert [target["stated_count"] for target in targets_in(text)] == [
        {"of": 12, "stated_pct": 41.6, "computed_pct": 41.67, "rounding": "truncated; half-up gives 41,7%"},
        {"count": 112, "implied_base": 128.7},
    ]


def test_baseline_is_kept_and_is_no_deadline() -> None:
    (target,) = targets_in("- Doanh thu tăng 5-7 % so với năm 2020.")
    assert target["baseline"] == {"when": "năm 2020", "year": 2020}
    assert target["unit"] == "pct_change"
    assert target["deadline"] is None


def test_scope_is_the_area_of_the_issuer_or_each_of_the_named_bodies() -> None:
    lines = (
        "- 100% thôn có sóng 4G.",
        "- Mỗi cơ quan, đơn vị đăng ký ít nhất 01 sáng kiến.",
        "- 60% hồ sơ cấp huyện được số hóa.",
    )
    assert [target["scope"] for target in targets_in(*lines)] == [
        "tỉnh Hà Nam",
        "mỗi cơ quan, đơn vị",
        "cấp huyện",
    ]


def test_unknown_indicator_gets_the_open_code_and_its_printed_words() -> None:
    (target,) = targets_in("- Tỷ lệ người dân có kỹ năng ngoại ngữ đạt 20%.")
    assert (target["indicator"], target["label_vi"]) == ("other", "Tỷ lệ người dân có kỹ năng ngoại ngữ")


def test_quote_stands_in_the_paragraph() -> None:
    text = "Phấn đấu 100% TTHC được cung cấp trực tuyến; tối thiểu 80% hồ sơ được số hóa."
    assert [target["quote"] for target in targets_in(f"- {text}")] == [
        "Phấn đấu 100% TTHC được cung cấp trực tuyến",
        "tối thiểu 80% hồ sơ được số hóa",
    ]


def test_rows_of_a_table_with_label_unit_and_figure_are_targets() -> None:
    table = (
        "STT",
        "Chỉ tiêu",
        "Đơn vị",
        "Năm 2024",
        "1",
        "Số xã đạt chuẩn nông thôn mới",
        "xã",
        "12",
        "2",
        "Tỷ lệ giải ngân",
        "%",
        "≥ 95",
    )
    found = targets_in(*table)
    assert [brief(target)[:3] for target in found] == [("stated", 12, "commune"), ("gte", 95, "pct")]
    assert [target["deadline"] for target in found] == [{"year": 2024, "raw": "Năm 2024"}] * 2


@pytest.mark.parametrize(
    ("line", "figures"),
    [
        (
            "Mỗi giáo viên dạy ít nhất 02 tiết có thí nghiệm trong một tháng, dự giờ tối thiểu 05 tiết/học kỳ.",
            [("gte", 2, "lesson", "month"), ("gte", 5, "lesson", "semester")],
        ),
        (
            "Mỗi chi đoàn tổ chức ít nhất 02 buổi tuyên truyền/quý, thu hút 50 lượt người.",
            [("gte", 2, "event", "quarter"), ("stated", 50, "person", None)],
        ),
        ("Sản lượng điện thương phẩm đạt trên 1,5 tỷ kWh.", [("gt", 1.5, "billion_kwh", None)]),
        ("Giá bán điện bình quân tăng tối thiểu 2 đồng/kWh.", [("gte", 2, "vnd", "kwh")]),
        ("Chuẩn hóa ít nhất 90.000 dữ liệu đất đai.", [("gte", 90000, "record", None)]),
        (
            "Số dư quỹ đạt 20 tỷ đồng, bình quân từ 40.000 đồng/người trở lên.",
            [("stated", 20, "billion_vnd", None), ("gte", 40000, "vnd", "person")],
        ),
        ("Mỗi tổ dân phố có ít nhất 02 “Đại sứ xanh”.", [("gte", 2, "other", None)]),
        ("Ban hành tối thiểu 03 quy trình nội bộ.", [("gte", 3, "other", None)]),
        ("Kết quả học tập: xếp loại Chưa đạt dưới 2%.", [("lt", 2, "pct", None)]),
        ("Phát triển mới từ 20 - 30 sản phẩm đạt 3 sao trở lên.", [("between", (20, 30), "product", None)]),
        ("100% khoa, phòng có ít nhất 01 mô hình.", [("stated", 100, "pct", None)]),
        ("100% chi bộ sinh hoạt vào ngày 05 hằng tháng.", [("stated", 100, "pct", None)]),
        (
            "Xóa 150 căn nhà tạm, trung bình mỗi năm 50 căn.",
            [("stated", 150, "house", None), ("stated", 50, "house", "year")],
        ),
        ("Mỗi tháng 02 buổi sinh hoạt.", [("stated", 2, "event", "month")]),
        ("Tỷ suất sinh thô giảm xuống còn 15‰.", [("lte", 15, "per_mille", None)]),
        ("Đối tượng từ 18 tuổi trở lên được cấp thẻ đạt 98%.", [("stated", 98, "pct", None)]),
        # no targets: a quota of titles; a span that is only a length of time
        ("Chiến sĩ thi đua cơ sở không quá 15% số Lao động tiên tiến.", []),
        ("Mỗi nhà giáo đăng ký ít nhất một đổi mới; đọc ít nhất 03 năm liền.", [("gte", 1, "other", None)]),
    ],
)
def test_units_and_what_a_figure_counts_per(line: str, figures: list[tuple[Any, ...]]) -> None:
    assert [brief(target)[:4] for target in targets_in(f"- {line}")] == figures


@pytest.mark.parametrize(
    ("line", "deadlines"),
    [
        (
            "90% hồ sơ cấp huyện và 80% hồ sơ cấp xã được số hóa trước ngày 01/12/2023.",
            ["trước ngày 01/12/2023"] * 2,
        ),
        (
            "Xóa 50 nhà tạm, trong đó làm mới 30 nhà; hoàn thành trước ngày 31/10/2023.",
            ["trước ngày 31/10/2023"] * 2,
        ),
        # a figure with a predicate of its own takes no deadline of the next
        ("80% xã có trang tin và 60% thôn được phủ sóng trước năm 2024.", [None, "trước năm 2024"]),
        # nor does a report that follows
        ("Trồng 500 cây xanh; báo cáo kết quả trước ngày 20/11/2023.", [None]),
    ],
)
def test_deadline_behind_the_figures(line: str, deadlines: list[str | None]) -> None:
    found = [target["deadline"] for target in targets_in(f"- {line}")]

    assert [deadline and deadline["raw"] for deadline in found] == deadlines


def test_targets_announced_within_a_paragraph() -> None:
    line = "1. Các xã thi đua thực hiện các mục tiêu: trên 75% lao động có việc làm, xóa 20/20 nhà tạm."

    assert [target["value"] for target in targets_in(line, part="NỘI DUNG THI ĐUA")] == [75, 20]


def test_sum_to_reach_in_the_part_on_contents() -> None:
    line = "- Thi đua thu ngân sách: tổng thu trên địa bàn đạt 1.120,5 tỷ đồng."

    (target,) = targets_in(line, part="NỘI DUNG THI ĐUA")
    assert (target["value"], target["unit"]) == (1120.5, "billion_vnd")


def test_bare_figure_has_the_name_of_the_one_before() -> None:
    first, second = targets_in("- Tỷ lệ đô thị hóa đạt 40%, phấn đấu đạt 50% vào năm 2025.")

    assert first["label_vi"] == second["label_vi"] == "Tỷ lệ đô thị hóa"


def test_span_of_time_is_no_scope() -> None:
    (target,) = targets_in("- Mỗi tháng 02 buổi sinh hoạt.")

    assert target["scope"] == "tỉnh Hà Nam"
