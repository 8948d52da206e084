"""Who is named at the head of a sentence and in which manner, with whom and to whom; all invented."""

import pytest

from thidua.documents.reading.actors import (
    Words,
    actor_at,
    bodies_at,
    coordinating_bodies,
    normal_name,
    report_bodies,
)

#: sentence, who acts, how they are charged when the words say so
ACTORS: list[tuple[str, list[str], str | None]] = [
    ("Các phòng, đơn vị phối hợp thực hiện.", ["Các phòng, đơn vị"], None),
    ("Sở Nội vụ chủ trì, phối hợp với Sở Tài chính.", ["Sở Nội vụ"], None),
    ("Sở hướng dẫn các đơn vị thực hiện.", ["Sở"], None),
    (
        "Các sở, ban, ngành, UBND các huyện, thị xã, thành phố đăng ký thi đua.",
        ["Các sở, ban, ngành", "UBND các huyện, thị xã, thành phố"],
        None,
    ),
    ("Các ban, ngành, Ban Nhân dân các ấp báo cáo.", ["Các ban, ngành", "Ban Nhân dân các ấp"], None),
    (
        "Các cơ quan, đơn vị huyện; Ủy ban nhân dân các xã, thị trấn và các doanh nghiệp trên địa bàn "
        "tổ chức.",
        ["Các cơ quan, đơn vị huyện", "Ủy ban nhân dân các xã, thị trấn", "Các doanh nghiệp trên địa bàn"],
        None,
    ),
    ("Thôn, bản, cộng đồng dân cư thi đua giúp nhau.", ["Thôn, bản, cộng đồng dân cư"], None),
    ("Cán bộ, đảng viên gương mẫu thực hiện.", ["Cán bộ, đảng viên"], None),
    ("Đoàn Thanh niên, Công đoàn Khối tổ chức hội thi.", ["Đoàn Thanh niên", "Công đoàn Khối"], None),
    (
        "Sở Văn hóa, Thể thao và Du lịch, Báo và Phát thanh, Truyền hình tỉnh mở chuyên mục.",
        ["Sở Văn hóa, Thể thao và Du lịch", "Báo và Phát thanh, Truyền hình tỉnh"],
        None,
    ),
    (
        "Sở Nông nghiệp và Phát triển nông thôn hướng dẫn các huyện.",
        ["Sở Nông nghiệp và Phát triển nông thôn"],
        None,
    ),
    ("Văn phòng HĐND và UBND phường làm đầu mối.", ["Văn phòng HĐND và UBND phường"], None),
    (
        "Hội đồng thi đua khen thưởng huyện họp xét.",
        ["Hội đồng thi đua khen thưởng huyện"],
        None,
    ),
    (
        "Ban Chỉ đạo xây dựng nông thôn mới huyện kiểm tra các xã.",
        ["Ban Chỉ đạo xây dựng nông thôn mới huyện"],
        None,
    ),
    (
        "Trung tâm Công nghệ thông tin và Truyền thông cập nhật số liệu.",
        ["Trung tâm Công nghệ thông tin và Truyền thông"],
        None,
    ),
    ("Phòng Tổ chức - Hành chính theo dõi, đôn đốc.", ["Phòng Tổ chức - Hành chính"], None),
    ("Công chức Văn phòng - Thống kê tham mưu UBND xã.", ["Công chức Văn phòng - Thống kê"], None),
    (
        "Ban Chấp hành Công đoàn, Ban Chấp hành Chi đoàn phát động đoàn viên.",
        ["Ban Chấp hành Công đoàn", "Ban Chấp hành Chi đoàn"],
        None,
    ),
    ("Thủ trưởng các cơ quan, đơn vị nghiêm túc thực hiện.", ["Thủ trưởng các cơ quan, đơn vị"], None),
    ("Trưởng các khoa, phòng phổ biến kế hoạch.", ["Trưởng các khoa, phòng"], None),
    (
        "Trường THCS Hoa Sen, Trường Tiểu học số 1 tổ chức trồng cây.",
        ["Trường THCS Hoa Sen", "Trường Tiểu học số 1"],
        None,
    ),
    (
        "Công an tỉnh, Bộ Chỉ huy Quân sự tỉnh chỉ đạo lực lượng.",
        ["Công an tỉnh", "Bộ Chỉ huy Quân sự tỉnh"],
        None,
    ),
    ("Các chi, đảng bộ trực thuộc báo cáo kết quả.", ["Các chi, đảng bộ trực thuộc"], None),
    ("Các doanh nghiệp, hợp tác xã liên kết tiêu thụ nông sản.", ["Các doanh nghiệp, hợp tác xã"], None),
    ("Phong Ky thuat chu tri, phoi hop voi To san xuat so 2.", ["Phong Ky thuat"], None),
    (
        "Bệnh viện Đa khoa huyện kiểm tra chéo giữa các khoa.",
        ["Bệnh viện Đa khoa huyện"],
        None,
    ),
    ("Trung tâm dịch vụ việc làm chủ động kết nối.", ["Trung tâm dịch vụ việc làm"], None),
    (
        "Ban Quản lý dự án đầu tư xây dựng huyện báo cáo.",
        ["Ban Quản lý dự án đầu tư xây dựng huyện"],
        None,
    ),
    ("Cấp ủy, lãnh đạo các đơn vị quán triệt.", ["Cấp ủy", "Lãnh đạo các đơn vị"], None),
    (
        "Phòng Kinh tế, Hạ tầng và Đô thị phường thẩm định.",
        ["Phòng Kinh tế, Hạ tầng và Đô thị phường"],
        None,
    ),
    ("Giao Văn phòng Sở theo dõi.", ["Văn phòng Sở"], "giao"),
    ("Giao cho Phòng Nội vụ là cơ quan thường trực.", ["Phòng Nội vụ"], "giao"),
    (
        "Đề nghị Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh và các tổ chức chính trị - xã hội giám sát.",
        ["Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh", "Các tổ chức chính trị - xã hội"],
        "de_nghi",
    ),
    (
        "Yêu cầu toàn thể công chức, người lao động hưởng ứng.",
        ["Toàn thể công chức, người lao động"],
        "yeu_cau",
    ),
    ("Khuyến khích các doanh nghiệp giúp đỡ hộ nghèo.", ["Các doanh nghiệp"], "khuyen_khich"),
    ("Vận động các cơ quan, tổ chức giúp đỡ hộ nghèo.", ["Các cơ quan, tổ chức"], "van_dong"),
    (
        "UBND huyện yêu cầu Thủ trưởng các cơ quan; Chủ tịch UBND các xã nghiêm túc thực hiện.",
        ["Thủ trưởng các cơ quan", "Chủ tịch UBND các xã"],
        "yeu_cau",
    ),
    ("Căn cứ tình hình thực tế, các phòng, đơn vị chủ động sơ kết.", ["Các phòng, đơn vị"], None),
    ("Hằng năm, trong trường hợp cần thiết, Văn phòng tổ chức kiểm tra.", ["Văn phòng"], None),
    ("Trước ngày 15/12, các trường gửi báo cáo.", ["Các trường"], None),
    (
        "Trong quá trình thực hiện, nếu có vướng mắc đề nghị các cơ quan, đơn vị phản ánh về Sở Nội vụ.",
        ["Các cơ quan, đơn vị"],
        "de_nghi",
    ),
    (
        "Tăng cường sự lãnh đạo của cấp ủy, chính quyền các cấp trong tổ chức phong trào.",
        ["Cấp ủy, chính quyền các cấp"],
        None,
    ),
    ("Các đơn vị, trong trường hợp cần thiết, xây dựng hướng dẫn.", ["Các đơn vị"], None),
    ("Ban Tuyên giáo Huyện uỷ chỉ đạo tuyên truyền.", ["Ban Tuyên giáo Huyện ủy"], None),
    # a verb that no list knows ends a name after its level, its place, its tail
    ("Đoàn Thanh niên xã dán áp phích tại chợ.", ["Đoàn Thanh niên xã"], None),
    ("Đảng ủy xã Thanh Sơn ra nghị quyết chuyên đề.", ["Đảng ủy xã Thanh Sơn"], None),
    ("Hội Làm vườn huyện được khuyến khích mở lớp.", ["Hội Làm vườn huyện"], None),
    ("Các cửa hàng trên địa bàn treo biển niêm yết giá.", ["Các cửa hàng trên địa bàn"], None),
    ("Trưởng thôn lên danh sách hộ khó khăn.", ["Trưởng thôn"], None),
    ("Hội Phụ nữ huyện dò lại danh sách.", ["Hội Phụ nữ huyện"], None),
    ("Công an xã trực chốt 24/24 giờ.", ["Công an xã"], None),
    ("Hội Phụ nữ các cấp gây quỹ giúp hội viên.", ["Hội Phụ nữ các cấp"], None),
    ("Các cấp ủy, chính quyền quán triệt kế hoạch.", ["Các cấp ủy, chính quyền"], None),
    ("Các đơn vị trực thuộc Sở gửi báo cáo.", ["Các đơn vị trực thuộc Sở"], None),
    ("Hội Nông dân các xã vùng cao vận động hội viên.", ["Hội Nông dân các xã vùng cao"], None),
    ("Bảo hiểm xã hội tỉnh soi chiếu hồ sơ.", ["Bảo hiểm xã hội tỉnh"], None),
    ("Giáo viên chủ nhiệm phối hợp với gia đình.", ["Giáo viên chủ nhiệm"], None),
    ("Phòng Tổ chức và Nhân sự là đầu mối theo dõi.", ["Phòng Tổ chức và Nhân sự"], None),
    (
        "Nhóm giúp việc của Hội đồng thi đua - khen thưởng huyện họp hằng tháng.",
        ["Nhóm giúp việc của Hội đồng thi đua - khen thưởng huyện"],
        None,
    ),
    ("UBND các xã phân công lãnh đạo phụ trách từng thôn.", ["UBND các xã"], None),
    ("UBND huyện phân công Phòng Nội vụ theo dõi.", ["Phòng Nội vụ"], "giao"),
    ("Hằng tháng các xã báo cáo Phòng Nội vụ.", ["Các xã"], None),
    ("Tòa án nhân dân huyện, Công an huyện cùng vào cuộc.", ["Tòa án nhân dân huyện", "Công an huyện"], None),
]
NOBODY = [
    "Tổ chức thực hiện có hiệu quả phong trào thi đua.",
    "Ban hành kế hoạch và tổ chức phát động.",
    "Báo cáo kết quả về Sở Nội vụ.",
    "Phòng, chống lãng phí trong sử dụng ngân sách.",
    "Phong trào thi đua phải thiết thực.",
    "Sơ kết, tổng kết phong trào.",
    "Hội nghị tổng kết tổ chức vào tháng 12.",
    "Bảo đảm công khai, minh bạch.",
    "Lãnh đạo, chỉ đạo tổ chức tốt phong trào.",
    "Số lượng sáng kiến tăng hằng năm.",
    "Căn cứ đặc điểm tình hình, yêu cầu nhiệm vụ, tiếp tục đẩy mạnh tuyên truyền.",
    "Đề nghị các cấp khen thưởng tập thể, cá nhân tiêu biểu.",
    "Đoàn kết xây dựng cơ quan vững mạnh.",
    "Phân công cán bộ theo dõi từng địa bàn.",
    "Giáo dục truyền thống cho đoàn viên.",
    "Trường có 30 giáo viên, nhân viên.",
    "Năm 2031: tổ chức phát động phong trào; các phòng, đơn vị đăng ký.",
]


