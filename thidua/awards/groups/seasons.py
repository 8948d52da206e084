"""A year of a group: drafted, with its covenant signed, opened for scoring, reopened, given up.

Who takes part and who checks whom: `members`. The publication: `publishing`.
"""

from __future__ import annotations

from datetime import date, datetime
from itertools import pairwise

from django.db import IntegrityError, transaction

from thidua.audit.log import Actor, record
from thidua.audit.workflow import advance
from thidua.awards.groups import members, readiness
from thidua.awards.groups.members import (
    Taken,
    assign_checkers,
    set_checker,
    suggested_head,
    take_members,
)
from thidua.awards.groups.telling import by, tell_about_season
from thidua.awards.models import (
    GroupSeason,
    GroupSeasonState,
    ScoreSheet,
    ScoreTableState,
    SeasonPublication,
)
from thidua.core.errors import NotAllowed, RuleNotMet
from thidua.core.formats import format_date
from thidua.core.text import nfc, shortened
from thidua.organisations import tree
from thidua.organisations.groupings import MADE_BY_BODIES
from thidua.organisations.successions import heirs_on

__all__ = [
    "Taken",
    "assign_checkers",
    "cancel",
    "keep_season",
    "open_scoring",
    "reopen",
    "set_checker",
    "sign_covenant",
    "start",
    "suggested_head",
    "take_back_signature",
    "take_members",
]

#: What only the body that made the group sets.
OWNERS = ("grouping_id", "year", "owner_id", "head_id", "deputy_id", "table_id", "proposed_seats")
KEPT = (
    "head",
    "deputy",
    "table",
    "covenant",
    "covenant_on",
    "self_due",
    "cross_due",
    "verify_due",
    "proposed_seats",
)


def keep_season(season: GroupSeason, *, actor: Actor, now: datetime) -> GroupSeason:
    """Keep a new year of a group, or what was changed on one.

    The head changes covenant and days; group, head, deputy and table are the owner's. The text that somebody
    signed stands, and so do table and year once scoring is open. Raises NotAllowed, RuleNotMet.
    """
    what = "Chưa lưu được năm thi đua của cụm, khối"
    season.covenant = nfc(season.covenant.strip())
    if season._state.adding:
        actor.require("groupseason.keep", season)
        _refuse_foreign(season, actor, what=what)
        _refuse_wrong(season, what=what)
        season.state, season.made_by, season.made_at = GroupSeasonState.PREPARING, actor.user, now
        try:
            with transaction.atomic():
                season.save(force_insert=True)
                members.log(season, "form", "Lập năm thi đua của cụm, khối", actor=actor, now=now)
        except IntegrityError:
            raise RuleNotMet(
                what,
                why=f"«{season.grouping.name}» đã có năm {season.year}",
                next_step="Mở năm thi đua đã lập, hoặc chọn năm khác",
            ) from None
        return season
    with transaction.atomic():
        stored = GroupSeason.objects.select_for_update().get(pk=season.pk)
        actor.require("groupseason.run", stored)
        changed = [name for name in OWNERS if getattr(stored, name) != getattr(season, name)]
        if changed:
            actor.require("groupseason.keep", stored)
        _refuse_late(stored, season, changed, what=what)
        _refuse_wrong(season, what=what)
        season.save(update_fields=KEPT)
        season.state = stored.state
        members.log(season, "change", "Sửa năm thi đua của cụm, khối", actor=actor, now=now)
    return season


def _refuse_foreign(season: GroupSeason, actor: Actor, *, what: str) -> None:
    """A year belongs to the body that made the group, or to who took over from it."""
    grouping = season.grouping
    makers = heirs_on(grouping.owner_id, on=actor.on) if grouping.owner_id else []
    if grouping.kind not in MADE_BY_BODIES or season.owner_id not in {grouping.owner_id, *makers}:
        raise RuleNotMet(
            what,
            why=f"«{grouping.name}» không phải cụm, khối thi đua do cơ quan này lập",
            next_step="Chọn cụm, khối của cơ quan mình",
        )


