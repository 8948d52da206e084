"""Deadlines in single sentences, all invented. Each pair: a sentence and the mappings it must give."""

from typing import Any

import pytest

from thidua.documents.reading import deadlines

FULL_AND_PARTIAL_DATES: list[tuple[str, dict[str, Any]]] = [
    (
        "Các xã hoàn thành hồ sơ trước ngày 15/12/2024.",
        {"year": 2024, "month": 12, "day": 15, "bound": "before", "raw": "trước ngày 15/12/2024"},
    ),
    ("Gửi về Phòng Nội vụ trước 30/11.", {"month": 11, "day": 30, "bound": "before", "raw": "trước 30/11"}),
    (
        "Gửi báo cáo chậm nhất ngày 20/6 để tổng hợp.",
        {"month": 6, "day": 20, "bound": "within", "raw": "chậm nhất ngày 20/6"},
    ),
    (
        "Hoàn thành trong tháng 6 năm 2022.",
        {"year": 2022, "month": 6, "bound": "within", "raw": "Hoàn thành trong tháng 6 năm 2022"},
    ),
    ("Tổ chức lễ phát động trong tháng 6.", {"month": 6, "bound": "within", "raw": "trong tháng 6"}),
    (
        "Nộp hồ sơ chậm nhất là ngày 05 tháng 01 năm 2026.",
        {
            "year": 2026,
            "month": 1,
            "day": 5,
            "bound": "within",
            "raw": "chậm nhất là ngày 05 tháng 01 năm 2026",
        },
    ),
    (
        "Đăng ký trước ngày 15 tháng 3 năm 2023 qua thư điện tử.",
        {"year": 2023, "month": 3, "day": 15, "bound": "before", "raw": "trước ngày 15 tháng 3 năm 2023"},
    ),
    (
        "Thời hạn nộp bài: trước 17 giờ 00 ngày 30/9/2025.",
        {"year": 2025, "month": 9, "day": 30, "bound": "before", "raw": "trước 17 giờ 00 ngày 30/9/2025"},
    ),
    (
        "Khởi công xong trước ngày 01/5/2024.",
        {"year": 2024, "month": 5, "day": 1, "bound": "before", "raw": "trước ngày 01/5/2024"},
    ),
    (
        "Xóa hết nhà dột nát đến hết 31/12/2025.",
        {"year": 2025, "month": 12, "day": 31, "raw": "đến hết 31/12/2025"},
    ),
    (
        "Giảm nợ thuế đến 31-12-2021 không quá 5%.",
        {"year": 2021, "month": 12, "day": 31, "raw": "đến 31-12-2021"},
    ),
    (
        "Công bố kết quả vào ngày 19/5/2024.",
        {"year": 2024, "month": 5, "day": 19, "raw": "vào ngày 19/5/2024"},
    ),
    (
        "Không muộn hơn ngày 10/8/2023, các phòng gửi danh sách.",
        {"year": 2023, "month": 8, "day": 10, "bound": "within", "raw": "Không muộn hơn ngày 10/8/2023"},
    ),
    ("Sơ kết vào tháng 7/2019.", {"year": 2019, "month": 7, "raw": "vào tháng 7/2019"}),
    ("Tổng kết vào tháng 11 năm 2025.", {"year": 2025, "month": 11, "raw": "vào tháng 11 năm 2025"}),
    ("Phấn đấu đến tháng 12/2024 xong.", {"year": 2024, "month": 12, "raw": "đến tháng 12/2024"}),
    (
        "Ban hành kế hoạch trước tháng 3/2023.",
        {"year": 2023, "month": 3, "bound": "before", "raw": "trước tháng 3/2023"},
    ),
    ("Hoàn thành trước 6/2024.", {"year": 2024, "month": 6, "bound": "before", "raw": "trước 6/2024"}),
]
QUARTERS_AND_YEARS: list[tuple[str, dict[str, Any]]] = [
    (
        "Thành lập tổ công nghệ số, hoàn thành trong quý III năm 2022.",
        {"year": 2022, "quarter": 3, "bound": "within", "raw": "hoàn thành trong quý III năm 2022"},
    ),
    (
        "Thực hiện trong quý II/2023.",
        {"year": 2023, "quarter": 2, "bound": "within", "raw": "trong quý II/2023"},
    ),
    ("Triển khai từ quý III.", {"quarter": 3, "bound": "from", "raw": "từ quý III"}),
    (
        "Triển khai từ quý III năm 2022.",
        {"year": 2022, "quarter": 3, "bound": "from", "raw": "từ quý III năm 2022"},
    ),
    ("Quý I/2024: tổ chức phát động.", {"year": 2024, "quarter": 1, "raw": "Quý I/2024"}),
    ("Sơ kết vào quý IV năm 2023.", {"year": 2023, "quarter": 4, "raw": "vào quý IV năm 2023"}),
    ("Tổng kết phong trào quý 4 năm 2025.", {"year": 2025, "quarter": 4, "raw": "quý 4 năm 2025"}),
    ("Năm 2023: tiến hành sơ kết giữa kỳ.", {"year": 2023, "raw": "Năm 2023"}),
    ("Năm 2025, các đơn vị tiến hành tổng kết.", {"year": 2025, "raw": "Năm 2025"}),
    ("Phấn đấu đến năm 2025 có 02 xã đạt chuẩn.", {"year": 2025, "raw": "đến năm 2025"}),
    ("Phấn đấu đến 2025 có ít nhất 01 huyện thoát nghèo.", {"year": 2025, "raw": "đến 2025"}),
    ("Đến hết năm 2023 đạt 80%.", {"year": 2023, "raw": "Đến hết năm 2023"}),
    ("Đến cuối năm 2023 có 02 ấp đạt chuẩn.", {"year": 2023, "raw": "Đến cuối năm 2023"}),
    ("Tổng kết phong trào vào năm 2025.", {"year": 2025, "raw": "vào năm 2025"}),
    ("Mỗi chi hội có 01 mô hình trong năm 2023.", {"year": 2023, "bound": "within", "raw": "trong năm 2023"}),
    ("Sơ kết phong trào vào cuối năm 2024.", {"year": 2024, "raw": "vào cuối năm 2024"}),
    ("Từ nay đến năm 2025 phấn đấu xóa nhà tạm.", {"year": 2025, "raw": "Từ nay đến năm 2025"}),
    ("Trồng 500 cây xanh trước năm 2026.", {"year": 2026, "bound": "before", "raw": "trước năm 2026"}),
]
SPANS: list[tuple[str, dict[str, Any]]] = [
    (
        "Giai đoạn 2022-2025: Các đơn vị tổ chức phát động.",
        {"from": 2022, "to": 2025, "raw": "Giai đoạn 2022-2025"},
    ),
    (
        "Từ tháng 3 đến tháng 9 năm 2024 huy động lực lượng giúp dân.",
        {"from": "2024-03", "to": "2024-09", "raw": "Từ tháng 3 đến tháng 9 năm 2024"},
    ),
    (
        "Phát động đợt cao điểm từ ngày 15/10 đến ngày 20/11/2020.",
        {"from": "2020-10-15", "to": "2020-11-20", "raw": "từ ngày 15/10 đến ngày 20/11/2020"},
    ),
    (
        "Đợt 1: từ ngày 15/02/2021 đến hết ngày 30/6/2021.",
        {"from": "2021-02-15", "to": "2021-06-30", "raw": "từ ngày 15/02/2021 đến hết ngày 30/6/2021"},
    ),
    (
        "Tổ chức từ quý II đến quý IV năm 2023.",
        {"from": "2023-04", "to": "2023-12", "raw": "từ quý II đến quý IV năm 2023"},
    ),
    (
        "Thực hiện từ năm 2023 đến năm 2025.",
        {"from": 2023, "to": 2025, "raw": "từ năm 2023 đến năm 2025"},
    ),
    (
        "Hội thi diễn ra từ ngày 01 đến ngày 15/6/2022.",
        {"from": "2022-06-01", "to": "2022-06-15", "raw": "từ ngày 01 đến ngày 15/6/2022"},
    ),
    (
        "Thời gian: từ tháng 11/2023 đến tháng 02/2024.",
        {"from": "2023-11", "to": "2024-02", "raw": "từ tháng 11/2023 đến tháng 02/2024"},
    ),
]
MORE: list[tuple[str, dict[str, Any]]] = [
    (
        "Hạn cuối 30/9/2024.",
        {"year": 2024, "month": 9, "day": 30, "raw": "30/9/2024"},
    ),
    (
        "Nộp trước 15h00 ngày 20/5/2024.",
        {"year": 2024, "month": 5, "day": 20, "bound": "before", "raw": "trước 15h00 ngày 20/5/2024"},
    ),
    (
        "Từ ngày 15/10 - 15/11/2023 tổ chức đợt cao điểm.",
        {"from": "2023-10-15", "to": "2023-11-15", "raw": "Từ ngày 15/10 - 15/11/2023"},
    ),
    (
        "Hoàn thành trong 6 tháng đầu năm 2024.",
        {"from": "2024-01", "to": "2024-06", "raw": "Hoàn thành trong 6 tháng đầu năm 2024"},
    ),
    (
        "Tổ chức trong quý I và quý II năm 2024.",
        {"from": "2024-01", "to": "2024-06", "raw": "trong quý I và quý II năm 2024"},
    ),
    (
        "Gửi trước ngày 05/01 năm sau.",
        {"month": 1, "day": 5, "bound": "before", "relative": "năm sau", "raw": "trước ngày 05/01 năm sau"},
    ),
    (
        "Trong tháng 9, 10/2024 tổ chức hội thi.",
        {"year": 2024, "months": [9, 10], "bound": "within", "raw": "Trong tháng 9, 10/2024"},
    ),
    (
        "Họp trong tuần đầu tháng 6/2024.",
        {"year": 2024, "month": 6, "bound": "within", "raw": "trong tuần đầu tháng 6/2024"},
    ),
    (
        "Bắt đầu từ ngày 01/7/2025.",
        {"year": 2025, "month": 7, "day": 1, "bound": "from", "raw": "Bắt đầu từ ngày 01/7/2025"},
    ),
    ("Năm 2030 tổng kết phong trào.", {"year": 2030, "raw": "Năm 2030"}),
    (
        "Giai đoạn 1 (2024 - 2025): xây dựng mô hình điểm.",
        {"from": 2024, "to": 2025, "raw": "Giai đoạn 1 (2024 - 2025)"},
    ),
    (
        "Tổ chức hội thi (dự kiến tháng 5/2025).",
        {"year": 2025, "month": 5, "raw": "tháng 5/2025"},
    ),
    (
        "Thẩm định trong 10 ngày làm việc.",
        {"offset": {"working_days": 10}, "bound": "within", "raw": "trong 10 ngày làm việc"},
    ),
    (
        "Sau khi kết thúc đợt thi đua, trong vòng 15 ngày, các đơn vị gửi hồ sơ.",
        {
            "offset": {"days": 15, "after": "kết thúc đợt thi đua"},
            "bound": "within",
            "raw": "Sau khi kết thúc đợt thi đua, trong vòng 15 ngày",
        },
    ),
]
LISTS: list[tuple[str, list[dict[str, Any]]]] = [
    (
        "Báo cáo trước ngày 20/6 và 20/11 hằng năm.",
        [
            {"month": 6, "day": 20, "bound": "before"},
            {"month": 11, "day": 20, "bound": "before"},
        ],
    ),
    (
        "Báo cáo trước ngày 15 tháng 6 và ngày 15 tháng 12 hằng năm.",
        [
            {"month": 6, "day": 15, "bound": "before"},
            {"month": 12, "day": 15, "bound": "before"},
        ],
    ),
]
RECURRING: list[tuple[str, dict[str, Any], str]] = [
    (
        "Trước ngày 10 tháng 11 hằng năm, các xã báo cáo.",
        {"month": 11, "day": 10, "bound": "before", "raw": "Trước ngày 10 tháng 11 hằng năm"},
        "annual",
    ),
    (
        "Gửi báo cáo trước 30/11 hàng năm.",
        {"month": 11, "day": 30, "bound": "before", "raw": "trước 30/11 hàng năm"},
        "annual",
    ),
    (
        "Báo cáo tiến độ vào ngày 18 hằng tháng.",
        {"day": 18, "recurrence": "monthly", "raw": "ngày 18 hằng tháng"},
        "monthly",
    ),
    (
        "Báo cáo Giám đốc trước ngày 05 hằng tháng.",
        {"day": 5, "bound": "before", "recurrence": "monthly", "raw": "trước ngày 05 hằng tháng"},
        "monthly",
    ),
    (
        "Gửi báo cáo trước ngày 15 của tháng cuối quý.",
        {
            "day": 15,
            "bound": "before",
            "recurrence": "quarterly",
            "month_of": "quarter_end",
            "raw": "trước ngày 15 của tháng cuối quý",
        },
        "quarterly",
    ),
    (
        "Gửi báo cáo trước ngày 10 của tháng đầu quý sau.",
        {
            "day": 10,
            "bound": "before",
            "recurrence": "quarterly",
            "month_of": "next_quarter_start",
            "raw": "trước ngày 10 của tháng đầu quý sau",
        },
        "quarterly",
    ),
    (
        "Tổng hợp chậm nhất ngày 20 tháng cuối của quý.",
        {
            "day": 20,
            "bound": "within",
            "recurrence": "quarterly",
            "month_of": "quarter_end",
            "raw": "chậm nhất ngày 20 tháng cuối của quý",
        },
        "quarterly",
    ),
    (
        "Báo cáo tháng gửi trước ngày 25 của tháng trước tháng liền kề.",
        {
            "day": 25,
            "bound": "before",
            "recurrence": "monthly",
            "relative": "của tháng trước tháng liền kề",
            "raw": "trước ngày 25 của tháng trước tháng liền kề",
        },
        "monthly",
    ),
    (
        "Tổ chức Tháng Thanh niên vào tháng 3 hằng năm.",
        {"month": 3, "raw": "vào tháng 3 hằng năm"},
        "annual",
    ),
]
RELATIVE: list[tuple[str, dict[str, Any]]] = [
    (
        "Chậm nhất 10 ngày sau khi nhà hoàn thành.",
        {
            "offset": {"days": 10, "after": "nhà hoàn thành"},
            "bound": "within",
            "raw": "Chậm nhất 10 ngày sau khi nhà hoàn thành",
        },
    ),
    (
        "Ban hành quyết định chậm nhất 05 ngày làm việc sau khi khoản nợ quá 90 ngày.",
        {
            "offset": {"working_days": 5, "after": "khoản nợ quá 90 ngày"},
            "bound": "within",
            "raw": "chậm nhất 05 ngày làm việc sau khi khoản nợ quá 90 ngày",
        },
    ),
    (
        "Trả lời trong vòng 05 ngày làm việc kể từ ngày nhận đủ hồ sơ.",
        {
            "offset": {"working_days": 5, "after": "nhận đủ hồ sơ"},
            "bound": "within",
            "raw": "trong vòng 05 ngày làm việc kể từ ngày nhận đủ hồ sơ",
        },
    ),
    (
        "Gửi kế hoạch trong thời hạn 15 ngày kể từ khi ban hành, đồng gửi Sở Nội vụ.",
        {
            "offset": {"days": 15, "after": "ban hành"},
            "bound": "within",
            "raw": "trong thời hạn 15 ngày kể từ khi ban hành",
        },
    ),
    (
        "Trình hồ sơ chậm nhất 20 ngày trước ngày tổ chức hội nghị.",
        {
            "offset": {"days": 20, "before": "tổ chức hội nghị"},
            "bound": "within",
            "raw": "chậm nhất 20 ngày trước ngày tổ chức hội nghị",
        },
    ),
]
WITHOUT_ACCENTS: list[tuple[str, dict[str, Any]]] = [
    (
        "Phong Ky thuat thay the ong cu truoc ngay 30/9/2021.",
        {"year": 2021, "month": 9, "day": 30, "bound": "before", "raw": "truoc ngay 30/9/2021"},
    ),
    (
        "Quán triệt kế hoạch trong buổi sinh hoạt chi bộ tháng 3/2031.",
        {"year": 2031, "month": 3, "raw": "tháng 3/2031"},
    ),
    (
        "Chuẩn bị hội nghị dự kiến tổ chức ngày 20/12/2031.",
        {"year": 2031, "month": 12, "day": 20, "raw": "ngày 20/12/2031"},
    ),
    (
        "Dot 2: tu ngay 01/7 den ngay 31/12/2021, thi dua hoan thanh ke hoach.",
        {"from": "2021-07-01", "to": "2021-12-31", "raw": "tu ngay 01/7 den ngay 31/12/2021"},
    ),
]
NOT_DEADLINES = [
    "Biên bản ngày 20/12/2031 của hội nghị.",
    "Kết luận buổi làm việc của lãnh đạo tháng 3/2031.",
    "Thực hiện Quyết định số 666/QĐ-TTg ngày 02/6/2022 của Thủ tướng Chính phủ.",
    "Ngày 15/4/2022, UBND tỉnh đã ban hành Kế hoạch số 87/KH-UBND.",
    "Luật Thi đua, khen thưởng ngày 15 tháng 6 năm 2022.",
    "Nghị định số 98/2023/NĐ-CP có hiệu lực từ ngày 01/01/2024.",
    "Chào mừng kỷ niệm 75 năm Ngày Truyền thống (11/6/1948 - 11/6/2023).",
    "Phát động đợt thi đua chào mừng ngày 20/11.",
    "Tổ chức Phong trào thi đua “Chung tay vì người nghèo” giai đoạn 2021-2025.",
    "Thực hiện Chương trình mục tiêu quốc gia giai đoạn 2021 - 2025.",
    "Chương trình giảm nghèo giai đoạn 2022 - 2025, định hướng đến năm 2030.",
    "Quy hoạch tỉnh thời kỳ 2021 - 2030, tầm nhìn đến năm 2050.",
    "Thực hiện Chiến lược phát triển kinh tế số đến năm 2025.",
    "Phê duyệt “Chương trình Chuyển đổi số quốc gia đến năm 2025”.",
    "Phong trào được triển khai thực hiện từ năm 2011 - 2020, đã trở thành phong trào nòng cốt.",
    "Thu nhập bình quân đầu người tăng 1,3 lần so với cuối năm 2020.",
    "Doanh thu tăng 5-7 % so với năm 2020.",
    "Trong năm 2022, toàn huyện đã có 03 xã đạt chuẩn.",
    "Kế hoạch công tác thi đua, khen thưởng năm 2023.",
    "Nhiệm vụ và giải pháp năm học 2020-2021.",
    "Có 5/12 (đạt 41,6%) xã đặc biệt khó khăn thoát nghèo.",
    "Báo cáo kết quả thực hiện nhiệm vụ năm 2022 về Sở Nội vụ.",
    "Từ năm 2020 đến nay, phong trào phát triển mạnh.",
    "Giảm tỷ lệ nghèo từ 4%/năm trở lên, trong 3 năm liên tục trước khi trình khen thưởng.",
    "Hằng năm đánh giá kết quả phong trào.",
    "Mỗi tuần sinh hoạt 01 lần.",
    "Số liệu tính đến ngày 31/12/2022 do phòng thống kê cung cấp.",
    "Tập thể đạt từ 90/100 điểm trở lên.",
    "Thường xuyên kiểm tra, đôn đốc.",
    "Điều 5 Nghị định 30/2020/NĐ-CP quy định.",
    "Kinh phí từ 50 triệu đồng đến 100 triệu đồng.",
    "Tỷ lệ học sinh giỏi đạt 25-30%.",
    "Nghị quyết Đại hội Đảng bộ nhiệm kỳ 2020 - 2025.",
    "Đánh giá kết quả 6 tháng đầu năm 2024.",
    "Báo cáo 6 tháng, năm theo quy định.",
    "Từ năm 2020 đến năm 2022, đã vận động 3 tỷ đồng.",
    "Giai đoạn 2016 - 2020, tỉnh đã có 50 xã đạt chuẩn.",
    "Đến hết năm 2023, có 15 xã đã được công nhận.",
    "Nghị quyết số 46-NQ/TU ngày 08/9/2021 của Tỉnh ủy.",
    "Trước năm 1975, địa phương là vùng căn cứ.",
    "Trên cơ sở kết quả năm 2023, Hội đồng xét chọn.",
    "Giao dự toán năm 2024.",
]  # fmt: skip
RECURRENCES = [
    ("Hằng năm tổ chức bình xét khen thưởng.", "annual"),
    ("Báo cáo định kỳ hàng tháng.", "monthly"),
    ("Kiểm tra tiến độ các tiêu chí hằng quý.", "quarterly"),
    ("Tổ chức hội thi mỗi năm 01 lần.", "annual"),
    ("Sinh hoạt chuyên môn 02 tuần/lần.", "every 2 weeks"),
    ("Kiểm tra định kỳ 6 tháng một lần.", "every 6 months"),
    ("Họp hội đồng mỗi tuần 01 lần.", "weekly"),
    ("Báo cáo định kỳ 6 tháng, hằng năm.", "every 6 months, annual"),
    ("Định kỳ tổng hợp báo cáo theo quy định.", "periodic (interval not stated)"),
    ("Tổ chức đối thoại 1 lần/quý.", "quarterly"),
    ("Hang thang cham diem thi dua.", "monthly"),
    ("Cho vay qua Ngân hàng năm 2022.", None),
    ("Bình quân hằng năm giảm 3% hộ nghèo.", None),
    ("Phong trào “Hằng năm một việc tốt” được duy trì.", None),
]


