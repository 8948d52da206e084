"""Setting up a fund, its donors, what it holds; closing it for good."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from thidua.audit.log import Actor, record
from thidua.audit.workflow import advance
from thidua.core.errors import RuleNotMet
from thidua.core.text import fold, nfc, person_sort_key, sort_key
from thidua.organisations.models import Unit
from thidua.resources.funds import ledger
from thidua.resources.models import Donor, DonorKind, Fund, FundClosing, Holding, HoldingKind

#: Name and measure of what needs no name of its own.
MONEY = ("tiền", "đồng")
DAYS = ("ngày công", "ngày công")


@dataclass(frozen=True, slots=True)
class Giver:
    """A donor as somebody writes it down."""

    kind: str
    name: str
    address: str = ""
    unit_id: int | None = None
    agrees_to_be_named: bool = False


def set_up(
    unit: Unit,
    *,
    kind: str,
    name: str,
    symbol: str,
    purpose: str = "",
    is_public: bool = False,
    is_invented: bool = False,
    actor: Actor,
    now: datetime,
) -> Fund:
    """A new fund of a body, with money as its first holding."""
    name, symbol = nfc(name).strip(), nfc(symbol).strip().upper()
    fund = Fund(
        unit=unit,
        kind=kind,
        name=name,
        name_order=sort_key(name)[:500],
        symbol=symbol,
        purpose=purpose.strip(),
        is_public=is_public,
        is_invented=is_invented,
        search_text=fold(f"{name} {purpose}")[:800],
        made_at=now,
    )
    actor.require("fund.decide", fund)
    if not name or not symbol or "/" in symbol or " " in symbol:
        raise RuleNotMet(
            "Chưa lập được quỹ",
            why="thiếu tên, hoặc ký hiệu biên nhận có dấu cách, dấu gạch chéo",
            next_step="Ghi tên và ký hiệu ngắn như «VNN»",
        )
    try:
        with transaction.atomic():
            fund.save(force_insert=True)
            Holding.objects.create(fund=fund, kind=HoldingKind.MONEY, name=MONEY[0], measure=MONEY[1])
            _log("set_up", "Lập quỹ", fund, actor=actor, now=now)
    except IntegrityError as error:
        raise RuleNotMet(
            f"Chưa lập được quỹ «{name}»",
            why="cơ quan đã có quỹ tên này",
            next_step="Mở quỹ đã có, hoặc ghi tên khác",
        ) from error
    return fund


def mend(fund: Fund, *, purpose: str, is_public: bool, actor: Actor, now: datetime) -> None:
    """Change what a fund says of itself; whether the public may see it is kept in the log."""
    actor.require("fund.decide", fund)
    with transaction.atomic():
        fund.purpose, fund.is_public = purpose.strip()[:500], is_public
        fund.search_text = fold(f"{fund.name} {fund.purpose}")[:800]
        fund.save(update_fields=["purpose", "is_public", "search_text"])
        _log("mend", "Sửa thông tin quỹ", fund, actor=actor, now=now, details={"is_public": is_public})


def close_books(fund: Fund, *, through: date, actor: Actor, now: datetime) -> FundClosing:
    with transaction.atomic():
        return ledger.close_through(fund, through, actor=actor, now=now)


def close(fund: Fund, *, reason: str, actor: Actor, now: datetime) -> None:
    """Close a fund in which nothing is left and for which nothing is still to come."""
    with transaction.atomic():
        Fund.objects.select_for_update().get(pk=fund.pk)
        advance(fund, "close", actor=actor, now=now, reason=reason)


def reopen(fund: Fund, *, reason: str, actor: Actor, now: datetime) -> None:
    advance(fund, "reopen", actor=actor, now=now, reason=reason)


def holding_for(fund: Fund, *, kind: str, name: str = "", measure: str = "") -> Holding:
    """The holding of a fund for a kind of gift; a new sort of goods gets a row. Inside a transaction."""
    if kind == HoldingKind.MONEY:
        name, measure = MONEY
    elif kind == HoldingKind.DAYS:
        name, measure = DAYS
    name, measure = " ".join(nfc(name).lower().split())[:120], " ".join(nfc(measure).lower().split())[:40]
    if not name or not measure:
        raise RuleNotMet(
            "Chưa ghi được hiện vật",
            why="thiếu tên hoặc đơn vị tính của hiện vật",
            next_step="Ghi như «gạo» và «kg»",
        )
    found, _ = Holding.objects.get_or_create(fund=fund, kind=kind, name=name, measure=measure)
    return found


def donor_for(keeper: Unit, giver: Giver, *, is_invented: bool = False, actor: Actor, now: datetime) -> Donor:
    """The donor of this name and kind, or a new row. Inside a transaction.

    A person is found again by name and address together: two people may bear one name.
    """
    name = " ".join(nfc(giver.name).split())[:200]
    address = nfc(giver.address).strip()[:300]
    if not name:
        raise RuleNotMet("Chưa ghi được người ủng hộ", why="thiếu tên", next_step="Ghi tên rồi gửi lại")
    is_private = giver.kind in Donor.PRIVATE
    known = donors_of(keeper).filter(kind=giver.kind, name=name)
    found = known.filter(address=address).first() if is_private else known.first()
    if found is None:
        found = Donor.objects.create(
            keeper=keeper,
            kind=giver.kind,
            name=name,
            name_order=(person_sort_key(name) if giver.kind == DonorKind.PERSON else sort_key(name))[:500],
            address=address,
            unit_id=giver.unit_id,
            agrees_to_be_named=giver.agrees_to_be_named,
            is_invented=is_invented,
            search_text=fold(name)[:500],
        )
    elif giver.agrees_to_be_named and not found.agrees_to_be_named:
        let_be_named(found, agrees=True, actor=actor, now=now)
    return found


def donors_of(keeper: Unit) -> QuerySet[Donor]:
    return Donor.objects.filter(keeper=keeper).order_by("name_order", "pk")


def let_be_named(donor: Donor, *, agrees: bool, actor: Actor, now: datetime) -> None:
    """Remember whether a donor agrees to be named in public; may be taken back at any time."""
    with transaction.atomic():
        donor.agrees_to_be_named = agrees
        donor.save(update_fields=["agrees_to_be_named"])
        record(
            "resources.donor.agree",
            donor,
            label="Ghi ý kiến về việc nêu tên",
            actor=actor,
            now=now,
            object_label=f"người ủng hộ {donor.pk}",
            object_unit_id=donor.keeper_id,
            details={"agrees": agrees},
        )


def _log(
    act: str, label: str, fund: Fund, *, actor: Actor, now: datetime, details: dict[str, object] | None = None
) -> None:
    record(
        f"resources.fund.{act}",
        fund,
        label=label,
        actor=actor,
        now=now,
        object_unit_id=fund.unit_id,
        details=details or {},
    )
