"""A campaign from its list to its result. All gifts together are one allocation of a fund.

Hides the ledger: approving the list books the gifts, each visit shows its own to be used, the end gives back
what was not given.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Count, Q, Sum

from thidua.audit.log import Actor, record
from thidua.audit.workflow import advance
from thidua.core.errors import RuleNotMet
from thidua.core.text import fold, nfc, sort_key
from thidua.documents import file_store
from thidua.households.models import Household
from thidua.movements.tasks.evidence import Upload, checked
from thidua.organisations.models import Unit
from thidua.resources.funds import allocating
from thidua.resources.funds.allocating import Recipient
from thidua.resources.models import Campaign, CampaignState, GiftVisit, GiftVisitState, Holding, RecipientKind


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a campaign has come: of how many visits, of how much in gifts."""

    listed: int
    done: int
    target: int
    gifts: int
    given: int

    @property
    def is_met(self) -> bool:
        return bool(self.target) and self.done >= self.target


def set_up(
    unit: Unit,
    *,
    kind: str,
    name: str,
    since: date,
    until: date,
    target: int | None = None,
    holding: Holding | None = None,
    is_invented: bool = False,
    actor: Actor,
    now: datetime,
) -> Campaign:
    name = nfc(name).strip()[:200]
    made = Campaign(
        unit=unit,
        kind=kind,
        name=name,
        name_order=sort_key(name)[:500],
        search_text=fold(name)[:500],
        since=since,
        until=until,
        target=target,
        fund=holding.fund if holding else None,
        holding=holding,
        is_invented=is_invented,
        made_at=now,
    )
    actor.require("campaign.keep", made)
    what = "Chưa lập được đợt"
    if not name or until < since:
        raise RuleNotMet(
            what,
            why="thiếu tên, hoặc ngày kết thúc sớm hơn ngày bắt đầu",
            next_step="Xem lại tên và hai ngày",
        )
    if holding is not None:
        actor.require("fund.keep", holding.fund)
    with transaction.atomic():
        made.save(force_insert=True)
        _log("set_up", "Lập đợt", made, actor=actor, now=now)
    return made


def list_visit(
    campaign: Campaign,
    *,
    unit: Unit,
    household: Household | None = None,
    gift: int = 0,
    by: str = "",
    planned_on: date | None = None,
    actor: Actor,
    now: datetime,
) -> GiftVisit:
    """Put somebody on the list; once it is approved the list stays as it is."""
    actor.require("campaign.keep", campaign)
    what = "Chưa thêm được vào danh sách"
    if gift and campaign.holding is None:
        raise RuleNotMet(
            what, why="đợt này không lấy quà từ quỹ nào", next_step="Để trống phần quà, hoặc lập đợt có quỹ"
        )
    try:
        with transaction.atomic():
            # Compare and set without a change: nobody joins a list that somebody has just approved.
            open_ = Campaign.objects.filter(pk=campaign.pk, state=CampaignState.PREPARED)
            if not open_.update(state=CampaignState.PREPARED):
                raise RuleNotMet(what, why="danh sách đã duyệt", next_step="Lập đợt khác cho người cần thêm")
            made = GiftVisit.objects.create(
                campaign=campaign,
                unit=unit,
                household=household,
                gift=gift,
                by=by.strip()[:200],
                planned_on=planned_on,
            )
            _log("list_visit", "Thêm vào danh sách thăm", campaign, actor=actor, now=now)
    except IntegrityError as error:
        raise RuleNotMet(what, why="hộ này đã có trong danh sách", next_step="Sửa dòng đã có") from error
    return made


def approve(campaign: Campaign, *, on: date, actor: Actor, now: datetime) -> None:
    """Approve the list: the fund gives all gifts together. Fails as a whole where the fund has too little."""
    with transaction.atomic():
        advance(campaign, "approve", actor=actor, now=now)
        total = progress(campaign).gifts
        if total and campaign.fund is not None and campaign.holding is not None:
            allocation = allocating.propose(
                campaign.fund,
                campaign.holding,
                total,
                Recipient(RecipientKind.CAMPAIGN),
                purpose=campaign.name,
                due_on=campaign.until,
                actor=actor,
                now=now,
            )
            allocating.approve(allocation, on=on, actor=actor, now=now)
            Campaign.objects.filter(pk=campaign.pk).update(allocation=allocation)
            campaign.allocation = allocation


def visit(
    one: GiftVisit, *, done_on: date, note: str, files: list[Upload], actor: Actor, now: datetime
) -> None:
    """A visit was made; a gift is shown to be given with a file (a signed list, a photo)."""
    what = "Chưa ghi được lượt thăm"
    campaign = one.campaign
    if campaign.state != CampaignState.RUNNING:
        raise RuleNotMet(
            what, why="danh sách chưa duyệt hoặc đợt đã kết thúc", next_step="Mở lại trang của đợt"
        )
    kept = checked(files[:1])
    with transaction.atomic():
        changes = {
            "done_on": done_on,
            "note": note.strip()[:500],
            "file": file_store.store(kept[0].raw) if kept else None,
            "file_name": kept[0].file_name if kept else "",
        }
        advance(one, "do", actor=actor, now=now, changes=changes)
        if one.gift and campaign.allocation is not None:
            allocating.prove(
                campaign.allocation,
                amount=one.gift,
                used_on=done_on,
                text=f"Quà của đợt «{campaign.name}», lượt {one.pk}",
                files=kept,
                actor=actor,
                now=now,
            )


def drop_visit(one: GiftVisit, *, reason: str, actor: Actor, now: datetime) -> None:
    """Somebody on the list is not visited; the gift goes back at the end."""
    advance(one, "drop", actor=actor, now=now, reason=reason, changes={"note": reason.strip()[:500]})


def finish(campaign: Campaign, *, result: str, on: date, actor: Actor, now: datetime) -> None:
    """The campaign is over: every visit is settled, gifts that were not given go back into the fund."""
    what = "Chưa kết thúc được đợt"
    if campaign.visits.filter(state=GiftVisitState.PLANNED).exists():
        raise RuleNotMet(
            what, why="còn lượt thăm chưa ghi kết quả", next_step="Ghi đã thăm, hoặc không thăm kèm lý do"
        )
    with transaction.atomic():
        advance(campaign, "finish", actor=actor, now=now, changes={"result": result.strip()})
        allocation = campaign.allocation
        if allocation is not None:
            allocation.refresh_from_db()
            if allocation.open_amount:
                allocating.give_back(
                    allocation,
                    amount=allocation.open_amount,
                    on=on,
                    reason="Quà chưa trao khi đợt kết thúc",
                    actor=actor,
                    now=now,
                )


def drop(campaign: Campaign, *, reason: str, actor: Actor, now: datetime) -> None:
    advance(campaign, "drop", actor=actor, now=now, reason=reason)


def progress(campaign: Campaign) -> Progress:
    done = Q(state=GiftVisitState.DONE)
    row = campaign.visits.exclude(state=GiftVisitState.DROPPED).aggregate(
        listed=Count("pk"), done=Count("pk", filter=done), gifts=Sum("gift"), given=Sum("gift", filter=done)
    )
    listed = row["listed"]
    return Progress(listed, row["done"], campaign.target or listed, row["gifts"] or 0, row["given"] or 0)


def _log(act: str, label: str, campaign: Campaign, *, actor: Actor, now: datetime) -> None:
    record(
        f"resources.campaign.{act}",
        campaign,
        label=label,
        actor=actor,
        now=now,
        object_unit_id=campaign.unit_id,
    )
