"""Which class a household belongs to: for millions of rows as one expression, for one with the reasons.

`classify` builds an Ibis expression that any backend can run (DuckDB here, a cluster elsewhere): only
comparisons, sums and CASE, over whole numbers. `explain` says the same of one household in sentences. What is
not known stays unknown: a class is null unless it follows whatever the missing answers may be.

A score of form B1 decides where there is one and the standard has a line for it; otherwise the income does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from thidua.core.formats import format_number
from thidua.households.classes import Area, PovertyClass
from thidua.households.standards import PovertyStandard

if TYPE_CHECKING:
    from collections.abc import Callable

    import ibis.expr.types as ir

#: Most indicators that a standard has had. Tables have as many columns; those a standard lacks are not read.
MOST_DEPRIVATIONS = 12
DEPRIVATION_COLUMNS = tuple(f"d{number}" for number in range(1, MOST_DEPRIVATIONS + 1))


# --- many -----------------------------------------------------------------------------------------


#: Classes by the number that the expression gives them.
NUMBERS = {poverty_class: place for place, poverty_class in enumerate(PovertyClass, 1)}
#: One answer counts 1 when deprived and this when not known, so that one sum holds both counts.
_UNKNOWN_BITS = 4
_UNKNOWN = 1 << _UNKNOWN_BITS
_ANSWERS = {column: f"_{column}" for column in DEPRIVATION_COLUMNS}


def classify(table: ir.Table, national: PovertyStandard, local: PovertyStandard | None = None) -> ir.Table:
    """The table with three more columns: `deprived` (count so far), `national_class`, `local_class`.

    Reads `area`, `score_b1` and `income_dong` (whole numbers or null) and `d1` … `d12` (8-bit numbers: 1
    deprived, 0 not, null not known). Without a standard of the province `local_class` is `national_class`.
    """
    rows = coded(table)
    judged = numbered(rows, national).mutate(
        deprived=lambda it: _deprived(it._counted), national_class=lambda it: _word(it.class_number)
    )
    if local is None:
        judged = judged.mutate(local_class=judged.national_class)
    else:
        judged = numbered(judged.drop("class_number", "_counted"), local).mutate(
            local_class=lambda it: _word(it.class_number)
        )
    return judged.select(*table.columns, "deprived", "national_class", "local_class")


def coded(table: ir.Table) -> ir.Table:
    """The table with what `numbered` reads: `_urban` (1, 0 or null), and numbers that are never null.

    Score and income are -1 when not known, answers 16: to add up twelve columns that may be null takes a
    database six times as long as twelve that may not.
    """
    import ibis

    unknown = ibis.literal(_UNKNOWN, "int8")
    answers: dict[str, Any] = {name: table[column].coalesce(unknown) for column, name in _ANSWERS.items()}
    urban = ibis.cases((table.area == Area.URBAN.value, 1), (table.area == Area.RURAL.value, 0))
    return table.mutate(
        _urban=urban.cast("int32"),  # wide: the lines of two areas may not add up in eight bits
        _score=table.score_b1.coalesce(-1),
        _income=table.income_dong.coalesce(-1),
        **answers,
    )


def numbered(rows: ir.Table, standard: PovertyStandard) -> ir.Table:
    """The `coded` rows with the class of each as `class_number`, see `NUMBERS`; null when it cannot be said.

    Numbers, because every branch that gives a word copies words. What several branches ask is asked first.
    """
    import ibis

    rows = rows.mutate(
        _counted=_counted(rows, standard),
        _below=_at_most(rows, standard, "score", "income"),
        _known=_is_known(rows, standard),
    )
    least = _deprived(rows._counted)
    by_deprivations = ibis.cases(
        (least >= standard.poor_from, _number(PovertyClass.POOR)),
        (least + (rows._counted >> _UNKNOWN_BITS) < standard.poor_from, _number(PovertyClass.NEAR_POOR)),
        else_=ibis.null("int8"),
    )
    beyond = _number(PovertyClass.NOT_POOR)
    average = _line(rows, standard, "average")
    if average is not None:
        beyond = ibis.cases(
            (rows._income < 0, beyond),
            (rows._income <= average, _number(PovertyClass.AVERAGE)),
            (rows._income > average, _number(PovertyClass.ABOVE)),
            else_=beyond,
        )
    branches = [(rows._below, by_deprivations), (~rows._below & rows._known, beyond)]
    if _line(rows, standard, "alone") is not None:
        alone = _at_most(rows, standard, "score_alone", "alone")
        branches.insert(0, (alone, _number(PovertyClass.POOR)))
    return rows.mutate(class_number=ibis.cases(*branches, else_=ibis.null("int8"))).drop("_known", "_below")


def _counted(rows: ir.Table, standard: PovertyStandard) -> Any:
    """Deprivations + 16 × unknown answers. Half of twelve still fits in 8 bits, which are quick to add."""
    answers: list[Any] = [rows[_ANSWERS[name]] for name in DEPRIVATION_COLUMNS[: len(standard.deprivations)]]
    halves = [sum(half[1:], half[0]).cast("int16") for half in (answers[:6], answers[6:]) if half]
    return sum(halves[1:], halves[0])


def _deprived(counted: Any) -> Any:
    return counted & (_UNKNOWN - 1)


def _line(rows: ir.Table, standard: PovertyStandard, name: str) -> Any:
    """A line by area as a column; None when the standard has none. Comparing with null says nothing."""
    import ibis

    urban, rural = (getattr(standard.lines[area], name) for area in (Area.URBAN, Area.RURAL))
    if urban is not None and rural is not None:
        return rural + rows._urban * (urban - rural)
    if urban is None and rural is None:
        return None
    return ibis.cases((rows._urban == 1, urban), (rows._urban == 0, rural))


def _at_most(rows: ir.Table, standard: PovertyStandard, score: str, income: str) -> Any:
    """Whether the score, or without one the income, is known and not over its line."""
    by_income = (rows._income >= 0) & (rows._income <= _line(rows, standard, income))
    has_score = _has_score(rows, standard)
    if has_score is None:
        return by_income
    return (has_score & (rows._score <= _line(rows, standard, score))) | (~has_score & by_income)


def _is_known(rows: ir.Table, standard: PovertyStandard) -> Any:
    has_score, has_income = _has_score(rows, standard), rows._income >= 0
    return has_income if has_score is None else has_score | has_income


def _has_score(rows: ir.Table, standard: PovertyStandard) -> Any:
    """Whether the score decides, since there is one and a line for it; None when no area has such a line."""
    lines = {area: lines.score for area, lines in standard.lines.items()}
    if not any(lines.values()):
        return None
    has_score = rows._score >= 0
    without = [area for area, line in lines.items() if line is None]
    return has_score & (rows._urban != int(without[0] == Area.URBAN)) if without else has_score


def _number(poverty_class: PovertyClass) -> Any:
    import ibis

    return ibis.literal(NUMBERS[poverty_class], "int8")


def _word(number: Any) -> ir.Value:
    import ibis

    return ibis.cases(*((number == place, one.value) for one, place in NUMBERS.items()))


# --- one ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one household; None is not known. `deprivations` in the order of the standard."""

    area: Area | None
    income_dong: int | None = None
    score_b1: int | None = None
    deprivations: Sequence[bool | None] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the reasoning: the sentence, the article it stands on, whether that has been checked."""

    sentence: str
    citation: str
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Explanation:
    """The class of one household with its reasons; `poverty_class` None: it cannot be said, see `missing`."""

    standard: PovertyStandard
    poverty_class: PovertyClass | None
    steps: tuple[Step, ...]
    deprived: tuple[int, ...]
    unknown: tuple[int, ...]
    missing: tuple[str, ...]
    article: str

    @property
    def label(self) -> str:
        return str(self.poverty_class.label) if self.poverty_class else "Chưa xác định được"

    @property
    def points_b2(self) -> int:
        return len(self.deprived) * self.standard.points_each

    @property
    def is_confirmed(self) -> bool:
        """Whether every article that was used has been compared with the original."""
        return all(step.confirmed for step in self.steps)


def explain(facts: Facts, standard: PovertyStandard) -> Explanation:
    """The class of one household under a standard, each line and each deprivation named."""
    answers = [*facts.deprivations, *[None] * MOST_DEPRIVATIONS][: len(standard.deprivations)]
    deprived = tuple(place for place, answer in enumerate(answers) if answer is True)
    unknown = tuple(place for place, answer in enumerate(answers) if answer is None)
    steps: list[Step] = []

    def say(sentence: str, key: str) -> None:
        parameter = standard.used[key]
        steps.append(Step(sentence, parameter.citation, parameter.confirmed))

    def ends(poverty_class: PovertyClass | None, *missing: str) -> Explanation:
        article = standard.article(poverty_class) if poverty_class else standard.citation
        return Explanation(standard, poverty_class, tuple(steps), deprived, unknown, missing, article)

    if facts.area is None:
        return ends(None, "khu vực (nông thôn hay thành thị)")
    side = _place_on_the_lines(facts, standard, say)
    if side is None:
        by_points = standard.lines[facts.area].score is not None
        return ends(None, "điểm B1 hoặc thu nhập bình quân" if by_points else "thu nhập bình quân")
    if side is _Side.ALONE:
        return ends(PovertyClass.POOR)
    if side is _Side.ABOVE:
        return ends(_above(facts, standard, say))
    _count_deprivations(standard, deprived, unknown, say)
    if len(deprived) >= standard.poor_from:
        return ends(PovertyClass.POOR)
    if len(deprived) + len(unknown) < standard.poor_from:
        return ends(PovertyClass.NEAR_POOR)
    return ends(None, *(standard.deprivations[place].name for place in unknown))


class _Side:
    """Where a household stands against the lines."""

    ALONE, BELOW, ABOVE = "alone", "below", "above"


def _place_on_the_lines(
    facts: Facts, standard: PovertyStandard, say: Callable[[str, str], None]
) -> str | None:
    assert facts.area is not None
    lines, area = standard.lines[facts.area], facts.area.name.lower()
    where = facts.area.label.lower()
    if facts.score_b1 is not None and lines.score is not None:
        amount, line, alone = facts.score_b1, lines.score, lines.score_alone
        keys = ("poverty.b1.line", "poverty.b1.alone_line")
        what, unit = "Điểm B1", "điểm"
    elif facts.income_dong is not None:
        amount, line, alone = facts.income_dong, lines.income, lines.alone
        keys = ("poverty.income_line", "poverty.income_alone_line")
        what, unit = "Thu nhập bình quân", "đồng/người/tháng"
    else:
        return None
    shown = format_number(amount)
    if alone is not None and amount <= alone:
        say(
            f"{what} {shown} {unit}, không quá {format_number(alone)} của khu vực {where}: "
            "là hộ nghèo, không cần xét thiếu hụt",
            f"{keys[1]}.{area}",
        )
        return _Side.ALONE
    if amount <= line:
        say(
            f"{what} {shown} {unit}, không quá {format_number(line)} của khu vực {where}", f"{keys[0]}.{area}"
        )
        return _Side.BELOW
    say(f"{what} {shown} {unit}, trên {format_number(line)} của khu vực {where}", f"{keys[0]}.{area}")
    return _Side.ABOVE


def _above(facts: Facts, standard: PovertyStandard, say: Callable[[str, str], None]) -> PovertyClass:
    assert facts.area is not None
    average = standard.lines[facts.area].average
    if average is None or facts.income_dong is None:
        return PovertyClass.NOT_POOR
    is_average = facts.income_dong <= average
    say(
        f"Thu nhập bình quân {format_number(facts.income_dong)} đồng/người/tháng, "
        f"{'không quá' if is_average else 'trên'} {format_number(average)}, mức sống trung bình",
        f"poverty.average_line.{facts.area.name.lower()}",
    )
    return PovertyClass.AVERAGE if is_average else PovertyClass.ABOVE


def _count_deprivations(
    standard: PovertyStandard,
    deprived: Sequence[int],
    unknown: Sequence[int],
    say: Callable[[str, str], None],
) -> None:
    for place in deprived:
        found = standard.deprivations[place]
        say(f"Thiếu hụt «{found.name}»: {found.deprived_when}", "poverty.deprivations.list")
    points = len(deprived) * standard.points_each
    sentence = f"Thiếu hụt {len(deprived)} chỉ số ({points} điểm B2)"
    if unknown:
        sentence += f", chưa rõ {len(unknown)} chỉ số"
    say(f"{sentence}; hộ nghèo từ {standard.poor_from} chỉ số", "poverty.deprivations.poor_from")
