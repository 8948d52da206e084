"""The worked cases of the law of commendation: what a lawyer expects, and what the program comes to.

Reads `lawbook/examples/khen_thuong_*.yaml`. Tests run them, and a page shows them; both answers are words in
Vietnamese, so that whoever reads the page sees the same as the test.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

import yaml

from thidua.core.formats import format_date, format_number
from thidua.core.holiday_files import office_calendar
from thidua.criteria import lawbook
from thidua.criteria.award_law.dossiers import Procedure, dossier_papers
from thidua.criteria.award_law.eras import era
from thidua.criteria.award_law.forms import authority
from thidua.criteria.award_law.money import bonus
from thidua.criteria.award_law.movement_route import REVIEWS, MovementRun, movement_route
from thidua.criteria.award_law.procedure import processing_days, publicity_days, vote_threshold
from thidua.criteria.ballots import Base, Tally, Threshold, outcome
from thidua.criteria.lawbook import NotInLawbook
from thidua.criteria.quotas import Denominator, EarlierWinners, QuotaRule, Rounding, quota
from thidua.criteria.terms import Term, TermUnit, first_day_after, last_day

Case = Mapping[str, Any]
UNKNOWN = "chưa biết, chương trình không đoán"
OWN_RULES = "theo quy chế của hội đồng"
NO_TERM = "luật không định"


@dataclass(frozen=True, slots=True)
class WorkedCase:
    """One case: its title, what is given, and both answers."""

    title: str
    given: str
    expected: str
    found: str

    @property
    def agrees(self) -> bool:
        return self.expected == self.found


@dataclass(frozen=True, slots=True)
class CaseGroup:
    """The cases of one file."""

    key: str
    title: str
    cases: tuple[WorkedCase, ...]


@lru_cache(maxsize=1)
def worked_cases() -> tuple[CaseGroup, ...]:
    return tuple(
        CaseGroup(key, title, tuple(_worked(case, answers) for case in _cases(key)))
        for key, (title, answers) in _KINDS.items()
    )


def _cases(key: str) -> list[Case]:
    path = lawbook.FOLDER / "examples" / f"khen_thuong_{key}.yaml"
    cases: list[Case] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return cases


def _worked(case: Case, answers: Callable[[Case], tuple[str, str, str]]) -> WorkedCase:
    given, expected, found = answers(case)
    return WorkedCase(case["case"], given, expected, found)


# --- one kind of case each: what is given, what is expected, what is found ------------------------


def _bonus(case: Case) -> tuple[str, str, str]:
    given = f"{_form(case)}, {_subject(case)}, quyết định ngày {format_date(case['day'])}"
    expected = _money(case)
    try:
        found = bonus(case["form"], case["subject"], case["day"])
    except NotInLawbook:
        return given, expected, UNKNOWN
    return given, expected, f"{format_number(found.amount)} đồng{_read(found.confirmed)}"


def _money(case: Case) -> str:
    if case["expect"] == "unknown":
        return UNKNOWN
    return f"{format_number(case['expect'])} đồng{_read(case['confirmed'])}"


def _vote(case: Case) -> tuple[str, str, str]:
    papers = case["papers"]
    tally = Tally(papers["agree"], papers.get("against", 0), papers.get("blank", 0), papers.get("spoilt", 0))
    counts = {"đồng ý": tally.yes, "không": tally.no, "trắng": tally.blank, "hỏng": tally.spoilt}
    counted = ", ".join(f"{count} {word}" for word, count in counts.items() if count)
    present = f", {case['present']} người dự" if "present" in case else ""
    what = f"{_form(case)} ngày {format_date(case['day'])}" if "form" in case else ""
    expected = _vote_expected(case["expect"])
    try:
        threshold = _threshold(case)
    except NotInLawbook:
        return f"{what}; {case['members']} thành viên: {counted}", expected, UNKNOWN
    given = f"{what or str(threshold)}; {case['members']} thành viên{present}: {counted}"
    if threshold is None:
        return given, expected, OWN_RULES
    found = outcome(tally, threshold, members=case["members"], present=case.get("present"))
    return given, expected, _vote_words(found.is_passed, found.needed, is_tied=found.is_tied)


def _vote_expected(expect: Any) -> str:
    if expect == "own_rules":
        return OWN_RULES
    if expect == "unknown":
        return UNKNOWN
    return _vote_words(expect["passed"], expect["needed"], is_tied=expect.get("tied", False))


def _vote_words(is_passed: bool, needed: int, *, is_tied: bool) -> str:
    return f"{'đạt' if is_passed else 'không đạt'}, cần {needed}{', phiếu ngang nhau' if is_tied else ''}"


def _threshold(case: Case) -> Threshold | None:
    rule = case.get("rule")
    if rule is not None:
        return Threshold(Fraction(rule["share"]), Base(rule["base"]), is_strict=rule["strict"])
    lawful = vote_threshold(case["form"], case["day"])
    if lawful.share is None:
        return None
    return Threshold(lawful.share, Base.ALL_MEMBERS if lawful.of_all_members else Base.PRESENT)


def _quota(case: Case) -> tuple[str, str, str]:
    written = case["rule"]
    rule = QuotaRule(
        share=Fraction(written["share"]) if "share" in written else None,
        count=written.get("count"),
        denominator=Denominator(written.get("denominator", "all")),
        rounding=Rounding(written.get("rounding", "down")),
        earlier_winners=EarlierWinners(written.get("earlier_winners", "stay")),
    )
    qualified, unknown, winners = (
        case.get(name, 0) for name in ("qualified", "unknown", "winners_qualified")
    )
    units = range(case["units"])
    found = quota(
        rule,
        units=units,
        qualified={
            unit: True if unit < qualified else None if unit < qualified + unknown else False
            for unit in units
        },
        earlier_winners=range(winners),
    )
    counts = {"đạt": qualified, "chưa biết": unknown, "đã được khen": winners}
    given = f"{case['units']} đơn vị: " + ", ".join(f"{n} {word}" for word, n in counts.items() if n)
    given = f"{given.rstrip(': ')}; {found.sentence.rsplit(':', 1)[0]}"
    expect = case["expect"]
    expected = (
        _places(expect["least"], expect["most"]) if isinstance(expect, dict) else _places(expect, expect)
    )
    return given, expected, _places(found.least, found.most)


def _places(least: int, most: int) -> str:
    return f"{least}" if least == most else f"từ {least} đến {most}"


def _dossier(case: Case) -> tuple[str, str, str]:
    procedure = Procedure(case.get("procedure", "normal"))
    words = {
        Procedure.NORMAL: "",
        Procedure.SIMPLIFIED: ", thủ tục đơn giản",
        Procedure.MINISTRY: ", Bộ Nội vụ trình",
    }
    given = f"{_form(case)}{words[procedure]}, trình ngày {format_date(case['day'])}"
    expected = UNKNOWN
    if case["expect"] != "unknown":
        expected = _papers(
            case["expect"], case.get("if_relied_on", []), case.get("sets"), confirmed=case["confirmed"]
        )
    try:
        found = dossier_papers(case["form"], case["day"], procedure)
    except NotInLawbook:
        return given, expected, UNKNOWN
    always = [one.code for one in found.papers if not one.only_if_relied_on]
    sometimes = [one.code for one in found.papers if one.only_if_relied_on]
    return given, expected, _papers(always, sometimes, found.sets, confirmed=found.confirmed)


def _papers(always: list[str], sometimes: list[str], sets: int | None, *, confirmed: bool) -> str:
    names = ", ".join(_name("award.paper", code) for code in always)
    more = f"; khi có nêu: {', '.join(_name('award.paper', code) for code in sometimes)}" if sometimes else ""
    copies = f"; {sets} bộ" if sets else ""
    return f"{names}{more}{copies}{_read(confirmed)}"


def _term(case: Case) -> tuple[str, str, str]:
    start = case["start"]
    expect = case["expect"]
    expected = {"unknown": UNKNOWN, "none": NO_TERM}.get(expect) if isinstance(expect, str) else None
    if expected is None:
        expected = _days(expect, case.get("next"))
    try:
        term = _term_of(case)
    except NotInLawbook:
        return f"bước «{case['step']}» bắt đầu {format_date(start)}", expected, UNKNOWN
    given = f"{term or 'thời hạn của luật'}, bắt đầu {format_date(start)}"
    if term is None:
        return given, expected, NO_TERM
    calendar = office_calendar()
    following = first_day_after(start, term, calendar).day if "next" in case else None
    return given, expected, _days(last_day(start, term, calendar).day, following)


def _days(last: Any, following: Any) -> str:
    return format_date(last) + (f"; việc sau sớm nhất {format_date(following)}" if following else "")


def _term_of(case: Case) -> Term | None:
    if "term" in case:
        count, unit = case["term"].split(" ", 1)
        return Term(int(count), TermUnit.WORKING_DAYS if unit == "ngày làm việc" else TermUnit.DAYS)
    if case["step"] == "publicity":
        return publicity_days(case["start"]).term
    return processing_days(case["step"], case["start"]).term


def _era(case: Case) -> tuple[str, str, str]:
    given = f"ngày {format_date(case['day'])}" + (f", {_form(case)}" if "form" in case else "")
    if case["era"] == "unknown":
        expected = UNKNOWN
    else:
        expected = _powers(case["era"], case.get("may", []), case.get("may_not", []))
    try:
        code = era(case["day"]).code
        may = {one.decider for one in authority(case["form"], case["day"])} if "form" in case else set()
    except NotInLawbook:
        return given, expected, UNKNOWN
    found = _powers(
        code,
        [one for one in case.get("may", []) if one in may],
        [one for one in case.get("may_not", []) if one not in may],
    )
    return given, expected, found


def _powers(code: str, may: list[str], may_not: list[str]) -> str:
    parts = [code]
    for words, offices in (("quyết định được", may), ("không quyết định", may_not)):
        if offices:
            parts.append(f"{words}: {', '.join(_name('award.decider', one) for one in offices)}")
    return "; ".join(parts)


def _movement(case: Case) -> tuple[str, str, str]:
    movement = case["movement"]
    years = "chưa rõ số năm" if movement["years"] is None else f"{movement['years']} năm"
    person = ", người lao động" if case.get("person") else ""
    review = REVIEWS.get(movement["at"], "khen hằng năm")
    launcher = _name("award.decider", movement["by"])
    given = f"{_form(case)}, {_subject(case)}{person}; phong trào {years}, {launcher} phát động, {review}"
    found = movement_route(
        case["form"],
        case["subject"],
        MovementRun(movement["years"], movement["by"], movement["at"]),
        case["day"],
        person_class=case.get("person", ""),
    )
    expect = case["expect"]
    expected = f"được{_read(case['confirmed'])}" if expect == "open" else "; ".join(expect)
    if found.standard is not None and not found.remarks:
        return given, expected, f"được{_read(found.standard.confirmed)}"
    starts = [] if expect == "open" else expect
    return given, expected, "; ".join(_shortened(remark, starts) for remark in found.remarks)


def _shortened(remark: str, starts: list[str]) -> str:
    """The beginning that is expected, where the remark begins so; else all of it."""
    return next((start for start in starts if remark.startswith(start)), remark)


_KINDS: Mapping[str, tuple[str, Callable[[Case], tuple[str, str, str]]]] = {
    "thoi_ky": ("Thời kỳ và thẩm quyền", _era),
    "tien_thuong": ("Tiền thưởng", _bonus),
    "bo_phieu": ("Bỏ phiếu", _vote),
    "phan_bo": ("Phân bổ", _quota),
    "ho_so": ("Hồ sơ", _dossier),
    "thoi_han": ("Thời hạn", _term),
    "qua_phong_trao": ("Khen thưởng qua phong trào", _movement),
}


# --- words ----------------------------------------------------------------------------------------


def _read(confirmed: bool) -> str:
    return "" if confirmed else " (chưa đối chiếu)"


def _form(case: Case) -> str:
    return _name("award.form", case["form"])


def _subject(case: Case) -> str:
    return _name("award.subject", case["subject"])


def _name(prefix: str, code: str) -> str:
    """The newest name of an entry."""
    name: str = lawbook.book().history(f"{prefix}.{code}")[-1].value["name"]
    return name
