"""Changing units: establish, rename, move, merge, split, dissolve, and the counter-act that undoes one.

Each change is planned first: `plan_*` gives a `Preview` in sentences and refuses what cannot be. `carry_out`
plans once more inside the transaction, so that what was shown is what is done. Versions are closed and
opened, never deleted; `counter` annuls what a change opened and opens again what it closed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.text import slugify

from thidua.audit.log import Actor, record
from thidua.core.errors import ChangedMeanwhile, RuleNotMet
from thidua.core.formats import format_date
from thidua.core.text import fold, sort_key
from thidua.organisations import tree
from thidua.organisations.matching import search_text
from thidua.organisations.models import (
    FOREVER,
    Change,
    ChangeKind,
    LegalAct,
    Mandate,
    Membership,
    Succession,
    Unit,
    UnitKind,
    UnitVersion,
)

RIGHT = "organisations.units.change"


@dataclass(frozen=True, slots=True)
class Basis:
    """The act that a change rests on."""

    number: str
    dated: date | None = None
    issuer: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class NewUnit:
    """A unit to be made. `form` is the common noun of a place ("xã"); a body's `name` is whole."""

    kind: UnitKind
    name: str
    form: str = ""
    short_name: str = ""
    code: str = ""
    key: str = ""
    #: Where it stands; empty: where the units it comes from stood.
    parent_id: int | None = None

    @property
    def label(self) -> str:
        return f"{self.form} {self.name}".strip()


@dataclass(frozen=True, slots=True)
class Preview:
    """What a change would do. `sentences` are for people; `again` plans it anew."""

    kind: ChangeKind
    takes_effect_on: date
    basis: Basis | None
    summary: str
    sentences: tuple[str, ...]
    #: "đơn vị cấp dưới chuyển theo" → 12
    counts: tuple[tuple[str, int], ...]
    concerned_ids: tuple[int, ...]
    steps: _Steps
    again: Callable[[], Preview] = field(compare=False, repr=False)


# ---- what a change consists of


@dataclass(frozen=True, slots=True)
class _Close:
    version_id: int
    until: date


@dataclass(frozen=True, slots=True)
class _Open:
    """A version of a unit that is there (`unit_id`) or is made by this change (`key`)."""

    unit_id: int | None
    key: str
    kind: str
    parent_id: int | None
    parent_key: str
    form: str
    name: str
    short_name: str
    code: str
    since: date
    until: date
    ended_by_id: int | None = None
    confirmed: bool = True
    spellings: str = ""


@dataclass(frozen=True, slots=True)
class _Succeed:
    predecessor_id: int
    successor_id: int | None
    successor_key: str
    is_whole: bool
    share: Decimal | None = None


@dataclass(frozen=True, slots=True)
class _Steps:
    close: tuple[_Close, ...] = ()
    open: tuple[_Open, ...] = ()
    succeed: tuple[_Succeed, ...] = ()