def _actor(sentence: str) -> tuple[list[str], str | None] | None:
    actor = actor_at(Words(sentence), 0, len(sentence))
    return (list(actor.names), actor.modality) if actor else None


@pytest.mark.parametrize(("sentence", "names", "modality"), ACTORS)
def test_actor_of_sentence(sentence: str, names: list[str], modality: str | None) -> None:
    assert _actor(sentence) == (names, modality)


@pytest.mark.parametrize("sentence", NOBODY)
def test_actor_where_nobody_is_named(sentence: str) -> None:
    assert _actor(sentence) is None


def test_bodies_of_a_heading_need_no_verb() -> None:
    bodies = bodies_at(Words("Sở Nội vụ và các đơn vị liên quan"), 0)

    assert bodies is not None
    assert (bodies.names, bodies.followed) == (("Sở Nội vụ", "Các đơn vị liên quan"), False)


@pytest.mark.parametrize(
    ("sentence", "names"),
    [
        (
            "Chủ trì, phối hợp với Phòng Nội vụ, Phòng Tài chính hướng dẫn.",
            ["Phòng Nội vụ", "Phòng Tài chính"],
        ),
        ("Phối hợp Công đoàn cơ sở tổ chức hội thi.", ["Công đoàn cơ sở"]),
        ("Phối hợp chặt chẽ với các ngành, các đoàn thể vận động.", ["Các ngành", "Các đoàn thể"]),
        ("Theo dõi, đôn đốc việc thực hiện.", []),
    ],
)
def test_coordinating_bodies(sentence: str, names: list[str]) -> None:
    assert coordinating_bodies(Words(sentence), 0, len(sentence)) == names


