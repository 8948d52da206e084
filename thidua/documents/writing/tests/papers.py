"""Papers for tests, one of each type in use; people and bodies are made up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from thidua.documents.writing.paper import (
    Appendix,
    Article,
    Column,
    Figure,
    Heading,
    Item,
    Level,
    Paper,
    Paragraph,
    Run,
    Signature,
    Table,
    Urgency,
)

CHART = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 120" width="400" height="120">'
    '<rect x="10" y="20" width="60" height="90" fill="#a6192e"/>'
    '<text x="10" y="15" font-family="Be Vietnam Pro" font-size="12">Tỷ lệ hộ nghèo 12,3 %</text></svg>'
)
LONG = (
    "Các cơ quan, đơn vị, địa phương tổ chức quán triệt, tuyên truyền sâu rộng mục đích, ý nghĩa, nội dung "
    "của Phong trào thi đua đến cán bộ, công chức, viên chức, người lao động và Nhân dân trên địa bàn; phát "
    "hiện, bồi dưỡng, tổng kết, nhân rộng các mô hình hay, cách làm hiệu quả trong giảm nghèo bền vững."
)


def ke_hoach() -> Paper:
    return Paper(
        kind="ke_hoach",
        superior=("Ủy ban nhân dân tỉnh Lạng Sơn",),
        issuer=("Sở Nội vụ",),
        number="05",
        symbol="KH-SNV",
        place="Lạng Sơn",
        dated=date(2023, 2, 7),
        title="Tổ chức thực hiện phong trào thi đua “Vì người nghèo - Không để ai bị bỏ lại phía sau”"
        " giai đoạn 2021 - 2025",
        bases=(
            "Luật Thi đua, khen thưởng ngày 15 tháng 6 năm 2022",
            "Quyết định số 666/QĐ-TTg ngày 02/6/2022",
        ),
        body=(
            Paragraph(f"Sở Nội vụ ban hành Kế hoạch như sau: {LONG}"),
            Heading(Level.CAPITAL, "Mục đích, yêu cầu"),
            Heading(Level.CLAUSE, "Mục đích"),
            *(Item(Level.POINT, f"{LONG} Điểm thứ {at}.") for at in range(1, 8)),
            Heading(Level.CLAUSE, "Yêu cầu"),
            Item(Level.DASH, (Run("Bảo đảm công khai"), Run(" và đúng hạn", is_bold=True), Run("."))),
            Heading(Level.CAPITAL, "Tổ chức thực hiện"),
            Item(
                Level.CLAUSE,
                (Run("Văn phòng Sở", note="Gồm cả bộ phận một cửa."), Run(" chủ trì, theo dõi.")),
            ),
            Item(Level.CLAUSE, LONG),
            Paragraph("Trên đây là Kế hoạch, yêu cầu các đơn vị thực hiện.", is_ending=True),
        ),
        signature=Signature(("KT. Giám đốc", "Phó Giám đốc"), "Nguyễn Văn An"),
        recipients=("UBND tỉnh (b/c)", "Các phòng, đơn vị thuộc Sở", "Lưu: VT, VP"),
        contact="Số 1 đường Hùng Vương, thành phố Lạng Sơn; thư điện tử: sonoivu@vi-du.vn",
        drafter="NVA.(30)",
    )


def bao_cao() -> Paper:
    rows = tuple((str(at), f"Xã Tân Tiến {at}", f"{at * 37}", f"{at},5") for at in range(1, 61))
    return replace(
        ke_hoach(),
        kind="bao_cao",
        symbol="BC-SNV",
        title="Kết quả thực hiện Phong trào thi đua năm 2023",
        bases=(),
        body=(
            Heading(Level.CAPITAL, "Kết quả"),
            Paragraph(LONG),
            Table(
                (
                    Column("STT"),
                    Column("Đơn vị", 4),
                    Column("Số hộ nghèo", 2, is_number=True),
                    Column("Tỷ lệ (%)", 2, is_number=True),
                ),
                (*rows, ("", "Cộng", "67.710", "")),
                caption="Bảng 1. Hộ nghèo theo xã",
                bold_rows=frozenset({60}),
                note="Số liệu sơ bộ đến ngày 15/11/2023.",
            ),
            Figure(CHART, "Hình 1. Tỷ lệ hộ nghèo", "Cột cao 12,3 phần trăm"),
            Heading(Level.CAPITAL, "Phương hướng"),
            Paragraph(LONG, is_ending=True),
        ),
    )


def to_trinh() -> Paper:
    return replace(
        ke_hoach(),
        kind="to_trinh",
        symbol="TTr-SNV",
        title="Về việc tặng Bằng khen của Chủ tịch Ủy ban nhân dân tỉnh",
        addressees=("Ủy ban nhân dân tỉnh", "Hội đồng Thi đua - Khen thưởng tỉnh"),
        bases=("Luật Thi đua, khen thưởng ngày 15 tháng 6 năm 2022",),
        body=(Paragraph(LONG), Paragraph("Kính trình xem xét, quyết định.", is_ending=True)),
    )


def cong_van() -> Paper:
    return replace(
        ke_hoach(),
        kind="cong_van",
        symbol="SNV-TĐKT",
        title="V/v đôn đốc gửi báo cáo Phong trào thi đua năm 2023",
        addressees=("Ủy ban nhân dân các xã, phường, thị trấn",),
        bases=(),
        body=(Paragraph(LONG), Paragraph(LONG, is_ending=True)),
        urgency=Urgency.AT_ONCE,
    )


def thong_bao() -> Paper:
    return replace(
        ke_hoach(),
        kind="thong_bao",
        symbol="TB-SNV",
        title="Kết luận của Giám đốc Sở tại cuộc họp giao ban",
        bases=(),
        body=(Paragraph(LONG), Item(Level.CLAUSE, LONG), Item(Level.CLAUSE, LONG)),
        restriction="Lưu hành nội bộ",
        urgency=Urgency.URGENT,
    )


def giay_moi() -> Paper:
    return replace(
        ke_hoach(),
        kind="giay_moi",
        symbol="GM-SNV",
        title="Dự Hội nghị sơ kết Phong trào thi đua",
        bases=(),
        body=(
            Paragraph("Sở Nội vụ trân trọng kính mời: Lãnh đạo Ủy ban nhân dân các huyện, thành phố"),
            Paragraph("Tới dự: Hội nghị sơ kết Phong trào thi đua giai đoạn 2021 - 2023"),
            Paragraph("Thời gian: 08 giờ 00, ngày 20 tháng 11 năm 2023"),
            Paragraph("Địa điểm: Hội trường tầng 2, trụ sở Sở Nội vụ", is_ending=True),
        ),
    )


def bien_ban() -> Paper:
    return replace(
        ke_hoach(),
        kind="bien_ban",
        symbol="BB-HĐTĐKT",
        title="Họp xét thi đua, khen thưởng năm 2023",
        bases=(),
        body=(
            Paragraph("Thời gian bắt đầu: 08 giờ 00, ngày 20 tháng 11 năm 2023"),
            Paragraph("Nội dung: bỏ phiếu kín."),
        ),
        signature=Signature(("Chủ tọa",), "Trần Thị Bình"),
        cosigner=Signature(("Thư ký",), "Lê Văn Cường"),
    )


def quyet_dinh() -> Paper:
    people = tuple((str(at), f"Ông Nông Văn {at}", "Công chức xã Tân Tiến") for at in range(1, 41))
    return replace(
        ke_hoach(),
        kind="quyet_dinh",
        superior=(),
        issuer=("Ủy ban nhân dân", "tỉnh Lạng Sơn"),
        number=None,
        dated=None,
        symbol="QĐ-UBND",
        title="Về việc tặng Bằng khen của Chủ tịch Ủy ban nhân dân tỉnh",
        decider="Chủ tịch Ủy ban nhân dân tỉnh Lạng Sơn",
        bases=(
            "Luật Tổ chức chính quyền địa phương ngày 16 tháng 6 năm 2025",
            "Theo đề nghị của Giám đốc Sở Nội vụ tại Tờ trình số 12/TTr-SNV ngày 20 tháng 11 năm 2023",
        ),
        body=(
            Article("Tặng Bằng khen cho 40 cá nhân (có danh sách kèm theo)."),
            Article("Quyết định này có hiệu lực kể từ ngày ký."),
            Article(
                "Chánh Văn phòng Ủy ban nhân dân tỉnh và các cá nhân có tên chịu trách nhiệm thi hành./."
            ),
        ),
        signature=Signature(("TM. Ủy ban nhân dân", "Chủ tịch"), "Hoàng Văn Dũng"),
        appendices=(
            Appendix(
                "Danh sách cá nhân được tặng Bằng khen",
                (Table((Column("STT"), Column("Họ và tên", 4), Column("Đơn vị", 6)), people),),
                "I",
            ),
            Appendix(
                "Bảng điểm",
                (
                    Table(
                        tuple(Column(f"Tiêu chí {at}", 1, is_number=at > 1) for at in range(1, 11)),
                        (tuple("9,5" for _ in range(10)),) * 50,
                    ),
                ),
                "II",
                is_landscape=True,
            ),
        ),
    )


def giay_xac_nhan() -> Paper:
    return replace(
        ke_hoach(),
        kind="giay_xac_nhan",
        symbol="GXN-SNV",
        title="Thành tích của tập thể",
        bases=(),
        body=(Paragraph(LONG), Paragraph("Giấy này có giá trị trong 30 ngày.", is_ending=True)),
    )


ALL = {
    make.__name__: make
    for make in (
        ke_hoach,
        bao_cao,
        to_trinh,
        cong_van,
        thong_bao,
        giay_moi,
        bien_ban,
        quyet_dinh,
        giay_xac_nhan,
    )
}
