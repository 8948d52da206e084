"""From the reviewed paper to the issued one: signature, number, seal; and back, with a reason.

Person first, then number and date, then the seal (decision 0015). What takes long (drawing, signing) is done
before the transaction; in it the row is locked and asked whether it is still what was drawn.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime

from django.db import transaction

from thidua.audit.log import Actor
from thidua.audit.workflow import advance, table_of
from thidua.core.clock import VIETNAM
from thidua.core.errors import ChangedMeanwhile, RuleNotMet
from thidua.core.formats import format_date
from thidua.documents.file_store import bytes_of, hash_of, store
from thidua.documents.models import (
    BookKind,
    GivenNumber,
    OutgoingPaper,
    PaperState,
    SignedHow,
)
from thidua.documents.papers import faces, numbering, owners
from thidua.documents.papers.calendar import next_working_day
from thidua.documents.papers.drafting import description
from thidua.documents.signing import blanks, keys, verify
from thidua.documents.signing.port import Mark
from thidua.documents.writing import paper_json
from thidua.documents.writing.paper import Paper
from thidua.documents.writing.typesetting import pdf_bytes, signature_places

NOT_SIGNED = {"signed_how": "", "signed_at": None, "signed_by": None, "signed_file": None}


def sign(paper: OutgoingPaper, *, actor: Actor, now: datetime, by_hand: bool = False) -> None:
    """The leader signs: with their key, or says that the printed paper was signed by hand.

    Raises NotAllowed, RuleNotMet when there is no key, ChangedMeanwhile when the words changed meanwhile.
    """
    _require_step(paper, "sign", actor=actor)
    described = _with_name(description(paper), actor)
    changes: dict[str, object] = {
        "signed_how": SignedHow.BY_HAND if by_hand else SignedHow.DIGITALLY,
        "signed_at": now,
        "signed_by": actor.user,
        "signed_file": None,
        "description_json": paper_json.written(described),
        "changed_at": now,
    }
    if not by_hand:
        changes["signed_file"] = store(_signed(described, actor=actor, now=now))
    with _unchanged(paper):
        advance(paper, "sign", actor=actor, now=now, changes=changes)


def _with_name(paper: Paper, actor: Actor) -> Paper:
    """A signature block without a name takes that of who signs."""
    if paper.signature.name or actor.user is None:
        return paper
    return replace(paper, signature=replace(paper.signature, name=str(actor.user)))


def _signed(paper: Paper, *, actor: Actor, now: datetime) -> bytes:
    key = keys.key_of(actor.user, now=now)
    if key is None:
        raise RuleNotMet(
            "Chưa ký số được",
            why="tài khoản của bạn chưa có khóa ký số còn hiệu lực",
            next_step="Đề nghị người quản trị nạp khóa, hoặc ký tay trên bản giấy rồi ghi nhận",
        )
    drawn = pdf_bytes(paper)
    prepared = blanks.with_blanks(drawn, signature_places(paper))
    return keys.signer(key).sign(
        prepared,
        Mark(
            field_name=blanks.PERSON,
            at=now,
            reason="Ký ban hành văn bản",
            picture=keys.picture_of(key),
            allows=blanks.filled_later(prepared),
        ),
    )


def unsign(paper: OutgoingPaper, *, reason: str, actor: Actor, now: datetime) -> None:
    """Take the signature back before there is a number; the paper is a draft again."""
    advance(
        paper,
        "unsign",
        actor=actor,
        now=now,
        reason=reason,
        changes={**NOT_SIGNED, "reviewed_at": None, "edition": paper.edition + 1},
    )


def number(
    paper: OutgoingPaper,
    *,
    actor: Actor,
    now: datetime,
    dated: date | None = None,
    after: int | None = None,
    reason: str = "",
) -> None:
    """Take the next number of the body's book, or one put in late behind the number with key `after`.

    `dated` is the date of the paper, usually the day of the act. Raises RuleNotMet for a date before the
    signature or in the future, and for a late number without reason.
    """
    _require_step(paper, "number", actor=actor)
    series = numbering.series_of(paper.unit_id, paper.kind)
    with _unchanged(paper):
        if after is not None:
            given = numbering.put_in_late(
                _number_to_follow(paper, after, series),
                label=paper.title,
                symbol=paper.symbol,
                reason=reason,
                actor=actor,
                now=now,
            )
        else:
            day = dated or actor.on
            _check_date(paper, day, on=actor.on)
            given = numbering.give(
                paper.unit_id,
                BookKind.OUTGOING,
                series=series,
                symbol=paper.symbol,
                dated=day,
                label=paper.title,
                actor=actor,
                now=now,
            )
        advance(
            paper,
            "number",
            actor=actor,
            now=now,
            reason=reason,
            changes={"given": given, "changed_at": now},
            details={"số": str(given), "ngày": given.dated},
        )


def _number_to_follow(paper: OutgoingPaper, pk: int, series: str) -> GivenNumber:
    found = GivenNumber.objects.filter(
        pk=pk, book__unit_id=paper.unit_id, book__kind=BookKind.OUTGOING, book__series=series
    ).first()
    if found is None:
        raise RuleNotMet(
            "Chưa chèn được số phụ",
            why="số được chọn không thuộc sổ của văn bản này",
            next_step="Chọn một số trong sổ của cơ quan",
        )
    return found


def _check_date(paper: OutgoingPaper, day: date, *, on: date) -> None:
    signed = signed_on(paper)
    if not signed <= day <= on:
        raise RuleNotMet(
            f"Chưa cấp được số với ngày {format_date(day)}",
            why=f"văn bản ký ngày {format_date(signed)}; ngày ban hành không sớm hơn ngày ký "
            "và không muộn hơn hôm nay",
            next_step=f"Đề ngày từ {format_date(signed)} đến {format_date(on)}",
        )


def signed_on(paper: OutgoingPaper) -> date:
    """The day of the signature, in Vietnam."""
    assert paper.signed_at is not None
    return paper.signed_at.astimezone(VIETNAM).date()


def cancel_number(paper: OutgoingPaper, *, reason: str, actor: Actor, now: datetime) -> None:
    """Give the paper back for mending: its number stays in the book, cancelled, its signature falls."""
    _require_step(paper, "cancel_number", actor=actor)
    with _unchanged(paper):
        if paper.given is not None:
            numbering.cancel(paper.given, reason=reason, actor=actor, now=now)
        advance(
            paper,
            "cancel_number",
            actor=actor,
            now=now,
            reason=reason,
            changes={**NOT_SIGNED, "given": None, "reviewed_at": None, "edition": paper.edition + 1},
        )


def issue(paper: OutgoingPaper, *, actor: Actor, now: datetime) -> None:
    """Number and date go into the file, the seal of the body closes it; from then on nothing changes.

    What the paper is about hears of it in the same transaction, and may refuse (`owners.Owner.when_issued`).
    """
    _require_step(paper, "issue", actor=actor)
    file = store(_sealed(paper, now=now))
    with _unchanged(paper):
        advance(
            paper,
            "issue",
            actor=actor,
            now=now,
            changes={"issued_at": now, "issued_file": file, "changed_at": now},
            details={"sha256": file.sha256},
        )
        owner = owners.owner_of(paper.about_type)
        if owner is not None:
            owner.when_issued(paper, actor, now)


def _sealed(paper: OutgoingPaper, *, now: datetime) -> bytes:
    if paper.signed_how != SignedHow.DIGITALLY:
        return faces.pdf(paper)
    seal = keys.seal_of(paper.unit_id, now=now)
    if seal is None:
        raise RuleNotMet(
            "Chưa phát hành được bản điện tử",
            why="cơ quan chưa có chữ ký số (con dấu) còn hiệu lực; bản gốc điện tử phải có cả chữ ký "
            "của người có thẩm quyền và của cơ quan (Điều 5 NĐ 30/2020/NĐ-CP)",
            next_step="Đề nghị người quản trị nạp khóa của cơ quan rồi phát hành",
        )
    sealed = keys.signer(seal).sign(
        faces.numbered(paper),
        Mark(
            field_name=blanks.SEAL,
            at=now,
            reason="Cơ quan ban hành văn bản",
            picture=keys.picture_of(seal),
        ),
    )
    if not verify.check(sealed, trusted=()).is_whole:
        raise RuleNotMet(
            "Chưa phát hành được",
            why="chữ ký trên tệp không còn khớp với nội dung",
            next_step="Hủy số, ký lại văn bản; nếu lặp lại thì báo người quản trị",
        )
    return sealed


def recall(paper: OutgoingPaper, notice: OutgoingPaper, *, reason: str, actor: Actor, now: datetime) -> None:
    """Recall an issued paper by an issued notice that names it (NĐ 30/2020, art. 18.4)."""
    advance(
        paper,
        "recall",
        actor=actor,
        now=now,
        reason=reason,
        changes={"recalled_at": now, "recalled_by": notice},
    )


def is_late(paper: OutgoingPaper, *, on: date) -> bool:
    """Signed, and neither numbered nor issued by the next working day (NĐ 30/2020, art. 15.2, 18.1)."""
    waits = paper.state in (PaperState.SIGNED, PaperState.NUMBERED)
    return waits and paper.signed_at is not None and on > next_working_day(signed_on(paper))


def _require_step(paper: OutgoingPaper, step: str, *, actor: Actor) -> None:
    """The right, and a state from which the step leads, before any work is done."""
    transition = table_of(paper).transition(step)
    actor.require(transition.right, paper)
    if paper.state not in transition.sources:
        raise RuleNotMet(
            f"Chưa thể {transition.label[:1].lower()}{transition.label[1:]}",
            why=f"văn bản đang ở trạng thái «{PaperState(paper.state).label}»",
            next_step="Mở lại trang để xem các việc làm được ở trạng thái này",
        )


@contextmanager
def _unchanged(paper: OutgoingPaper) -> Iterator[None]:
    """A transaction that holds the row. Raises ChangedMeanwhile when it is not the one that was loaded."""
    with transaction.atomic():
        now = OutgoingPaper.objects.select_for_update().only("edition", "state").get(pk=paper.pk)
        if (now.edition, now.state) != (paper.edition, paper.state):
            raise ChangedMeanwhile(
                "Chưa làm được việc này",
                why="người khác vừa thay đổi văn bản",
                next_step="Mở lại trang để xem bản mới rồi quyết định",
            )
        yield


def issued_bytes(paper: OutgoingPaper) -> bytes:
    """The file as issued. Raises RuleNotMet when the store holds other bytes than were issued."""
    assert paper.issued_file is not None
    raw = bytes_of(paper.issued_file)
    if hash_of(raw) != paper.issued_file.sha256:
        raise RuleNotMet(
            "Chưa mở được bản phát hành",
            why="tệp trong kho không còn trùng với mã băm lúc phát hành",
            next_step="Báo người quản trị phục hồi tệp từ bản sao lưu",
        )
    return raw
