"""Changing units and undoing it: what the tree is before, after, and after the counter-act."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from thidua.audit.log import System
from thidua.audit.models import Entry
from thidua.core.errors import ChangedMeanwhile, NotAllowed, RuleNotMet
from thidua.organisations import changes, tree
from thidua.organisations.changes import Basis, NewUnit, Part, carry_out, counter
from thidua.organisations.models import BEGINNING, Change, Role, Succession, Unit, UnitKind, UnitVersion
from thidua.organisations.successions import heirs_on, inherited_by
from thidua.organisations.tests.world import DAY, World, make_person, make_unit, phong_tho

pytestmark = pytest.mark.django_db

NOW = datetime(2023, 11, 5, 3, tzinfo=UTC)
ON = date(2024, 1, 1)
SYSTEM = System(on=DAY)
BASIS = Basis(number="10/NQ-HĐND", dated=date(2023, 12, 1), issuer="HĐND tỉnh Lai Châu")

Tree = set[tuple[str, str | None, str]]


@pytest.fixture
def world() -> World:
    """A province with two offices that have rooms, all without an end."""
    world = World()

    def add(key: str, label: str, kind: UnitKind, parent: str | None) -> None:
        world.units[key] = make_unit(key, label, kind, parent=world.units[parent] if parent else None)

    add("vn", "Việt Nam", UnitKind.NATION, None)
    add("tinh", "tỉnh A", UnitKind.PROVINCE, "vn")
    add("tinh-b", "tỉnh B", UnitKind.PROVINCE, "vn")
    add("so-a", "Sở A", UnitKind.AGENCY, "tinh")
    add("so-b", "Sở B", UnitKind.AGENCY, "tinh")
    add("phong-a1", "Phòng A1", UnitKind.DIVISION, "so-a")
    add("phong-a2", "Phòng A2", UnitKind.DIVISION, "so-a")
    add("to-a1", "Tổ A1", UnitKind.DIVISION, "phong-a1")
    add("phong-b1", "Phòng B1", UnitKind.DIVISION, "so-b")
    return world


def tree_on(on: date) -> Tree:
    """Every unit in the tree of a day with the unit above it; the tree holds every unit of that day."""
    nodes = list(
        tree.snapshot_on(on).nodes.select_related("version__unit", "version__parent").order_by("lft")
    )
    found = {
        (
            node.version.unit.key,
            node.version.parent.key if node.version.parent else None,
            node.version.label,
        )
        for node in nodes
    }
    assert len(nodes) == UnitVersion.objects.filter(tree.valid_on(on)).count()
    for node in nodes:
        above = [one for one in nodes if one.lft < node.lft and node.rgt <= one.rgt]
        parent = max(above, key=lambda one: one.lft) if above else None
        assert (parent.unit_id if parent else None) == node.version.parent_id
    return found


def ids(world: World, *keys: str) -> list[int]:
    return [world.unit(key).pk for key in keys]


def do(preview: changes.Preview) -> Change:
    return carry_out(preview, actor=SYSTEM, now=NOW)


def test_establish_makes_a_unit_from_its_day_on(world: World) -> None:
    new = NewUnit(kind=UnitKind.AGENCY, name="Sở C", parent_id=world.unit("tinh").pk)

    preview = changes.plan_establish(new, on=ON, basis=BASIS)
    change = do(preview)

    assert preview.sentences == ("Lập Sở C, trực thuộc tỉnh A, từ ngày 01/01/2024",)
    assert tree_on(ON) - tree_on(date(2023, 12, 31)) == {("so-c", "tinh", "Sở C")}
    assert change.act is not None
    assert (change.act.number, change.kind) == ("10/NQ-HĐND", "establish")


def test_rename_keeps_the_unit_and_its_place(world: World) -> None:
    before = tree_on(ON)

    preview = changes.plan_rename(world.unit("tinh").pk, on=ON, form="thành phố", name="A Mới")
    do(preview)

    assert preview.sentences == ("Tỉnh A đổi thành thành phố A Mới từ ngày 01/01/2024",)
    assert tree_on(date(2023, 12, 31)) == before
    assert tree_on(ON) == before - {("tinh", "vn", "tỉnh A")} | {("tinh", "vn", "thành phố A Mới")}


def test_move_takes_all_below_along(world: World) -> None:
    preview = changes.plan_move(*ids(world, "phong-a1", "so-b"), on=ON)
    do(preview)

    assert preview.counts == (("đơn vị ở bên dưới", 1),)
    assert tree.is_within(*ids(world, "to-a1", "so-b"), on=ON)
    assert tree.is_within(*ids(world, "to-a1", "so-a"), on=date(2023, 12, 31))


def test_merge_into_a_new_unit(world: World) -> None:
    make_person("a", (world.unit("so-a"), Role.UNIT_OFFICER))

    preview = changes.plan_merge(
        ids(world, "so-a", "so-b"), into=NewUnit(UnitKind.AGENCY, "Sở A và B"), on=ON, basis=BASIS
    )
    do(preview)

    assert preview.summary == "Nhập Sở A, Sở B thành Sở A và B"
    assert preview.sentences == (
        "Sở A kết thúc từ ngày 01/01/2024",
        "Sở B kết thúc từ ngày 01/01/2024",
        "Lập Sở A và B, trực thuộc tỉnh A, từ ngày 01/01/2024",
        "Sở A và B kế thừa toàn bộ Sở A, Sở B",
        "3 đơn vị bên dưới chuyển theo, giữ nguyên tên",
        "Ủy nhiệm, nhiệm vụ, kế hoạch vẫn gắn với đơn vị cũ; người của đơn vị kế thừa xử lý tiếp",
    )
    assert dict(preview.counts) == {"đơn vị bên dưới chuyển theo": 3, "ủy nhiệm ở đơn vị kết thúc": 1}
    new = Unit.objects.get(key="so-a-va-b")
    assert heirs_on(world.unit("so-a").pk, on=ON) == [new.pk]
    assert inherited_by([new.pk], on=ON)[new.pk] == {new.pk, *ids(world, "so-a", "so-b")}
    assert {key for key, _, _ in tree_on(ON)} == {
        "vn", "tinh", "tinh-b", "so-a-va-b", "phong-a1", "phong-a2", "to-a1", "phong-b1",
    }  # fmt: skip


def test_merge_into_one_that_is_there(world: World) -> None:
    do(changes.plan_merge(ids(world, "so-a", "so-b"), into=world.unit("so-b").pk, on=ON))

    rows = Succession.objects.values_list("predecessor__key", "successor__key", "is_whole")
    assert list(rows) == [("so-a", "so-b", True)]
    assert ("phong-a1", "so-b", "Phòng A1") in tree_on(ON)
    assert world.unit("so-b").versions.count() == 1


def test_split_gives_each_unit_below_to_one_part(world: World) -> None:
    one = Part(NewUnit(UnitKind.AGENCY, "Sở A1"), Decimal("0.6"), tuple(ids(world, "phong-a1")))
    two = Part(NewUnit(UnitKind.AGENCY, "Sở A2"), Decimal("0.4"), tuple(ids(world, "phong-a2")))

    do(changes.plan_split(world.unit("so-a").pk, [one, two], on=ON))

    rows = Succession.objects.order_by("pk").values_list("successor__key", "is_whole", "share")
    assert list(rows) == [("so-a1", False, Decimal("0.6")), ("so-a2", False, Decimal("0.4"))]
    assert {("phong-a1", "so-a1", "Phòng A1"), ("phong-a2", "so-a2", "Phòng A2")} <= tree_on(ON)


def test_split_off_leaves_the_unit_there(world: World) -> None:
    part = Part(NewUnit(UnitKind.AGENCY, "Sở A1"), children=tuple(ids(world, "phong-a1")))

    do(changes.plan_split(world.unit("so-a").pk, [part], on=ON, remains=True))

    assert {
        ("so-a", "tinh", "Sở A"),
        ("phong-a2", "so-a", "Phòng A2"),
        ("phong-a1", "so-a1", "Phòng A1"),
    } <= tree_on(ON)


def test_split_then_merge_keeps_what_stood_below(world: World) -> None:
    below = {node.unit_id for node in tree.subtree(world.unit("so-a").pk, on=DAY)} - {world.unit("so-a").pk}
    parts = [
        Part(NewUnit(UnitKind.AGENCY, "Sở A1"), children=tuple(ids(world, "phong-a1"))),
        Part(NewUnit(UnitKind.AGENCY, "Sở A2"), children=tuple(ids(world, "phong-a2"))),
    ]
    do(changes.plan_split(world.unit("so-a").pk, parts, on=ON))
    halves = [Unit.objects.get(key=key).pk for key in ("so-a1", "so-a2")]

    do(changes.plan_merge(halves, into=NewUnit(UnitKind.AGENCY, "Sở A"), on=date(2024, 6, 1)))

    again = Unit.objects.get(key="so-a-2")
    found = {node.unit_id for node in tree.subtree(again.pk, on=date(2024, 6, 1))} - {again.pk}
    assert found == below
    assert heirs_on(world.unit("so-a").pk, on=date(2024, 6, 1)) == [again.pk]


def test_dissolve_without_heir_ends_all_below(world: World) -> None:
    preview = changes.plan_dissolve(world.unit("so-a").pk, on=ON)
    do(preview)

    assert dict(preview.counts) == {"đơn vị bên dưới cùng kết thúc": 3}
    assert {key for key, _, _ in tree_on(ON)} == {"vn", "tinh", "tinh-b", "so-b", "phong-b1"}
    assert heirs_on(world.unit("to-a1").pk, on=ON) == [world.unit("tinh").pk]


def test_dissolve_with_heirs_gives_them_what_stood_below(world: World) -> None:
    do(changes.plan_dissolve(world.unit("so-a").pk, on=ON, heirs=ids(world, "so-b")))

    assert ("phong-a1", "so-b", "Phòng A1") in tree_on(ON)
    assert heirs_on(world.unit("so-a").pk, on=ON) == ids(world, "so-b")


# ---- refusals


def refused(plan: Callable[[], object]) -> str:
    with pytest.raises(RuleNotMet) as refusal:
        plan()
    return refusal.value.why


def test_refusals_say_why(world: World) -> None:
    so_a, so_b, phong, tinh = ids(world, "so-a", "so-b", "phong-a1", "tinh")
    agency = UnitKind.AGENCY

    assert "nằm bên dưới" in refused(lambda: changes.plan_move(so_a, phong, on=ON))
    assert "nằm bên dưới" in refused(lambda: changes.plan_move(so_a, so_a, on=ON))
    assert "đã trực thuộc" in refused(lambda: changes.plan_move(so_a, tinh, on=ON))
    assert "trùng tên" in refused(lambda: changes.plan_rename(so_a, on=ON, name="Sở A"))
    assert "đã có Sở B" in refused(
        lambda: changes.plan_establish(NewUnit(agency, "Sở B", parent_id=tinh), on=ON)
    )
    assert "chưa chọn" in refused(lambda: changes.plan_establish(NewUnit(agency, "Sở D"), on=ON))
    assert "chưa có tên" in refused(
        lambda: changes.plan_establish(NewUnit(agency, " ", parent_id=tinh), on=ON)
    )
    assert "ít nhất hai" in refused(lambda: changes.plan_merge([so_a], into=NewUnit(agency, "Sở D"), on=ON))
    assert "bên dưới" in refused(lambda: changes.plan_merge([so_a], into=phong, on=ON))
    assert "ít nhất hai" in refused(lambda: changes.plan_split(so_a, [Part(NewUnit(agency, "Sở D"))], on=ON))
    assert "Phòng A1, Phòng A2 thuộc phần nào" in refused(
        lambda: changes.plan_split(so_a, [Part(NewUnit(agency, "D")), Part(NewUnit(agency, "E"))], on=ON)
    )
    assert "chính mình" in refused(lambda: changes.plan_dissolve(so_a, on=ON, heirs=[so_a]))
    do(changes.plan_rename(so_b, on=date(2025, 1, 1), name="Sở B Mới"))
    assert "01/01/2025" in refused(lambda: changes.plan_dissolve(so_b, on=ON))
    assert "đúng ngày" in refused(lambda: changes.plan_rename(so_b, on=date(2025, 1, 1), name="Sở X"))
    do(changes.plan_dissolve(so_a, on=ON))
    assert "không tồn tại" in refused(lambda: changes.plan_rename(so_a, on=ON, name="Sở X"))
    assert "không tồn tại" in refused(lambda: changes.plan_move(ids(world, "phong-b1")[0], so_a, on=ON))


def test_carry_out_needs_the_right(world: World) -> None:
    world.people["ai-do"] = make_person("ai-do", (world.unit("tinh-b"), Role.ADMINISTRATOR))
    world.people["quan-tri"] = make_person("quan-tri", (world.unit("tinh"), Role.ADMINISTRATOR))
    preview = changes.plan_rename(world.unit("so-a").pk, on=ON, name="Sở Mới")

    with pytest.raises(NotAllowed):
        carry_out(preview, actor=world.acting("ai-do"), now=NOW)
    carry_out(preview, actor=world.acting("quan-tri"), now=NOW)

    entry = Entry.objects.get(action="organisations.units.rename")
    assert (entry.object_label, entry.user) == ("Đổi Sở A thành Sở Mới", world.people["quan-tri"])


def test_carry_out_what_has_changed_meanwhile_is_refused(world: World) -> None:
    preview = changes.plan_merge(ids(world, "so-a", "so-b"), into=NewUnit(UnitKind.AGENCY, "Sở C"), on=ON)
    do(changes.plan_move(*ids(world, "phong-a1", "so-b"), on=date(2023, 12, 1)))

    with pytest.raises(ChangedMeanwhile):
        do(preview)

    assert not Unit.objects.filter(key="so-c").exists()


# ---- counter-acts


def test_merge_then_counter_gives_the_same_tree(world: World) -> None:
    before, next_year = tree_on(ON), tree_on(date(2025, 1, 1))
    merged = do(changes.plan_merge(ids(world, "so-a", "so-b"), into=NewUnit(UnitKind.AGENCY, "Sở C"), on=ON))

    undone = counter(merged, actor=SYSTEM, now=NOW, reason="Nghị quyết bị bãi bỏ")

    assert tree_on(ON) == before
    assert tree_on(date(2025, 1, 1)) == next_year
    assert heirs_on(world.unit("so-a").pk, on=ON) == [world.unit("so-a").pk]
    assert (undone.counters, undone.summary) == (
        merged,
        "Hủy bỏ: Nhập Sở A, Sở B thành Sở C (Nghị quyết bị bãi bỏ)",
    )
    assert UnitVersion.objects.filter(annulled_by=undone).count() == 4


def test_counter_is_refused_when_later_changes_build_on_it(world: World) -> None:
    merged = do(changes.plan_merge(ids(world, "so-a", "so-b"), into=NewUnit(UnitKind.AGENCY, "Sở C"), on=ON))
    new = Unit.objects.get(key="so-c")
    room = do(
        changes.plan_establish(NewUnit(UnitKind.DIVISION, "Phòng C1", parent_id=new.pk), on=date(2024, 3, 1))
    )

    why = refused(lambda: counter(merged, actor=SYSTEM, now=NOW, reason="x"))
    counter(room, actor=SYSTEM, now=NOW, reason="x")
    counter(merged, actor=SYSTEM, now=NOW, reason="x")

    assert why == "thay đổi sau đã dựa vào thay đổi này: «Lập Phòng C1» (01/03/2024)"
    assert "đã bị hủy bỏ rồi" in refused(lambda: counter(merged, actor=SYSTEM, now=NOW, reason="x"))


def test_counter_is_refused_when_it_would_close_a_ring(world: World) -> None:
    phong, so_a, so_b = ids(world, "phong-a1", "so-a", "so-b")
    moved = do(changes.plan_move(phong, so_b, on=ON))
    do(changes.plan_move(so_a, phong, on=date(2024, 2, 1)))

    assert "Chuyển Sở A về Phòng A1" in refused(lambda: counter(moved, actor=SYSTEM, now=NOW, reason="x"))


def test_counter_needs_a_reason(world: World) -> None:
    change = do(changes.plan_rename(world.unit("so-a").pk, on=ON, name="Sở Mới"))

    assert refused(lambda: counter(change, actor=SYSTEM, now=NOW, reason=" ")) == "chưa ghi lý do"


def test_counter_after_the_reform_gives_the_old_end_back() -> None:
    """A unit whose end was recorded before goes on to that end."""
    world = phong_tho()
    change = do(changes.plan_rename(world.unit("dao-san").pk, on=ON, name="Dào San Mới"))
    counter(change, actor=SYSTEM, now=NOW, reason="x")

    rows = world.unit("dao-san").versions.filter(annulled_by__isnull=True)
    assert list(rows.values_list("label", "since", "until")) == [("xã Dào San", BEGINNING, date(2025, 7, 1))]


@settings(max_examples=12, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
@given(acts=st.lists(st.tuples(st.integers(0, 5), st.integers(0, 99), st.integers(0, 99)), max_size=6))
@pytest.mark.django_db(transaction=False)
def test_any_changes_keep_a_forest_and_are_undone_in_turn(acts: list[tuple[int, int, int]]) -> None:
    from django.db import transaction

    with transaction.atomic():
        make_forest = _forest()
        days = [date(2024, month, 1) for month in range(1, 8)]
        states: list[tuple[Change, list[Tree]]] = []
        for number, (what, first, second) in enumerate(acts):
            before = [tree_on(day) for day in (DAY, *days)]
            try:
                change = do(_any_change(what, first, second, days[number], make_forest))
            except RuleNotMet:
                assert [tree_on(day) for day in (DAY, *days)] == before
                continue
            states.append((change, before))
            for day in (DAY, *days):
                assert [key for key, parent, _ in tree_on(day) if parent is None] == ["vn"]
        for change, before in reversed(states):
            counter(change, actor=SYSTEM, now=NOW, reason="x")
            assert [tree_on(day) for day in (DAY, *days)] == before
        transaction.set_rollback(True)


def _forest() -> list[int]:
    nation = make_unit("vn", "Việt Nam", UnitKind.NATION)
    found = [nation.pk]
    for number, above in enumerate((0, 0, 1, 1, 2, 2, 3)):
        parent = Unit.objects.get(pk=found[above])
        found.append(make_unit(f"u{number}", f"Sở {number}", UnitKind.AGENCY, parent=parent).pk)
    return found


def _any_change(what: int, first: int, second: int, on: date, units: list[int]) -> changes.Preview:
    everybody = sorted(UnitVersion.objects.filter(tree.valid_on(on)).values_list("unit_id", flat=True))
    bodies = [pk for pk in everybody if pk != units[0]]
    if not bodies:
        raise RuleNotMet("Không còn đơn vị")
    one, two = bodies[first % len(bodies)], bodies[second % len(bodies)]
    name = f"Sở mới {on.month}"
    if what == 0:
        return changes.plan_establish(NewUnit(UnitKind.AGENCY, name, parent_id=two), on=on)
    if what == 1:
        return changes.plan_rename(one, on=on, name=name)
    if what == 2:
        return changes.plan_move(one, two, on=on)
    if what == 3:
        into = two if second % 2 else NewUnit(UnitKind.AGENCY, name, parent_id=units[0])
        return changes.plan_merge([one, two], into=into, on=on)
    if what == 4:
        children = list(
            UnitVersion.objects.filter(tree.valid_on(on), parent_id=one).values_list("unit_id", flat=True)
        )
        parts = [
            Part(NewUnit(UnitKind.AGENCY, f"{name}a"), children=tuple(children[::2])),
            Part(NewUnit(UnitKind.AGENCY, f"{name}b"), children=tuple(children[1::2])),
        ]
        return changes.plan_split(one, parts, on=on, remains=bool(second % 2))
    return changes.plan_dissolve(one, on=on, heirs=[two] if second % 2 else [])
