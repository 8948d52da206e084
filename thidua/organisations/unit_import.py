"""Taking in a province's own units from a file: what is new, what is there, what is wrong; all or nothing.

May be repeated with the same file: what is there already stays as it is.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.db.models import Min
from django.utils.text import slugify

from thidua.audit.log import record
from thidua.core.errors import ChangedMeanwhile, RuleNotMet
from thidua.core.formats import format_date
from thidua.core.text import fold, sort_key
from thidua.organisations import spreadsheets, tree
from thidua.organisations.authority import Acting
from thidua.organisations.changes import RIGHT
from thidua.organisations.matching import search_text
from thidua.organisations.models import (
    Change,
    ChangeKind,
    Role,
    Unit,
    UnitImport,
    UnitKind,
    UnitVersion,
)
from thidua.organisations.names import split_label
from thidua.organisations.spreadsheets import CellError, UnitRow

Report = Callable[[int, int], None]
BATCH = 1_000


@dataclass(frozen=True, slots=True)
class PlannedUnit:
    """A unit to be made: under a unit that is there, or under another planned one (its row)."""

    row: UnitRow
    parent_id: int | None
    parent_row: int | None
    since: date


@dataclass
class Staging:
    """A file held against the units of a day. `planned` has parents before children."""

    planned: list[PlannedUnit] = field(default_factory=list)
    known: int = 0
    errors: list[CellError] = field(default_factory=list)

    def by_kind(self) -> dict[str, int]:
        return dict(Counter(UnitKind(one.row.kind).label for one in self.planned))


def stage(raw: bytes, *, actor: Acting, on: date) -> Staging:
    """What the file would do. Raises RuleNotMet when it cannot be gone through."""
    found = spreadsheets.read(raw)
    staging = Staging(errors=list(found.errors))
    if not staging.errors:
        # With cells that cannot be read, half of the parents would be missing too.
        _Matching(found.rows, staging, actor=actor, on=on).run()
    staging.errors.sort(key=lambda error: (int(error.place[1:]), error.place[0]))
    return staging


class _Matching:
    """Finds the parents, and what is there already."""

    def __init__(self, rows: tuple[UnitRow, ...], staging: Staging, *, actor: Acting, on: date) -> None:
        self.rows, self.staging = rows, staging
        within = tree.ids_at_or_below(actor.unit_ids([Role.ADMINISTRATOR]), on=on)
        versions = UnitVersion.objects.filter(tree.valid_on(on), unit_id__in=within).select_related("unit")
        self.there: dict[str, set[int]] = {}
        self.known: dict[tuple[int, str], int] = {}
        for version in versions:
            for name in {version.label, version.code, version.unit.key} - {""}:
                self.there.setdefault(fold(name), set()).add(version.unit_id)
            if version.parent_id is not None:
                self.known[version.parent_id, fold(version.label)] = version.unit_id
        first = UnitVersion.objects.filter(unit_id__in=within, annulled_by__isnull=True)
        #: The first day of each unit, and of each planned one under the negative of its row.
        self.begins: dict[int, date] = dict(first.values_list("unit_id").annotate(Min("since")))
        self.in_file: dict[str, set[int]] = {}
        for row in rows:
            for name in {row.label, row.code} - {""}:
                self.in_file.setdefault(fold(name), set()).add(row.row)
        self.by_row = {row.row: row for row in rows}
        self.became: dict[int, int | None] = {}

    def run(self) -> None:
        seen: dict[tuple[str, str], int] = {}
        for row in self.rows:
            twin = seen.setdefault((fold(row.parent), fold(row.label)), row.row)
            if twin != row.row:
                self.wrong(row, "B", f"trùng dòng {twin}: cùng tên, cùng cấp trên", "Xóa một trong hai dòng")
                self.became[row.row] = None
        for row in self.rows:
            self.place(row)

    def wrong(self, row: UnitRow, letter: str, what: str, cure: str) -> None:
        self.staging.errors.append(CellError(f"{letter}{row.row}", what, cure))

    def place(self, row: UnitRow) -> None:
        """Settle a row, the rows it stands under first."""
        chain = [row]
        while (parent := self.parent_row(chain[-1])) is not None and parent not in self.became:
            if parent in {one.row for one in chain}:
                self.wrong(row, "D", "đơn vị nằm dưới chính nó", "Sửa cột «Trực thuộc» của các dòng này")
                for one in chain:
                    self.became[one.row] = None
                return
            chain.append(self.by_row[parent])
        for one in reversed(chain):
            if one.row not in self.became:
                self.settle(one)

    def parent_row(self, row: UnitRow) -> int | None:
        """The row of the file that a row stands under, when it is not a unit that is there."""
        if self.there.get(fold(row.parent)):
            return None
        rows = self.in_file.get(fold(row.parent), set()) - {row.row}
        return next(iter(rows)) if len(rows) == 1 else None

    def settle(self, row: UnitRow) -> None:
        self.became[row.row] = None
        there = self.there.get(fold(row.parent), set())
        in_file = self.in_file.get(fold(row.parent), set()) - {row.row}
        if len(there) > 1 or (not there and len(in_file) > 1):
            cure = "Ghi mã số hoặc mã định danh của cấp trên thay cho tên"
            self.wrong(row, "D", f"có nhiều đơn vị tên «{row.parent}»", cure)
        elif there:
            self.settle_under(row, parent_id=next(iter(there)), parent_row=None)
        elif in_file:
            parent_row = next(iter(in_file))
            unit_id = self.became.get(parent_row)
            if unit_id is not None and unit_id > 0:
                self.settle_under(row, parent_id=unit_id, parent_row=None)
            elif unit_id is not None:
                self.settle_under(row, parent_id=None, parent_row=parent_row)
            # else: the row above is wrong and has been told
        else:
            cure = "Kiểm tra tên, hoặc thêm cấp trên thành một dòng của tệp này"
            self.wrong(row, "D", f"không có đơn vị «{row.parent}» trong phạm vi bạn quản trị", cure)

    def settle_under(self, row: UnitRow, *, parent_id: int | None, parent_row: int | None) -> None:
        known = self.known.get((parent_id, fold(row.label))) if parent_id is not None else None
        if known is not None:
            self.staging.known += 1
            self.became[row.row] = known
            return
        begins = self.begins[parent_id if parent_id is not None else -(parent_row or 0)]
        if row.since is not None and row.since < begins:
            what = f"sớm hơn ngày cấp trên được lập ({format_date(begins)})"
            self.wrong(row, "F", what, "Sửa ngày, hoặc bỏ trống để lấy ngày của cấp trên")
            return
        self.became[row.row] = -row.row
        self.begins[-row.row] = since = row.since or begins
        self.staging.planned.append(PlannedUnit(row, parent_id, parent_row, since))


# --- kept between looking and doing ---------------------------------------------------------------------


def keep(raw: bytes, *, file_name: str, actor: Acting, now: datetime) -> UnitImport:
    return UnitImport.objects.create(
        user=actor.user, file_name=file_name[:200], content=raw, on=actor.on, made_at=now
    )


def check(kept: UnitImport, *, actor: Acting, now: datetime) -> None:
    """Hold the file against the units and keep what was found, for the page."""
    try:
        staging = stage(bytes(kept.content), actor=actor, on=kept.on)
        found = {
            "errors": [asdict(error) for error in staging.errors],
            "by_kind": staging.by_kind(),
            "new": len(staging.planned),
            "known": staging.known,
            "first": [[one.row.label, one.row.parent] for one in staging.planned[:20]],
        }
    except RuleNotMet as refusal:
        found = {"refusal": refusal.message}
    kept.findings, kept.checked_at = json.dumps(found, ensure_ascii=False), now
    kept.save(update_fields=["findings", "checked_at"])


def carry_out(
    kept: UnitImport, *, actor: Acting, now: datetime, report: Report = lambda _done, _total: None
) -> Change | None:
    """Make the new units, all or none; None when all are there already.

    Raises NotAllowed, RuleNotMet when a cell is wrong, ChangedMeanwhile when it was done already.
    """
    with transaction.atomic():
        # Two files with the same units at once: the second waits, and finds them.
        tree.one_at_a_time()
        locked = UnitImport.objects.select_for_update().get(pk=kept.pk)
        if locked.is_done:
            raise ChangedMeanwhile(
                "Chưa nhập", why="tệp này đã được nhập rồi", next_step="Mở lại trang để xem kết quả"
            )
        staging = stage(bytes(locked.content), actor=actor, on=locked.on)
        if staging.errors:
            raise RuleNotMet(
                "Chưa nhập được",
                why=f"tệp còn {len(staging.errors)} ô sai",
                next_step="Sửa các ô được nêu rồi đưa tệp lên lại",
            )
        parents = {one.parent_id for one in staging.planned if one.parent_id is not None}
        for unit in Unit.objects.filter(pk__in=parents):
            actor.require(RIGHT, unit)
        change = _make(staging, locked, actor=actor, now=now, report=report) if staging.planned else None
        locked.change, locked.done_at = change, now
        locked.save(update_fields=["change", "done_at"])
    kept.refresh_from_db()
    return change


def _make(staging: Staging, kept: UnitImport, *, actor: Acting, now: datetime, report: Report) -> Change:
    change = Change.objects.create(
        kind=ChangeKind.IMPORT,
        takes_effect_on=kept.on,
        summary=f"Nhập {len(staging.planned)} đơn vị từ tệp {kept.file_name}"[:500],
        user=actor.user,
        made_at=now,
    )
    keys = _free_keys([one.row.label for one in staging.planned])
    units = Unit.objects.bulk_create(
        (Unit(key=key, kind=one.row.kind) for key, one in zip(keys, staging.planned, strict=True)),
        batch_size=BATCH,
    )
    made = {one.row.row: unit.pk for one, unit in zip(staging.planned, units, strict=True)}
    total = len(staging.planned)
    for first in range(0, total, BATCH):
        UnitVersion.objects.bulk_create(
            _version(one, made, change) for one in staging.planned[first : first + BATCH]
        )
        report(min(first + BATCH, total), total)
    record(
        "organisations.units.import",
        change,
        label="Nhập đơn vị từ Excel",
        actor=actor,
        now=now,
        object_label=change.summary,
        object_unit_id=staging.planned[0].parent_id,
        details={"file": kept.file_name, **staging.by_kind()},
    )
    tree.forget()
    return change


def _version(one: PlannedUnit, made: dict[int, int], change: Change) -> UnitVersion:
    row = one.row
    form, name = split_label(row.label, row.kind)
    parent_id = one.parent_id if one.parent_row is None else made[one.parent_row]
    return UnitVersion(
        unit_id=made[row.row],
        parent_id=parent_id,
        form=form,
        name=name,
        short_name=row.short_name,
        code=row.code,
        since=one.since,
        note=row.note,
        made_by=change,
        label=(label := f"{form} {name}".strip()),
        label_order=sort_key(label),
        search_text=search_text(label, row.short_name, row.code, (name,) if form else ()),
    )


def _free_keys(labels: list[str]) -> list[str]:
    """A key for each label that nobody has yet: "ban-ma-lu-thang", "ban-ma-lu-thang-2"."""
    taken = set(Unit.objects.values_list("key", flat=True))
    following: Counter[str] = Counter()
    keys = []
    for label in labels:
        base = slugify(fold(label))[:70] or "don-vi"
        key = base
        while key in taken:
            following[base] += 1
            key = f"{base}-{following[base] + 1}"
        taken.add(key)
        keys.append(key)
    return keys