def _refuse_late(stored: GroupSeason, season: GroupSeason, changed: list[str], *, what: str) -> None:
    if stored.state not in members.OPEN:
        raise RuleNotMet(
            what,
            why=f"năm thi đua đang ở trạng thái «{stored.get_state_display()}»",
            next_step="Mở lại chấm điểm trước, nếu cần sửa",
        )
    if {"grouping_id", "year", "owner_id"} & set(changed):
        raise RuleNotMet(
            what,
            why="cụm, khối, năm và cơ quan tổ chức không đổi sau khi lập",
            next_step="Bỏ năm thi đua này và lập năm khác",
        )
    if "table_id" in changed and stored.state not in members.BEFORE_SCORING:
        raise RuleNotMet(
            what, why="đang chấm điểm theo bảng tiêu chí đã chọn", next_step="Giữ bảng tiêu chí này"
        )
    signed = season.sheets.filter(signed_on__isnull=False).count()
    if stored.covenant != season.covenant and signed:
        raise RuleNotMet(
            what,
            why=f"đã có {signed} đơn vị ký giao ước này",
            next_step="Bỏ các chữ ký, sửa nội dung rồi ký lại",
        )


def _refuse_wrong(season: GroupSeason, *, what: str) -> None:
    if season.deputy_id is not None and season.deputy_id == season.head_id:
        raise RuleNotMet(
            what, why="trưởng và phó là cùng một đơn vị", next_step="Chọn hai đơn vị khác nhau, hoặc bỏ phó"
        )
    if season.table.owner_id != season.owner_id and season.table.state == ScoreTableState.DRAFT:
        raise RuleNotMet(
            what, why="bảng tiêu chí của cơ quan khác còn là dự thảo", next_step="Chọn bảng đang áp dụng"
        )
    days = (("tự chấm", season.self_due), ("chấm chéo", season.cross_due), ("thẩm định", season.verify_due))
    known = [(name, day) for name, day in days if day is not None]
    for (name, day), (following, its) in pairwise(known):
        if its < day:
            raise RuleNotMet(
                what,
                why=f"hạn {following} {format_date(its)} trước hạn {name} {format_date(day)}",
                next_step="Sửa các hạn theo thứ tự: tự chấm, chấm chéo, thẩm định",
            )


# --- the covenant ---------------------------------------------------------------------------------


def sign_covenant(sheet: ScoreSheet, *, by_name: str, on: date, actor: Actor, now: datetime) -> None:
    """Note that a unit signed: told by the unit itself, or by who runs the group, from the signed paper."""
    what = "Chưa ghi được việc ký giao ước"
    _may_sign(sheet, actor)
    name = nfc(" ".join(by_name.split()))
    if not name or len(name) > 200:
        raise RuleNotMet(what, why="chưa ghi người ký", next_step="Ghi họ tên, chức vụ người ký")
    if on > actor.on:
        raise RuleNotMet(what, why=f"ngày ký {format_date(on)} sau hôm nay", next_step="Ghi ngày đã ký")
    with transaction.atomic():
        season = _before_scoring(sheet, what=what)
        if not season.covenant:
            raise RuleNotMet(
                what,
                why="cụm, khối chưa có nội dung giao ước",
                next_step="Chờ trưởng cụm, khối soạn giao ước",
            )
        changed = ScoreSheet.objects.filter(pk=sheet.pk, signed_on__isnull=True).update(
            signed_on=on, signed_by=name
        )
        if not changed:
            raise RuleNotMet(what, why="đơn vị đã ký giao ước", next_step="Mở lại trang để xem chữ ký")
        sheet.signed_on, sheet.signed_by = on, name
        _log_sheet(sheet, "sign", f"Ký giao ước thi đua: {name}", actor=actor, now=now)


