"""The derived tree: order, ends, ring-free forests, and two builders at once."""

from __future__ import annotations

import threading
from datetime import date

import pytest
from django.db import connection, connections
from hypothesis import given
from hypothesis import strategies as st

from thidua.organisations import tree
from thidua.organisations.models import BEGINNING, FOREVER, TreeNode, TreeSnapshot, UnitKind
from thidua.organisations.tests.world import DAY, REFORM, make_unit, phong_tho


@given(st.lists(st.integers(0, 30), max_size=30), st.booleans())
def test_walk_gives_each_unit_once_and_its_whole_subtree(parents: list[int], has_strays: bool) -> None:
    rows: list[tuple[int, int, int | None, str]] = [(0, 100, None, "")]
    for number, parent in enumerate(parents, start=1):
        rows.append((number, 100 + number, parent % number, ""))
    if has_strays:
        rows.append((500, 600, 999, ""))  # stands under nobody that is there

    nodes = {node[0]: node for node in tree.walk(rows)}

    assert sorted(nodes) == sorted(row[0] for row in rows)
    above = {row[0]: row[2] for row in rows}
    for unit_id, (_, version_id, lft, rgt, depth) in nodes.items():
        assert version_id == 100 + unit_id
        below = set()
        for other in nodes:
            step: int | None = other
            while step is not None and step != unit_id:
                step = above.get(step)
            if step == unit_id:
                below.add(other)
        assert {other for other, node in nodes.items() if lft <= node[2] < rgt} == below
        above_it = above[unit_id]
        assert depth == (nodes[above_it][4] + 1 if above_it is not None and above_it in nodes else 0)


@pytest.mark.django_db
def test_ancestors_from_the_root_down() -> None:
    world = phong_tho()

    path = [row.label for row in tree.ancestors(world.unit("dao-san").pk, on=DAY)]

    assert path == ["Việt Nam", "tỉnh Lai Châu", "huyện Phong Thổ", "xã Dào San"]
    assert tree.ancestors(world.unit("dao-san").pk, on=REFORM) == []


@pytest.mark.django_db
def test_forget_lets_go_only_of_what_holds_from_the_day_on() -> None:
    phong_tho()
    make_unit("b", "tỉnh B", UnitKind.PROVINCE, since=date(2024, 1, 1))
    early, late = tree.snapshot_on(DAY), tree.snapshot_on(REFORM)

    tree.forget(since=REFORM)

    assert set(TreeSnapshot.objects.values_list("pk", flat=True)) == {early.pk}
    assert not TreeNode.objects.filter(snapshot_id=late.pk).exists()


@pytest.mark.django_db
def test_snapshot_after_a_change_was_taken_back_reaches_over_its_day() -> None:
    unit = make_unit("a", "tỉnh A", UnitKind.PROVINCE)
    day = date(2024, 1, 1)
    unit.versions.update(until=day)
    tree.snapshot_on(DAY)
    unit.versions.update(until=FOREVER)

    tree.forget(since=day)

    again = tree.snapshot_on(day)
    assert (again.since, again.until) == (BEGINNING, FOREVER)


@pytest.mark.django_db(transaction=True)
def test_two_builders_at_once_make_one_snapshot() -> None:
    phong_tho()
    TreeSnapshot.objects.all().delete()
    found: list[int] = []
    wrong: list[Exception] = []
    together = threading.Barrier(2)

    def build() -> None:
        try:
            together.wait(10)
            found.append(tree.snapshot_on(DAY).pk)
        except Exception as error:  # told to the test below
            wrong.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=build) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    if connection.vendor == "postgresql":
        assert wrong == []
        assert len(set(found)) == 1
    assert TreeSnapshot.objects.filter(since__lte=DAY, until__gt=DAY).count() == 1


@pytest.mark.django_db
def test_snapshot_of_a_day_without_units_is_empty() -> None:
    make_unit("a", "tỉnh A", UnitKind.PROVINCE, since=date(2024, 1, 1))

    assert tree.snapshot_on(DAY).nodes.count() == 0
