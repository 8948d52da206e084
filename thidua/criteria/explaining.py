"""A verdict in Vietnamese sentences: what was asked, what was found, what lacks, what is missing, who has it.

Made from the rule, the verdict and the facts, never stored: the wording may improve, the verdict stays.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from thidua.core.formats import format_date, format_number
from thidua.criteria.facts import Facts, Share
from thidua.criteria.measures import CHANGES, EVENTS, FALLS, POINTS, Form, Measure, Vocabulary, vocabulary
from thidua.criteria.reasons import Lack, Missing, Outcome, Reason, Step, Used, Verdict
from thidua.criteria.rule_sets import Criterion, SubjectRules
from thidua.criteria.rules import Condition, Group, Judged, Junction, Op, Rule
from thidua.criteria.sentences import figure, lower, on_whom, sentence

STAGES = {
    "uoc": "số ước",
    "thuong_xuyen": "số thường xuyên",
    "so_bo": "số sơ bộ",
    "chinh_thuc": "số chính thức",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an explanation: how deep, how it came out, the sentence."""

    depth: int
    outcome: Outcome
    text: str
    #: Where the condition is written.
    citation: str = ""
    #: What was found, rather than what was asked.
    is_finding: bool = False


def explain(verdict: Verdict, rule: Rule, facts: Facts, *, words: Vocabulary | None = None) -> list[Line]:
    """The tree of reasons, line by line."""
    return list(_Explainer(facts, words or vocabulary(), verdict.on).lines(rule, verdict.reason, 0))


def in_short(verdict: Verdict, rule: Rule, facts: Facts, *, words: Vocabulary | None = None) -> str:
    """One sentence for a list: the first thing that decides the outcome."""
    explainer = _Explainer(facts, words or vocabulary(), verdict.on)
    if verdict.outcome is Outcome.UNKNOWN and verdict.missing:
        return f"{verdict.outcome.label}: {explainer.missing(verdict.missing[0])}"
    for line in explainer.lines(rule, verdict.reason, 0):
        if line.is_finding and line.outcome is verdict.outcome:
            return f"{'Gần đạt' if verdict.is_near else verdict.outcome.label}: {lower(line.text)}"
    return verdict.outcome.label


