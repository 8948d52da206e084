"""Figures that go up: the order of registrations does not matter, and the parts make the whole."""

from __future__ import annotations

from collections import Counter

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from thidua.movements.registrations.merging import (
    Counted,
    Figures,
    as_text,
    counted,
    from_text,
    merged,
)

REGISTRATIONS = st.lists(
    st.builds(
        Counted,
        kind=st.sampled_from(["tham_gia", "giup_do", "thoat_ngheo"]),
        subject_type=st.sampled_from(["agency", "individual", "household", "organisation_enterprise"]),
        unit_id=st.integers(1, 5),
        helped_unit_id=st.none() | st.integers(6, 9),
        helped_village=st.sampled_from(["", "bản Hợp 1", "bản Làng Vây"]),
    ),
    max_size=25,
)
on_a_busy_machine = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def test_figures_of_a_small_set() -> None:
    figures = counted(
        [
            Counted("tham_gia", "agency", 1),
            Counted("giup_do", "agency", 2, helped_unit_id=9, helped_village="bản Hợp 1"),
            Counted("giup_do", "agency", 3, helped_unit_id=9, helped_village="bản Hợp 1"),
            Counted("thoat_ngheo", "household", 1),
        ]
    )

    assert figures.total == 4
    assert figures.of_kind("giup_do") == 2
    assert figures.places == Counter({(9, "bản Hợp 1"): 2})
    assert figures.households == Counter({1: 1})
    assert figures.units == Counter({1: 2, 2: 1, 3: 1})


@on_a_busy_machine
@given(REGISTRATIONS, st.randoms(use_true_random=False))
def test_order_does_not_matter(registrations: list[Counted], random: object) -> None:
    shuffled = list(registrations)
    random.shuffle(shuffled)  # type: ignore[attr-defined]

    assert as_text(counted(shuffled)) == as_text(counted(registrations))


@on_a_busy_machine
@given(REGISTRATIONS, st.integers(1, 4))
def test_parts_make_the_whole(registrations: list[Counted], number: int) -> None:
    parts = [registrations[start::number] for start in range(number)]

    whole = merged(counted(part) for part in reversed(parts))

    assert whole == counted(registrations)
    assert whole.total == sum(counted(part).total for part in parts) == len(registrations)


@on_a_busy_machine
@given(REGISTRATIONS)
def test_figures_come_back_from_their_text(registrations: list[Counted]) -> None:
    figures = counted(registrations)

    assert from_text(as_text(figures)) == figures


def test_nothing_merged_is_nothing() -> None:
    assert merged([]) == Figures() == from_text("{}")
