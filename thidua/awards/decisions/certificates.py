"""Certificates of awards: numbers of the golden book, codes, who received them, what is printed on them.

Numbers run without gap for each body and year: the row of the book is locked while numbers are taken, and
numbers and certificates are written in one transaction. Hides how codes are made that nobody can guess.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from thidua.audit.log import Actor, record
from thidua.awards.decisions import wording
from thidua.awards.decisions.decision_papers import short_form
from thidua.awards.decisions.layout import CertificateText
from thidua.awards.models import (
    AwardDecision,
    AwardState,
    Certificate,
    GoldenBook,
    RegisteredAward,
)
from thidua.core.errors import ChangedMeanwhile, RuleNotMet
from thidua.criteria.lawbook import NotInLawbook

#: Letters and digits that nobody takes for one another; 12 of them are 59 bits.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 12


def new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def locked_book(unit_id: int, year: int) -> GoldenBook:
    """The book of a year, held until the transaction ends. A new one goes on behind imported numbers."""
    book, is_new = GoldenBook.objects.select_for_update().get_or_create(unit_id=unit_id, year=year)
    if is_new:
        numbers = RegisteredAward.objects.filter(issuer_id=unit_id, decided_year=year).values_list(
            "golden_book_number", flat=True
        )
        book.last = max((int(one) for one in numbers if one.isascii() and one.isdigit()), default=0)
        book.save(update_fields=["last"])
    return book


def take_numbers(unit_id: int, year: int, count: int) -> tuple[GoldenBook, range]:
    """The next `count` numbers. Call it inside the transaction that uses all of them."""
    book = locked_book(unit_id, year)
    numbers = range(book.last + 1, book.last + 1 + count)
    book.last += count
    book.save(update_fields=["last"])
    return book, numbers


@dataclass(frozen=True, slots=True)
class Printed:
    """What a certificate says besides the words of the register."""

    detail: str
    giver: str
    place: str
    signer_title: str
    signer_name: str


def write(
    awards: Sequence[RegisteredAward],
    printed: Sequence[Printed],
    *,
    book: GoldenBook | None,
    numbers: Sequence[int] | range,
) -> list[Certificate]:
    """Certificates for awards that carry these numbers already. Inside the caller's transaction."""
    rows = [
        Certificate(
            award=award,
            book=book,
            order=number,
            code=new_code(),
            detail=words.detail[:500],
            giver=words.giver[:300],
            place=words.place[:120],
            signer_title=words.signer_title[:200],
            signer_name=words.signer_name[:150],
        )
        for award, words, number in zip(awards, printed, numbers, strict=True)
    ]
    return Certificate.objects.bulk_create(rows, batch_size=500)


def give(award: RegisteredAward, *, actor: Actor, now: datetime) -> Certificate:
    """A certificate for an award of the register that has none: typed in or imported.

    It keeps the golden-book number that the award came with; without one it takes none, for the number of a
    past decision is the past body's to give. Given twice, it is the first. Raises NotAllowed, RuleNotMet.
    """
    there = Certificate.objects.filter(award=award).first()
    if there is not None:
        return there
    fresh = Certificate(award=award, code=new_code())
    actor.require("certificate.keep", fresh)
    if award.state != AwardState.IN_FORCE:
        raise RuleNotMet(
            "Chưa cấp được bằng",
            why=f"khoản khen thưởng đang ở tình trạng «{award.get_state_display()}»",
            next_step="Chỉ cấp bằng cho khoản còn hiệu lực",
        )
    fresh.detail = award.unit_name
    fresh.signer_name = award.signer
    if award.issuer_id is not None and award.decided_on is not None:
        decider = wording.decider_of(award.issuer_id, on=award.decided_on)
        fresh.giver, fresh.signer_title, fresh.place = decider.title, decider.signer_title, decider.place
    else:
        fresh.giver = award.issuer_name
    with transaction.atomic():
        fresh.save(force_insert=True)
        record(
            "awards.certificate.give",
            award,
            label="Cấp bằng cho khoản khen thưởng trong sổ",
            actor=actor,
            now=now,
            object_unit_id=award.keeper_id,
        )
    return fresh


