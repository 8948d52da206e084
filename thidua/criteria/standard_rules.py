"""Standards of the lawbook as rules: what a person must already hold, for how long, and what since then.

The same engine judges them as the criteria of a plan, with the article as citation. What a standard says in
words only becomes a question for the council, so that nothing of it is passed over.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from thidua.criteria import award_law
from thidua.criteria.award_law import Standard
from thidua.criteria.rule_sets import Criterion, RuleSet, SubjectRules
from thidua.criteria.rules import Condition, Group, Judged, Junction, Op, Rule, Window

COUNCIL = "Hội đồng Thi đua, khen thưởng"
#: What becomes a measured condition. The figures of `_OF_THE_MOVEMENT` are not about the subject:
#: `award_law.movement_route` looks at them.
MEASURED = frozenset(("holds", "years_at_least", "excellent_years_at_least", "title", "title_times"))
_OF_THE_MOVEMENT = frozenset(("movement_years_at_least", "launched_by", "selected_at"))


def rule_of(standard: Standard) -> Rule:
    """The rule of one standard; its parts carry the article."""
    parts: list[Rule] = [*_measured(standard)]
    rest = standard.figures.keys() - MEASURED - _OF_THE_MOVEMENT
    if rest or not parts:
        parts.append(Judged(standard.source.key, standard.text, COUNCIL, standard.citation))
    return parts[0] if len(parts) == 1 else Group(Junction.ALL, tuple(parts), citation=standard.citation)


def _measured(standard: Standard) -> Iterator[Condition]:
    figures, citation = standard.figures, standard.citation
    years = figures.get("years_at_least")
    window = Window(years, "years") if years else None
    if holds := figures.get("holds"):
        where, name = (("form", holds),), _name(standard, holds)
        if years:
            label = f"Thời gian từ khi được tặng {name} lần đầu"
            yield Condition(
                "time_since_award", Op.GTE, "year", years, where=where, citation=citation, label_vi=label
            )
        else:
            label = f"Số lần được tặng {name}"
            yield Condition("awards_held", Op.GTE, "award", 1, where=where, citation=citation, label_vi=label)
    if years:
        yield Condition(
            "tasks_completed_well",
            Op.IS,
            "bool",
            True,
            window=Window(years, "consecutive_years"),
            citation=citation,
        )
    if excellent := figures.get("excellent_years_at_least"):
        yield Condition("excellent_years", Op.GTE, "year", excellent, window=window, citation=citation)
    if title := figures.get("title"):
        yield Condition(
            "awards_held",
            Op.GTE,
            "award",
            figures.get("title_times", 1),
            window=window,
            where=(("form", title),),
            citation=citation,
            label_vi=f"Số lần đạt {_name(standard, title)}",
        )


def _name(standard: Standard, form: str) -> str:
    return award_law.form(form, standard.source.since).name


def rule_set_of(form: str, on: date) -> RuleSet:
    """The standards of an award form on a day, each a way of its own to the form. Raises NotInLawbook."""
    standards = award_law.standards(form, on)
    return RuleSet(
        code=f"lawbook:{form}",
        title=award_law.form(form, on).name,
        subjects=tuple(
            SubjectRules(
                id=f"{form}.{standard.code}",
                subject_type=", ".join(standard.subjects),
                label=standard.name,
                criteria=(
                    Criterion(
                        id=standard.source.key,
                        text=standard.text,
                        rule=rule_of(standard),
                        citation=standard.citation,
                        confirmed=standard.confirmed,
                    ),
                ),
            )
            for standard in standards
        ),
    )
