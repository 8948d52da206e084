"""Tables of criteria: drafted line by line or from Excel, put in force, replaced by a new one, ended."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import Max

from thidua.audit.log import Actor, record
from thidua.audit.workflow import advance
from thidua.awards.groups import scoring, table_files
from thidua.awards.groups.table_files import ReadTable
from thidua.awards.models import ScoreItem, ScoreItemKind, ScoreTable, ScoreTableState
from thidua.core.errors import RuleNotMet
from thidua.core.text import nfc, shortened
from thidua.indicators.models import Indicator


@dataclass(frozen=True, slots=True)
class Fullness:
    """The most points that a table gives: base, bonus as listed and as it counts, and what it may take."""

    base: Decimal
    bonus: Decimal
    bonus_counted: Decimal
    penalty: Decimal

    @property
    def most(self) -> Decimal:
        return self.base + self.bonus_counted


def fullness(table: ScoreTable) -> Fullness:
    sums = dict.fromkeys(ScoreItemKind, Decimal(0))
    for item in table.items.all():
        sums[ScoreItemKind(item.kind)] += item.points or 0
    bonus = sums[ScoreItemKind.BONUS]
    counted = bonus if table.bonus_cap is None else min(bonus, table.bonus_cap)
    return Fullness(sums[ScoreItemKind.BASE], bonus, counted, sums[ScoreItemKind.PENALTY])


def items_of(table: ScoreTable) -> list[scoring.Item]:
    """The lines as plain values, in their order; each criterion knows the heading that it stands under."""
    found: list[scoring.Item] = []
    section: int | None = None
    for item in sorted(table.items.all(), key=lambda one: one.position):
        if item.kind == ScoreItemKind.SECTION:
            section = item.pk
        under = None if item.kind == ScoreItemKind.SECTION else section
        found.append(scoring.Item(item.pk, item.kind, item.points, item.breaks_ties, under))
    return found


def keep_table(table: ScoreTable, *, actor: Actor, now: datetime) -> ScoreTable:
    """Keep a new draft, or what was changed on one. Raises NotAllowed, RuleNotMet once it is in force."""
    what = "Chưa lưu được bảng tiêu chí"
    actor.require("scoretable.keep", table)
    table.name = nfc(" ".join(table.name.split()))[:300]
    table.source = nfc(" ".join(table.source.split()))[:300]
    if not table.name:
        raise RuleNotMet(what, why="chưa ghi tên bảng", next_step="Ghi tên bảng")
    if table.bonus_cap is not None and table.bonus_cap < 0:
        raise RuleNotMet(what, why="điểm thưởng tối đa nhỏ hơn 0", next_step="Ghi số từ 0, hoặc bỏ trống")
    with transaction.atomic():
        if table._state.adding:
            table.state, table.made_by, table.made_at = ScoreTableState.DRAFT, actor.user, now
            table.save(force_insert=True)
            _log(table, "draft", "Lập bảng tiêu chí chấm điểm", actor=actor, now=now)
        else:
            _draft(table, actor, what=what)
            table.save(update_fields=["name", "source", "bonus_cap"])
            _log(table, "change", "Sửa bảng tiêu chí chấm điểm", actor=actor, now=now)
    return table


def drop_table(table: ScoreTable, *, actor: Actor, now: datetime) -> None:
    """Take away a draft that no year of a group uses."""
    what = "Chưa bỏ được bảng tiêu chí"
    with transaction.atomic():
        _draft(table, actor, what=what)
        if table.seasons.exists():
            raise RuleNotMet(
                what, why="đã có cụm, khối chọn bảng này", next_step="Chọn bảng khác cho cụm, khối đó trước"
            )
        _log(table, "drop", f"Bỏ bảng nháp «{shortened(table.name)}»", actor=actor, now=now)
        table.delete()


def put_item(item: ScoreItem, *, actor: Actor, now: datetime) -> ScoreItem:
    """Keep a new line (at the end when it has no position) or a changed one of a draft."""
    what = "Chưa lưu được tiêu chí"
    with transaction.atomic():
        table = _draft(item.table, actor, what=what)
        is_new = item._state.adding
        if not item.position:
            item.position = (table.items.aggregate(last=Max("position"))["last"] or 0) + 1
        _clean(item, what=what)
        _refuse_taken_turn(item, what=what)
        if is_new and table.items.count() >= table_files.MOST_ITEMS:
            raise RuleNotMet(
                what,
                why=f"bảng đã có {table_files.MOST_ITEMS} dòng",
                next_step="Gộp hoặc bỏ bớt tiêu chí",
            )
        try:
            with transaction.atomic():
                item.save()
        except IntegrityError:
            raise RuleNotMet(
                what,
                why=f"vị trí {item.position} đã có tiêu chí khác",
                next_step="Chọn vị trí khác, hoặc để trống để thêm vào cuối",
            ) from None
        step, label = ("add_item", "Thêm") if is_new else ("change_item", "Sửa")
        _log(table, step, f"{label} tiêu chí: {shortened(str(item))}", actor=actor, now=now)
    return item


def move_item(item: ScoreItem, *, up: bool, actor: Actor, now: datetime) -> None:
    """Change places with the line before, or after; at the end nothing happens."""
    with transaction.atomic():
        table = _draft(item.table, actor, what="Chưa đổi được thứ tự")
        rows = table.items.order_by("-position" if up else "position")
        item.refresh_from_db()
        beyond = rows.filter(position__lt=item.position) if up else rows.filter(position__gt=item.position)
        other = beyond.first()
        if other is None:
            return
        last = table.items.aggregate(last=Max("position"))["last"]
        own, its = item.position, other.position
        # by way of a free position: two lines must not stand in one place
        for pk, position in ((item.pk, last + 1), (other.pk, own), (item.pk, its)):
            ScoreItem.objects.filter(pk=pk).update(position=position)
        item.position = its
        _log(table, "move_item", f"Đổi thứ tự: {shortened(str(item))}", actor=actor, now=now)


def remove_item(item: ScoreItem, *, actor: Actor, now: datetime) -> None:
    with transaction.atomic():
        table = _draft(item.table, actor, what="Chưa bỏ được tiêu chí")
        _log(table, "remove_item", f"Bỏ tiêu chí: {shortened(str(item))}", actor=actor, now=now)
        item.delete()


def copy_table(table: ScoreTable, *, actor: Actor, now: datetime) -> ScoreTable:
    """A new draft with the same lines, which names this table as the one it replaces."""
    made = ScoreTable(
        owner=table.owner, name=table.name, source="", bonus_cap=table.bonus_cap, replaces=table
    )
    with transaction.atomic():
        keep_table(made, actor=actor, now=now)
        rows = list(table.items.order_by("position"))
        for row in rows:
            row.pk, row.table = None, made
            row._state.adding = True
        ScoreItem.objects.bulk_create(rows)
    return made


def put_in_force(table: ScoreTable, *, actor: Actor, now: datetime) -> None:
    """From now on its lines stand; the table that it replaces ends."""
    with transaction.atomic():
        full = fullness(table)
        details = {"base": full.base, "bonus_counted": full.bonus_counted, "penalty": full.penalty}
        advance(table, "put_in_force", actor=actor, now=now, details=details)
        old = table.replaces
        if old is not None and old.state == ScoreTableState.IN_FORCE and old.owner_id == table.owner_id:
            advance(old, "end", actor=actor, now=now)


def end(table: ScoreTable, *, actor: Actor, now: datetime) -> None:
    """No new year of a group takes it; those that have it go on."""
    advance(table, "end", actor=actor, now=now)


# --- Excel ----------------------------------------------------------------------------------------


def table_template(table: ScoreTable) -> bytes:
    """The table as an Excel file to fill in or mend; what it has already stands in it."""
    names = Indicator.objects.order_by("name_order", "code").values_list("code", "name")
    items = table.items.select_related("indicator").order_by("position")
    return table_files.written(items, dict(names))


def read_table_from_excel(raw: bytes) -> ReadTable:
    """What a file says, with an error for each wrong cell; nothing is saved. RuleNotMet for no Excel."""
    return table_files.read(raw, dict(Indicator.objects.values_list("code", "pk")))


def keep_items_from_excel(table: ScoreTable, raw: bytes, *, actor: Actor, now: datetime) -> ReadTable:
    """Put the lines of a file in the place of those of a draft: all, or, when `errors` came back, nothing."""
    actor.require("scoretable.keep", table)
    found = read_table_from_excel(raw)
    if found.errors:
        return found
    with transaction.atomic():
        _draft(table, actor, what="Chưa nhập được bảng tiêu chí")
        table.items.all().delete()
        ScoreItem.objects.bulk_create(_rows(table, found))
        label = f"Nhập {len(found.rows)} dòng tiêu chí từ Excel"
        _log(table, "import_items", label, actor=actor, now=now)
    return found


def _rows(table: ScoreTable, found: ReadTable) -> Iterable[ScoreItem]:
    for position, row in enumerate(found.rows, 1):
        yield ScoreItem(
            table=table,
            position=position,
            number=row.number,
            text=row.text,
            kind=row.kind,
            points=row.points,
            guide=row.guide,
            needs_evidence=row.needs_evidence,
            indicator_id=row.indicator_id,
            zero_at=row.zero_at,
            full_at=row.full_at,
            breaks_ties=row.breaks_ties,
        )


# --- what a draft may hold ------------------------------------------------------------------------


def _draft(table: ScoreTable, actor: Actor, *, what: str) -> ScoreTable:
    """The table, held until the end of the transaction, as long as its lines may change."""
    actor.require("scoretable.keep", table)
    state = ScoreTable.objects.select_for_update().values_list("state", flat=True).get(pk=table.pk)
    if state != ScoreTableState.DRAFT:
        raise RuleNotMet(
            what,
            why=f"bảng đang ở trạng thái «{ScoreTableState(state).label}», các tiêu chí không đổi nữa",
            next_step="Lập bảng mới thay cho bảng này rồi sửa ở bảng mới",
        )
    return table


def _clean(item: ScoreItem, *, what: str) -> None:
    item.number = nfc(" ".join(item.number.split()))[:12]
    item.text = nfc(" ".join(item.text.split()))
    item.guide = nfc(item.guide.strip())
    if not 0 < len(item.text) <= 1000:
        why = "nội dung dài quá 1.000 chữ" if item.text else "chưa ghi nội dung"
        raise RuleNotMet(what, why=why, next_step="Ghi nội dung tiêu chí")
    if item.kind == ScoreItemKind.SECTION:
        item.points = item.indicator = item.zero_at = item.full_at = item.breaks_ties = None
        item.needs_evidence = False
        return
    if item.points is None or item.points <= 0:
        raise RuleNotMet(
            what,
            why=f"«{shortened(item.text, 60)}» chưa có điểm tối đa, hoặc điểm không lớn hơn 0",
            next_step="Ghi điểm tối đa là số dương; điểm trừ cũng ghi số dương",
        )
    if item.indicator_id is None:
        item.zero_at = item.full_at = None
    elif item.zero_at is None or item.full_at is None or item.zero_at == item.full_at:
        raise RuleNotMet(
            what,
            why="điểm tính theo chỉ tiêu cần hai mức khác nhau: không điểm và đủ điểm",
            next_step="Ghi cả hai mức, hoặc bỏ chỉ tiêu",
        )


def _refuse_taken_turn(item: ScoreItem, *, what: str) -> None:
    if item.breaks_ties is None:
        return
    other = (
        ScoreItem.objects.filter(table=item.table, breaks_ties=item.breaks_ties).exclude(pk=item.pk).first()
    )
    if other is not None:
        raise RuleNotMet(
            what,
            why=f"«{shortened(str(other), 60)}» đã có thứ tự {item.breaks_ties} khi bằng điểm",
            next_step="Chọn thứ tự khác",
        )


def _log(table: ScoreTable, step: str, label: str, *, actor: Actor, now: datetime) -> None:
    record(
        f"awards.scoretable.{step}",
        table,
        label=label[:200],
        actor=actor,
        now=now,
        object_unit_id=table.owner_id,
    )