@dataclass
class _Plan:
    """Gathers the steps of one change on one day."""

    day: date
    close: list[_Close] = field(default_factory=list)
    open: list[_Open] = field(default_factory=list)
    succeed: list[_Succeed] = field(default_factory=list)
    sentences: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    #: Keys of units that this change makes, so that two of them get two keys.
    keys: set[str] = field(default_factory=set)

    def steps(self) -> _Steps:
        return _Steps(tuple(self.close), tuple(self.open), tuple(self.succeed))

    def version(self, unit_id: int) -> UnitVersion:
        """What the unit is on the day; refuses a unit that is not there or begins only on that day."""
        version = tree.version_on(unit_id, on=self.day)
        if version is None:
            known = tree.last_version(unit_id, on=self.day)
            raise RuleNotMet(
                "Chưa thể thay đổi đơn vị",
                why=f"{known.label if known else 'đơn vị này'} không tồn tại vào ngày "
                f"{format_date(self.day)}",
                next_step="Chọn ngày khác hoặc đơn vị khác",
            )
        if version.since == self.day:
            raise RuleNotMet(
                "Chưa thể thay đổi đơn vị",
                why=f"{version.label} đã có một thay đổi đúng ngày {format_date(self.day)}",
                next_step="Chọn ngày sau đó, hoặc hủy bỏ thay đổi trước rồi làm lại",
            )
        return version

    def ending(self, unit_id: int) -> UnitVersion:
        """As `version`, of a unit that is to end: nothing may be recorded for later."""
        version = self.version(unit_id)
        if not version.is_open:
            raise RuleNotMet(
                "Chưa thể kết thúc đơn vị",
                why=f"{version.label} đã có thay đổi được ghi cho ngày {format_date(version.until)}",
                next_step="Hủy bỏ thay đổi đó trước, hoặc chọn ngày sau đó",
            )
        return version

    def end(self, version: UnitVersion) -> None:
        self.close.append(_Close(version.pk, self.day))
        self.sentences.append(f"{_large(version.label)} kết thúc từ ngày {format_date(self.day)}")

    def go_on(self, version: UnitVersion, **changes: object) -> None:
        """Close a version and open one that differs in `changes`, to the same end."""
        values: dict[str, object] = {
            "parent_id": version.parent_id,
            "parent_key": "",
            "form": version.form,
            "name": version.name,
            "short_name": version.short_name,
            "code": version.code,
        }
        values.update(changes)
        same_name = (values["form"], values["name"]) == (version.form, version.name)
        self.close.append(_Close(version.pk, self.day))
        self.open.append(
            _Open(
                unit_id=version.unit_id,
                key="",
                kind=version.unit.kind,
                since=self.day,
                until=version.until,
                ended_by_id=version.ended_by_id,
                confirmed=version.confirmed,
                spellings=version.search_text if same_name else "",
                **values,  # type: ignore[arg-type]  # the keys above are those of the fields
            )
        )

    def make(self, new: NewUnit, *, parent_id: int | None) -> str:
        """Plan a unit that is not there yet; returns its key."""
        if not new.name.strip():
            raise RuleNotMet("Chưa thể lập đơn vị", why="chưa có tên", next_step="Ghi tên đơn vị mới")
        parent_id = new.parent_id if new.parent_id is not None else parent_id
        if parent_id is None:
            raise RuleNotMet(
                f"Chưa thể lập {new.label}",
                why="chưa chọn đơn vị cấp trên",
                next_step="Chọn đơn vị mà đơn vị mới trực thuộc",
            )
        self.check_parent(parent_id, new.label)
        twin = UnitVersion.objects.filter(
            tree.valid_on(self.day), parent_id=parent_id, label=new.label, until=FOREVER
        ).exclude(pk__in=[close.version_id for close in self.close])
        if twin.exists():
            raise RuleNotMet(
                "Chưa thể lập đơn vị",
                why=f"cùng cấp trên đã có {new.label}",
                next_step="Đặt tên khác, hoặc dùng đơn vị đang có",
            )
        key = new.key or self._free_key(new.label)
        if new.key and Unit.objects.filter(key=new.key).exists():
            raise RuleNotMet(
                "Chưa thể lập đơn vị",
                why=f"mã định danh {new.key} đã có đơn vị khác dùng",
                next_step="Chọn mã khác hoặc để trống",
            )
        self.keys.add(key)
        self.open.append(
            _Open(
                unit_id=None,
                key=key,
                kind=new.kind,
                parent_id=parent_id,
                parent_key="",
                form=new.form.strip(),
                name=new.name.strip(),
                short_name=new.short_name.strip(),
                code=new.code.strip(),
                since=self.day,
                until=FOREVER,
            )
        )
        above = tree.version_on(parent_id, on=self.day) if parent_id is not None else None
        under = f", trực thuộc {above.label}" if above else ""
        self.sentences.append(f"Lập {new.label}{under}, từ ngày {format_date(self.day)}")
        return key

    def _free_key(self, label: str) -> str:
        base = slugify(fold(label))[:70] or "don-vi"
        taken = self.keys | set(Unit.objects.filter(key__startswith=base).values_list("key", flat=True))
        return next(
            key
            for key in (base, *(f"{base}-{number}" for number in range(2, len(taken) + 3)))
            if key not in taken
        )

    def check_parent(self, parent_id: int | None, label: str) -> None:
        """A unit stands under one that is there from the day on without end."""
        if parent_id is None:
            return
        parent = tree.version_on(parent_id, on=self.day)
        ended = {close.version_id for close in self.close}
        if parent is None or parent.pk in ended or _last_until(parent_id) != FOREVER:
            known = tree.last_version(parent_id, on=self.day)
            raise RuleNotMet(
                f"Chưa thể đặt {label} ở đó",
                why=f"{known.label if known else 'đơn vị cấp trên'} không tồn tại suốt từ ngày "
                f"{format_date(self.day)}",
                next_step="Chọn đơn vị cấp trên khác",
            )

    def children(self, unit_ids: Iterable[int]) -> list[UnitVersion]:
        """What stands directly below units that end; refuses when something is recorded there for later."""
        rows = UnitVersion.objects.filter(
            parent_id__in=list(unit_ids), until__gt=self.day, annulled_by__isnull=True
        )
        found = list(rows.select_related("unit").order_by("label_order"))
        for row in found:
            if row.since >= self.day:
                raise RuleNotMet(
                    "Chưa thể thay đổi đơn vị",
                    why=f"{row.label} ở bên dưới đã có thay đổi được ghi cho ngày {format_date(row.since)}",
                    next_step="Chọn ngày sau đó, hoặc hủy bỏ thay đổi kia trước",
                )
        return found

    def take_along(self, rows: Iterable[UnitVersion], *, unit_id: int | None, key: str = "") -> None:
        """Units below go on under another one."""
        moved = 0
        for row in rows:
            self.go_on(row, parent_id=unit_id, parent_key=key)
            moved += 1
        if moved:
            self.counts["đơn vị bên dưới chuyển theo"] = (
                self.counts.get("đơn vị bên dưới chuyển theo", 0) + moved
            )

    def count_matters(self, unit_ids: Sequence[int]) -> None:
        """What hangs on units that end; it stays with them, and their heirs act for it."""
        mandates = Mandate.objects.filter(
            unit_id__in=unit_ids, until__gt=self.day, revoked_at__isnull=True
        ).count()
        members = Membership.objects.filter(unit_id__in=unit_ids, until__gt=self.day).count()
        if mandates:
            self.counts["ủy nhiệm ở đơn vị kết thúc"] = mandates
        if members:
            self.counts["lượt thuộc nhóm của đơn vị kết thúc"] = members

    def preview(
        self,
        kind: ChangeKind,
        summary: str,
        *,
        basis: Basis | None,
        concerned: Iterable[int | None],
        again: Callable[[], Preview],
    ) -> Preview:
        moved = self.counts.get("đơn vị bên dưới chuyển theo")
        if moved:
            self.sentences.append(f"{moved} đơn vị bên dưới chuyển theo, giữ nguyên tên")
        if self.counts.get("ủy nhiệm ở đơn vị kết thúc"):
            self.sentences.append(
                "Ủy nhiệm, nhiệm vụ, kế hoạch vẫn gắn với đơn vị cũ; người của đơn vị kế thừa xử lý tiếp"
            )
        return Preview(
            kind=kind,
            takes_effect_on=self.day,
            basis=basis,
            summary=summary[:500],
            sentences=tuple(self.sentences),
            counts=tuple(self.counts.items()),
            concerned_ids=tuple(sorted({one for one in concerned if one is not None})),
            steps=self.steps(),
            again=again,
        )