def explain_criteria(
    verdict: Verdict, rules: SubjectRules, facts: Facts, *, words: Vocabulary | None = None
) -> list[tuple[Criterion, Reason, list[Line]]]:
    """For each criterion of a subject how it came out, and its lines. The verdict is that of `rules.rule`."""
    explainer = _Explainer(facts, words or vocabulary(), verdict.on)
    return [
        (criterion, reason, list(explainer.lines(criterion.rule, reason, 0)))
        for criterion, reason in zip(rules.criteria, verdict.reason.parts, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class _Explainer:
    facts: Facts
    words: Vocabulary
    on: date

    def lines(self, rule: Rule, reason: Reason, depth: int) -> Iterator[Line]:
        citation = rule.citation or ""
        if isinstance(rule, Group):
            yield from self.group(rule, reason, depth)
            return
        yield Line(
            depth, reason.outcome, f"{sentence(rule, words=self.words)}: {self.label(reason)}", citation
        )
        if isinstance(rule, Judged):
            if reason.answer is not None:
                answer = reason.answer
                why = f": {answer.why}" if answer.why else ""
                text = f"{answer.by} kết luận ngày {format_date(answer.on)}{why}"
                yield Line(depth + 1, reason.outcome, text, is_finding=True)
        else:
            if reason.applies is not None and not reason.applies.value:
                source = self.source(reason.applies)
                text = f"Không thuộc diện {rule.applies_to}{source}"
                yield Line(depth + 1, reason.outcome, text, is_finding=True)
            measure = self.words.measure(rule.indicator, rule.unit)
            for step in reason.steps:
                yield Line(depth + 1, step.outcome, self.step(rule, measure, step), is_finding=True)
        for one in reason.missing:
            yield Line(depth + 1, Outcome.UNKNOWN, self.missing(one), is_finding=True)

    def label(self, reason: Reason) -> str:
        return "gần đạt" if reason.is_near else reason.outcome.label.lower()

    def group(self, rule: Group, reason: Reason, depth: int) -> Iterator[Line]:
        if reason.kind == "linked":
            who = on_whom(rule.evaluated_on or "")
            yield Line(depth, reason.outcome, f"Xét trên {who}: {self.label(reason)}", rule.citation or "")
            for one in reason.missing:
                yield Line(depth + 1, Outcome.UNKNOWN, self.missing(one), is_finding=True)
            for part in reason.parts:
                name = self.facts.of(part.subject).name or part.subject
                yield Line(depth + 1, part.outcome, f"{name}: {self.label(part)}")
                for below, found in zip(rule.parts, part.parts, strict=True):
                    yield from self.lines(below, found, depth + 2)
            return
        if len(rule.parts) > 1:
            need = "phải đạt tất cả" if rule.junction is Junction.ALL else "chỉ cần đạt một"
            text = f"{len(rule.parts)} điều kiện, {need}: {self.label(reason)}"
            yield Line(depth, reason.outcome, text, rule.citation or "")
            depth += 1
        for below, part in zip(rule.parts, reason.parts, strict=True):
            yield from self.lines(below, part, depth)

    # --- one period

    def step(self, rule: Condition, measure: Measure, step: Step) -> str:
        if step.outcome is Outcome.UNKNOWN:
            found = f" (có {self.used(step.used[0])})" if step.used else ""
            return f"{_when(step.period)}{'; '.join(self.missing(one) for one in step.missing)}{found}"
        if step.reached is None and measure.form is Form.SINCE_EVENT:
            return "chưa có lần nào"
        if step.reached is None:
            return f"{_when(step.period)}{self.used(step.used[0])}"
        unit = self.words.unit(rule.unit).word
        reached = f"{figure(step.reached)} {unit}".rstrip()
        if measure.form in CHANGES:
            verb = "bằng" if measure.form is Form.RATIO else "giảm" if measure.form in FALLS else "tăng"
            # «tăng 2 điểm», never «giảm -2 điểm»
            if step.reached < 0 and measure.form is not Form.RATIO:
                verb = "tăng" if verb == "giảm" else "giảm"
                reached = f"{figure(-step.reached)} {unit}".rstrip()
            sign = " %" if measure.form in POINTS else ""
            old, new = (self.used(used, sign=sign) for used in step.used)
            text = f"{verb} {reached}, từ {old} {'còn' if verb == 'giảm' else 'thành'} {new}"
        elif measure.form in EVENTS:
            text = f"{reached}, {self.events(step)}"
        elif measure.form is Form.ELAPSED:
            text = f"{reached}, từ {self.used(step.used[0])}"
        else:
            text = f"đạt {reached}{self.source(step.used[0])}"
        return f"{_when(step.period)}{text}{self.margin(rule, step, unit)}"

    def margin(self, rule: Condition, step: Step, unit: str) -> str:
        if step.outcome is not Outcome.NOT_MET or step.margin is None:
            return ""
        if step.margin == 0:
            return "; đúng bằng mức, nhưng phải " + ("trên" if rule.op is Op.GT else "dưới") + " mức"
        is_beyond = (
            rule.op is Op.BETWEEN and step.reached is not None and step.reached > (rule.value_max or 0)
        )
        word = "quá" if rule.op in (Op.LTE, Op.LT) or is_beyond else "thiếu"
        return f"; {word} {figure(abs(step.margin))} {unit}".rstrip()

    def events(self, step: Step) -> str:
        since, _, until = step.period.partition("/")
        begin = f"từ {format_date(date.fromisoformat(since))} " if since else ""
        days = f"{begin}đến {format_date(date.fromisoformat(until))}"
        listed = "; ".join(self.used(one) for one in step.used[:3])
        more = f"; và {len(step.used) - 3} lần khác" if len(step.used) > 3 else ""
        return f"{days}: {listed}{more}" if listed else f"{days}: không có"

    def used(self, used: Used, *, sign: str = "") -> str:
        value = used.value
        if isinstance(value, bool):
            text = "có" if value else "không"
        elif isinstance(value, date):
            text = format_date(value)
        elif isinstance(value, Share):
            text = (
                f"{format_number(value.percent)} % ({format_number(value.part)}/{format_number(value.whole)})"
            )
        else:
            text = f"{format_number(value)}{sign}"
        when = f" ({_period(used.period)})" if used.period else ""
        return f"{text}{when}{self.source(used)}"

    def source(self, used: Used) -> str:
        parts = []
        if used.stage and used.stage != "chinh_thuc":
            parts.append(STAGES.get(used.stage, used.stage))
        if used.coverage and used.coverage[0] < used.coverage[1]:
            parts.append(f"{used.coverage[0]}/{used.coverage[1]} đơn vị đã báo cáo")
        known = self.facts.sources.get(used.source)
        if known is not None:
            parts.append(" ".join(part for part in (known.title, known.number) if part))
        elif used.source:
            parts.append(used.source)
        return f" [{', '.join(parts)}]" if parts else ""

    # --- what is missing

    def missing(self, missing: Missing) -> str:
        """What is missing, and who could supply it."""
        what = self.what(missing.what)
        name = self.facts.of(missing.subject).name
        of = f" của {name}" if name else ""
        period = f" {_period(missing.period)}" if missing.period else ""
        who = self.supplier(missing.what)
        match missing.lack:
            case Lack.FIGURE:
                return f"chưa có số liệu «{what}»{period}{of}; cần {who} cung cấp"
            case Lack.FORECAST:
                return (
                    f"«{what}»{period}{of} mới là số ước, chưa dùng để xét; cần {who} cung cấp số chính thức"
                )
            case Lack.INCOMPLETE:
                return f"«{what}»{period}{of} mới có {missing.detail} đơn vị báo cáo; cần {who} bổ sung"
            case Lack.STANDARDS:
                return f"«{what}»{of} hai kỳ theo hai chuẩn khác nhau ({missing.detail}), không so sánh được"
            case Lack.ZERO_BASE:
                return f"«{what}»{period}{of} bằng không, không tính được tỷ lệ thay đổi"
            case Lack.NOT_A_NUMBER:
                return f"«{what}»{period}{of} ghi sai loại giá trị; cần {who} nhập lại"
            case Lack.BASELINE:
                return "chưa xác định năm gốc so sánh (đầu kỳ); cần người lập tiêu chí chọn năm"
            case Lack.THRESHOLD:
                return "tiêu chí chưa nói rõ mức phải đạt; cần người lập tiêu chí bổ sung"
            case Lack.ROUNDS:
                return "chưa khai báo đủ các kỳ chấm điểm; cần người tổ chức đợt xét bổ sung"
            case Lack.EVENTS:
                return f"chưa tra cứu «{what}»{of}; cần {who} xác nhận, kể cả khi không có"
            case Lack.CLASS:
                return f"chưa rõ{of} có thuộc diện «{missing.what}»; cần cơ quan xét xác nhận"
            case Lack.LINK:
                return f"chưa khai báo {on_whom(missing.what)}{of}; cần đơn vị quản lý bổ sung"
            case Lack.JUDGEMENT:
                who = missing.detail or "người được giao đánh giá"
                return f"chưa có kết luận của {who}{of}"
        raise AssertionError(missing.lack)

    def what(self, code: str) -> str:
        """The name of a figure: its own, or that of the change it is used for."""
        known = self.words.measures.get(code)
        if known is None:
            known = next((one for one in self.words.measures.values() if one.of == code), None)
        return known.name if known is not None else code

    def supplier(self, code: str) -> str:
        for measure in self.words.measures.values():
            if code in (measure.code, measure.of) and measure.supplier:
                return measure.supplier
        return "đơn vị báo cáo"


def _when(period: str) -> str:
    if not period or "/" in period or (period.count("-") == 2):
        return ""
    text = _period(period)
    return f"{text[:1].upper()}{text[1:]}: "


def _period(period: str) -> str:
    """ "năm 2023", "quý III/2024", "tháng 07/2024", "ngày 05/01/2024"."""
    if "/" in period:
        since, _, until = period.partition("/")
        if since.isdigit() and until.isdigit():
            return f"giai đoạn {since} – {until}"
        return ""
    parts = period.split("-")
    if len(parts) == 3 and all(part.isdigit() for part in parts):
        return f"ngày {format_date(date.fromisoformat(period))}"
    if len(parts) == 2 and parts[1].startswith("Q"):
        return f"quý {('I', 'II', 'III', 'IV')[int(parts[1][1:]) - 1]}/{parts[0]}"
    if len(parts) == 2 and all(part.isdigit() for part in parts):
        return f"tháng {parts[1]}/{parts[0]}"
    return f"năm {period}" if period.isdigit() else f"kỳ {period}"


def lacks(margin: Fraction, rule: Condition, *, words: Vocabulary | None = None) -> str:
    """ "thiếu 0,1 điểm phần trăm", for a margin below zero."""
    unit = (words or vocabulary()).unit(rule.unit).word
    return f"thiếu {figure(abs(margin))} {unit}".rstrip()