def text_of(certificate: Certificate, *, address: str) -> CertificateText:
    """The words of one certificate. `address` is the site; the code's page is put behind it."""
    award = certificate.award
    day = award.decided_on
    return CertificateText(
        {
            "ten": award.subject_name,
            "chi_tiet": certificate.detail,
            "thanh_tich": award.achievement,
            "hinh_thuc": form_of(award),
            "co_quan": certificate.giver.upper(),
            "so_quyet_dinh": award.decision_number,
            "ngay": f"{day:%d}" if day else "…",
            "thang": (f"{day:%m}" if day.month < 3 else str(day.month)) if day else "…",
            "nam": str(award.decided_year),
            "so_vang": award.golden_book_number,
            "dia_danh": certificate.place,
            "chuc_vu_ky": certificate.signer_title.upper(),
            "nguoi_ky": certificate.signer_name,
            "ma": certificate.code,
        },
        address=f"{address}/kiem-tra-khen-thuong/{certificate.code}/" if address else "",
    )


def form_of(award: RegisteredAward) -> str:
    """The form as printed large: «Giấy khen»."""
    if not award.form:
        return award.form_name
    try:
        return short_form(award.form, award.decided_on or date(award.decided_year, 12, 31))
    except NotInLawbook:
        return award.form_name


def of(decision: AwardDecision) -> list[Certificate]:
    """The certificates that came out of a decision, in the order of its list."""
    return list(
        Certificate.objects.filter(
            award__decision_lines__decision=decision, award__decision_lines__is_alive=True
        )
        .select_related("award", "book")
        .order_by("award__decision_lines__position")
    )


def hand_over(
    received: Mapping[int, str] | Collection[int],
    *,
    decision: AwardDecision,
    on: date,
    actor: Actor,
    now: datetime,
) -> int:
    """Write down that certificates of a decision were handed over on a day, and to whom; returns how many.

    `received` gives the receiver by the key of the certificate; without a name it is the subject. Raises
    RuleNotMet for a day in the future or before the decision, for a revoked award.
    """
    what = "Chưa ghi được là đã trao"
    actor.require("certificate.hand_over", decision)
    if decision.dated is None or not decision.dated <= on <= actor.on:
        raise RuleNotMet(
            what,
            why="ngày trao trước ngày quyết định hoặc sau hôm nay",
            next_step="Ghi ngày đã trao",
        )
    wanted = received if isinstance(received, Mapping) else dict.fromkeys(received, "")
    rows = [one for one in of(decision) if one.pk in wanted and one.handed_on is None]
    with transaction.atomic():
        for one in rows:
            if one.award.state != AwardState.IN_FORCE:
                raise RuleNotMet(
                    what,
                    why=f"khen thưởng của «{one.award.subject_name}» đã hủy bỏ",
                    next_step="Bỏ chọn dòng đó",
                )
            receiver = (wanted[one.pk].strip() or one.award.subject_name)[:200]
            if not Certificate.objects.filter(pk=one.pk, handed_on__isnull=True).update(
                handed_on=on, received_by=receiver
            ):
                raise ChangedMeanwhile(
                    what, why="người khác vừa ghi dòng này", next_step="Mở lại trang rồi chọn lại"
                )
        if rows:
            record(
                "awards.certificate.hand_over",
                decision,
                label="Trao bằng, giấy khen",
                actor=actor,
                now=now,
                object_unit_id=decision.unit_id,
                details={"số bằng": len(rows), "ngày": on},
            )
    return len(rows)


def take_back(certificate: Certificate, *, on: date, actor: Actor, now: datetime) -> None:
    """The paper of a revoked award came back."""
    actor.require("certificate.keep", certificate)
    if certificate.award.state != AwardState.REVOKED or on > actor.on:
        raise RuleNotMet(
            "Chưa ghi được là đã thu lại bằng",
            why="khen thưởng còn hiệu lực, hoặc ngày sau hôm nay",
            next_step="Hủy bỏ khen thưởng bằng một quyết định trước",
        )
    with transaction.atomic():
        Certificate.objects.filter(pk=certificate.pk).update(taken_back_on=on)
        record(
            "awards.certificate.take_back",
            certificate.award,
            label="Thu lại bằng, giấy khen",
            actor=actor,
            now=now,
            object_unit_id=certificate.award.keeper_id,
            details={"ngày": on},
        )
    certificate.taken_back_on = on