def _large(text: str) -> str:
    return text[:1].upper() + text[1:]


def _last_until(unit_id: int) -> date:
    rows = UnitVersion.objects.filter(unit_id=unit_id, annulled_by__isnull=True).order_by("-until")
    return rows.values_list("until", flat=True).first() or date.min


# ---- the six changes


def plan_establish(new: NewUnit, *, on: date, basis: Basis | None = None) -> Preview:
    """A new unit under `new.parent_id`."""
    plan = _Plan(on)
    plan.make(new, parent_id=new.parent_id)
    return plan.preview(
        ChangeKind.ESTABLISH,
        f"Lập {new.label}",
        basis=basis,
        concerned=[new.parent_id],
        again=lambda: plan_establish(new, on=on, basis=basis),
    )


def plan_rename(
    unit_id: int,
    *,
    on: date,
    name: str | None = None,
    form: str | None = None,
    short_name: str | None = None,
    code: str | None = None,
    basis: Basis | None = None,
) -> Preview:
    """Another name, kind of place, short name or code; what is None stays."""
    plan = _Plan(on)
    version = plan.version(unit_id)
    wanted = {"name": name, "form": form, "short_name": short_name, "code": code}
    changes = {
        key: value.strip()
        for key, value in wanted.items()
        if value is not None and value.strip() != getattr(version, key)
    }
    if not changes or changes.get("name") == "":
        raise RuleNotMet(
            f"Chưa thể đổi tên {version.label}",
            why="tên mới trùng tên đang dùng hoặc để trống",
            next_step="Ghi tên mới",
        )
    plan.go_on(version, **changes)
    label = f"{changes.get('form', version.form)} {changes.get('name', version.name)}".strip()
    told = label if label != version.label else ", ".join(changes.values())
    plan.sentences.append(f"{_large(version.label)} đổi thành {told} từ ngày {format_date(on)}")
    return plan.preview(
        ChangeKind.RENAME,
        f"Đổi {version.label} thành {told}",
        basis=basis,
        concerned=[unit_id],
        again=lambda: plan_rename(
            unit_id, on=on, name=name, form=form, short_name=short_name, code=code, basis=basis
        ),
    )


