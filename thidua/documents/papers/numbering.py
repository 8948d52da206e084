"""Giving numbers: the next of a book, one put in late, one cancelled.

Hides how it stays without gap and without double: the row of the book is locked while the next number is
taken, number and its use are written in one transaction, and nothing is ever deleted. A process that dies
between has given nothing. Source: NĐ 30/2020, art. 15, 22, 25.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import Max

from thidua.audit.log import Actor, record
from thidua.core.errors import ChangedMeanwhile, RuleNotMet
from thidua.core.formats import format_date
from thidua.documents.models import BookKind, GivenNumber, NumberBook, PaperOffice
from thidua.documents.papers.symbols import next_suffix, printed


def series_of(unit_id: int, kind: str) -> str:
    """The series in which a kind is numbered: empty for the common one. As the body's head decided."""
    office = PaperOffice.objects.filter(unit_id=unit_id).first()
    return "" if office is None or office.has_common_series else kind


def give(
    unit_id: int,
    book_kind: BookKind,
    *,
    dated: date,
    label: str,
    actor: Actor,
    now: datetime,
    series: str = "",
    symbol: str = "",
) -> GivenNumber:
    """The next number of the book of the year of `dated`.

    Raises RuleNotMet when `dated` lies before the date of the last number: then a number is put in late.
    Call it inside the transaction that uses the number.
    """
    with transaction.atomic():
        book = _locked_book(unit_id, book_kind, series, dated.year)
        latest = book.numbers.aggregate(day=Max("dated"))["day"]
        if latest is not None and dated < latest:
            raise RuleNotMet(
                f"Chưa cấp được số với ngày {format_date(dated)}",
                why=f"sổ đã có số đề ngày {format_date(latest)}, mà số tăng dần theo ngày",
                next_step="Đề ngày từ ngày đó trở đi, hoặc chèn số phụ kèm lý do",
            )
        order = book.last + 1
        number = GivenNumber.objects.create(
            book=book,
            order=order,
            text=printed(order),
            symbol=symbol,
            dated=dated,
            label=label[:500],
            given_at=now,
            given_by=actor.user,
        )
        NumberBook.objects.filter(pk=book.pk).update(last=order)
    return number


def put_in_late(
    after: GivenNumber,
    *,
    label: str,
    reason: str,
    actor: Actor,
    now: datetime,
    symbol: str = "",
) -> GivenNumber:
    """A number between two that are given: 12a behind 12, with the date of 12. Always with a reason."""
    reason = reason.strip()
    if not reason:
        raise RuleNotMet(
            "Chưa chèn được số phụ",
            why="chưa ghi lý do",
            next_step="Ghi vì sao văn bản không được lấy số đúng ngày rồi gửi lại",
        )
    with transaction.atomic():
        book = NumberBook.objects.select_for_update().get(pk=after.book_id)
        taken = list(book.numbers.filter(order=after.order).values_list("suffix", flat=True))
        suffix = next_suffix(taken)
        return GivenNumber.objects.create(
            book=book,
            order=after.order,
            suffix=suffix,
            text=printed(after.order, suffix),
            symbol=symbol,
            dated=after.dated,
            label=label[:500],
            reason=reason[:500],
            given_at=now,
            given_by=actor.user,
        )


def cancel(number: GivenNumber, *, reason: str, actor: Actor, now: datetime) -> None:
    """Nobody uses this number any more; it stays in the book with the reason and is never given again."""
    reason = reason.strip()
    if not reason:
        raise RuleNotMet("Chưa hủy được số", why="chưa ghi lý do", next_step="Ghi lý do rồi gửi lại")
    with transaction.atomic():
        changed = GivenNumber.objects.filter(pk=number.pk, cancelled_at__isnull=True).update(
            cancelled_at=now, cancel_reason=reason[:500]
        )
        if not changed:
            raise ChangedMeanwhile(
                "Chưa hủy được số", why="số này đã hủy rồi", next_step="Mở lại sổ văn bản để xem"
            )
        number.refresh_from_db()
        record(
            "documents.givennumber.cancel",
            number,
            label="Hủy số văn bản",
            actor=actor,
            now=now,
            object_unit_id=number.book.unit_id,
            reason=reason,
        )


def gaps(book: NumberBook) -> list[int]:
    """Orders that the book lacks from 1 to its last: always none; the page of the book and tests ask."""
    orders = set(book.numbers.filter(suffix="").values_list("order", flat=True))
    return [order for order in range(1, book.last + 1) if order not in orders]


def _locked_book(unit_id: int, kind: BookKind, series: str, year: int) -> NumberBook:
    NumberBook.objects.get_or_create(unit_id=unit_id, kind=kind, series=series, year=year)
    return NumberBook.objects.select_for_update().get(unit_id=unit_id, kind=kind, series=series, year=year)


def set_office(
    unit_id: int,
    *,
    abbreviation: str,
    place: str,
    has_common_series: bool,
    actor: Actor,
    now: datetime,
) -> PaperOffice:
    """Write down what the head decided on abbreviation, place and series. Needs `office.configure`.

    Raises RuleNotMet when the series would change in a year that has numbers: a number would come twice.
    """
    office = PaperOffice.objects.filter(unit_id=unit_id).first() or PaperOffice(
        unit_id=unit_id, has_common_series=has_common_series
    )
    actor.require("office.configure", office)
    abbreviation, place = " ".join(abbreviation.split()), " ".join(place.split())
    if not abbreviation or not place or any(sign in abbreviation for sign in " /"):
        raise RuleNotMet(
            "Chưa ghi được thể thức của cơ quan",
            why="thiếu chữ viết tắt hoặc địa danh, hoặc chữ viết tắt có dấu cách, dấu gạch chéo",
            next_step="Ghi chữ viết tắt viết liền, ví dụ UBND, và địa danh, ví dụ Phong Thổ",
        )
    numbered = GivenNumber.objects.filter(
        book__unit_id=unit_id, book__kind=BookKind.OUTGOING, book__year=actor.on.year
    )
    if has_common_series != office.has_common_series and numbered.exists():
        raise RuleNotMet(
            "Chưa đổi được dãy số",
            why=f"năm {actor.on.year} đã cấp số theo dãy cũ; đổi giữa năm sẽ làm trùng số",
            next_step="Đổi trước khi cấp số đầu tiên của năm sau",
        )
    before = {"abbreviation": office.abbreviation, "place": office.place} if office.pk else {}
    office.abbreviation, office.place, office.has_common_series = abbreviation, place, has_common_series
    with transaction.atomic():
        office.save()
        record(
            "documents.paperoffice.set",
            office,
            label="Đặt thể thức của cơ quan",
            actor=actor,
            now=now,
            object_unit_id=unit_id,
            details={
                "trước": before,
                "abbreviation": abbreviation,
                "place": place,
                "has_common_series": has_common_series,
            },
        )
    return office


def office_of(unit_id: int) -> str:
    """The abbreviation of a body. Raises RuleNotMet when nobody has said it."""
    office = PaperOffice.objects.filter(unit_id=unit_id).first()
    if office is None:
        raise RuleNotMet(
            "Chưa lấy được ký hiệu",
            why="cơ quan chưa đặt chữ viết tắt",
            next_step="Đặt chữ viết tắt ở trang Sổ văn bản rồi làm lại",
        )
    return office.abbreviation
