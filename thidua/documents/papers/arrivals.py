"""Papers coming in: read, registered under a number of arrival, passed on, finished.

Source: NĐ 30/2020, art. 4.2.c, 21–24; Annex VI.III (warning of a double, log of who handled what).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from thidua.accounts.models import User
from thidua.audit.log import Actor, record
from thidua.core.errors import ChangedMeanwhile, NotAllowed, RuleNotMet
from thidua.core.formats import format_date
from thidua.core.text import fold, nfc, sort_key
from thidua.documents.models import (
    BookKind,
    Document,
    Forwarding,
    IncomingPaper,
    OutgoingPaper,
    Record,
    StoredFile,
)
from thidua.documents.papers import numbering
from thidua.documents.papers.calendar import next_working_day
from thidua.documents.papers.secrecy import refuse_secret
from thidua.organisations.authority import Acting


@dataclass(frozen=True, slots=True)
class Written:
    """What the clerk writes of a paper that arrived."""

    issuer: str
    title: str
    number: str = ""
    symbol: str = ""
    kind: str = ""
    dated: date | None = None
    arrived_on: date | None = None
    urgency: str = ""
    note: str = ""
    due_on: date | None = None


def proposed(document: Document) -> Written:
    """What the reader found of number, symbol, kind, issuer, date and title; empty where it found nothing."""
    doc: Record = document.record.get("doc") or {}
    day = (doc.get("date") or {}).get("edtf") or ""
    return Written(
        number=str(doc.get("number") or ""),
        symbol=doc.get("symbol") or "",
        kind=doc.get("type") or "",
        issuer=(doc.get("issuer") or {}).get("name") or "",
        dated=date.fromisoformat(day) if len(day) == 10 else None,
        title=doc.get("title") or "",
    )


@dataclass(frozen=True, slots=True)
class Cited:
    """One citation of an arrival, and what of ours it names."""

    words: str
    is_parent: bool
    incoming: IncomingPaper | None = None
    outgoing: OutgoingPaper | None = None


def citations(incoming: IncomingPaper) -> list[Cited]:
    """What the paper cites, parents first, with the arrivals and issued papers of the body that fit.

    Two papers of the body may bear the same number and symbol from different issuers: then nothing is named.
    """
    if incoming.document is None:
        return []
    content = incoming.document.record
    parents = set(content.get("parent_plan_ids") or ())
    cited = [one for one in content.get("citations") or () if one.get("occurrence") == "first"]
    refs = {one["ref"] for one in cited if one.get("ref")}
    arrived = _by_notation(
        IncomingPaper.objects.filter(_any_notation(refs), unit_id=incoming.unit_id).exclude(pk=incoming.pk)
    )
    sent = _by_notation(
        OutgoingPaper.objects.filter(
            unit_id=incoming.unit_id,
            state__in=OutgoingPaper.FINAL,
            given__text__in={ref.partition("/")[0] for ref in refs},
        ).select_related("given")
    )
    found = [
        Cited(
            words=one.get("raw") or one["ref"],
            is_parent=one.get("id") in parents,
            incoming=arrived.get(one.get("ref")),
            outgoing=sent.get(one.get("ref")),
        )
        for one in cited
    ]
    return sorted(found, key=lambda one: not one.is_parent)


def _any_notation(refs: Iterable[str]) -> Q:
    wanted = Q(pk__in=[])
    for ref in refs:
        number, _, symbol = ref.partition("/")
        wanted |= Q(number=number, symbol=symbol)
    return wanted


def _by_notation(rows: QuerySet[Any]) -> dict[str, Any]:
    """By number and symbol; what stands there twice is left out."""
    found: dict[str, Any] = {}
    twice: set[str] = set()
    for row in rows:
        if row.notation in found:
            twice.add(row.notation)
        found[row.notation] = row
    return {notation: row for notation, row in found.items() if notation not in twice}


def doubles(unit_id: int, written: Written) -> list[IncomingPaper]:
    """Arrivals of this body with the same number, symbol and issuer; without number, the same title."""
    rows = IncomingPaper.objects.filter(unit_id=unit_id, issuer_key=fold(written.issuer)[:300])
    if written.number or written.symbol:
        rows = rows.filter(number=written.number, symbol=written.symbol)
        if written.dated is not None:
            # Numbers begin anew each year.
            rows = rows.filter(Q(dated__isnull=True) | Q(dated__year=written.dated.year))
    else:
        rows = rows.filter(title=_clean(written.title))
    return list(rows.select_related("given").order_by("pk"))


def register(
    written: Written,
    *,
    unit_id: int,
    actor: Actor,
    now: datetime,
    file: StoredFile | None = None,
    file_name: str = "",
    document: Document | None = None,
    is_known_double: bool = False,
) -> IncomingPaper:
    """Give a number of arrival. Raises RuleNotMet for a double that nobody confirmed, and for secrets."""
    what = "Chưa đăng ký được văn bản đến"
    arrived_on = written.arrived_on or actor.on
    incoming = IncomingPaper(unit_id=unit_id, arrived_on=arrived_on)
    actor.require("incoming.register", incoming)
    title, issuer = _clean(written.title), _clean(written.issuer)
    if not title or not issuer:
        raise RuleNotMet(what, why="thiếu trích yếu hoặc cơ quan ban hành", next_step="Ghi đủ rồi đăng ký")
    if arrived_on > actor.on or (written.dated is not None and written.dated > arrived_on):
        raise RuleNotMet(
            what,
            why="ngày đến sau hôm nay, hoặc văn bản đề ngày sau ngày đến",
            next_step="Xem lại ngày đến và ngày văn bản",
        )
    lines = (line["text"] for line in document.lines) if document is not None else ()
    refuse_secret((title, written.note, *lines), what=what)
    with transaction.atomic():
        given = numbering.give(
            unit_id,
            BookKind.INCOMING,
            dated=arrived_on,
            label=f"{issuer}: {title}",
            actor=actor,
            now=now,
        )
        # Behind the lock of the book, so that two clerks with the same paper see each other.
        known = doubles(unit_id, written)
        if known and not is_known_double:
            numbers = ", ".join(f"số đến {one.given} ngày {format_date(one.arrived_on)}" for one in known)
            raise RuleNotMet(
                what,
                why=f"văn bản cùng số, ký hiệu và cơ quan ban hành đã đăng ký: {numbers}",
                next_step="Mở văn bản đó, hoặc đánh dấu «vẫn đăng ký» nếu đây đúng là văn bản khác",
            )
        incoming.given = given
        incoming.number, incoming.symbol = written.number.strip(), written.symbol.strip()
        incoming.kind, incoming.issuer, incoming.issuer_key = written.kind, issuer[:300], fold(issuer)[:300]
        incoming.dated, incoming.urgency, incoming.due_on = written.dated, written.urgency, written.due_on
        incoming.title, incoming.title_order, incoming.note = title, sort_key(title), _clean(written.note)
        incoming.search_text = fold(f"{incoming.notation} {issuer} {title} {written.kind}")
        incoming.file, incoming.file_name, incoming.document = file, file_name, document
        incoming.registered_at, incoming.registered_by = now, actor.user
        incoming.save(force_insert=True)
        if document is not None and document.kept_for_id is None and not document.is_sample:
            Document.objects.filter(pk=document.pk).update(kept_for_id=unit_id)
        record(
            "documents.incomingpaper.register",
            incoming,
            label="Đăng ký văn bản đến",
            actor=actor,
            now=now,
            object_unit_id=unit_id,
            details={"số đến": given.text, "ngày đến": arrived_on},
        )
    return incoming


def late_note(arrived_on: date, *, on: date) -> str:
    """The warning for what is registered later than the next working day (art. 21.2.c); else empty."""
    latest = next_working_day(arrived_on)
    if on <= latest:
        return ""
    return (
        f"Văn bản đến ngày {format_date(arrived_on)} phải đăng ký chậm nhất ngày {format_date(latest)} "
        "(Điều 4 và 21 NĐ 30/2020/NĐ-CP)."
    )


# --- passing on -----------------------------------------------------------------------------------


def forward(
    incoming: IncomingPaper,
    *,
    unit_ids: Iterable[int] = (),
    users: Iterable[User] = (),
    lead_unit_id: int | None = None,
    instruction: str = "",
    due_on: date | None = None,
    actor: Actor,
    now: datetime,
) -> list[Forwarding]:
    """Pass a paper on to units and people. Who has it already keeps what they were told."""
    actor.require("incoming.forward", incoming)
    if due_on is not None and due_on < actor.on:
        raise RuleNotMet(
            "Chưa chuyển được văn bản", why="hạn giải quyết đã qua", next_step="Chọn hạn từ hôm nay trở đi"
        )
    wanted: list[dict[str, Any]] = [
        *({"unit_id": pk, "is_lead": pk == lead_unit_id} for pk in dict.fromkeys(unit_ids)),
        *({"user": user, "is_lead": False} for user in dict.fromkeys(users)),
    ]
    if not wanted:
        raise RuleNotMet(
            "Chưa chuyển được văn bản", why="chưa chọn nơi nhận", next_step="Chọn đơn vị hoặc người nhận"
        )
    with transaction.atomic():
        IncomingPaper.objects.select_for_update().only("pk").get(pk=incoming.pk)
        has = set(incoming.forwardings.values_list("unit_id", "user_id"))
        rows = [
            Forwarding(
                incoming=incoming,
                instruction=_clean(instruction)[:500],
                due_on=due_on,
                forwarded_at=now,
                forwarded_by=actor.user,
                **one,
            )
            for one in wanted
        ]
        rows = [row for row in rows if (row.unit_id, row.user_id) not in has]
        if not rows:
            raise ChangedMeanwhile(
                "Chưa chuyển được văn bản",
                why="các nơi này đã nhận văn bản rồi",
                next_step="Chọn nơi nhận khác",
            )
        made = Forwarding.objects.bulk_create(rows)
        record(
            "documents.incomingpaper.forward",
            incoming,
            label="Chuyển văn bản đến",
            actor=actor,
            now=now,
            object_unit_id=incoming.unit_id,
            reason=_clean(instruction),
            details={"số nơi nhận": len(made), "hạn": due_on},
        )
    return made


def finish(forwarding: Forwarding, *, note: str, actor: Acting, now: datetime) -> None:
    """The receiver has dealt with it. What was passed on to a person, only that person may finish."""
    if forwarding.user_id is None:
        actor.require("incoming.finish", forwarding)
    elif forwarding.user_id != actor.user.pk:
        raise NotAllowed(
            "Bạn chưa được báo đã giải quyết văn bản này",
            why=f"văn bản chuyển đích danh cho {forwarding.user}",
            next_step="Đề nghị người đó báo kết quả",
        )
    with transaction.atomic():
        changed = Forwarding.objects.filter(pk=forwarding.pk, done_at__isnull=True).update(
            done_at=now, done_note=_clean(note)[:500]
        )
        if not changed:
            raise ChangedMeanwhile(
                "Chưa ghi được kết quả", why="việc này đã báo xong rồi", next_step="Mở lại trang để xem"
            )
        record(
            "documents.incomingpaper.finish",
            forwarding.incoming,
            label="Giải quyết xong văn bản đến",
            actor=actor,
            now=now,
            object_unit_id=forwarding.incoming.unit_id,
            reason=_clean(note),
        )
    forwarding.refresh_from_db()


def _clean(text: str) -> str:
    return nfc(" ".join(text.split()))
