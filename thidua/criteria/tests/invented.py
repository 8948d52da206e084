"""Rules and facts by chance, for property tests: every form, every way of not knowing."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import strategies as st

from thidua.criteria.facts import Answer, Event, Figure, Link, Share, SubjectFacts

YEARS = ("2021", "2022", "2023", "2024")
CLASSES = ("xã biên giới", "thôn, bản")
#: Codes with their forms, and a unit that fits.
MEASURED = (
    ("poor_hh_rate_decrease", "poor_hh_rate", "pct_point"),
    ("poor_hh_count_decrease", "poor_hh", "pct_change"),
    ("rural_income_ratio", "rural_income", "ratio"),
    ("emulation_score", "emulation_score", "point"),
    ("donation_of_all", "donation_of_all", "million_vnd"),
)
FLAGS = ("no_complaint", "taxes_paid")

numbers = st.one_of(
    st.integers(-5, 120),
    st.decimals(min_value=0, max_value=100, places=2),
    st.builds(Share, st.integers(0, 40), st.integers(1, 40)),
    st.integers(0, 10**19),
)


def figures(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Figure]:
    return st.builds(
        Figure,
        values,
        st.sampled_from(("", "s1", "s2")),
        st.sampled_from(("", "", "", "so_bo", "uoc")),
        st.sampled_from((None, None, None, (3, 3), (2, 3))),
        st.sampled_from(("", "", "", "chuan-a")),
    )


subjects = st.builds(
    SubjectFacts,
    st.just(""),
    st.dictionaries(
        st.tuples(
            st.sampled_from([code for _, code, _ in MEASURED]), st.sampled_from((*YEARS, "", "2021/2025"))
        ),
        figures(numbers),
        max_size=14,
    ).flatmap(
        lambda found: st.dictionaries(
            st.tuples(st.sampled_from(FLAGS), st.sampled_from((*YEARS, ""))),
            figures(st.booleans()),
            max_size=4,
        ).map(lambda flags: found | flags)
    ),
    st.dictionaries(st.sampled_from(CLASSES), st.builds(Figure, st.booleans()), max_size=2),
    st.dictionaries(
        st.just("awards_held"),
        st.lists(st.builds(Event, st.dates(date(2019, 1, 1), date(2026, 1, 1))), max_size=3).map(tuple),
        max_size=1,
    ),
    st.dictionaries(st.just("phụ trách"), st.just(Link(("other",))), max_size=1),
    st.dictionaries(
        st.just("q"), st.builds(Answer, st.booleans(), st.just("HĐ"), st.just(date(2025, 1, 1))), max_size=1
    ),
)


@st.composite
def measured(draw: st.DrawFn) -> dict[str, Any]:
    code, _, unit = draw(st.sampled_from(MEASURED))
    rule: dict[str, Any] = {"indicator": code, "unit": unit}
    op = draw(st.sampled_from(("gte", "gt", "lte", "lt", "between", "is", "stated")))
    bounds = st.one_of(st.integers(0, 100), st.sampled_from((0.5, 1.25, 3.9, 60.5)))
    if op == "between":
        low, high = sorted((draw(bounds), draw(bounds)))
        rule |= {"op": op, "value_min": low, "value_max": high}
    else:
        rule |= {"op": op, "value": draw(bounds)}
    window = draw(
        st.sampled_from(
            (
                None,
                None,
                {"consecutive_years": 2},
                {"years": 3},
                {"consecutive_years": 2, "anchor": "any_in_period"},
                {"consecutive_years": 9, "anchor": "any_in_period"},
                {"consecutive_rounds": 2},
            )
        )
    )
    extras = {
        "window": window,
        "per": draw(st.sampled_from((None, None, "year", "year_average"))) if window is None else None,
        "baseline": draw(st.sampled_from((None, None, "đầu kỳ", "năm 2022"))),
        "applies_to": draw(st.sampled_from((None, None, *CLASSES))),
    }
    return rule | {key: value for key, value in extras.items() if value is not None}


leaves = st.one_of(
    measured(),
    st.builds(
        lambda code, value: {"indicator": code, "op": "is", "value": value, "unit": "bool"},
        st.sampled_from(FLAGS),
        st.booleans(),
    ),
    st.just({"indicator": "awards_held", "op": "gte", "value": 1, "unit": "award", "window": {"years": 3}}),
    st.just({"judged": "Câu hỏi", "key": "q"}),
    st.builds(lambda part: {"any_of": [part], "evaluated_on": "phụ trách"}, measured()),
)
rules = st.recursive(
    leaves,
    lambda below: st.builds(
        lambda junction, parts: {junction: parts},
        st.sampled_from(("all_of", "any_of")),
        st.lists(below, min_size=1, max_size=3),
    ),
    max_leaves=5,
)