def take_back_signature(sheet: ScoreSheet, *, reason: str, actor: Actor, now: datetime) -> None:
    """The signature does not count any more, for one noted by mistake or a text that must change."""
    what = "Chưa bỏ được chữ ký"
    _may_sign(sheet, actor)
    if not reason.strip():
        raise RuleNotMet(what, why="chưa ghi lý do", next_step="Ghi lý do rồi gửi lại")
    with transaction.atomic():
        _before_scoring(sheet, what=what)
        ScoreSheet.objects.filter(pk=sheet.pk).update(signed_on=None, signed_by="")
        words = f"Bỏ chữ ký giao ước: {shortened(nfc(reason.strip()))}"
        sheet.signed_on, sheet.signed_by = None, ""
        _log_sheet(sheet, "unsign", words, actor=actor, now=now)


def _may_sign(sheet: ScoreSheet, actor: Actor) -> None:
    try:
        actor.require("scoresheet.score", sheet)
    except NotAllowed:
        actor.require("groupseason.run", sheet.season)


def _before_scoring(sheet: ScoreSheet, *, what: str) -> GroupSeason:
    season = readiness.lock(sheet.season_id)
    if season.state not in members.BEFORE_SCORING:
        raise RuleNotMet(
            what,
            why=f"năm thi đua đang ở trạng thái «{season.get_state_display()}»",
            next_step="Giao ước chỉ ký trước khi mở chấm điểm",
        )
    return season


# --- steps ----------------------------------------------------------------------------------------


def start(season: GroupSeason, *, actor: Actor, now: datetime) -> None:
    """The group competes; its units are asked to sign."""
    with transaction.atomic():
        advance(season, "start", actor=actor, now=now)
        unsigned = season.sheets.filter(signed_on__isnull=True).values_list("unit_id", flat=True)
        tell_about_season(season, unsigned, "đã phát động, mời ký giao ước thi đua", actor=actor, now=now)


def open_scoring(season: GroupSeason, *, actor: Actor, now: datetime) -> None:
    """Units score themselves from now on; each gets a line for each criterion."""
    with transaction.atomic():
        advance(season, "open_scoring", actor=actor, now=now)
        members.make_lines(season)
        units = season.sheets.values_list("unit_id", flat=True)
        words = f"đã mở chấm điểm, mời tự chấm{by(season.self_due)}"
        tell_about_season(season, units, words, actor=actor, now=now)


def reopen(season: GroupSeason, *, reason: str, actor: Actor, now: datetime) -> None:
    """Points may change again; the ranking that was out is withdrawn, and stays to be read."""
    with transaction.atomic():
        advance(season, "reopen", actor=actor, now=now, reason=reason)
        SeasonPublication.objects.filter(season=season, withdrawn_at__isnull=True).update(
            withdrawn_at=now, withdrawn_reason=nfc(reason.strip())[:500]
        )
        units = season.sheets.values_list("unit_id", flat=True)
        words = f"rút kết quả đã công bố để chấm lại: {shortened(nfc(reason.strip()))}"
        tell_about_season(season, units, words, actor=actor, now=now)


def cancel(season: GroupSeason, *, reason: str, actor: Actor, now: datetime) -> None:
    """The year does not take place; the group may get another one for the same year."""
    with transaction.atomic():
        advance(season, "cancel", actor=actor, now=now, reason=reason)
        units = season.sheets.values_list("unit_id", flat=True)
        words = f"không tổ chức: {shortened(nfc(reason.strip()))}"
        tell_about_season(season, units, words, actor=actor, now=now)


def _log_sheet(sheet: ScoreSheet, step: str, label: str, *, actor: Actor, now: datetime) -> None:
    name = tree.labels_on([sheet.unit_id], on=actor.on).get(sheet.unit_id, "")
    record(
        f"awards.scoresheet.{step}",
        sheet,
        label=label[:200],
        actor=actor,
        now=now,
        object_label=f"{name} · {sheet.season}",
        object_unit_id=sheet.unit_id,
    )