def plan_move(unit_id: int, to: int, *, on: date, basis: Basis | None = None) -> Preview:
    """Under another unit, with everything below."""
    plan = _Plan(on)
    version = plan.version(unit_id)
    if version.parent_id == to:
        raise RuleNotMet(
            f"Chưa thể chuyển {version.label}",
            why="đơn vị đã trực thuộc nơi đó",
            next_step="Chọn đơn vị cấp trên khác",
        )
    plan.check_parent(to, version.label)
    _refuse_cycle(version, to, since=on)
    plan.go_on(version, parent_id=to)
    target = tree.version_on(to, on=on)
    assert target is not None
    below = tree.subtree(unit_id, on=on).count() - 1
    if below:
        plan.counts["đơn vị ở bên dưới"] = below
    plan.sentences.append(f"{_large(version.label)} chuyển về {target.label} từ ngày {format_date(on)}")
    return plan.preview(
        ChangeKind.MOVE,
        f"Chuyển {version.label} về {target.label}",
        basis=basis,
        concerned=[unit_id, to],
        again=lambda: plan_move(unit_id, to, on=on, basis=basis),
    )


def _refuse_cycle(version: UnitVersion, to: int, *, since: date) -> None:
    """Nobody stands below itself: not on the day, and on no later day for which a change is recorded."""
    later = UnitVersion.objects.filter(since__gt=since, since__lt=version.until, annulled_by__isnull=True)
    for day in [since, *sorted(set(later.values_list("since", flat=True)))]:
        current: int | None = to
        while current is not None:
            if current == version.unit_id:
                raise RuleNotMet(
                    f"Chưa thể chuyển {version.label}",
                    why=f"ngày {format_date(day)} nơi chuyển đến lại nằm bên dưới {version.label}",
                    next_step="Chọn đơn vị cấp trên khác",
                )
            above = tree.version_on(current, on=day)
            current = above.parent_id if above else None


