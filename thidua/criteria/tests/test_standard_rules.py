"""Standards of the lawbook become rules without losing anything; how they come out: the worked cases."""

from __future__ import annotations

from datetime import date

import pytest

from thidua.criteria import award_law, lawbook
from thidua.criteria.checking import check
from thidua.criteria.rule_sets import read_rule_set, rule_set_json
from thidua.criteria.rules import Condition, Judged, conditions, walk
from thidua.criteria.sentences import sentence
from thidua.criteria.standard_rules import MEASURED, rule_of, rule_set_of

ON = date(2025, 6, 1)
FORMS = sorted(
    {key.split(".")[2] for key in lawbook.book().keys() if key.startswith("award.standard.")}  # noqa: SIM118
)


@pytest.mark.parametrize("form", FORMS)
def test_every_standard_can_be_judged(form: str) -> None:
    rules = rule_set_of(form, ON)

    assert check(rules) == []
    assert read_rule_set(rule_set_json(rules)) == rules
    for standard, criterion in zip(award_law.standards(form, ON), rules.criteria(), strict=True):
        assert (criterion.citation, criterion.confirmed) == (standard.citation, standard.confirmed)
        measured = [*conditions(criterion.rule)]
        asked: list[Judged | Condition] = [
            part for _, part in walk(criterion.rule) if isinstance(part, Judged)
        ]
        # each figure about the subject is measured, else the words are asked about
        assert bool(measured) is bool(standard.figures.keys() & MEASURED)
        assert asked or standard.figures.keys() <= MEASURED
        assert all(part.citation == standard.citation for part in [*measured, *asked])


def test_merit_standard_reads_as_a_sentence() -> None:
    standard = next(one for one in award_law.standards("bang-khen-thu-tuong", ON) if one.code == "merit")

    assert sentence(rule_of(standard)) == (
        "Thời gian từ khi được tặng Bằng khen của bộ, ban, ngành, tỉnh lần đầu từ 5 năm trở lên; hoàn thành "
        "tốt nhiệm vụ, trong 5 năm liên tục; và số lần đạt Chiến sĩ thi đua cơ sở từ 3 lần trở lên, "
        "trong 5 năm"
    )
