"""Where a form asks for units: what was typed, what was found, what was chosen.

Works without JavaScript: what was typed is searched by the server; when it is sure, the unit is chosen, else
the ones that were found are offered. `picker.js` only makes it quicker.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from django.db.models import QuerySet
from django.http import QueryDict

from thidua.core.text import fold
from thidua.organisations import matching, tree
from thidua.organisations.models import TreeNode, UnitVersion

OFFERED = 12


@dataclass(frozen=True, slots=True)
class Slot:
    """One place of a form for units.

    Posted as `name` (numbers of units), `name_tim` (text), `name_khoa` (key of the picked unit).
    """

    name: str
    title: str
    help: str = ""
    is_many: bool = False
    is_required: bool = True


@dataclass(frozen=True, slots=True)
class Option:
    pk: int
    label: str
    above: str
    is_chosen: bool


@dataclass
class FilledSlot:
    """A slot with what was posted for it."""

    slot: Slot
    text: str = ""
    options: list[Option] = field(default_factory=list)
    error: str = ""

    @property
    def chosen(self) -> list[int]:
        return [option.pk for option in self.options if option.is_chosen]


def filled(slot: Slot, posted: QueryDict, *, on: date, within: QuerySet[TreeNode, int]) -> FilledSlot:
    """What was posted for a slot. Only units among `within` can be chosen."""
    chosen = [int(text) for text in posted.getlist(slot.name) if text.isdecimal() and len(text) < 19]
    text, key = posted.get(f"{slot.name}_tim", "").strip()[:200], posted.get(f"{slot.name}_khoa", "")
    allowed = UnitVersion.objects.filter(tree.valid_on(on), unit_id__in=within)
    result = FilledSlot(slot)
    offered: list[int] = []
    if text:
        named = allowed.filter(unit__key=key).first() if key else None
        sure = [named] if named is not None and named.label == text else _found(text, on=on, within=within)
        if len(sure) == 1:
            chosen = [*chosen, sure[0].unit_id] if slot.is_many else [sure[0].unit_id]
        elif sure:
            result.text, offered = text, [row.unit_id for row in sure]
            result.error = f"Có nhiều đơn vị khớp «{text}». Đánh dấu đơn vị đúng rồi gửi lại"
        else:
            result.text = text
            result.error = (
                f"Không tìm thấy «{text}» trong phạm vi bạn quản trị vào ngày này. Kiểm tra tên, ngày"
            )
    if not slot.is_many:
        chosen = chosen[-1:]
    result.options = _options([*chosen, *offered], chosen, allowed, on=on)
    if slot.is_required and not result.chosen and not result.error:
        result.error = "Chọn ít nhất một đơn vị" if slot.is_many else "Chọn một đơn vị"
    return result


def _found(text: str, *, on: date, within: QuerySet[TreeNode, int]) -> list[UnitVersion]:
    rows = list(matching.searched(text, on=on).filter(unit_id__in=within)[:OFFERED])
    exact = [row for row in rows if fold(row.label) == fold(text)]
    return exact if len(exact) == 1 else rows


def _options(
    unit_ids: list[int], chosen: Collection[int], allowed: QuerySet[UnitVersion], *, on: date
) -> list[Option]:
    rows = {row.unit_id: row for row in allowed.filter(unit_id__in=unit_ids)}
    above = tree.labels_on([row.parent_id for row in rows.values() if row.parent_id], on=on)
    return [
        Option(pk, rows[pk].label, above.get(rows[pk].parent_id or 0, ""), pk in chosen)
        for pk in dict.fromkeys(unit_ids)
        if pk in rows
    ]


def units_within(unit_ids: Collection[int], *, on: date) -> QuerySet[TreeNode, int]:
    """What an administrator of these units may change."""
    return tree.ids_at_or_below(unit_ids, on=on)