def plan_merge(
    unit_ids: Sequence[int], *, into: int | NewUnit, on: date, basis: Basis | None = None
) -> Preview:
    """Units end and pass whole into one that is there (also one of them) or is made."""
    plan = _Plan(on)
    sources = list(dict.fromkeys(unit_ids))
    ending = [plan.ending(unit_id) for unit_id in sources if unit_id != into]
    if not ending or (isinstance(into, NewUnit) and len(ending) < 2):
        raise RuleNotMet(
            "Chưa thể nhập đơn vị",
            why="nhập cần ít nhất hai đơn vị",
            next_step="Chọn thêm đơn vị",
        )
    ended_ids = [version.unit_id for version in ending]
    for version in ending:
        plan.end(version)
    key, heir_id = "", None
    if isinstance(into, NewUnit):
        parents = {version.parent_id for version in ending}
        if len(parents) > 1 and into.parent_id is None:
            raise RuleNotMet(
                "Chưa thể nhập đơn vị",
                why="các đơn vị đang thuộc những cấp trên khác nhau",
                next_step="Chọn cấp trên của đơn vị mới",
            )
        key = plan.make(into, parent_id=ending[0].parent_id)
        label = into.label
    else:
        heir_id = into
        heir = tree.version_on(into, on=on)
        plan.check_parent(into, "các đơn vị được nhập")
        assert heir is not None
        label = heir.label
        _refuse_heir_below(heir, ended_ids, on=on)
    below = [row for row in plan.children(ended_ids) if row.unit_id not in ended_ids]
    plan.take_along(below, unit_id=heir_id, key=key)
    plan.succeed += [_Succeed(unit_id, heir_id, key, is_whole=True) for unit_id in ended_ids]
    names = ", ".join(version.label for version in ending)
    plan.sentences.append(f"{_large(label)} kế thừa toàn bộ {names}")
    plan.count_matters(ended_ids)
    return plan.preview(
        ChangeKind.MERGE,
        f"Nhập {names} thành {label}" if key else f"Nhập {names} vào {label}",
        basis=basis,
        concerned=[*ended_ids, heir_id, into.parent_id if isinstance(into, NewUnit) else None],
        again=lambda: plan_merge(unit_ids, into=into, on=on, basis=basis),
    )


