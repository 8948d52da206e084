"""An agency stands by a place: writing it down, its programme of support, beginning and ending."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction

from thidua.audit.log import Actor, record
from thidua.audit.workflow import advance
from thidua.core.errors import ChangedMeanwhile, RuleNotMet
from thidua.documents import file_store
from thidua.movements.tasks.evidence import Upload, checked
from thidua.notices import telling
from thidua.organisations import tree
from thidua.organisations.models import Unit, UnitKind
from thidua.organisations.successions import heirs_on
from thidua.resources.models import Sponsorship, SponsorshipState, SupportItem

PLACES = (UnitKind.COMMUNE, UnitKind.VILLAGE)


def set_up(
    agency: Unit,
    place: Unit,
    *,
    kind: str,
    since: date,
    until: date | None = None,
    basis: str = "",
    contact: str = "",
    is_invented: bool = False,
    actor: Actor,
    now: datetime,
) -> Sponsorship:
    """Write down that an agency will stand by a commune or village."""
    what = "Chưa ghi được đỡ đầu, kết nghĩa"
    made = Sponsorship(
        agency=agency,
        place=place,
        kind=kind,
        since=since,
        until=until,
        basis=basis.strip()[:300],
        contact=contact.strip()[:200],
        is_invented=is_invented,
        made_at=now,
    )
    actor.require("sponsorship.keep", made)
    if place.kind not in PLACES:
        raise RuleNotMet(
            what, why="nơi được giúp phải là xã hoặc thôn, bản", next_step="Chọn lại nơi được giúp"
        )
    if agency.pk == place.pk:
        raise RuleNotMet(what, why="cơ quan không đỡ đầu chính mình", next_step="Chọn lại hai bên")
    if until is not None and until < since:
        raise RuleNotMet(what, why="ngày kết thúc sớm hơn ngày bắt đầu", next_step="Xem lại hai ngày")
    try:
        with transaction.atomic():
            made.save(force_insert=True)
            _log("set_up", "Ghi đỡ đầu, kết nghĩa", made, actor=actor, now=now)
    except IntegrityError as error:
        raise RuleNotMet(
            what, why="hai bên đã có một chương trình đang mở", next_step="Mở chương trình đó để ghi thêm"
        ) from error
    return made


def begin(one: Sponsorship, *, actor: Actor, now: datetime) -> None:
    """From now on it runs; the place is told."""
    with transaction.atomic():
        advance(one, "begin", actor=actor, now=now)
        agency = tree.labels_on([one.agency_id], on=actor.on).get(one.agency_id, "")
        for unit_id in heirs_on(one.place_id, on=actor.on):
            telling.tell(
                kind="sponsorship.begun",
                text=f"{agency} nhận {str(one.get_kind_display()).lower()}",
                address=f"/nguon-luc/do-dau/{one.pk}/",
                now=now,
                sender=actor.name,
                unit_id=unit_id,
            )


def end(one: Sponsorship, *, result: str, actor: Actor, now: datetime) -> None:
    """The time is over: what came of it is written down."""
    if not result.strip():
        raise RuleNotMet(
            "Chưa kết thúc được", why="chưa ghi kết quả", next_step="Ghi ngắn gọn kết quả rồi gửi lại"
        )
    advance(one, "end", actor=actor, now=now, changes={"result": result.strip()})


def drop(one: Sponsorship, *, reason: str, actor: Actor, now: datetime) -> None:
    advance(one, "drop", actor=actor, now=now, reason=reason)


def add_item(
    one: Sponsorship,
    *,
    title: str,
    due_on: date | None = None,
    planned_dong: int | None = None,
    actor: Actor,
    now: datetime,
) -> SupportItem:
    actor.require("sponsorship.keep", one)
    if not title.strip():
        raise RuleNotMet("Chưa thêm được việc", why="chưa ghi việc gì", next_step="Ghi việc rồi gửi lại")
    with transaction.atomic():
        made = SupportItem.objects.create(
            sponsorship=one, title=title.strip()[:300], due_on=due_on, planned_dong=planned_dong
        )
        _log("add_item", "Thêm việc hỗ trợ", one, actor=actor, now=now, details={"item": made.title})
    return made


def note_done(
    item: SupportItem,
    *,
    done_on: date,
    done_dong: int | None,
    note: str,
    files: list[Upload],
    actor: Actor,
    now: datetime,
) -> None:
    """An item is done: when, worth what, with a file when there is one."""
    one = item.sponsorship
    actor.require("sponsorship.keep", one)
    what = "Chưa ghi được kết quả"
    if done_on > actor.on:
        raise RuleNotMet(what, why="ngày làm xong chưa đến", next_step="Chọn ngày không muộn hơn hôm nay")
    kept = checked(files[:1])
    with transaction.atomic():
        changed = SupportItem.objects.filter(pk=item.pk, done_on__isnull=True).update(
            done_on=done_on,
            done_dong=done_dong,
            note=note.strip()[:500],
            file=file_store.store(kept[0].raw) if kept else None,
            file_name=kept[0].file_name if kept else "",
        )
        if not changed:
            raise ChangedMeanwhile(what, why="việc này vừa được ghi xong", next_step="Mở lại trang để xem")
        _log("note_done", "Ghi xong việc hỗ trợ", one, actor=actor, now=now, details={"item": item.title})
    item.refresh_from_db()


def is_open(one: Sponsorship) -> bool:
    return one.state in (SponsorshipState.PREPARED, SponsorshipState.ACTIVE)


def _log(
    act: str,
    label: str,
    one: Sponsorship,
    *,
    actor: Actor,
    now: datetime,
    details: dict[str, object] | None = None,
) -> None:
    record(
        f"resources.sponsorship.{act}",
        one,
        label=label,
        actor=actor,
        now=now,
        object_unit_id=one.agency_id,
        details=details or {},
    )