@pytest.mark.parametrize(
    ("sentence", "names"),
    [
        ("Báo cáo kết quả về Sở Nội vụ trước ngày 15/11.", ["Sở Nội vụ"]),
        ("Gửi báo cáo về UBND xã (qua Văn phòng) trước 30/11.", ["UBND xã"]),
        ("Tham mưu UBND huyện báo cáo Sở Y tế, UBND tỉnh.", ["Sở Y tế", "UBND tỉnh"]),
        ("Tham mưu Hội đồng Thi đua tổ chức kiểm tra.", ["Hội đồng Thi đua"]),
        ("Tặng quà cho hộ nghèo.", []),
    ],
)
def test_report_bodies(sentence: str, names: list[str]) -> None:
    assert report_bodies(Words(sentence), 0, len(sentence)) == names


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("các phòng, đơn vị", "Các phòng, đơn vị"),
        ("Phòng Lao động– Thương binh và Xã hội", "Phòng Lao động - Thương binh và Xã hội"),
        ("Huyện uỷ", "Huyện ủy"),
        ("SỞ NỘI VỤ", "Sở nội vụ"),
        ("Ban  Thi đua- Khen thưởng;", "Ban Thi đua - Khen thưởng"),
    ],
)
def test_normal_name(printed: str, name: str) -> None:
    assert normal_name(printed) == name