def _refuse_heir_below(heir: UnitVersion, ended_ids: Sequence[int], *, on: date) -> None:
    above = {version.unit_id for version in tree.ancestors(heir.unit_id, on=on)} - {heir.unit_id}
    if above & set(ended_ids):
        raise RuleNotMet(
            "Chưa thể nhập đơn vị",
            why=f"{heir.label} đang nằm bên dưới một đơn vị sẽ kết thúc",
            next_step=f"Chuyển {heir.label} về cấp trên khác trước",
        )


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a split: the unit to be made, its stated share, and what stands below it from then on."""

    unit: NewUnit
    share: Decimal | None = None
    children: tuple[int, ...] = ()


def plan_split(
    unit_id: int, parts: Sequence[Part], *, on: date, remains: bool = False, basis: Basis | None = None
) -> Preview:
    """Chia: the unit ends and its parts take over. Tách (`remains`): it stays, parts are cut out of it."""
    plan = _Plan(on)
    version = plan.version(unit_id) if remains else plan.ending(unit_id)
    if not parts or (len(parts) < 2 and not remains):
        raise RuleNotMet(
            f"Chưa thể chia {version.label}",
            why="chia cần ít nhất hai đơn vị mới",
            next_step="Ghi thêm đơn vị mới",
        )
    below = {row.unit_id: row for row in plan.children([unit_id])}
    given = [child for part in parts for child in part.children]
    missing = [row.label for child, row in below.items() if child not in given]
    if len(given) != len(set(given)) or not set(given) <= set(below):
        raise RuleNotMet(
            f"Chưa thể chia {version.label}",
            why="có đơn vị bên dưới được giao hai lần hoặc không thuộc đơn vị này",
            next_step="Giao mỗi đơn vị bên dưới cho một phần",
        )
    if missing and not remains:
        raise RuleNotMet(
            f"Chưa thể chia {version.label}",
            why=f"chưa rõ {', '.join(missing[:3])}{' …' if len(missing) > 3 else ''} thuộc phần nào",
            next_step="Giao mỗi đơn vị bên dưới cho một phần",
        )
    if not remains:
        plan.end(version)
    for part in parts:
        key = plan.make(part.unit, parent_id=version.parent_id)
        plan.take_along([below[child] for child in part.children], unit_id=None, key=key)
        plan.succeed.append(_Succeed(unit_id, None, key, is_whole=False, share=part.share))
    if not remains:
        plan.count_matters([unit_id])
    names = ", ".join(part.unit.label for part in parts)
    word = "Tách" if remains else "Chia"
    plan.sentences.append(f"{names} kế thừa từng phần của {version.label}")
    return plan.preview(
        ChangeKind.SPLIT,
        f"{word} {version.label}: {names}",
        basis=basis,
        concerned=[unit_id],
        again=lambda: plan_split(unit_id, parts, on=on, remains=remains, basis=basis),
    )


def plan_dissolve(
    unit_id: int, *, on: date, heirs: Sequence[int] = (), basis: Basis | None = None
) -> Preview:
    """The unit ends. With heirs they take over and the first takes what stood below; else all below ends too.

    Without an heir the matters fall to the unit above.
    """
    plan = _Plan(on)
    version = plan.ending(unit_id)
    if unit_id in heirs:
        raise RuleNotMet(
            f"Chưa thể giải thể {version.label}",
            why="đơn vị không thể kế thừa chính mình",
            next_step="Chọn đơn vị kế thừa khác",
        )
    plan.end(version)
    ended = [unit_id]
    if heirs:
        labels = []
        for heir_id in heirs:
            plan.check_parent(heir_id, "phần kế thừa")
            heir = tree.version_on(heir_id, on=on)
            assert heir is not None
            _refuse_heir_below(heir, [unit_id], on=on)
            labels.append(heir.label)
            plan.succeed.append(_Succeed(unit_id, heir_id, "", is_whole=len(heirs) == 1))
        plan.take_along(
            [row for row in plan.children([unit_id]) if row.unit_id not in heirs], unit_id=heirs[0]
        )
        plan.sentences.append(f"Kế thừa: {', '.join(labels)}")
    else:
        layer = plan.children([unit_id])
        while layer:
            for row in layer:
                plan.ending(row.unit_id)
                plan.close.append(_Close(row.pk, on))
            ended += [row.unit_id for row in layer]
            layer = plan.children([row.unit_id for row in layer])
        if len(ended) > 1:
            plan.counts["đơn vị bên dưới cùng kết thúc"] = len(ended) - 1
            plan.sentences.append(f"{len(ended) - 1} đơn vị bên dưới cùng kết thúc")
        above = tree.version_on(version.parent_id, on=on) if version.parent_id else None
        if above:
            plan.sentences.append(f"Không có đơn vị kế thừa; việc còn lại do {above.label} xử lý")
    plan.count_matters(ended)
    return plan.preview(
        ChangeKind.DISSOLVE,
        f"Giải thể {version.label}",
        basis=basis,
        concerned=[unit_id, *heirs],
        again=lambda: plan_dissolve(unit_id, on=on, heirs=heirs, basis=basis),
    )


# ---- carrying out


def carry_out(preview: Preview, *, actor: Actor, now: datetime) -> Change:
    """Do what the preview says, in one transaction; it is planned again first.

    Raises NotAllowed, RuleNotMet, or ChangedMeanwhile when the units have changed since the preview.
    """
    _require(preview.concerned_ids, actor)
    with transaction.atomic():
        _lock(preview.concerned_ids)
        if preview.again() != preview:
            raise ChangedMeanwhile(
                "Chưa thể thực hiện thay đổi",
                why="các đơn vị liên quan vừa có thay đổi khác",
                next_step="Mở lại bản xem trước rồi quyết định",
            )
        change = Change.objects.create(
            kind=preview.kind,
            takes_effect_on=preview.takes_effect_on,
            act=_act(preview.basis),
            summary=preview.summary,
            user=actor.user,
            made_at=now,
        )
        made = _apply(preview.steps, change)
        _tell(change, preview, made, actor=actor, now=now)
        tree.forget(since=preview.takes_effect_on)
    return change


def _require(unit_ids: Iterable[int], actor: Actor) -> None:
    units = Unit.objects.in_bulk(list(unit_ids))
    for unit_id in unit_ids:
        actor.require(RIGHT, units[unit_id])


def _lock(unit_ids: Iterable[int]) -> None:
    """Two changes of the same unit wait for each other."""
    list(Unit.objects.select_for_update().filter(pk__in=list(unit_ids)).order_by("pk"))


def _act(basis: Basis | None) -> LegalAct | None:
    if basis is None or not basis.number.strip():
        return None
    act, _ = LegalAct.objects.get_or_create(
        number=basis.number.strip(),
        issuer=basis.issuer.strip(),
        defaults={"dated": basis.dated, "title": basis.title.strip()},
    )
    return act


def _apply(steps: _Steps, change: Change) -> Mapping[str, int]:
    for close in steps.close:
        UnitVersion.objects.filter(pk=close.version_id).update(until=close.until, ended_by=change)
    new = [Unit(key=one.key, kind=one.kind) for one in steps.open if one.unit_id is None]
    made = {unit.key: unit.pk for unit in Unit.objects.bulk_create(new)} if new else {}
    UnitVersion.objects.bulk_create(
        UnitVersion(
            unit_id=one.unit_id if one.unit_id is not None else made[one.key],
            parent_id=made[one.parent_key] if one.parent_key else one.parent_id,
            form=one.form,
            name=one.name,
            short_name=one.short_name,
            code=one.code,
            since=one.since,
            until=one.until,
            made_by=change,
            ended_by_id=one.ended_by_id,
            confirmed=one.confirmed,
            label=(label := f"{one.form} {one.name}".strip()),
            label_order=sort_key(label),
            search_text=one.spellings
            or search_text(label, one.short_name, one.code, (one.name,) if one.form else ()),
        )
        for one in steps.open
    )
    Succession.objects.bulk_create(
        Succession(
            predecessor_id=one.predecessor_id,
            successor_id=one.successor_id if one.successor_id is not None else made[one.successor_key],
            takes_effect_on=change.takes_effect_on,
            is_whole=one.is_whole,
            share=one.share,
            made_by=change,
        )
        for one in steps.succeed
    )
    return made


def _tell(change: Change, preview: Preview, made: Mapping[str, int], *, actor: Actor, now: datetime) -> None:
    concerned = preview.concerned_ids or tuple(made.values())
    record(
        f"organisations.units.{change.kind}",
        change,
        label=change.get_kind_display(),
        object_label=change.summary,
        actor=actor,
        now=now,
        object_unit_id=concerned[0] if concerned else None,
        reason=change.act.number if change.act else "",
        details={
            "takes_effect_on": change.takes_effect_on,
            "sentences": list(preview.sentences),
            "units": sorted({*concerned, *made.values()}),
        },
    )


# ---- undoing


def plan_counter(change: Change, *, reason: str = "", basis: Basis | None = None) -> Preview:
    """What undoing would do; refuses when later changes build on this one and names them."""
    what = f"Chưa thể hủy bỏ «{change.summary}»"
    if change.kind in (ChangeKind.IMPORT, ChangeKind.COUNTER):
        raise RuleNotMet(
            what,
            why="chỉ hủy bỏ được thay đổi do người thực hiện",
            next_step="Ghi một thay đổi mới để sửa lại",
        )
    if Change.objects.filter(counters=change).exists():
        raise RuleNotMet(what, why="thay đổi này đã bị hủy bỏ rồi", next_step="Không cần làm gì thêm")
    later = _later_changes(change)
    if later:
        names = "; ".join(f"«{one.summary}» ({format_date(one.takes_effect_on)})" for one in later[:3])
        raise RuleNotMet(
            what,
            why=f"thay đổi sau đã dựa vào thay đổi này: {names}",
            next_step="Hủy bỏ các thay đổi sau trước, từ mới đến cũ",
        )
    made = _made_by(change)
    again = UnitVersion.objects.filter(ended_by=change, annulled_by__isnull=True)
    sentences = [
        *(f"{_large(row.label)}: bỏ phần từ ngày {format_date(row.since)}" for row in made),
        *(f"{_large(row.label)} tiếp tục như trước" for row in again),
    ]
    return Preview(
        kind=ChangeKind.COUNTER,
        takes_effect_on=change.takes_effect_on,
        basis=basis,
        summary=f"Hủy bỏ: {change.summary}{f' ({reason.strip()})' if reason.strip() else ''}"[:500],
        sentences=tuple(sentences),
        counts=(("phiên bản bỏ đi", len(made)), ("phiên bản mở lại", len(again))),
        concerned_ids=tuple(sorted({row.unit_id for row in (*made, *again)})),
        steps=_Steps(),
        again=lambda: plan_counter(change, reason=reason, basis=basis),
    )


def counter(
    change: Change, *, actor: Actor, now: datetime, reason: str, basis: Basis | None = None
) -> Change:
    """Undo a change: annul what it opened, open again what it closed. Nothing is deleted.

    Raises NotAllowed, and RuleNotMet without a reason or when later changes build on it.
    """
    if not reason.strip():
        raise RuleNotMet(
            f"Chưa thể hủy bỏ «{change.summary}»", why="chưa ghi lý do", next_step="Ghi lý do rồi gửi lại"
        )
    preview = plan_counter(change, reason=reason, basis=basis)
    existing = [unit_id for unit_id in preview.concerned_ids if unit_id not in _founded_by(change)]
    _require(existing or preview.concerned_ids, actor)
    with transaction.atomic():
        _lock(preview.concerned_ids)
        preview = plan_counter(change, reason=reason, basis=basis)
        undoing = Change.objects.create(
            kind=ChangeKind.COUNTER,
            takes_effect_on=change.takes_effect_on,
            act=_act(basis),
            summary=preview.summary,
            counters=change,
            user=actor.user,
            made_at=now,
        )
        made = {row.unit_id: row for row in _made_by(change)}
        UnitVersion.objects.filter(pk__in=[row.pk for row in made.values()]).update(annulled_by=undoing)
        Succession.objects.filter(made_by=change, annulled_by__isnull=True).update(annulled_by=undoing)
        for row in UnitVersion.objects.filter(ended_by=change, annulled_by__isnull=True):
            following = made.get(row.unit_id)
            # What went on took over the end that was recorded; what ended had none.
            row.until = following.until if following else FOREVER
            row.ended_by_id = following.ended_by_id if following else None
            row.save(update_fields=["until", "ended_by"])
        _tell(undoing, preview, {}, actor=actor, now=now)
        tree.forget(since=change.takes_effect_on)
    return undoing


def _made_by(change: Change) -> list[UnitVersion]:
    return list(UnitVersion.objects.filter(made_by=change, annulled_by__isnull=True).order_by("pk"))


def _founded_by(change: Change) -> set[int]:
    """Units that this change made."""
    made = {row.unit_id for row in _made_by(change)}
    older = UnitVersion.objects.filter(unit_id__in=made, annulled_by__isnull=True).exclude(made_by=change)
    return made - set(older.filter(since__lt=change.takes_effect_on).values_list("unit_id", flat=True))


def _later_changes(change: Change) -> list[Change]:
    """Changes that would hang in the air without this one, newest first."""
    made = _made_by(change)
    ended = list(UnitVersion.objects.filter(ended_by=change, annulled_by__isnull=True))
    founded = _founded_by(change)
    found: set[int | None] = {row.ended_by_id for row in made}
    live = UnitVersion.objects.filter(annulled_by__isnull=True)
    # Something new stands under a unit that this change made, or an ended unit came back.
    found |= set(live.filter(parent_id__in=founded).values_list("made_by_id", flat=True))
    found |= set(
        live.filter(
            unit_id__in=[row.unit_id for row in ended], since__gte=change.takes_effect_on
        ).values_list("made_by_id", flat=True)
    )
    for row in ended:
        if row.parent_id is not None:
            found |= _in_the_way(row, row.parent_id, since=change.takes_effect_on)
    heirs = Succession.objects.filter(predecessor_id__in=founded, annulled_by__isnull=True)
    found |= set(heirs.values_list("made_by_id", flat=True))
    rows = Change.objects.filter(pk__in=[pk for pk in found if pk is not None], pk__gt=change.pk)
    return list(rows.exclude(kind=ChangeKind.COUNTER).order_by("-pk"))


def _in_the_way(row: UnitVersion, parent_id: int, *, since: date) -> set[int | None]:
    """Changes that keep a version from going on under its parent: that ended, or went below the unit."""
    last = UnitVersion.objects.filter(unit_id=parent_id, annulled_by__isnull=True).order_by("-until").first()
    found: set[int | None] = {last.ended_by_id} if last and not last.is_open else set()
    live = UnitVersion.objects.filter(annulled_by__isnull=True)
    days = {since, *live.filter(since__gt=since).values_list("since", flat=True)}
    for day in days:
        chain: set[int | None] = set()
        current: int | None = parent_id
        while current is not None:
            if current == row.unit_id:
                found |= chain
                break
            above = tree.version_on(current, on=day)
            if above is not None:
                chain.add(above.made_by_id)
            current = above.parent_id if above else None
    return found
