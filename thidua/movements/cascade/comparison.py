"""One version beside one plan above it: findings of `coverage`, and what an officer says about them.

Loads and saves; the judging itself is in `coverage`. An officer may name another own item or another verdict,
with the reason; the program's own verdict stays to be seen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db import transaction

from thidua.audit.log import Actor, record
from thidua.core.errors import RuleNotMet
from thidua.movements.cascade.coverage import COMPARED, Finding, Item, compare
from thidua.movements.cascade.figures import Verdict
from thidua.movements.cascade.parents import Higher, kept_items
from thidua.movements.models import CoverageNote, ItemKind, PlanItem, PlanVersion

EXPLAIN, TAKE_BACK = "movements.coverage.explain", "movements.coverage.take_back"
#: What an officer must look at, first.
ORDER = (
    Verdict.MISSING,
    Verdict.CONTRADICTING,
    Verdict.WEAKER,
    Verdict.INCOMPARABLE,
    Verdict.COVERED,
    Verdict.STRONGER,
)
OPEN = frozenset(ORDER[:3])


def as_item(item: PlanItem) -> Item:
    """A row as `coverage` takes it."""
    entry, version = item.entry, item.version
    text = item.quote or str(entry.get("text") or entry.get("name") or entry.get("label_vi") or "")
    return Item(
        key=item.key,
        kind=item.kind,
        text=text,
        entry=entry,
        first_year=version.first_year,
        last_year=version.last_year,
        remark=str(entry.get("remark") or ""),
        pk=item.pk,
    )


@dataclass(frozen=True, slots=True)
class Row:
    """A finding with what an officer said about it."""

    finding: Finding
    higher: PlanItem
    own: PlanItem | None
    note: CoverageNote | None = None

    @property
    def verdict(self) -> Verdict:
        """The officer's verdict where there is one, else the program's."""
        return Verdict(self.note.verdict) if self.note and self.note.verdict else self.finding.verdict

    @property
    def is_by_hand(self) -> bool:
        return bool(self.note and (self.note.verdict or self.note.own_item_id))

    @property
    def is_sure(self) -> bool:
        return self.finding.is_sure or self.is_by_hand

    @property
    def is_open(self) -> bool:
        """To be dealt with: missing, weaker or contradicting, and not explained yet."""
        return self.verdict in OPEN and self.note is None

    @property
    def kind(self) -> ItemKind:
        return ItemKind(self.higher.kind)


@dataclass(frozen=True)
class Comparison:
    """All rows about one plan above, those to be looked at first."""

    version: PlanVersion
    higher: Higher
    rows: Sequence[Row]

    @cached_property
    def counts(self) -> dict[Verdict, int]:
        found = Counter(row.verdict for row in self.rows)
        return {verdict: found[verdict] for verdict in ORDER}

    @property
    def open_count(self) -> int:
        return sum(row.is_open for row in self.rows)

    def narrowed(self, *, verdict: str = "", kind: str = "", explained: bool | None = None) -> list[Row]:
        """Rows of a verdict and kind; `explained` False leaves those that still wait for an explanation."""
        return [
            row
            for row in self.rows
            if (not verdict or row.verdict == verdict)
            and (not kind or row.higher.kind == kind)
            and (explained is None or (row.note is not None if explained else row.is_open))
        ]


def comparison(version: PlanVersion, higher: Higher) -> Comparison:
    """The version beside the plan above; three queries."""
    theirs = [item for item in kept_items(higher.version) if item.kind in COMPARED]
    mine = [item for item in kept_items(version) if item.kind in COMPARED]
    notes = list(
        version.coverage_notes.filter(higher_item__version_id=higher.version.pk).select_related("user")
    )
    return judged(version, higher, theirs, mine, notes)


def judged(
    version: PlanVersion,
    higher: Higher,
    theirs: Iterable[PlanItem],
    mine: Iterable[PlanItem],
    notes: Collection[CoverageNote],
) -> Comparison:
    """As `comparison`, of rows that are already loaded."""
    higher_items = {item.pk: item for item in theirs if not item.entry.get("national_only")}
    own_items = {item.pk: item for item in mine}
    note_of = {note.higher_item_id: note for note in notes}
    rows = []
    for finding in compare(
        [as_item(item) for item in higher_items.values()], [as_item(item) for item in own_items.values()]
    ):
        assert finding.higher.pk is not None
        item = higher_items[finding.higher.pk]
        note = note_of.get(item.pk)
        chosen = own_items.get(note.own_item_id or 0) if note else None
        found = own_items.get(finding.own.pk or 0) if finding.own else None
        rows.append(Row(finding, item, chosen or found, note))
    rows.sort(key=lambda row: (ORDER.index(row.verdict), row.is_sure, COMPARED.index(row.higher.kind)))
    return Comparison(version, higher, rows)


def explain(
    version: PlanVersion,
    higher_item: PlanItem,
    *,
    text: str,
    verdict: str = "",
    own_item: PlanItem | None = None,
    actor: Actor,
    now: datetime,
) -> CoverageNote:
    """Keep why the plan deals with an item of the higher plan as it does. Raises NotAllowed, RuleNotMet.

    Another verdict than the program's, or another own item, is kept only with a reason.
    """
    actor.require("plan.explain", version)
    text = text.strip()
    if not text:
        raise RuleNotMet(
            "Chưa lưu được giải trình",
            why="chưa ghi nội dung",
            next_step="Ghi lý do rồi bấm «Lưu giải trình»",
        )
    if own_item is not None and own_item.version_id != version.pk:
        raise RuleNotMet(
            "Chưa lưu được giải trình",
            why="mục được chọn không thuộc kế hoạch này",
            next_step="Chọn một mục của kế hoạch này",
        )
    assert actor.user is not None
    with transaction.atomic():
        note, _ = CoverageNote.objects.update_or_create(
            version=version,
            higher_item=higher_item,
            defaults={
                "text": text,
                "verdict": Verdict(verdict).value if verdict else "",
                "own_item": own_item,
                "user": actor.user,
                "written_at": now,
            },
        )
        record(
            EXPLAIN,
            version,
            label="Giải trình đối chiếu",
            actor=actor,
            now=now,
            object_unit_id=version.plan.owner_id,
            reason=text,
            details={
                "higher_item": higher_item.pk,
                "higher": higher_item.quote[:200],
                "verdict": note.verdict,
                "own_item": own_item.pk if own_item else None,
            },
        )
    return note


def take_back(note: CoverageNote, *, actor: Actor, now: datetime) -> None:
    """Remove an explanation; the log keeps it. Raises NotAllowed."""
    version = note.version
    actor.require("plan.explain", version)
    with transaction.atomic():
        record(
            TAKE_BACK,
            version,
            label="Bỏ giải trình đối chiếu",
            actor=actor,
            now=now,
            object_unit_id=version.plan.owner_id,
            details={"higher_item": note.higher_item_id, "text": note.text, "verdict": note.verdict},
        )
        note.delete()