@pytest.mark.parametrize(
    ("sentence", "mapping"),
    [*FULL_AND_PARTIAL_DATES, *QUARTERS_AND_YEARS, *SPANS, *RELATIVE, *MORE, *WITHOUT_ACCENTS],
)
def test_find_one_deadline(sentence: str, mapping: dict[str, Any]) -> None:
    assert [found.mapping() for found in deadlines.find(sentence)] == [mapping]


@pytest.mark.parametrize(("sentence", "mapping", "recurrence"), RECURRING)
def test_find_recurring_deadline(sentence: str, mapping: dict[str, Any], recurrence: str) -> None:
    (found,) = deadlines.find(sentence)

    assert (found.mapping(), found.recurrence) == (mapping, recurrence)


@pytest.mark.parametrize(("sentence", "values"), LISTS)
def test_find_list_of_deadlines(sentence: str, values: list[dict[str, Any]]) -> None:
    found = deadlines.find(sentence)

    assert [(deadline.value, deadline.recurrence) for deadline in found] == [(v, "annual") for v in values]


@pytest.mark.parametrize("sentence", NOT_DEADLINES)
def test_find_nothing_where_no_deadline_stands(sentence: str) -> None:
    assert [found.mapping() for found in deadlines.find(sentence)] == []


@pytest.mark.parametrize(("sentence", "recurrence"), RECURRENCES)
def test_recurrence_of(sentence: str, recurrence: str | None) -> None:
    assert deadlines.recurrence_of(sentence) == recurrence
