"""The printed papers of a fund: the receipt of one gift, the statement of a period."""

from __future__ import annotations

from thidua.core.formats import format_date
from thidua.core.spelled_numbers import spelled_dong
from thidua.documents.letterhead import letterhead_of
from thidua.documents.writing.paper import Block, Column, Item, Level, Paper, Paragraph, Run, Signature, Table
from thidua.resources.funds.amounts import figure, in_words, titled
from thidua.resources.funds.statement import Statement
from thidua.resources.models import Receipt, ReceiptState


def receipt_paper(receipt: Receipt) -> Paper:
    """Biên nhận (phiếu thu) with the number of the fund's own series, signed by giver and taker."""
    fund, donor, holding = receipt.fund, receipt.donor, receipt.holding
    head = letterhead_of(fund.unit_id, on=receipt.received_on)
    lines: list[Block] = []
    if receipt.state == ReceiptState.REVERSED:
        lines.append(Paragraph([Run("ĐÃ HỦY – KHÔNG CÓ GIÁ TRỊ", is_bold=True)]))
    if fund.is_invented:
        lines.append(Paragraph([Run("Ví dụ trình diễn, không có thật.", is_italic=True)]))
    lines += [
        Item(Level.DASH, f"Người ủng hộ: {donor.name}"),
        *([Item(Level.DASH, f"Địa chỉ: {donor.address}")] if donor.address else []),
        Item(Level.DASH, f"Quỹ: {fund.name}"),
        Item(Level.DASH, f"Đã nhận: {in_words(receipt.amount, holding)}"),
    ]
    if holding.is_money:
        lines.append(Item(Level.DASH, f"Bằng chữ: {spelled_dong(receipt.amount)}"))
    else:
        value = "chưa xác định" if receipt.stated_dong is None else f"{_dong(receipt.stated_dong)} đồng"
        lines.append(Item(Level.DASH, f"Giá trị quy ra tiền: {value}"))
    if receipt.content:
        lines.append(Item(Level.DASH, f"Nội dung: {receipt.content}"))
    lines += [
        Item(Level.DASH, f"Ngày nhận: {format_date(receipt.received_on)}"),
        Paragraph(f"{head.name or fund.unit} trân trọng cảm ơn tấm lòng của người ủng hộ", is_ending=True),
    ]
    return Paper(
        kind="bien_nhan",
        superior=head.superior,
        issuer=head.issuer,
        issuer_name=head.name,
        place=head.place,
        number=f"{receipt.number:02}",
        symbol=f"BN-{fund.symbol}",
        dated=receipt.received_on,
        title=f"Ủng hộ {fund.name}",
        body=tuple(lines),
        cosigner=Signature(("Người ủng hộ",), donor.name if not donor.is_private else ""),
        signature=Signature(("Người nhận",)),
        recipients=("Người ủng hộ", f"Lưu: VT, hồ sơ {fund.name}"),
    )


def statement_paper(found: Statement) -> Paper:
    """The statement as a report of the body, unsigned and without a number: the office gives them."""
    fund = found.fund
    head = letterhead_of(fund.unit_id, on=found.until)
    rows = tuple(
        (
            titled(line.holding),
            *(
                figure(amount, line.holding)
                for amount in (line.opening, line.received, line.given_on, line.closing, line.waiting)
            ),
        )
        for line in found.lines
    )
    donors = tuple((one.kind, str(one.donors), in_words(one.amount, one.holding)) for one in found.by_donors)
    period = f"từ ngày {format_date(found.since)} đến hết ngày {format_date(found.until)}"
    body: list[Block] = [
        Paragraph(f"{head.name} báo cáo tình hình thu, chi {fund.name} {period} như sau:"),
        Table(
            columns=(
                Column("Khoản", 3),
                *(
                    Column(name, 2, is_number=True)
                    for name in ("Đầu kỳ", "Thu", "Chi", "Cuối kỳ", "Chờ chứng minh")
                ),
            ),
            rows=rows,
            caption="Thu, chi và số dư",
        ),
    ]
    if donors:
        body.append(
            Table(
                columns=(
                    Column("Người ủng hộ", 3),
                    Column("Số người", 1, is_number=True),
                    Column("Đã ủng hộ", 3),
                ),
                rows=donors,
                caption="Theo người ủng hộ",
            )
        )
    body.append(Paragraph(f"Trên đây là tình hình thu, chi {fund.name} {period}", is_ending=True))
    return Paper(
        kind="bao_cao",
        superior=head.superior,
        issuer=head.issuer,
        issuer_name=head.name,
        place=head.place,
        symbol=head.symbol("bao_cao"),
        title=f"Tình hình thu, chi {fund.name} {period}",
        body=tuple(body),
        signature=Signature(head.authority or ("Thủ trưởng đơn vị",)),
        recipients=("Lưu: VT",),
    )


def _dong(amount: int) -> str:
    return f"{amount:,}".replace(",", ".")
